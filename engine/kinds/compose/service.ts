/** A service of the merged project, in the words of the compose specification. */
import type { ShellParser } from "../../languages/shell/syntax";
import type { YamlData } from "../../languages/yaml/edit";
import type { YamlPath } from "../../languages/yaml/node";
import type { FileEdits } from "../../fix";
import { known, unknown, type Span, type Value } from "../../text/span";
import { basename } from "../../text/path";
import { Build } from "./build";
import { YamlSource, type Datum, type Mapping, type Source } from "./datum";
import { environmentOf, labelsOf, type Files, type Received } from "./environment";
import type { Variables } from "./interpolate";
import type { ComposeProject } from "./project";
import { ServiceImage } from "./image";
import { devicesAt, mountsAt, type Device, type Mount } from "./mount";
import { appendIn, isOpen, Part, setIn, settingAt, settingsAt, type Into, type Setting } from "./part";
import { portsAt, type PublishedPort } from "./port";
import { profilesOf } from "./profiles";
import { Program, programAt, testAt } from "./program";
import { readBytes } from "./quantities";
import { variablesAt, type ServiceVariable } from "./variable";

/** What a service's parts are read with. */
export interface Surroundings {
  readonly project: ComposeProject;
  readonly files: Files;
  readonly variables: Variables;
  readonly parser: ShellParser | undefined;
}

/** A network, volume, secret or config that a service uses. */
export interface Use extends Span {
  /** The name under which the project knows it. */
  readonly name: string;
  readonly part: Part;
  /** Where a secret or config appears in the container. */
  readonly target: string | undefined;
}

/** Runs in the container when that starts or stops. */
export interface Hook {
  readonly part: Part;
  readonly program: Program | undefined;
  readonly privileged: Setting | undefined;
}

/** Small enough to be compared. */
export type Answer = string | number | boolean | undefined;

export type LimitName = "memory" | "cpus" | "pids";

const developmentProfiles = new Set(["dev", "debug", "test", "tools", "local", "development"]);
const developmentFile = /(?:^|\/)\.devcontainer\/|[._-](?:override|dev|devel|development|local|test|debug)\.ya?ml$/i;

export class Service extends Part {
  /** By the numbers of the rules that had nothing to say about it: what the project told them. */
  private quiet: (ReadonlyMap<string, Answer> | undefined)[] = [];
  private readonly questions = new Map<string, (project: ComposeProject) => Answer>();
  private answers: { readonly of: ComposeProject; readonly known: Map<string, Answer> } | undefined;
  private told = new Map<string, Answer>();
  private configured: object | undefined;
  private readonly remembered = new Map<string, unknown>();

  constructor(
    readonly name: string,
    readonly mapping: Mapping,
    private readonly around: Surroundings,
  ) {
    super(mapping, ["services", name]);
  }

  /** Where the service is first written; missing things are reported at its key. */
  override get file(): string {
    return this.origin.file;
  }

  override get keySpan(): Span | undefined {
    return this.origin instanceof YamlSource ? this.origin.key : undefined;
  }

  override get start(): number {
    return (this.keySpan ?? this.origin).start;
  }

  override get end(): number {
    return (this.keySpan ?? this.origin).end;
  }

  get project(): ComposeProject {
    this.around.project.looks++;
    return this.around.project;
  }

  /**
   * What the project around says of this service alone: whether somebody waits for it, say. Unlike a look at
   * {@link project}, it lets a rule stay quiet about the service as long as the answer stays the same.
   */
  ask<T extends Answer>(question: string, answer: (project: ComposeProject) => T): T {
    if (!this.questions.has(question)) this.questions.set(question, answer);
    const value = this.answer(question);
    this.told.set(question, value);
    return value as T;
  }

  /**
   * Whether a rule had nothing to say about the service when it was last asked, and would say so again. All is
   * forgotten where the rules are set anew.
   */
  isQuiet(rule: number, setting: object): boolean {
    if (this.configured !== setting) {
      this.configured = setting;
      this.quiet = [];
    }
    const told = this.quiet[rule];
    if (told === undefined || told.size === 0) return told !== undefined;
    for (const [question, value] of told) if (this.answer(question) !== value) return false;
    return true;
  }

  /** Lets a rule visit the service; `looks` counts what it looked at elsewhere, and what it reported. */
  hear(rule: number, visit: () => void, looks: () => number): void {
    this.told = new Map();
    const before = looks();
    visit();
    this.quiet[rule] = looks() === before ? this.told : undefined;
  }

  private answer(question: string): Answer {
    const { project } = this.around;
    if (this.answers?.of !== project) this.answers = { of: project, known: new Map() };
    const { known } = this.answers;
    if (!known.has(question)) {
      const { looks } = project;
      known.set(question, this.questions.get(question)?.(project));
      project.looks = looks;
    }
    return known.get(question);
  }

