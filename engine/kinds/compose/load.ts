/** A project out of its files: included, extended, overridden, reset, merged. */
import { parseYaml, type YamlStream } from "../../languages/yaml/document";
import { dirname, join } from "../../text/path";
import { canonical, isSet } from "./canonical";
import { checkModel } from "./consistency";
import { ComposeDocument, hole, isSame, Mapping, type Scalar, withEntry, type Datum, type Source } from "./datum";
import { discover, projectName, type Call } from "./discover";
import { readDotenv } from "./dotenv";
import { variablesOf, type Environment, type Files } from "./environment";
import { interpolate, type Variable } from "./interpolate";
import { entries, merge, opened, without } from "./merge";
import { isRemoteContext, pathOf, resolvePaths } from "./paths";
import { readDocument, type Refusal, type Refuse } from "./read";
import { Resets, type Removed } from "./resets";
import { normalised, withDefaults, withValues } from "./settle";
import { below } from "./shape";
import { serviceShape } from "./serviceShape";
import { composeShape } from "./specification";
import { validate } from "./validate";

/** Files, some of which somebody has parsed already. */
export interface ComposeFiles extends Files {
  stream?(file: string): YamlStream | undefined;
}

/** How a file came into the project, and where that is written. */
export interface Arrival {
  readonly how: "base" | "override" | "include" | "extends";
  readonly by: Source | undefined;
}

export interface Loaded {
  readonly name: string;
  /** Long spellings only, with everything that compose takes for granted; services that are off are in it. */
  readonly model: Mapping;
  readonly variables: Environment;
  readonly profiles: readonly string[];
  /** Every compose file that was looked for, those that are missing included. */
  readonly files: ReadonlyMap<string, Arrival>;
  /** What tags took away. */
  readonly removed: readonly Removed[];
  /** Why compose would not start the project; the parts concerned are unknown. */
  readonly refusals: readonly Refusal[];
}

interface Scope {
  /** The project's folder, or the include's. */
  readonly directory: string;
  readonly variables: Environment;
  /** The files whose includes led here. */
  readonly including: readonly string[];
}

/** The services of one document, extended one by one. */
interface Services {
  readonly file: string;
  readonly directory: string;
  readonly entries: Map<string, Datum>;
  readonly resets: Resets;
  readonly open: boolean;
}

/** Undefined where there is no project. With `only`, these services are read and nothing else of the files. */
export function loadProject(files: ComposeFiles, call: Call, only?: ReadonlySet<string>): Loaded | undefined {
  const refusals: Refusal[] = [];
  const refuse: Refuse = ({ file, start, end }, message) => void refusals.push({ file, start, end, message });
  const found = discover(files, call, refuse);
  if (found === undefined) return undefined;
  const loader = new Loader(files, refuse, only);
  const name = loader.nameOf(found.files, found);
  const variables = found.variables.with("COMPOSE_PROJECT_NAME", name);
  for (const [i, file] of found.files.entries()) {
    loader.arrivals.set(file, { how: i === 0 ? "base" : "override", by: undefined });
  }
  const model = loader.load(found.files, { directory: found.directory, variables, including: [] });
  if (name === "") refuse(model.source, "The project has no name");
  if (model.entries.size === 0 && !model.open) refuse(model.source, "The project has nothing in it");
  return {
    name,
    model: normalised(model, name, variables),
    variables,
    profiles: found.profiles,
    files: loader.arrivals,
    removed: loader.removed,
    refusals,
  };
}

const nowhere = (file: string): Source => ({ file, start: 0, end: 0 });

class Loader {
  readonly removed: Removed[] = [];
  readonly arrivals = new Map<string, Arrival>();
  private readonly streams = new Map<string, YamlStream | undefined>();
  // Files that are included or extended again and again are read once for each environment.
  private readonly made = new Map<Environment, Map<string, unknown>>();

  constructor(
    private readonly files: ComposeFiles,
    private readonly refuse: Refuse,
    private readonly only: ReadonlySet<string> | undefined,
  ) {}

