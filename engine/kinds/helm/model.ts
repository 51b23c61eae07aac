/** The files of a Helm chart that are no manifests: what it is, its values, its notes, its partial templates. */
import { parseYaml, type YamlStream } from "../../languages/yaml/document";
import { lineTerminator } from "../../text/lines";
import { below } from "../../text/path";
import type { Edit } from "../../text/edit";
import type { Span } from "../../text/span";
import type { Comment } from "../kind";
import { Field, FieldHome } from "../kubernetes/field";
import { readActions, type TemplateAction } from "../kubernetes/template";
import { commentAbove, commentsIn, withoutComment } from "../yamlComments";
import type { ChartPart } from "./recognise";

export class HelmFile {
  /** Undefined for templates. */
  readonly stream: YamlStream | undefined;
  private held: Values | undefined;

  constructor(
    readonly file: string,
    readonly text: string,
    readonly part: ChartPart,
    /** The directory of the chart that it belongs to; undefined where no chart is known. */
    readonly directory: string | undefined,
    previous: HelmFile | undefined,
  ) {
    const isTemplate = part === "notes" || part === "partials";
    this.stream = isTemplate ? undefined : parseYaml(text, previous?.stream, { booleans: "1.1" });
  }

  /** What the file says, as YAML; Helm reads the first document. */
  get root(): Field | undefined {
    const document = this.stream?.documents[0];
    return (
      document && new Field(new FieldHome(this.file, document, undefined), document.resolved, undefined, undefined)
    );
  }

  /** The values that the file gives its chart; undefined for other files, and where no chart is known. */
  get values(): Values | undefined {
    const { part, directory, root } = this;
    if (part !== "values" || directory === undefined || root === undefined) return undefined;
    this.held ??= new Values(root, directory, roleOfValues(this.file, directory));
    return this.held;
  }

  get comments(): readonly Comment[] {
    return this.stream === undefined ? commentsOfTemplate(this.text) : commentsIn(this.stream);
  }

  insertComment(at: Span, comment: string): Edit {
    const terminator = lineTerminator(this.text);
    if (this.stream !== undefined) return commentAbove(this.text, at, comment, terminator);
    const start = this.text.lastIndexOf("\n", at.start - 1) + 1;
    return { span: { start, end: start }, text: `{{- /* ${comment} */}}${terminator}` };
  }

  removeComment(at: Span): Edit {
    if (this.stream !== undefined) return withoutComment(this.text, at);
    const newline = this.text.indexOf("\n", at.end);
    const start = this.text.lastIndexOf("\n", at.start - 1) + 1;
    const end = newline < 0 ? this.text.length : newline + 1;
    const isAlone = (this.text.slice(start, at.start) + this.text.slice(at.end, end)).trim() === "";
    return { span: isAlone ? { start, end } : { start: at.start, end: at.end }, text: "" };
  }
}

/** A comment speaks of the action that follows it. */
function commentsOfTemplate(text: string): readonly Comment[] {
  const actions = readActions(text);
  return actions.flatMap((action, i) => {
    if (action.kind !== "comment") return [];
    const { start, end, body } = action;
    const next = actions.slice(i + 1).find((a) => a.kind !== "comment");
    return [{ start, end, text: body.slice(2).replace(/\*\/$/, "").trim(), governs: next ?? { start, end } }];
  });
}

/** `Chart.yaml`, or `requirements.yaml` of the older form. */
export class Chart {
  constructor(
    readonly root: Field,
    /** The directory of the chart; "" is the root. */
    readonly directory: string,
    readonly part: "chart" | "requirements",
  ) {}

  get name(): string | undefined {
    return this.root.get("name")?.string;
  }

  get dependencies(): readonly Dependency[] {
    return (this.root.get("dependencies")?.items ?? []).map((field) => new Dependency(field));
  }
}

export class Dependency {
  constructor(readonly field: Field) {}

  get name(): string {
    return this.field.get("name")?.string ?? "a dependency";
  }

  get version(): Field | undefined {
    return this.field.get("version");
  }

  get repository(): Field | undefined {
    return this.field.get("repository");
  }

  get anchor(): Field {
    return this.field.get("name") ?? this.field;
  }
}

/** `default`: what everybody gets who sets nothing. `trial`: what the chart's own tests set. */
export type ValuesRole = "default" | "other" | "trial";

/** A file of values of a chart. */
export class Values {
  private collected: readonly ValueSetting[] | undefined;

  constructor(
    readonly root: Field,
    readonly directory: string,
    readonly role: ValuesRole,
  ) {}

  get file(): string {
    return this.root.file;
  }

  /** Every entry of every map, in the order of the text. */
  get settings(): readonly ValueSetting[] {
    if (this.collected !== undefined) return this.collected;
    const found: ValueSetting[] = [];
    collect(this.root, [], this, found);
    this.collected = found;
    return found;
  }
}

/** One entry of a map of values. */
export class ValueSetting {
  constructor(
    readonly values: Values,
    /** From the root; the last step is its own name. */
    readonly path: readonly (string | number)[],
    readonly field: Field,
    /** The map that it stands in. */
    readonly around: Field,
  ) {}

  get name(): string {
    return String(this.path.at(-1));
  }

  /** As people write it for `--set`. */
  get title(): string {
    return this.path.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("");
  }

  /** The names around it, the nearest last; the indices of lists are left out. */
  get above(): readonly string[] {
    return this.path.slice(0, -1).filter((step) => typeof step === "string");
  }

  /** A map around it says that it is switched off. */
  get isOff(): boolean {
    for (let field: Field | undefined = this.around; field !== undefined; field = field.parent)
      if (field.get("enabled")?.boolean === false) return true;
    return false;
  }
}

/** Values that are nested deeper are left alone. */
const deepest = 20;

function collect(field: Field, path: readonly (string | number)[], values: Values, found: ValueSetting[]): void {
  if (path.length > deepest) return;
  for (const [i, item] of field.items.entries()) collect(item, [...path, i], values, found);
  if (field.kind !== "map") return;
  for (const [name, value] of field.entries) {
    const at = [...path, name];
    // What an anchor repeats stands only once in the file.
    if (value.isShared) continue;
    found.push(new ValueSetting(values, at, value, field));
    collect(value, at, values, found);
  }
}

export function roleOfValues(file: string, directory: string): ValuesRole {
  const path = below(directory, file) ?? file;
  if (/^values\.ya?ml$/.test(path)) return "default";
  const isTrial =
    /(?:^|\/)(?:ci|tests?|e2e|testdata|examples?)\//.test(path) ||
    /[._-](?:ci|tests?|e2e|examples?|sample)[._-]/.test(path);
  return isTrial ? "trial" : "other";
}

/** A template that makes no manifest: the notes that Helm prints, or definitions for other templates. */
export class ChartTemplate {
  readonly actions: readonly TemplateAction[];

  constructor(
    readonly file: string,
    readonly text: string,
    readonly directory: string,
    readonly part: "notes" | "partials",
  ) {
    this.actions = readActions(text);
  }
}
