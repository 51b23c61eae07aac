/** Paths inside a Linux image. */
import { Workdir, type Instruction } from "../../engine/index";

/** `/a/b` of `/a/./c/../b/`; undefined where the path is relative. */
export function normalised(path: string): string | undefined {
  if (!path.startsWith("/")) return undefined;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Whether the normalised path is the folder or lies below it. */
export const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);

/**
 * The working directory just before an instruction: "unset" where no WORKDIR stands before it on its chain, undefined
 * where it is not known (a variable, or relative to what the base image says).
 */
export function workdirAt(place: Instruction): string | "unset" | undefined {
  const before = (place.stage?.history ?? []).filter(
    (i): i is Workdir => i instanceof Workdir && (i.stage !== place.stage || i.start < place.start),
  );
  if (before.length === 0) return "unset";
  let current: string | undefined;
  for (const workdir of before) {
    const value = workdir.path === undefined ? undefined : workdir.expand(workdir.path).value;
    if (value?.known !== true) current = undefined;
    else if (value.value.startsWith("/")) current = normalised(value.value);
    else current = current === undefined ? undefined : normalised(`${current}/${value.value}`);
  }
  return current;
}

/** The absolute path that `path` names at an instruction; undefined where it is not known. */
export function absoluteAt(place: Instruction, path: string): string | undefined {
  if (path.startsWith("/")) return normalised(path);
  const folder = workdirAt(place);
  return folder === undefined || folder === "unset" ? undefined : normalised(`${folder}/${path}`);
}