  /** The last `name` of the files, unless the project was named from outside. */
  nameOf(
    files: readonly string[],
    found: { readonly name: string; readonly isNamed: boolean; readonly variables: Environment },
  ): string {
    if (found.isNamed) {
      if (projectName(found.name) !== found.name)
        this.refuse(nowhere(files[0] ?? ""), `\`${found.name}\` is no name of a project`);
      return found.name;
    }
    let written = "";
    for (const file of files) {
      for (const document of this.stream(file)?.documents ?? [])
        written = document.resolved.get("name")?.text || written;
    }
    const { text, refusal } = interpolate(written, undefined, found.variables);
    if (refusal !== undefined) this.refuse(nowhere(files[0] ?? ""), refusal);
    if (text === "" || text.includes(hole)) return found.name;
    return projectName(text);
  }

  /** What was made under the key in the environment, made now where it was not. */
  private once<T>(variables: Environment, key: string, make: () => T): T {
    let known = this.made.get(variables);
    if (known === undefined) {
      known = new Map();
      this.made.set(variables, known);
    }
    if (!known.has(key)) known.set(key, make());
    return known.get(key) as T;
  }

  private stream(file: string): YamlStream | undefined {
    if (!this.streams.has(file)) {
      const text = this.files.text(file);
      this.streams.set(file, this.files.stream?.(file) ?? (text === undefined ? undefined : parseYaml(text)));
    }
    return this.streams.get(file);
  }

  /** The files of a project, or of an include, as one. */
  load(files: readonly string[], scope: Scope): Mapping {
    let model = new Mapping(new Map(), [nowhere(files[0] ?? "")], false);
    for (const file of files) model = this.addFile(model, file, scope);
    model = withDefaults(model);
    if (scope.variables.world === "closed") checkModel(model, this.refuse);
    model = resolvePaths(model, composeShape, this.ground(scope.directory, scope)) as Mapping;
    return withValues(model, scope.variables);
  }

  private ground(directory: string, { variables }: Scope): { directory: string; home: string | undefined } {
    return { directory, home: variables.lookup("HOME")?.value };
  }

  private addFile(before: Mapping, file: string, scope: Scope): Mapping {
    const stream = this.stream(file);
    if (stream === undefined) {
      this.refuse(nowhere(file), `There is no file \`${file}\``);
      return openedModel(before);
    }
    const inner = { ...scope, including: [...scope.including, file] };
    let model = before;
    for (const document of stream.documents) {
      const resets = new Resets(this.removed);
      const { refuse, only } = this;
      const reading = { home: new ComposeDocument(file, document), variables: scope.variables, resets, refuse, only };
      const read = readDocument(reading, composeShape);
      if (read === undefined) continue;
      const own = this.withIncludes(read, inner, resets);
      const extended = this.withExtends(own, file, scope, resets);
      model = this.joined(resets.apply(model, []) as Mapping, extended, scope);
    }
    return model;
  }

  private joined(before: Mapping, own: Mapping, { variables }: Scope): Mapping {
    const isFirst = before.entries.size === 0 && !before.open;
    const model = isFirst ? own : entries(before, own, composeShape, { why: "override", refuse: this.refuse });
    if (variables.world === "closed") validate(model, composeShape, this.refuse);
    return canonical(without(model, "version"), composeShape, this.refuse) as Mapping;
  }

  private withIncludes(own: Mapping, scope: Scope, resets: Resets): Mapping {
    const list = own.get("include");
    const rest = without(own, "include");
    if (!isSet(list)) return rest;
    if (list.kind !== "sequence") {
      this.refuse(list.source, "`include` is a list");
      return openedModel(rest);
    }
    return list.items.reduce<Mapping>((model, item) => {
      const imported = this.included(item, scope);
      return imported === undefined ? openedModel(model) : this.imported(model, imported, resets);
    }, rest);
  }