  /** What `compute` makes of this service alone, worked out once as long as it stays the same. */
  once<T>(key: string, compute: () => T): T {
    if (!this.remembered.has(key)) this.remembered.set(key, compute());
    return this.remembered.get(key) as T;
  }

  /** Every file that adds to it. */
  get files(): readonly string[] {
    return [...new Set(this.mapping.sources.map((s) => s.file))];
  }

  /** It may have more than can be seen: nothing can be said to be missing. */
  get isOpen(): boolean {
    return this.mapping.open;
  }

  /** Whether a key is there: undefined where that cannot be told. */
  has(key: string): boolean | undefined {
    if (this.mapping.entries.has(key)) return true;
    return this.isOpen ? undefined : false;
  }

  get(key: string): Datum | undefined {
    return this.mapping.get(key);
  }

  /** The part at a key, for what this class has no word for. */
  part(...keys: readonly string[]): Part | undefined {
    const datum = this.at(keys);
    return datum && new Part(datum, [...this.path, ...keys]);
  }

  /** The text, number or switch at a key; undefined where none is there. */
  setting(...keys: readonly string[]): Setting | undefined {
    return settingAt(this.at(keys), [...this.path, ...keys]);
  }

  /** The items of a list of texts. */
  settings(...keys: readonly string[]): readonly Setting[] {
    return settingsAt(this.at(keys), [...this.path, ...keys]);
  }

  /** A switch; false where it is not set. */
  flag(...keys: readonly string[]): Value<boolean> {
    const datum = this.at(keys);
    if (datum === undefined) return this.isOpen ? unknown("broken") : known(false);
    if (datum.kind !== "scalar") return unknown("broken");
    return datum.isKnown ? known(datum.text === "true") : unknown("variable");
  }

  /** Whether the list at a key may have items that cannot be seen. */
  isOpenAt(...keys: readonly string[]): boolean {
    const datum = this.at(keys);
    return datum === undefined ? this.isOpen : isOpen(datum);
  }

  get image(): ServiceImage | undefined {
    return this.once("image", () => {
      const datum = this.get("image");
      if (datum?.kind !== "scalar" || datum.type === "null") return undefined;
      return new ServiceImage(datum, [...this.path, "image"], this.mapping.entries.has("build"));
    });
  }

  get build(): Build | undefined {
    return this.once("build", () => {
      const datum = this.get("build");
      return datum?.kind === "mapping" ? new Build(datum, [...this.path, "build"]) : undefined;
    });
  }

  /** Something else than an image runs it. */
  get provider(): Part | undefined {
    return this.part("provider");
  }

  get ports(): readonly PublishedPort[] {
    return this.once("ports", () => portsAt(this.get("ports"), [...this.path, "ports"]));
  }

  get mounts(): readonly Mount[] {
    return this.once("mounts", () => mountsAt(this.get("volumes"), [...this.path, "volumes"]));
  }

  get devices(): readonly Device[] {
    return devicesAt(this.get("devices"), [...this.path, "devices"]);
  }

  /** What the container gets, `env_file` included. */
  get environment(): readonly ServiceVariable[] {
    return this.once("environment", () => variablesAt(this.received.assignments, [...this.path, "environment"]));
  }

  /** It may get variables that cannot be seen. */
  get isEnvironmentOpen(): boolean {
    return this.received.open;
  }

  variable(name: string): ServiceVariable | undefined {
    return this.environment.find((v) => v.name === name);
  }

  get labels(): readonly ServiceVariable[] {
    return this.once("labels", () =>
      variablesAt(
        labelsOf(this.mapping, this.around.files, () => undefined),
        [...this.path, "labels"],
      ),
    );
  }

  get command(): Program | undefined {
    return this.once("command", () => programAt(this.get("command"), [...this.path, "command"], this.around.parser));
  }

  get entrypoint(): Program | undefined {
    return this.once("entrypoint", () =>
      programAt(this.get("entrypoint"), [...this.path, "entrypoint"], this.around.parser),
    );
  }

  /** The test of its own health check; form `none` where it is switched off, undefined where it is the image's. */
  get healthTest(): Program | undefined {
    return this.once("healthTest", () => {
      const path = [...this.path, "healthcheck"];
      const check = this.at(["healthcheck", "disable"]);
      if (check?.kind === "scalar" && check.text === "true") return new Program(check, path, "none", [], undefined);
      return testAt(this.at(["healthcheck", "test"]), [...path, "test"], this.around.parser);
    });
  }

  /** What runs beside the service's own command: `pre_start`, `post_start`, `pre_stop`. */
  get hooks(): readonly Hook[] {
    return this.once("hooks", () => ["pre_start", "post_start", "pre_stop"].flatMap((key) => this.hooksAt(key)));
  }

