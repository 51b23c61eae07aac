/** Secrets that code writes where people and other systems read along: logs and the console. */
import type { CodeCall, CodeFile, CodeName, CodeScope, CodeText, CodeValue, Span } from "../../../engine/index";
import { credentialName, nameWords } from "../secrets/index";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const levels = words(
  "trace debug info warn warning error critical fatal log exception notice verbose silly http print println printf write " +
    "writeline tracef debugf infof warnf warningf errorf fatalf panicf fatalln panicln debugw infow warnw errorw fatalw " +
    "tracecontext debugcontext infocontext warncontext errorcontext logtrace logdebug loginformation logwarning logerror " +
    "logcritical information panic dir table fine finer finest severe config success",
);
const speakers = words(
  "log logger logging logs console winston pino bunyan signale slog zap sugar logrus klog glog zerolog loguru",
);
/** Calls of a logger that only add a field. */
const fields =
  /^(?:WithField|WithFields|With|bind|child|withField|addKeyValue|addArgument|Str|Any|Interface|Stringer|Bytes|kv)$/;
const printers =
  /^(?:System\.(?:out|err)\.\w+|Console\.(?:Error\.|Out\.)?Write(?:Line)?|(?:Debug|Trace)\.Write(?:Line)?|fmt\.Print(?:f|ln)?|log\.\w+|print|pprint(?:\.pprint)?|sys\.std(?:out|err)\.write|process\.std(?:out|err)\.write)$/;

/** Whether what a call is given ends up in a log, or on the console. */
export function isLogging(call: CodeCall): boolean {
  const { text, last, origin } = call.callee;
  if (text === "fmt.Fprintf" || text === "fmt.Fprintln" || text === "fmt.Fprint") {
    const to = call.arguments[0]?.value;
    return to?.kind === "variable" && /^os\.Std(?:out|err)$/.test(to.name.text);
  }
  if (printers.test(text)) {
    if (text === "print" && (call.arguments.some((a) => a.name === "file") || (origin?.module ?? "") !== ""))
      return false;
    return levels.has(last.toLowerCase()) || text === "print" || /print|write/i.test(last);
  }
  const path = text.split(".");
  if (path.length < 2) return false;
  const isField = fields.test(last);
  if (!isField && !levels.has(last.toLowerCase())) return false;
  return (
    path.slice(0, -1).some((word) => isSpeaker(word)) || call.chain.some((c) => c !== call && isSpeaker(c.callee.last))
  );
}

const isSpeaker = (word: string): boolean => speakers.has(nameWords(word).at(-1) ?? "");

/** A secret that is logged. */
export interface LoggedSecret {
  readonly at: Span;
  /** As a person calls it: `user.password`. */
  readonly name: string;
  /** It is one of many: all headers, the whole environment. */
  readonly isWhole: boolean;
  readonly guard: CodeScope["guard"];
  /** It stands at this very place. */
  readonly isHere: boolean;
}

const commandLines =
  /^(?:github\.com\/(?:spf13\/cobra|urfave\/cli|alecthomas\/kong)|argparse|click|typer|fire|docopt|optparse|commander|yargs|cac|meow|inquirer|@oclif\/.+|picocli(?:\..+)?|System\.CommandLine(?:\..+)?)(?:\/v\d+)?$/;

/** What a program for people at a terminal prints is what they asked for. */
const isAnswer = ({ callee }: CodeCall, { facts }: CodeFile): boolean =>
  printers.test(callee.text) &&
  !callee.text.startsWith("log.") &&
  facts.imports.some((i) => commandLines.test(i.module));

/** Every one of the file, in the order of the text. */
export function loggedSecrets(code: CodeFile): readonly LoggedSecret[] {
  const found = new Map<number, LoggedSecret>();
  for (const call of code.facts.calls) {
    if (!isLogging(call) || isAnswer(call, code)) continue;
    const { guard } = call.scope;
    for (const { value, name, span } of call.arguments) {
      if (name !== undefined && /^(?:exc_info|stack_info|extra_tags|flush|end|sep)$/.test(name)) continue;
      for (const { value: leaf, label } of leavesOf(value)) {
        const secret = secretIn(leaf, call, code) ?? (label === undefined ? undefined : labelled(leaf, label));
        // What a constant holds stands elsewhere.
        const isHere = leaf.start >= call.start && leaf.end <= call.end;
        const { start, end } = isHere ? leaf : span;
        if (secret === undefined || found.has(start)) continue;
        found.set(start, { ...secret, at: { start, end }, isHere, guard });
      }
    }
  }
  return [...found.values()].sort((a, b) => a.at.start - b.at.start);
}