  /** Undefined where it cannot be read. */
  private included(item: Datum, scope: Scope): Mapping | undefined {
    const { directory } = scope;
    const given = item.kind === "mapping" ? item.get("path") : item;
    const paths = textsOf(given);
    const ground = this.ground(directory, scope);
    const files = paths.map((p) => (p.isKnown && !isRemoteContext(p.text) ? pathOf(p.text, ground) : undefined));
    const main = files[0];
    if (main === undefined || files.includes(undefined)) return undefined;
    if (scope.including.includes(main)) {
      this.refuse(item.source, "This file includes itself");
      return undefined;
    }
    for (const file of files) this.arrivals.set(file ?? "", { how: "include", by: item.source });
    const [chosen] = item.kind === "mapping" ? textsOf(item.get("project_directory")) : [];
    const folder = chosen === undefined || chosen.text === "" ? dirname(main) : pathOf(chosen.text, ground);
    if (folder === undefined || folder.includes(hole)) return undefined;
    const listed = item.kind === "mapping" ? textsOf(item.get("env_file")) : [];
    const key = [folder, ...listed.map((f) => f.text)].join("\0");
    const variables = this.once(scope.variables, key, () => this.includedVariables(listed, folder, scope));
    const readable = files.filter((f) => f !== undefined);
    return this.once(variables, ["include", folder, ...readable].join("\0"), () =>
      this.load(readable, { directory: folder, variables, including: scope.including }),
    );
  }

  private includedVariables(listed: readonly Scalar[], folder: string, scope: Scope): Environment {
    const { variables } = scope;
    const ground = this.ground(scope.directory, scope);
    const files = listed.length === 0 ? [join(folder, ".env")] : listed.map((f) => pathOf(f.text, ground));
    let all = new Map<string, Variable>();
    for (const [i, file] of files.entries()) {
      if (file === undefined || file === "/dev/null") continue;
      const text = this.files.text(file);
      if (text === undefined && listed[i] !== undefined)
        this.refuse(listed[i].source, `There is no file \`${listed[i].text}\``);
      const lookup = (name: string): Variable | undefined => variables.lookup(name) ?? all.get(name);
      const { assigned, refusal } = readDotenv(file, text ?? "", { world: variables.world, lookup });
      if (refusal !== undefined) this.refuse(nowhere(file), refusal);
      all = new Map([...all, ...variablesOf(assigned)]);
    }
    return variables.over(all);
  }

  /** What the including file says wins; of two includes the first. */
  private imported(model: Mapping, from: Mapping, resets: Resets): Mapping {
    let next = model;
    for (const key of ["services", "volumes", "networks", "secrets", "configs", "models"]) {
      const all = from.get(key);
      const own = next.get(key);
      if (all?.kind === "unclear" || own?.kind === "unclear") next = openedModel(next);
      if (all?.kind !== "mapping") continue;
      const known = own?.kind === "mapping" ? own : new Mapping(new Map(), all.sources, all.open);
      next = withEntry(next, key, this.importedAll(known, all, key, resets));
    }
    return from.open ? openedModel(next) : next;
  }

  private importedAll(own: Mapping, from: Mapping, key: string, resets: Resets): Mapping {
    const all = new Map(own.entries);
    const shape = below(composeShape, key);
    for (const [name, value] of from.entries) {
      const known = all.get(name);
      if (known === undefined) all.set(name, value);
      else if (!isSame(known, value)) {
        const left = resets.apply(value, [key, name]);
        all.set(name, merge(left, known, below(shape, name), { why: "include", refuse: this.refuse }));
      }
    }
    return new Mapping(all, own.sources, own.open || from.open, own.replaced);
  }

  private withExtends(own: Mapping, file: string, scope: Scope, resets: Resets): Mapping {
    const services = own.get("services");
    if (services === undefined) return own;
    if (services.kind !== "mapping") {
      if (services.kind !== "unclear") this.refuse(services.source, "`services` is a mapping");
      return openedModel(own);
    }
    if (![...services.entries.values()].some((s) => s.kind === "mapping" && s.entries.has("extends"))) return own;
    const group: Services = {
      file,
      directory: scope.directory,
      entries: new Map(services.entries),
      resets,
      open: services.open,
    };
    for (const name of services.entries.keys()) this.extended(name, group, scope, []);
    return withEntry(own, "services", new Mapping(group.entries, services.sources, services.open, services.replaced));
  }

