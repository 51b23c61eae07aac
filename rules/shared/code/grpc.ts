/** Channels and servers of gRPC without TLS. Names from the documentation of gRPC for each language, 2026-11. */
import {
  type CodeCall,
  type CodeFile,
  type CodeScope,
  type CodeValue,
  contains,
  type Edit,
  type Preset,
  type Severity,
  type Span,
} from "../../../engine/index";
import { withoutPort } from "../addresses";
import { addressOf, type HostClass, hostClass } from "./endpoints";
import { argumentOf, isOf } from "./origins";
import { givenValues, spanOf } from "./values";

export interface InsecureChannel extends Span {
  readonly side: "client" | "server";
  /** Who is spoken to, or who may speak to the server where it listens on this machine alone. */
  readonly class: HostClass;
  readonly host: string | undefined;
  readonly guard: CodeScope["guard"];
  /** Where nobody wrote that there is no TLS. */
  readonly softer?: { readonly severity: Severity; readonly preset?: Preset };
  readonly edits: readonly Edit[] | undefined;
}

/** Every one of the file, in the order of the text. */
export function insecureChannels(code: CodeFile): readonly InsecureChannel[] {
  const found = inLanguage[code.language](code);
  return (
    found
      .filter((c) => c.class !== "loopback" && c.class !== "none")
      // A server that is made in several branches is one.
      .filter((c, i, all) => c.softer === undefined || all.findIndex((other) => other.softer !== undefined) === i)
      .toSorted((a, b) => a.start - b.start)
  );
}

const inLanguage: Readonly<Record<CodeFile["language"], (code: CodeFile) => readonly InsecureChannel[]>> = {
  javascript: inJavascript,
  python: inPython,
  go: inGo,
  java: inJava,
  csharp: inCsharp,
};

type Target = Pick<InsecureChannel, "class" | "host">;
const unknownTarget: Target = { class: "dynamic", host: undefined };
const thisMachine: Target = { class: "loopback", host: undefined };

/** `dns:///orders:50051`, `unix:/run/x.sock`, `:50051`. */
function targetOf(value: CodeValue | undefined): Target {
  if (value?.kind !== "text") return unknownTarget;
  const [first] = value.parts;
  if (typeof first !== "string") return value.parts.length === 0 ? thisMachine : unknownTarget;
  if (/^(?:unix|unix-abstract|vsock|passthrough|bufconn|bufnet|inproc|xds):?/i.test(first)) return thisMachine;
  const plain = first.replace(/^(?:dns|ipv4|ipv6|static):(?:\/\/[^/]*\/)?|^https?:\/\//i, "");
  if (plain.startsWith(":")) return thisMachine;
  const isKnown = value.whole !== undefined || /^[\w.-]+:|^\[[^\]]*\]/.test(plain);
  if (!isKnown) return unknownTarget;
  const host = withoutPort(plain.replace(/\/.*/s, ""));
  return { class: hostClass(host), host };
}

/** Where a server listens: on this machine alone, or for others. */
function listenerOf(value: CodeValue | undefined): Target {
  const first = value?.kind === "text" ? value.parts[0] : undefined;
  const isLocal = typeof first === "string" && /^(?:localhost|127\.|\[::1\]|unix:)/.test(first);
  return isLocal ? thisMachine : unknownTarget;
}

/** The innermost call that contains the place and is one of those asked for. */
function callAround(at: Span, { facts }: CodeFile, isWanted: (call: CodeCall) => boolean): CodeCall | undefined {
  return facts.calls.findLast((c) => contains(c, at) && !(c.start === at.start && c.end === at.end) && isWanted(c));
}

const lastWord = ({ callee }: CodeCall): Span => ({ start: callee.end - callee.last.length, end: callee.end });

// JavaScript

function inJavascript(code: CodeFile): readonly InsecureChannel[] {
  return code.facts.calls.flatMap((call) => {
    const { callee, scope } = call;
    if (callee.last !== "createInsecure") return [];
    if (callee.origin !== undefined && !/^(?:@grpc\/grpc-js|grpc)$/.test(callee.origin.module)) return [];
    const isServer = /ServerCredentials\.createInsecure$/.test(callee.text);
    const around = callAround(call, code, (c) => (isServer ? /^bind(?:Async)?$/.test(c.callee.last) : c.isNew));
    const given = around?.arguments[0]?.value;
    return [
      {
        ...spanOf(callee),
        side: isServer ? "server" : "client",
        ...(isServer ? listenerOf(given) : targetOf(given)),
        guard: scope.guard,
        edits: isServer ? undefined : [{ span: lastWord(call), text: "createSsl" }],
      },
    ];
  });
}

// Python

