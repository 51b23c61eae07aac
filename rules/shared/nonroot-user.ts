/** The user that an image which runs as root could run as, and how to get there. */
import { choice, Cmd, Entrypoint, Expose, Run, User, type Edit, type Fix, type Stage } from "../../engine/index";
import { accountsMade } from "./accounts";
import { effectiveUser, onWindows, userOf } from "./effective-user";
import { baseUser, distribution } from "./images/users";
import { uidOf } from "./user-numbers";

interface Candidate {
  /** As a USER line names it. */
  readonly user: string;
  readonly applicability: Fix["applicability"];
  /** The line that makes the account. */
  readonly run?: string;
  readonly why: string;
}

/** Kubernetes can check a number only. */
type Called = "name" | "number";

/** Lets the stage's image run as somebody else than root; the best way first. */
export function leaveRoot(stage: Stage, called: Called): readonly Fix[] {
  const other = unprivilegedImage(stage);
  const user = switchUser(stage, called);
  return other === undefined ? [user] : [other, user];
}

/** nginx needs root for its port and its cache; its makers publish a build that does not. Steps of the build would. */
function unprivilegedImage(stage: Stage): Fix | undefined {
  const { root, rootImage } = stage;
  if (root.kind !== "image" || rootImage === undefined || rootImage.digest !== undefined) return undefined;
  const name = root.image.nameSpan;
  if (name === undefined || rootImage.familiar !== "nginx") return undefined;
  if (stage.history.some((i) => i instanceof Run || i instanceof User)) return undefined;
  return {
    title: "Use nginxinc/nginx-unprivileged, which listens on port 8080",
    applicability: "unsafe",
    edits: [{ span: { start: name.start, end: name.end }, text: "nginxinc/nginx-unprivileged" }],
  };
}

function switchUser(stage: Stage, called: Called): Fix {
  const candidate =
    windowsUser(stage) ?? earlierUser(stage) ?? userOfBase(stage, called) ?? accountOfFile(stage) ?? newAccount(stage);
  const narrowed = candidate.applicability === "safe" && needsLowPort(stage);
  return {
    title: candidate.why,
    applicability: narrowed ? "unsafe" : candidate.applicability,
    edits: edits(stage, candidate),
  };
}

/** Older engines let nobody but root listen below 1024. */
const needsLowPort = (stage: Stage): boolean =>
  stage.history.some((i) => i instanceof Expose && i.ports.some((p) => p.range !== undefined && p.range.first < 1024));

function windowsUser(stage: Stage): Candidate | undefined {
  if (!onWindows(stage)) return undefined;
  return { user: "ContainerUser", applicability: "unsafe", why: "Switch to USER ContainerUser" };
}

/** Somebody whom the file, or its base image, ran as before it went to root. */
function earlierUser(stage: Stage): Candidate | undefined {
  for (const user of stage.history.filter((i): i is User => i instanceof User).reverse()) {
    const name = user.user?.raw;
    if (name !== undefined && userOf(user).kind === "nonroot") {
      return { user: name, applicability: "safe", why: `Switch back to USER ${name}` };
    }
  }
  const base = stage.rootImage === undefined ? undefined : baseUser(stage.rootImage);
  if (base?.kind !== "nonroot") return undefined;
  return { user: base.user, applicability: "safe", why: `Switch back to USER ${base.user}, as the base image has it` };
}

function userOfBase(stage: Stage, called: Called): Candidate | undefined {
  if (stage.root.kind === "scratch") return numeric("65532:65532");
  const image = stage.rootImage;
  const base = image === undefined ? undefined : baseUser(image);
  if (image === undefined || base?.kind !== "root" || base.suitable === undefined) return undefined;
  if (/^\d/.test(base.suitable)) return numeric(base.suitable);
  const user = (called === "number" ? uidOf(stage, base.suitable) : undefined) ?? base.suitable;
  return { user, applicability: "safe", why: `Switch to USER ${user}, which the base image has` };
}

const numeric = (user: string): Candidate => ({ user, applicability: "unsafe", why: `Switch to USER ${user}` });

function accountOfFile(stage: Stage): Candidate | undefined {
  const account = accountsMade(stage.history)
    .filter((a) => a.name !== "root" && a.uid !== 0)
    .pop();
  if (account === undefined) return undefined;
  const user = account.uid === undefined ? account.name : String(account.uid);
  return { user, applicability: "unsafe", why: `Switch to USER ${user}, the account ${account.name} of this file` };
}

/** An account is made only where the image surely has the tools; a number alone is a user as well. */
function newAccount(stage: Stage): Candidate {
  const image = stage.rootImage;
  const family = image === undefined ? "unknown" : distribution(image).family;
  const id = choice(1, "10001");
  const name = choice(2, "app");
  const user = `${id}:${id}`;
  const last = stage.instructions[stage.instructions.length - 1] ?? stage.from;
  const posix = stage.shellAt(last).family === "posix" && effectiveUser(stage).kind === "root";
  if (posix && (family === "alpine" || family === "busybox" || family === "wolfi")) {
    const run = `RUN addgroup -S -g ${id} ${name} && adduser -S -D -H -u ${id} -G ${name} ${name}`;
    return { user, run, applicability: "guided", why: "Add an account and switch to it" };
  }
  const small = /(?:^|[-/])(?:minimal|micro|slim|init)/.test(`${image?.familiar}:${image?.tag}`);
  if (
    posix &&
    (family === "debian" || (family === "rhel" && !small && !/amazon|corretto|mysql/.test(image?.familiar ?? "")))
  ) {
    const run = `RUN groupadd --gid ${id} ${name} && useradd --uid ${id} --gid ${name} --no-create-home --shell /usr/sbin/nologin ${name}`;
    return { user, run, applicability: "guided", why: "Add an account and switch to it" };
  }
  return { user, applicability: "guided", why: "Switch to a user by its number" };
}

/** In the place of the USER that goes to root if only files are copied behind it, else behind all that needs root. */
function edits(stage: Stage, { user, run }: Candidate): readonly Edit[] {
  const { instructions } = stage;
  const lastRun = instructions.findLastIndex((i) => i instanceof Run);
  const lastUser = instructions.findLastIndex((i) => i instanceof User);
  const wrong = instructions[lastUser];
  if (wrong instanceof User && wrong.user !== undefined && lastUser > lastRun) {
    const replaced = { span: { start: wrong.user.start, end: wrong.user.end }, text: user };
    return run === undefined ? [replaced] : [wrong.insertBefore(run), replaced];
  }
  const lines = run === undefined ? `USER ${user}` : `${run}\nUSER ${user}`;
  const start = instructions.find((i, at) => at > lastRun && (i instanceof Cmd || i instanceof Entrypoint));
  if (start !== undefined) return [start.insertBefore(lines)];
  return [(instructions[instructions.length - 1] ?? stage.from).insertAfter(lines)];
}
