/** Settings of a service by which its server lets people in, and the words that keep them out. */
import {
  type Command,
  type Context,
  cover,
  type FileEdits,
  type Part,
  type Program,
  type Service,
  type ServiceVariable,
  type Setting,
  type Span,
} from "../../../engine/index";
import { doorsOfLines, isEffective, opens } from "../authentication";
import { writtenTexts } from "../file-texts";
import {
  insecureEnvironment,
  insecureOptions,
  type ServiceImage,
  serviceOfProgram,
  type Switch,
} from "../images/services";
import { writtenBy } from "./env-files";
import { together } from "./joint-edits";
import { imageOf, serverOf } from "./images";

/** A place in a file of the project. */
export type Place = Span & { readonly file: string };

/** A switch that lets people in; `undefined` for a line of pg_hba.conf. */
export interface OpenDoor {
  readonly at: Part | Place;
  /** The setting, as a message names it. */
  readonly text: string;
  readonly found: Switch | undefined;
  readonly variable?: ServiceVariable;
  /** Words of the program that are the setting. */
  readonly words?: readonly Setting[];
  /** Takes the setting away; undefined where that cannot be had. */
  readonly remove: () => readonly FileEdits[] | undefined;
}

/** Every switch in a service's variables and commands that lets people in. */
export function openDoors(service: Service, context: Context): readonly OpenDoor[] {
  const server = serverOf(service, context) ?? serverStarted(service);
  return [...doorsOfVariables(service, server, context), ...doorsOfPrograms(service, server)];
}

/** The server that the service's own program is, whatever its image. */
function serverStarted({ entrypoint, command }: Service): ServiceImage | undefined {
  const first = (entrypoint ?? command)?.words[0]?.value;
  return first?.known === true ? serviceOfProgram(first.value) : undefined;
}

function doorsOfVariables(service: Service, server: ServiceImage | undefined, context: Context): readonly OpenDoor[] {
  return service.environment.flatMap((variable): OpenDoor[] => {
    const { name, value } = variable;
    if (value === undefined || !value.value.known) return [];
    const text = value.value.value;
    const found = insecureEnvironment(name, text, server);
    if (!opens(found) || !counts(found, variable, service, server, context)) return [];
    const strict = found.name === "GF_AUTH_ANONYMOUS_ENABLED" ? anonymousRole(service, found) : found;
    return [
      {
        at: placeOf(variable, text, found, service),
        text: nameOf(variable, text, found),
        found: strict,
        variable,
        remove: () => removeVariable(variable, text, found),
      },
    ];
  });
}

/** Of a long value only what opens the door: the rest may hold secrets. */
const decisive = (text: string, { value }: Switch): string | undefined => {
  if (typeof value !== "object" || !("has" in value)) return undefined;
  return value.has.find((part) => text.toLowerCase().includes(part.toLowerCase()));
};

function nameOf({ name, isFromFile, source }: ServiceVariable, text: string, found: Switch): string {
  const setting = `${name}=${decisive(text, found) ?? text}`;
  return isFromFile ? `${setting} of ${source.file}` : setting;
}

function placeOf(variable: ServiceVariable, text: string, found: Switch, service: Service): Part | Place {
  const place = writtenBy(variable, service) ?? service;
  const part = decisive(text, found);
  const from = part === undefined || variable.isFromFile ? -1 : text.toLowerCase().indexOf(part.toLowerCase());
  if (part !== undefined && from >= 0 && variable.value !== undefined)
    return variable.value.part(from, from + part.length);
  if (place.start < place.end) return place;
  const { start, end } = variable.nameSpan;
  return { start, end, file: variable.file };
}

/** Of a value that says more than that, only the part goes, where it is a word of its own. */
function removeVariable(variable: ServiceVariable, text: string, found: Switch): readonly FileEdits[] | undefined {
  const part = decisive(text, found);
  if (variable.isFromFile) return undefined;
  if (part === undefined || part === text) return variable.removeAll();
  const words = ` ${text} `;
  const from = words.indexOf(` ${part} `);
  const setting = variable.value;
  if (from < 0 || setting?.isLiteral !== true || variable.replaced.length > 0) return undefined;
  const isFirst = from === 0;
  const edits = setting.part(isFirst ? 0 : from - 1, from + part.length + (isFirst ? 1 : 0)).rewrite("");
  return edits && [{ file: variable.file, edits }];
}

const valueOf = (service: Service, name: string): string | undefined => {
  const value = service.variable(name)?.value?.value;
  return value?.known === true ? value.value.trim().toLowerCase() : undefined;
};
/** Visitors become what the role says: of an administrator it is worse. */
function anonymousRole(service: Service, found: Switch): Switch {
  if (valueOf(service, "GF_AUTH_ANONYMOUS_ORG_ROLE") !== "admin") return found;
  return { ...found, name: "GF_AUTH_ANONYMOUS_ORG_ROLE", severity: "error" };
}

