import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isWanted, type KindId, recognise } from "../engine/index";

/** The texts of all files of a kind below a folder. */
export function textsOfKind(folder: string, kind: KindId): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name === ".git" || entry.name === "node_modules" ? [] : textsOfKind(path, kind);
    if (!entry.isFile() || !isWanted(entry.name)) return [];
    const text = readFileSync(path, "utf8");
    return recognise(entry.name, text) === kind ? [text] : [];
  });
}
