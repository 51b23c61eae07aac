/** Settings of containers and config maps by which servers let people in. */
import type { Container, Context, Field, Manifest, Span } from "../../../engine/index";
import { doorsOfLines, isEffective, opens } from "../authentication";
import { insecureEnvironment, insecureOptions, type ServiceImage, type Switch } from "../images/services";
import { unitOf } from "./deployed";
import { serversIn } from "./exposure";
import { configTexts, serverOf } from "./sayings";

export interface OpenDoor {
  readonly at: Span;
  /** What stands there, for what a template decides about it. */
  readonly field: Field;
  /** The setting, as a message names it. */
  readonly text: string;
  /** Undefined for a line of pg_hba.conf. */
  readonly found: Switch | undefined;
  /** Of a variable: its name. */
  readonly name?: string;
  /** Words that are the setting. */
  readonly words?: readonly Field[];
}

export const openDoors = (container: Container): readonly OpenDoor[] => [
  ...doorsOfVariables(container),
  ...doorsOfWords(container),
];

function doorsOfVariables(container: Container): readonly OpenDoor[] {
  const server = serverOf(container);
  const { field, reference, env } = container;
  const hasMore = field.get("envFrom") !== undefined || field.get("env")?.isOpen === true;
  const around = {
    server,
    image: reference,
    variables: env.map(({ name, value }) => ({ name, value: value?.string })),
    hasOwnCommand: field.get("command") !== undefined || field.get("args") !== undefined,
    isBuilt: container.mounts.length > 0,
  };
  return env.flatMap(({ name, value }): OpenDoor[] => {
    const text = value?.string;
    if (value === undefined || text === undefined) return [];
    const found = insecureEnvironment(name, text, server);
    if (!opens(found) || !isEffective(name, found, around)) return [];
    // A password may stand in what cannot be seen.
    if (hasMore && /ALLOW_EMPTY|ALLOW_NONE/.test(name)) return [];
    const part = decisive(text, found);
    const from = part === undefined ? -1 : text.toLowerCase().indexOf(part.toLowerCase());
    const at = part !== undefined && from >= 0 ? value.part(from, from + part.length) : value;
    return [
      {
        at: text === "" ? value.anchor : at,
        field: value,
        text: `${name}=${part ?? text}`,
        found: asRole(found, around.variables),
        name,
      },
    ];
  });
}

/** Of a long value only what opens the door: the rest may hold secrets. */
const decisive = (text: string, { value }: Switch): string | undefined => {
  if (typeof value !== "object" || !("has" in value)) return undefined;
  return value.has.find((part) => text.toLowerCase().includes(part.toLowerCase()));
};

/** Visitors become what the role says: of an administrator it is worse. */
function asRole(
  found: Switch,
  variables: readonly { readonly name: string; readonly value: string | undefined }[],
): Switch {
  if (found.name !== "GF_AUTH_ANONYMOUS_ENABLED") return found;
  const role = variables.find((v) => v.name === "GF_AUTH_ANONYMOUS_ORG_ROLE")?.value;
  return /^admin$/i.test(role ?? "") ? { ...found, name: "GF_AUTH_ANONYMOUS_ORG_ROLE", severity: "error" } : found;
}

/** A notebook server without a token, but with a password. */
const notebookPassword = /^--\w+\.(?:hashed_)?password=(?!$|''$|""$)/;

function doorsOfWords(container: Container): readonly OpenDoor[] {
  const { words } = container;
  const server = serverOf(container);
  const texts = words.map((w) => w.string ?? "");
  if (server?.name === "CockroachDB" && !texts.some((w) => /^(?:start|demo)/.test(w))) return [];
  return insecureOptions(texts, server).flatMap(({ found, from, to }): OpenDoor[] => {
    const own = words.slice(from, to);
    const last = own.at(-1);
    if (!opens(found) || last === undefined || own.some((w) => w.string === undefined)) return [];
    if (found.name === "--protected-mode" && asksForPassword(texts, container, server)) return [];
    if (found.name.endsWith(".token") && texts.some((w) => notebookPassword.test(w))) return [];
    return [{ at: last, field: last, text: texts.slice(from, to).join(" "), found, words: own }];
  });
}

/** Redis then asks everybody, protected or not; a configuration file may say so as well. */
function asksForPassword(words: readonly string[], { env }: Container, server: ServiceImage | undefined): boolean {
  if (server?.authenticatedBy.variables.some((name) => env.some((v) => v.name === name))) return true;
  return words.some((word, i) => {
    if (/\.conf$/.test(word) || word === "--aclfile") return true;
    return word === "--requirepass" && !/^(?:|''|"")$/.test(words[i + 1] ?? "");
  });
}

/** The servers of the pods that surely read a config map. */
function readersOf(manifest: Manifest, context: Context): readonly (ServiceImage | undefined)[] {
  const unit = unitOf(context);
  const own = unit?.object(manifest);
  if (unit === undefined || own === undefined || manifest.name === undefined) return [undefined];
  const readers = unit.usersOf("ConfigMap", manifest.name, own.namespace).sure;
  const servers = serversIn(readers.flatMap((r) => r.pods));
  return servers.length === 0 ? [undefined] : servers;
}

/** Values and lines of a config map that let people in, for whichever server reads it. */
export function doorsOfConfig(manifest: Manifest, context: Context): readonly OpenDoor[] {
  const texts = configTexts(manifest);
  if (texts.length === 0) return [];
  const servers = readersOf(manifest, context);
  const variables = texts.map(({ key, at }) => ({ name: key, value: at.field.string }));
  return texts.flatMap(({ key, at, isFile }): readonly OpenDoor[] => {
    const { field } = at;
    if (isFile)
      return doorsOfLines(at.scalar.text, servers).map((line) => ({ ...line, at: at.part(line.from, line.to), field }));
    const value = field.string;
    if (value === undefined) return [];
    const [server] = servers;
    const found = servers.map((s) => insecureEnvironment(key, value, s)).find(opens);
    const around = { server, image: undefined, variables, hasOwnCommand: true, isBuilt: true };
    if (found === undefined || !isEffective(key, found, around) || /ALLOW_EMPTY|ALLOW_NONE/.test(key)) return [];
    return [{ at: field, field, text: `${key}=${decisive(value, found) ?? value}`, found, name: key }];
  });
}
