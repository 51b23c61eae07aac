import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { recognise } from "../engine/index";

/** The texts of all Dockerfiles below a folder. */
export function dockerfiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === ".git" || entry.name === "node_modules" ? [] : dockerfiles(path);
    if (!entry.isFile() || !/docker|container/i.test(entry.name)) return [];
    const text = readFileSync(path, "utf8");
    return recognise(entry.name, text) === "dockerfile" ? [text] : [];
  });
}
