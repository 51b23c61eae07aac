/** The one stateful thing: the files of one project and what is known of them. */
import { type Everything, WitnessedAround } from "./around";
import { composeKind } from "./kinds/compose/kind";
import { Compositions, type ComposeWorkspace } from "./kinds/compose/compositions";
import type { ComposeFile } from "./kinds/compose/file";
import type { ComposeSummary } from "./kinds/compose/summarise";
import { codeKind } from "./kinds/code/kind";
import { defaultConfig, type Config } from "./config";
import type { Finding, Problem, RuleId } from "./finding";
import { dockerfileKind } from "./kinds/dockerfile/kind";
import { dockerignoreKind } from "./kinds/dockerignore/kind";
import { helmKind } from "./kinds/helm/kind";
import { kubernetesKind } from "./kinds/kubernetes/kind";
import { kustomizeKind } from "./kinds/kustomize/kind";
import type { TextFile } from "./kinds/text/file";
import { textKind } from "./kinds/text/kind";
import { readText } from "./kinds/text/read";
import { Kustomizations, type KustomizeWorkspace } from "./kinds/kustomize/kustomizations";
import { DeploymentUnits, type UnitWorkspace } from "./kinds/kubernetes/units";
import type { Around, Explanation, Kind, Languages } from "./kinds/kind";
import type { Project, Summaries } from "./project";
import type { AnyRule, KindId } from "./rule";
import { planOf, runRules, type FileRun, type Plan } from "./run";
import { frameRules } from "./suppress";
import type { Edit } from "./text/edit";
import { basename, below, dirname, join } from "./text/path";
import type { Span } from "./text/span";
import { Witness } from "./witness";

// biome-ignore lint/suspicious/noExplicitAny: a list of kinds with their own models
const kinds: readonly Kind<any, any>[] = [
  dockerfileKind,
  dockerignoreKind,
  composeKind,
  kustomizeKind,
  helmKind,
  kubernetesKind,
  codeKind,
];

/** The kind of a file, or undefined where the engine has nothing to say about it. */
export function recognise(file: string, text: string, languageId?: string): KindId | undefined {
  return kinds.find((k) => k.recognises(file, text, languageId))?.id;
}

/** Whether a host should read the file, judged by its name: it may be of a kind, or a fact file. */
export const isWanted = (file: string): boolean => kinds.some((k) => k.mayBe(file)) || isFactFile(file);

/** Small data files whose text rules ask for, though nothing is reported in them. */
const factFiles = new Set([".gitignore", ".npmrc", "package.json", ".tool-versions", ".nvmrc", "go.mod", "pom.xml"]);
/** Variables of compose projects and their services. */
const environmentFile = /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[\w.-]+\.env)$/;
export const isFactFile = (file: string): boolean => factFiles.has(basename(file)) || environmentFile.test(file);

/** Objects that run something. */
const workload = /^[ \t-]*"?kind"?[ \t]*:[ \t]*"?(?:Deployment|StatefulSet|DaemonSet|Pod|Job|CronJob)\b/m;
/** Files that only projects with Kubernetes manifests have. */
const kubernetesFiles =
  /(?:^|\/)(?:Chart\.yaml|kustomization\.ya?ml|skaffold\.ya?ml|helmfile\.ya?ml|(?:k8s|kubernetes)\/(?:[^/]+\/)*[^/]+\.ya?ml)$/;

export interface AnalyserOptions {
  readonly rules: readonly AnyRule[];
  readonly languages: Languages;
  /** `YYYY-MM-DD`; a configuration may set another day. */
  readonly today: string;
}

interface Entry {
  text: string;
  languageId: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: one of `kinds`
  kind: Kind<any, any>;
  /** What it is by itself. */
  // biome-ignore lint/suspicious/noExplicitAny: one of `kinds`
  readonly recognised: Kind<any, any> | undefined;
  model: unknown;
  /** The model is that of `text`. */
  parsed: boolean;
  /** What is made of it as a text, where it is of another kind as well. */
  layer: { readonly of: unknown; readonly text: TextFile } | undefined;
  /** What the model was made with beside the text. */
  circumstances: readonly string[];
  summary: unknown;
  summaryText: string;
  /** The summary is that of `text`. */
  summarised: boolean;
  run: (FileRun & { readonly witness: Witness }) | undefined;
  /** Of a file of manifests: where its objects have their names, in some text of it. */
  objectSpans: { readonly text: string; readonly spans: readonly Span[] } | undefined;
}

