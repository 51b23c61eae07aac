/** Settings that take TLS away from a service's connections, or the check of certificates from its TLS. */
import {
  contains,
  type Command,
  type Context,
  type Edit,
  type Program,
  type RunningInstruction,
  type Service,
  type ServiceVariable,
  type Setting,
  type Severity,
  type Span,
} from "../../../engine/index";
import { insecureOptions, type ServiceImage, type Switch } from "../images/services";
import type { Weakness } from "../tls-parameters";
import { hostsAmong, hostsIn, plainHosts } from "../tls-settings";
import { unverifiedTls, type UnverifiedTls } from "../unverified-tls";
import { isPublished } from "./publishing";
import { serverOf } from "./images";
import { standingOf, type Saying } from "./endpoints";

/** The known value of a variable that somebody set; an empty one that is only passed on sets nothing. */
export function valueOf({ value, isFromFile }: ServiceVariable): string | undefined {
  if (value === undefined || isFromFile || !value.value.known) return undefined;
  return value.value.value === "" && value.variables.length > 0 ? undefined : value.value.value.trim();
}

/** The place of the name, for a value that is empty. */
export function nameOf({ nameSpan, file }: ServiceVariable): Span & { readonly file: string } {
  return { start: nameSpan.start, end: nameSpan.end, file };
}

/**
 * The hosts that a setting is about, as far as the text around it or the variables beside it tell: in lower case. Empty
 * where they are named but not known, undefined where nothing names them.
 */
function hostsAround(saying: Saying, service: Service): readonly string[] | undefined {
  const own = hostsIn(saying.at);
  if (own !== undefined) return own;
  if (saying.program !== undefined) return hostsOfCommand(saying.program.words);
  return saying.by === "variable" ? hostsAmong(saying.name, service.environment) : undefined;
}

function hostsOfCommand(words: readonly Setting[]): readonly string[] | undefined {
  const named = words.flatMap((word, i) => {
    const { text } = word.scalar;
    const option = /^(?:--?(?:host|hostname|server|addr|address|endpoint|url))(?:=(.*))?$|^-h$/.exec(text);
    const value = option?.[1] ?? (option === null ? undefined : words[i + 1]?.scalar.text);
    return value === undefined ? (hostsIn(word) ?? []) : plainHosts(value);
  });
  return named.length === 0 ? undefined : named;
}

/** Where the connections go that a setting is about; `unknown` where nobody can tell. */
export type Link = "itself" | "inside" | "outside" | "unknown";

export const linkOf = (saying: Saying, service: Service, context: Context): Link =>
  linkTo(hostsAround(saying, service), service, context);

export function linkTo(hosts: readonly string[] | undefined, service: Service, context: Context): Link {
  if (hosts === undefined || hosts.length === 0) return "unknown";
  const standings = hosts.map((h) => standingOf(h, service, context).at);
  if (standings.some((s) => s === "public" || s === "document")) return "outside";
  return standings.every((s) => s === "itself") ? "itself" : "inside";
}

/**
 * A setting of a connection (`saying`), or of the service's own listeners: info where nothing leaves the project, or
 * nobody knows whether it does. Undefined where nothing leaves the container.
 */
export function plainSeverity(
  saying: Saying | undefined,
  weakness: Weakness,
  service: Service,
  context: Context,
): Severity | undefined {
  const link = saying === undefined ? "unknown" : linkOf(saying, service, context);
  if (link === "itself") return undefined;
  if (link === "inside" || weakness === "optional") return "info";
  if (link === "outside") return "warning";
  if (saying === undefined || serverOf(service, context) !== undefined) return isReached(service) ? "warning" : "info";
  // A service that is alone in its project speaks to somebody outside of it.
  return service.project.services.length > 1 || service.project.isOpen ? "info" : "warning";
}

function isReached(service: Service): boolean {
  const mode = service.networkMode?.value;
  return isPublished(service) || (mode?.known === true && mode.value === "host");
}

/** `NODE_TLS_REJECT_UNAUTHORIZED=0` of `NODE_TLS_REJECT_UNAUTHORIZED=0 node app.js`. */
export interface CommandAssignment extends Span {
  readonly name: string;
  readonly value: string;
}

/** The assignments of a program's scripts: before a command, behind `env` and `export`, and alone. */
export function assignedIn(program: Program): readonly CommandAssignment[] {
  const { commands } = program;
  const alone = [...new Set(commands.map((c) => c.script))].flatMap((s) => s.assignments);
  const before = [...alone, ...commands.flatMap((c) => c.assignments)].flatMap(({ name, value, start, end }) => {
    const text = value === undefined ? "" : value.text;
    return text === undefined ? [] : [{ name, value: text, start, end }];
  });
  const behind = commands
    .flatMap((c) => c.wrappers.flatMap((w) => w.words))
    .flatMap(({ text, start, end }) => {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/.exec(text ?? "") ?? [];
      return name === undefined || value === undefined ? [] : [{ name, value, start, end }];
    });
  return [...before, ...behind];
}

/** An option that weakens TLS, after the table of server images. */
export interface WeakOption extends Span {
  readonly found: Switch;
  /** As written, without quotes. */
  readonly text: string;
}

export function weakOptions(
  command: Command,
  weakens: "encryption" | "verification",
  server: ServiceImage | undefined,
): readonly WeakOption[] {
  const { words } = command;
  return insecureOptions(
    words.map((w) => w.source),
    server,
  ).flatMap(({ found, from, to }) => {
    const [first, last] = [words[from], words[to - 1]];
    if (found.weakens !== weakens || first === undefined || last === undefined) return [];
    const text = words
      .slice(from, to)
      .map((w) => w.source)
      .join(" ");
    return [{ found, text, start: first.start, end: last.end }];
  });
}

/** A Dockerfile's command is taken out together with its instruction; here none is there, and none is asked for. */
const noInstruction = undefined as unknown as RunningInstruction;

/** What a command does that turns checks off, after the manuals of the program that it runs. */
export const uncheckedIn = (command: Command): readonly UnverifiedTls[] =>
  unverifiedTls(command, noInstruction).map((found) =>
    found.start === command.start && found.end === command.end ? { ...found, remove: () => command.remove() } : found,
  );

/** Takes one word out of a command; undefined where more than one stands at the place. */
export function withoutWord(program: Program, command: Command, at: Span): readonly Edit[] | undefined {
  if (command.script.form === "exec" && program.datum.kind === "sequence") {
    const [item, ...others] = program.words.filter((w) => contains(at, w));
    return others.length > 0 ? undefined : item?.remove();
  }
  const [word, ...others] = command.written.filter((w) => contains(at, w));
  return word === undefined || others.length > 0 ? undefined : [command.removeWord(word)];
}

/** Everything that a service runs. */
export const programsOf = ({ command, entrypoint, healthTest, hooks }: Service): readonly Program[] =>
  [command, entrypoint, healthTest, ...hooks.map((h) => h.program)].filter((p) => p !== undefined);
