import {
  effective,
  basename,
  choice,
  type Command,
  type Copy,
  literal,
  readOptions,
  type Report,
  rule,
  Run,
  type ShellWord,
  type Span,
} from "../../engine/index";
import { urlFileName } from "../shared/downloads";
import { isGitUrl, isPinned, someCommit } from "../shared/git-sources";

export default rule({
  id: "dockerfile/unpinned-git-source",
  kind: "dockerfile",
  severity: "info",
  principle: "supply-chain",
  summary: "Source from git without a fixed commit or tag",
  why: `A branch is whatever was pushed last. Whoever gets one stolen account of that project has their commit in your next image,
and nobody can say later which state an image was built from. A commit id names one state for ever; a tag at least says what
was meant.`,
  refs: ["CWE-1357"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: "FROM alpine:3.23\nRUN git clone --depth 1 «https://github.com/example/app.git» /app && make -C /app\n",
      fixed:
        "FROM alpine:3.23\nRUN git clone --branch v1.0.0 --depth 1 https://github.com/example/app.git /app && make -C /app\n",
    },
    {
      bad: "FROM alpine:3.23\nRUN git clone -b «main» https://github.com/example/app.git\n",
      fixed: "FROM alpine:3.23\nRUN git clone -b v1.0.0 https://github.com/example/app.git\n",
      note: "a branch",
    },
    {
      bad: "FROM alpine:3.23\nADD «https://github.com/example/app.git#main» /app\nADD «git@github.com:example/b.git#:sub» /b\n",
      fixed: `FROM alpine:3.23\nADD https://github.com/example/app.git#${someCommit} /app\nADD git@github.com:example/b.git#${someCommit}:sub /b\n`,
    },
    {
      bad: 'FROM alpine:3.23\nRUN python3 -m pip install "a @ «git+https://github.com/example/a.git»" && npm i -g «github:example/b#main»\n',
      fixed: `FROM alpine:3.23\nRUN python3 -m pip install "a @ git+https://github.com/example/a.git@${someCommit}" && npm i -g github:example/b#${someCommit}\n`,
    },
    {
      bad: "FROM alpine:3.23\nRUN cargo install --git «https://github.com/example/a» && go install «github.com/example/b@master»\n",
      fixed: `FROM alpine:3.23\nRUN cargo install --git https://github.com/example/a --rev ${someCommit} && go install github.com/example/b@${someCommit}\n`,
    },
    { good: "FROM alpine:3.23\nRUN git clone --branch v2.4.1 --depth 1 https://github.com/example/app.git\n" },
    {
      good: "FROM alpine:3.23\nARG REF\nRUN git clone https://github.com/example/app.git && cd app && git checkout $REF\n",
      note: "checked out later",
    },
    {
      good: "FROM alpine:3.23\nRUN git clone https://github.com/example/app.git /app\nRUN cd /app && git reset --hard 3f2a9c1\n",
      note: "in a later RUN",
    },
    { good: "FROM alpine:3.23\nRUN git clone /src /app && git clone file:///src /b\n", note: "nothing from outside" },
    { good: "FROM alpine:3.23\nADD https://github.com/example/app.git#v1.2.3:src /app\n" },
    {
      good: 'FROM alpine:3.23\nRUN pip install "git+ssh://git@github.com/example/a.git@v1.2#egg=a" && npm i @example/b ./c express@4\n',
    },
    {
      good: "FROM alpine:3.23\nRUN cargo install --git https://github.com/example/a --tag v1.0.0 && go install example.com/b@v1.2.0\n",
    },
  ],
  check: {
    copy: added,
    stage(stage, report) {
      const commands = stage.instructions.map(effective).flatMap((i) => (i instanceof Run ? i.commands : []));
      const ofGit = commands.filter((c) => c.name === "git");
      const pins = ofGit.filter(checksOut);
      const clones = ofGit.filter((c) => c.subcommand === "clone" || c.args.some((a) => a.source === "clone"));
      for (const [i, clone] of clones.entries()) cloned(clone, pins, clones[i + 1]?.start ?? Infinity, report);
    },
    command(command, instruction, report) {
      if (instruction.keyword !== "RUN") return;
      if (command.name === "cargo") installedByCargo(command, report);
      else if (command.name === "go") for (const word of goModules(command)) goModule(word, report);
      else installedFrom(command, report);
    },
  },
});

const what = (ref: string | undefined): string =>
  ref === undefined ? "whatever its main branch holds at the time" : `the branch ${ref}, whatever it holds at the time`;

function added(copy: Copy, report: Report): void {
  if (!copy.isAdd || copy.flag("checksum") !== undefined) return;
  for (const word of copy.sources) {
    const { value } = copy.expand(word);
    if (!value.known || !isGitUrl(value.value) || word.raw !== word.text) continue;
    const [url = "", fragment] = value.value.split("#", 2);
    const [ref = "", folder] = (fragment ?? "").split(":", 2);
    if (/[?&](?:ref|tag|branch|commit|checksum)=/.test(url) || (ref !== "" && isPinned(ref))) continue;
    const hash = word.raw.indexOf("#");
    const end = hash < 0 ? word.raw.length : hash;
    const rest = folder === undefined ? "" : literal(`:${folder}`);
    report(word, `ADD gets ${what(ref === "" ? undefined : ref)}`, {
      fix: () => fixed(word.part(end, word.raw.length), `#${choice(1, someCommit)}${rest}`),
    });
  }
}

const fixed = (at: Span, text: string) => ({
  title: "Name one commit or tag",
  applicability: "guided" as const,
  edits: [{ span: { start: at.start, end: at.end }, text }],
});

