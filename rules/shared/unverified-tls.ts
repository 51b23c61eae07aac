/** Commands that are told not to check certificates. Options from the tools' manuals, 2026-08. */
import {
  readOptions,
  type Command,
  type Edit,
  type Option,
  type Options,
  type OptionSyntax,
  type RunningInstruction,
  type ShellWord,
  type Span,
} from "../../engine/index";
import { curlSyntax, wgetSyntax } from "./downloads";
import { writtenTexts } from "./file-texts";
import { removal } from "./removal";

export interface UnverifiedTls extends Span {
  readonly effect: string;
  /** What is fetched so, as far as it is written out: URLs and host names. */
  readonly from: readonly string[];
  /** Turns the check on again; undefined where that would take something else along. */
  remove(): readonly Edit[] | undefined;
}

export function unverifiedTls(command: Command, instruction: RunningInstruction): readonly UnverifiedTls[] {
  if (!command.args.some((a) => mayBeOff.test(a.source))) return byWrittenText(command);
  const program = programOf(command);
  const tool = tools.find((t) => t.programs.test(program));
  const options = readOptions(command, tool?.syntax);
  return [
    ...byOption(command, options, tool),
    ...(tool?.setting?.(options.operands, command) === true ? [byCommand(command, options, instruction)] : []),
    ...byWrittenText(command),
  ];
}

/** A piece of every word that turns a check off; most commands have no such word. */
const mayBeOff = /ssl|tls|verify|insecure|certificate|trust|revoke|secure-http|^-[A-Za-z0-9]*k/i;

interface Tool {
  readonly programs: RegExp;
  readonly syntax?: OptionSyntax;
  readonly isOff?: (option: Option) => boolean;
  /** A word of its own that turns the check off. */
  readonly word?: RegExp;
  /** The whole command is a setting that turns the check off. */
  readonly setting?: (operands: readonly ShellWord[], command: Command) => boolean;
}

const no = /^(?:0|false|no|off|n)$/i;
const isNo = (text: string | undefined): boolean => no.test(text ?? "");
const named =
  (...names: readonly string[]) =>
  (o: Option): boolean =>
    names.includes(o.name);

/** `key=value` of `-c key=value`, `--setopt=key=value`. */
const assigns = (o: Option, key: RegExp, value = no): boolean => {
  const equals = (o.value ?? "").indexOf("=");
  return (
    equals > 0 &&
    key.test((o.value ?? "").slice(0, equals).trim()) &&
    value.test((o.value ?? "").slice(equals + 1).trim())
  );
};

/** `… set strict-ssl false`, `… strict-ssl=false`. */
const sets = (operands: readonly ShellWord[], key: RegExp, value = no): boolean => {
  const texts = operands.map((o) => o.source);
  return texts.some((t, i) => {
    const equals = t.indexOf("=");
    return equals > 0
      ? key.test(t.slice(0, equals)) && value.test(t.slice(equals + 1))
      : key.test(t) && value.test(texts[i + 1] ?? "");
  });
};

