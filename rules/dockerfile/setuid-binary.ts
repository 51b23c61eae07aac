import {
  Copy,
  rule,
  Run,
  Workdir,
  type Command,
  type Edit,
  type Fix,
  type RunningInstruction,
  type Span,
  type Stage,
  withoutTrailing,
} from "../../engine/index";
import { clauses, copyMode, modeOf, octal, setsGroupId, setsUserId, writeClauses, writeOctal } from "../shared/modes";
import { removal } from "../shared/removal";

/** Capabilities that lead to root. */
const powerful = /\bcap_(?:sys_admin|sys_ptrace|sys_module|dac_override|dac_read_search|setuid|net_admin)\b/gi;

/** The same mode without setuid and setgid. */
function withoutBits(mode: string): string | undefined {
  const bits = octal(mode);
  if (bits !== undefined) return writeOctal(bits & 0o1777, mode);
  const read = clauses(mode);
  if (read === undefined) return undefined;
  return writeClauses(
    read.map((c) => {
      if (c.operator === "-" || !c.permissions.includes("s")) return c;
      const permissions = c.permissions.replace(/s/g, "");
      return permissions === "" && c.operator === "+"
        ? { ...c, operator: "-", permissions: "s" }
        : { ...c, permissions };
    }),
  );
}

function clear(mode: string, replace: (mode: string) => Edit): Fix | undefined {
  const plain = withoutBits(mode);
  return plain === undefined
    ? undefined
    : { title: `Use mode ${plain}`, applicability: "unsafe", edits: [replace(plain)] };
}

/** Paths that the stage makes as directories, as written. */
function directories(stage: Stage): ReadonlySet<string> {
  const made = stage.history.flatMap((i) => {
    if (i instanceof Workdir) return [i.path?.text ?? ""];
    if (i instanceof Copy) return i.sources.some((w) => /^\.?$|\/\.?$/.test(w.text)) ? [i.destination?.text ?? ""] : [];
    if (!(i instanceof Run)) return [];
    return i.commands.flatMap((c) => (c.name === "mkdir" || c.name === "install" ? c.args.map((a) => a.source) : []));
  });
  return new Set(made.map(plain));
}
const plain = (path: string): string => withoutTrailing(path, "/") || path.slice(0, 1);

/** Shared directories hand their group on by setgid; programs that others may write are none. */
function isForDirectories(command: Command, mode: string, stage: Stage): boolean {
  const change = modeOf(command);
  const bits = octal(mode);
  if (change === undefined || setsUserId(mode)) return false;
  if (command.name === "install") return change.directories;
  if (change.directories || (bits !== undefined && (bits & 0o020) !== 0)) return true;
  const recursive = command.args.some((a) => /^-(?:[a-zA-Z]*R|-recursive$)/.test(a.source));
  const made = directories(stage);
  return recursive || change.paths.every((p) => p.source.endsWith("/") || made.has(plain(p.source)));
}

function capability(
  command: Command,
  instruction: RunningInstruction,
): { at: Span; message: string; fix: Fix | undefined } | undefined {
  const word = command.args.find((a) => /(?:cap_|\ball\b|^=)/i.test(a.source) && !a.source.startsWith("/"));
  if (word === undefined || command.args.some((a) => a.source === "-r")) return undefined;
  const text = word.source;
  const gives = /[+=][eip]*[ep]/.test(text);
  const named = /^(?:all\b|=)/i.test(text)
    ? "all capabilities"
    : [...new Set(text.match(powerful) ?? [])].join(", ").toLowerCase();
  if (!gives || named === "") return undefined;
  const file = command.args[command.args.indexOf(word) + 1]?.source ?? "a program";
  const edits = removal(command, instruction);
  const fix: Fix | undefined =
    edits === undefined ? undefined : { title: "Remove the setcap command", applicability: "unsafe", edits };
  return { at: word, message: `${file} gets ${named} whoever runs it`, fix };
}

