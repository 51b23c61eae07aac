/** Credentials that somebody wrote into compose files. What comes from `.env` or an `env_file` is not among them. */
import {
  type Command,
  type ComposeProject,
  type Context,
  type Datum,
  overlaps,
  Part,
  type Program,
  type Resource,
  type Service,
  type ServiceVariable,
  Setting,
  type ShellWord,
  type Span,
} from "../../../engine/index";
import type { ServiceImage } from "../images/services";
import { type Beside, type Classification, classify, classifyText, credentialName, type NamedValue } from "../secrets";
import {
  companionOf,
  credentialPlaces,
  credentialsInLines,
  credentialsInOptions,
  credentialsOfCommand,
  isTrustStore,
  secretOfImage,
} from "../written-credentials";
import { imageOf, serverOf } from "./images";

/** A value as it is written: variables stand in it as they are, `$$` too. */
export interface WrittenValue {
  readonly setting: Setting;
  /** The characters of the whole scalar; the value begins at `start`, behind the `NAME=` of a list's item. */
  readonly whole: string;
  readonly start: number;
  /** The place of characters of the whole. */
  readonly span: (from: number, to: number) => Span;
  /** Unquoted: other characters may need quotes. */
  readonly isPlain: boolean;
  readonly isBlock: boolean;
}

/** `unused`: nothing takes effect from there, be it a fragment, or overridden. */
export type Section = "environment" | "build" | "setting" | "content" | "command" | "unused";

export interface ComposeCredential {
  readonly found: Classification;
  readonly place: Section;
  /** The credential alone. It moves with the text, as all that a service keeps must. */
  readonly at: Span & { readonly file: string };
  /** The name that it is given for; undefined where it stands by itself. */
  readonly name: string | undefined;
  readonly service: Service | undefined;
  /** Undefined in commands. */
  readonly value: WrittenValue | undefined;
  /** Where the credential stands in the whole of the value. */
  readonly from: number;
  readonly to: number;
  /** The word of a command. */
  readonly word: ShellWord | undefined;
  readonly command: Command | undefined;
}

/** The text behind a setting; undefined where nobody wrote one. `name`: what a list's item begins with. */
export function writtenValue(setting: Setting, name?: string): WrittenValue | undefined {
  // A scalar without variables has its pieces only in its parts; an empty default only in the whole.
  const pieces = [...(setting.scalar.pieces ?? []), ...(setting.part(0).scalar.pieces ?? [])];
  const node = pieces.find((p) => p.node !== undefined)?.node;
  if (node === undefined) return undefined;
  const whole = node.text;
  const isItem = setting.keySpan === undefined && name !== undefined && whole.startsWith(`${name}=`);
  return {
    setting,
    whole,
    start: isItem ? name.length + 1 : 0,
    span: (from, to) => node.part(from, to),
    isPlain: node.style === "plain",
    isBlock: node.body !== undefined,
  };
}

/** The characters as a part of their setting, where they are in it as they stand; else only their place. */
function placeOf({ setting, span }: WrittenValue, from: number, to: number): Span & { readonly file: string } {
  let at = 0;
  for (const piece of setting.part(0).scalar.pieces ?? []) {
    const isVerbatim = piece.how === "written" || piece.how === "default";
    if (isVerbatim && piece.from <= from && to <= piece.to && piece.to - piece.from === piece.text.length) {
      return setting.part(at + from - piece.from, at + to - piece.from);
    }
    at += piece.text.length;
  }
  return new Place(span(from, to), setting.file);
}

/** A place with its file, wherever that place is by now. */
class Place implements Span {
  constructor(
    private readonly span: Span,
    readonly file: string,
  ) {}

  get start(): number {
    return this.span.start;
  }

  get end(): number {
    return this.span.end;
  }
}

/** The credentials that a service is given. */
export const credentialsOf = (service: Service, context: Context): readonly ComposeCredential[] =>
  collectionOf(service, context).all;

/** What belongs to no service: resources of the project, and fragments of the files that nothing uses. */
export const credentialsBeside = (project: ComposeProject, context: Context): readonly ComposeCredential[] =>
  project.once(`credentials beside ${basesOf(project, context)}`, () => {
    if (holdNothing(project, context)) return [];
    const collection = new Collection(context);
    collection.ofProject(project);
    return collection.all;
  });

/** What the Dockerfiles of the project are built on: it decides which variables are credentials. */
function basesOf(project: ComposeProject, { project: around }: Context): string {
  const paths = project.once("Dockerfiles", () => project.services.flatMap((s) => s.build?.dockerfilePath ?? []));
  if (paths.length === 0) return "";
  const summaries = around.summaries("dockerfile");
  return paths.map((path) => summaries.get(path)?.base ?? "").join("\0");
}

function collectionOf(service: Service, context: Context): Collection {
  const collect = (): Collection => {
    const collection = new Collection(context);
    collection.ofService(service);
    return collection;
  };
  // What is built has an image that other files tell.
  return service.build === undefined ? service.once("credentials", collect) : collect();
}

