import {
  Copy,
  readOptions,
  rule,
  Run,
  type Command,
  type Extra,
  type Instruction,
  type Span,
  type Stage,
} from "../../engine/index";
import { valueOf } from "../shared/accounts";
import { absoluteAt, isBelow } from "../shared/container-paths";
import { effectiveUser } from "../shared/effective-user";
import { removal } from "../shared/removal";
import { namesOf } from "../shared/user-numbers";

/** Folders that programs have to write. */
const data =
  /(?:^|[/._-])(?:data|db|database|caches?|logs?|uploads?|downloads?|tmp|temp|run|pids?|sessions?|storage|spool|media|state|backups?|queue|volumes?|work)(?:$|[/._-])/i;
const code = [
  "/usr",
  "/opt",
  "/app",
  "/apps",
  "/srv",
  "/src",
  "/code",
  "/workspace",
  "/bin",
  "/sbin",
  "/lib",
  "/var/www",
  "/etc",
];

/** Every name and number of the user that the container runs as; none where that is root or not known. */
function runtimeNames(stage: Stage): ReadonlySet<string> {
  const user = effectiveUser(stage);
  return user.kind === "nonroot" ? namesOf(stage, user.name) : new Set();
}

const ownerIn = (text: string): string => text.replace(/[:.].*/s, "");

const mayBeCode = (place: Instruction, path: string): boolean => {
  const whole = absoluteAt(place, path);
  if (whole === undefined) return !data.test(path);
  return !data.test(whole) && !/^\/(?:home\/[^/]+|root|var(?!\/www)|mnt)(?:\/\.[^/]+)?$/.test(whole);
};

function chown(command: Command, run: Run, stage: Stage): { at: Span; path: string; owner: string } | undefined {
  if (command.name !== "chown") return undefined;
  const { options, operands } = readOptions(command, { long: ["--from", "--reference"] });
  const [who, ...paths] = operands;
  if (who === undefined || !options.some((o) => o.name === "-R" || o.name === "--recursive")) return undefined;
  const owner = ownerIn(valueOf(run, who.source) ?? "");
  if (owner === "" || !runtimeNames(stage).has(owner)) return undefined;
  const copied = stage.history.flatMap((i) => (i instanceof Copy ? [absoluteAt(i, i.destination?.text ?? "")] : []));
  const path = paths.find((p) => {
    const whole = absoluteAt(run, valueOf(run, p.source) ?? "");
    if (whole === undefined || data.test(whole)) return false;
    return (
      whole === "/" || code.some((c) => isBelow(whole, c)) || copied.some((c) => c !== undefined && isBelow(c, whole))
    );
  });
  return path === undefined ? undefined : { at: who, path: path.source, owner };
}

export default rule({
  id: "dockerfile/code-owned-by-runtime-user",
  kind: "dockerfile",
  severity: "hint",
  principle: "least-privilege",
  preset: "strict",
  summary: "The program's files belong to the user that runs it",
  why: `A process may always change the files of its own user. Whoever gets as far as writing one file through the program, say by an
upload with \`..\` in its name, can then replace the program's own code and stay. Leave code to root, readable for all, and give the
runtime user the few folders that it has to write.`,
  refs: ["CWE-282"],
  covers: ["kics:chown_flag_exists"],
  fix: "unsafe",
  examples: [
    {
      bad: "FROM node:24-slim\nWORKDIR /app\nCOPY «--chown=node:node» package.json ./\nUSER node\n",
      fixed: "FROM node:24-slim\nWORKDIR /app\nCOPY package.json ./\nUSER node\n",
    },
    {
      bad: "FROM alpine:3.23\nRUN adduser -S -u 10001 app\nCOPY src /srv/src\nRUN chmod 755 /srv && chown -R «app:app» /srv\nUSER 10001\n",
      fixed: "FROM alpine:3.23\nRUN adduser -S -u 10001 app\nCOPY src /srv/src\nRUN chmod 755 /srv\nUSER 10001\n",
      note: "the name of a number",
    },
    {
      good: "FROM node:24-slim\nWORKDIR /app\nCOPY --chown=root:node package.json ./\nCOPY --chown=:0 a /a\nUSER node\n",
    },
    {
      good: "FROM node:24-slim\nCOPY --chown=node seed /app/data/\nRUN mkdir /var/log/a && chown -R node /var/log/a\nUSER node\n",
    },
    {
      good: "FROM node:24-slim AS build\nCOPY --chown=node . /app\nUSER node\nFROM alpine:3.23\nUSER 10001\n",
      note: "does not ship",
    },
    { good: "FROM alpine:3.23\nCOPY --chown=10002 a /app/a\nUSER 10001\n", note: "another user" },
  ],
  check: {
    copy(copy, report) {
      const { chown: flag, destination, stage } = copy;
      const value = flag?.value === undefined ? undefined : copy.expand(flag.value).value;
      if (flag === undefined || stage?.shipped !== true || destination === undefined || value?.known !== true) return;
      const owner = ownerIn(value.value);
      if (
        !runtimeNames(stage).has(owner) ||
        !mayBeCode(copy, copy.expand(destination).value.known ? destination.text : "data")
      )
        return;
      report(flag, `${owner}, as whom the container runs, may change what is copied to ${destination.text}`, {
        fix: () => ({ title: "Leave the files to root", applicability: "unsafe", edits: [flag.remove()] }),
      });
    },
    command(command, instruction, report) {
      const { stage } = instruction;
      if (!(instruction instanceof Run) || stage?.shipped !== true) return;
      const found = chown(command, instruction, stage);
      if (found === undefined) return;
      const fix: Extra["fix"] = () => {
        const edits = removal(command, instruction);
        return edits === undefined ? undefined : { title: "Leave the files to root", applicability: "unsafe", edits };
      };
      report(found.at, `${found.owner}, as whom the container runs, may change everything in ${found.path}`, { fix });
    },
  },
});
