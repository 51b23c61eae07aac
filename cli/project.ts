/** Opens a project: its files on disk become texts in an analyser. */
import { readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import {
  Analyser,
  configNames,
  defaultConfig,
  ignoreGlobMatches,
  isFactFile,
  isKeyStoreName,
  isWanted,
  LineTable,
  parseConfig,
  type AnyRule,
  type Config,
  type Languages,
} from "../engine/index";
import { isBelow, nameBelow, reasonOf, walk, type Target } from "./discover";
import { decode, type Decoded } from "./encoding";
import { type Needed, neededFor } from "./grammar";
import { hostNotice, type Notice } from "./outcome";
import type { Progress } from "./progress";

/** Larger files are not written by hand, and are not read. In bytes. */
export const largestFile = 1024 * 1024;

export interface OpenProject {
  /** Absolute. */
  readonly root: string;
  readonly analyser: Analyser;
  /** Names of the files to report on, in order. */
  readonly checked: readonly string[];
  /** How each file that was read stands on disk, by name. */
  readonly documents: ReadonlyMap<string, Decoded>;
  readonly notices: readonly Notice[];
  /** The path of a file relative to the current directory, with `/`. */
  readonly show: (name: string) => string;
}

export interface Opening {
  readonly root: string;
  /** Those that belong to this root. */
  readonly targets: readonly Target[];
  readonly cwd: string;
  readonly rules: readonly AnyRule[];
  readonly preset: Config["preset"] | undefined;
  /** Instead of the project's own; absolute. */
  readonly config: string | undefined;
  /** `YYYY-MM-DD`. */
  readonly today: string | undefined;
  /** What one of the targets holds, instead of what is on disk. */
  readonly standIn: { readonly path: string; readonly bytes: Buffer } | undefined;
  /** Loads the grammars that the files need. */
  readonly languages: (needed: Needed) => Promise<Languages>;
  readonly progress: Progress;
}

export async function openProject(opening: Opening): Promise<OpenProject> {
  const { root, targets, cwd, rules, progress } = opening;
  const show = (name: string): string => shownPath(cwd, join(root, name));
  const tree = walk(root, targets, (files) => progress(`Looking for files … ${files}`));
  const notices: Notice[] = tree.unreadable
    .filter(({ path }) => targets.some((t) => isBelow(t.path, path)))
    .map(({ path, reason }) => hostNotice("warning", `folder not looked into: ${reason}`, shownPath(cwd, path)));
  if (tree.listing === undefined) {
    notices.push(hostNotice("warning", "too many files to know them all: some rules are silent", shownPath(cwd, root)));
  }
  const { config, leftOut } = configure(opening, notices);
  const named = targets.filter((t) => t.type === "file").map((t) => nameBelow(root, t.path));
  const asked = new Set([...named, ...tree.candidates.filter((name) => !leftOut(join(root, name)))]);

  const documents = new Map<string, Decoded>();
  for (const name of new Set(asked.size === 0 ? [] : [...asked, ...tree.context])) {
    const path = join(root, name);
    const read = path === opening.standIn?.path ? decoded(opening.standIn.bytes) : readDocument(path);
    progress(`Reading files … ${documents.size}`);
    if (!("refused" in read)) documents.set(name, read);
    else if (asked.has(name) && isKeyStoreName(name)) documents.set(name, unread);
    else if (asked.has(name) && (named.includes(name) || isWanted(name))) notices.push(read.notice(show(name)));
  }

  const texts = [...documents].flatMap(([name, { text }]) => (isFactFile(name) ? [] : [[name, text] as const]));
  const languages = await opening.languages(neededFor(texts));
  const analyser = new Analyser({ rules, languages, today: opening.today ?? new Date().toISOString().slice(0, 10) });
  analyser.configure(config);
  for (const [name, { text }] of documents) analyser.setFile(name, text);
  analyser.setListing(tree.listing === undefined ? undefined : [...tree.listing, ...named]);

  const checked = [...asked].filter((name) => documents.has(name)).sort(byCodeUnits);
  for (const name of checked) {
    if (documents.get(name)?.exact === false)
      notices.push(hostNotice("warning", "not valid in its encoding: never rewritten", show(name)));
  }
  return { root, analyser, checked, documents, notices, show };
}

export const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const shownPath = (cwd: string, path: string): string => relative(cwd, path).split(sep).join("/") || ".";

interface Refusal {
  readonly refused: true;
  readonly notice: (shown: string) => Notice;
}

const refusal = (severity: Notice["severity"], message: string): Refusal => ({
  refused: true,
  notice: (shown) => hostNotice(severity, message, shown),
});

function readDocument(path: string): Decoded | Refusal {
  try {
    const stat = statSync(path);
    // Opening a pipe or a device could wait for ever.
    if (!stat.isFile()) return refusal("error", "not read: no regular file");
    if (stat.size > largestFile) return tooLarge;
    return decoded(readFileSync(path));
  } catch (error) {
    return refusal("error", `not read: ${reasonOf(error)}`);
  }
}

/** A file whose name says enough. */
const unread: Decoded = { text: "", encoding: "utf-8", mark: "none", exact: true };

const tooLarge = refusal("warning", "skipped: larger than 1 MB");

function decoded(bytes: Buffer): Decoded | Refusal {
  if (bytes.length > largestFile) return tooLarge;
  return decode(bytes) ?? refusal("warning", "skipped: a binary file");
}

/** The configuration in force, and which paths (absolute) it leaves out. What is wrong in it becomes notices. */
function configure(opening: Opening, notices: Notice[]): { config: Config; leftOut: (path: string) => boolean } {
  const file = opening.config ?? configNames.map((name) => join(opening.root, name)).find(isThere);
  const config = file === undefined ? defaultConfig : readConfig(file, opening, notices);
  const directory = file === undefined ? opening.root : dirname(resolve(file));
  return {
    config: { ...config, preset: opening.preset ?? config.preset, today: opening.today ?? config.today },
    leftOut: (path) => {
      const name = isBelow(directory, path) ? nameBelow(directory, path) : undefined;
      return name !== undefined && config.ignore.some((glob) => ignoreGlobMatches(glob, name));
    },
  };
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

function readConfig(file: string, opening: Opening, notices: Notice[]): Config {
  const shown = shownPath(opening.cwd, file);
  const document = readDocument(file);
  if ("refused" in document) {
    const { message } = document.notice(shown);
    notices.push({ severity: "error", source: "configuration", message, file: shown, range: null });
    return defaultConfig;
  }
  const { config, problems } = parseConfig(shown, document.text, opening.rules);
  const lines = new LineTable(document.text);
  for (const { severity, source, message, span } of problems) {
    const range = { start: lines.positionAt(span.start), end: lines.positionAt(span.end) };
    notices.push({ severity, source, message, file: shown, range });
  }
  return config;
}