/** Sections whose keys are names that people choose. */
const named = new Set(["environment", "labels", "args", "options", "driver_opts", "annotations"]);

interface Told {
  readonly name: string | undefined;
  readonly setting: Setting;
  readonly path: readonly string[];
}

/** Every text below a datum, with its name where people choose names: its key, or what an item writes before `=`. */
function tell(datum: Datum, path: readonly string[], isNamed: boolean, key?: string): Told[] {
  switch (datum.kind) {
    case "unclear":
      return [];
    case "sequence":
      return datum.items.flatMap((item, i) => tell(item, [...path, String(i)], isNamed));
    case "mapping":
      return [...datum.entries].flatMap(([k, value]) => tell(value, [...path, k], isNamed || named.has(k), k));
    case "scalar": {
      if (datum.implied || datum.type === "null") return [];
      const setting = new Setting(datum, path);
      if (!isNamed || key !== undefined) return [{ name: isNamed ? key : undefined, setting, path }];
      const item = /^([A-Za-z_][\w.-]{0,120})=/.exec(datum.text)?.[1];
      return [{ name: item, setting: item === undefined ? setting : setting.part(item.length + 1), path }];
    }
  }
}

/** Most resources and fragments hold no credential: then it does not matter which services use them. */
function holdNothing(project: ComposeProject, context: Context): boolean {
  const { fragments } = project;
  const grounds = [...resourcesOf(project).map((r) => r.mapping), ...fragments.map((f) => f.datum)];
  return project.keep("no credentials beside", grounds, () => {
    const collection = new Collection(context);
    collection.ofResources(project);
    for (const { datum, path } of fragments)
      for (const told of tell(datum, path, true)) collection.addUnseen(told, undefined, new Set());
    return collection.all.length === 0;
  });
}

const resourcesOf = ({ networks, volumes, secrets, configs }: ComposeProject): readonly Resource[] => [
  ...networks,
  ...volumes,
  ...secrets,
  ...configs,
];

class Collection {
  readonly all: ComposeCredential[] = [];
  /** Every text that was looked at. */
  readonly seen: WrittenValue[] = [];

  constructor(private readonly context: Context) {}

  ofProject(project: ComposeProject): void {
    this.ofResources(project);
    const { fragments } = project;
    if (fragments.length === 0) return;
    for (const service of project.services) this.seen.push(...collectionOf(service, this.context).seen);
    const seen = new Set(this.seen.map(keyOf));
    for (const fragment of fragments) {
      for (const told of tell(fragment.datum, fragment.path, true)) this.addUnseen(told, undefined, seen);
    }
  }

  ofResources(project: ComposeProject): void {
    for (const resource of resourcesOf(project)) {
      for (const told of tell(resource.mapping, resource.path, false)) {
        if (told.path.at(-1) === "content") this.inContent(told.setting);
        else this.add(told, "setting", undefined);
      }
    }
  }

  ofService(service: Service): void {
    for (const variable of service.environment) this.inVariable(variable, service);
    const path = [...service.path, "environment"];
    const environment = service.get("environment");
    const seen = new Set(this.seen.map(keyOf));
    for (const told of environment === undefined ? [] : tell(environment, path, true)) {
      // A mapping in the list is none of its forms.
      if (told.path.length === path.length + 1) this.addUnseen(told, service, seen);
    }
    for (const told of tell(service.mapping, service.path, false)) {
      const [, , section, second] = told.path;
      if (section === "environment" || section === "command" || section === "entrypoint") continue;
      if (section === "healthcheck" || told.path[4] === "command") continue;
      this.add(told, section === "build" && second === "args" ? "build" : "setting", service);
    }
    const hooks = service.hooks.flatMap((h) => h.program ?? []);
    for (const program of [service.command, service.entrypoint, service.healthTest, ...hooks]) {
      if (program !== undefined) this.inProgram(program, service);
    }
  }

  private inVariable(variable: ServiceVariable, service: Service): void {
    const { name, value, path, isFromFile } = variable;
    if (value !== undefined && !isFromFile) this.add({ name, setting: value, path }, "environment", service);
    for (const { value: old } of variable.replaced) {
      if (old.kind !== "scalar") continue;
      const setting = new Setting(old, path);
      const isItem = old.text.startsWith(`${name}=`);
      this.add({ name, setting: isItem ? setting.part(name.length + 1) : setting, path }, "unused", service);
    }
  }

