/** What the rules may look at around a file, each look remembered. */
import type { Around } from "./kinds/kind";
import type { Leaf } from "./kinds/kustomize/changes";
import { identityOf, type Kustomized } from "./kinds/kustomize/kustomizations";
import type { ImageChange } from "./kinds/kustomize/summary";
import type { Project, Summaries } from "./project";
import type { Span } from "./text/span";
import type { Witness } from "./witness";

/** The project of an analyser. */
export interface Everything {
  readonly project: Project;
  readonly compositions: Around["compositions"];
  /** Another number whenever something of the project is another that is not looked at by its name. */
  readonly revision: number;
}

// Classes with methods: V8 keeps what a getter of an object literal, or a function made for a field, holds until its next
// long collection.

export class WitnessedAround implements Around {
  readonly compositions: Around["compositions"];
  private seen: Project | undefined;

  constructor(
    readonly file: string,
    private readonly everything: Everything,
    private readonly witness: Witness,
  ) {
    this.compositions = {
      projectsOf: (name) => witness.look(`projects ${name}`, () => everything.compositions.projectsOf(name)),
    };
  }

  get project(): Project {
    this.seen ??= new WitnessedProject(this.everything, this.witness);
    return this.seen;
  }
}

class WitnessedProject implements Project {
  constructor(
    private readonly everything: Everything,
    private readonly witness: Witness,
  ) {}

  exists(name: string): boolean | undefined {
    return this.anything.exists(name);
  }

  under(directory: string): readonly string[] | undefined {
    return this.anything.under(directory);
  }

  text(name: string): string | undefined {
    return this.anything.text(name);
  }

  summaries<K extends keyof Summaries>(kind: K): ReadonlyMap<string, Summaries[K]> {
    return this.anything.summaries(kind);
  }

  builds(name: string): ReturnType<Project["builds"]> {
    return this.look(`builds ${name}`, (project) => project.builds(name));
  }

  unit(name: string): ReturnType<Project["unit"]> {
    return this.look(`unit ${name}`, (project) => project.unit(name));
  }

  roleOf(name: string): ReturnType<Project["roleOf"]> {
    return this.look(`role ${name}`, (project) => project.roleOf(name));
  }

  patch(name: string): ReturnType<Project["patch"]> {
    return this.look(`patch ${name}`, (project) => project.patch(name));
  }

  kustomized(...[name, object, paths]: Parameters<Project["kustomized"]>): Kustomized {
    const key = `kustomized ${name} ${identityOf(object)} ${JSON.stringify(paths)}`;
    return this.compare(key, (project) => project.kustomized(name, object, paths));
  }

  beforePatch(...[name, patch, part, path]: Parameters<Project["beforePatch"]>): readonly Leaf[] {
    const key = `before ${name} ${patch} ${part} ${JSON.stringify(path)}`;
    return this.compare(key, (project) => project.beforePatch(name, patch, part, path));
  }

  kustomizedImages(name: string, image: string): readonly ImageChange[] {
    return this.compare(`images ${name} ${image}`, (project) => project.kustomizedImages(name, image));
  }

  objectSpan(name: string, index: number): Span | undefined {
    return this.compare(`object ${name} ${index}`, (project) => project.objectSpan(name, index));
  }

  get hasKubernetes(): boolean {
    return this.anything.hasKubernetes;
  }

  private get anything(): Project {
    const { everything } = this;
    this.witness.look("project", () => everything.revision);
    return everything.project;
  }

  private look<T>(key: string, find: (project: Project) => T): T {
    const { project } = this.everything;
    return this.witness.look(key, () => find(project));
  }

  /** For answers that are made anew at each look. */
  private compare<T>(key: string, find: (project: Project) => T): T {
    const { project } = this.everything;
    this.witness.look(key, () => JSON.stringify(find(project)));
    return find(project);
  }
}
