/** Whether what COPY names is a secret. */
import { basename, ignoreGlobMatches, type Context } from "../../engine/index";
import { buildAt, cleanPath, holdsLogin } from "./ignore-files";
import { secretFileName, type SecretFile } from "./secrets";

/** How sure it is that the file is secret: `perhaps` where others of that name are harmless. */
export type Verdict = "surely" | "likely" | "perhaps" | undefined;

/** By the name, and by what the project holds under it. Undefined: there is no reason to think so. */
export function verdict(source: string, secret: SecretFile, context: Context): Verdict {
  const path = cleanPath(source);
  const files = context.project.under("") ?? [];
  const same = files.filter((f) => f === path || f.endsWith(`/${path}`));
  if (/[*?[]/.test(source)) return ofPattern(path, secret, context);
  const isFolder = source.endsWith("/") || files.some((f) => f.startsWith(`${path}/`) || f.includes(`/${path}/`));
  // A package of the program that is called `credentials`.
  if (isFolder && !/(?:^|\/)\.[^/]*$/.test(path)) return undefined;
  if (secret.certain) return "surely";
  if (secret.kind === "certificate") return "perhaps";
  if (secret.kind === "private-key")
    return /root|trust|bundle|global|cert|ca\d*\b/i.test(basename(path)) ? undefined : "likely";
  const texts = same.map((f) => context.project.text(f)).filter((t) => t !== undefined);
  if (texts.length > 0) return texts.some((t) => holdsLogin(t) === true) ? "surely" : undefined;
  // What is not in the repository is written where the build runs, with the login in it.
  return same.length > 0 ? "perhaps" : basename(path) === ".npmrc" ? "surely" : "likely";
}

/** A pattern counts by what it matches now; `.env*` also by what it matches on other people's machines. */
function ofPattern(path: string, secret: SecretFile, context: Context): Verdict {
  const matching = buildAt(context)?.files.filter((f) => ignoreGlobMatches(path, f));
  if (matching?.some((f) => secretFileName(f)?.certain === true) === true) return "surely";
  if (!secret.certain || (secret.kind !== "env" && (matching?.length ?? 0) > 0)) return undefined;
  return matching === undefined ? "surely" : "likely";
}
