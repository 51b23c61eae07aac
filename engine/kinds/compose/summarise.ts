import type { Scalar } from "./datum";
import type { ComposeFile } from "./file";
import { loadProject, type ComposeFiles } from "./load";
import { ComposeProject } from "./project";

/** What a compose file tells other files, by itself and with names relative to its own folder. */
export interface ComposeSummary {
  readonly services: readonly ServiceSummary[];
  /** Files that it includes, or whose services it extends. */
  readonly uses: readonly string[];
  /** It has no service that could run without another file. */
  readonly isFragment: boolean;
}

export interface ServiceSummary {
  readonly name: string;
  readonly image: string | undefined;
  /** What is built, and which stage of it is shipped. */
  readonly build:
    | { readonly context: string; readonly dockerfile: string; readonly target: string | undefined }
    | undefined;
  readonly user: string | undefined;
  readonly hasHealthTest: boolean;
  /** Published ports of the container. */
  readonly publishes: readonly number[];
  readonly dependsOn: readonly string[];
}

const self = "compose.yaml";

export function summariseCompose(file: ComposeFile): ComposeSummary {
  const files: ComposeFiles = {
    text: (name) => (name === self ? file.text : undefined),
    exists: () => undefined,
    stream: (name) => (name === self ? file.stream : undefined),
  };
  const loaded = loadProject(files, { directory: "", files: [self], shell: new Map(), world: "open" });
  if (loaded === undefined) return { services: [], uses: [], isFragment: true };
  const project = new ComposeProject(loaded, files, undefined);
  const services = project.services.map((s): ServiceSummary => {
    const { build, image, user } = s;
    const path = build?.dockerfilePath;
    return {
      name: s.name,
      image: image?.value.known ? image.value.value : undefined,
      build:
        path === undefined
          ? undefined
          : { context: build?.folder ?? "", dockerfile: path, target: knownText(build?.target?.scalar) },
      user: user?.value.known ? user.value.value : undefined,
      hasHealthTest: s.healthTest !== undefined,
      publishes: s.ports.flatMap((p) => (p.target.known ? [p.target.value.first] : [])),
      dependsOn: s.dependsOn.map((d) => d.name),
    };
  });
  const uses = [...loaded.files].filter(([, a]) => a.how === "include" || a.how === "extends").map(([name]) => name);
  const isFragment = !project.services.some(
    (s) => s.image !== undefined || s.build !== undefined || s.provider !== undefined,
  );
  return { services, uses, isFragment };
}

const knownText = (scalar: Scalar | undefined): string | undefined => (scalar?.isKnown ? scalar.text : undefined);
