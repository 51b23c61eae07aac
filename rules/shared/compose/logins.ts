/** How a server that asks nobody who they are is given a login, where its image has words for that. */
import {
  choice,
  type FileEdits,
  type ImageReference,
  literal,
  type Service,
  type YamlData,
} from "../../../engine/index";
import { matchesImage } from "../images/match";
import type { Credential, ServiceImage } from "../images/services";
import { secretId } from "../secret-mount";
import { together } from "./joint-edits";
import { guided, mountSecret } from "./secret-fixes";

/** The edits of a guided fix, and its title. */
export interface NewLogin {
  readonly title: string;
  readonly edits: readonly FileEdits[];
}

/**
 * `words`: the command that the service is to run, where that must change as well; undefined where it cannot be told.
 * Undefined where nobody can tell how, or the file cannot be edited so.
 */
export function newLogin(
  service: Service,
  server: ServiceImage,
  image: ImageReference,
  words = wordsOf(service),
): NewLogin | undefined {
  if (matchesImage(image, ["library/redis", "library/valkey", "valkey/valkey", "valkey-io/valkey"]))
    return ofRedis(service, server, words);
  // The members of a replica set would need a key of their own as well.
  if (matchesImage(image, ["library/mongo"]))
    return words?.includes("--replSet") === false ? ofMongo(service) : undefined;
  return ofVariable(service, server, image);
}

/** Gives the service a secret that compose takes from a variable of the shell. */
export const fromShell = (service: Service, id: string, variable: string): readonly (FileEdits | undefined)[] =>
  mountSecret(service, service.file, id, { environment: choice(1, variable) }, guided);

/** The words of the command; none where the image's own is run. Undefined where they are not known, or are a script. */
export function wordsOf({ command, entrypoint }: Service): readonly string[] | undefined {
  if (entrypoint !== undefined) return undefined;
  if (command === undefined) return [];
  if (command.isOpen || command.form !== "exec" || command.replaced.length > 0) return undefined;
  return command.words.map((w) => w.scalar.text);
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

function ofRedis(service: Service, server: ServiceImage, words: readonly string[] | undefined): NewLogin | undefined {
  const [program = "redis-server"] = server.programs;
  const [first = program] = words ?? [];
  const isOption = first.startsWith("-");
  if (words === undefined || (!isOption && !server.programs.includes(first))) return undefined;
  const all = isOption || words.length === 0 ? [program, ...words] : words;
  const id = `${program.slice(0, program.indexOf("-"))}_password`;
  const script = `exec ${all.map(quoted).join(" ").replaceAll("$", "$$$$")} --requirepass "$$(cat /run/secrets/${id})"`;
  const file = service.command?.file ?? service.file;
  const edits = together([
    service.set(["command"], ["sh", "-c", literal(script)], { file, snippet: true }),
    ...fromShell(service, id, id.toUpperCase()),
  ]);
  return edits && { title: `Ask for the password of the secret ${id}`, edits };
}

function ofMongo(service: Service): NewLogin | undefined {
  const id = "mongo_root_password";
  const edits = together([
    ...withVariables(service, [
      ["MONGO_INITDB_ROOT_USERNAME", choice(1, "root")],
      ["MONGO_INITDB_ROOT_PASSWORD_FILE", `/run/secrets/${id}`],
    ]),
    ...mountSecret(service, service.file, id, { environment: choice(2, id.toUpperCase()) }, guided),
  ]);
  return edits && { title: `Make a root user with the password of the secret ${id}`, edits };
}

/** Rows that stand for the official image and Bitnami's: only the latter reads the row's variables. */
const isBitnamiOnly = ({ patterns }: ServiceImage, { repository }: ImageReference): boolean =>
  patterns.some((p) => p.startsWith("bitnami")) && !repository.startsWith("bitnami");

function ofVariable(service: Service, server: ServiceImage, image: ImageReference): NewLogin | undefined {
  const { authenticatedBy, credentials } = server;
  const secret = credentials.find(
    ({ variable, role }) =>
      role === "secret" &&
      authenticatedBy.variables.includes(variable) &&
      /(?:PASS(?:WORD)?|KEY|SECRET|AUTH)$/.test(variable),
  );
  if (secret === undefined || isBitnamiOnly(server, image)) return undefined;
  const users = usersBeside(secret, credentials).map((name, i): [string, string] => [name, choice(i + 2, "admin")]);
  const { variable, fileVariable } = secret;
  if (fileVariable === undefined) {
    const value = literal(`\${${variable}:?set ${variable}}`);
    const edits = together(withVariables(service, [...users, [variable, value]]));
    return edits && { title: `Set ${variable}`, edits };
  }
  const id = secretId(variable);
  const edits = together([
    ...withVariables(service, [...users, [fileVariable, `/run/secrets/${id}`]]),
    ...fromShell(service, id, variable),
  ]);
  return edits && { title: `Set ${fileVariable}`, edits };
}

const stem = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf("_")));

/** The variables that name the user to whom the password belongs. */
const usersBeside = ({ variable }: Credential, all: readonly Credential[]): readonly string[] =>
  all.filter((c) => c.role === "user" && stem(c.variable) === stem(variable)).map((c) => c.variable);

/** Variables added in the spelling of those that are there; the values are snippets. */
function withVariables(
  service: Service,
  variables: readonly (readonly [string, string])[],
): readonly (FileEdits | undefined)[] {
  const into = { file: service.file, snippet: true };
  const written = service.part("environment");
  const missing = variables.filter(([name]) => service.variable(name) === undefined);
  if (written === undefined) {
    const data: YamlData = Object.fromEntries(missing);
    return [service.set(["environment"], data, into)];
  }
  if (written.datum.kind === "sequence")
    return missing.map(([name, value]) => service.append(["environment"], `${name}=${value}`, into));
  return missing.map(([name, value]) => service.set(["environment", name], value, into));
}
