/** Values in XML: attributes, and the texts of elements that hold nothing else. One pass; never fails. */
import type { Span } from "../../text/span";
import type { TextValue } from "./file";
import { deepest, textValue } from "./values";

interface Element {
  readonly name: string;
  readonly path: readonly string[];
  /** The texts of elements beside each other below this one. */
  readonly inside: Map<string, string>;
  /** Where its content begins; -1 once another element stood in it. */
  content: number;
  /** What an attribute calls it: `<property name="password">`. */
  readonly called: string | undefined;
}

export function readXml(text: string): readonly TextValue[] {
  const values: TextValue[] = [];
  const open: Element[] = [{ name: "", path: [], inside: new Map(), content: -1, called: undefined }];
  let depth = 0;
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    if (text.startsWith("<!--", at)) at = behind(text, "-->", at + 4);
    else if (text.startsWith("<![CDATA[", at)) at = behind(text, "]]>", at + 9);
    else if (text[at + 1] === "!" || text[at + 1] === "?") at = behind(text, ">", at + 2);
    else if (text[at + 1] === "/") {
      const end = behind(text, ">", at + 2);
      if (depth < deepest) close(text, open, at, values);
      depth = Math.max(0, depth - 1);
      at = end;
    } else {
      const tag = /^<([A-Za-z_][\w:.-]{0,120})/.exec(text.slice(at, at + 124))?.[1];
      if (tag === undefined) {
        at++;
        continue;
      }
      const parent = open[open.length - 1] as Element;
      parent.content = -1;
      const { attributes, end, isEmpty } = readAttributes(text, at + 1 + tag.length);
      takeAttributes(text, tag, parent, attributes, values);
      if (!isEmpty) {
        depth++;
        const called = attributes.find((a) => a.name === "name" || a.name === "key")?.value;
        const path = [...parent.path, tag];
        if (depth < deepest) open.push({ name: tag, path, inside: new Map(), content: end, called });
      }
      at = end;
    }
  }
  return values;
}

function behind(text: string, mark: string, at: number): number {
  const end = text.indexOf(mark, at);
  return end < 0 ? text.length : end + mark.length;
}

interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly nameSpan: Span;
  readonly span: Span;
}

function readAttributes(
  text: string,
  from: number,
): { readonly attributes: readonly Attribute[]; readonly end: number; readonly isEmpty: boolean } {
  const attributes: Attribute[] = [];
  let at = from;
  while (at < text.length) {
    const c = text[at];
    if (c === ">" || c === "<") break;
    const match = /^([A-Za-z_][\w:.-]{0,120})\s{0,20}=\s{0,20}(["'])/.exec(text.slice(at, at + 165));
    const [head = "", name = "", quote = '"'] = match ?? [];
    if (match === null) {
      at++;
      continue;
    }
    const start = at + head.length;
    const stop = text.indexOf(quote, start);
    const end = stop < 0 ? text.length : stop;
    const nameSpan = { start: at, end: at + name.length };
    attributes.push({ name, value: decoded(text.slice(start, end)), nameSpan, span: { start, end } });
    at = end + 1;
  }
  const end = Math.min(text[at] === "<" ? at : at + 1, text.length);
  return { attributes, end, isEmpty: text[at - 1] === "/" };
}

const isName = (name: string): boolean => /^(?:name|key)$/i.test(name);

function takeAttributes(
  text: string,
  tag: string,
  parent: Element,
  attributes: readonly Attribute[],
  values: TextValue[],
): void {
  const called = attributes.find((a) => isName(a.name))?.value;
  const own = new Map(attributes.map((a) => [a.name, a.value]));
  for (const { name, value, nameSpan, span } of attributes) {
    const isPair = called !== undefined && /^(?:value|connectionString|default)$/i.test(name);
    if (isPair) parent.inside.set(called, value);
    const path = isPair ? [...parent.path, called] : [...parent.path, tag, name];
    const whole = { start: span.start - 1, end: Math.min(span.end + 1, text.length) };
    values.push(textValue(text, { path, nameSpan, value, span, whole, beside: isPair ? parent.inside : own }));
  }
}

function close(text: string, open: Element[], at: number, values: TextValue[]): void {
  if (open.length < 2) return;
  const element = open.pop() as Element;
  const parent = open[open.length - 1] as Element;
  if (element.content < 0) return;
  const raw = text.slice(element.content, at);
  const value = raw.trim();
  if (value === "" || value.length > 20_000 || value.includes("<!")) return;
  const start = element.content + raw.indexOf(value);
  const name = element.called ?? element.name;
  parent.inside.set(name, decoded(value));
  const path = element.called === undefined ? element.path : [...element.path, element.called];
  const span = { start, end: start + value.length };
  values.push(textValue(text, { path, value: decoded(value), span, beside: parent.inside }));
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const decoded = (text: string): string =>
  text.includes("&") ? text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? "") : text;