/** `next`: where the next clone begins. A checkout before that, or wherever the clone's folder is named, pins it. */
function cloned(command: Command, pins: readonly Command[], next: number, report: Report): void {
  const { operands, find } = readOptions(command, {
    short: "bcCjou",
    long: [
      "--branch",
      "--revision",
      "--depth",
      "--config",
      "--origin",
      "--jobs",
      "--reference",
      "--separate-git-dir",
      "--template",
      "--upload-pack",
      "--filter",
      "--shallow-since",
    ],
  });
  const [verb, url] = operands;
  if (verb?.text !== "clone" || url === undefined || find("--revision") !== undefined) return;
  if (!/^(?:https?|git|ssh):\/\/|^[\w.-]+@[\w.-]+:/.test(url.source)) return;
  const branch = find("-b", "--branch");
  if (branch?.value !== undefined && isPinned(branch.value)) return;
  const folder = basename((operands[2]?.source ?? urlFileName(url.source)).replace(/\.git$/, ""));
  const later = pins.filter((p) => p.start > command.start);
  if (later.some((p) => p.start < next || folder === "" || p.script.text.includes(folder))) return;
  const at = branch?.valueWord ?? url;
  report(at, `git clones ${what(branch?.value)}`, {
    fix: () => {
      if (branch === undefined) return fixed({ start: verb.end, end: verb.end }, ` --branch ${choice(1, "v1.0.0")}`);
      return branch.valueWord === branch.word ? undefined : fixed(at, choice(1, "v1.0.0"));
    },
  });
}

/** Goes to one state of a clone; one of a variable may be one. */
function checksOut(command: Command): boolean {
  if (command.name !== "git") return false;
  const { operands } = readOptions(command, { short: "Ccb" });
  const [verb, ...names] = operands.map((o) => o.source);
  if (verb !== "checkout" && verb !== "reset" && verb !== "switch" && verb !== "fetch") return false;
  return names.some((n) => isPinned(n) || n === "FETCH_HEAD");
}

function installedByCargo(command: Command, report: Report): void {
  const { operands, find } = readOptions(command, {
    short: "jZ",
    long: ["--git", "--rev", "--tag", "--branch", "--root", "--version", "--features", "--bin", "--target", "--path"],
  });
  const git = find("--git");
  if (operands[0]?.text !== "install" || git?.valueWord === undefined || find("--rev", "--tag") !== undefined) return;
  const branch = find("--branch");
  const { valueWord } = git;
  report(valueWord, `cargo installs ${what(branch?.value)}`, {
    fix: () =>
      branch !== undefined || command.script.form === "exec"
        ? undefined
        : fixed({ start: valueWord.end, end: valueWord.end }, ` --rev ${choice(1, someCommit)}`),
  });
}

const goModules = (command: Command): readonly ShellWord[] =>
  /^(?:get|install|run)$/.test(command.subcommand ?? "") ? command.args : [];

function goModule(word: ShellWord, report: Report): void {
  const at = word.source.lastIndexOf("@");
  const ref = word.source.slice(at + 1);
  if (at <= 0 || !/^(?:master|main|HEAD|dev|develop|trunk|next|edge|nightly)$/.test(ref) || word.raw !== word.source)
    return;
  report(word, `go installs ${what(ref)}`, {
    fix: () => fixed(word.part(at + 1, word.raw.length), choice(1, someCommit)),
  });
}

const python = /^(?:pip[\d.]*|pipx|uv|uvx|python[\d.]*)$/;
const javascript = /^(?:npm|pnpm|yarn|bun|npx)$/;

/** `git+https://…` of pip and npm, and npm's short forms. */
function installedFrom(command: Command, report: Report): void {
  const isPython = python.test(command.name);
  if (!isPython && !(javascript.test(command.name) && /^(?:i|install|add|ci|global)$/.test(command.subcommand ?? "")))
    return;
  for (const word of command.args) fromGit(command, word, isPython ? "python" : "javascript", report);
}

function fromGit(command: Command, word: ShellWord, language: "python" | "javascript", report: Report): void {
  const isPython = language === "python";
  const pattern = isPython
    ? /git\+[a-z]+:\/\/[^\s"'#;]+/
    : /^(?:(?:github|gitlab|bitbucket):[\w.-]+\/[\w.-]+|git\+[a-z]+:\/\/[^\s"'#]+|git:\/\/[^\s"'#]+|https:\/\/[^\s"'#]+\.git)(?:#[^\s"']*)?$/;
  const match = pattern.exec(isPython ? word.raw : word.source);
  if (match === null || (!isPython && word.raw !== word.source)) return;
  const path = match[0].indexOf("/", match[0].indexOf("://") + 3);
  const mark = isPython ? match[0].indexOf("@", Math.max(path, 0)) : match[0].indexOf("#");
  if (mark < 0 && match[0].slice(Math.max(path, 0)).includes("$")) return;
  const ref = mark < 0 ? undefined : match[0].slice(mark + 1);
  if (ref !== undefined && ref !== "" && (isPinned(ref) || ref.startsWith("semver:"))) return;
  const end = match.index + (mark < 0 ? match[0].length : mark);
  report(
    word.part(match.index, match.index + match[0].length),
    `${command.name} installs ${what(ref === "" ? undefined : ref)}`,
    {
      fix: () =>
        fixed(word.part(end, match.index + match[0].length), `${isPython ? "@" : "#"}${choice(1, someCommit)}`),
    },
  );
}
