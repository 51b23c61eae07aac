/** Where service code turns the check of certificates off. Names from the libraries' own documentation, 2026-11. */
import {
  type CodeCall,
  type CodeFacts,
  type CodeEntry,
  type CodeFile,
  type CodeFunction,
  type CodeLanguage,
  type CodeOptions,
  type CodeScope,
  type CodeValue,
  contains,
  type Edit,
  type Severity,
  type Span,
} from "../../../engine/index";
import { isThisMachine } from "../addresses";
import { parametersIn } from "../tls-parameters";
import { hostsIn } from "../tls-settings";
import { literalText } from "./literal-text";
import { isOf } from "./origins";
import { withoutArgument, withoutEntry, withoutStatement } from "./taking-out";
import { givenValues, spanOf } from "./values";

export interface UncheckedTls extends Span {
  /** For a message: "any certificate is accepted". */
  readonly effect: string;
  readonly severity: Severity;
  readonly guard: CodeScope["guard"];
  /** Turns the check on again; undefined where that takes more. */
  checked?(): readonly (Edit | undefined)[] | undefined;
}

const anyCertificate = "any certificate is accepted";
const anyName = "a certificate of any other host is accepted";
const anyKey = "any host key is accepted";

interface SettingRow {
  readonly languages?: readonly CodeLanguage[];
  readonly name: RegExp;
  readonly isOff: (value: CodeValue, code: CodeFile) => boolean;
  readonly effect?: string;
  readonly severity?: Severity;
  /** The value that turns the check on, where it is not better left out. */
  readonly better?: string;
}

const isFalse = (value: CodeValue): boolean => value.kind === "flag" && !value.value;
const isTrue = (value: CodeValue): boolean => value.kind === "flag" && value.value;

/** Entries of objects, structs and initialisers, named arguments, and members that are set; under names that say it all. */
const settings: readonly SettingRow[] = [
  { languages: ["javascript"], name: /^(?:rejectUnauthorized|strictSSL|sslValidate)$/, isOff: isFalse },
  { languages: ["javascript"], name: /^(?:insecureSkipTLSVerify|skipTLSVerify)$/, isOff: isTrue },
  { languages: ["javascript"], name: /^checkServerIdentity$/, isOff: saysNothing, effect: anyName },
  {
    name: /^(?:tlsAllowInvalidCertificates|tls_allow_invalid_certificates|tlsInsecure|tls_insecure)$/,
    isOff: isTrue,
  },
  {
    name: /^(?:tlsAllowInvalidHostnames|tls_allow_invalid_hostnames|sslInvalidHostNameAllowed)$/,
    isOff: isTrue,
    effect: anyName,
  },
  {
    name: /^trustServerCertificate$/i,
    isOff: isTrue,
    severity: "warning",
  },
  {
    languages: ["python"],
    name: /^(?:verify_ssl|ssl_verify|verify_certs|validate_certs?|verify_tls|tls_verify|ssl_verify_cert|verify_ssl_cert)$/,
    isOff: isFalse,
  },
  {
    languages: ["python"],
    name: /^(?:disable_ssl_certificate_validation|insecure_skip_verify|insecure_skip_tls_verify)$/,
    isOff: isTrue,
  },
  {
    languages: ["python"],
    name: /^(?:ssl_check_hostname|ssl_assert_hostname|check_hostname|assert_hostname)$/,
    isOff: isFalse,
    effect: anyName,
    better: "True",
  },
  { languages: ["python"], name: /^(?:ssl_)?cert_reqs$/, isOff: isNoRequirement },
  { languages: ["go"], name: /^InsecureSkipVerify$/, isOff: isTrue, better: "false" },
  {
    languages: ["csharp"],
    name: /^(?:ServerCertificateCustomValidationCallback|ServerCertificateValidationCallback|RemoteCertificateValidationCallback|CertificateValidationCallback|CertificateValidation|UserCertificateValidationCallback)$/,
    isOff: acceptsAll,
    better: "null",
  },
  {
    languages: ["csharp"],
    name: /^ClientCertificateValidation$/,
    isOff: acceptsAll,
    effect: "any client certificate is accepted",
    severity: "warning",
    better: "null",
  },
  // RabbitMQ's client.
  {
    languages: ["csharp"],
    name: /^AcceptablePolicyErrors$/,
    isOff: ({ start, end }, { text }) => /\bRemoteCertificate[CN]\w{1,20}/.test(text.slice(start, end)),
    effect: "a certificate that is wrong is accepted",
    better: "SslPolicyErrors.None",
  },
  { languages: ["csharp"], name: /^(?:AllowInsecureTls|AllowUntrustedCertificates?)$/, isOff: isTrue },
  // librdkafka and what stands upon it.
  {
    name: /^enable\.ssl\.certificate\.verification$/,
    isOff: (value) => isFalse(value) || (value.kind === "text" && value.whole === "false"),
  },
  {
    name: /^ssl\.endpoint\.identification\.algorithm$/,
    isOff: (value) => value.kind === "text" && /^(?:none)?$/i.test(value.whole ?? "unknown"),
    effect: anyName,
    better: '"https"',
  },
  {
    languages: ["csharp"],
    name: /^SslEndpointIdentificationAlgorithm$/,
    isOff: (value) => value.kind === "variable" && /\bSslEndpointIdentificationAlgorithm\.None$/.test(value.name.text),
    effect: anyName,
    better: "SslEndpointIdentificationAlgorithm.Https",
  },
  {
    languages: ["csharp"],
    name: /^(?:VerifySslCertificate|EnableSslCertificateVerification|CheckServerCertificate)$/,
    isOff: isFalse,
  },
];

