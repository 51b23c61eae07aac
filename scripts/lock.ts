/**
 * Writes the lock files of the service templates: `node out/scripts/lock.js [typescript] [python]`.
 *
 * The language's own tool locks every choice of database and broker by itself; what they have in common stands once, the
 * rest in sections of the template. In the end every choice is rendered again and compared with what the tool wrote.
 * Needs the package registries, npm on the Node.js of the template's image (npm picks versions by the Node.js that it
 * runs on) and `uv` (from PyPI).
 */
import { deepStrictEqual, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Mustache from "mustache";

const services = join(__dirname, "..", "..", "snippets", "services");

/** What a template's sections may ask: each flag is true for some values of an axis. */
const databases: Axis = {
  values: ["none", "postgres", "mysql", "redis"],
  flags: { postgres: ["postgres"], mysql: ["mysql"], redis: ["redis"], sql: ["postgres", "mysql"] },
  any: "database",
};
const brokers: Axis = {
  values: ["none", "kafka", "rabbitmq"],
  flags: { kafka: ["kafka"], rabbitmq: ["rabbitmq"] },
  any: "broker",
};

interface Axis {
  readonly values: readonly string[];
  readonly flags: Readonly<Record<string, readonly string[]>>;
  /** The flag of every value but `none`. */
  readonly any: string;
}

interface Choice {
  readonly database: string;
  readonly broker: string;
}

const everyChoice: readonly Choice[] = databases.values.flatMap((database) =>
  brokers.values.map((broker) => ({ database, broker })),
);

/** A text that stands in the files of some choices. */
interface Part {
  readonly text: string;
  readonly choices: ReadonlySet<Choice>;
}

/** Opening and closing tags of a section. */
interface Section {
  readonly open: string;
  readonly close: string;
}

const tags: [string, string] = ["<%", "%>"];
const section = (flag: string): Section => ({ open: `<%#${flag}%>`, close: `<%/${flag}%>` });
const without = (flag: string): Section => ({ open: `<%^${flag}%>`, close: `<%/${flag}%>` });

function render(template: string, { database, broker }: Choice): string {
  const view: Record<string, string | boolean> = { name: "service-name" };
  for (const [axis, value] of [
    [databases, database],
    [brokers, broker],
  ] as const) {
    for (const [flag, values] of Object.entries(axis.flags)) view[flag] = values.includes(value);
    view[axis.any] = value !== "none";
  }
  return Mustache.render(template, view, {}, { tags, escape: String });
}

/** What one section, or none, can say of an axis: the values and the sections. Widest first. */
function areas({ values, flags, any }: Axis): { values: readonly string[]; sections: readonly Section[] }[] {
  return [
    { values, sections: [] },
    { values: values.filter((v) => v !== "none"), sections: [section(any)] },
    { values: ["none"], sections: [without(any)] },
    ...Object.entries(flags).map(([flag, of]) => ({ values: of, sections: [section(flag)] })),
  ].sort((a, b) => b.values.length - a.values.length);
}

const rectangles = areas(databases)
  .flatMap((database) =>
    areas(brokers).map((broker) => ({
      choices: everyChoice.filter((c) => database.values.includes(c.database) && broker.values.includes(c.broker)),
      sections: [...database.sections, ...broker.sections],
    })),
  )
  .sort((a, b) => b.choices.length - a.choices.length);

/** Sections that together, and each choice once, show a text to these choices. */
function cover(choices: ReadonlySet<Choice>): (readonly Section[])[] {
  const left = new Set(choices);
  const found: (readonly Section[])[] = [];
  for (const { choices: covered, sections } of rectangles) {
    if (left.size === 0) break;
    if (!covered.every((c) => left.has(c))) continue;
    for (const c of covered) left.delete(c);
    found.push(sections);
  }
  return found;
}

/** The text on lines of its own in its sections. */
const onLines = ({ text, choices }: Part): string =>
  cover(choices)
    .map((sections) =>
      [...sections.map((s) => s.open), text, ...[...sections].reverse().map((s) => s.close)].join("\n").concat("\n"),
    )
    .join("");

/** The text inside a line in its sections. */
const inline = ({ text, choices }: Part): string =>
  cover(choices)
    .map((sections) => [...sections.map((s) => s.open), text, ...[...sections].reverse().map((s) => s.close)].join(""))
    .join("");

/** Members of a JSON object, with commas right for every choice. At least one must be there for all of them. */
function members(parts: readonly Part[]): string {
  const last = parts.findLastIndex(({ choices }) => choices.size === everyChoice.length);
  const before = parts.slice(0, last).map(({ text, choices }) => onLines({ text: `${text},`, choices }));
  const after = parts.slice(last + 1).map(({ text, choices }) => inline({ text: `,\n${text}`, choices }));
  return `${before.join("")}${parts[last]?.text}${after.join("")}\n`;
}

/** Entries by key, in the order of keys, each text with the choices that have it. */
function joined(files: ReadonlyMap<Choice, Readonly<Record<string, string>>>): Part[] {
  const keys = [...new Set([...files.values()].flatMap((entries) => Object.keys(entries)))];
  // As npm sorts.
  keys.sort((a, b) => a.localeCompare(b, "en"));
  return keys.flatMap((key) => {
    const texts = new Map<string, Set<Choice>>();
    for (const [choice, entries] of files) {
      const text = entries[key];
      if (text !== undefined) texts.set(text, (texts.get(text) ?? new Set()).add(choice));
    }
    return [...texts].map(([text, choices]) => ({ text, choices }));
  });
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, map: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value, key)]));
}

