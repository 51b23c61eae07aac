/** Connections to servers of mail and to directories that are not told to encrypt. From the clients' documentation, 2026-11. */
import type {
  CodeCall,
  CodeEntry,
  CodeFile,
  CodeFunction,
  CodeScope,
  CodeValue,
  Edit,
  Severity,
  Span,
} from "../../../engine/index";
import { isThisMachine } from "../addresses";
import { addressOf, hostClass } from "./endpoints";
import { isFlag } from "./frameworks";
import { argumentOf, isOf } from "./origins";
import { givenValues, spanOf } from "./values";

export interface PlainLogin extends Span {
  readonly message: string;
  readonly severity: Severity;
  readonly guard: CodeScope["guard"];
  readonly title: string;
  readonly edits: readonly Edit[] | undefined;
}

/** Every place of the file, in the order of the text. */
export function plainLogins(code: CodeFile): readonly PlainLogin[] {
  const found = [...inLanguage[code.language](code), ...directories(code)];
  return found.sort((a, b) => a.start - b.start);
}

const inLanguage: Readonly<Record<CodeFile["language"], (code: CodeFile) => readonly PlainLogin[]>> = {
  javascript: inJavascript,
  python: inPython,
  go: () => [],
  java: inJava,
  csharp: inCsharp,
};

const isWhole = (value: CodeValue | undefined, text: RegExp): boolean =>
  value?.kind === "text" && value.whole !== undefined && text.test(value.whole);
const isHere = (value: CodeValue | undefined): boolean =>
  value?.kind === "text" && value.whole !== undefined && isThisMachine(value.whole.toLowerCase());
/** One level less for a host of the same network. */
const severityFor = (host: CodeValue | undefined): Severity =>
  host?.kind === "text" && host.whole !== undefined && hostClass(host.whole) === "internal" ? "info" : "warning";

const readable = "The login to the mail server is sent as plain text";

/** `smtplib`: a login without `starttls` before it. */
function inPython({ facts, text }: CodeFile): readonly PlainLogin[] {
  const smtp = (member: RegExp) => ({ modules: /^smtplib$/, members: member });
  return facts.calls.flatMap((call) => {
    const { callee, scope } = call;
    if (!isOf(callee, smtp(/^SMTP\.login$/))) return [];
    const beside = facts.calls.filter((c) => c.scope.function === scope.function);
    if (beside.some((c) => /^starttls$/.test(c.callee.last))) return [];
    const made = beside.filter((c) => isOf(c.callee, smtp(/^SMTP$/))).map((c) => argumentOf(c, 0, "host"));
    if (made.length > 0 && made.every(isHere)) return [];
    const receiver = callee.text.slice(0, -".login".length);
    const lineStart = text.lastIndexOf("\n", call.start - 1) + 1;
    const indent = text.slice(lineStart, call.start);
    const canInsert = /^[ \t]*$/.test(indent) && /^[\w.]+$/.test(receiver);
    const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
    const at = { start: call.start, end: call.start };
    return [
      {
        ...spanOf(callee),
        message: readable,
        severity: severityFor(made[0]),
        guard: scope.guard,
        title: "Encrypt before the login",
        edits: canInsert ? [{ span: at, text: `${receiver}.starttls()${lineEnd}${indent}` }] : undefined,
      },
    ];
  });
}

/** nodemailer: TLS that is refused, or that may be left out without anybody noticing. */
function inJavascript({ facts }: CodeFile): readonly PlainLogin[] {
  return facts.calls.flatMap((call): readonly PlainLogin[] => {
    const given = call.arguments[0]?.value;
    if (call.callee.last !== "createTransport" || given?.kind !== "options" || given.isOpen) return [];
    if (call.callee.origin !== undefined && !/^nodemailer/.test(call.callee.origin.module)) return [];
    const entry = (name: string): CodeEntry | undefined => given.entries.find((e) => e.name === name);
    const host = entry("host")?.value;
    if (isHere(host)) return [];
    const common = { guard: call.scope.guard, title: "Insist on TLS" };
    const ignored = entry("ignoreTLS");
    if (ignored !== undefined && isFlag(ignored.value, true)) {
      const edits = [{ span: spanOf(ignored), text: "requireTLS: true" }];
      return [{ ...spanOf(ignored), message: readable, severity: severityFor(host), ...common, edits }];
    }
    const secure = entry("secure");
    if (secure === undefined || !isFlag(secure.value, false)) return [];
    if (entry("auth") === undefined || entry("requireTLS") !== undefined) return [];
    const message = "Whoever stands in between can have the login sent as plain text";
    const edits = [{ span: { start: secure.end, end: secure.end }, text: ", requireTLS: true" }];
    return [{ ...spanOf(secure), message, severity: "info", ...common, edits }];
  });
}

const startTls = /^mail\.smtps?\.starttls\.(?:enable|required)$/;

