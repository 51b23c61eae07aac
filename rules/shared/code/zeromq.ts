/** Sockets of ZeroMQ on the network that neither encrypt nor ask who is there. Bindings after their manuals, 2026-11. */
import type { CodeCall, CodeFile, CodeScope, CodeText, CodeValue, Context, Span } from "../../../engine/index";
import { withoutPort } from "../addresses";
import { hostClass } from "./endpoints";
import { settingsOf } from "./settings";

const libraries =
  /^(?:zmq(?:\.\w+)*|aiozmq|zeromq(?:\/.*)?|github\.com\/(?:pebbe\/zmq[234]|go-zeromq\/zmq4|zeromq\/goczmq)|org\.zeromq(?:\.\w+)*|NetMQ(?:\.\w+)*)$/;
const opening =
  /^(?:bind|connect|bindSync|Bind|Connect|Listen|Dial|bindToRandomPort|bind_to_random_port|BindRandomPort)$/;
/** NetMQ's constructors: `@` binds, `>` connects. */
const netmqSocket =
  /^(?:Request|Response|Publisher|Subscriber|Push|Pull|Router|Dealer|Pair|XPublisher|XSubscriber|Stream)Socket$/;
const curve = /curve|plain_server|plainserver|set_?plain|zap_?domain|ZAuth|NewAuth|AuthStart/i;

export interface OpenSocket {
  readonly at: Span;
  readonly message: string;
  readonly severity: "warning" | "info";
  readonly guard: CodeScope["guard"];
  /** A socket of pyzmq under a name, on a line of its own: keys can be put in before it. */
  readonly call: CodeCall;
  readonly socket: string | undefined;
  readonly isServer: boolean;
}

/** Every one of the file. */
export function openSockets(code: CodeFile, context: Context): readonly OpenSocket[] {
  if (!code.facts.imports.some((i) => libraries.test(i.module))) return [];
  const found = code.facts.calls.flatMap((call) => socketOf(call) ?? []);
  return found.filter(({ socket }) => !isProtected(socket, code, context));
}

function socketOf(call: CodeCall): OpenSocket | undefined {
  const { callee, receiver, scope } = call;
  const isMade = call.isNew && netmqSocket.test(callee.last);
  if (!isMade && !(opening.test(callee.last) && receiver !== undefined)) return undefined;
  for (const { value } of call.arguments) {
    const address = value.kind === "text" ? addressOf(value) : undefined;
    if (address === undefined) continue;
    const { host, sign } = address;
    const isServer = isMade ? sign === "@" : /bind|listen/i.test(callee.last);
    const severity = severityOf(host, isServer);
    if (severity === undefined) return undefined;
    const message = isServer
      ? "Whoever reaches this socket may send to it, and read along"
      : `This socket speaks unencrypted${host === undefined ? "" : ` to ${host}`}, whoever answers there`;
    return { at: spanOf(value), message, severity, guard: scope.guard, call, socket: nameOf(receiver), isServer };
  }
  return undefined;
}

const spanOf = (value: CodeValue): Span =>
  value.kind === "text" && value.inner !== undefined && value.whole !== undefined
    ? value.inner
    : { start: value.start, end: value.end };

function addressOf({ parts: [first, next], whole }: CodeText): { host: string | undefined; sign: string } | undefined {
  const found = typeof first === "string" ? /^([@>]?)tcp:\/\/([^/]*)/i.exec(first) : null;
  if (found === null) return undefined;
  const [, sign = "", authority = ""] = found;
  const isCut = whole === undefined && !authority.includes(":");
  return { sign, host: isCut && next !== undefined ? undefined : withoutPort(authority) };
}

/** Undefined on this machine alone. */
function severityOf(host: string | undefined, isServer: boolean): "warning" | "info" | undefined {
  if (host === undefined) return "info";
  if (isServer && /^(?:\*|0\.0\.0\.0|\[?::\]?|eth\d|ens?\d\w*|)$/.test(host)) return "warning";
  return /^(?:loopback|none)$/.test(hostClass(host)) ? undefined : isServer ? "warning" : "info";
}

const nameOf = (value: CodeValue | undefined): string | undefined =>
  value?.kind === "variable" ? value.name.text : undefined;

/** Whether keys are set on the socket; where nobody knows which socket they are set on, on all of them. */
function isProtected(socket: string | undefined, code: CodeFile, context: Context): boolean {
  const { calls, assignments } = code.facts;
  const isAbout = (text: string): boolean =>
    socket === undefined || !text.includes(".") || text.startsWith(`${socket}.`) || !isSocketName(text, code);
  return (
    assignments.some((a) => curve.test(a.target.last) && isAbout(a.target.text)) ||
    calls.some(
      (c) =>
        (curve.test(c.callee.text) && isAbout(c.callee.text)) ||
        (isAbout(c.callee.text) &&
          c.arguments.some((a) => a.value.kind === "variable" && curve.test(a.value.name.last))),
    ) ||
    settingsOf(code, context).some((s) => s.beside?.kind === "options" && curve.test(s.name)) ||
    (code.language === "python" && setsSeveral(socket, code.text))
  );
}

/** `socket.curve_publickey, socket.curve_secretkey = load_certificate(…)`: several targets are no assignment of one. */
const setsSeveral = (socket: string | undefined, text: string): boolean =>
  [...text.matchAll(/\b(\w{1,60})\.curve_(?:public|secret|server)key[ \t]{0,9}[,=]/g)].some(
    ([, name]) => socket === undefined || socket.split(".").at(-1) === name,
  );

/** Whether another socket of the file has that name. */
const isSocketName = (text: string, { facts }: CodeFile): boolean => {
  const owner = text.slice(0, text.lastIndexOf("."));
  return facts.calls.some(
    (c) => opening.test(c.callee.last) && c.callee.text.slice(0, c.callee.text.lastIndexOf(".")) === owner,
  );
};
