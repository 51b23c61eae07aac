/** The context that a build gets, the ignore file that counts for it, and what comes in past that. */
import {
  basename,
  below,
  dirname,
  ignoreGlobMatches,
  join,
  type Context,
  type DockerfileSummary,
  type DockerignoreSummary,
  type Project,
} from "../../engine/index";
import { globMayMatchSecret, secretFileName, type SecretFile } from "./secrets";

/** One Dockerfile with the context that it is most likely built in. */
export interface Build {
  readonly dockerfile: string;
  /** The context's root; "" is the root of the project. */
  readonly folder: string;
  readonly summary: DockerfileSummary;
  /** Every file of the context, relative to its root. */
  readonly files: readonly string[];
}

/** A path of a context as the builders clean it: `./src/` is `src`, `.` is empty, nothing leads out. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

const isGlob = (path: string): boolean => /[*?[]/.test(path);
const isRemote = (source: string): boolean => /^(?:[a-z][a-z0-9+.-]*:\/\/|git@)/i.test(source);

/** Folders that hold the Dockerfiles of a project whose root is the context. */
const sideFolder =
  /^(?:\.?docker(?:files?)?|containers?|images?|build|\.?ci|deploy(?:ments?)?|infra(?:structure)?|(?:dev)?ops|\.devcontainer|\.github)$/i;

/**
 * The context that a compose project names; else the nearest folder, from the Dockerfile's own upwards, that holds everything that COPY and ADD name. Undefined where no
 * folder does, the files of the project are not known, or a Dockerfile that only copies `.` lies in a side folder.
 */
export function buildOf(dockerfile: string, project: Project): Build | undefined {
  const summary = project.summaries("dockerfile").get(dockerfile);
  if (summary === undefined) return undefined;
  const [service] = [...project.builds(dockerfile)].sort((a, b) => Number(a.isDevelopment) - Number(b.isDevelopment));
  if (service !== undefined) {
    const files = project.under(service.context)?.map((f) => below(service.context, f) ?? f);
    return files && { dockerfile, folder: service.context, summary, files };
  }
  const sources = summary.copies
    .map((c) => c.source)
    .filter((s) => !isGlob(s) && !isRemote(s))
    .map(cleanPath);
  const named = sources.filter((s) => s !== "");
  if (named.length === 0 && sideFolder.test(basename(dirname(dockerfile)))) return undefined;
  for (let folder = dirname(dockerfile); ; folder = dirname(folder)) {
    const files = project.under(folder)?.map((f) => below(folder, f) ?? f);
    if (files === undefined) return undefined;
    if (named.every((s) => files.some((f) => f === s || f.startsWith(`${s}/`))))
      return { dockerfile, folder, summary, files };
    if (folder === "") return undefined;
  }
}

const rootNames = [".containerignore", ".dockerignore"] as const;
const isThere = (file: string, project: Project): boolean =>
  project.exists(file) === true || project.summaries("dockerignore").has(file);

/** `api.Dockerfile.dockerignore` beside `api.Dockerfile`: read instead of the one at the context's root. */
export const ownIgnoreFile = (dockerfile: string): string => `${dockerfile}.dockerignore`;

/** The ignore files that builders read for the build: one, or at the root one for each family of engines. */
export function ignoreFilesOf({ dockerfile, folder }: Build, project: Project): readonly string[] {
  const own = ownIgnoreFile(dockerfile);
  if (isThere(own, project)) return [own];
  return rootNames.map((name) => join(folder, name)).filter((file) => isThere(file, project));
}

/** The builds for which the ignore file counts. */
export function buildsReading(ignoreFile: string, project: Project): readonly Build[] {
  const folder = dirname(ignoreFile);
  return [...project.summaries("dockerfile").keys()].flatMap((dockerfile) => {
    if (below(folder, dockerfile) === undefined) return [];
    const build = buildOf(dockerfile, project);
    return build !== undefined && ignoreFilesOf(build, project).includes(ignoreFile) ? [build] : [];
  });
}

/** Whether the patterns keep the path (relative to the context's root) out: the last one that matches decides. */
export function isIgnored(patterns: DockerignoreSummary["patterns"], path: string): boolean {
  let ignored = false;
  for (const { glob, negated } of patterns) if (ignoreGlobMatches(glob, path)) ignored = !negated;
  return ignored;
}

/**
 * How the build copies a file that it does not name: in a folder, or by a pattern that says nothing of secrets.
 * Undefined where it does not.
 */
export function broadCopy({ summary }: Build, path: string): "shipped" | "built" | undefined {
  const broad = summary.copies.filter(({ source }) => {
    const glob = cleanPath(source);
    if (glob === path || isRemote(source) || (isGlob(glob) && globMayMatchSecret(glob) !== undefined)) return false;
    return glob === "" || ignoreGlobMatches(glob, path);
  });
  if (broad.length === 0) return undefined;
  return broad.some((c) => c.shipped) ? "shipped" : "built";
}

/** Test data, and what other projects brought along. */
const othersOwn =
  /(?:^|\/)(?:tests?|__tests__|testdata|test[-_]data|fixtures?|__fixtures__|specs?|e2e|mocks?|__mocks__|node_modules|bower_components|vendor|third_party|site-packages|\.?venv|\.git)\//i;

/** The file of the context that holds credentials, by its name or by its text; undefined where it may be harmless. */
export function secretOf(path: string, folder: string, project: Project): SecretFile | undefined {
  const secret = secretFileName(path);
  if (secret === undefined || othersOwn.test(path)) return undefined;
  if (secret.certain) return secret;
  return holdsLogin(project.text(join(folder, path))) === true ? secret : undefined;
}

/** Whether an `.npmrc` holds a login of its own, not a reference to a variable; undefined where the text is not known. */
export const holdsLogin = (npmrc: string | undefined): boolean | undefined =>
  npmrc === undefined
    ? undefined
    : /^[ \t]*[^#;\s]*_(?:auth|authToken|password)["' ]{0,4}=["' ]{0,4}[^\s"'$]/m.test(npmrc);

/** The build of the Dockerfile that is checked. */
export const buildAt = (context: Context): Build | undefined =>
  context.once("build", () => buildOf(context.file, context.project));
