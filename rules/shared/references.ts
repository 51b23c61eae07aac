/** Edits of image references, where they stand or in the ARG that they take a part from. */
import { choice, type Edit, type ImageUse, type Located, type Pair, type Word } from "../../engine/index";

/** `repository:$VERSION-alpine`, the tag with exactly one variable, or with one that has a default of its own. */
const variableTag = /:([^:@/${}]*)\$(?:([A-Za-z_]\w*)(?!\w)|\{([A-Za-z_]\w*)(?::?-([^{}$]*))?\})([^:@/${}]*)$/;
const wholeVariable = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})$/;

/** A declaration with a written value, as FROM sees it. */
function argument(image: ImageUse, name: string): Pair | undefined {
  if (image.where !== "from") return undefined;
  const pairs = image.instruction.file.globalArguments.flatMap((arg) => arg.pairs.filter((p) => p.name.text === name));
  return pairs.pop();
}

/** A value without its quotes, where it is written out. */
function plainValue(pair: Pair | undefined): { readonly text: string; readonly at: Located } | undefined {
  const word = pair?.value;
  if (word === undefined || word.text.includes("$")) return undefined;
  const quoted = word.raw !== word.text;
  const at = quoted ? word.part(1, word.raw.length - 1) : word;
  return !quoted || word.raw.slice(1, -1) === word.text ? { text: word.text, at } : undefined;
}

const replace = (at: Located, text: string): Edit => ({ span: { start: at.start, end: at.end }, text });
const insert = (at: number, text: string): Edit => ({ span: { start: at, end: at }, text });

/**
 * A snippet edit that gives the image another tag, offered as a choice; undefined where the tag's text cannot be told, or
 * where a digest decides.
 */
export function retag(image: ImageUse, tag: string): Edit | undefined {
  const { reference, tagSpan, word } = image;
  if (reference === undefined || reference.digest !== undefined) return undefined;
  if (tagSpan !== undefined) return replace(tagSpan, choice(1, tag));
  if (reference.tag === undefined && /(?:^|[/}])[\w.-]+$/.test(word.raw)) return insert(word.end, `:${choice(1, tag)}`);
  const whole = wholeVariable.exec(word.raw);
  if (whole !== null) {
    const value = plainValue(argument(image, whole[1] ?? whole[2] ?? ""));
    if (value === undefined) return undefined;
    if (reference.tag === undefined) return insert(value.at.end, `:${choice(1, tag)}`);
    const start = value.at.end - reference.tag.length;
    return { span: { start, end: value.at.end }, text: choice(1, tag) };
  }
  return retagVariable(image, word, tag);
}

/** The variable gets what stands between the tag's written parts. */
function retagVariable(image: ImageUse, word: Word, tag: string): Edit | undefined {
  const match = variableTag.exec(word.raw);
  if (match === null) return undefined;
  const before = match[1] ?? "";
  const behind = match[5] ?? "";
  if (!tag.startsWith(before) || !tag.endsWith(behind) || tag.length <= before.length + behind.length) return undefined;
  const middle = choice(1, tag.slice(before.length, tag.length - behind.length));
  const pair = argument(image, match[2] ?? match[3] ?? "");
  const value = plainValue(pair);
  if (value !== undefined) return replace(value.at, middle);
  if (match[4] === undefined || pair?.value !== undefined) return undefined;
  const end = word.raw.length - behind.length - 1;
  return replace(word.part(end - match[4].length, end), middle);
}

/** A snippet edit that adds a digest to be looked up; undefined where the reference does not end with its name or tag. */
export function addDigest(image: ImageUse): Edit | undefined {
  const { reference, word } = image;
  if (reference === undefined || reference.digest !== undefined || /["']$/.test(word.raw)) return undefined;
  return insert(word.end, `@sha256:${choice(1, "digest")}`);
}

/** A bare name in an ONBUILD trigger may be a stage of the image that is built later. */
export function mayBeLaterStage({ instruction, where, word }: ImageUse): boolean {
  return instruction.onbuild !== undefined && where !== "from" && !/[/:@.]/.test(word.raw);
}
