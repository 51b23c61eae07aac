/** Our compose model beside what compose itself recorded. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { checkReadings, checkServices, mappingsIn } from "../../engine/kinds/compose/consistency";
import type { Files } from "../../engine/kinds/compose/environment";
import { loadProject } from "../../engine/kinds/compose/load";
import { isRunning } from "../../engine/kinds/compose/profiles";
import type { Refuse } from "../../engine/kinds/compose/read";
import { composeShape } from "../../engine/kinds/compose/specification";
import { printProject, type Json } from "./print";

export const projects = join(__dirname, "..", "..", "..", "test", "conformance", "compose");

/** `project.json`: how compose was called. */
export interface RecordedCall {
  readonly about: string;
  readonly files: readonly string[] | null;
  readonly profiles: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export type Outcome = { readonly refusal: string } | { readonly model: Json };

/** What we make of the project in `directory`. */
export function outcomeOf(files: Files, directory: string, call: RecordedCall, home: string): Outcome {
  const refusals: string[] = [];
  const refuse: Refuse = (_, message) => void refusals.push(message);
  const shell = new Map(Object.entries({ HOME: home, PATH: "/bin", PWD: directory, ...call.env }));
  const named = call.files === null ? {} : { files: call.files.map((file) => join(directory, file)) };
  const loaded = loadProject(files, { directory, ...named, profiles: call.profiles, shell, world: "closed" });
  if (loaded === undefined) return { refusal: "There is no project" };
  refusals.push(...loaded.refusals.map((r) => r.message));
  const { model, profiles } = loaded;
  if (refusals.length === 0) {
    const services = mappingsIn(model, "services").filter(([, s]) => isRunning(s, profiles));
    checkReadings(model, composeShape, refuse);
    checkServices(model, new Set(services.map(([name]) => name)), refuse);
  }
  const printed = printProject(loaded, files, refuse);
  return refusals[0] === undefined ? { model: printed } : { refusal: refusals[0] };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** The path of the first difference, and both sides; undefined where there is none. */
export function difference(ours: Json | undefined, theirs: Json | undefined, path = ""): string | undefined {
  if (ours === theirs) return undefined;
  const say = (): string => `${path}: ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`;
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (ours.length !== theirs.length) return say();
    for (const [i, value] of ours.entries()) {
      const inner = difference(value, theirs[i], `${path}[${i}]`);
      if (inner !== undefined) return inner;
    }
    return undefined;
  }
  const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject(ours) || !isObject(theirs)) return say();
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const inner = difference(ours[key], theirs[key], `${path}.${key}`);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** In what our outcome differs from compose's; undefined where it does not. */
export function disagreement(ours: Outcome, theirs: Json): string | undefined {
  const refused = (theirs as { readonly error?: string }).error;
  if ("refusal" in ours) return refused === undefined ? `we refuse: ${ours.refusal}` : undefined;
  return refused === undefined ? difference(ours.model, theirs) : `compose refuses: ${refused}`;
}

export const names = (): readonly string[] =>
  readdirSync(projects, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

/** Replaces the place that we give the project by the one that compose recorded. */
const renamed = (outcome: Outcome): Outcome =>
  JSON.parse(JSON.stringify(outcome).replaceAll("/parent/project", "/project")) as Outcome;

/** The disagreement over one recorded project. */
export function compare(name: string): string | undefined {
  const folder = join(projects, name);
  const texts = new Map<string, string>(
    filesBelow(folder).map(
      (path) => [`/parent/project/${relative(folder, path)}`, readFileSync(path, "utf8")] as const,
    ),
  );
  const read = (file: string): unknown => JSON.parse(texts.get(`/parent/project/${file}`) ?? "");
  const files: Files = { text: (file) => texts.get(file), exists: (file) => texts.has(file) };
  const outcome = outcomeOf(files, "/parent/project", read("project.json") as RecordedCall, "/home/user");
  return disagreement(renamed(outcome), read("expected.json") as Json);
}
