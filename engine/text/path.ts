/**
 * Names of files as the hosts give them: `/` between the parts, relative paths and URIs alike. The engine compares and
 * joins these names; it never opens one.
 */

export function dirname(file: string): string {
  const slash = file.lastIndexOf("/");
  return slash < 0 ? "" : file.slice(0, slash);
}

export function basename(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

/** `directory` may be empty (the root of the listing); `.` and `..` in `relative` are resolved. */
export function join(directory: string, relative: string): string {
  const parts = directory === "" ? [] : directory.split("/");
  for (const part of relative.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0) parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** The path of `file` below `directory`, or undefined where it is not below it. */
export function below(directory: string, file: string): string | undefined {
  if (directory === "") return file;
  return file.startsWith(`${directory}/`) ? file.slice(directory.length + 1) : undefined;
}
