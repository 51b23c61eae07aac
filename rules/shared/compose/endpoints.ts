/** The addresses in what a service is told, who stands behind them, and which protocols leave them unencrypted. */
import { contains, type Context, isShell, type Program, type Service, type Setting } from "../../../engine/index";
import { isDocumentHost, isEncryptedAmong, isPrivateHost, isThisMachine, noEndpoint } from "../addresses";

/** A text that a service is given. */
export interface Saying {
  readonly by: "variable" | "command" | "health" | "label";
  /** The variable's or label's; empty for words of a command. */
  readonly name: string;
  readonly at: Setting;
  /** What the word is one of. */
  readonly program: Program | undefined;
}

/** What the compose files tell a service: the files of `env_file` are not among it. */
export function sayingsOf(service: Service): readonly Saying[] {
  const { environment, labels, command, entrypoint, healthTest, hooks } = service;
  const assigned = [
    ...environment.map((variable) => ({ by: "variable" as const, variable })),
    ...labels.map((variable) => ({ by: "label" as const, variable })),
  ];
  const programs = [
    ...[command, entrypoint, ...hooks.map((h) => h.program)].map((program) => ({ by: "command" as const, program })),
    { by: "health" as const, program: healthTest },
  ];
  return [
    ...assigned.flatMap(({ by, variable }) => {
      const at = variable.isFromFile ? undefined : variable.value;
      return at === undefined ? [] : [{ by, name: variable.name, at, program: undefined }];
    }),
    ...programs.flatMap(({ by, program }) => (program?.words ?? []).map((at) => ({ by, name: "", at, program }))),
  ];
}

/** Whether a program is given a part of a text: it is in no comment, and is not only printed. */
export function isUsed({ program, at }: Saying, part: Setting): boolean {
  if (program === undefined) return true;
  const around = program.commands.filter((c) => contains(c, part));
  const inner = around.find((c) => around.every((o) => contains(o, c)));
  if (inner !== undefined && printers.test(inner.name)) return false;
  const index = inner?.args.findIndex((a) => contains(a, part)) ?? -1;
  const word = inner?.args[index];
  if (beforeOthers.test(inner?.args[index - 1]?.source ?? "")) return false;
  if (inner !== undefined && word !== undefined && !/\s/.test(word.source)) return true;
  if (inner !== undefined ? isShell(inner.name) : program.commands.length > 0) return false;
  const { text } = at.scalar;
  return !/\s/.test(text) || isUsedIn(text, text.indexOf(part.scalar.text));
}

/** Words before which an address is no place that the command speaks to. */
const beforeOthers = /^(?:-x|--proxy|-e|--referer|-H|--header)$/;
const printers = /^(?:echo|printf|:|true)$/;

/** The same for a script that is not known to be one: the entrypoint of the image may be a shell. */
function isUsedIn(text: string, at: number): boolean {
  const before = text.slice(0, at);
  const statement =
    before
      .split(/[\n;&|]/)
      .at(-1)
      ?.trim() ?? "";
  return !before.includes("<<") && !/^(?:#|\/\/|(?:echo|printf)\b)/.test(statement);
}

const routerLabel = /^(?:traefik\.(?!.*(?:redirect|replacement|headers|rule|regex)).*|caddy(?:[_.\d].*)?)$/i;
/** Whether the addresses in it are places that a service speaks to, or sends others to. */
export function isEndpoint({ by, name, at }: Saying): boolean {
  if (by === "variable") return !noEndpoint.test(name);
  if (by === "label") return routerLabel.test(name);
  return !/^--?[\w-]*(?:proxy|origin|cors)[\w-]*=/.test(at.scalar.text);
}

/** Whether another variable of the service asks for TLS on behalf of this one: `LDAP_STARTTLS=true` beside `LDAP_URL`. */
export const isEncryptedBeside = (name: string, { environment }: Service): boolean =>
  isEncryptedAmong(
    name,
    environment.map((v) => ({ name: v.name, value: v.value?.value.known === true ? v.value.value.value : undefined })),
  );

/**
 * Who a host is, seen from a service. `itself`: the service, or the machine that it runs on. `project`: another service,
 * or a name that the project gives (`service` is undefined then). `single`: a name that only some network knows.
 * `document`: no place that anybody speaks to, as the names of XML namespaces and placeholders.
 */
export type Standing =
  | { readonly at: "itself" | "single" | "private" | "public" | "document" }
  | { readonly at: "project"; readonly service: Service | undefined };

export function standingOf(host: string, service: Service, context: Context): Standing {
  const own = namesOf(service, context).get(host);
  if (typeof own === "object" && own.name === service.name) return { at: "itself" };
  if (own !== undefined) return own === "elsewhere" ? { at: "project", service: undefined } : standing(own);
  if (isThisMachine(host)) return { at: "itself" };
  if (isDocumentHost(host)) return { at: "document" };
  if (isPrivateHost(host)) return { at: "private" };
  return { at: host.includes(".") || host.startsWith("[") ? "public" : "single" };
}

const standing = (own: Service | "machine"): Standing =>
  own === "machine" ? { at: "itself" } : { at: "project", service: own };

type Names = ReadonlyMap<string, Service | "elsewhere" | "machine">;

/** What the hosts that a service can name stand for: its own links first, then the services of the project. */
function namesOf(service: Service, context: Context): Names {
  const { project } = service;
  const files = [...project.loaded.files.keys()].join(" ");
  return context.once(`names around ${service.name} in ${files}`, () => {
    const names = new Map<string, Service | "elsewhere" | "machine">();
    const add = (name: string, who: Service | "elsewhere" | "machine" | undefined): void => {
      const key = name.toLowerCase();
      if (who !== undefined && key !== "" && !names.has(key)) names.set(key, who);
    };
    for (const { scalar } of service.settings("links")) {
      const [target = "", alias = target] = scalar.text.split(":");
      add(alias, project.service(target));
    }
    for (const { scalar } of service.settings("external_links")) add(scalar.text.split(":").at(-1) ?? "", "elsewhere");
    for (const [name, address] of extraHosts(service)) add(name, isThisMachine(address) ? "machine" : "elsewhere");
    for (const other of project.services) add(other.name, other);
    for (const other of project.services) for (const name of aliasesOf(other)) add(name, other);
    return names;
  });
}

function aliasesOf(service: Service): readonly string[] {
  const text = (key: string): string => service.setting(key)?.scalar.text ?? "";
  const [host, domain] = [text("hostname"), text("domainname")];
  return [
    text("container_name"),
    host,
    host === "" || domain === "" ? "" : `${host}.${domain}`,
    ...service.networks.flatMap(({ name }) => service.settings("networks", name, "aliases").map((a) => a.scalar.text)),
  ];
}

function extraHosts(service: Service): readonly (readonly [name: string, address: string])[] {
  const datum = service.get("extra_hosts");
  if (datum?.kind === "mapping")
    return [...datum.entries].map(([name, at]) => [name, at.kind === "scalar" ? at.text : ""]);
  return service.settings("extra_hosts").map(({ scalar: { text } }) => {
    const at = text.search(/[=:]/);
    return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  });
}

/** Whether somebody wrote the text here, as it is or as a default, so that other text can take its place. */
export const isWritten = (text: Setting): boolean => text.variables.every(({ how }) => how === "default");