function inPython({ facts }: CodeFile): readonly InsecureChannel[] {
  return facts.calls.flatMap((call): readonly InsecureChannel[] => {
    const { callee, scope } = call;
    const at = spanOf(callee);
    if (callee.last === "add_insecure_port")
      return [
        { ...at, side: "server", ...listenerOf(argumentOf(call, 0, "address")), guard: scope.guard, edits: undefined },
      ];
    if (callee.last !== "insecure_channel") return [];
    if (callee.origin !== undefined && !/^grpc(?:\.|$)/.test(callee.origin.module)) return [];
    const target = targetOf(argumentOf(call, 0, "target"));
    return [{ ...at, side: "client", ...target, guard: scope.guard, edits: securedInPython(call) }];
  });
}

function securedInPython(call: CodeCall): readonly Edit[] | undefined {
  const [first] = call.arguments;
  if (!call.callee.text.startsWith("grpc.") || first === undefined || call.isOpen) return undefined;
  return [
    { span: lastWord(call), text: "secure_channel" },
    {
      span: { start: first.span.end, end: first.span.end },
      text:
        first.name === undefined ? ", grpc.ssl_channel_credentials()" : ", credentials=grpc.ssl_channel_credentials()",
    },
  ];
}

// Go

const grpcModule = /^google\.golang\.org\/grpc$/;
const insecureModule = "google.golang.org/grpc/credentials/insecure";
const dial = { modules: grpcModule, members: /^(?:Dial|DialContext|NewClient)$/ };
const serverOption = { modules: grpcModule, members: /^(?:NewServer|Creds)$/ };
const withInsecure = { modules: grpcModule, members: /^WithInsecure$/ };
const newCredentials = { modules: /\/grpc\/credentials\/insecure$/, members: /^NewCredentials$/ };

function inGo(code: CodeFile): readonly InsecureChannel[] {
  const { facts } = code;
  return facts.calls.flatMap((call): readonly InsecureChannel[] => {
    const { callee, scope } = call;
    if (isOf(callee, { modules: grpcModule, members: /^NewServer$/ })) return plainServerInGo(call);
    const isOld = isOf(callee, withInsecure);
    if (!isOld && !isOf(callee, newCredentials)) return [];
    const at = spanOf(call);
    if (callAround(at, code, (c) => isOf(c.callee, serverOption)) !== undefined)
      return [{ ...at, side: "server", ...unknownTarget, guard: scope.guard, edits: undefined }];
    // A dialler of one's own over a socket of this machine.
    if (facts.calls.some((c) => contains(c, at) && c.arguments.some((a) => isUnix(a.value)))) return [];
    const dials = facts.calls.filter((c) => isDial(c) && c.scope.function === scope.function);
    const around = callAround(at, code, isDial) ?? (dials.length === 1 ? dials[0] : undefined);
    const target = around?.arguments[placeOfTarget(around)]?.value;
    return [{ ...at, side: "client", ...targetOf(target), guard: scope.guard, edits: securedInGo(call, isOld, code) }];
  });
}

const isUnix = (value: CodeValue): boolean => value.kind === "text" && /^unix\b/.test(value.whole ?? "");

/** The last ones are those that grpc-gateway generates. */
const isDial = (call: CodeCall): boolean =>
  isOf(call.callee, dial) || /^Register\w+HandlerFromEndpoint$/.test(call.callee.last);

function placeOfTarget({ callee }: CodeCall): number {
  if (callee.last.startsWith("Register")) return 2;
  return callee.last === "DialContext" ? 1 : 0;
}

/** `grpc.NewServer()` where every option is written here, and none of them is about credentials. */
function plainServerInGo(call: CodeCall): readonly InsecureChannel[] {
  const isWritten = call.arguments.every(({ value }) => value.kind === "call" && !/^Creds$/.test(value.callee.last));
  if (call.isOpen || !isWritten) return [];
  const softer = { severity: "info" as const };
  return [
    { ...spanOf(call.callee), side: "server", ...unknownTarget, guard: call.scope.guard, softer, edits: undefined },
  ];
}

/** Credentials of the system's authorities, and the imports that this takes. */
function securedInGo(call: CodeCall, isOld: boolean, code: CodeFile): readonly Edit[] | undefined {
  const { imports, calls } = code.facts;
  const localOf = (module: string, usual: string): string => imports.find((i) => i.module === module)?.local ?? usual;
  const needed = ["crypto/tls", "google.golang.org/grpc/credentials"];
  const missing = needed.filter((m) => !imports.some((i) => i.module === m && i.local !== ""));
  const made = `${localOf(needed[1] ?? "", "credentials")}.NewTLS(&${localOf("crypto/tls", "tls")}.Config{})`;
  const grpc = call.callee.text.slice(0, -".WithInsecure".length);
  const replaced: Edit = { span: spanOf(call), text: isOld ? `${grpc}.WithTransportCredentials(${made})` : made };
  const own = isOld ? undefined : imports.find((i) => i.module === insecureModule);
  const isLast = own !== undefined && calls.filter((c) => isOf(c.callee, newCredentials)).length === 1;
  const lineEnd = code.text.includes("\r\n") ? "\r\n" : "\n";
  if (isLast && missing.length > 0)
    return [{ span: spanOf(own), text: missing.map((m) => `"${m}"`).join(`${lineEnd}\t`) }, replaced];
  const added = missing.map((m) => code.facts.importOf(m));
  if (isLast || added.some((a) => a === undefined)) return undefined;
  const [first] = added;
  const text = added.map((a) => a?.text ?? "").join("");
  return first === undefined ? [replaced] : [{ span: { start: first.at, end: first.at }, text }, replaced];
}

