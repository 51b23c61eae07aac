/** Dockerfiles that stand in a compose file: `build.dockerfile_inline`. */
import { Excerpt } from "../../text/located";
import { dockerfileKind } from "../dockerfile/kind";
import { type Embedded, outerEdits, outerSpan } from "../embedded";
import type { Around } from "../kind";
import { type BuiltService, builtBy } from "./built";
import { YamlSource } from "./datum";
import type { ComposeFile } from "./file";
import { excerptOf } from "./program";
import type { Service } from "./service";

export function inlineDockerfiles(file: ComposeFile, around: Around): readonly Embedded[] {
  if (!file.text.includes("dockerfile_inline")) return [];
  const services = around.compositions.projectsOf(around.file).flatMap((project) => project.services);
  const seen = new Set<number>();
  return services.flatMap((service) => {
    const inline = service.build?.inline;
    if (inline?.file !== around.file || seen.has(inline.source.start)) return [];
    seen.add(inline.source.start);
    return inlineDockerfile(service, file, around) ?? [];
  });
}

/** What is around a Dockerfile that one service alone builds. */
class Within implements Around {
  readonly compositions: Around["compositions"];

  constructor(
    private readonly around: Around,
    readonly file: string,
    private readonly built: readonly BuiltService[],
  ) {
    this.compositions = around.compositions;
  }

  get project(): Around["project"] {
    return Object.create(this.around.project, { builds: { value: () => this.built } }) as Around["project"];
  }
}

function inlineDockerfile(service: Service, file: ComposeFile, around: Around): Embedded | undefined {
  const scalar = service.build?.inline?.scalar;
  const source = scalar?.source;
  if (scalar === undefined || !(source instanceof YamlSource) || source.node.kind !== "scalar") return undefined;
  const { document } = source.home;
  const relative = excerptOf(scalar, document.origin);
  if (relative === undefined) return undefined;
  const { at } = document.origin;
  const { text } = relative;
  const offsets = Int32Array.from({ length: text.length }, (_, i) => at + relative.startOf(i));
  const excerpt = new Excerpt(text, at + relative.startOf(0), offsets);
  const isBlock = source.node.style === "literal";
  const lineStart = file.text.lastIndexOf("\n", excerpt.startOf(0) - 1) + 1;
  const indent = /^[ \t]*/.exec(file.text.slice(lineStart))?.[0] ?? "";
  const host = {
    text: file.text,
    indent,
    terminator: document.terminator,
    spell: (t: string) => t.replaceAll("$", "$$$$"),
  };
  return {
    kind: dockerfileKind,
    model: dockerfileKind.parse(text, undefined, { shell: file.parser }, targetsOf(service)),
    text,
    around: new Within(around, `${around.file}#${service.name}`, [builtBy(service)]),
    placeOf: (span) => outerSpan(excerpt, span),
    editsOf: (edits) => (isBlock ? outerEdits(excerpt, edits, host) : undefined),
  };
}

function targetsOf(service: Service): readonly string[] {
  const target = service.build?.target?.value;
  return target?.known === true ? [target.value] : [];
}