/** A piece of every name in the table: most names are refused by it. */
const mayBeSetting = /tls|ssl|verif|reject|cert|server|host_?name|untrusted|policy/i;

/** Every place of the file. */
export function uncheckedTls(code: CodeFile): readonly UncheckedTls[] {
  const all = [
    ...bySetting(code),
    ...byEnvironment(code),
    ...byPython(code),
    ...byCall(code),
    ...byValue(code),
    ...byClass(code),
    ...byText(code),
  ].sort((a, b) => a.start - b.start || b.end - a.end);
  let reached = -1;
  return all.filter(({ end }) => {
    const isInside = end <= reached;
    reached = Math.max(reached, end);
    return !isInside;
  });
}

/** Of web sockets, `InsecureSkipVerify` is about the origin of the page. */
const checksOrigins = ({ type }: CodeOptions): boolean =>
  type?.last === "AcceptOptions" && /websocket/.test(type.origin?.module ?? type.text);

function bySetting(code: CodeFile): readonly UncheckedTls[] {
  const found: UncheckedTls[] = [];
  const rowOf = (name: string, value: CodeValue): SettingRow | undefined =>
    !mayBeSetting.test(name)
      ? undefined
      : settings.find(
          (r) => r.languages?.includes(code.language) !== false && r.name.test(name) && r.isOff(value, code),
        );
  const add = (
    at: Span,
    row: SettingRow,
    guard: CodeScope["guard"],
    checked: () => readonly (Edit | undefined)[],
    severity?: Severity,
  ): void => {
    const { effect = anyCertificate } = row;
    found.push({ ...spanOf(at), effect, severity: severity ?? row.severity ?? "error", guard, checked });
  };
  for (const options of code.facts.options)
    for (const entry of options.entries) {
      const row = rowOf(entry.name, entry.value);
      if (row === undefined || isLocal(options, code) || checksOrigins(options)) continue;
      // Who accepts any certificate compares no names.
      const rows = options.entries.map((e) => rowOf(e.name, e.value));
      if (row.effect === anyName && rows.some((r) => r !== undefined && r.effect === undefined)) continue;
      const own = checksItself(options, code) ? "info" : undefined;
      const names = options.entries.flatMap((e, i) => {
        const beside = e === entry ? undefined : rows[i];
        return beside?.effect === anyName && row.effect === undefined ? (set(e.value, beside) ?? []) : [];
      });
      const checked = (): readonly (Edit | undefined)[] => [
        withoutEntry(options, entry, code) ?? set(entry.value, row),
        ...names,
      ];
      add(entry, row, guardAt(entry, code), checked, own);
    }
  for (const call of code.facts.calls) {
    const rows = call.arguments.map((a) => (a.name === undefined ? undefined : rowOf(a.name, a.value)));
    const isAll = rows.some((r) => r !== undefined && r.effect === undefined);
    for (const [i, { name = "", span }] of call.arguments.entries()) {
      const row = rows[i];
      if (row === undefined || (isAll && row.effect === anyName)) continue;
      const isWritten = code.text.startsWith(name, span.start);
      add(span, row, call.scope.guard, () => [isWritten ? withoutArgument(call, span, code) : undefined]);
    }
  }
  for (const { target, value, how, scope, ...at } of code.facts.assignments) {
    const row = how === "member" && /[.[]/.test(target.text) ? rowOf(target.last, value) : undefined;
    // Contexts of Python's ssl are looked at as a whole.
    if (row === undefined || (code.language === "python" && /^check_hostname$/.test(target.last))) continue;
    add(at, row, scope.guard, () => [
      (code.language === "csharp" ? statementOut(at, code) : undefined) ?? set(value, row),
    ]);
  }
  return found;
}

const opposite: Readonly<Record<string, string>> = { true: "false", false: "true", True: "False", False: "True" };

/** The other value in its place. */
function set(value: CodeValue, row: SettingRow): Edit | undefined {
  const text = row.better ?? (value.kind === "flag" ? opposite[String(value.value)] : undefined);
  return text === undefined ? undefined : { span: spanOf(value), text };
}

function statementOut(at: Span, code: CodeFile): Edit | undefined {
  return /[{};]\s*$/.test(code.text.slice(Math.max(0, at.start - 200), at.start))
    ? withoutStatement(at, code)
    : undefined;
}

const guardAt = (at: Span, { facts }: CodeFile): CodeScope["guard"] =>
  facts.calls.findLast((c) => contains(c, at))?.scope.guard ??
  facts.assignments.findLast((a) => contains(a, at))?.scope.guard;

/** A struct that gets a check of its own beside the one it turns off, at once or later. */
function checksItself(options: CodeOptions, { facts }: CodeFile): boolean {
  const own = /^(?:VerifyConnection|VerifyPeerCertificate)$/;
  if (options.entries.some((e) => own.test(e.name) && e.value.kind !== "nothing")) return true;
  const made = facts.assignments.find((a) => a.value === options);
  const settings = ["VerifyConnection", "VerifyPeerCertificate", "InsecureSkipVerify"];
  const later = settings.map((name) => `${made?.target.text}.${name}`);
  return made !== undefined && facts.assignments.some((a) => later.includes(a.target.text));
}

/** The host beside it, or beside what it is part of, is this machine. */
function isLocal(options: CodeOptions, { facts }: CodeFile): boolean {
  const isHere = ({ entries }: CodeOptions): boolean => entries.some((e) => isLocalHost(e));
  return isHere(options) || facts.options.some((o) => o.entries.some((e) => e.value === options) && isHere(o));
}

const isLocalHost = ({ name, value }: CodeEntry): boolean =>
  /^(?:host|hostname|server)$/i.test(name) &&
  value.kind === "text" &&
  value.whole !== undefined &&
  isThisMachine(value.whole.toLowerCase());

function isNoRequirement(value: CodeValue): boolean {
  if (value.kind === "nothing") return true;
  if (value.kind === "text") return /^(?:CERT_NONE|none)$/i.test(value.whole ?? "");
  return value.kind === "variable" && value.name.last === "CERT_NONE";
}

/** A function that finds nothing wrong with any host. */
function saysNothing(value: CodeValue, { facts }: CodeFile): boolean {
  const called = functionOf(value, facts);
  if (called === undefined || called.throws) return false;
  if (called.calls.some((c) => !isHarmless(c))) return false;
  return called.returns.every((v) => v.kind === "nothing") && (called.returns.length > 0 || called.body !== undefined);
}

/** A function that finds every certificate right, or a ready-made one. */
function acceptsAll(value: CodeValue, { facts }: CodeFile): boolean {
  if (
    value.kind === "variable" &&
    /(?:^|\.)(?:DangerousAcceptAnyServerCertificateValidator|AllowAll)$/.test(value.name.text)
  )
    return true;
  return isAlwaysTrue(value, facts);
}

function functionOf(value: CodeValue, facts: CodeFacts): CodeFunction | undefined {
  if (value.kind === "lambda") return value.function;
  // `new RemoteCertificateValidationCallback(AcceptAll)`
  const inner =
    value.kind === "call" && value.isNew && value.arguments.length === 1 ? value.arguments[0]?.value : value;
  if (inner?.kind === "lambda") return inner.function;
  if (inner?.kind !== "variable") return undefined;
  const { last, text } = inner.name;
  const set = facts.assignments.filter((a) => a.target.text === text);
  const [only] = set;
  if (set.length === 1 && only?.value.kind === "lambda") return only.value.function;
  return facts.functions.find((f) => f.name !== undefined && f.name === last);
}

function isAlwaysTrue(value: CodeValue, facts: CodeFacts): boolean {
  const called = functionOf(value, facts);
  return called !== undefined && !called.throws && called.returns.length > 0 && called.returns.every(isTrue);
}

/** Logs, and looks at what is logged. */
const isHarmless = ({ callee }: CodeCall): boolean =>
  /^(?:log|trace|debug|info|warn|warning|error|print|println|printf|format|concat|toString|valueOf|length|size|getName|getSubject\w*|getIssuer\w*|stream|map|forEach|asList|join)$/i.test(
    callee.last,
  );

function byEnvironment({ facts, language }: CodeFile): readonly UncheckedTls[] {
  if (language !== "javascript" && language !== "python") return [];
  const isOff = (value: CodeValue): boolean =>
    (value.kind === "text" && value.whole === "0") || (value.kind === "amount" && value.value === 0);
  return facts.assignments.flatMap(({ target, value, scope, ...at }) => {
    const isSwitch = /^(?:NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY)$/.test(target.last);
    if (!isSwitch || !/env/i.test(target.text) || !isOff(value)) return [];
    const span = value.kind === "text" ? value.inner : spanOf(value);
    const effect = "the whole process accepts any certificate";
    const checked = (): readonly Edit[] | undefined => span && [{ span, text: "1" }];
    return [{ ...spanOf(at), effect, severity: "error" as const, guard: scope.guard, checked }];
  });
}

const requests =
  /^(?:requests|httpx|niquests|boto3|botocore|aiobotocore|aioboto3|hvac|requests_html|requests_futures|requests_toolbelt|curl_cffi|gql|openstack|tableauserverclient)(?:\.|$)/;

/** `verify=False` of clients of http, `ssl=False` of aiohttp, contexts of the standard library. */
function byPython(code: CodeFile): readonly UncheckedTls[] {
  if (code.language !== "python") return [];
  const { facts } = code;
  const found: UncheckedTls[] = [];
  for (const call of facts.calls) {
    const { callee, scope } = call;
    const off = call.arguments.find(
      (a) =>
        (a.name === "verify" && isFalse(a.value) && isRequest(call)) ||
        (a.name === "ssl" && isFalse(a.value) && isOf(callee, { modules: /^aiohttp(?:\.|$)/ })),
    );
    const isWritten = off !== undefined && code.text.startsWith(off.name ?? "", off.span.start);
    const checked = (): readonly Edit[] => (isWritten ? [withoutArgument(call, off.span, code)] : []);
    if (off !== undefined)
      found.push({ ...spanOf(off.span), effect: anyCertificate, severity: "error", guard: scope.guard, checked });
  }
  for (const { target, value, scope, how, ...at } of facts.assignments) {
    const isSession =
      target.last === "verify" &&
      isFalse(value) &&
      how === "member" &&
      (target.origin === undefined
        ? /(?:session|client|http|requests|sess|s)$/i.test(target.text.split(".").at(-2) ?? "")
        : requests.test(target.origin.module));
    if (!isSession) continue;
    const checked = (): readonly Edit[] => [{ span: spanOf(value), text: "True" }];
    found.push({ ...spanOf(at), effect: anyCertificate, severity: "error", guard: scope.guard, checked });
  }
  return [...found, ...contexts(code)];
}

function isRequest({ callee }: CodeCall): boolean {
  if (callee.origin !== undefined && callee.origin.module !== "") return requests.test(callee.origin.module);
  const words = callee.text.split(".");
  return (
    /^(?:get|post|put|patch|delete|head|options|request|send)$/.test(callee.last) &&
    /(?:session|client|http|requests|api|sess)$/i.test(words.at(-2) ?? "")
  );
}

/** Contexts of Python's `ssl` that a client uses. Servers ask nobody for certificates by default. */
function contexts(code: CodeFile): readonly UncheckedTls[] {
  const { assignments } = code.facts;
  const baseOf = (text: string): string => text.slice(0, text.lastIndexOf("."));
  const isServers = (base: string): boolean =>
    assignments.some(
      ({ target, value }) =>
        target.text === base && /CLIENT_AUTH|TLS_SERVER|server_side/.test(code.text.slice(value.start, value.end)),
    );
  return assignments.flatMap(({ target, value, scope, ...at }) => {
    const base = baseOf(target.text);
    const isMode = target.last === "verify_mode" && isNoRequirement(value) && value.kind === "variable";
    const isName = target.last === "check_hostname" && isFalse(value);
    if (base === "" || !(isMode || isName) || isServers(base)) return [];
    const beside = assignments.filter((a) => baseOf(a.target.text) === base && a.scope.function === scope.function);
    if (isName && beside.some((a) => a.target.last === "verify_mode" && isNoRequirement(a.value))) return [];
    const names = beside.filter((a) => a.target.last === "check_hostname" && isFalse(a.value));
    const checked = (): readonly Edit[] => [
      ...names.map((a) => ({ span: spanOf(a.value), text: "True" })),
      ...(isMode ? [{ span: nameEnd(value), text: "CERT_REQUIRED" }] : []),
    ];
    const effect = isMode ? anyCertificate : anyName;
    return [{ ...spanOf(at), effect, severity: "error" as const, guard: scope.guard, checked }];
  });
}

/** The last word of a name. */
function nameEnd(value: CodeValue): Span {
  const length = value.kind === "variable" ? value.name.last.length : value.end - value.start;
  return { start: value.end - length, end: value.end };
}

interface CallRow {
  readonly languages: readonly CodeLanguage[];
  readonly name: RegExp;
  /** What it must come from where that is known. */
  readonly modules?: RegExp;
  readonly isOff?: (given: readonly CodeValue[], facts: CodeFacts) => boolean;
  readonly effect?: string;
  readonly severity?: Severity;
  /** The last word of the callee that checks. */
  readonly better?: string;
  /** Report the argument at this place instead of the callee. */
  readonly at?: number;
}

const calls: readonly CallRow[] = [
  {
    languages: ["java"],
    name: /^(?:setHostnameVerifier|hostnameVerifier|setDefaultHostnameVerifier|setSSLHostnameVerifier|sslHostnameVerifier)$/,
    isOff: ([first], facts) => first !== undefined && isAlwaysTrue(first, facts),
    effect: anyName,
    at: 0,
  },
  {
    languages: ["java"],
    name: /^loadTrustMaterial$/,
    isOff: (given, facts) => given.some((v) => isAlwaysTrue(v, facts)),
  },
  { languages: ["java"], name: /^(?:TrustAllStrategy|AllowAllHostnameVerifier)$/ },
  {
    languages: ["java"],
    name: /^TrustSelfSignedStrategy$/,
    severity: "info",
    effect: "any self-signed certificate is accepted",
  },
  {
    languages: ["java"],
    name: /^(?:setTrustAll|trustAll)$/,
    isOff: ([first]) => first !== undefined && isTrue(first),
    at: 0,
  },
  // RabbitMQ's client trusts everybody where it is given no context.
  {
    languages: ["java"],
    name: /^useSslProtocol$/,
    modules: /^com\.rabbitmq\.client$/,
    isOff: (given) => given.every((v) => v.kind === "text"),
  },
  {
    languages: ["java"],
    name: /^setVerifyHost$/,
    isOff: ([first]) => first !== undefined && isFalse(first),
    effect: anyName,
    at: 0,
  },
  {
    languages: ["csharp"],
    name: /^SslStream$/,
    isOff: (given, facts) => given.some((v) => isAlwaysTrue(v, facts)),
  },
  {
    languages: ["csharp"],
    name: /^ServerCertificateValidationCallback$/,
    isOff: (given, facts) => given.some((v) => isAlwaysTrue(v, facts)),
  },
  {
    languages: ["go"],
    name: /^InsecureIgnoreHostKey$/,
    modules: /^golang\.org\/x\/crypto\/ssh$/,
    effect: anyKey,
    severity: "warning",
  },
  {
    languages: ["python"],
    name: /^(?:AutoAddPolicy|WarningPolicy)$/,
    modules: /^paramiko(?:\.|$)/,
    effect: anyKey,
    severity: "warning",
    better: "RejectPolicy",
  },
];

function byCall({ facts, language }: CodeFile): readonly UncheckedTls[] {
  return facts.calls.flatMap((call) => {
    const { callee, scope } = call;
    const given = call.arguments.map((a) => a.value);
    const row = calls.find((r) => r.languages.includes(language) && r.name.test(callee.last));
    if (row === undefined || row.isOff?.(given, facts) === false) return [];
    if (row.modules !== undefined && !(callee.origin !== undefined && row.modules.test(callee.origin.module)))
      return [];
    const { effect = anyCertificate, severity = "error", better, at } = row;
    const place = spanOf((at === undefined ? undefined : given[at]) ?? callee);
    const last = { start: callee.end - callee.last.length, end: callee.end };
    const checked = (): readonly Edit[] | undefined =>
      better === undefined ? undefined : [{ span: last, text: better }];
    return [{ ...place, effect, severity, guard: scope.guard, checked }];
  });
}

interface ValueRow {
  readonly languages: readonly CodeLanguage[];
  readonly name: RegExp;
  readonly effect?: string;
  readonly better?: string;
}

const values: readonly ValueRow[] = [
  { languages: ["java"], name: /(?:^|\.)NoopHostnameVerifier(?:\.INSTANCE)?$/, effect: anyName },
  { languages: ["java"], name: /(?:^|\.)ALLOW_ALL_HOSTNAME_VERIFIER$/, effect: anyName },
  { languages: ["java"], name: /(?:^|\.)(?:InsecureTrustManagerFactory|TrustAllStrategy)\.INSTANCE$/ },
  { languages: ["csharp"], name: /(?:^|\.)DangerousAcceptAnyServerCertificateValidator$/ },
  { languages: ["python"], name: /^(?:ssl\.)?_create_unverified_context$/, better: "create_default_context" },
  { languages: ["python"], name: /(?:^|\.)OPT_X_TLS_(?:NEVER|ALLOW)$/, better: "OPT_X_TLS_DEMAND" },
];

function byValue(code: CodeFile): readonly UncheckedTls[] {
  const rows = values.filter((r) => r.languages.includes(code.language));
  if (rows.length === 0) return [];
  const found: UncheckedTls[] = [];
  const add = (at: Span, name: string, last: string, guard: CodeScope["guard"]): void => {
    const row = rows.find((r) => r.name.test(name));
    if (row === undefined) return;
    const { effect = anyCertificate, better } = row;
    const word = { start: at.end - last.length, end: at.end };
    const checked = (): readonly Edit[] | undefined =>
      better === undefined ? undefined : [{ span: word, text: better }];
    found.push({ ...spanOf(at), effect, severity: "error", guard, checked });
  };
  for (const { value, guard } of givenValues(code))
    if (value.kind === "variable") add(value, value.name.text, value.name.last, guard);
  for (const { callee, scope } of code.facts.calls) add(callee, callee.text, callee.last, scope.guard);
  return found;
}

/** Classes that check nothing in the place of those that check certificates and names. */
function byClass({ facts, language }: CodeFile): readonly UncheckedTls[] {
  if (language !== "java") return [];
  return facts.classes.flatMap(({ bases, functions }) => {
    const isOfKind = (name: RegExp): boolean => bases.some((b) => name.test(b.last));
    const isTrust = isOfKind(/^(?:X509TrustManager|X509ExtendedTrustManager)$/);
    const isVerifier = isOfKind(/^(?:HostnameVerifier|X509HostnameVerifier)$/);
    const isStrategy = isOfKind(/^TrustStrategy$/);
    return functions.flatMap((f) => {
      if (f.throws || f.nameSpan === undefined || f.body === undefined) return [];
      const isAll = f.returns.length > 0 && f.returns.every(isTrue);
      const isOff =
        (isTrust && f.name === "checkServerTrusted" && f.calls.every(isHarmless)) ||
        (isVerifier && f.name === "verify" && isAll) ||
        (isStrategy && f.name === "isTrusted" && isAll);
      const effect = isVerifier ? anyName : anyCertificate;
      return isOff ? [{ ...spanOf(f.nameSpan), effect, severity: "error" as const, guard: f.scope.guard }] : [];
    });
  });
}

/** `TrustServerCertificate=True` in connection strings, `tls=skip-verify` in addresses. */
function byText({ facts }: CodeFile): readonly UncheckedTls[] {
  return facts.literals.flatMap(({ text, use, scope }) => {
    if (use.kind === "message" || use.kind === "comparison" || use.kind === "markup") return [];
    const located = literalText(text);
    return parametersIn(located).flatMap(({ weakness, at, valueAt, better }) => {
      if (weakness !== "trusting" && weakness !== "unchecked") return [];
      const hosts = hostsIn(located) ?? localSource(located.scalar.text);
      if (hosts?.every(isLocalServer) === true) return [];
      const severity: Severity = weakness === "trusting" ? "warning" : "error";
      const checked = (): readonly Edit[] | undefined => valueAt.rewrite(better);
      return [{ ...spanOf(at), effect: anyCertificate, severity, guard: scope.guard, checked }];
    });
  });
}

const isLocalServer = (host: string): boolean => isThisMachine(host) || /^(?:\.|\(local\)|\(localdb\).*)$/.test(host);

/** The server of a connection string as SQL Server's drivers write it. */
function localSource(text: string): readonly string[] | undefined {
  const server = /(?:^|;)\s?(?:server|data source|addr|address)\s?=\s?(?:tcp:)?([^;,\\]{1,120})/i.exec(text)?.[1];
  return server === undefined ? undefined : [server.trim().toLowerCase()];
}
