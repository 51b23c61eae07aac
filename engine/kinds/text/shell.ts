/** Values in shell scripts and the like: variables that are set, and options that carry a value. Line by line. */
import type { TextValue } from "./file";
import { linesOf } from "./lines";
import { textValue } from "./values";

/** `NAME=value` wherever a command may begin, `$env:NAME = value`, `set NAME=value`. */
const assignment =
  /(?:^|[;&|({]|(?:^|\s)(?:export|local|readonly|typeset|declare|env|set|setx|ENV|ARG)(?:[ \t]+-[a-zA-Z]{1,4})?|\s-e|--env|--build-arg)[ \t]{0,20}["']?(?:\$env:|\$)?([A-Za-z_]\w{0,100})(?:=|[ \t]{1,9}=[ \t]{1,9}|[ \t]+(?=["']))/g;
/** `--name=value`, `--name value`, `-Dname=value`, `--set a.password=value`. */
const option = /(?:^|\s)(?:--?|-D|--set(?:-string)?[ \t=]+)([A-Za-z][\w.-]{1,100})(?:=|[ \t]{1,9}(?=[^\s-]))/g;
/** Programs that take a password right behind `-p`, or as a word of its own. */
const attached =
  /\b(?:mysql|mysqldump|mysqladmin|mysqlsh|mariadb|mariadb-dump|mariadb-admin)\b[^|;&]{0,200}?\s(-p)(?=[^\s-])/g;
const separate =
  /\b(?:sshpass[ \t]+(?:-p)[ \t]{0,4}|redis-cli\b[^|;&]{0,160}?\s-a[ \t]+|(?:mongo(?:sh)?|mongodump)\b[^|;&]{0,160}?\s-p[ \t]+|sqlcmd\b[^|;&]{0,160}?\s-P[ \t]+|openssl\b[^|;&]{0,200}?\s-pass(?:in|out)?[ \t]+pass:)(?=[^\s-])/g;

export function readShell(text: string): readonly TextValue[] {
  const values: TextValue[] = [];
  const beside = new Map<string, string>();
  for (const { line, at } of linesOf(text)) {
    const code = withoutComment(line);
    if (code === "" || !/[=-]/.test(code)) continue;
    const found: { readonly name: string; readonly from: number; readonly use: TextValue["use"] }[] = [];
    const add = (pattern: RegExp, use: TextValue["use"], name?: string): void => {
      for (const match of code.matchAll(pattern)) {
        found.push({ name: name ?? match[1] ?? "", from: match.index + match[0].length, use });
      }
    };
    add(assignment, "value");
    if (code.includes("-")) {
      add(option, "argument");
      if (/\bm(?:ysql|aria)/.test(code)) add(attached, "argument", "password");
      if (/sshpass|redis-cli|mongo|sqlcmd|openssl/.test(code)) add(separate, "argument", "password");
    }
    for (const { name, from, use } of found) {
      const word = wordAt(code, from);
      if (word === undefined) continue;
      if (use === "value") beside.set(name, word.value);
      const span = { start: at + word.start, end: at + word.end };
      const whole = { start: at + from, end: at + word.behind };
      values.push(textValue(text, { path: [name], value: word.value, span, whole, beside, use }));
    }
  }
  return values;
}

function withoutComment(line: string): string {
  if (/^\s*(?:#|::|rem\s)/i.test(line)) return "";
  const hash = line.search(/\s#\s/);
  return hash < 0 ? line : line.slice(0, hash);
}

/** One word in one pair of quotes, or in none; undefined where it is put together, or does not end. */
function wordAt(
  line: string,
  from: number,
): { readonly value: string; readonly start: number; readonly end: number; readonly behind: number } | undefined {
  const quote = line[from];
  if (quote === '"' || quote === "'") {
    const end = line.indexOf(quote, from + 1);
    if (end < 0) return undefined;
    return { value: line.slice(from + 1, end), start: from + 1, end, behind: end + 1 };
  }
  const bare = /^[^\s"'`;&|<>()\\]{1,1000}/.exec(line.slice(from))?.[0];
  if (bare === undefined) return undefined;
  const end = from + bare.length;
  // Inside a longer quoted text the quote ends the word.
  if (/["'`(]/.test(line[end] ?? "") && !isInside(line, from)) return undefined;
  return { value: bare, start: from, end, behind: end };
}

/** Whether an odd number of quotes stands before the place. */
const isInside = (line: string, at: number): boolean => ((line.slice(0, at).match(/["']/g)?.length ?? 0) & 1) === 1;
