/** The compose projects of a workspace, each loaded again only when something that it rests on changed. */
import type { ShellParser } from "../../languages/shell/syntax";
import { parseYaml, type YamlStream } from "../../languages/yaml/document";
import { Witness } from "../../witness";
import { builtIn, type BuiltService } from "./built";
import type { Call } from "./discover";
import { loadProject, type ComposeFiles } from "./load";
import { ComposeProject } from "./project";
import { callsFor, type Neighbours } from "./projects";
import { type Grounds, groundsOf, reload } from "./reload";
import type { ComposeSummary } from "./summarise";

/** The workspace as compose projects see it. */
export interface ComposeWorkspace extends ComposeFiles {
  summaries(): ReadonlyMap<string, ComposeSummary>;
  /** Another number whenever files came or went, or a summary or a fact is another. */
  readonly revision: number;
}

type Streams = Map<string, { readonly text: string; readonly stream: YamlStream }>;

interface Composition {
  readonly witness: Witness;
  readonly kept: Kept | undefined;
  readonly built: ReadonlyMap<string, readonly BuiltService[]>;
}

/** What is kept as long as one of the files is open. */
interface Kept {
  readonly project: ComposeProject | undefined;
  /** Undefined where services depend on each other. */
  readonly grounds: Grounds | undefined;
  /** The streams of closed files. */
  readonly streams: Streams;
}

/** What was found for a Dockerfile, and that without repetitions. */
interface Builds {
  readonly found: readonly BuiltService[];
  readonly distinct: readonly BuiltService[];
}

export class Compositions {
  private readonly calls = new Map<string, readonly Call[]>();
  private callsRevision = -1;
  private readonly loaded = new Map<string, Composition>();
  private readonly given = new Map<string, readonly ComposeProject[]>();
  private readonly built = new Map<string, Builds>();

  constructor(
    private readonly workspace: ComposeWorkspace,
    private readonly parser: ShellParser | undefined,
  ) {}

  /** The projects that a compose file takes part in, as they would run. The same array while they stay the same. */
  projectsOf(file: string): readonly ComposeProject[] {
    const calls = this.callsOf(file, this.workspace.summaries());
    const projects = calls.flatMap((call) => this.composition(call, "kept").kept?.project ?? []);
    const before = this.given.get(file);
    if (before?.length === projects.length && projects.every((p, i) => p === before[i])) return before;
    this.given.set(file, projects);
    return projects;
  }

  /** The services that build a Dockerfile. The same array while they stay the same. */
  buildsOf(dockerfile: string): readonly BuiltService[] {
    const summaries = this.workspace.summaries();
    const calls = new Map<string, Call>();
    for (const file of summaries.keys()) for (const call of this.callsOf(file, summaries)) calls.set(keyOf(call), call);
    const found = [...calls.values()].flatMap((call) => this.composition(call, "read").built.get(dockerfile) ?? []);
    const before = this.built.get(dockerfile);
    if (before?.found.length === found.length && found.every((service, i) => service === before.found[i]))
      return before.distinct;
    const distinct = new Map(found.map((service) => [JSON.stringify(service), service]));
    const now = [...distinct.values()];
    const isSame = before !== undefined && JSON.stringify(before.distinct) === JSON.stringify(now);
    this.built.set(dockerfile, { found, distinct: isSame ? before.distinct : now });
    return isSame ? before.distinct : now;
  }

  /** Frees what only an open file needs. */
  release(file: string): void {
    for (const call of this.calls.get(file) ?? []) {
      const composition = this.loaded.get(keyOf(call));
      if (composition !== undefined) this.loaded.set(keyOf(call), { ...composition, kept: undefined });
    }
    this.given.delete(file);
  }

  private callsOf(file: string, summaries: ReadonlyMap<string, ComposeSummary>): readonly Call[] {
    const { workspace } = this;
    if (this.callsRevision !== workspace.revision) {
      this.calls.clear();
      this.callsRevision = workspace.revision;
    }
    const known = this.calls.get(file);
    if (known !== undefined) return known;
    const around: Neighbours = { files: workspace, summaries };
    const calls = callsFor(file, around);
    this.calls.set(file, calls);
    return calls;
  }

  private composition(call: Call, want: "kept" | "read"): Composition {
    const key = keyOf(call);
    const before = this.loaded.get(key);
    if (before?.witness.isCurrent === true && (want === "read" || before.kept !== undefined)) return before;
    const now = this.load(call, before);
    this.loaded.set(key, want === "kept" || before?.kept !== undefined ? now : { ...now, kept: undefined });
    return now;
  }

  private load(call: Call, before: Composition | undefined): Composition {
    const witness = new Witness();
    const streams: Streams = new Map();
    const files = this.filesFor(witness, before?.kept?.streams, streams);
    const old = before?.kept?.project;
    const streamOf = (file: string): YamlStream | undefined => files.stream?.(file);
    const isEdit =
      old !== undefined && before?.witness.stale.every((key) => old.loaded.files.has(key.slice("text ".length)));
    const grounds = isEdit ? groundsOf(old.loaded, streamOf) : undefined;
    const known = isEdit ? before?.kept?.grounds : undefined;
    const edited =
      old === undefined || known === undefined || grounds === undefined
        ? undefined
        : reload(files, call, { loaded: old.loaded, grounds: known }, grounds);
    if (edited !== undefined && before !== undefined) witness.renew(before.witness);
    const loaded = edited ?? loadProject(files, call);
    if (loaded === undefined)
      return { witness, built: new Map(), kept: { project: undefined, grounds: undefined, streams } };
    const project = new ComposeProject(loaded, files, this.parser, edited === undefined ? undefined : old);
    const kept = { project, grounds: edited === undefined ? groundsOf(loaded, streamOf) : grounds, streams };
    return { witness, built: builtIn(project), kept };
  }

  /** The workspace's files, the looks at them remembered. */
  private filesFor(witness: Witness, before: Streams | undefined, streams: Streams): ComposeFiles {
    const { workspace } = this;
    const text = (name: string): string | undefined => witness.look(`text ${name}`, () => workspace.text(name));
    return {
      text,
      exists: (name) => witness.look(`exists ${name}`, () => workspace.exists(name)),
      stream: (name) => {
        const current = text(name);
        if (current === undefined) return undefined;
        const open = workspace.stream?.(name);
        if (open !== undefined) return open;
        const known = streams.get(name) ?? before?.get(name);
        const stream = known?.text === current ? known.stream : parseYaml(current, known?.stream);
        streams.set(name, { text: current, stream });
        return stream;
      },
    };
  }
}

const keyOf = (call: Call): string => (call.files ?? [call.directory]).join("\0");
