/** Which files make up a project: what compose takes by itself, what is named, what `.env` says. */
import { basename, dirname, join } from "../../text/path";
import { readDotenv } from "./dotenv";
import { Environment, variablesOf, type Files } from "./environment";
import type { Refuse } from "./read";

/** How compose is called. */
export interface Call {
  /** Where. */
  readonly directory: string;
  /** The full names of the files that `-f` names; left out where compose looks for itself. */
  readonly files?: readonly string[];
  /** As `--profile` names them. */
  readonly profiles?: readonly string[];
  /** The shell's variables. */
  readonly shell: ReadonlyMap<string, string>;
  /**
   * `closed`: the shell has no other variables. `open`: nobody knows the shell, so that what it may set is unknown.
   */
  readonly world: "closed" | "open";
}

export interface Found {
  readonly files: readonly string[];
  /** The project's folder: that of its first file. */
  readonly directory: string;
  readonly variables: Environment;
  readonly profiles: readonly string[];
  /** The project's name so far, and whether it was set from outside. */
  readonly name: string;
  readonly isNamed: boolean;
}

/** In the order in which compose looks for them; it takes the first. */
export const baseNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"] as const;
export const overrideNames = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
] as const;

/** Undefined where there is no project. */
export function discover(files: Files, call: Call, refuse: Refuse): Found | undefined {
  const shell = new Environment(call.world, new Map([...call.shell].map(([name, value]) => [name, { value }])));
  const named = call.files;
  const first = named?.[0];
  const outer = withDotenv(files, first === undefined ? call.directory : dirname(first), shell, refuse);
  const chosen = named ?? listed(files, call.directory, outer, refuse) ?? byDefault(files, call.directory);
  const main = chosen[0];
  if (main === undefined) return undefined;
  const directory = dirname(main);
  const variables = withDotenv(files, directory, outer, refuse);
  const own = variables.lookup("COMPOSE_PROJECT_NAME")?.value ?? "";
  return {
    files: chosen,
    directory,
    variables,
    profiles: call.profiles !== undefined && call.profiles.length > 0 ? call.profiles : profilesIn(variables),
    name: own === "" ? projectName(basename(directory)) : own,
    isNamed: own !== "",
  };
}

const absolute = (directory: string, file: string): string => (file.startsWith("/") ? file : join(directory, file));

/** As compose makes a name of anything. */
export const projectName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");

const profilesIn = (variables: Environment): readonly string[] =>
  (variables.lookup("COMPOSE_PROFILES")?.value ?? "").split(",").map((profile) => profile.trim());

/** The project's `.env`, or the files that `COMPOSE_ENV_FILES` names; the shell wins over them. */
function withDotenv(files: Files, directory: string, variables: Environment, refuse: Refuse): Environment {
  const names = variables.lookup("COMPOSE_ENV_FILES")?.value;
  if (names === undefined && /^(?:1|t|true)$/i.test(variables.lookup("COMPOSE_DISABLE_ENV_FILE")?.value ?? "")) {
    return variables;
  }
  let all = variables;
  const wanted =
    names === undefined || names === ""
      ? [join(directory, ".env")]
      : names.split(",").map((f) => absolute(directory, f));
  const read = new Map<string, { value: string }>();
  for (const file of wanted) {
    const text = files.text(file);
    if (text === undefined) continue;
    const dotenv = readDotenv(file, text, {
      world: variables.world,
      lookup: (name) => variables.lookup(name) ?? read.get(name),
    });
    if (dotenv.refusal !== undefined) refuse({ file, start: 0, end: 0 }, dotenv.refusal);
    for (const [name, variable] of variablesOf(dotenv.assigned)) read.set(name, variable);
  }
  all = all.over(read);
  return all;
}

/** The files of `COMPOSE_FILE`. */
function listed(
  files: Files,
  directory: string,
  variables: Environment,
  refuse: Refuse,
): readonly string[] | undefined {
  const value = variables.lookup("COMPOSE_FILE")?.value;
  if (value === undefined || value === "") return undefined;
  const separator = variables.lookup("COMPOSE_PATH_SEPARATOR")?.value || ":";
  const all = value.split(separator).map((file) => absolute(directory, file));
  for (const file of all) {
    if (files.text(file) === undefined) refuse({ file, start: 0, end: 0 }, `There is no file \`${file}\``);
  }
  return all;
}

/** What compose takes by itself: one base, one override. */
export function byDefault(files: Files, directory: string): readonly string[] {
  const has = (name: string): boolean =>
    files.exists(join(directory, name)) ?? files.text(join(directory, name)) !== undefined;
  const base = baseNames.find(has);
  if (base === undefined) return [];
  const override = overrideNames.find(has);
  return [base, override].filter((name) => name !== undefined).map((name) => join(directory, name));
}
