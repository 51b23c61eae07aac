import { rule, type Command, type Edit, type Fix, type RunningInstruction } from "../../engine/index";
import { clauses, copyMode, modeOf, octal, writeClauses, writeOctal, type Clause } from "../shared/modes";

const everyone = (c: Clause): boolean => c.operator !== "-" && c.permissions.includes("w") && /[ao]/.test(c.who);

/** Others may write, and no sticky bit keeps them from each other's files. */
function opensToAll(mode: string): boolean {
  const bits = octal(mode);
  if (bits !== undefined) return (bits & 0o002) !== 0 && (bits & 0o1000) === 0;
  const read = clauses(mode) ?? [];
  return read.some(everyone) && !read.some((c) => c.operator !== "-" && c.permissions.includes("t"));
}

/** The same mode, with writing left to the owner: 755 for 777, `u+rwx,go+rx` for `a+rwx`. */
function narrowed(mode: string): string | undefined {
  const bits = octal(mode);
  if (bits !== undefined) return writeOctal(bits & ~0o022, mode);
  const list = clauses(mode)?.flatMap((c): Clause[] => {
    if (!everyone(c)) return [c];
    const reading = { ...c, permissions: c.permissions.replace(/w/g, "") };
    const useful = reading.permissions !== "" || c.operator === "=";
    const owner = /[ua]/.test(c.who);
    const rest = owner ? c.who.replace(/u/g, "").replace("a", "go") : "o";
    const kept = owner ? "u" : c.who.replace(/o/g, "");
    const written = kept === "" ? [] : [{ ...c, who: kept }];
    return useful ? [...written, { ...reading, who: rest }] : written;
  });
  if (list === undefined) return undefined;
  return list.length === 0 ? "o-w" : writeClauses(list);
}

function narrow(mode: string, replace: (mode: string) => Edit): Fix | undefined {
  const text = narrowed(mode);
  return text === undefined
    ? undefined
    : { title: `Use mode ${text}`, applicability: "unsafe", edits: [replace(text)] };
}

/** Scratch folders, devices and open files belong to everybody, or to nobody. */
const isShared = (path: string): boolean => /^(?:\/var)?\/tmp(?:\/|$)|^\/(?:dev|proc)\//.test(path);

/** The same step takes the file away again. */
const isRemoved = (path: string, instruction: RunningInstruction): boolean =>
  instruction.commands.some((c) => c.name === "rm" && c.args.some((a) => a.source === path));

function umask(command: Command): { readonly at: Command["args"][number]; readonly fix: Fix } | undefined {
  const at = command.name === "umask" ? command.args.find((a) => /^0+$/.test(a.source)) : undefined;
  if (at === undefined) return undefined;
  const edits = [{ span: { start: at.start, end: at.end }, text: "022" }];
  return { at, fix: { title: "Use umask 022", applicability: "unsafe", edits } };
}

export default rule({
  id: "dockerfile/world-writable",
  kind: "dockerfile",
  severity: "warning",
  principle: "least-privilege",
  summary: "Files that every user of the container may change",
  why: `With mode 777 any process in the container, however little it may do otherwise, can replace the program or its
configuration and wait for somebody with more rights to use it. Give the files to the user that writes them (\`chown\`, or
\`COPY --chown\`), and let the rest read.`,
  refs: ["CWE-732"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: "FROM debian:13-slim\nRUN mkdir /data && chmod -R «777» /data && chmod «0666» /etc/app.conf\n",
      fixed: "FROM debian:13-slim\nRUN mkdir /data && chmod -R 755 /data && chmod 0644 /etc/app.conf\n",
    },
    {
      bad: "FROM debian:13-slim\nRUN chmod «a+rwX» /srv \\\n  && chmod «go+w» /a && chmod «o+w» /b\n",
      fixed: "FROM debian:13-slim\nRUN chmod u+rwX,go+rX /srv \\\n  && chmod g+w /a && chmod o-w /b\n",
    },
    {
      bad: "FROM scratch\nCOPY --chmod=«777» app /app\nUSER 10001\n",
      fixed: "FROM scratch\nCOPY --chmod=755 app /app\nUSER 10001\n",
    },
    {
      bad: "FROM debian:13-slim\nRUN umask «000» && make install\n",
      fixed: "FROM debian:13-slim\nRUN umask 022 && make install\n",
    },
    {
      good: "FROM debian:13-slim\nRUN chmod 1777 /run/app && chmod 777 /tmp && chmod a=rwxt /srv/tmp\n",
      note: "scratch folders",
    },
    {
      good: "FROM debian:13-slim\nRUN chgrp -R 0 /app && chmod -R g=u /app && chmod 775 /data && chmod +x /b\n",
      note: "group 0",
    },
    { good: "FROM debian:13-slim\nCOPY --chmod=u=rwX,go=rX app /app\nRUN chmod o-w /a && echo chmod 777 is bad\n" },
    { good: "FROM debian:13-slim\nRUN chmod 777 i.sh && ./i.sh && rm i.sh\n", note: "gone again" },
    { good: "FROM debian:13-slim AS build\nRUN chmod 777 /src\nFROM scratch\n", note: "does not ship" },
  ],
  check: {
    copy(copy, report) {
      const mode = copyMode(copy);
      if (copy.stage?.shipped !== true || mode === undefined || !opensToAll(mode.text)) return;
      if (isShared(copy.destination?.text ?? "")) return;
      report(mode.at, `Every user of the container may change what is copied with mode ${mode.text}`, {
        fix: () => narrow(mode.text, mode.replace),
      });
    },
    command(command, instruction, report) {
      if (instruction.stage?.shipped !== true) return;
      const mask = umask(command);
      if (mask !== undefined)
        report(mask.at, "With this umask every user may change all files that are made from here on", {
          fix: () => mask.fix,
        });
      const mode = modeOf(command);
      if (mode === undefined || !opensToAll(mode.text)) return;
      const paths = mode.paths.map((p) => p.source).filter((p) => !isShared(p) && !isRemoved(p, instruction));
      const [first] = paths;
      if (first === undefined && mode.paths.length > 0) return;
      const others = paths.length > 1 ? ` and ${paths.length - 1} more` : "";
      report(mode.at, `Every user of the container may change ${first ?? "the files"}${others}: mode ${mode.text}`, {
        fix: () => narrow(mode.text, mode.replace),
      });
    },
  },
});
