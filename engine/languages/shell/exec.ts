/** The JSON form of a command: its strings are the words, and no shell reads them. */
import type { Excerpt, Located, Origin } from "../../text/located";
import { Excerpt as ExcerptClass } from "../../text/located";
import { Command, readScript, Script, ShellWord, isShell } from "./script";
import type { ShellParser } from "./syntax";

/** `sh -c text` in JSON form runs the text. */
export function execScript(
  parser: ShellParser,
  strings: readonly { word: Located; value: Excerpt }[],
  origin: Origin,
): Script | undefined {
  const first = strings[0];
  const last = strings[strings.length - 1];
  if (first === undefined || last === undefined) return undefined;
  const script = new Script(origin, new ExcerptClass("", first.word.from), "exec");
  const words = strings.map(
    ({ word, value }) =>
      new ShellWord(origin, word.from, word.to, value.text, value.text, value.text, [], false, [], value, 0),
  );
  const command = new Command(script, first.word.from, last.word.to, words, [], "script", undefined, undefined);
  script.commands.push(command);
  if (!isShell(command.name)) return script;
  const index = command.args.findIndex((a) => /^-[a-z]*c$/.test(a.source));
  const text = index < 0 ? undefined : command.args[index + 1];
  const nested = text === undefined ? undefined : strings[words.indexOf(text)];
  if (nested === undefined) return script;
  script.commands.push(...readScript(parser, nested.value, origin).commands);
  return script;
}
