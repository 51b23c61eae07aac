/** Edits that take secrets out of compose files: variables in their place, and files that containers read. */
import {
  choice,
  type Context,
  type Edit,
  type FileEdits,
  type Fix,
  fixIn,
  literal,
  Resource,
  type Build,
  type ComposeProject,
  overlaps,
  type Program,
  type Service,
  type ServiceVariable,
  type Setting,
  type YamlData,
} from "../../../engine/index";
import { credentialOf } from "../images/services";
import { secretId } from "../secret-mount";
import { credentialName, nameWords } from "../secrets";
import {
  type ComposeCredential,
  type Expanded,
  expansions,
  type Reference,
  textOf,
  type WrittenValue,
  writtenValue,
} from "./credentials";
import { serverOf } from "./images";

/** `${NAME:?set NAME}` in a guided fix; the name is a choice where nobody has one yet. */
export const required = (name: string): string => `\\\${${choice(1, name)}:?set ${choice(1, name)}\\}`;
const requiredAs = (name: string): string => `\\\${${name}:?${choice(1, `set ${name}`)}\\}`;

/** The innermost `${NAME:-…}` around the characters, with its name. */
function referenceAround(text: string, from: number, to: number) {
  let innermost: { readonly name: string; readonly from: number; readonly to: number } | undefined;
  for (const opening of text.matchAll(/\$\{([A-Za-z_]\w{0,200}):?-/g)) {
    if (opening.index >= from) break;
    const end = closingOf(text, opening.index + 2);
    if (end >= to) innermost = { name: opening[1] ?? "", from: opening.index, to: end + 1 };
  }
  return innermost;
}

/** The offset of the brace that closes the one before `from`; -1 where none does. */
function closingOf(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

interface Style {
  /** The texts are snippets. */
  readonly snippet?: boolean;
}
export const guided: Style = { snippet: true };

/** Writes a text in the place of characters of what is written; quotes the whole where it needs quotes then. */
function writeOver(value: WrittenValue, from: number, to: number, text: string, style: Style): FileEdits | undefined {
  const { setting, whole, isPlain } = value;
  const kept = style.snippet === true ? literal : (t: string): string => t;
  const edits = isPlain
    ? setting.replace(kept(whole.slice(0, from)) + text + kept(whole.slice(to)), style)
    : [{ span: value.span(from, to), text }];
  return edits && { file: setting.file, edits };
}

/** A name for the variable that holds what was found under `name`: `DATABASE_URL` holds `DATABASE_PASSWORD`. */
function variableFor({ name, found, value, service }: ComposeCredential): string {
  if (name === undefined) return found.kind === "provider-token" ? "TOKEN" : "SECRET";
  const owner = service?.name ?? value?.setting.path[1] ?? "";
  const isWhole = value !== undefined && value.start + found.span.end === value.whole.length && found.span.start === 0;
  const kind = credentialName(name);
  const isOwn = isWhole || (kind !== undefined && kind !== "connection" && kind !== "login" && kind !== "webhook");
  const stem = name.replace(/(?<![_.-])[_.-]*(?:URL|URI|DSN|AUTH|CONN(?:ECTION)?[_-]?STR(?:ING)?)$/i, "");
  const own = isOwn ? name : `${stem.length < 3 ? owner : stem}_PASSWORD`;
  const isBare = nameWords(own).length === 1 && value?.setting.path.at(-1) !== name;
  if (!isBare && /^[A-Z_][A-Z0-9_]*$/.test(own)) return own;
  const words = nameWords(isBare ? `${owner}_${own}` : own);
  return words
    .join("_")
    .toUpperCase()
    .replace(/^(?=\d)/, "_");
}

/** Leaves a variable in the credential's place, one that must be set. */
function asVariable(credential: ComposeCredential, context: Context): Fix | undefined {
  const { value, from, to } = credential;
  if (value === undefined) return undefined;
  const reference = referenceAround(value.whole, from, to);
  const name = reference?.name ?? variableFor(credential);
  const edits =
    reference === undefined
      ? writeOver(value, from, to, required(name), guided)
      : writeOver(value, reference.from, reference.to, requiredAs(name), guided);
  const title = reference === undefined ? `Take ${name} from the environment` : `Require ${name} to be set`;
  return fixIn(context.file, title, "guided", [edits]);
}

/** Where the value of a secret of the project comes from. */
type Origin = { readonly file: string } | { readonly environment: string };

/** Gives the service a secret of the project, which is made where there is none. */
export function mountSecret(service: Service, file: string, id: string, origin: Origin, style: Style) {
  const { project } = service;
  const into = { file, ...style };
  const use = service.secrets.find((u) => u.name === id);
  // Somewhere else than where the fix says that it is.
  if (use?.target !== undefined && use.target.slice(use.target.lastIndexOf("/") + 1) !== id) return [undefined];
  return [
    ...(use === undefined ? [service.append(["secrets"], id, into)] : []),
    ...(project.resource("secrets", id) === undefined ? [setSecret(project, file, id, origin, style)] : []),
  ];
}

/** The project itself has no word for new resources; a resource of the whole model sets them. */
const setSecret = (project: ComposeProject, file: string, id: string, origin: Origin, style: Style) =>
  new Resource("secrets", id, project.loaded.model).set(["secrets", id], origin as YamlData, { file, ...style });

/** What somebody keeps beside the project, out of version control. */
export const besideProject = (id: string): Origin => ({ file: `./secrets/${choice(1, `${id}.txt`)}` });

/** Edits of several steps as one: what is written at the same place is written one behind the other. */
export function merged(all: readonly (FileEdits | undefined)[]): readonly (FileEdits | undefined)[] {
  if (all.includes(undefined)) return all;
  const files = new Map<string | undefined, Edit[]>();
  for (const part of all) {
    const edits = files.get(part?.file) ?? [];
    files.set(part?.file, edits);
    for (const edit of part?.edits ?? []) {
      const same = edits.findIndex((e) => e.span.start === edit.span.start && e.span.end === edit.span.end);
      const before = edits[same];
      if (before === undefined) edits.push(edit);
      else edits[same] = { span: edit.span, text: before.text + edit.text };
    }
  }
  return [...files].map(([file, edits]) => (file === undefined ? { edits } : { file, edits }));
}

/** The name of the variable that the image reads a file's path from; undefined where it reads none. */
export function fileVariableOf(name: string, service: Service, context: Context): string | undefined {
  const server = serverOf(service, context);
  return server && credentialOf(server, name)?.fileVariable;
}

/**
 * Whether other services have it by an alias, or this one has it from elsewhere: each of them would need the secret. What
 * extends the service has its secrets too.
 */
function isShared(variable: ServiceVariable, service: Service): boolean {
  const { routes, file, start } = variable;
  if (routes.includes("anchor") || routes.includes("extends") || !service.files.includes(file)) return true;
  return service.project.services.some(
    (other) =>
      other !== service &&
      [...other.environment, ...(other.build?.args ?? [])].some(
        (v) => v.file === file && v.start === start && v.routes.includes("anchor"),
      ),
  );
}

/**
 * Names the file variable instead, and the secret's path as its value. Only where the variable is written for this
 * service alone: elsewhere every service that shares it would need the secret.
 */
function nameFile(
  variable: ServiceVariable,
  service: Service,
  fileVariable: string,
  id: string,
): FileEdits | undefined {
  const { name, nameSpan, file, keySpan } = variable;
  const value = textOf(variable, service);
  if (isShared(variable, service) || variable.replaced.length > 0 || !fileVariable.startsWith(name)) return undefined;
  const path = `/run/secrets/${id}`;
  const behind = nameSpan.end - (nameSpan.end - nameSpan.start - name.length) / 2;
  const suffix = { span: { start: behind, end: behind }, text: fileVariable.slice(name.length) };
  if (value === undefined) {
    const edits = keySpan === undefined ? variable.replace(`${fileVariable}=${path}`) : variable.replace(path);
    return edits && { file, edits: keySpan === undefined ? edits : [suffix, ...edits] };
  }
  const written = writtenValue(value, name);
  if (written === undefined || written.isBlock) return undefined;
  return { file, edits: [suffix, { span: written.span(written.start, written.whole.length), text: path }] };
}

/** A secret of its own for each service: another service's of the same name may hold another value. */
function idOf(name: string | undefined, service: Service): string {
  const id = secretId(name === undefined || name === "password" ? `${service.name}_password` : name);
  const isTaken = service.project.resource("secrets", id) !== undefined && !service.secrets.some((u) => u.name === id);
  return isTaken ? secretId(`${service.name}_${id}`) : id;
}

/** Gives the credential as a file, which the image reads. */
function asFile(variable: ServiceVariable, service: Service, context: Context): Fix | undefined {
  const fileVariable = fileVariableOf(variable.name, service, context);
  if (fileVariable === undefined) return undefined;
  const id = idOf(variable.name, service);
  const { file } = variable;
  return fixIn(
    context.file,
    `Give it as a secret, in ${fileVariable}`,
    "guided",
    merged([
      nameFile(variable, service, fileVariable, id),
      ...mountSecret(service, file, id, besideProject(id), guided),
    ]),
  );
}

/** The same for a value that a variable of the shell gives: the secret is made of that variable. */
export function fileFromVariable(variable: ServiceVariable, from: string, service: Service, context: Context) {
  const fileVariable = fileVariableOf(variable.name, service, context);
  if (fileVariable === undefined) return undefined;
  const id = idOf(variable.name, service);
  const { file } = variable;
  if (service.project.resource("secrets", id) !== undefined) return undefined;
  return fixIn(
    context.file,
    `Give it as a secret, in ${fileVariable}`,
    "unsafe",
    merged([
      nameFile(variable, service, fileVariable, id),
      ...mountSecret(service, file, id, { environment: from }, {}),
    ]),
  );
}

/** Refuses to start without the variable, at a reference that would be empty. */
export function requireSet(setting: Setting, { from, to, variable }: Reference, context: Context): Fix | undefined {
  const value = writtenValue(setting);
  const text = `\${${variable}:?${variable} is not set}`;
  const edits = value && writeOver(value, from, to, text, {});
  const isOptional = value?.whole.slice(from, to).endsWith("-}") === true;
  return fixIn(context.file, `Require ${variable} to be set`, isOptional ? "unsafe" : "safe", [edits]);
}

/** The same for a variable that is only named, so that the shell's is passed on. */
export function requireName(variable: ServiceVariable, context: Context): Fix | undefined {
  const { name, file, keySpan } = variable;
  const text = `\${${name}:?${name} is not set}`;
  const edits = variable.replace(keySpan === undefined ? `${name}=${text}` : text);
  return fixIn(context.file, `Require ${name} to be set`, "safe", [edits && { file, edits }]);
}

/** Lets a shell in the container read the secret; a program without a shell cannot. */
function asSubstitution({ at, name, service, word, command }: ComposeCredential, context: Context): Fix | undefined {
  if (service === undefined || word === undefined || command?.script.form !== "shell") return undefined;
  if (word.raw.includes("'") || !service.files.includes(at.file)) return undefined;
  const id = idOf(name, service);
  const text = literal(`$$(cat /run/secrets/${id})`);
  return fixIn(
    context.file,
    "Read it from a secret",
    "guided",
    merged([
      { file: at.file, edits: [{ span: { start: at.start, end: at.end }, text }] },
      ...mountSecret(service, at.file, id, besideProject(id), guided),
    ]),
  );
}

/** The same for a variable of compose, wherever the program's shell texts expand it. */
export function readInShell({ name }: Expanded, program: Program, service: Service, context: Context): Fix | undefined {
  const id = secretId(name);
  if (!service.files.includes(program.file) || service.project.resource("secrets", id) !== undefined) return undefined;
  const words = program.commands.filter((c) => c.script.form === "shell").flatMap((c) => c.written);
  const edits = expansions(program)
    .filter((e) => e.name === name)
    .map(({ span }): Edit | undefined => {
      const word = words.find((w) => overlaps(w, span));
      const isExpanded = word !== undefined && !word.raw.includes("'");
      return isExpanded
        ? { span: { start: span.start, end: span.end }, text: `$$(cat /run/secrets/${id})` }
        : undefined;
    });
  if (edits.includes(undefined)) return undefined;
  return fixIn(
    context.file,
    "Read it from a secret",
    "unsafe",
    merged([
      { file: program.file, edits: edits.filter((e) => e !== undefined) },
      ...mountSecret(service, program.file, id, { environment: name }, {}),
    ]),
  );
}

/** Gives a build argument as a secret of the build; the Dockerfile must mount it then. */
export function asBuildSecret(
  arg: ServiceVariable,
  from: string,
  build: Build,
  service: Service,
  context: Context,
): Fix | undefined {
  const { file, name } = arg;
  const id = secretId(name);
  if (isShared(arg, service)) return undefined;
  const whole = build.args.length === 1 ? service.part("build", "args") : arg;
  const removal = whole?.remove();
  const into = { file, snippet: true };
  const origin = { environment: choice(1, from) };
  const isMade = service.project.resource("secrets", id) !== undefined;
  return fixIn(
    context.file,
    `Give ${name} as a secret of the build, which the Dockerfile mounts`,
    "guided",
    merged([
      removal && { file, edits: removal },
      ...(build.secrets.includes(id) ? [] : [service.append(["build", "secrets"], id, into)]),
      ...(isMade ? [] : [setSecret(service.project, file, id, origin, guided)]),
    ]),
  );
}

/** The fixes for a credential that stands in a file, the best first. */
export function fixesFor(credential: ComposeCredential, context: Context): readonly Fix[] {
  const { place, service, name } = credential;
  if (place === "command") return [asSubstitution(credential, context)].filter((f) => f !== undefined);
  if (place === "build") {
    const build = service?.build;
    const arg = build?.args.find((a) => a.name === name);
    if (build === undefined || arg === undefined || service === undefined) return [];
    return [asBuildSecret(arg, arg.name, build, service, context)].filter((f) => f !== undefined);
  }
  const variable = place === "environment" ? service?.environment.find((v) => v.name === name) : undefined;
  const file = variable && service && asFile(variable, service, context);
  return [file, asVariable(credential, context)].filter((f) => f !== undefined);
}
