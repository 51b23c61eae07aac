/** What is offered in Dockerfiles: supported base images, users that are not root, secrets that stay out of the image. */
import {
  Dockerfile,
  Healthcheck,
  type Instruction,
  parseDockerfile,
  type RuleId,
  type Span,
  type Stage,
} from "../engine/index";
import { effectiveUser } from "../rules/shared/effective-user";
import { baseUser } from "../rules/shared/images/users";
import { healthcheckLine } from "../rules/shared/stage-probe";
import { uidOf } from "../rules/shared/user-numbers";
import { expanded } from "./expand";
import { imageOffers } from "./images";
import { lineEnd, lineStart, type Offer, type Request, wordBefore } from "./offer";
import { snippetsFor } from "./snippets";

export function dockerfileOffers({ text, offset, today }: Request): readonly Offer[] {
  const begin = lineStart(text, offset);
  const before = text.slice(begin, offset).replace(/^\ufeff/, "");
  const after = text.slice(offset, lineEnd(text, offset));
  if (!/^\s*[\w-]*$|^\s*[A-Za-z]+\s/.test(before)) return [];
  const file = new Dockerfile(parseDockerfile(text), undefined);
  const own = file.instructions.findLast((i) => i.start <= offset && offset <= i.end);
  if ((own !== undefined && own.start < begin) || continues(text, begin, file)) return [];
  const others = file.instructions.filter((i) => i !== own);
  const stage = file.stages.findLast((s) => s.from !== own && s.from.start < offset);
  if (/^\s*[\w-]*$/.test(before)) {
    if (after.trim() !== "") return [];
    const typed = wordBefore(text, offset);
    const span = { start: offset - typed.length, end: offset };
    const whole = others.length === 0 ? snippetsFor({ place: "dockerfile", span }) : [];
    return stage === undefined ? whole : [...instructionOffers(stage, own, span), ...whole];
  }
  return argumentOffers(before, after, offset, stage, own, today);
}

/** Whether the line goes on with the instruction above. */
function continues(text: string, begin: number, { escape }: Dockerfile): boolean {
  let at = begin;
  while (at > 0) {
    const above = lineStart(text, at - 1);
    const line = text.slice(above, lineEnd(text, above)).trimEnd();
    at = above;
    if (line.trimStart().startsWith("#") || line === "") continue;
    return line.endsWith(escape);
  }
  return false;
}

const userRules: readonly RuleId[] = ["dockerfile/root-user", "dockerfile/user-not-numeric"];

interface OwnUser {
  readonly user: string;
  readonly detail: string;
}

/** Numbers, so that Kubernetes can tell that they are not root's. */
function usersFor(stage: Stage): readonly OwnUser[] {
  const image = stage.rootImage;
  const base = image === undefined ? undefined : baseUser(image);
  const name = base?.kind === "nonroot" ? base.user : base?.kind === "root" ? base.suitable : undefined;
  const some = { user: "10001:10001", detail: "not root, and no account of the host" };
  if (name === undefined) return [some];
  const uid = /^[\d:$]/.test(name) ? undefined : uidOf(stage, name);
  return [
    { user: uid ?? name, detail: uid === undefined ? "the image's own user" : `${name}, the image's own user` },
    some,
  ];
}

const userNote =
  "A program that is not root in its container is not root for the kernel either. Put it behind the steps that need root; files that the program writes must belong to this user.";

const secretMount = "--mount=type=secret,id=${1:token},env=${2:TOKEN}";
const secretNote =
  "The secret is there for this one command and in no layer: `docker build --secret id=token,src=token.txt .` gives it. `env=` needs `# syntax=docker/dockerfile:1`.";
const secretRules: readonly RuleId[] = ["dockerfile/secret-in-build-arg", "dockerfile/embedded-secret"];
const modeNote =
  "Readable for all, writable for nobody: who breaks into the program cannot replace it. Directories need the right to enter as well.";
const ownerRules: readonly RuleId[] = ["dockerfile/code-owned-by-runtime-user", "dockerfile/world-writable"];

