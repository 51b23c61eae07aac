/** `bulkhead new service`: plans, shows or writes, says what comes next. */
import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { applyEdits } from "../engine/index";
import { filesToRead, type Plan, planService, type Templates } from "../scaffold/index";
import type { NewServiceRequest } from "./arguments";
import { isBelow, mostFiles, reasonOf, walk } from "./discover";
import { decode, encode, type Decoded } from "./encoding";
import { largestFile, shownPath } from "./project";
import { writeAll, type Writing } from "./write";

type Made = Extract<Plan, { kind: "plan" }>;

/** The exit status: 0 made (or shown), 2 refused or failed, with nothing changed. */
export async function newService({ choices, into, mode }: NewServiceRequest): Promise<number> {
  const root = resolve(into);
  const target = openTarget(root);
  if ("refused" in target) return refuse([target.refused]);
  const templates = loadTemplates();
  const documents = new Map<string, Decoded>();
  for (const name of filesToRead(choices, target.names)) {
    const document = readText(join(root, name));
    if (document !== undefined) documents.set(name, document);
  }
  const plan = planService(choices, { names: target.names, read: (name) => documents.get(name)?.text }, templates);
  if (plan.kind === "refused") return refuse(plan.reasons);
  const blocked = [...plan.creates, ...plan.changes].flatMap(({ path }) => inTheWay(root, path) ?? []);
  if (blocked.length > 0) return refuse([...new Set(blocked)]);
  if (mode === "preview") {
    process.stdout.write(previewOf(plan, root));
    return 0;
  }
  try {
    await writeAll(writingOf(plan, root, documents));
  } catch (error) {
    const { path } = error as NodeJS.ErrnoException;
    const where = path === undefined ? "" : `\`${shownPath(process.cwd(), path)}\`: `;
    return refuse([`It could not be written: ${where}${reasonOf(error)}.`]);
  }
  process.stdout.write(reportOf(plan, root));
  return 0;
}

function refuse(reasons: readonly string[]): number {
  process.stderr.write(`bulkhead: nothing was made\n${reasons.map((r) => `  ${r}\n`).join("")}`);
  return 2;
}

/** The names of the files in the folder; none where it does not exist yet. */
function openTarget(root: string): { readonly names: readonly string[] } | { readonly refused: string } {
  const shown = shownPath(process.cwd(), root);
  try {
    const stat = statSync(root, { throwIfNoEntry: false });
    if (stat === undefined) return { names: [] };
    if (!stat.isDirectory()) return { refused: `\`${shown}\` is no folder.` };
    const { listing, unreadable } = walk(root, [], () => {});
    const own = unreadable.find(({ path }) => path === root);
    if (own !== undefined) return { refused: `\`${shown}\` cannot be read: ${own.reason}.` };
    if (listing !== undefined) return { names: listing };
    return { refused: `\`${shown}\` has more than ${mostFiles} files: name the root of a repository with --into.` };
  } catch (error) {
    return { refused: `\`${shown}\` cannot be read: ${reasonOf(error)}.` };
  }
}

/** Beside the bundle; compiled without bundling, this file lies in `out/cli`. */
function loadTemplates(): Templates {
  const beside = join(__dirname, "templates.json");
  const file = existsSync(beside) ? beside : join(__dirname, "..", "..", "dist", "templates.json");
  return JSON.parse(readFileSync(file, "utf8")) as Templates;
}

/** Undefined for what cannot be changed byte for byte. */
function readText(path: string): Decoded | undefined {
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > largestFile) return undefined;
    const document = decode(readFileSync(path));
    return document?.exact === true ? document : undefined;
  } catch {
    return undefined;
  }
}

/** What stands on the way to the path: links, through which a file could come to lie anywhere. */
function inTheWay(root: string, path: string): string | undefined {
  const words = path.split("/");
  for (const [i] of words.entries()) {
    const name = words.slice(0, i + 1).join("/");
    const stat = lstatSync(join(root, name), { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    if (stat.isSymbolicLink())
      return `\`${name}\` is a link to \`${linkTarget(root, name)}\`: nothing is written through links.`;
  }
  return undefined;
}

function linkTarget(root: string, name: string): string {
  try {
    const path = realpathSync(join(root, name));
    const home = realpathSync(root);
    return isBelow(home, path) ? relative(home, path).split(sep).join("/") || "." : path;
  } catch {
    return "nothing";
  }
}

/** Of the nearest folder that exists: a new one comes with everything in it, by one renaming. */
function writingOf(plan: Made, root: string, documents: ReadonlyMap<string, Decoded>): Writing {
  let folder = root;
  while (!existsSync(folder)) folder = dirname(folder);
  const below = relative(folder, root).split(sep).join("/");
  const named = (path: string): string => (below === "" ? path : `${below}/${path}`);
  return {
    folder,
    creates: plan.creates.map(({ path, text, executable }) => ({
      path: named(path),
      bytes: Buffer.from(text, "utf8"),
      executable,
    })),
    changes: plan.changes.map(({ path, before, edits }) => {
      const as = documents.get(path) ?? { encoding: "utf-8", mark: "none" };
      return { path: named(path), before: encode(before, as), after: encode(applyEdits(before, edits), as) };
    }),
  };
}

/** Every path, and every line that comes into a file that is there. */
function previewOf(plan: Made, root: string): string {
  const show = (path: string): string => shownPath(process.cwd(), join(root, path));
  const created = plan.creates.map(({ path }) => `  create ${show(path)}\n`);
  const changed = plan.changes.map(({ path, edits }) => {
    const lines = edits.flatMap(({ text }) => text.replace(/\r?\n$/, "").split(/\r?\n/));
    return `  change ${show(path)}\n${lines.map((l) => `${`       + ${l}`.trimEnd()}\n`).join("")}`;
  });
  return `Nothing is written yet. Without --dry-run this would\n\n${[...created, ...changed].join("")}`;
}

function reportOf(plan: Made, root: string): string {
  const show = (path: string): string => shownPath(process.cwd(), join(root, path));
  const lines = [
    ...plan.creates.map(({ path }) => `  created ${show(path)}`),
    ...plan.changes.map(({ path }) => `  changed ${show(path)}`),
  ];
  const notes = plan.notes.map((note) => `- ${note}`);
  return `${lines.join("\n")}\n\nNext:\n${notes.join("\n")}\n- Read \`${show(plan.open)}\`.\n`;
}
