/** The lines of sudoers(5) that let somebody run commands as root. */

export interface Grant {
  /** User, `%group`, or a variable. */
  readonly who: string;
  readonly what: string;
  readonly everything: boolean;
  readonly password: boolean;
  /** The line as written; `index` is its offset in the text. */
  readonly line: string;
  readonly index: number;
}

/** Shells leave backslashes before the parentheses. */
const line =
  /^[ \t]*(?!root\b|#|Defaults\b)([%\w$@.{}-]+)[ \t]+[^\s=]+[ \t]*=[ \t]*(?:\\?\([\w:%, ]*\\?\)[ \t]*)?((?:[A-Z_]+:[ \t]*)*)(\S.*)$/m;

/** The first such line of somebody else than root; one that asks for a password counts only where it allows everything. */
export function grantIn(text: string): Grant | undefined {
  const match = line.exec(text);
  if (match === null) return undefined;
  const what = (match[3] ?? "").trim();
  const everything = /^ALL\b/.test(what);
  const password = !(match[2] ?? "").includes("NOPASSWD");
  if (!everything && password) return undefined;
  return {
    who: match[1] ?? "",
    what,
    everything,
    password,
    line: match[0].trim(),
    index: text.indexOf(match[0].trim(), match.index),
  };
}

/** `/etc/sudoers` and its folder of further files. */
export const isSudoersFile = (path: string): boolean => /^\/etc\/sudoers(?:$|\.d\/)/.test(path);