const eachChoice = <T>(make: (choice: Choice) => T): Map<Choice, T> =>
  new Map(everyChoice.map((choice) => [choice, make(choice)]));

interface PackageLock {
  readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Dependencies = Readonly<Record<string, string>>;

function lockTypescript(folder: string): void {
  const manifest = readFileSync(join(services, "typescript", "package.json"), "utf8");
  const locks = eachChoice((choice) => {
    const at = join(folder, `${choice.database}-${choice.broker}`);
    mkdirSync(at);
    writeFileSync(join(at, "package.json"), render(manifest, choice));
    const settings = ["--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved"];
    execFileSync("npm", ["install", ...settings], { cwd: at, stdio: ["ignore", "ignore", "inherit"] });
    return JSON.parse(readFileSync(join(at, "package-lock.json"), "utf8")) as PackageLock;
  });

  const member = (indent: number) => (value: unknown, key: string) =>
    `${JSON.stringify(key)}: ${JSON.stringify(value, undefined, 2)}`.replace(/^/gm, " ".repeat(indent));
  const rootOf = (lock: PackageLock) => lock.packages[""] ?? {};
  const dependencies = (kind: string) =>
    members(
      joined(new Map([...locks].map(([c, lock]) => [c, mapValues(rootOf(lock)[kind] as Dependencies, member(8))]))),
    );
  const root = member(4)(
    { ...rootOf([...locks.values()][0] as PackageLock), dependencies: {}, devDependencies: {} },
    "",
  )
    .replace(/"dependencies": \{\}/, () => `"dependencies": {\n${dependencies("dependencies")}      }`)
    .replace(/"devDependencies": \{\}/, () => `"devDependencies": {\n${dependencies("devDependencies")}      }`);
  const packages = new Map(
    [...locks].map(([choice, lock]) => {
      const { "": _, ...installed } = lock.packages;
      return [choice, mapValues(installed, member(4))];
    }),
  );
  const name = '"name": "service-name",\n  "version": "0.1.0",\n  "lockfileVersion": 3,\n  "requires": true';
  const lock = `{\n  ${name},\n  "packages": {\n${root},\n${members(joined(packages))}  }\n}\n`;
  for (const [choice, expected] of locks) deepStrictEqual(JSON.parse(render(lock, choice)), expected);
  writeFileSync(join(services, "typescript", "package-lock.json"), lock.replaceAll("service-name", "<% name %>"));
}

/** Requirements of a file that uv wrote, by package and marker, with their hashes. */
function requirements(text: string): Record<string, string> {
  const blocks = text.split(/\n(?=\S)/).map((block) => block.trimEnd());
  return Object.fromEntries(blocks.map((block) => [block.split(" \\", 1)[0] ?? "", block]));
}

function lockPython(folder: string): void {
  // What all choices need together fixes the versions, so that a package has the same one everywhere.
  const settings = ["--universal", "--generate-hashes", "--python-version", "3.11", "--no-header", "--no-annotate"];
  const compile = (at: string, ...more: string[]): string =>
    execFileSync("uv", ["pip", "compile", "--quiet", ...settings, ...more], { cwd: at, encoding: "utf8" });
  const inputs = ["requirements.in", "requirements-test.in"].map((file) =>
    readFileSync(join(services, "python", file), "utf8"),
  );
  const union = inputs.map((text) => text.replace(/^(?:<%|-c).*\n/gm, "")).join("");
  writeFileSync(join(folder, "all.in"), union);
  writeFileSync(join(folder, "all.txt"), compile(folder, "all.in"));

  let runtime = new Map<Choice, string>();
  for (const [index, file] of ["requirements", "requirements-test"].entries()) {
    const texts = eachChoice((choice) => {
      const at = join(folder, `${file}-${choice.database}-${choice.broker}`);
      mkdirSync(at);
      writeFileSync(join(at, "in.in"), render(inputs[index] as string, choice));
      // What tests need keeps to what the service has.
      writeFileSync(join(at, "requirements.txt"), runtime.get(choice) ?? "");
      return compile(at, "-c", join("..", "all.txt"), "in.in");
    });
    if (index === 0) runtime = texts;
    const parts = joined(new Map([...texts].map(([choice, text]) => [choice, requirements(text)])));
    const lock = parts.map(onLines).join("");
    for (const [choice, expected] of texts) {
      strictEqual(requirementsText(render(lock, choice)), requirementsText(expected));
    }
    const again = `uv pip compile --universal --generate-hashes --python-version 3.11 ${file}.in -o ${file}.txt`;
    const head = [
      "# Every package with the hashes of its files: a changed upload stops the installation. After a change, run",
      `# ${again}`,
    ];
    writeFileSync(join(services, "python", `${file}.txt`), `${head.join("\n")}\n${lock}`);
  }
}

const requirementsText = (text: string): string => Object.values(requirements(text)).sort().join("\n");

const asked = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "lock-"));
try {
  if (asked.length === 0 || asked.includes("typescript")) lockTypescript(folder);
  if (asked.length === 0 || asked.includes("python")) lockPython(folder);
} finally {
  rmSync(folder, { recursive: true });
}