const strictSsl = /^strict-ssl$|^enableStrictSsl$/;
const tools: readonly Tool[] = [
  { programs: /^curl$/, syntax: curlSyntax, isOff: named("-k", "--insecure", "--proxy-insecure", "--doh-insecure") },
  {
    programs: /^wget$/,
    syntax: wgetSyntax,
    isOff: (o) =>
      o.name === "--no-check-certificate" || (/^(?:-e|--execute)$/.test(o.name) && assigns(o, /^check_?certificate$/i)),
  },
  { programs: /^aria2c$/, isOff: (o) => o.name === "--check-certificate" && isNo(o.value) },
  { programs: /^https?$/, isOff: (o) => o.name === "--verify" && isNo(o.value) },
  {
    programs: /^git$/,
    syntax: { short: "cCb", long: ["--config", "--branch", "--depth", "--file"] },
    isOff: (o) => /^(?:-c|--config)$/.test(o.name) && assigns(o, /^http\.(?:\S+\.)?sslverify$/i),
    setting: (operands) => operands[0]?.text === "config" && sets(operands, /^http\.(?:\S+\.)?sslverify$/i),
  },
  {
    programs: /^(?:npm|pnpm|yarn|bun)$/,
    syntax: { long: ["--strict-ssl", "--registry", "--prefix"] },
    isOff: (o) => (o.name === "--strict-ssl" && isNo(o.value)) || o.name === "--no-strict-ssl",
    setting: (operands) => /^(?:config|set|c)$/.test(operands[0]?.text ?? "") && sets(operands, strictSsl),
  },
  {
    programs: /^(?:pip[\d.]*|pipx|uv|python -m pip)$/,
    syntax: {
      short: "rcief",
      long: [
        "--trusted-host",
        "--allow-insecure-host",
        "--index-url",
        "--extra-index-url",
        "--requirement",
        "--find-links",
        "--target",
      ],
    },
    isOff: (o) => o.name === "--trusted-host" || o.name === "--allow-insecure-host",
    setting: (operands) => operands[0]?.text === "config" && sets(operands, /^\w+\.trusted-host$/, /\S/),
  },
  {
    programs: /^(?:conda|mamba|micromamba)$/,
    syntax: { short: "ncp", long: ["--name", "--channel"] },
    isOff: named("--insecure"),
    setting: (operands) => operands[0]?.text === "config" && sets(operands, /^ssl_verify$/),
  },
  { programs: /^gem$/, isOff: named("--no-verify-ssl") },
  {
    programs: /^bundle$/,
    setting: (operands) => operands[0]?.text === "config" && sets(operands, /^ssl_verify_mode$/, /^(?:0|none)$/i),
  },
  {
    programs: /^composer$/,
    setting: (operands) =>
      operands[0]?.text === "config" &&
      (sets(operands, /^disable-tls$/, /^(?:1|true)$/) || sets(operands, /^secure-http$/)),
  },
  {
    programs: /^(?:yum|dnf5?|microdnf|tdnf|yum-config-manager)$/,
    syntax: { long: ["--setopt"] },
    isOff: (o) => o.name === "--setopt" && assigns(o, /(?:^|\.)sslverify(?:host)?$/),
  },
  {
    programs: /^apt(?:-get)?$/,
    syntax: { short: "octa", long: ["--option"] },
    isOff: (o) => /^(?:-o|--option)$/.test(o.name) && assigns(o, /^Acquire::https::(?:\S+::)?Verify-(?:Peer|Host)$/i),
  },
  { programs: /^go$/, word: /^--?insecure$/ },
  {
    programs: /^cargo$/,
    syntax: { long: ["--config"] },
    isOff: (o) => o.name === "--config" && assigns(o, /^http\.check-revoke$/),
  },
  {
    programs: /^(?:mvnw?|mvnd)$/,
    word: /^-D(?:maven\.wagon\.http\.ssl\.(?:insecure|allowall)=true|aether\.connector\.https\.securityMode=insecure)$/,
  },
];

/** Long options that mean the same for whatever program has them. */
const isOffAnywhere = (o: Option): boolean =>
  (/^--(?:insecure-skip-tls-verify|insecure-skip-verify|tls-skip-verify|skip-tls-verify|no-verify-ssl|no-ssl-verify)$/.test(
    o.name,
  ) &&
    (o.value === undefined || o.valueWord !== o.word || !isNo(o.value))) ||
  (/^--(?:src-|dest-)?tls-verify$/.test(o.name) && isNo(o.value));

function programOf(command: Command): string {
  const [first, second] = command.args;
  return /^python[\d.]*$/.test(command.name) && first?.text === "-m" && second?.text === "pip"
    ? "python -m pip"
    : command.name;
}