/** Whether findings in other files rest on what files of a kind say; of code, nobody asks yet. */
// biome-ignore lint/suspicious/noExplicitAny: one of `kinds`
const matters = (kind: Kind<any, any> | undefined): boolean =>
  kind !== undefined && kind !== textKind && kind !== codeKind;

const nothing: FileRun = { findings: [], problems: [] };

export class Analyser {
  private readonly entries = new Map<string, Entry>();
  private readonly facts = new Map<string, string>();
  /** Files that compose files include or extend. */
  private partsOfCompose: ReadonlySet<string> = new Set();
  private listing: Set<string> | undefined;
  private plan: Plan;
  /** Grows whenever something changes that findings of other files may rest on. */
  private revision = 0;
  private readonly ids: ReadonlySet<RuleId>;

  constructor(private readonly options: AnalyserOptions) {
    this.plan = planOf(options.rules, defaultConfig);
    this.compositions = new Compositions(this.composeWorkspace(), options.languages.shell);
    this.kustomizations = new Kustomizations(this.kustomizeWorkspace());
    this.units = new DeploymentUnits(this.unitWorkspace());
    this.ids = new Set([...options.rules.map((r) => r.id), ...frameRules.map((r) => r.id)]);
  }

  /** Sets the newest text of a file; parsing waits until somebody asks. */
  setFile(file: string, text: string, languageId?: string): void {
    if (isFactFile(file)) this.setFact(file, text);
    const before = this.entries.get(file);
    if (before !== undefined && before.text === text && before.languageId === languageId) return;
    const recognised = kinds.find((k) => k.recognises(file, text, languageId));
    const kind = recognised ?? (this.partsOfCompose.has(file) ? composeKind : textKind);
    if (kind === kustomizeKind || before?.kind === kustomizeKind) this.kustomizeChanges++;
    // A closed file is not parsed before somebody asks, but what rests on it must ask.
    const isOther = before?.kind !== kind && (matters(before?.kind) || matters(kind));
    if (isOther || (matters(kind) && before?.parsed !== true)) this.revision++;
    this.entries.set(file, {
      text,
      languageId,
      kind,
      recognised,
      model: before?.kind === kind ? before?.model : undefined,
      parsed: false,
      layer: before?.layer,
      circumstances: before?.circumstances ?? [],
      summary: before?.summary,
      summaryText: before?.summaryText ?? "",
      summarised: false,
      run: undefined,
      objectSpans: before?.objectSpans,
    });
    if (before?.recognised === composeKind && recognised !== composeKind) this.adopt();
  }

  removeFile(file: string): void {
    const before = this.entries.get(file);
    this.entries.delete(file);
    if (before?.kind === kustomizeKind) this.kustomizeChanges++;
    if (matters(before?.kind)) {
      this.revision++;
      this.adopt();
    }
    if (this.facts.delete(file)) this.revision++;
  }

  /** Every file of the project by name, whatever it is; undefined where the host cannot know. */
  setListing(files: Iterable<string> | undefined): void {
    this.listing = files === undefined ? undefined : new Set(files);
    this.revision++;
  }

  /** One file came into being, or went. */
  listed(file: string, exists: boolean): void {
    if (this.listing === undefined || this.listing.has(file) === exists) return;
    if (exists) this.listing.add(file);
    else this.listing.delete(file);
    this.revision++;
  }

  /** A parser of a programming language arrived: files that waited for it are read anew when somebody asks. */
  parserArrived(): void {
    for (const entry of this.entries.values()) {
      if (entry.kind !== codeKind) continue;
      Object.assign(entry, { model: undefined, layer: undefined, parsed: false, summarised: false, run: undefined });
    }
  }

  configure(config: Config): void {
    this.plan = planOf(this.options.rules, config);
    this.revision++;
    for (const entry of this.entries.values()) entry.run = undefined;
  }

  get files(): readonly string[] {
    this.project.summaries("compose");
    return [...this.entries.keys()];
  }

  /** The kind under which the file is analysed. */
  kindOf(file: string): KindId | undefined {
    this.project.summaries("compose");
    return this.entries.get(file)?.kind.id;
  }

  text(file: string): string | undefined {
    return this.entries.get(file)?.text;
  }

  /** The findings of a file in fixed order, suppressed ones marked. The same array as long as nothing changed. */
  findings(file: string): readonly Finding[] {
    return this.run(file).findings;
  }

  /** What went wrong with a file on our side or the user's. */
  problems(file: string): readonly Problem[] {
    return this.run(file).problems;
  }

  /** Frees what only an open file needs; its summary stays. */
  release(file: string): void {
    const entry = this.entries.get(file);
    if (entry === undefined) return;
    this.parsed(file, entry);
    entry.model = undefined;
    entry.layer = undefined;
    entry.parsed = false;
    entry.run = undefined;
    this.compositions.release(file);
  }

