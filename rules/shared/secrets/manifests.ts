/** Kubernetes Secrets that stand in a text which is no manifest: in a script, a template, a page. */
import type { Span, TextFile } from "../../../engine/index";
import { fromBase64 } from "./bytes";
import { mask } from "./mask";
import { isPath, isPlaceholder, isPublic, isReference, isSetting } from "./values";

export interface SecretValue {
  readonly key: string;
  readonly span: Span;
  readonly masked: string;
}

/** Longer documents are no Secrets that somebody wrote. */
const reach = 20_000;
/** As many Secrets as a person writes into one text. */
const most = 50;

const head = /^([ \t]{0,40})kind:[ \t]{1,4}["']?Secret["']?[ \t]*\r?$/gm;
const line = /^([ \t]*)([^\s:#][^:\n]{0,120}):(?:[ \t]([^\n]*))?$/;

/** Each literal under `data` and `stringData`; nothing for files whose own rules see to it, and in prose. */
export function secretValues({ text, kind, isTest, isDocumentation, isForeign }: TextFile): readonly SecretValue[] {
  if (kind !== undefined || isTest || isDocumentation || isForeign || !text.includes("Secret")) return [];
  return [...text.matchAll(head)].slice(0, most).flatMap((match) => {
    const indent = (match[1] ?? "").length;
    const start = documentStart(text, match.index);
    const end = documentEnd(text, match.index);
    const document = text.slice(start, end);
    if (/^[ \t]*sops:/m.test(document) || !/^[ \t]*apiVersion:[ \t]*["']?v1["']?[ \t]*\r?$/m.test(document)) return [];
    return valuesIn(document, indent).map((v) => ({
      ...v,
      span: { start: v.span.start + start, end: v.span.end + start },
    }));
  });
}

const boundary = /^[ \t]*(?:---|```|EOF|END|YAML|kind:)/;

function documentStart(text: string, at: number): number {
  const from = Math.max(0, at - reach);
  const before = text.slice(from, at);
  const cut = Math.max(before.lastIndexOf("\n---"), before.lastIndexOf("```"), before.lastIndexOf("<<"));
  return from + (cut < 0 ? 0 : cut + 3);
}

function documentEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && end < at + reach) {
    const newline = text.indexOf("\n", end);
    if (newline < 0) return text.length;
    if (end > at && boundary.test(text.slice(end, end + 40))) return end;
    end = newline + 1;
  }
  return end;
}

function valuesIn(document: string, indent: number): readonly SecretValue[] {
  const found: SecretValue[] = [];
  let section: "data" | "stringData" | undefined;
  let at = 0;
  for (const raw of document.split("\n")) {
    const match = line.exec(raw.replace(/\r$/, ""));
    const depth = (match?.[1] ?? "").length;
    const key = (match?.[2] ?? "").replaceAll(/["']/g, "").trim();
    if (match !== null && depth <= indent) section = key === "data" || key === "stringData" ? key : undefined;
    else if (match !== null && section !== undefined) {
      const value = valueOf((match[3] ?? "").trimStart());
      if (value !== "" && isLiteral(key, value, section === "data")) {
        const start = at + raw.indexOf(value, (match[1] ?? "").length + (match[2] ?? "").length + 1);
        found.push({ key, span: { start, end: start + value.length }, masked: mask(value) });
      }
    }
    at += raw.length + 1;
  }
  return found;
}

/** Without quotes and a comment behind it. */
function valueOf(written: string): string {
  const quoted = /^(["'])(.*?)\1/.exec(written)?.[2];
  return quoted ?? written.replace(/(?<!\s)\s+#.*/s, "").trim();
}

function isLiteral(key: string, value: string, isEncoded: boolean): boolean {
  if (/\.(?:crt|pem|cer)$|^(?:namespace|ca|user|username|host|port|url|database)$/i.test(key)) return false;
  if (/^[|>]/.test(value) || isReference(value) || isPlaceholder(value) || isPublic(value)) return false;
  const plain = isEncoded ? fromBase64(value) : value;
  if (plain === undefined || plain.length < 4) return false;
  return !isReference(plain) && !isPlaceholder(plain) && !isPublic(plain) && !isSetting(plain) && !isPath(plain);
}
