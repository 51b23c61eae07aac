/** Versions and ciphers of TLS that service code should not accept any more (RFC 8996, RFC 9325). */
import type { CodeFile, CodeScope, CodeText, CodeValue, Edit, Span } from "../../../engine/index";
import { withoutItem } from "./taking-out";
import { givenValues, spanOf } from "./values";

export interface WeakTls extends Span {
  readonly message: string;
  readonly guard: CodeScope["guard"];
  readonly title: string;
  readonly edits: readonly Edit[] | undefined;
}

const isBroken = (what: string): string => `${what} is accepted, and is broken`;
const raise = "Ask for TLS 1.2";

/** Every place of the file, in the order of the text. */
export function weakTls(code: CodeFile): readonly WeakTls[] {
  const found = [...byText(code), ...byName(code), ...byNumber(code), ...byList(code), ...ofCsharp(code)];
  const first = new Map([...found].reverse().map((one) => [one.start, one]));
  return [...first.values()].sort((a, b) => a.start - b.start);
}

const versionKey =
  /^(?:(?:min|max)(?:imum)?[-_]?(?:tls|ssl|protocol)?[-_]?version|(?:tls|ssl)[-_]?(?:min|max)(?:imum)?[-_]?version|DEFAULT_(?:MIN|MAX)_VERSION|ssl_?version|tls_?version)$/i;
const oldVersion = /^(?:TLSv1(?:[._][01])?|TLS1_?[01]?|SSLv?[23])$/i;
const oldMethod = /^(?:SSLv2|SSLv23|SSLv3|TLSv1|TLSv1_1)(_client|_server)?_method$/;
const cipherKey = /^(?:ssl_?|tls_?)?cipher(?:s|_?suites?|_?list)?$/i;
/** Encrypt nothing, or are broken, or show nobody who answers. */
const weakCipher = /(?:^|[-_+])(?:RC4|RC2|3DES|DES|NULL|EXPORT\d*|EXP|aNULL|eNULL|ADH|AECDH|MD5|anon)(?:[-_+]|$)/i;
const setCiphers = /^(?:set_ciphers|ciphers|setCiphers|setEnabledCipherSuites)$/;
const setProtocols = /^(?:setEnabledProtocols|setProtocols|protocols|setSslProtocols|withProtocols?)$/;

/** The same spelling of 1.2. */
const newer = (text: string): string => (text.includes("_") ? "TLSv1_2" : "TLSv1.2");

/** Texts under telling names, and texts that calls of Java are given. */
function byText({ facts, language }: CodeFile): readonly WeakTls[] {
  return facts.literals.flatMap(({ text, use, scope }) => {
    const { whole } = text;
    if (whole === undefined || whole.length > 2000) return [];
    const name = use.kind === "value" || use.kind === "argument" ? use.name : undefined;
    const call = use.kind === "argument" ? use.call.callee : undefined;
    const context = call?.last === "getInstance" && /(?:^|\.)SSLContext\.getInstance$/.test(call.text);
    const isVersion = (name !== undefined && versionKey.test(name)) || context;
    if (isVersion && (oldVersion.test(whole) || (context && whole === "SSL")))
      return [
        versionAt(text, isBroken(whole === "SSL" ? "Every version down to SSL 3" : whole), newer(whole), scope.guard),
      ];
    if (name === "secureProtocol" && oldMethod.test(whole))
      return [versionAt(text, isBroken(whole), whole.replace(/^(?:SSLv\d+|TLSv1(?:_1)?)/, "TLSv1_2"), scope.guard)];
    if (language === "java" && isProperty(use)) return inProperty(text, whole, scope.guard);
    const isCipher = (name !== undefined && cipherKey.test(name)) || (call !== undefined && setCiphers.test(call.last));
    return isCipher && /[-:_A-Z]/.test(whole) ? inCiphers(text, whole, scope.guard) : [];
  });
}

function versionAt(text: CodeText, message: string, better: string, guard: CodeScope["guard"]): WeakTls {
  const at = text.inner ?? spanOf(text);
  return { ...spanOf(at), message, guard, title: raise, edits: text.inner && [{ span: text.inner, text: better }] };
}

type Use = CodeFile["facts"]["literals"][number]["use"];

/** The value of `System.setProperty("https.protocols", …)`. */
function isProperty(use: Use): boolean {
  if (use.kind !== "argument" || use.index !== 1 || use.call.callee.last !== "setProperty") return false;
  const key = use.call.arguments[0]?.value;
  return key?.kind === "text" && /^(?:https\.protocols|jdk\.tls\.(?:client|server)\.protocols)$/.test(key.whole ?? "");
}

