/** Addresses without TLS from which commands fetch what they install or build. Options from the tools' manuals, 2026-08. */
import {
  readOptions,
  type Command,
  type Options,
  type RunningInstruction,
  type ShellWord,
  type Span,
  withoutTrailing,
} from "../../engine/index";
import { download, isLoopback, keepsNothing, urlHost } from "./downloads";
import { valueOf } from "./environment";
import { writtenTexts } from "./file-texts";

export interface PlaintextSource extends Span {
  /** The program that fetches. */
  readonly who: string;
  readonly url: string;
  /** The place of `http:` where it is written out here. */
  readonly scheme: Span | undefined;
}

const plain = /^(?:git\+)?(?:http|ftp|git|svn):\/\//i;

/** A host that a plaintext address names, and that is neither this machine nor unknown. */
export function plaintextHost(url: string): string | undefined {
  if (!plain.test(url)) return undefined;
  const host = urlHost(url.replace(/^git\+/i, ""));
  if (host === undefined || isLoopback(host) || host === "host.docker.internal") return undefined;
  return /^(?:169\.254\.\d+\.\d+|100\.100\.100\.200|metadata\.google\.internal|\[fd00:ec2::254\])$/.test(host)
    ? undefined
    : host;
}

export function plaintextSources(command: Command, instruction: RunningInstruction): readonly PlaintextSource[] {
  const found = command.args.some(mayBeAddress) ? inWords(command, instruction) : none;
  const inFiles = inRepositoryFiles(command);
  return inFiles.length === 0 ? found : [...found, ...inFiles];
}

const none: readonly PlaintextSource[] = [];

/** Holds the beginning of an address, or what nobody knows before the variables are filled in. */
const mayBeAddress = ({ text }: ShellWord): boolean => text === undefined || text.includes("://");