function instructionOffers(stage: Stage, own: Instruction | undefined, span: Span): readonly Offer[] {
  const offers: Offer[] = [];
  const instruction = (label: string, text: string, detail: string, note: string, rules: readonly RuleId[]): void => {
    offers.push({ label, kind: "property", detail, span, text, about: { note, rules } });
  };
  const isLinux = stage.windows !== true;
  const isNonRoot = effectiveUser(stage).kind === "nonroot";
  if (isLinux && stage.shipped && !isNonRoot) {
    for (const { user, detail } of usersFor(stage))
      instruction(`USER ${user}`, `USER ${user.replace("$", "\\$")}`, detail, userNote, userRules);
  }
  const image = stage.rootImage;
  const isAsked = stage.instructions.some((i) => i instanceof Healthcheck && i !== own);
  if (isLinux && stage.shipped && !isAsked && image !== undefined) {
    const note =
      "Docker takes a hung server for well as long as its process lives; this asks whether it still answers.";
    const line = healthcheckLine(stage, image);
    instruction("HEALTHCHECK", line, "says when the server hangs", note, ["dockerfile/missing-healthcheck"]);
  }
  if (isLinux) {
    instruction(
      "RUN --mount=type=secret",
      `RUN ${secretMount} $0`,
      "a secret for one command, in no layer",
      secretNote,
      secretRules,
    );
    instruction(
      "COPY --chown=root:root --chmod=0555",
      "COPY --chown=root:root --chmod=0555 ${1:app} ${2:/app/}",
      "the program cannot change its own files",
      modeNote,
      ownerRules,
    );
  }
  return [...offers, ...snippetsFor({ place: "dockerfile-instruction", span })];
}

const baseRules: readonly RuleId[] = ["dockerfile/end-of-life-image", "dockerfile/unpinned-image"];

function argumentOffers(
  before: string,
  after: string,
  offset: number,
  stage: Stage | undefined,
  own: Instruction | undefined,
  today: string,
): readonly Offer[] {
  const [, keyword = "", rest = ""] = /^\s*([A-Za-z]+)\s(.*)$/.exec(before) ?? [];
  const words = rest.trimStart().split(/[ \t]+/);
  const typed = words.pop() ?? "";
  const span = { start: offset - typed.length, end: offset };
  if (!words.every((word) => word.startsWith("--")) || !/^(?:$|\s)/.test(after)) return [];
  switch (keyword.toUpperCase()) {
    case "FROM":
      return typed.startsWith("-") ? [] : imageOffers(typed, span, today, baseRules);
    case "USER":
      return stage === undefined || stage.windows === true || words.length > 0 ? [] : userOffers(stage, span);
    case "RUN":
    case "COPY":
    case "ADD":
      return typed === "" || typed.startsWith("-") ? flagOffers(keyword.toUpperCase(), own, span) : [];
    default:
      return [];
  }
}

const userOffers = (stage: Stage, span: Span): readonly Offer[] =>
  usersFor(stage).map(({ user, detail }) => ({
    label: user,
    kind: "value",
    detail,
    span,
    text: user.replace("$", "\\$"),
    about: { note: userNote, rules: userRules },
  }));

interface Flag {
  readonly name: string;
  readonly text: string;
  readonly detail: string;
  readonly note: string;
  readonly rules: readonly RuleId[];
}

const copyFlags: readonly Flag[] = [
  {
    name: "chmod",
    text: "--chmod=${1|0555,0444|}",
    detail: "nobody may change it",
    note: modeNote,
    rules: ownerRules,
  },
  {
    name: "chown",
    text: "--chown=root:root",
    detail: "stays root's, whatever an archive says",
    note: "Files that belong to the user who runs the program can be replaced through it. Give away only the folders that it writes to.",
    rules: ownerRules,
  },
];

const flags: Readonly<Record<string, readonly Flag[]>> = {
  COPY: copyFlags,
  ADD: [
    {
      name: "checksum",
      text: "--checksum=sha256:${1:digest}",
      detail: "a download that is another one fails",
      note: "Without its checksum whoever holds the server, or the way to it, decides what gets into the image.",
      rules: ["dockerfile/unverified-download"],
    },
    ...copyFlags,
  ],
  RUN: [
    {
      name: "mount",
      text: secretMount,
      detail: "a secret for one command, in no layer",
      note: secretNote,
      rules: secretRules,
    },
    {
      name: "network",
      text: "--network=none",
      detail: "the step reaches no network",
      note: "A step that needs no download cannot send anything away either.",
      rules: [],
    },
  ],
};

/** Several mounts may stand beside each other; all other flags once. */
function flagOffers(keyword: string, own: Instruction | undefined, span: Span): readonly Offer[] {
  return (flags[keyword] ?? [])
    .filter(({ name }) => name === "mount" || own?.flag(name) === undefined)
    .map(({ text, detail, note, rules }) => ({
      label: expanded(text),
      kind: "value",
      detail,
      span,
      text,
      about: { note, rules },
    }));
}