function byOption(command: Command, { options, operands }: Options, tool: Tool | undefined): UnverifiedTls[] {
  const from = operands.map((o) => o.source);
  const program = command.program?.source ?? "";
  const found = options.filter((o) => tool?.isOff?.(o) === true || isOffAnywhere(o));
  const words = command.args.filter((a) => tool?.word?.test(a.source) === true);
  return [
    ...found.map((o) => ({
      start: o.start,
      end: takesValue.test(o.name) && !isAttached(o) ? Math.max(o.end, o.valueWord?.end ?? 0) : o.end,
      effect: effectOf(program, o),
      from: /host$/.test(o.name) ? [o.value ?? ""] : from,
      remove: () => [o.remove()],
    })),
    ...words.map((a) => ({
      start: a.start,
      end: a.end,
      effect: `${program} accepts any certificate (${a.source})`,
      from,
      remove: () => [command.removeWord(a)],
    })),
  ];
}

const takesValue = /^(?:-[a-zA-Z]|--(?:trusted-host|allow-insecure-host|setopt|option|config|execute|strict-ssl))$/;

function effectOf(program: string, { name, value }: Option): string {
  if (/host$/.test(name)) return `${program} accepts any certificate of ${value ?? ""}`;
  if (/check-revoke/.test(value ?? "")) return `${program} accepts revoked certificates (${value})`;
  return `${program} accepts any certificate (${/^(?:-[oce]|--(?:setopt|option|config|execute))$/.test(name) ? value : name})`;
}

/** Its value hangs on it, or it has none. */
const isAttached = (o: Option): boolean => o.valueWord === o.word || o.valueWord === undefined;

function byCommand(command: Command, { operands }: Options, instruction: RunningInstruction): UnverifiedTls {
  return {
    start: command.start,
    end: command.end,
    effect: `${command.name} accepts any certificate from here on`,
    from: operands.flatMap((o) => /https:\/\/\S+/.exec(o.source)?.[0] ?? []),
    remove: () => removal(command, instruction),
  };
}

interface ConfigLine {
  readonly line: RegExp;
  readonly target?: RegExp;
}

const none: readonly UnverifiedTls[] = [];

/** Lines of configuration files. */
const lines: readonly ConfigLine[] = [
  { line: /(?:^|\n)[ \t]*(sslverify\s?=\s?(?:0|false|no)\b)/i },
  { line: /(?:^|\n)[ \t]*(check_?certificate\s?=\s?(?:off|no|0)\b)/i, target: /wgetrc/ },
  { line: /(?:^|\n)[ \t]*(-k\b|(?:--)?insecure\b)/, target: /curlrc/ },
  { line: /(?:^|\n)[ \t]*(strict-ssl[ \t]?[= ][ \t]?"?false\b)/, target: /rc$/ },
  { line: /(?:^|\n)[ \t]*(trusted-host\s?=\s?\S+)/, target: /pip/ },
  { line: /(:?ssl_verify_mode:?\s?[:=]\s?0\b)/ },
  { line: /(?:^|\n)[ \t]*(ssl_verify:\s?(?:false|no)\b)/i, target: /conda/ },
  { line: /(Acquire::https::(?:\S{1,200}::)?Verify-(?:Peer|Host)\s{1,5}"?(?:false|0|no)\b"?)/i },
];

function byWrittenText(command: Command): readonly UnverifiedTls[] {
  const texts = writtenTexts(command);
  if (texts.length === 0) return none;
  return texts.flatMap((written) =>
    lines.flatMap(({ line, target }) => {
      const match = line.exec(written.text);
      const [whole, setting] = match ?? [];
      if (match === null || whole === undefined || setting === undefined) return [];
      if (target !== undefined && !target.test(written.target ?? "")) return [];
      const from = match.index + whole.length - setting.length;
      const place = written.span(from, from + setting.length);
      const file = written.target ?? "a file";
      return [
        {
          start: place.start,
          end: place.end,
          effect: `${setting.trim()} in ${file} turns the check of certificates off`,
          from: [],
          remove: () => undefined,
        },
      ];
    }),
  );
}
