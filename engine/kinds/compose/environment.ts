/** The variables that a project's texts are expanded with, and those that a service's container gets. */
import { hole, type Mapping, Scalar, type Datum, type Piece, type Source } from "./datum";
import { readDotenv, readRaw, type Assigned } from "./dotenv";
import type { Variable, Variables } from "./interpolate";
import type { Refuse } from "./read";
import { slice } from "./text";

/** Where a project's texts come from. Names are joined with `/`. */
export interface Files {
  /** Undefined where there is no such file, or nobody can read it. */
  text(file: string): string | undefined;
  /** Undefined where nobody can tell. */
  exists(file: string): boolean | undefined;
}

export class Environment implements Variables {
  constructor(
    readonly world: "closed" | "open",
    private readonly values: ReadonlyMap<string, Variable>,
  ) {}

  lookup(name: string): Variable | undefined {
    return this.values.get(name);
  }

  /** With more variables; those that are there already win. */
  over(more: Iterable<readonly [string, Variable]>): Environment {
    return new Environment(this.world, new Map([...more, ...this.values]));
  }

  with(name: string, value: string): Environment {
    return new Environment(this.world, new Map(this.values).set(name, { value }));
  }
}

export const variablesOf = (assigned: readonly Assigned[]): readonly [string, Variable][] =>
  assigned.map((a) => [a.name, a]);

/** `NAME=value` of a service; `value` is of type null where compose passes the shell's on, if there is one. */
export interface Assignment {
  readonly name: string;
  readonly value: Scalar;
}

/** The assignments of a list or mapping; of equal names the last. */
export function assignmentsOf(datum: Datum | undefined): readonly Assignment[] {
  const all = new Map<string, Assignment>();
  const add = (assignment: Assignment): void => void all.set(assignment.name, assignment);
  if (datum?.kind === "mapping") {
    for (const [name, value] of datum.entries) if (value.kind === "scalar") add({ name, value });
  }
  for (const item of datum?.kind === "sequence" ? datum.items : []) {
    if (item.kind !== "scalar") continue;
    const equals = item.text.indexOf("=");
    const value = equals < 0 ? new Scalar("null", "", item.source) : replaced(slice(item, equals + 1), item);
    add({ name: equals < 0 ? item.text : item.text.slice(0, equals), value });
  }
  return [...all.values()];
}

const replaced = (part: Scalar, whole: Scalar): Scalar =>
  new Scalar(part.type, part.text, part.source, part.pieces, whole.replaced);

/** The value of a variable at the place that only names it. */
function given(name: string, { value }: Variable, source: Source, node: Piece["node"]): Scalar {
  return new Scalar("string", value, source, [
    { text: value, how: "variable", node, from: 0, to: name.length, variable: name },
  ]);
}

const nodeAt = (scalar: Scalar): Piece["node"] => scalar.pieces?.[0]?.node;

/** The same with the values of the variables that are only named, where they are known. */
export function resolveNames(assignments: readonly Assignment[], variables: Variables): readonly Assignment[] {
  return assignments.map((assignment) => {
    if (assignment.value.type !== "null") return assignment;
    const found = variables.lookup(assignment.name);
    if (found === undefined) return assignment;
    return {
      name: assignment.name,
      value: given(assignment.name, found, assignment.value.source, nodeAt(assignment.value)),
    };
  });
}

const textIn = (mapping: Mapping, key: string): Scalar | undefined => {
  const value = mapping.get(key);
  return value?.kind === "scalar" ? value : undefined;
};

/** What a service's container gets, and whether some of it cannot be seen. */
export interface Received {
  readonly assignments: readonly Assignment[];
  readonly open: boolean;
}

/**
 * The variables of `environment`, under them those of `env_file`. `refuse` hears of files that are missing or broken.
 */
export function environmentOf(service: Mapping, files: Files, variables: Variables, refuse: Refuse): Received {
  const datum = service.get("environment");
  const own = resolveNames(assignmentsOf(datum), variables);
  const all = new Map<string, Assignment>();
  for (const a of own) if (a.value.type !== "null") all.set(a.name, a);
  let open = service.open || datum?.kind === "unclear" || ((datum?.kind ?? "scalar") !== "scalar" && isOpen(datum));
  const listed = service.get("env_file");
  for (const item of listed?.kind === "sequence" ? listed.items : []) {
    const read = item.kind === "mapping" ? envFile(item, files, lookupIn(all, own, variables), refuse) : undefined;
    if (read === undefined) open = true;
    for (const a of read ?? []) all.set(a.name, { name: a.name, value: fileValue(a) });
  }
  for (const a of own) all.set(a.name, a);
  return { assignments: [...all.values()], open };
}

const isOpen = (datum: Datum | undefined): boolean =>
  (datum?.kind === "mapping" || datum?.kind === "sequence") && datum.open;

function lookupIn(all: ReadonlyMap<string, Assignment>, own: readonly Assignment[], variables: Variables): Variables {
  const valueOf = (assignment: Assignment | undefined): Variable | undefined =>
    assignment === undefined || assignment.value.type === "null" ? undefined : { value: assignment.value.text };
  return {
    world: variables.world,
    lookup: (name) => variables.lookup(name) ?? valueOf(own.find((a) => a.name === name)) ?? valueOf(all.get(name)),
  };
}

function fileValue(assigned: Assigned): Scalar {
  const source = assigned.source ?? { file: "", start: 0, end: 0 };
  return new Scalar("string", assigned.value, source, [
    { text: assigned.value, how: "written", node: undefined, from: 0, to: 0 },
  ]);
}

/** Undefined where the file cannot be read. */
function envFile(item: Mapping, files: Files, variables: Variables, refuse: Refuse): readonly Assigned[] | undefined {
  const path = textIn(item, "path");
  const file = path?.path;
  if (path === undefined || file === undefined || file.includes(hole)) return undefined;
  const text = files.text(file);
  if (text === undefined) {
    const isRequired = textIn(item, "required")?.text !== "false";
    if (isRequired) refuse(path.source, `There is no file \`${path.text}\``);
    return !isRequired && files.exists(file) === false ? [] : undefined;
  }
  const format = textIn(item, "format");
  const isKnownFormat = format === undefined || format.text === "" || format.text === "raw" || format.text === ".env";
  if (!isKnownFormat) {
    refuse(format.source, `\`${format.text}\` is no format of an env_file`);
    return undefined;
  }
  const read = format?.text === "raw" ? readRaw(file, text) : readDotenv(file, text, variables);
  if (read.refusal !== undefined) refuse(path.source, `\`${path.text}\`: ${read.refusal}`);
  return read.assigned;
}

/** The labels of a service, under them those of `label_file`. */
export function labelsOf(service: Mapping, files: Files, refuse: Refuse): readonly Assignment[] {
  const all = new Map<string, Assignment>();
  const listed = service.get("label_file");
  for (const item of listed?.kind === "sequence" ? listed.items : []) {
    if (item.kind !== "scalar" || item.path === undefined) continue;
    const text = files.text(item.path);
    if (text === undefined) refuse(item.source, `There is no file \`${item.text}\``);
    const lookup = (name: string): Variable | undefined => {
      const known = all.get(name);
      return known && { value: known.value.text };
    };
    const read = readDotenv(item.path, text ?? "", { world: "closed", lookup });
    for (const a of read.assigned) all.set(a.name, { name: a.name, value: fileValue(a) });
  }
  for (const a of assignmentsOf(service.get("labels"))) all.set(a.name, a);
  return [...all.values()];
}