  private add({ name, setting }: Told, place: Section, service: Service | undefined): void {
    const value = writtenValue(setting, name);
    if (value === undefined) return;
    this.seen.push(value);
    // Quotes that a list's item writes behind `=` are characters of the value, though nobody means them.
    const written = value.whole.slice(value.start);
    const text = written.replace(/^(["'])(.*)\1$/s, "$2");
    const shift = text === written ? 0 : 1;
    const beside = name === undefined || service === undefined ? {} : this.beside(name, service);
    const found = name === undefined ? classifyText(text) : [this.classified({ name, value: text, beside }, service)];
    for (const f of found) if (f !== undefined) this.keep(shifted(f, shift), name, value, place, service);
    if (name === undefined || found[0] !== undefined || !/(?:ARGS|OPTS|OPTIONS|FLAGS)$/.test(name)) return;
    for (const option of credentialsInOptions(written)) this.keep(option.found, option.name, value, place, service);
  }

  /** What nothing else has led to takes no effect, and yet is written there. */
  addUnseen(told: Told, service: Service | undefined, seen: ReadonlySet<string>): void {
    const value = writtenValue(told.setting);
    if (value !== undefined && !seen.has(keyOf(value))) this.add(told, "unused", service);
  }

  private classified(given: NamedValue, service: Service | undefined): Classification | undefined {
    if (isTrustStore(given.name)) return undefined;
    const server: ServiceImage | undefined = service && serverOf(service, this.context);
    return classify(given) ?? secretOfImage(server, given);
  }

  private beside(name: string, service: Service): Beside {
    if (credentialName(name) === undefined) return { service: service.name };
    const beside: Record<string, string> = { service: service.name };
    const image = imageOf(service, this.context) ?? service.image?.reference;
    if (image !== undefined) beside["image"] = image.repository;
    for (const other of service.environment) {
      const role = companionOf(name, other.name);
      if (role !== undefined && other.value?.value.known) beside[role] ??= other.value.value.value;
    }
    return beside;
  }

  private inContent(setting: Setting): void {
    const value = writtenValue(setting);
    if (value === undefined) return;
    for (const { found, name } of credentialsInLines(value.whole)) this.keep(found, name, value, "content", undefined);
  }

  private keep(
    found: Classification,
    name: string | undefined,
    value: WrittenValue,
    place: Section,
    service: Service | undefined,
  ): void {
    const from = value.start + found.span.start;
    const to = value.start + found.span.end;
    const at = placeOf(value, from, to);
    // A default that the project's own files give a value over.
    const isOverridden = found.fallback === true && !(at instanceof Part);
    const more = { word: undefined, command: undefined };
    this.all.push({ found, place: isOverridden ? "unused" : place, at, name, service, value, from, to, ...more });
  }

  private inProgram(program: Program, service: Service): void {
    for (const setting of program.words) {
      const value = writtenValue(setting);
      if (value !== undefined) this.seen.push(value);
    }
    const given = expansions(program);
    for (const command of program.commands) {
      for (const { found, at, name } of credentialsOfCommand(command)) {
        if (given.some((g) => overlaps(g.span, at))) continue;
        const word = command.written.find((w) => w.start <= at.start && at.end <= w.end);
        const span = new Place(at, program.file);
        const rest = { value: undefined, from: 0, to: 0, word, command };
        this.all.push({ found, place: "command", at: span, name, service, ...rest });
      }
    }
  }
}

const shifted = (found: Classification, by: number): Classification =>
  by === 0 ? found : { ...found, span: { start: found.span.start + by, end: found.span.end + by } };

const keyOf = ({ setting, span }: WrittenValue): string => `${setting.file} ${span(0, 0).start}`;

/** The text of a variable with every reference in it; of a list's item the whole, for its parts know no empty default. */
export function textOf(variable: ServiceVariable, service: Service): Setting | undefined {
  const { value, source, path } = variable;
  const datum = service.get("environment");
  const items = datum?.kind === "sequence" ? datum.items : [];
  const item = items.find((i) => i.kind === "scalar" && i.source === source);
  return value !== undefined && item?.kind === "scalar" && item.text !== variable.name
    ? new Setting(item, path)
    : value;
}

/** A variable in a text, and what it stands for. */
export type Reference = Setting["variables"][number];

/** Somebody else gives the value, by variables; what they fall back to, if anything, is empty. */
export const isGiven = (setting: Setting): boolean =>
  setting.variables.length > 0 && (setting.scalar.pieces ?? []).every((p) => p.how !== "default" || p.text === "");

/** A variable of compose in the words of a program, at its `${…}`. */
export interface Expanded {
  readonly name: string;
  readonly span: Span;
  readonly word: Setting;
}

/** The variables of compose in a program's words, whether their values are known or not. */
export const expansions = (program: Program): readonly Expanded[] =>
  program.words.flatMap((word) =>
    word.variables.flatMap(({ how, node, from, to, variable }) =>
      node === undefined || variable === undefined || how === "default"
        ? []
        : [{ name: variable, span: node.part(from, to), word }],
    ),
  );

/** Where a program is given a secret by a variable of compose: by the option's name, or by the variable's. */
export function secretExpansions(program: Program): readonly Expanded[] {
  const all = expansions(program);
  if (all.length === 0) return all;
  const places = program.commands.flatMap(credentialPlaces);
  return all.filter((e) => isSecretName(e.name) || places.some((p) => overlaps(p.at, e.span)));
}

/** Whether the name alone says that the value is a secret: not the name of a login, a web hook or a connection. */
export function isSecretName(name: string): boolean {
  const kind = credentialName(name);
  return kind === "password" || kind === "secret" || kind === "token" || kind === "key";
}