/** Calls that give their argument, or what they are called on, as a text. */
const throughArguments =
  /^(?:stringify|String|str|repr|dumps|format|Sprintf|Sprint|Sprintln|valueOf|toString|ToString|string|inspect|dict|Any|Reflect|ByteString|Stringp?|kv|keyValue|value|Field|Fields|GetString|encode|decode|join|concat|Serialize|SerializeObject|writeValueAsString|toJson|to_json|pformat|f)$/;
const throughReceiver =
  /^(?:toString|ToString|trim|Trim|strip|toLowerCase|toUpperCase|lower|upper|encode|decode|String|get|orElse|getOrDefault|Value|format)$/;
/** Calls that look up what they are given the name of. */
const keyed = /^(?:get|getString|getProperty|Get|GetString|GetValue|header|getHeader)$/;
const getter = /^(?:get|Get|get_)(?=[A-Z_]|[a-z])/;

interface Leaf {
  readonly value: CodeValue;
  /** The name that the log gives it. */
  readonly label?: string;
}

/** The values that are written out, as far as they can be told. */
function* leavesOf(value: CodeValue, label?: string, depth = 0): Generator<Leaf> {
  if (depth > 6) return;
  const further = depth + 1;
  switch (value.kind) {
    case "variable":
    case "lookup":
      yield label === undefined ? { value } : { value, label };
      return;
    case "text":
      for (const part of value.parts) if (typeof part !== "string") yield* leavesOf(part.value, undefined, further);
      return;
    case "list":
      for (const item of value.items) yield* leavesOf(item, label, further);
      return;
    case "options":
      for (const entry of value.entries) yield* leavesOf(entry.value, entry.name, further);
      return;
    case "choice":
      for (const option of value.options) yield* leavesOf(option, label, further);
      return;
    case "lambda":
      for (const result of value.function.returns) yield* leavesOf(result, label, further);
      return;
    case "call": {
      const { callee, arguments: given, receiver } = value;
      if (given.length === 0 || (given.length === 1 && keyed.test(callee.last))) yield { value };
      if (throughArguments.test(callee.last))
        for (const argument of given) yield* leavesOf(argument.value, undefined, further);
      if (throughReceiver.test(callee.last) && receiver !== undefined) yield* leavesOf(receiver, undefined, further);
    }
  }
}

/** `{ password: pw }`: the log says what it is. */
function labelled(value: CodeValue, label: string): Secret | undefined {
  if (value.kind !== "variable" || !isSecretName(label) || /^(?:is|has|should|with)[A-Z_]/.test(value.name.last))
    return undefined;
  const isAbout = nameWords(value.name.last).some((w) => harmless.has(w));
  return isAbout || isConstant(value.name) ? undefined : { name: label, isWhole: false };
}

const kinds = new Set(["password", "secret", "token", "key", "authorization"]);
const others = words("cookie cookies cvv cvc ssn");
const pairs =
  /(?:^|_)(?:reset_(?:token|code|link)|credit_?card(?:_?(?:number|no|num))?|card_?(?:number|no|num)|social_?security_?number)$/;
/** Somebody saw to it, or it is about the secret only. */
const harmless = words(
  "masked mask redacted redact hashed hash hidden safe obfuscated sanitized scrubbed digest encrypted encoded count len length " +
    "valid invalid exists present missing changed expired type kind error err message prefix suffix bool flag checked",
);

function isSecretName(name: string): boolean {
  const parts = nameWords(name);
  if (parts.some((w) => harmless.has(w))) return false;
  const last = parts.at(-1) ?? "";
  if (others.has(last) || pairs.test(parts.join("_"))) return true;
  const kind = credentialName(name);
  return kind !== undefined && kinds.has(kind);
}

const requestHeaders =
  /(?:^|\.)(?:req|[rR]equest|ctx|context|c|httpRequest|_request|event|exchange\.getRequest|HttpContext\.Request|r)\.(?:[\w.]+\.)?(?:headers|Headers|Header|getHeaders|rawHeaders)$/;
const environments =
  /^(?:process\.env|os\.environ|Deno\.env\.toObject|os\.Environ|System\.getenv|Environment\.GetEnvironmentVariables|import\.meta\.env)$/;

const kubernetes =
  /^(?:k8s\.io|sigs\.k8s\.io|kubernetes|@kubernetes|io\.fabric8\.kubernetes|io\.kubernetes|k8s)(?:[./]|$)/;

type Secret = Pick<LoggedSecret, "name" | "isWhole">;