/** Properties of Jakarta Mail, logins of Commons Email, directories that ask nobody. */
function inJava({ facts }: CodeFile): readonly PlainLogin[] {
  const found: PlainLogin[] = [];
  for (const call of facts.calls) {
    const { callee, scope, arguments: given } = call;
    const [key, value] = given.map((a) => a.value);
    const { guard } = scope;
    if (/^(?:put|setProperty)$/.test(callee.last) && isWhole(key, startTls) && value !== undefined) {
      const isOff = isFlag(value, false) || isWhole(value, /^false$/i);
      const at = value.kind === "text" ? value.inner : spanOf(value);
      if (isOff && at !== undefined)
        found.push({
          ...at,
          message: readable,
          severity: "warning",
          guard,
          title: "Insist on TLS",
          edits: [{ span: at, text: "true" }],
        });
    }
    const asks =
      (key?.kind === "variable" && key.name.last === "SECURITY_AUTHENTICATION") ||
      isWhole(key, /^java\.naming\.security\.authentication$/);
    if (asks && isWhole(value, /^none$/i) && value !== undefined) {
      const message = "The directory is asked without a login";
      found.push({ ...spanOf(value), message, severity: "warning", guard, title: "", edits: undefined });
    }
    if (
      !isOf(callee, {
        modules: /^org\.apache\.commons\.mail2?(?:\.\w+)*$/,
        members: /\.(?:setAuthentication|setAuthenticator)$/,
      })
    )
      continue;
    const beside = facts.calls.filter((c) => c.scope.function === scope.function);
    if (
      beside.some((c) =>
        /^(?:setSSLOnConnect|setStartTLSEnabled|setStartTLSRequired|setSSL|setTLS)$/.test(c.callee.last),
      )
    )
      continue;
    const host = beside.find((c) => c.callee.last === "setHostName")?.arguments[0]?.value;
    if (!isHere(host))
      found.push({
        ...spanOf(callee),
        message: readable,
        severity: severityFor(host),
        guard,
        title: "",
        edits: undefined,
      });
  }
  return found;
}

/** `EnableSsl = false` of System.Net.Mail, `SecureSocketOptions.None` of MailKit. */
function inCsharp(code: CodeFile): readonly PlainLogin[] {
  const { facts } = code;
  const found: PlainLogin[] = [];
  const title = "Insist on TLS";
  const add = (at: Span, value: CodeValue, host: CodeValue | undefined, guard: CodeScope["guard"]): void => {
    if (isHere(host)) return;
    const edits = [{ span: spanOf(value), text: "true" }];
    found.push({ ...spanOf(at), message: readable, severity: severityFor(host), guard, title, edits });
  };
  for (const { target, value, scope, how, ...at } of facts.assignments) {
    if (target.last !== "EnableSsl" || how !== "member" || !isFlag(value, false) || !target.text.includes("."))
      continue;
    add(at, value, hostIn(facts.calls, scope.function), scope.guard);
  }
  for (const { entries, type } of facts.options) {
    const off = entries.find((e) => e.name === "EnableSsl" && isFlag(e.value, false));
    if (off === undefined || found.some((f) => f.start === off.start)) continue;
    const call = facts.calls.find((c) => c.initialiser?.entries.includes(off) === true);
    if (!/^SmtpClient$/.test(type?.last ?? call?.callee.last ?? "")) continue;
    add(off, off.value, entries.find((e) => e.name === "Host")?.value ?? call?.arguments[0]?.value, call?.scope.guard);
  }
  for (const { value, guard } of givenValues(code)) {
    if (value.kind !== "variable" || !/(?:^|\.)SecureSocketOptions\.None$/.test(value.name.text)) continue;
    const around = facts.calls.findLast((c) => c.arguments.some((a) => a.value === value));
    if (isHere(around?.arguments[0]?.value)) continue;
    const edits = [{ span: { start: value.end - "None".length, end: value.end }, text: "StartTls" }];
    const severity = severityFor(around?.arguments[0]?.value);
    found.push({ ...spanOf(value), message: readable, severity, guard, title, edits });
  }
  return found;
}

/** The host that the client of the same function was made for. */
const hostIn = (calls: readonly CodeCall[], around: CodeFunction | undefined): CodeValue | undefined =>
  calls.find((c) => c.isNew && c.callee.last === "SmtpClient" && c.scope.function === around)?.arguments[0]?.value;

/** `ldap://` where nothing in the file asks for TLS on the connection. Paths of ADSI are spelled in capitals. */
function directories({ facts }: CodeFile): readonly PlainLogin[] {
  const literals = facts.literals.filter(
    ({
      text: {
        parts: [first],
      },
    }) => typeof first === "string" && first.startsWith("ldap://"),
  );
  if (literals.length === 0) return [];
  const starts = /^start_?tls(?:_s)?$|^StartTransportLayerSecurity$|^StartTlsRequest$/i;
  if (facts.calls.some((c) => starts.test(c.callee.last))) return [];
  if (facts.options.some((o) => o.entries.some((e) => /start_?tls/i.test(e.name) && !isFlag(e.value, false))))
    return [];
  if (facts.assignments.some((a) => /start_?tls/i.test(a.target.last) && !isFlag(a.value, false))) return [];
  return literals.flatMap(({ text, use, scope }): readonly PlainLogin[] => {
    const isName = use.kind === "value" || use.kind === "argument" || use.kind === "fallback";
    const address = addressOf(text);
    if (!isName || address === undefined || address.class === "loopback" || address.class === "none") return [];
    if (
      use.kind === "argument" &&
      /^(?:startsWith|starts_with|startswith|HasPrefix|StartsWith|replace|split|TrimPrefix|indexOf|contains|includes)$/.test(
        use.call.callee.last,
      )
    )
      return [];
    const { schemeAt, portAt, at } = address;
    const scheme = schemeAt.rewrite("ldaps");
    const port = portAt?.scalar.text === "389" && portAt.isPlaced ? [{ span: spanOf(portAt), text: "636" }] : [];
    const who = address.class === "dynamic" ? "A directory" : address.host;
    return [
      {
        ...spanOf(at),
        message: `${who} is asked over plain ldap: logins are readable`,
        severity: address.class === "public" ? "warning" : "info",
        guard: scope.guard,
        title: "Use ldaps",
        edits: scheme && [...scheme, ...port],
      },
    ];
  });
}
