import { parseYaml, type YamlStream } from "../../languages/yaml/document";
import type { KindId } from "../../rule";
import type { Edit } from "../../text/edit";
import { Once } from "../../text/once";
import type { Span } from "../../text/span";
import type { CodeFacts } from "../code/facts";
import type { Comment, Languages } from "../kind";
import { commentsIn, withoutComment } from "../yamlComments";
import { readHcl, readToml } from "./assignments";
import { factsOf, readCode } from "./code";
import { commentLine, commentsOf, type Mark, markOf } from "./comments";
import type { Format, TextFile, TextValue } from "./file";
import { extensionOf, formatOf, formatOfLanguage } from "./formats";
import { readJson } from "./json";
import { readEnv, readHttp, readIni, readProperties } from "./lines";
import { readMarkdown } from "./markdown";
import { readNotebook } from "./notebook";
import {
  isDevelopmentPath,
  isDocumentationPath,
  isExamplePath,
  isForeignFile,
  isTestPath,
  isTranslationPath,
} from "./paths";
import { readShell } from "./shell";
import { readSketch } from "./sketch";
import { readXml } from "./xml";
import { readYaml } from "./yaml";

/** What is known of a file beside its text. */
export interface About {
  readonly file: string;
  readonly languageId?: string | undefined;
  /** The kind whose rules look at it as well, with its model. */
  readonly kind?: KindId | undefined;
  readonly model?: unknown;
}

/** Larger files hold data: their values are not read. YAML takes ten times as long as others do. */
const largest = (format: Format): number => (format === "yaml" ? 400_000 : 1_000_000);

/** Kinds whose own rules judge what stands under names. */
const judgesNames = (kind: KindId | undefined): boolean => kind !== undefined && kind !== "code" && kind !== "text";

/** Never fails; `previous` is what an earlier text of the file gave. Values are read when somebody asks for them. */
export function readText(text: string, previous: TextFile | undefined, _languages: Languages, about: About): TextFile {
  const { file, kind } = about;
  const format = formatOf(file, text, about.languageId);
  const extension = extensionOf(file);
  const isForeign = isForeignFile(file, text);
  const mayHoldValues = !isForeign && !judgesNames(kind) && text.length <= largest(format) && !isTranslationPath(file);
  const mark = markOf(format, extension);
  const old = previous instanceof ReadText ? previous.stream.made : undefined;
  const stream = new Once(() => parseYaml(text, old));
  const values = new Once(() => (mayHoldValues ? valuesOf(text, format, extension, about, stream) : []));
  const isYaml = format === "yaml" && mayHoldValues;
  const comments = new Once(() =>
    isYaml && text.includes("bulkhead-ignore") ? commentsIn(stream.value) : commentsOf(text, mark),
  );
  const facts = factsOf(about.model);
  return new ReadText({ file, text, format, kind, extension, isForeign, mark, facts, stream, values, comments });
}

interface Reading extends Pick<TextFile, "file" | "text" | "format" | "kind" | "extension" | "isForeign"> {
  readonly mark: Mark | undefined;
  readonly facts: CodeFacts | undefined;
  readonly stream: Once<YamlStream>;
  readonly values: Once<readonly TextValue[]>;
  readonly comments: Once<readonly Comment[]>;
}

class ReadText implements TextFile {
  readonly file: string;
  readonly text: string;
  readonly format: Format;
  readonly kind: KindId | undefined;
  readonly extension: string;
  readonly isForeign: boolean;
  readonly isTest: boolean;
  readonly isDevelopment: boolean;
  readonly isExample: boolean;
  readonly isDocumentation: boolean;
  /** Read as far as somebody asked; the next text of the file is read faster with it. */
  readonly stream: Once<YamlStream>;

  constructor(private readonly reading: Reading) {
    const { file } = reading;
    this.file = file;
    this.text = reading.text;
    this.format = reading.format;
    this.kind = reading.kind;
    this.extension = reading.extension;
    this.isForeign = reading.isForeign;
    this.stream = reading.stream;
    this.isTest = isTestPath(file);
    this.isDevelopment = isDevelopmentPath(file);
    this.isExample = isExamplePath(file);
    this.isDocumentation = isDocumentationPath(file);
  }

  get values(): readonly TextValue[] {
    return this.reading.values.value;
  }

  get comments(): readonly Comment[] {
    return this.reading.comments.value;
  }

  get knowsImports(): boolean {
    return this.reading.facts !== undefined;
  }

  importOf(module: string, member?: string): ReturnType<CodeFacts["importOf"]> {
    return this.reading.facts?.importOf(module, member);
  }

  insertComment(at: Span, comment: string): Edit | undefined {
    const { text, mark } = this.reading;
    return mark === undefined ? undefined : commentLine(text, at, comment, mark);
  }

  removeComment(at: Span): Edit {
    return withoutComment(this.text, at);
  }
}

function valuesOf(
  text: string,
  format: Format,
  extension: string,
  about: About,
  stream: Once<YamlStream>,
): readonly TextValue[] {
  if (format === "yaml") return readYaml(text, stream.value);
  if (format === "code") return readCode(text, about.model) ?? readSketch(text, extension);
  if (format === "markdown") {
    return readMarkdown(text, (block, language) => {
      const inner = formatOfLanguage(language);
      return inner === undefined || inner === "markdown"
        ? []
        : valuesOf(block, inner, language, { file: about.file }, new Once(() => parseYaml(block)));
    });
  }
  return readers[format]?.(text) ?? [];
}

const readers: Readonly<Partial<Record<Format, (text: string) => readonly TextValue[]>>> = {
  json: readJson,
  properties: readProperties,
  env: readEnv,
  ini: readIni,
  toml: readToml,
  hcl: readHcl,
  xml: readXml,
  shell: readShell,
  http: readHttp,
  notebook: readNotebook,
};
