/** One object of a file of manifests. */
import { Numbers } from "../numbers";
import type { Field } from "./field";
import type { Pod } from "./pod";
import { podsIn } from "./pods";
import type { ObjectSummary } from "./summary";

/**
 * `whole`: everything that the object has. `patch`: merged into another one, so that nothing is missing in it.
 * `template`: a Helm template; what it leaves out a helper or a value may give.
 */
export type Role = "whole" | "patch" | "template";

/** It stays the same while only other documents of its file change, and none come or go before it. */
export class Manifest {
  /** Set by the first who asks what other files see of it. */
  summary: ObjectSummary | undefined;
  private found: readonly Pod[] | undefined;
  private ownVersion: string | undefined;
  private ownKind: string | undefined;
  private quiet = new Numbers();
  private setting: object | undefined;

  constructor(
    readonly root: Field,
    readonly role: Role,
    /** The object's place among those of its file. */
    readonly index: number,
    private readonly given: { readonly apiVersion: string; readonly kind: string } | undefined,
  ) {}

  get pods(): readonly Pod[] {
    this.found ??= podsIn(this);
    return this.found;
  }

  /** The numbers of rules that had nothing to say about it, and looked at nothing else, in this configuration. */
  quietIn(setting: object): Numbers {
    if (this.setting !== setting) this.quiet = new Numbers();
    this.setting = setting;
    return this.quiet;
  }

  get file(): string {
    return this.root.file;
  }

  get apiVersion(): string {
    this.ownVersion ??= this.root.get("apiVersion")?.string ?? this.given?.apiVersion ?? "";
    return this.ownVersion;
  }

  /** "" for the core group. */
  get group(): string {
    const { apiVersion } = this;
    const slash = apiVersion.indexOf("/");
    return slash < 0 ? "" : apiVersion.slice(0, slash);
  }

  get version(): string {
    const { apiVersion } = this;
    return apiVersion.slice(apiVersion.indexOf("/") + 1);
  }

  get kind(): string {
    this.ownKind ??= this.root.get("kind")?.string ?? this.given?.kind ?? "";
    return this.ownKind;
  }

  /** Whether it is of the kind, in one of the groups; "" is the core group. */
  is(kind: string, ...groups: readonly string[]): boolean {
    return this.kind === kind && groups.includes(this.group);
  }

  get metadata(): Field | undefined {
    return this.root.get("metadata");
  }

  get spec(): Field | undefined {
    return this.root.get("spec");
  }

  /** Undefined where there is none, or only a template knows it. */
  get name(): string | undefined {
    return this.metadata?.get("name")?.string;
  }

  /** The namespace that it names itself. */
  get namespace(): string | undefined {
    return this.metadata?.get("namespace")?.string;
  }

  /** Something may be missing in it that the object has in the end. */
  get isPartial(): boolean {
    return this.role !== "whole" || this.root.isOpen;
  }

  label(name: string): Field | undefined {
    return this.metadata?.get("labels")?.get(name);
  }

  annotation(name: string): Field | undefined {
    return this.metadata?.get("annotations")?.get(name);
  }

  get annotations(): readonly (readonly [string, Field])[] {
    return this.metadata?.get("annotations")?.entries ?? [];
  }

  /** `Deployment shop`, as people name it. */
  get title(): string {
    return this.name === undefined ? this.kind : `${this.kind} ${this.name}`;
  }

  /** Where something is reported that the whole object lacks. */
  get anchor(): Field {
    return this.metadata?.get("name") ?? this.root.get("kind") ?? this.root;
  }
}
