/** Package tools that are told not to check signatures. Options from the tools' manuals, 2026-08. */
import {
  readOptions,
  type Command,
  type Edit,
  type Option,
  type OptionSyntax,
  type Severity,
  type ShellWord,
  type Span,
} from "../../engine/index";
import { download, samePath, savedPath } from "./downloads";
import { writtenTexts } from "./file-texts";

export interface UnsignedPackages extends Span {
  readonly effect: string;
  readonly severity?: Severity;
  fix(): { readonly edits: readonly Edit[]; readonly applicability: "safe" | "unsafe" } | undefined;
}

/** `earlier` gives the commands of the stage up to this one. */
export function unsignedPackages(command: Command, earlier: () => readonly Command[]): readonly UnsignedPackages[] {
  const options = command.args.some((a) => mayBeOff.test(a.source)) ? byOption(command, earlier) : none;
  const texts = byWrittenText(command);
  const words = byWord(command);
  return options.length + texts.length + words.length === 0 ? none : [...options, ...texts, ...words];
}

const none: readonly UnsignedPackages[] = [];

/** A piece of every option that turns a check off; most commands have none. */
const mayBeOff = /allow|force-|gpg|debsig|insecure|^--no(?:signature|digest|verify|filedigest)/i;

const yes = /^(?:1|true|yes|on)$/i;
const no = /^(?:0|false|no|off)$/i;
const assigns = (o: Option, key: RegExp, value: RegExp): boolean => {
  const equals = (o.value ?? "").indexOf("=");
  return (
    equals > 0 &&
    key.test((o.value ?? "").slice(0, equals).trim()) &&
    value.test((o.value ?? "").slice(equals + 1).trim())
  );
};
const aptSwitch = /^(?:APT::Get::AllowUnauthenticated|Acquire::Allow(?:DowngradeTo)?InsecureRepositories)$/i;

interface Tool {
  readonly programs: RegExp;
  readonly syntax?: OptionSyntax;
  readonly isOff: (option: Option, command: Command) => boolean;
}

const isQuery = (command: Command): boolean =>
  command.args.some((a) => /^(?:-[a-zA-Z]*[qeV]|--query|--erase|--verify$)/.test(a.source));
const tools: readonly Tool[] = [
  {
    programs: /^(?:apt|apt-get|aptitude)$/,
    syntax: { short: "octa", long: ["--option"] },
    isOff: (o) =>
      (/^--(?:allow-unauthenticated|force-yes|allow-insecure-repositories)$/.test(o.name) && !no.test(o.value ?? "")) ||
      (/^(?:-o|--option)$/.test(o.name) && assigns(o, aptSwitch, yes)),
  },
  {
    programs: /^(?:yum|dnf5?|microdnf|tdnf|yum-config-manager)$/,
    syntax: { long: ["--setopt"] },
    isOff: (o) =>
      o.name === "--nogpgcheck" ||
      o.name === "--no-gpgchecks" ||
      (o.name === "--setopt" && assigns(o, /(?:^|\.)gpgcheck$/, no)),
  },
  {
    programs: /^rpm$/,
    isOff: (o, c) => /^--(?:nosignature|nodigest|noverify|nofiledigest)$/.test(o.name) && !isQuery(c),
  },
  { programs: /^apk$/, isOff: (o) => o.name === "--allow-untrusted" },
  { programs: /^zypper$/, isOff: (o) => /^--(?:no-gpg-checks|no-gpgcheck|gpg-auto-import-keys)$/.test(o.name) },
  { programs: /^dpkg$/, isOff: (o) => /^--(?:force-all|no-debsig|force-bad-verify)$/.test(o.name) },
  { programs: /^debootstrap$/, isOff: (o) => o.name === "--no-check-gpg" },
  { programs: /^cosign$/, isOff: (o) => /^--insecure-ignore-(?:tlog|sct)$/.test(o.name) && !no.test(o.value ?? "") },
];

const effects: Readonly<Record<string, string>> = {
  "--gpg-auto-import-keys": "trusts any key that a repository offers",
  "--insecure-ignore-tlog": "accepts signatures that stand in no transparency log",
  "--insecure-ignore-sct": "accepts certificates that stand in no transparency log",
};

function byOption(command: Command, earlier: () => readonly Command[]): UnsignedPackages[] {
  const tool = tools.find((t) => t.programs.test(command.name));
  if (tool === undefined) return [];
  const { options } = readOptions(command, tool.syntax);
  const program = command.program?.source ?? "";
  return options
    .filter((o) => tool.isOff(o, command))
    .map((o) => {
      const end = /^(?:-o|--option|--setopt)$/.test(o.name) ? Math.max(o.end, o.valueWord?.end ?? 0) : o.end;
      const written = /^(?:-o|--option|--setopt)$/.test(o.name) ? o.value : o.name;
      const isLocal = o.name === "--allow-untrusted" && installsLocal(command, earlier);
      const softer = isLocal || o.name === "--gpg-auto-import-keys";
      return {
        start: o.start,
        end,
        effect: `${program} ${effects[o.name] ?? "installs packages whose signature nobody checked"} (${written})`,
        ...(softer ? { severity: "info" as const } : {}),
        fix: () => (isLocal ? undefined : { edits: [edit(command, o)], applicability: "safe" as const }),
      };
    });
}

