/** Debuggers and consoles that wait for connections, in the options of the programs that open them. */
import { type Command, type ImageReference, type Span, withoutTrailing } from "../../engine/index";

export interface OpenDebugger {
  /** In the text that was searched. */
  readonly from: number;
  readonly to: number;
  /** What it is, for a message. */
  readonly what: string;
  /** The text that closes it to other machines. */
  readonly closed: string;
}

const anyHost = String.raw`(?:0\.0\.0\.0|\[::0?\]|::|\*)`;
const inspector = new RegExp(
  String.raw`--(?:inspect(?:-brk|-wait|-port)?|debug-port)[= ](${anyHost}(?::\d{1,5})?)(?=$|[\s"'])`,
  "g",
);
const jdwp = /(?:-agentlib:jdwp=|-Xrunjdwp:)([^\s"']{1,300})/g;
const jmx = /-Dcom\.sun\.management\.jmxremote\.authenticate=(false)\b/g;

/** `8` of `8-jdk`, `8u402-jre`, `17`; undefined where the image is no Java, or its tag does not tell. */
function javaVersion(image: ImageReference | undefined): number | undefined {
  if (
    image === undefined ||
    !/java|jdk|jre|temurin|corretto|zulu|liberica|tomcat|maven|gradle|semeru/.test(`${image.repository}:${image.tag}`)
  ) {
    return undefined;
  }
  const found = /(?:jdk|jre|java|temurin|corretto|openjdk)-?(\d{1,2})(?!\d)/.exec(image.tag ?? "")?.[1];
  const own = /tomcat|maven|gradle/.test(image.repository) ? undefined : /^(\d{1,2})(?!\d)/.exec(image.tag ?? "")?.[1];
  return Number(found ?? own ?? Number.NaN) || undefined;
}

/** In one word or value: Node's inspector, the JVM's debugger and its JMX. `image` tells how the JVM reads a bare port. */
export function debuggersIn(text: string, image: ImageReference | undefined): readonly OpenDebugger[] {
  if (!/--inspect|--debug-port|jdwp|jmxremote/.test(text)) return none;
  const found: OpenDebugger[] = [];
  for (const match of text.matchAll(inspector)) {
    const host = match[1] ?? "";
    const from = match.index + match[0].length - host.length;
    found.push({ from, to: from + host.length, what: "Node's inspector", closed: loopback(host) });
  }
  for (const match of text.matchAll(jdwp)) {
    const options = match[1] ?? "";
    const address = /(?:^|,)address=([^,]*)/.exec(options);
    const host = address?.[1] ?? "";
    const old = (javaVersion(image) ?? 9) <= 8;
    const open = new RegExp(`^${anyHost}:\\d+$`).test(host) || (old && /^\d+$/.test(host));
    if (address === null || !open || !/(?:^|,)server=y/.test(options)) continue;
    const from = match.index + match[0].length - options.length + address.index + address[0].length - host.length;
    found.push({ from, to: from + host.length, what: "the JVM's debugger", closed: loopback(host) });
  }
  for (const match of text.matchAll(jmx)) {
    if (/jmxremote\.host=(?:127\.|localhost)/.test(text)) continue;
    const to = match.index + match[0].length;
    found.push({ from: to - 5, to, what: "JMX without a login", closed: "true" });
  }
  return found;
}

const none: readonly OpenDebugger[] = [];

const loopback = (address: string): string =>
  `127.0.0.1${/:?(?<=:|^)\d+$/.exec(address)?.[0].replace(/^(?=\d)/, ":") ?? ""}`;

const listensAnywhere = new RegExp(`^(?:${anyHost})?:\\d{1,5}$`);
const isAnyHost = new RegExp(`^${anyHost}$`);

/** By the options of the debuggers' own programs. */
export function debuggerCommand(
  command: Command,
): { readonly at: Span; readonly what: string; readonly edits: readonly { span: Span; text: string }[] } | undefined {
  const has = (...words: readonly string[]): boolean => command.words.some((w) => words.includes(w.source));
  const name = withoutTrailing(command.name, ".0123456789");
  const open = (
    option: RegExp,
    what: string,
    isOpen: (value: string) => boolean,
  ): ReturnType<typeof debuggerCommand> => {
    for (const [i, word] of command.args.entries()) {
      const joined = new RegExp(`^(?:${option.source})=(.+)$`).exec(word.source)?.[1];
      const next = new RegExp(`^(?:${option.source})$`).test(word.source) ? command.args[i + 1] : undefined;
      const value = joined ?? next?.source;
      if (value === undefined || !isOpen(value)) continue;
      const at = (next ?? word).find(value) ?? next ?? word;
      return { at, what, edits: [{ span: { start: at.start, end: at.end }, text: loopback(value) }] };
    }
    return undefined;
  };
  if (name === "dlv" && (has("--headless", "--headless=true") || has("dap")))
    return open(/--listen|-l/, "the Delve debugger", (v) => listensAnywhere.test(v));
  if (has("debugpy")) return open(/--listen/, "debugpy", (v) => new RegExp(`^${anyHost}:\\d+$`).test(v));
  if (has("ptvsd")) return open(/--host/, "ptvsd", (v) => isAnyHost.test(v));
  if (name === "rdbg" || name === "rdebug-ide") return open(/--host/, "Ruby's debugger", (v) => isAnyHost.test(v));
  if (name === "gdbserver") {
    const at = command.args.find((a) => listensAnywhere.test(a.source));
    return at === undefined ? undefined : { at, what: "gdbserver", edits: [] };
  }
  return undefined;
}
