/** A whole compose project as rules see it. */
import { known, type Span, type Value } from "../../text/span";
import { YamlSource, type Datum, type Mapping } from "./datum";
import { assignmentsOf } from "./environment";
import type { ComposeFiles, Loaded } from "./load";
import { isOpen, Part, setIn, settingAt, type Into, type Setting } from "./part";
import { Service, type Surroundings } from "./service";
import { variablesAt, type ServiceVariable } from "./variable";
import type { FileEdits } from "../../fix";
import type { ShellParser } from "../../languages/shell/syntax";
import type { YamlData } from "../../languages/yaml/edit";
import type { YamlPath } from "../../languages/yaml/node";

export type ResourceKind = "networks" | "volumes" | "secrets" | "configs";

/** A network, volume, secret or config of the project. */
export class Resource extends Part {
  constructor(
    readonly kind: ResourceKind,
    readonly name: string,
    readonly mapping: Mapping,
  ) {
    super(mapping, [kind, name]);
  }

  override get start(): number {
    return (this.keySpan ?? this.source).start;
  }

  override get end(): number {
    return (this.keySpan ?? this.source).end;
  }

  /** Nobody wrote it: the network that compose makes by itself. */
  get isImplied(): boolean {
    return !(this.source instanceof YamlSource) || this.source.value.path[0] !== this.kind;
  }

  get isExternal(): Value<boolean> {
    const value = this.setting("external")?.value ?? known("false");
    return value.known ? known(value.value === "true") : value;
  }

  get isOpen(): boolean {
    return isOpen(this.mapping);
  }

  get driver(): Setting | undefined {
    return this.setting("driver");
  }

  get driverOptions(): readonly ServiceVariable[] {
    return variablesAt(assignmentsOf(this.mapping.get("driver_opts")), [...this.path, "driver_opts"]);
  }

  setting(key: string): Setting | undefined {
    return settingAt(this.mapping.get(key), [...this.path, key]);
  }

  set(path: YamlPath, data: YamlData, into: Into = {}): FileEdits | undefined {
    return setIn(this.mapping, path, data, into);
  }
}

export class ComposeProject {
  /** Grows whenever somebody looks at more than one service. */
  looks = 0;
  private readonly all: readonly Service[];
  private readonly around: Surroundings;
  private readonly remembered = new Map<string, unknown>();
  private readonly kept: Map<string, { readonly grounds: readonly object[]; readonly value: unknown }>;
  private readonly listed = new Map<ResourceKind, readonly Resource[]>();

  constructor(
    readonly loaded: Loaded,
    files: ComposeFiles,
    parser: ShellParser | undefined,
    /** The project before an edit; it must not be used afterwards. Services that stayed the same are taken from it. */
    before?: ComposeProject,
  ) {
    this.around = before?.around ?? { project: this, files, variables: loaded.variables, parser };
    Object.assign(this.around, { project: this, files });
    this.kept = before?.kept ?? new Map();
    const old = new Map(before?.services.map((s) => [s.mapping, s]));
    this.all = mappings(loaded.model.get("services")).map(
      ([name, m]) => old.get(m) ?? new Service(name, m, this.around),
    );
  }

  get name(): string {
    return this.loaded.name;
  }

  get services(): readonly Service[] {
    this.looks++;
    return this.all;
  }

  /** The services of which a rule, looking at each of them alone, may have something to say. */
  unheard(rule: number, setting: object): readonly Service[] {
    const { all } = this;
    let found: Service[] | undefined;
    for (let i = 0; i < all.length; i++) {
      const service = all[i];
      if (service === undefined || service.isQuiet(rule, setting)) continue;
      found ??= [];
      found.push(service);
    }
    return found ?? [];
  }

  /** What `compute` makes of the project alone, worked out once. */
  once<T>(key: string, compute: () => T): T {
    this.looks++;
    if (!this.remembered.has(key)) this.remembered.set(key, compute());
    return this.remembered.get(key) as T;
  }

  /** The same, over edits as well: worked out anew when one of the objects that it rests on is another. */
  keep<T>(key: string, grounds: readonly object[], compute: () => T): T {
    this.looks++;
    const known = this.kept.get(key);
    const isCurrent = known?.grounds.length === grounds.length && grounds.every((g, i) => g === known.grounds[i]);
    if (isCurrent) return known.value as T;
    const value = compute();
    this.kept.set(key, { grounds, value });
    return value;
  }

  /** Services, networks and the rest may be missing: a file could not be read. */
  get isOpen(): boolean {
    this.looks++;
    return this.loaded.model.open || isOpen(this.loaded.model.get("services"));
  }

  service(name: string): Service | undefined {
    this.looks++;
    return this.all.find((s) => s.name === name);
  }

  get networks(): readonly Resource[] {
    return this.resources("networks");
  }

  get volumes(): readonly Resource[] {
    return this.resources("volumes");
  }

  get secrets(): readonly Resource[] {
    return this.resources("secrets");
  }

  get configs(): readonly Resource[] {
    return this.resources("configs");
  }

  resource(kind: ResourceKind, name: string): Resource | undefined {
    return this.resources(kind).find((r) => r.name === name);
  }

  /** The services on a network. */
  on(network: string): readonly Service[] {
    return this.services.filter((s) => s.networks.some((n) => n.name === network));
  }

  /** Parts of the files under `x-` keys at the top; they take effect only where an alias repeats them. */
  get fragments(): readonly Part[] {
    return [...this.loaded.model.entries].filter(([key]) => key.startsWith("x-")).map(([key, d]) => new Part(d, [key]));
  }

  /** Why a part of the project differs from its file: what `!reset` and `!override` took away. */
  removedAt(
    path: readonly string[],
  ): readonly { readonly value: Datum; readonly by: Span & { readonly file: string } }[] {
    return this.loaded.removed.filter(
      (r) => r.path.length === path.length && r.path.every((step, i) => step === path[i]),
    );
  }

  private resources(kind: ResourceKind): readonly Resource[] {
    this.looks++;
    const known = this.listed.get(kind);
    if (known !== undefined) return known;
    const resources = mappings(this.loaded.model.get(kind)).map(([name, m]) => new Resource(kind, name, m));
    this.listed.set(kind, resources);
    return resources;
  }
}

const mappings = (datum: Datum | undefined): readonly (readonly [string, Mapping])[] =>
  (datum?.kind === "mapping" ? [...datum.entries] : []).flatMap(([name, m]) =>
    m.kind === "mapping" ? [[name, m] as const] : [],
  );
