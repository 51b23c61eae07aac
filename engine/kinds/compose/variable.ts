/** `NAME=value`: of an environment, of build arguments, of labels. */
import type { Span } from "../../text/span";
import { YamlSource } from "./datum";
import type { Assignment } from "./environment";
import { Part, Setting } from "./part";

export class ServiceVariable extends Part {
  constructor(
    readonly name: string,
    private readonly assignment: Assignment,
    path: readonly string[],
  ) {
    super(assignment.value, path);
  }

  /** Undefined where only the name is written, and nobody knows the value. */
  get value(): Setting | undefined {
    const { value } = this.assignment;
    return value.type === "null" ? undefined : new Setting(value, this.path);
  }

  get nameSpan(): Span {
    const { source } = this;
    if (!(source instanceof YamlSource)) return source;
    if (source.key !== undefined) return source.key;
    return source.node.kind === "scalar" ? source.node.part(0, this.name.length) : source;
  }

  /** It comes from an `env_file` or `label_file`. */
  get isFromFile(): boolean {
    return !(this.source instanceof YamlSource);
  }
}

export const variablesAt = (assignments: readonly Assignment[], path: readonly string[]): readonly ServiceVariable[] =>
  assignments.map((a) => new ServiceVariable(a.name, a, [...path, a.name]));
