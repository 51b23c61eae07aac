import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isWanted, type KindId, recognise } from "../engine/index";

/** A file below a folder, by its name relative to that. */
export type FileBelow = readonly [file: string, bytes: Buffer];

/** All files below a folder whose last name is wanted; links are not followed. */
export function filesBelow(root: string, wanted: (name: string) => boolean, folder = ""): readonly FileBelow[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return entry.name === ".git" || entry.name === "node_modules" ? [] : filesBelow(root, wanted, file);
    return entry.isFile() && wanted(entry.name) ? [[file, readFileSync(join(root, file))] as const] : [];
  });
}

/** The texts of all files of a kind below a folder. */
export const textsOfKind = (folder: string, kind: KindId): string[] =>
  filesBelow(folder, isWanted).flatMap(([file, bytes]) => {
    const text = bytes.toString("utf8");
    return recognise(file.slice(file.lastIndexOf("/") + 1), text) === kind ? [text] : [];
  });