export default rule({
  id: "dockerfile/setuid-binary",
  kind: "dockerfile",
  severity: "warning",
  principle: "least-privilege",
  summary: "A program that runs with more rights than its caller",
  why: `A setuid or setgid program, or one with capabilities like \`cap_sys_admin\`, is the first thing an intruder looks for with
\`find / -perm -4000\`: one bug in it, or one option that runs a command, makes the unprivileged user of the container root. Use
modes without these bits, and let the engine give the container the one capability that it needs.`,
  refs: ["CIS 4.8", "CWE-732"],
  covers: ["dockle:CIS-DI-0008"],
  fix: "unsafe",
  yieldsTo: ["dockerfile/root-equivalent-account"],
  examples: [
    {
      bad: "FROM debian:13-slim\nRUN chmod «4755» /usr/bin/ping\n",
      fixed: "FROM debian:13-slim\nRUN chmod 755 /usr/bin/ping\n",
    },
    {
      bad: "FROM debian:13-slim\nRUN chmod -v «u+s,g+rx» /srv/run && install -m «2755» run /usr/bin/\n",
      fixed: "FROM debian:13-slim\nRUN chmod -v u-s,g+rx /srv/run && install -m 755 run /usr/bin/\n",
    },
    {
      bad: "FROM debian:13-slim\nCOPY --chmod=«4755» run /usr/bin/\nUSER 10001\n",
      fixed: "FROM debian:13-slim\nCOPY --chmod=755 run /usr/bin/\nUSER 10001\n",
    },
    {
      bad: "FROM debian:13-slim\nRUN true && setcap «cap_net_admin,cap_net_raw+ep» /usr/bin/dumpcap\n",
      fixed: "FROM debian:13-slim\nRUN true\n",
    },
    { good: "FROM debian:13-slim\nRUN setcap cap_net_bind_service=+ep /srv/web\n", note: "only low ports" },
    {
      good: "FROM debian:13-slim\nRUN mkdir -p /srv/shared && chmod g+s /srv/shared && chmod 2775 /data\n",
      note: "directories",
    },
    {
      good: "FROM debian:13-slim\nRUN chmod 1777 /tmp && chmod u-s /bin/su && chmod a-s /bin/mount && chmod 0755 /a\n",
    },
    { good: "FROM debian:13-slim\nRUN find / -perm /6000 -type f -exec chmod a-s {} +\n", note: "takes them away" },
    { good: "FROM debian:13-slim AS build\nRUN chmod 4755 /a\nFROM debian:13-slim\n", note: "does not ship" },
  ],
  check: {
    copy(copy, report) {
      const mode = copyMode(copy);
      if (copy.stage?.shipped !== true || mode === undefined) return;
      // Programs that their group may write are none: that is for directories.
      const group = setsGroupId(mode.text) && ((octal(mode.text) ?? 0) & 0o020) === 0;
      if (!setsUserId(mode.text) && !group) return;
      const what = setsUserId(mode.text) ? "their owner" : "their group";
      report(mode.at, `Files are copied with mode ${mode.text}: whoever runs them gets the rights of ${what}`, {
        fix: () => clear(mode.text, mode.replace),
      });
    },
    command(command, instruction, report) {
      const { stage } = instruction;
      if (stage?.shipped !== true || !(instruction instanceof Run)) return;
      const given = command.name === "setcap" ? capability(command, instruction) : undefined;
      if (given !== undefined) report(given.at, given.message, { fix: () => given.fix });
      const mode = modeOf(command);
      if (mode === undefined || !(setsUserId(mode.text) || setsGroupId(mode.text))) return;
      if (isForDirectories(command, mode.text, stage)) return;
      const file = mode.paths[0]?.source ?? "the files";
      const whose = setsUserId(mode.text) ? "owner" : "group";
      report(mode.at, `Mode ${mode.text} lets whoever runs ${file} have the rights of its ${whose}`, {
        fix: () => clear(mode.text, mode.replace),
      });
    },
  },
});
