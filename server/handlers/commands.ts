import { describedRules, presetOf, ruleLink, rulePage } from "../page";
import { commands, methods, type RuleEntry, type RulePageParams } from "../protocol";
import { describedRule, type Session } from "../session";
import { fixAllEdit } from "./codeAction";
import type { Publisher } from "./diagnostics";
import { makeService } from "./newService";
import { survey } from "./survey";

export function serveCommands(session: Session, publish: Publisher): void {
  const { connection, rules } = session;
  connection.onExecuteCommand(async ({ command, arguments: given = [] }) => {
    if (command === commands.checkWorkspace) {
      await survey(session, publish);
      return null;
    }
    const [subject] = given as readonly unknown[];
    if (command === commands.newService) return makeService(session, subject);
    if (typeof subject !== "string") return null;
    if (command === commands.fixAll) return fixAll(session, subject);
    if (command === commands.explainRule) await explain(session, subject);
    return null;
  });
  connection.onRequest(methods.rules, (): RuleEntry[] =>
    describedRules(rules).map((r) => ({ id: r.id, summary: r.summary, severity: r.severity, preset: presetOf(r) })),
  );
  connection.onRequest(methods.rulePage, ({ id }: RulePageParams): string | null => {
    const rule = describedRule(session, id);
    return rule === undefined ? null : rulePage(rule);
  });
}

/** Whether anything was changed. */
async function fixAll(session: Session, uri: string): Promise<boolean> {
  if (!session.client.appliesEdits) return false;
  const edit = fixAllEdit(session, await session.workspace, uri);
  if (edit === undefined) return false;
  const { applied } = await session.connection.workspace.applyEdit({ label: "Fix all safe problems", edit });
  return applied;
}

/** For clients that have no page to show it on. */
async function explain(session: Session, id: string): Promise<void> {
  const rule = describedRule(session, id);
  if (rule === undefined) return;
  const { connection, client } = session;
  if (client.showsDocuments) await connection.window.showDocument({ uri: ruleLink(id), external: true });
  else connection.window.showInformationMessage(`${rule.summary}. ${ruleLink(id)}`);
}
