/** Pods and their containers, wherever a manifest has them. */
import type { Field } from "./field";
import type { Manifest } from "./manifest";
import { parseReference, type ImageReference } from "../../oci/reference";

export type ContainerRole = "container" | "init" | "sidecar" | "ephemeral";

/** Keys that a container takes from its pod where it has none. */
export type Inherited =
  | "runAsUser"
  | "runAsGroup"
  | "runAsNonRoot"
  | "seLinuxOptions"
  | "seccompProfile"
  | "appArmorProfile"
  | "windowsOptions";

export class Container {
  private parsed: { readonly reference: ImageReference | undefined } | undefined;

  constructor(
    readonly pod: Pod,
    readonly field: Field,
    readonly role: ContainerRole,
  ) {}

  get name(): string {
    return this.field.get("name")?.string ?? "a container";
  }

  /** Where something is reported that the container lacks. */
  get anchor(): Field {
    return this.field.get("name") ?? this.field.get("image") ?? this.field;
  }

  get image(): Field | undefined {
    return this.field.get("image");
  }

  /** Undefined where it is not known, or no valid reference. */
  get reference(): ImageReference | undefined {
    this.parsed ??= { reference: this.image?.string === undefined ? undefined : parseReference(this.image.string) };
    return this.parsed.reference;
  }

  get securityContext(): Field | undefined {
    return this.field.get("securityContext");
  }

  /** The container's own value, or the pod's. */
  effective(key: Inherited): Field | undefined {
    return this.securityContext?.get(key) ?? this.pod.securityContext?.get(key);
  }

  get env(): readonly { readonly name: string; readonly field: Field; readonly value: Field | undefined }[] {
    return (this.field.get("env")?.items ?? []).map((field) => ({
      name: field.get("name")?.string ?? "",
      field,
      value: field.get("value"),
    }));
  }

  /** The words of `command` and `args`. */
  get words(): readonly Field[] {
    return [...(this.field.get("command")?.items ?? []), ...(this.field.get("args")?.items ?? [])];
  }

  get ports(): readonly Field[] {
    return this.field.get("ports")?.items ?? [];
  }

  get mounts(): readonly Field[] {
    return this.field.get("volumeMounts")?.items ?? [];
  }

  get probes(): readonly Field[] {
    return ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((key) => this.field.get(key) ?? []);
  }
}

export class Pod {
  readonly containers: readonly Container[];

  constructor(
    readonly manifest: Manifest,
    readonly metadata: Field | undefined,
    readonly spec: Field,
    /**
     * `exact`: the API says that a pod's spec stands here. `partial`: only parts of one; what is missing an operator
     * adds. `guessed`: it looks like one in an object of an unknown kind.
     */
    readonly certainty: "exact" | "partial" | "guessed",
    containers: readonly (readonly [Field, ContainerRole])[],
  ) {
    this.containers = containers.map(([field, role]) => new Container(this, field, role));
  }

  get file(): string {
    return this.manifest.file;
  }

  get securityContext(): Field | undefined {
    return this.spec.get("securityContext");
  }

  get volumes(): readonly Field[] {
    return this.spec.get("volumes")?.items ?? [];
  }

  /** Where something is reported that the pod lacks: the key before its spec. */
  get anchor(): Field {
    return this.spec;
  }

  /** Nothing can be said to be missing in it. */
  get isPartial(): boolean {
    return this.manifest.isPartial || this.certainty === "partial" || this.spec.isOpen;
  }

  /** It says that it runs on Windows. */
  get isWindows(): boolean {
    return this.spec.at("os", "name")?.string === "windows";
  }

  get labels(): ReadonlyMap<string, string> {
    const labels = this.metadata?.get("labels")?.entries ?? [];
    return new Map(labels.flatMap(([name, value]) => (value.string === undefined ? [] : [[name, value.string]])));
  }

  annotation(name: string): Field | undefined {
    return this.metadata?.get("annotations")?.get(name);
  }

  /** Long-running containers: no jobs of the start, no ephemeral ones. */
  get main(): readonly Container[] {
    return this.containers.filter((c) => c.role === "container");
  }
}
