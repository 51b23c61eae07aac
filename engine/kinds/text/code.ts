/** Values in code whose facts are known: literals that are given to a name, an argument, a fallback. */
import type { CodeFile } from "../code/file";
import type { Call, CodeFacts, Literal, Value } from "../code/facts";
import type { Span } from "../../text/span";
import type { TextValue } from "./file";
import { textValue } from "./values";

/** Undefined where the model is none of code, or its language has no reader. */
export function factsOf(model: unknown): CodeFacts | undefined {
  if (typeof model !== "object" || model === null || !("facts" in model)) return undefined;
  const { facts } = model as CodeFile;
  return facts.literals.length === 0 ? undefined : facts;
}

export function readCode(text: string, model: unknown): readonly TextValue[] | undefined {
  const facts = factsOf(model);
  if (facts === undefined) return undefined;
  const beside = new Map<unknown, Map<string, string>>();
  const mapOf = (owner: unknown): Map<string, string> => {
    let map = beside.get(owner);
    if (map === undefined) {
      map = new Map();
      beside.set(owner, map);
    }
    return map;
  };
  return facts.literals.flatMap((literal) => valueOf(text, literal, mapOf) ?? []);
}

function valueOf(
  text: string,
  literal: Literal,
  mapOf: (owner: unknown) => Map<string, string>,
): TextValue | undefined {
  const { whole, inner, isLiteral } = literal.text;
  if (whole === undefined || !isLiteral || whole.length > 20_000) return undefined;
  const given = nameOf(literal);
  if (given === undefined) return undefined;
  const place = { start: literal.start, end: literal.end };
  const owner = given.owner ?? literal.scope.function ?? literal.scope.class;
  const map = mapOf(owner);
  if (given.use !== "comparison") map.set(given.name, whole);
  return textValue(text, {
    path: [given.name],
    nameSpan: given.nameSpan,
    value: whole,
    span: inner ?? place,
    whole: place,
    beside: map,
    use: given.use,
    fix: given.fix,
  });
}

interface Given {
  readonly name: string;
  readonly nameSpan?: Span;
  readonly use: TextValue["use"];
  readonly owner?: unknown;
  readonly fix?: TextValue["fix"];
}

function nameOf(literal: Literal): Given | undefined {
  const { use } = literal;
  const at = { start: literal.start, end: literal.end };
  switch (use.kind) {
    case "value":
      return { name: use.name, nameSpan: use.nameSpan, use: "value", fix: { at } };
    case "fallback": {
      const { lookup } = use;
      const name = lookup.key ?? use.name;
      if (name === undefined) return undefined;
      return { name, use: "fallback", fix: { at: { start: lookup.start, end: lookup.end }, key: lookup.key } };
    }
    case "argument": {
      const name = inPair(literal, use.name) ?? use.name ?? positional(use.call, use.index);
      return name === undefined ? undefined : { name, use: "argument", owner: use.call, fix: { at } };
    }
    case "comparison": {
      const name = lastWord(use.other);
      return name === undefined ? undefined : { name, use: "comparison" };
    }
    case "decorator":
      return use.name === undefined ? undefined : { name: use.name, use: "value" };
    default:
      return undefined;
  }
}

/** `auth=("user", "password")`: the second of two is the password. */
function inPair({ text, use }: Literal, name: string | undefined): string | undefined {
  if (use.kind !== "argument" || name === undefined || !/^(?:http_?|basic_?|proxy_?)?auth$/i.test(name))
    return undefined;
  for (const { value } of use.call.arguments) {
    if (value.kind !== "list" || value.items.length !== 2) continue;
    const index = value.items.findIndex((item) => item.start === text.start);
    if (index >= 0) return index === 0 ? "user" : "password";
  }
  return undefined;
}

const lastWord = (value: Value): string | undefined =>
  value.kind === "variable"
    ? value.name.last
    : value.kind === "call"
      ? value.callee.last.replace(/^get/, "")
      : undefined;

/** What arguments without a name are, by the last word of what is called. From the libraries' own documentation. */
const positions: Readonly<Record<string, readonly (string | undefined)[]>> = {
  getConnection: [undefined, "user", "password"],
  HTTPBasicAuth: ["user", "password"],
  HTTPDigestAuth: ["user", "password"],
  HTTPProxyAuth: ["user", "password"],
  BasicAuth: ["user", "password"],
  SetBasicAuth: ["user", "password"],
  setBasicAuth: ["user", "password"],
  basicAuth: ["user", "password"],
  basic: ["user", "password"],
  basicAuthentication: ["user", "password"],
  UsernamePasswordCredentials: ["user", "password"],
  UsernamePasswordAuthenticationToken: ["user", "password"],
  PasswordAuthentication: ["user", "password"],
  PlainCredentials: ["user", "password"],
  NetworkCredential: ["user", "password"],
  BasicAWSCredentials: ["accessKey", "secretKey"],
  BasicSessionCredentials: ["accessKey", "secretKey", "sessionToken"],
  NewStaticCredentials: ["accessKey", "secretKey", "sessionToken"],
  NewStaticCredentialsProvider: ["accessKey", "secretKey", "sessionToken"],
  login: ["user", "password"],
  UserPassword: ["user", "password"],
  PlainAuth: [undefined, "user", "password"],
};

function positional({ callee, arguments: given }: Call, index: number): string | undefined {
  const { last } = callee;
  if (index === 0 && given.length === 1) {
    const [, verb, noun = ""] =
      /^(set|with)?_?([A-Za-z]{0,30}(?:[Pp]assword|[Pp]asswd|[Pp]assphrase|[Ss]ecret|[Tt]oken|[Aa]piKey|[Ss]ecretKey|[Aa]ccessKey))$/.exec(
        last,
      ) ?? [];
    // A function of that name reads the secret that its argument names.
    const isSetter = verb !== undefined || callee.text !== last;
    const setter = isSetter && noun !== "" ? noun : undefined;
    // A setter or a step of a builder; a verb before the word does something else with it.
    if (setter !== undefined && isNoun(setter)) return setter;
  }
  const names = Object.hasOwn(positions, last) ? positions[last] : undefined;
  if (names === undefined || given.length < 2 || (last === "login" && !isCredentialLogin(callee.text)))
    return undefined;
  return names[index];
}

const isNoun = (name: string): boolean =>
  !/^(?:check|hash|verify|validate|compare|update|reset|encrypt|decrypt|encode|decode|generate|assert|create|get|find|has|is|send|mask|redact|parse|sign|match|test|read|load|forgot|change|confirm|require|refresh|revoke|delete|remove)[A-Z_]/.test(
    name,
  );

/** `smtp.login(user, password)`, not the login of a page. */
const isCredentialLogin = (text: string): boolean => /smtp|imap|ftp|mail|server|session|client/i.test(text);