  private hooksAt(key: string): readonly Hook[] {
    const datum = this.get(key);
    return (datum?.kind === "sequence" ? datum.items : []).flatMap((item, i) => {
      if (item.kind !== "mapping") return [];
      const path = [...this.path, key, String(i)];
      const program = programAt(item.get("command"), [...path, "command"], this.around.parser);
      const privileged = settingAt(item.get("privileged"), [...path, "privileged"]);
      return [{ part: new Part(item, path), program, privileged }];
    });
  }

  get user(): Setting | undefined {
    return this.setting("user");
  }

  get networkMode(): Setting | undefined {
    return this.setting("network_mode");
  }

  /** The networks that it is on, the default one included; none where it has a `network_mode`. */
  get networks(): readonly Use[] {
    return this.once("networks", () => {
      const datum = this.get("networks");
      return (datum?.kind === "mapping" ? [...datum.entries] : []).map(([name, value]) =>
        useOf(name, new Part(value, [...this.path, "networks", name]), undefined),
      );
    });
  }

  get secrets(): readonly Use[] {
    return this.uses("secrets");
  }

  get configs(): readonly Use[] {
    return this.uses("configs");
  }

  /** What it waits for, and for what. */
  get dependsOn(): readonly { readonly name: string; readonly condition: string; readonly part: Part }[] {
    return this.once("depends on", () => {
      const datum = this.get("depends_on");
      return (datum?.kind === "mapping" ? [...datum.entries] : []).map(([name, value]) => {
        const condition = value.kind === "mapping" ? value.get("condition") : undefined;
        const text = condition?.kind === "scalar" ? condition.text : "service_started";
        return { name, condition: text, part: new Part(value, [...this.path, "depends_on", name]) };
      });
    });
  }

  /** The limit of a resource, in the service's or in the swarm's words; undefined where there is none. */
  limit(name: LimitName): Setting | undefined {
    const own = { memory: ["mem_limit"], cpus: ["cpus"], pids: ["pids_limit"] }[name];
    return this.setting("deploy", "resources", "limits", name) ?? this.setting(...own);
  }

  /** Bytes of memory. */
  get memoryLimit(): number | undefined {
    const limit = this.limit("memory");
    return limit?.value.known ? readBytes(limit.value.value) : undefined;
  }

  get profiles(): readonly string[] {
    return profilesOf(this.mapping);
  }

  /** It only runs where people develop. */
  get isDevelopment(): boolean {
    const { profiles } = this;
    return profiles.length > 0 && profiles.every((p) => developmentProfiles.has(p));
  }

  /** Sets a value below the service, where it is first written. */
  set(path: YamlPath, data: YamlData, into: Into = {}): FileEdits | undefined {
    return setIn(this.mapping, path, data, this.into(into));
  }

  append(path: YamlPath, data: YamlData, into: Into = {}): FileEdits | undefined {
    return appendIn(this.mapping, path, data, this.into(into));
  }

  /** A new entry goes into the service itself, not into one of the same file that it extends. */
  private into(into: Into): Into {
    const { origin } = this;
    const isHere = origin instanceof YamlSource && (into.file === undefined || into.file === origin.file);
    return isHere ? { ...into, source: origin } : into;
  }

  private get origin(): Source {
    const { sources } = this.mapping;
    return sources.find((s) => s instanceof YamlSource && s.value.path[1] === this.name) ?? this.source;
  }

  private get received(): Received {
    const { files, variables } = this.around;
    return this.once("received", () => environmentOf(this.mapping, files, variables, () => undefined));
  }

  private uses(key: string): readonly Use[] {
    const datum = this.get(key);
    return (datum?.kind === "sequence" ? datum.items : []).flatMap((item, i) => {
      const source = item.kind === "mapping" ? item.get("source") : undefined;
      if (item.kind !== "mapping" || source?.kind !== "scalar") return [];
      const target = item.get("target");
      const part = new Part(item, [...this.path, key, String(i)]);
      return [useOf(source.text, part, target?.kind === "scalar" ? target.text : undefined)];
    });
  }

  private at(keys: readonly string[]): Datum | undefined {
    let datum: Datum | undefined = this.mapping;
    for (const key of keys) datum = datum?.kind === "mapping" ? datum.get(key) : undefined;
    return datum;
  }
}

const useOf = (name: string, part: Part, target: string | undefined): Use => ({
  name,
  part,
  target,
  start: part.start,
  end: part.end,
});

/** Whether a file only serves development, judged by its name. */
export const isDevelopmentFile = (file: string): boolean => developmentFile.test(file) || /^test/i.test(basename(file));
