/** What the tool says about itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const home = "https://github.com/bulkhead-security/bulkhead";

export const homePage = home;

/** The page of a rule, for people. */
export const rulePage = (id: string): string => `${home}/blob/main/docs/rules/${id}.md`;

/** The version in the manifest above the script, bundled (`dist/cli.js`) or not (`out/cli/`). */
export function version(): string {
  for (const above of ["..", join("..", "..")]) {
    try {
      const manifest = JSON.parse(readFileSync(join(__dirname, above, "package.json"), "utf8")) as Record<
        string,
        unknown
      >;
      if (manifest["name"] === "bulkhead" && typeof manifest["version"] === "string") return manifest["version"];
    } catch {
      // The next place up may have it.
    }
  }
  return "0.0.0";
}