  /** Extends a service in its group; gives what became of it. */
  private extended(name: string, group: Services, scope: Scope, chain: readonly string[]): Datum | undefined {
    const service = group.entries.get(name);
    if (service?.kind !== "mapping") return service;
    const extending = service.get("extends");
    if (extending === undefined) return service;
    const base = this.base(name, extending, group, scope, chain);
    if (base === null) return service;
    const own = without(service, "extends");
    const meeting = { why: "extends", refuse: this.refuse } as const;
    const result =
      base?.kind === "mapping"
        ? merge(group.resets.apply(base, ["services", name]), own, serviceShape, meeting)
        : opened(own);
    group.entries.set(name, result);
    return result;
  }

  /** What a service extends; null where that is an empty service, undefined where it cannot be known. */
  private base(
    name: string,
    extending: Datum,
    group: Services,
    scope: Scope,
    chain: readonly string[],
  ): Datum | undefined | null {
    const key = `${group.file}\0${name}`;
    if (chain.includes(key)) {
      this.refuse(extending.source, "This service extends itself");
      return undefined;
    }
    const [target] = textsOf(extending.kind === "mapping" ? extending.get("service") : extending);
    const [file] = extending.kind === "mapping" ? textsOf(extending.get("file")) : [];
    if (target === undefined || !target.isKnown) {
      if (target === undefined) this.refuse(extending.source, "`extends` names no service");
      return undefined;
    }
    const other = file === undefined ? group : this.otherServices(file, extending.source, group.directory, scope);
    if (other === undefined) return undefined;
    if (!other.entries.has(target.text)) {
      if (!other.open) this.refuse(target.source, `There is no service \`${target.text}\` to extend`);
      return undefined;
    }
    const base = this.extended(target.text, other, scope, [...chain, key]);
    return base?.kind === "scalar" ? null : base;
  }

  /** The services of another file, as far as extending sees them: without its includes, and not extended yet. */
  private otherServices(named: Scalar, by: Source, directory: string, scope: Scope): Services | undefined {
    if (!named.isKnown || isRemoteContext(named.text)) return undefined;
    const file = pathOf(named.text, this.ground(directory, scope));
    if (file === undefined) return undefined;
    if (!this.arrivals.has(file)) this.arrivals.set(file, { how: "extends", by });
    const stream = this.stream(file);
    if (stream === undefined) {
      this.refuse(named.source, `There is no file \`${named.text}\``);
      return undefined;
    }
    return this.once(scope.variables, `extends\0${file}`, () => this.servicesOf(file, stream, named, scope));
  }

  private servicesOf(file: string, stream: YamlStream, named: Scalar, scope: Scope): Services | undefined {
    let model: Mapping | undefined;
    let resets = new Resets(this.removed);
    for (const document of stream.documents) {
      resets = new Resets(this.removed);
      const reading = {
        home: new ComposeDocument(file, document),
        variables: scope.variables,
        resets,
        refuse: this.refuse,
      };
      const own = readDocument(reading, composeShape);
      if (own === undefined) continue;
      const meeting = { why: "override", refuse: this.refuse } as const;
      const joined =
        model === undefined ? own : entries(resets.apply(model, []) as Mapping, own, composeShape, meeting);
      model = canonical(joined, composeShape, this.refuse) as Mapping;
    }
    const folder = dirname(file);
    const services = model && resolvePaths(model, composeShape, this.ground(folder, scope));
    const all = services?.kind === "mapping" ? services.get("services") : undefined;
    if (all?.kind !== "mapping") {
      this.refuse(named.source, `There are no services in \`${named.text}\``);
      return undefined;
    }
    return { file, directory: folder, entries: new Map(all.entries), resets, open: all.open };
  }
}

const textsOf = (datum: Datum | undefined): readonly Scalar[] => {
  const items = datum?.kind === "sequence" ? datum.items : datum === undefined ? [] : [datum];
  return items.filter((i): i is Scalar => i.kind === "scalar" && i.type !== "null");
};

/** The same with room for services and resources that cannot be seen. */
function openedModel(model: Mapping): Mapping {
  const all = new Map<string, Datum>(model.entries);
  for (const key of ["services", "networks", "volumes", "secrets", "configs"]) {
    const value = all.get(key) ?? new Mapping(new Map(), [model.source], true);
    all.set(key, opened(value));
  }
  return new Mapping(all, model.sources, true, model.replaced);
}