// Java

function inJava(code: CodeFile): readonly InsecureChannel[] {
  return code.facts.calls.flatMap((call): readonly InsecureChannel[] => {
    const { callee, scope, chain } = call;
    const { guard } = scope;
    const at = lastWord(call);
    if (callee.last === "usePlaintext") {
      const [given] = call.arguments;
      if (given?.value.kind === "flag" && !given.value.value) return [];
      if (chain.some((c) => /InProcess/.test(c.callee.text))) return [];
      const from = chain.find((c) => /^(?:forAddress|forTarget)$/.test(c.callee.last));
      const edits = [
        { span: at, text: "useTransportSecurity" },
        ...(given === undefined ? [] : [{ span: spanOf(call.argumentsSpan), text: "" }]),
      ];
      return [{ ...at, side: "client", ...targetOf(from?.arguments[0]?.value), guard, edits }];
    }
    if (callee.last === "create" && /(?:^|\.)InsecureChannelCredentials\.create$/.test(callee.text)) {
      const around = callAround(call, code, (c) => /^newChannelBuilder(?:ForAddress)?$/.test(c.callee.last));
      return [{ ...spanOf(callee), side: "client", ...targetOf(around?.arguments[0]?.value), guard, edits: undefined }];
    }
    if (callee.last === "create" && /(?:^|\.)InsecureServerCredentials\.create$/.test(callee.text))
      return [{ ...spanOf(callee), side: "server", ...unknownTarget, guard, edits: undefined }];
    return callee.last === "forPort" ? plainServerInJava(call, code) : [];
  });
}

/** A server whose builder is written in one chain, without a word about TLS. */
function plainServerInJava(call: CodeCall, { facts }: CodeFile): readonly InsecureChannel[] {
  const { callee } = call;
  const isServer = /(?:^|\.)(?:Netty|OkHttp)?ServerBuilder\.forPort$/.test(callee.text);
  const isGrpc =
    callee.origin === undefined
      ? facts.imports.some((i) => /^io\.grpc\b/.test(i.module))
      : /^io\.grpc\b/.test(callee.origin.module);
  if (!isServer || !isGrpc) return [];
  const links = facts.calls.filter((c) => c.chain.includes(call));
  const isWhole = links.some((c) => c.callee.last === "build");
  if (!isWhole || links.some((c) => /^(?:useTransportSecurity|sslContext)$/.test(c.callee.last))) return [];
  const softer = { severity: "hint" as const, preset: "strict" as const };
  return [{ ...spanOf(callee), side: "server", ...unknownTarget, guard: call.scope.guard, softer, edits: undefined }];
}

// C#

function inCsharp(code: CodeFile): readonly InsecureChannel[] {
  const found: InsecureChannel[] = [];
  for (const call of code.facts.calls) {
    const [first] = call.arguments;
    if (!/(?:^|\.)GrpcChannel\.ForAddress$/.test(call.callee.text) || first?.value.kind !== "text") continue;
    const address = addressOf(first.value);
    if (address?.scheme !== "http") continue;
    const { at, schemeAt, host } = address;
    const edits = schemeAt.rewrite("https");
    const known = /^[\w.:[\]-]+$/.test(host) ? host : undefined;
    found.push({ ...spanOf(at), side: "client", class: address.class, host: known, guard: call.scope.guard, edits });
  }
  for (const { value, guard } of givenValues(code)) {
    if (value.kind !== "variable") continue;
    const [, kind] = /(?:^|\.)(Channel|Server)Credentials\.Insecure$/.exec(value.name.text) ?? [];
    if (kind === undefined) continue;
    const at = spanOf(value);
    if (kind === "Server") found.push({ ...at, side: "server", ...unknownTarget, guard, edits: undefined });
    else {
      const around = callAround(at, code, (c) => /(?:^|\.)(?:Channel|GrpcChannel\.ForAddress)$/.test(c.callee.text));
      const edits = [{ span: { start: at.end - "Insecure".length, end: at.end }, text: "SecureSsl" }];
      // The address has its own finding.
      if (found.some((f) => around !== undefined && contains(around, f))) continue;
      found.push({ ...at, side: "client", ...targetOf(around?.arguments[0]?.value), guard, edits });
    }
  }
  return found;
}