  /** Writes a comment line that speaks of what stands at `span`. */
  insertComment(file: string, span: Span, text: string): Edit | undefined {
    const entry = this.entries.get(file);
    if (entry === undefined) return undefined;
    return entry.kind.insertComment(this.current(file, entry), span, text);
  }

  /** What is to be said about a place beside the findings there. */
  explain(file: string, offset: number): Explanation | undefined {
    const entry = this.entries.get(file);
    if (entry?.kind.explain === undefined) return undefined;
    return entry.kind.explain(
      this.current(file, entry),
      offset,
      this.around(file, new Witness()),
      this.plan.kubernetes,
    );
  }

  private run(file: string): FileRun {
    const entry = this.entries.get(file);
    if (entry === undefined) return nothing;
    const model = this.current(file, entry);
    if (entry.run?.witness.isCurrent === true) return entry.run;
    const witness = new Witness();
    const { kind } = entry;
    const layer = kind === textKind ? undefined : { kind: textKind, model: this.layerOf(file, entry, model) };
    const fresh = runRules({ kind, model }, layer, {
      text: entry.text,
      plan: this.plan,
      today: this.plan.config.today ?? this.options.today,
      ids: this.ids,
      world: this.around(file, witness),
    });
    entry.run = { ...fresh, witness };
    return entry.run;
  }

  private layerOf(file: string, entry: Entry, model: unknown): TextFile {
    const { text, layer, languageId, kind } = entry;
    if (layer?.of === model && layer?.text.text === text) return layer.text;
    const about = { file, languageId, kind: kind.id, model };
    entry.layer = { of: model, text: readText(text, layer?.text, this.options.languages, about) };
    return entry.layer.text;
  }

  /** What the rules, or the kind, may look at; `witness` remembers what they did. */
  private around(file: string, witness: Witness): Around {
    return new WitnessedAround(file, this.everything, witness);
  }

  /** The model of the newest text, as the files around it want it read. */
  private current(file: string, entry: Entry): unknown {
    const wanted = this.circumstances(file, entry);
    if (entry.parsed && JSON.stringify(wanted) !== JSON.stringify(entry.circumstances)) {
      entry.parsed = false;
      entry.run = undefined;
    }
    return this.parsed(file, entry, wanted);
  }

  private circumstances(file: string, { kind, languageId }: Entry): readonly string[] {
    return kind.circumstances?.({ file, languageId, project: this.project, compositions: this.compositions }) ?? [];
  }

  private parsed(file: string, entry: Entry, circumstances?: readonly string[]): unknown {
    const { kind } = entry;
    if (entry.parsed) return entry.model;
    entry.circumstances = circumstances ?? this.circumstances(file, entry);
    entry.model = kind.parse(entry.text, entry.model, this.options.languages, entry.circumstances);
    entry.parsed = true;
    entry.summarised = true;
    const summary: unknown = kind.summarise(entry.model);
    const text = JSON.stringify(summary);
    if (text !== entry.summaryText) {
      entry.summary = summary;
      entry.summaryText = text;
      if (matters(kind)) this.revision++;
      if (kind === composeKind) this.adopt();
    }
    return entry.model;
  }

  /** What compose files include or extend is compose as well, whatever it looks like by itself. */
  private adopt(): void {
    const parts = new Set<string>();
    const queue = [...this.entries].filter(([, e]) => e.recognised === composeKind);
    for (const [file, entry] of queue) {
      for (const use of (entry.summary as ComposeSummary | undefined)?.uses ?? []) {
        const name = join(dirname(file), use);
        if (parts.has(name)) continue;
        parts.add(name);
        const part = this.entries.get(name);
        if (part === undefined || part.recognised !== undefined) continue;
        if (part.kind !== composeKind) Object.assign(part, { kind: composeKind, model: undefined, parsed: false });
        queue.push([name, part]);
      }
    }
    for (const name of this.partsOfCompose) {
      const entry = this.entries.get(name);
      if (parts.has(name) || entry === undefined || entry.recognised !== undefined) continue;
      Object.assign(entry, { kind: textKind, model: undefined, parsed: false, summarised: false, run: undefined });
    }
    this.partsOfCompose = parts;
  }

  /** What other files may point at in a file. The file is parsed for it, and let go again. */
  private objectSpans(file: string): readonly Span[] {
    const entry = this.entries.get(file);
    if (entry?.kind.landmarks === undefined) return [];
    if (entry.objectSpans?.text === entry.text) return entry.objectSpans.spans;
    const isOpen = entry.parsed;
    const spans = entry.kind.landmarks(this.parsed(file, entry)).map(({ start, end }) => ({ start, end }));
    entry.objectSpans = { text: entry.text, spans };
    if (!isOpen) {
      entry.model = undefined;
      entry.parsed = false;
    }
    return spans;
  }

