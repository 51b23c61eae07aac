/** Which files of the build context the build copies, and where in the image they lie. */
import {
  effective,
  basename,
  below,
  Copy,
  dirname,
  ignoreGlobMatches,
  join,
  Run,
  Workdir,
  type Context,
  type Instruction,
} from "../../engine/index";
import { buildAt, ignoreFilesOf, isIgnored, type Build } from "./ignore-files";

/** The base image's own working directory, whatever it is. */
const unknownRoot = "?";

/** Where a path of the image lies; undefined where that is not known. Absolute paths begin with an empty part. */
export function resolve(directory: string | undefined, path: string): string | undefined {
  if (/[$`]/.test(path)) return undefined;
  if (path.startsWith("/")) return `/${join("", path)}`;
  if (directory === undefined) return undefined;
  const [first, ...rest] = directory.split("/");
  return `${first}/${join(rest.join("/"), path)}`.replace(/\/$/, "") || "/";
}

const above = (place: Instruction): readonly Instruction[] => {
  const own = place.onbuild ?? place;
  const history = place.stage?.history ?? [];
  const end = history.indexOf(own);
  const before = end < 0 ? [] : history.slice(0, end);
  return place.onbuild === undefined ? before : before.map(effective);
};

/** The working directory just before an instruction; `?` stands for that of the base image. */
export function workdirAt(place: Instruction): string | undefined {
  let directory: string | undefined = unknownRoot;
  for (const instruction of above(place)) directory = workdirBehind(instruction, directory);
  return directory;
}

function workdirBehind(instruction: Instruction, directory: string | undefined): string | undefined {
  const path = instruction instanceof Workdir ? instruction.path : undefined;
  if (path === undefined) return directory;
  const { value } = instruction.expand(path);
  return value.known ? resolve(directory, value.value) : undefined;
}

/** A file of the build context that the build may bring to one path of the image. */
interface Brought {
  /** In the build context. */
  readonly path: string;
  /** `named` by itself; matched by a `pattern`; in a copied `folder`. */
  readonly how: "named" | "pattern" | "folder";
}

/** What could stand at `target` of the image when `place` runs; `other` where another stage or image may bring it. */
function broughtTo(place: Instruction, target: string): { files: readonly Brought[]; other: boolean } {
  const files: Brought[] = [];
  let other = false;
  let workdir: string | undefined = unknownRoot;
  for (const instruction of above(place)) {
    workdir = workdirBehind(instruction, workdir);
    if (!(instruction instanceof Copy) || instruction.destination === undefined) continue;
    const { value } = instruction.expand(instruction.destination);
    // What else an ONBUILD triggers is not run before the stage's own instructions.
    const directory = place.onbuild === undefined ? workdir : workdirAt(instruction);
    const to = value.known ? resolve(directory, value.value) : undefined;
    const intoFolder = value.known && (/(?:^|\/)\.{0,2}$/.test(value.value) || instruction.sources.length > 1);
    if (instruction.fromFlag !== undefined) {
      other ||= to === undefined || target === to || inFolder(to, target) !== undefined;
      continue;
    }
    if (to === undefined) continue;
    for (const source of instruction.sources) {
      const from = instruction.expand(source).value;
      if (from.known) files.push(...broughtBy(from.value, to, intoFolder, target));
    }
  }
  if (place instanceof Run) {
    for (const { type, from, source, target: mounted, flag } of place.mounts) {
      if (type !== "bind" || mounted === undefined) continue;
      const to = resolve(workdir, mounted);
      if (from !== undefined || flag.option("from") !== undefined) other = true;
      else if (to !== undefined) files.push(...broughtBy(source ?? ".", to, false, target));
    }
  }
  return { files, other };
}

const inFolder = (folder: string, path: string): string | undefined =>
  folder === "/" && path.startsWith("/") ? path.slice(1) : below(folder, path);

function broughtBy(source: string, to: string, intoFolder: boolean, target: string): readonly Brought[] {
  const inside = inFolder(to, target);
  const path = join("", source);
  const name = basename(target);
  if (/[*?[]/.test(source)) {
    const matches = inside === name && ignoreGlobMatches(basename(source), name);
    return matches ? [{ path: join(dirname(path), name), how: "pattern" }] : [];
  }
  if (to === target) return intoFolder ? [] : [{ path, how: "named" }];
  if (inside === undefined) return [];
  if (inside === name && basename(path) === name) return [{ path, how: "named" }];
  return [{ path: join(path, inside), how: "folder" }];
}

/** Whether the context's ignore file keeps the path out. */
const isKeptOut = (build: Build, path: string, { project }: Context): boolean =>
  ignoreFilesOf(build, project).some((file) =>
    isIgnored(project.summaries("dockerignore").get(file)?.patterns ?? [], path),
  );

/**
 * Whether one of the `names` lies in `directory` of the image when `place` runs. `copied`: it does; `likely`: a pattern
 * that names it is copied, and the project's files are not known; `left`: it lies beside `manifest` in the context, but
 * nothing brings it; `unknown` otherwise.
 */
export type LockState = "copied" | "likely" | "left" | "unknown";

export function lockState(
  place: Instruction,
  directory: string,
  { locks, manifest }: { readonly locks: readonly string[]; readonly manifest: string },
  context: Context,
): LockState {
  const exists = (path: string): boolean | undefined => {
    const build = buildAt(context);
    if (build === undefined) return undefined;
    return context.project.exists(join(build.folder, path)) === true && !isKeptOut(build, path, context);
  };
  let likely = false;
  let other = false;
  for (const lock of locks) {
    const target = resolve(directory, lock);
    if (target === undefined) return "unknown";
    const brought = broughtTo(place, target);
    other ||= brought.other;
    for (const { path, how } of brought.files) {
      if (how === "named" || exists(path) === true) return "copied";
      if (how === "pattern" && exists(path) === undefined) likely = true;
    }
  }
  if (likely) return "likely";
  const source = manifestPath(place, directory, manifest);
  if (other || source === undefined) return "unknown";
  return locks.some((lock) => exists(join(dirname(source.path), lock)) === true) && source.how !== "folder"
    ? "left"
    : "unknown";
}

function manifestPath(place: Instruction, directory: string, manifest: string): Brought | undefined {
  const target = resolve(directory, manifest);
  const files = target === undefined ? [] : broughtTo(place, target).files;
  // Any source may be a folder that holds the file; one that names it is the likelier.
  const last = (how: Brought["how"]): Brought | undefined => files.filter((f) => f.how === how).pop();
  return last("named") ?? last("pattern") ?? last("folder");
}

/** The text of the manifest that lies in `directory` of the image, where the host could read it: the nearest of that path. */
export function manifestText(
  place: Instruction,
  directory: string,
  manifest: string,
  context: Context,
): string | undefined {
  const source = manifestPath(place, directory, manifest);
  if (source === undefined) return undefined;
  for (let folder = dirname(context.file); ; folder = dirname(folder)) {
    const text = context.project.text(join(folder, source.path));
    if (text !== undefined || folder === "") return text;
  }
}
