import { parseYaml, type YamlStream } from "../../languages/yaml/document";
import type { KindId } from "../../rule";
import type { Languages } from "../kind";
import { commentsIn, withoutComment } from "../yamlComments";
import { readHcl, readToml } from "./assignments";
import { factsOf, readCode } from "./code";
import { commentLine, commentsOf, markOf } from "./comments";
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

/** A file with the YAML that was read for it so far, so that the next text of it is read faster. */
interface YamlTextFile extends TextFile {
  readonly stream: Once<YamlStream>;
}

/** Never fails; `previous` is what an earlier text of the file gave. Values are read when somebody asks for them. */
export function readText(text: string, previous: TextFile | undefined, _languages: Languages, about: About): TextFile {
  const { file, kind } = about;
  const format = formatOf(file, text, about.languageId);
  const extension = extensionOf(file);
  const isForeign = isForeignFile(file, text);
  const mayHoldValues = !isForeign && !judgesNames(kind) && text.length <= largest(format) && !isTranslationPath(file);
  const mark = markOf(format, extension);
  const old = previous !== undefined && "stream" in previous ? (previous as YamlTextFile).stream.made : undefined;
  const stream = once(() => parseYaml(text, old));
  const values = once(() => (mayHoldValues ? valuesOf(text, format, extension, about, stream) : []));
  const isYaml = format === "yaml" && mayHoldValues;
  const comments = once(() =>
    isYaml && text.includes("bulkhead-ignore") ? commentsIn(stream.get()) : commentsOf(text, mark),
  );
  const read: TextFile = {
    file,
    text,
    format,
    kind,
    extension,
    isForeign,
    isTest: isTestPath(file),
    isDevelopment: isDevelopmentPath(file),
    isExample: isExamplePath(file),
    isDocumentation: isDocumentationPath(file),
    get values() {
      return values.get();
    },
    get comments() {
      return comments.get();
    },
    ...importsOf(about.model),
    insertComment: (span, comment) => (mark === undefined ? undefined : commentLine(text, span, comment, mark)),
    removeComment: (span) => withoutComment(text, span),
  };
  return isYaml ? Object.defineProperty(read, "stream", { value: stream }) : read;
}

/** Something that is made when somebody asks for it first. */
interface Once<T> {
  readonly made: T | undefined;
  get(): T;
}

function once<T extends object>(make: () => T): Once<T> {
  let made: T | undefined;
  return {
    get made() {
      return made;
    },
    get() {
      made ??= make();
      return made;
    },
  };
}

function valuesOf(
  text: string,
  format: Format,
  extension: string,
  about: About,
  stream: Once<YamlStream>,
): readonly TextValue[] {
  if (format === "yaml") return readYaml(text, stream.get());
  if (format === "code") return readCode(text, about.model) ?? readSketch(text, extension);
  if (format === "markdown") {
    return readMarkdown(text, (block, language) => {
      const inner = formatOfLanguage(language);
      return inner === undefined || inner === "markdown"
        ? []
        : valuesOf(
            block,
            inner,
            language,
            { file: about.file },
            once(() => parseYaml(block)),
          );
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

function importsOf(model: unknown): Pick<TextFile, "importOf"> {
  const facts = factsOf(model);
  return facts === undefined ? {} : { importOf: (module, member) => facts.importOf(module, member) };
}