  private setFact(file: string, text: string): void {
    if (this.facts.get(file) === text) return;
    this.facts.set(file, text);
    this.revision++;
  }

  private kubernetes = { revision: -1, found: false };

  private findsKubernetes(): boolean {
    if (this.kubernetes.revision !== this.revision) {
      const isNamed = [...(this.listing ?? [])].some((file) => kubernetesFiles.test(file));
      const found =
        isNamed || [...this.entries.values()].some((e) => e.kind === kubernetesKind && workload.test(e.text));
      this.kubernetes = { revision: this.revision, found };
    }
    return this.kubernetes.found;
  }

  private readonly project: Project = ((analyser: Analyser): Project => ({
    exists: (file) => (this.listing === undefined ? undefined : this.listing.has(file) || this.entries.has(file)),
    under: (directory) => {
      if (this.listing === undefined) return undefined;
      return [...this.listing].filter((f) => below(directory, f) !== undefined);
    },
    text: (file) => this.facts.get(file) ?? this.entries.get(file)?.text,
    builds: (file) => this.compositions.buildsOf(file),
    unit: (file) => this.units.unitOf(file),
    roleOf: (file) => this.kustomizations.roles.get(file),
    patch: (file) => this.kustomizations.patch(file),
    kustomized: (file, object, paths) => this.kustomizations.writes(file, object, paths),
    beforePatch: (file, patch, part, path) => this.kustomizations.before(file, patch, part, path),
    kustomizedImages: (file, image) => this.kustomizations.images(file, image),
    objectSpan: (file, index) => this.objectSpans(file)[index],
    summaries: <K extends keyof Summaries>(kind: K) => {
      if (kind === "kubernetes") this.assignRoles();
      const found = new Map<string, Summaries[K]>();
      for (const [file, entry] of this.entries) {
        if (entry.kind.id !== kind) continue;
        if (!entry.summarised) this.parsed(file, entry);
        found.set(file, entry.summary as Summaries[K]);
      }
      return found;
    },
    get hasKubernetes() {
      return analyser.findsKubernetes();
    },
  }))(this);

  private readonly compositions: Compositions;

  private readonly everything: Everything = ((analyser: Analyser): Everything => ({
    project: analyser.project,
    get compositions() {
      return analyser.compositions;
    },
    get revision() {
      return analyser.revision;
    },
  }))(this);

  private readonly kustomizations: Kustomizations;

  /** Grows whenever a kustomization comes, goes, or gets another text. */
  private kustomizeChanges = 0;

  /** The roles that the summaries of manifests were made with. */
  private roles: ReadonlyMap<string, unknown> | undefined;

  private readonly units: DeploymentUnits;

  /** What a kustomization names as a patch is read anew where it was read as a whole before, and the other way round. */
  private assignRoles(): void {
    const { roles } = this.kustomizations;
    if (roles === this.roles) return;
    this.roles = roles;
    for (const [file, entry] of this.entries) {
      if (entry.kind !== kubernetesKind || !entry.summarised) continue;
      if (JSON.stringify(this.circumstances(file, entry)) === JSON.stringify(entry.circumstances)) continue;
      entry.summarised = false;
      entry.parsed = false;
      entry.run = undefined;
    }
  }

  private kustomizeWorkspace(): KustomizeWorkspace {
    const analyser = this;
    return {
      summaries: () => this.project.summaries("kustomize"),
      text: (file) => this.project.text(file),
      exists: (file) => this.project.exists(file),
      get changes() {
        return analyser.kustomizeChanges;
      },
    };
  }

  private unitWorkspace(): UnitWorkspace {
    const analyser = this;
    return {
      summaries: () => this.project.summaries("kubernetes"),
      exists: (file) => this.project.exists(file),
      trees: () => this.kustomizations.trees,
      get revision() {
        return analyser.revision;
      },
    };
  }

  private composeWorkspace(): ComposeWorkspace {
    const analyser = this;
    return {
      text: (file) => this.project.text(file),
      exists: (file) => this.project.exists(file),
      stream: (file) => {
        const entry = this.entries.get(file);
        return entry?.kind === composeKind && entry.parsed ? (entry.model as ComposeFile).stream : undefined;
      },
      summaries: () => this.project.summaries("compose"),
      get revision() {
        return analyser.revision;
      },
    };
  }
}