function inProperty(text: CodeText, whole: string, guard: CodeScope["guard"]): readonly WeakTls[] {
  const all = whole.split(",").map((v) => v.trim());
  const kept = all.filter((v) => !oldVersion.test(v));
  if (kept.length === all.length) return [];
  const old = all.filter((v) => oldVersion.test(v)).join(", ");
  return [versionAt(text, isBroken(old), kept.length === 0 ? "TLSv1.2" : kept.join(","), guard)];
}

function inCiphers(text: CodeText, whole: string, guard: CodeScope["guard"]): readonly WeakTls[] {
  const separator = /[:,\s]/.exec(whole)?.[0] ?? ":";
  const all = whole.split(separator);
  const isWeak = (name: string): boolean => !/^[!-]/.test(name) && weakCipher.test(name.replace(/^\+/, ""));
  const weak = all.filter(isWeak);
  if (weak.length === 0) return [];
  const kept = all.filter((name) => !isWeak(name)).join(separator);
  const at = text.inner ?? spanOf(text);
  const edits = text.inner === undefined || /^[!:,\s-]*$/.test(kept) ? undefined : [{ span: text.inner, text: kept }];
  return [
    { ...spanOf(at), message: isBroken(weak.slice(0, 3).join(", ")), guard, title: "Leave out what is broken", edits },
  ];
}

/** Constants of libraries, by the end of their names. */
interface NameRow {
  readonly language: CodeFile["language"];
  readonly name: RegExp;
  readonly modules: RegExp;
  readonly better: string;
  /** The setting that it must be given for, or the call. */
  readonly setting: RegExp;
}
const pythonSetting =
  /(?:ssl|tls|minimum|maximum|min|max)_?version$|^protocol$|^ssl_?protocol$|^(?:SSLContext|Context|wrap_socket|create_\w*context|_create_\w*context)$/i;
const names: readonly NameRow[] = [
  {
    language: "python",
    name: /^PROTOCOL_(?:SSLv2|SSLv3|TLSv1|TLSv1_1)$/,
    modules: /^ssl$/,
    better: "PROTOCOL_TLSv1_2",
    setting: pythonSetting,
  },
  {
    language: "python",
    name: /(?:^|\.)TLSVersion\.(?:SSLv3|TLSv1|TLSv1_1|MINIMUM_SUPPORTED)$/,
    modules: /^ssl$/,
    better: "TLSv1_2",
    setting: pythonSetting,
  },
  {
    language: "python",
    name: /(?:^|\.)(?:SSLv2|SSLv3|SSLv23|TLSv1|TLSv1_1)_METHOD$/,
    modules: /^(?:OpenSSL(?:\.SSL)?|eventlet\.green\.OpenSSL(?:\.SSL)?)$/,
    better: "TLSv1_2_METHOD",
    setting: pythonSetting,
  },
  {
    language: "go",
    name: /^Version(?:SSL30|TLS10|TLS11)$/,
    modules: /^crypto\/tls$/,
    better: "VersionTLS12",
    setting: /^M(?:in|ax)Version$/,
  },
  {
    language: "java",
    name: /(?:^|\.)(?:TLS_1_0|TLS_1_1|SSL_3_0)$/,
    modules: /^okhttp3$/,
    better: "TLS_1_2",
    setting: /^tlsVersions$/,
  },
];

function byName(code: CodeFile): readonly WeakTls[] {
  const rows = names.filter((r) => r.language === code.language);
  const found: WeakTls[] = [];
  if (rows.length === 0) return found;
  for (const { value, guard, name, call } of givenValues(code)) {
    if (value.kind !== "variable") continue;
    const { origin, last, text } = value.name;
    const row = rows.find((r) => origin !== undefined && r.modules.test(origin.module) && r.name.test(origin.member));
    const setting = name ?? call?.callee.last;
    if (row === undefined || setting === undefined || !row.setting.test(setting)) continue;
    const word = { start: value.end - last.length, end: value.end };
    found.push({
      ...spanOf(value),
      message: isBroken(said(text)),
      guard,
      title: raise,
      edits: [{ span: word, text: row.better }],
    });
  }
  return found;
}

/** `VersionTLS10` as a person would say it. */
const said = (name: string): string =>
  name
    .replace(/^.*\./, "")
    .replace(/^(?:Version|PROTOCOL_)/, "")
    .replace(
      /^(TLS|SSL)v?_?([123])[._]?([01])?(?:_METHOD)?$/i,
      (_, protocol: string, major: string, minor = "0") => `${protocol.toUpperCase()} ${major}.${minor}`,
    )
    .replace(/^MINIMUM_SUPPORTED$/, "The oldest version that is there");

