/** The version of a language that a project declares in a file of its own. */
import { dirname, join, type ImageReference, type Project } from "../../engine/index";
import { officialName } from "./images/match";

const exact = /^v?(\d+(?:\.\d+){0,2})$/;

/** Names in `.tool-versions` (asdf and mise) and the official images of the same thing. */
const tools: Readonly<Record<string, readonly string[]>> = {
  node: ["nodejs", "node"],
  python: ["python"],
  golang: ["golang", "go"],
  ruby: ["ruby"],
  rust: ["rust"],
  php: ["php"],
  erlang: ["erlang"],
};

/** `^22.1.0` allows every 22, `~22.1.0` every 22.1; open ranges say nothing. */
function fromRange(range: unknown): string | undefined {
  const match = typeof range === "string" ? /^([~^]?)v?(\d+)(?:\.(\d+|x))?(?:\.(\d+|x))?$/.exec(range.trim()) : null;
  if (match === null) return undefined;
  const [, operator, major, minor, patch] = match;
  if (operator === "^") return major;
  const parts = [major, minor, operator === "~" ? undefined : patch];
  const end = parts.findIndex((part) => part === undefined || part === "x");
  return parts.slice(0, end < 0 ? undefined : end).join(".");
}

function inPackageJson(text: string): string | undefined {
  try {
    const data: unknown = JSON.parse(text);
    const { volta, engines } = data as { volta?: { node?: unknown }; engines?: { node?: unknown } };
    return fromRange(volta?.node) ?? fromRange(engines?.node);
  } catch {
    return undefined;
  }
}

function inToolVersions(text: string, name: string): string | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim().split(/\s+/));
  const version = lines.find(([tool]) => tools[name]?.includes(tool ?? "") === true)?.[1];
  return exact.exec(version ?? "")?.[1];
}

function declaredIn(text: (name: string) => string | undefined, image: string): string | undefined {
  const own =
    image === "node"
      ? (exact.exec(text(".nvmrc")?.trim() ?? "")?.[1] ?? inPackageJson(text("package.json") ?? ""))
      : image === "golang"
        ? /^go[ \t]+(\d+\.\d+(?:\.\d+)?)[ \t]*\r?$/m.exec(text("go.mod") ?? "")?.[1]
        : undefined;
  return own ?? inToolVersions(text(".tool-versions") ?? "", image);
}

/** Looked for beside `file` and in the folders above it, the nearest first; undefined where no version is sure. */
export function declaredVersion(reference: ImageReference, file: string, project: Project): string | undefined {
  const image = officialName(reference);
  if (image === undefined || !Object.hasOwn(tools, image)) return undefined;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const found = declaredIn((name) => project.text(join(folder, name)), image);
    if (found !== undefined || folder === "") return found;
  }
}