function secretIn(value: CodeValue, call: CodeCall, code: CodeFile): Secret | undefined {
  if (value.kind === "lookup") {
    return value.key !== undefined && isSecretName(value.key) ? { name: value.key, isWhole: false } : undefined;
  }
  const name = value.kind === "variable" ? value.name : value.kind === "call" ? value.callee : undefined;
  if (name === undefined) return undefined;
  const key = value.kind === "variable" ? keyIn(value, code) : undefined;
  if (key !== undefined) return isSecretName(key) ? { name: key, isWhole: false } : undefined;
  if (environments.test(name.text) || requestHeaders.test(name.text)) {
    const isResponse = /res(?:ponse)?\./i.test(name.text);
    return isResponse ? undefined : { name: name.text, isWhole: true };
  }
  if (value.kind === "call") return isOfOthers(name) ? undefined : (ofKey(value) ?? ofGetter(name));
  if (isSlice(value, code)) return undefined;
  if (!isSecretName(name.last) || isConstant(name) || isOfOthers(name) || isCancellation(name, code)) return undefined;
  // Names of Secrets.
  if (/(?:secret|credentials)$/i.test(name.last) && code.facts.imports.some((i) => kubernetes.test(i.module)))
    return undefined;
  return isOfParser(name, call, code) ? undefined : { name: name.text, isWhole: false };
}

/** `r.Header["Authorization"][0]`. */
function keyIn({ start, end }: Span, code: CodeFile): string | undefined {
  return end - start > 200
    ? undefined
    : /\[\s*["']([\w-]{1,60})["']\s*\](?:\[\d+\])?$/.exec(code.text.slice(start, end))?.[1];
}

/** `token[:4]`: a part that tells two of them apart. */
const isSlice = ({ start, end }: Span, code: CodeFile): boolean =>
  end - start < 200 && /\[[^\]"']{0,40}:[^\]"']{0,40}\]$/.test(code.text.slice(start, end));

/** `settings.get("password")`. */
function ofKey({ callee, arguments: [first] }: CodeCall): Secret | undefined {
  const key = first?.value.kind === "text" ? first.value.whole : undefined;
  if (key === undefined || !keyed.test(callee.last) || !callee.text.includes(".")) return undefined;
  return isSecretName(key) ? { name: key, isWhole: false } : undefined;
}

/** `user.getPassword()`; other calls make something of what they are given. */
function ofGetter({ last, text }: CodeName): Secret | undefined {
  if (!getter.test(last) || !text.includes(".")) return undefined;
  return isSecretName(last.replace(getter, "")) ? { name: text, isWhole: false } : undefined;
}

/** A member of an enumeration: `ErrorCode.INVALID_PASSWORD`, `TokenType.REFRESH_TOKEN`. */
function isConstant({ text, last }: CodeName): boolean {
  const owner = text.split(".").at(-2);
  return (
    owner !== undefined && /^[A-Z][A-Z0-9_]*$/.test(last) && !/settings|config|env|conf|self|this|cls/i.test(owner)
  );
}

/** Tokens that cancel work, secrets of Kubernetes by their name. */
const isOfOthers = ({ origin, text }: CodeName): boolean =>
  /CancellationToken/.test(origin?.member ?? "") ||
  /(?:^|\.)(?:errors?|messages?|labels?|i18n|t|strings?|Resources|schema|columns?|fields?)\.[\w.]*$/i.test(text);

/** `CancellationToken token`. */
const isCancellation = ({ text }: CodeName, code: CodeFile): boolean =>
  code.language === "csharp" &&
  /^\w+$/.test(text) &&
  new RegExp(`\\bCancellationToken\\??\\s+${text}\\b`).test(code.text);

const parsing =
  /lex|pars|token(?:iz|is)|grammar|syntax|compil|interpret|\bast\b|nlp|gpt|llm|llama|bert|transformer|ntlk|embedding/i;

/** Words of a language are tokens, too. */
function isOfParser({ last }: CodeName, call: CodeCall, code: CodeFile): boolean {
  if (!/^_?(?:token|tok)$/i.test(last)) return false;
  if (parsing.test(code.file) || code.facts.imports.some((i) => parsing.test(i.module))) return true;
  if (code.facts.functions.some((f) => /^(?:tokenize|next_?token|lex|peek_?token)$/i.test(f.name ?? ""))) return true;
  return call.arguments.some(
    ({ value }) => value.kind === "text" && /unexpected|expected|syntax|parse/i.test(knownOf(value)),
  );
}

const knownOf = ({ parts }: CodeText): string => parts.filter((p) => typeof p === "string").join(" ");