/** Numbers in the place of Go's constants. */
function byNumber({ facts, language }: CodeFile): readonly WeakTls[] {
  if (language !== "go") return [];
  return facts.options.flatMap(({ entries, type }) =>
    type?.origin?.module !== "crypto/tls"
      ? []
      : entries.flatMap(({ name, value }) => {
          const isOld = value.kind === "amount" && value.value >= 0x0300 && value.value <= 0x0302;
          if (!isOld || !/^M(?:in|ax)Version$/.test(name)) return [];
          const edits = [{ span: spanOf(value), text: "0x0303" }];
          return [{ ...spanOf(value), message: isBroken("TLS below 1.2"), guard: undefined, title: raise, edits }];
        }),
  );
}

const goSuite = /^TLS_(?:RSA_|ECDHE_(?:RSA|ECDSA)_WITH_(?:RC4|3DES)_)/;

/** Items of lists of suites and versions. */
function byList(code: CodeFile): readonly WeakTls[] {
  const found: WeakTls[] = [];
  const add = (
    item: CodeValue,
    all: readonly CodeValue[],
    what: string,
    guard: CodeScope["guard"],
    only?: string,
  ): void => {
    const isOnly = all.length === 1;
    const edits = isOnly
      ? only === undefined || item.kind !== "text" || item.inner === undefined
        ? undefined
        : [{ span: item.inner, text: only }]
      : [withoutItem(all, item, code)];
    const title = isOnly ? raise : `Leave out ${what}`;
    found.push({ ...spanOf(item), message: isBroken(what), guard, title, edits });
  };
  if (code.language === "go")
    for (const { entries } of code.facts.options)
      for (const { name, value } of entries) {
        if (name !== "CipherSuites" || value.kind !== "list") continue;
        for (const item of value.items)
          if (item.kind === "variable" && goSuite.test(item.name.last))
            add(item, value.items, item.name.last, undefined);
      }
  if (code.language === "java")
    for (const { callee, arguments: given, scope } of code.facts.calls) {
      if (!setProtocols.test(callee.last)) continue;
      const [first] = given;
      const items = first?.value.kind === "list" ? first.value.items : given.map((a) => a.value);
      for (const item of items)
        if (item.kind === "text" && oldVersion.test(item.whole ?? ""))
          add(item, items, item.whole ?? "", scope.guard, "TLSv1.2");
    }
  return found;
}

const csharpSetting =
  /^(?:SecurityProtocol|(?:Enabled)?SslProtocols?|enabledSslProtocols|AuthenticateAs\w+|SslProtocol)$/;
const csharpName = /\b(SecurityProtocolType|SslProtocols)\.(Tls|Tls11|Ssl2|Ssl3|Default)\b/g;

/** Flags of .NET, alone or joined by `|`. */
function ofCsharp(code: CodeFile): readonly WeakTls[] {
  if (code.language !== "csharp") return [];
  const found: WeakTls[] = [];
  for (const { value, name, guard, call } of givenValues(code)) {
    if (!csharpSetting.test(name ?? call?.callee.last ?? "")) continue;
    if (value.end - value.start > 300 || (value.kind !== "variable" && value.kind !== "unknown")) continue;
    const whole = joined(value, code.text);
    const text = code.text.slice(whole.start, whole.end);
    if (!/^[\w\s.|]*$/.test(text)) continue;
    const weak = [...text.matchAll(csharpName)];
    if (weak.length === 0) continue;
    const kept = text
      .split("|")
      .map((part) => part.trim())
      .filter((part) => !new RegExp(csharpName.source).test(part));
    const type = weak[0]?.[1] ?? "SslProtocols";
    const better = kept.length === 0 ? `${type}.Tls12` : kept.join(" | ");
    const what = weak.map(([, , version]) => version).join(", ");
    found.push({ ...whole, message: isBroken(what), guard, title: raise, edits: [{ span: whole, text: better }] });
  }
  return found;
}

const longestFlags = 300;

/** The flag with those that it is joined to. */
function joined({ start, end }: Span, text: string): Span {
  const before =
    /(?:[\w.]{1,100}\s{0,9}\|\s{0,9}){1,20}$/.exec(text.slice(Math.max(0, start - longestFlags), start))?.[0] ?? "";
  const after = /^(?:\s*\|\s*[\w.]+)+/.exec(text.slice(end, end + longestFlags))?.[0] ?? "";
  return { start: start - before.length, end: end + after.length };
}
