/** What patterns of an ignore file mean, and what their writers thought they mean. */
import { basename, ignoreGlobMatches, type Pattern } from "../../engine/index";
import { globMayMatchSecret } from "./secrets";

/** Folders that people keep their secrets in. */
const secretFolder = /^\.?(?:secrets?|ssh|aws|kube|gnupg)$/i;

/** A pattern that is there for the sake of secrets. */
export const isSecretPattern = (glob: string): boolean =>
  globMayMatchSecret(glob) !== undefined || secretFolder.test(basename(glob));

/** Whether the pattern names files that in Git's ignore files it would match in every folder, and here only at the root. */
export const isRootOnly = ({ glob, raw, negated }: Pattern): boolean =>
  !negated &&
  glob !== "" &&
  glob !== "*" &&
  !glob.includes("/") &&
  !glob.startsWith("**") &&
  !/^\.?\//.test(raw) &&
  !raw.includes("\\");

/** Whether the pattern would match the path if it counted in every folder, but does not as it is. */
export const missesBelow = (pattern: Pattern, path: string): boolean =>
  isRootOnly(pattern) && !pattern.matches(path) && ignoreGlobMatches(`**/${pattern.glob}`, path);
