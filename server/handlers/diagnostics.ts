/**
 * Findings of open documents, pushed whenever they are others than before. Not pulled: a client that pulls asks on its
 * own time and must be told to ask again when another file changed them; pushing is what every client takes.
 */
import type { Diagnostic } from "vscode-languageserver";
import type { Finding } from "../../engine/index";
import { diagnosticsOf, problemDiagnosticsOf } from "../convert";
import type { Folder } from "../folder";
import type { Session } from "../session";
import type { Seen, Workspace } from "../workspace";

/** Turns of the event loop without a new change until work begins; each brings at most one message. */
const quietTurns = 2;
/** A client that never pauses is answered all the same. */
const mostTurns = 200;

/** No version: that of a document that is not open. */
const closed = -1;

export interface Publisher {
  /** A document was opened, or its text changed. */
  changed(uri: string): void;
  saved(uri: string): void;
  closed(uri: string): void;
  /** Something else changed that findings rest on. */
  refresh(): void;
  /** A closed file was looked into. */
  surveyed(folder: Folder, seen: Seen): void;
  /** All closed files were looked into, and these have findings. */
  surveyEnded(found: ReadonlySet<string>): void;
  /** A file on the disk is another now, or gone: what was found in it while it was closed is old. */
  outdated(uri: string): void;
}

export function publisher(session: Session, workspace: () => Workspace | undefined): Publisher {
  const { connection, host } = session;
  /** What the client was last told, by document. */
  const told = new Map<string, { readonly findings: readonly Finding[]; readonly version: number }>();
  const toldConfigs = new Map<Folder, { readonly uri: string; readonly problems: unknown }>();
  const waiting = new Set<string>();
  /** Documents that were looked into while they were closed. */
  const surveyed = new Set<string>();
  const seen = new Set<string>();
  const unsaved = new Set<string>();
  const failures = new Set<string>();
  let others: string[] = [];
  let turnsLeft = 0;
  let turns = 0;
  let scheduled = false;
  let flushes = 0;

  /** Lets the messages that are already there go first, so that of many changes only the last is looked at. */
  function soon(): void {
    turnsLeft = quietTurns;
    if (scheduled) return;
    scheduled = true;
    turns = 0;
    host.soon(turn);
  }

  function turn(): void {
    turns++;
    if (turnsLeft-- > 0 && turns < mostTurns) {
      host.soon(turn);
      return;
    }
    scheduled = false;
    flush();
  }

  function flush(): void {
    const space = workspace();
    if (space === undefined) return;
    // What was edited comes first: it is what the user looks at, and what the findings elsewhere may rest on.
    for (const uri of waiting) publish(space, uri);
    others = [...space.open].map((buffer) => buffer.uri).filter((uri) => !waiting.has(uri));
    waiting.clear();
    publishConfigs(space);
    // Whoever types on goes first.
    const flushed = ++flushes;
    host.later(() => {
      if (flushed === flushes) publishOthers();
    });
  }

  /** One of the other documents at a time, so that the next key need not wait for all of them. */
  function publishOthers(): void {
    const space = workspace();
    // The next flush goes over all of them again.
    if (scheduled || space === undefined) return;
    const uri = others.shift();
    if (uri !== undefined && !holdsBack(space, uri)) publish(space, uri);
    if (others.length > 0) host.soon(publishOthers);
    else host.rest();
  }

  const holdsBack = (space: Workspace, uri: string): boolean =>
    unsaved.has(uri) && space.placeOf(uri)?.folder.settings.run === "onSave";

  function publish(space: Workspace, uri: string): void {
    const place = space.placeOf(uri);
    const buffer = space.bufferOf(uri);
    if (place === undefined || buffer === undefined || !place.folder.ready) return;
    const { folder, file } = place;
    const kind = folder.analyser.kindOf(file);
    if (kind === undefined && !told.has(uri)) return;
    const findings = folder.speaksOf(file) ? folder.analyser.findings(file) : nothing;
    const before = told.get(uri);
    // Most texts are none of our business, and their editors need not hear of it.
    if (kind === "text" && findings.length === 0 && before === undefined) return;
    if (before?.findings === findings && before.version === buffer.version) return;
    told.set(uri, { findings, version: buffer.version });
    const shown = findings.filter((f) => f.suppressed === null);
    send(uri, buffer.version, diagnosticsOf(shown, buffer.text, folder, session.client));
    for (const problem of folder.analyser.problems(file)) if (problem.source === "rule") complain(problem.message);
  }

  /** The error's own words may hold text of the file, so only what comes before them is logged; once. */
  function complain(message: string): void {
    const [what = ""] = message.split(":");
    if (failures.has(what)) return;
    failures.add(what);
    connection.console.error(what);
  }

  function publishConfigs(space: Workspace): void {
    const all = new Set(space.all);
    for (const [folder, { uri }] of toldConfigs) {
      const stays = all.has(folder) && folder.ready && folder.configFaults !== undefined;
      if (stays && folder.uriOf(folder.configFile) === uri) continue;
      toldConfigs.delete(folder);
      send(uri, undefined, []);
    }
    for (const folder of all) {
      const faults = folder.configFaults;
      if (faults === undefined || !folder.ready) continue;
      const before = toldConfigs.get(folder)?.problems;
      if (before === faults.problems || (before === undefined && faults.problems.length === 0)) continue;
      const uri = folder.uriOf(faults.file);
      toldConfigs.set(folder, { uri, problems: faults.problems });
      const version = folder.versionOf(faults.file) ?? undefined;
      send(uri, version, problemDiagnosticsOf(faults.problems, folder.textOf(faults.file) ?? ""));
    }
  }

  function drop(uri: string): void {
    surveyed.delete(uri);
    if (told.get(uri)?.version !== closed) return;
    told.delete(uri);
    send(uri, undefined, []);
  }

  function send(uri: string, version: number | undefined, diagnostics: Diagnostic[]): void {
    void connection.sendDiagnostics({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
  }

  return {
    changed(uri) {
      if (seen.has(uri)) unsaved.add(uri);
      seen.add(uri);
      const space = workspace();
      if (space === undefined || holdsBack(space, uri)) return;
      waiting.add(uri);
      soon();
    },
    saved(uri) {
      unsaved.delete(uri);
      waiting.add(uri);
      soon();
    },
    closed(uri) {
      seen.delete(uri);
      unsaved.delete(uri);
      waiting.delete(uri);
      if (told.delete(uri)) send(uri, undefined, []);
    },
    refresh: soon,
    surveyed(folder, { uri, text, findings }) {
      if (findings.length === 0 && !surveyed.has(uri)) return;
      surveyed.add(uri);
      told.set(uri, { findings, version: closed });
      const shown = findings.filter((f) => f.suppressed === null);
      send(uri, undefined, diagnosticsOf(shown, text, folder, session.client));
    },
    surveyEnded(found) {
      for (const uri of surveyed) if (!found.has(uri)) drop(uri);
    },
    outdated(uri) {
      if (surveyed.has(uri) && told.get(uri)?.version === closed) drop(uri);
    },
  };
}

const nothing: readonly Finding[] = [];