function inWords(command: Command, instruction: RunningInstruction): readonly PlaintextSource[] {
  const words = sourceWords(command).filter((w, i, all) => all.findIndex((o) => o.start === w.start) === i);
  return words.filter(mayBeAddress).flatMap((word) => {
    const value = valueOf(instruction, word);
    const text = value.known ? value.value : word.source;
    const match = /(?:git\+)?(?:http|ftp|git|svn):\/\/[^\s"'`<>|;]+/i.exec(text);
    if (match === null || plaintextHost(match[0]) === undefined) return [];
    const written = /(?:http|ftp|git|svn)(?=:\/\/)/i.exec(word.raw);
    const place = written === null ? word : word.part(written.index, withoutTrailing(word.raw, "\"')").length);
    const start = written !== null && /^git\+/i.test(match[0]) ? place.start - 4 : place.start;
    const scheme = written === null ? undefined : word.part(written.index, written.index + written[0].length);
    return [{ start, end: place.end, who: command.name, url: match[0], scheme }];
  });
}

/** The words that hold a source. */
function sourceWords(command: Command): readonly ShellWord[] {
  const got = download(command);
  if (got !== undefined) return keepsNothing(got) ? [] : got.urls;
  const [first, second] = command.args;
  const module = /^python[\d.]*$/.test(command.name) && first?.text === "-m" ? (second?.text ?? "") : "";
  const program = module === "" ? command.name : module;
  return tools.flatMap(({ programs, words }) => (programs.test(program) ? words(command) : []));
}

/** Values of the named options, and those operands that are addresses. */
const of =
  (short: string, names: readonly string[], operandsToo: (o: Options) => readonly ShellWord[] = () => []) =>
  (command: Command): readonly ShellWord[] => {
    const options = readOptions(command, { short, long: names.filter((n) => n.startsWith("--")) });
    return [...options.all(...names).flatMap((o) => o.valueWord ?? []), ...operandsToo(options)];
  };
const addresses = ({ operands }: Options): readonly ShellWord[] =>
  operands.filter((o) => /(?:http|ftp|git|svn):\/\//i.test(o.raw));
/** The operands of `config set registry http://…`. */
const configured =
  (key: RegExp) =>
  ({ operands }: Options): readonly ShellWord[] =>
    operands.flatMap((o, i) => {
      if (key.test(o.source.split("=")[0] ?? "") && o.source.includes("=")) return [o];
      return key.test(o.source) ? operands.slice(i + 1, i + 2) : [];
    });

const wordsOf: Readonly<Record<string, (command: Command) => readonly ShellWord[]>> = {
  git: (command) => {
    const { operands } = readOptions(command, {
      short: "cCbjou",
      long: ["--branch", "--depth", "--config", "--reference"],
    });
    return /^(?:clone|fetch|pull|remote|submodule)$/.test(operands[0]?.source ?? "") ? operands.slice(1) : [];
  },
  svn: of("r", ["--revision"], ({ operands }) =>
    /^(?:co|checkout|export|update|switch)$/.test(operands[0]?.source ?? "") ? operands : [],
  ),
  "pip[\\d.]*|uv|pipx": of(
    "ifrcte",
    ["-i", "-f", "--index-url", "--extra-index-url", "--find-links", "--index", "--default-index"],
    (o) => [...addresses(o), ...configured(/index-url$/)(o)],
  ),
  "npm|pnpm|yarn|bun|npx": of("", ["--registry"], (o) => [
    ...(/^(?:i|install|add)$/.test(o.operands[0]?.text ?? "") ? addresses(o) : []),
    ...configured(/^(?:registry|npmRegistryServer|@[\w-]+:registry)$/)(o),
  ]),
  gem: of("sav", ["-s", "-a", "--source", "--add"]),
  bundle: of("", [], addresses),
  helm: of("", ["--repo"], addresses),
  apk: (command) => {
    const words = of("ptX", ["-X", "--repository"])(command);
    return words.filter((w) => !/alpinelinux\.org|\/alpine\//.test(w.source));
  },
  // A repository's description is dockerfile/third-party-package-repository's.
  "yum|dnf5?|microdnf|tdnf": of("", ["--repofrompath"], (o) =>
    o.operands[0]?.text === "config-manager" ? [] : addresses(o),
  ),
  zypper: of("", [], addresses),
  rpm: (command) => (command.args.some((a) => a.source === "--import") ? [] : of("", [], addresses)(command)),
  "mvnw?|mvnd": (command) => command.args.filter((a) => /^-D[\w.-]*(?:repo|mirror)[\w.-]*=/i.test(a.source)),
  "gradlew?": (command) => command.args.filter((a) => /^-P[\w.]*(?:repo|mirror)\w*=/i.test(a.source)),
  go: (command) => (command.subcommand === "env" ? command.args.filter((a) => /^GOPROXY=/.test(a.source)) : []),
  "conda|mamba|micromamba": of("ncp", ["-c", "--channel", "--name"]),
};

const tools = Object.entries(wordsOf).map(([names, words]) => ({ programs: new RegExp(`^(?:${names})$`), words }));

/** Repositories of yum and dnf; distributions sign what their own mirrors hold. */
function inRepositoryFiles(command: Command): readonly PlaintextSource[] {
  const texts = writtenTexts(command);
  if (texts.length === 0) return none;
  return texts.flatMap((written) => {
    const match = /(?:^|[\s;])baseurl\s?=\s?(http:\/\/[^\s"';]+)/i.exec(written.text);
    const url = match?.[1];
    if (match === null || url === undefined || plaintextHost(url) === undefined) return [];
    const signed =
      /(?:^|\s)gpgcheck\s?=\s?(?:1|yes|true)\b/i.test(written.text) ||
      /(?:centos|fedoraproject|almalinux|rockylinux|redhat)\.(?:org|com)|mirror/i.test(url);
    if (signed) return [];
    const from = match.index + match[0].length - url.length;
    const place = written.span(from, from + url.length);
    return [
      { start: place.start, end: place.end, who: "The package manager", url, scheme: written.span(from, from + 4) },
    ];
  });
}

/** Variables that name a source. */
export const sourceVariable =
  /^(?:PIP_INDEX_URL|PIP_EXTRA_INDEX_URL|UV_INDEX_URL|UV_EXTRA_INDEX_URL|UV_DEFAULT_INDEX|npm_config_registry|YARN_REGISTRY|YARN_NPM_REGISTRY_SERVER|GOPROXY)$/i;