/** Whether the setting does what its name says, as far as the service's other settings tell. */
function counts(
  found: Switch,
  variable: ServiceVariable,
  service: Service,
  server: ServiceImage | undefined,
  context: Context,
): boolean {
  // That a variable of the shell may be empty is another rule's matter.
  if (variable.value?.scalar.text === "" && !variable.value.isLiteral) return false;
  return isEffective(variable.name, found, {
    server,
    image: imageOf(service, context),
    variables: service.environment.map((v) => ({ name: v.name, value: v.value?.scalar.text })),
    hasOwnCommand: service.command !== undefined || service.entrypoint !== undefined,
    isBuilt: service.build !== undefined,
  });
}

function doorsOfPrograms(service: Service, server: ServiceImage | undefined): readonly OpenDoor[] {
  const programs = [service.entrypoint, service.command].filter((p) => p !== undefined);
  return programs.flatMap((program) =>
    program.commands.flatMap((command) => [
      ...doorsOfOptions(command, program, service, server),
      ...doorsOfAssignments(command, program, server),
      ...doorsOfTexts(command, program, server),
    ]),
  );
}

const none = (): undefined => undefined;
const inFile = ({ start, end }: Span, { file }: Program): Place => ({ start, end, file });

/** A notebook server without a token, but with a password. */
const notebookPassword = /^--\w+\.(?:hashed_)?password=(?!$|''$|""$)/;

/** Redis then asks everybody, protected or not; a configuration file may say so as well. */
function asksForPassword(words: readonly string[], service: Service, server: ServiceImage | undefined): boolean {
  if (server?.authenticatedBy.variables.some((name) => service.variable(name) !== undefined)) return true;
  return words.some((word, i) => {
    if (/\.conf$/.test(word) || word === "--aclfile") return true;
    return word === "--requirepass" && !/^(?:|''|"")$/.test(words[i + 1] ?? "");
  });
}

function doorsOfOptions(
  command: Command,
  program: Program,
  service: Service,
  server: ServiceImage | undefined,
): readonly OpenDoor[] {
  const { words } = command;
  const sources = words.map((w) => w.source);
  if (server?.name === "CockroachDB" && !sources.some((w) => /^(?:start|demo)/.test(w))) return [];
  return insecureOptions(sources, server).flatMap(({ found, from, to }): OpenDoor[] => {
    const first = words[from];
    const last = words[to - 1];
    if (!opens(found) || first === undefined || last === undefined) return [];
    if (found.name === "--protected-mode" && asksForPassword(sources, service, server)) return [];
    if (found.name.endsWith(".token") && sources.some((w) => notebookPassword.test(w))) return [];
    // Items of a list are apart: the value is what is wrong.
    const isList = program.datum.kind === "sequence" && program.words.some((w) => w.start === last.start);
    const at = inFile(first === last || isList ? last : cover(first, last), program);
    const whole = first === last ? first : cover(first, last);
    const gone = program.words.filter((w) => w.start >= whole.start - 1 && w.end <= whole.end + 1);
    const text = sources.slice(from, to).join(" ");
    return [{ at, text, found, words: gone, remove: () => removeWords(program, gone) }];
  });
}

/** Takes the words out of the program. */
function removeWords(program: Program, gone: readonly Setting[]): readonly FileEdits[] | undefined {
  const { words } = program;
  const first = gone[0];
  const last = gone.at(-1);
  if (first === undefined || last === undefined || program.routes.includes("override")) return undefined;
  if (first.scalar.text === "start-dev") return [{ file: program.file, edits: first.rewrite("start") ?? [] }];
  if (gone.length === words.length) return program.removeAll();
  if (program.datum.kind === "sequence") {
    const parts = gone.map((w) => w.remove());
    return together(parts.map((edits) => edits && { file: program.file, edits }));
  }
  const index = words.indexOf(first);
  const before = words[index - 1];
  const next = words[index + gone.length];
  const span =
    before === undefined ? { start: first.start, end: next?.start ?? last.end } : { start: before.end, end: last.end };
  return [{ file: program.file, edits: [{ span, text: "" }] }];
}

function doorsOfAssignments({ assignments }: Command, program: Program, server: ServiceImage | undefined): OpenDoor[] {
  return assignments.flatMap((assignment) => {
    const value = assignment.value?.text;
    const found = value === undefined ? undefined : insecureEnvironment(assignment.name, value, server);
    if (!opens(found)) return [];
    return [{ at: inFile(assignment, program), text: `${assignment.name}=${value}`, found, remove: none }];
  });
}

/** Configuration files that the command writes before it starts the server. */
const doorsOfTexts = (command: Command, program: Program, server: ServiceImage | undefined): readonly OpenDoor[] =>
  writtenTexts(command).flatMap((written) =>
    doorsOfLines(written.text, [server]).map(({ from, to, text, found }) => ({
      at: inFile(written.span(from, to), program),
      text,
      found,
      remove: none,
    })),
  );
