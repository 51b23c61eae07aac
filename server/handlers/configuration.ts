import { DidChangeConfigurationNotification } from "vscode-languageserver";
import type { Session } from "../session";
import { readSettings, type Settings } from "../settings";

const section = "bulkhead";

export interface SettingsSource {
  /** The settings that hold for a folder or a file. Never rejects: what cannot be had is the default. */
  of(uri: string): Promise<Settings>;
}

/** `given` stands in for clients that cannot be asked; they may send other settings later. */
export function serveConfiguration(session: Session, given: () => unknown): SettingsSource {
  const { connection, rules } = session;
  const told = new Set<string>();
  let sent: unknown;

  connection.onDidChangeConfiguration(({ settings }) => {
    sent = (settings as Readonly<Record<string, unknown>> | null | undefined)?.[section] ?? sent;
    void session.workspace.then((workspace) => workspace.reconfigure());
  });

  async function ask(uri: string): Promise<unknown> {
    if (!session.client.answersConfiguration) return sent ?? given();
    try {
      return await connection.workspace.getConfiguration({ scopeUri: uri, section });
    } catch {
      return undefined;
    }
  }

  return {
    async of(uri) {
      const { settings, complaints } = readSettings(await ask(uri), rules);
      for (const complaint of complaints) {
        if (told.has(complaint)) continue;
        told.add(complaint);
        connection.console.warn(`settings: ${complaint}`);
      }
      return settings;
    },
  };
}

export function watchConfiguration({ connection, client }: Session): void {
  if (!client.registersConfiguration) return;
  void connection.client.register(DidChangeConfigurationNotification.type, { section });
}