/** `--force-yes` also answered the questions. */
function edit(command: Command, option: Option): Edit {
  const answers = command.args.some((a) => /^(?:-[a-xz]*y[a-z]*|--yes|--assume-yes|-qq)$/.test(a.source));
  if (option.name !== "--force-yes" || answers) return option.remove();
  return { span: { start: option.start, end: option.end }, text: "-y" };
}

/** Only package files that the image got from the build itself, not from a download. */
function installsLocal(command: Command, earlier: () => readonly Command[]): boolean {
  const { operands, find } = readOptions(command, {
    short: "ptX",
    long: ["--repository", "--virtual", "--root", "--keys-dir"],
  });
  if (find("-X", "--repository")?.value?.startsWith("/") === true) return true;
  const files = operands.slice(1).map((o) => o.source);
  const downloads = earlier().flatMap((c) => {
    const found = download(c);
    return found === undefined ? [] : [savedPath(found) ?? "", ...found.urls.map((u) => u.source)];
  });
  const isFetched = (file: string): boolean =>
    file.includes("*") || file.includes("$")
      ? downloads.some((d) => /\.apk\b|\$/.test(d))
      : downloads.some((d) => samePath(d, file));
  return files.length > 0 && files.every((f) => (/\.apk$/.test(f) || f.includes("/")) && !isFetched(f));
}

interface Line {
  readonly line: RegExp;
  readonly effect: string;
  /** The line with the check on. */
  readonly on?: (text: string) => string;
}

const lines: readonly Line[] = [
  { line: /(?:\[|[ ,])(trusted=yes)\b/, effect: "apt checks no signature of this repository" },
  {
    line: /(?:^|[\s;])(gpgcheck[ \t]?=[ \t]?(?:0|no|false|off)\b)/i,
    effect: "packages of this repository are installed unsigned",
    on: (t) => t.replace(/(?:0|no|false|off)$/i, "1"),
  },
  {
    line: /((?:APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories)\s{1,5}"?(?:true|1|yes)\b"?)/i,
    effect: "apt installs packages whose signature nobody checked",
  },
  {
    line: /(?:^|\n)[ \t]*(SigLevel[ \t]*=[ \t]*Never\b)/,
    effect: "pacman checks no signatures",
    on: (t) => t.replace(/Never$/, "Required DatabaseOptional"),
  },
];

function byWrittenText(command: Command): readonly UnsignedPackages[] {
  const texts = writtenTexts(command);
  if (texts.length === 0) return none;
  return texts.flatMap((written) =>
    lines.flatMap(({ line, effect, on }) => {
      const match = line.exec(written.text);
      const setting = match?.[1];
      if (match === null || setting === undefined) return [];
      const from = match.index + match[0].length - setting.length;
      const place = written.span(from, from + setting.length);
      const isLocal = /(?:file|copy):\//.test(written.text) && !/https?:\/\//.test(written.text);
      return [
        {
          start: place.start,
          end: place.end,
          effect: `${setting}: ${effect}`,
          ...(isLocal ? { severity: "info" as const } : {}),
          fix: () =>
            on === undefined || isLocal
              ? undefined
              : { edits: [{ span: place, text: on(setting) }], applicability: "unsafe" as const },
        },
      ];
    }),
  );
}

/** What is no option: `add-apt-repository 'deb [trusted=yes] …'`, `rpm --import http://…`, `go env -w GOSUMDB=off`. */
function byWord(command: Command): readonly UnsignedPackages[] {
  const { name } = command;
  if (name !== "go" && name !== "rpm" && name !== "rpmkeys" && !name.endsWith("repository")) return none;
  const at = (word: ShellWord, part: string, effect: string): UnsignedPackages => {
    const { start, end } = word.find(part) ?? word;
    return { start, end, effect, fix: () => undefined };
  };
  if (/^(?:add|apt-add)-(?:apt-)?repository$/.test(command.name)) {
    return command.args
      .filter((a) => /\[[^[\]]*\btrusted=yes\b/.test(a.source))
      .map((a) => at(a, "trusted=yes", "apt checks no signature of this repository"));
  }
  if (command.name === "go" && command.subcommand === "env") {
    const settings = command.args.filter((a) => /^(?:GOSUMDB=off|GONOSUMDB=\*)$/.test(a.source));
    return settings.map((a) => at(a, a.raw, `go compares no module with the public checksums (${a.source})`));
  }
  const imports =
    (command.name === "rpm" || command.name === "rpmkeys") && command.args.some((a) => a.source === "--import");
  if (!imports) return [];
  return command.args
    .filter((a) => /^http:\/\//i.test(a.source))
    .map((a) => ({ ...at(a, a.raw, "rpm trusts a key that came over plain http"), fix: () => undefined }));
}
