/** Variables that a Dockerfile gives programs: by ENV and ARG, and in the shell texts that it runs. */
import {
  Arg,
  Cmd,
  Entrypoint,
  Env,
  Healthcheck,
  Run,
  known,
  unknown,
  type Assignment,
  type Command,
  type Edit,
  type Instruction,
  type RunningInstruction,
  type ShellWord,
  type Span,
  type Value,
} from "../../engine/index";

/** One variable that a program sees. */
export interface Setting extends Span {
  readonly name: string;
  readonly value: Value;
  readonly by: "env" | "arg" | "shell";
  /** Takes the setting away; undefined where something else would be lost with it. */
  remove(): readonly Edit[] | undefined;
}

export const runs = (instruction: Instruction): instruction is RunningInstruction =>
  instruction instanceof Run ||
  instruction instanceof Cmd ||
  instruction instanceof Entrypoint ||
  instruction instanceof Healthcheck;

type Wanted = (name: string) => boolean;

/**
 * What an instruction sets for the programs that it, or a later one, runs, as far as the name is wanted; variables of the
 * shell alone are left out.
 */
export function settings(instruction: Instruction, isWanted: Wanted): readonly Setting[] {
  if (instruction instanceof Env || instruction instanceof Arg) {
    const by = instruction instanceof Env ? "env" : "arg";
    const pairs = instruction.pairs.filter((pair) => isWanted(pair.name.text));
    return pairs.map((pair) => ({
      start: pair.start,
      end: pair.end,
      name: pair.name.text,
      value: pair.resolved,
      by,
      remove: () => [pair.remove()],
    }));
  }
  const script = runs(instruction) ? instruction.script : undefined;
  if (!runs(instruction) || script === undefined) return none;
  const found: Setting[] = [];
  for (const command of script.commands) {
    if (command.assignments.length > 0) found.push(...inFront(instruction, command, isWanted));
    if (command.wrappers.length > 0) found.push(...ofWrappers(instruction, command, isWanted));
  }
  for (const assignment of script.assignments) {
    if (assignment.exported && isWanted(assignment.name)) found.push(ofExport(instruction, assignment));
  }
  return found;
}

const none: readonly Setting[] = [];

function inFront(instruction: RunningInstruction, command: Command, isWanted: Wanted): Setting[] {
  const wanted = command.assignments.filter(({ name }) => isWanted(name));
  return wanted.map((assignment) => ({
    ...shellSetting(instruction, assignment, assignment.name, assignment.value),
    remove: () => {
      const next = [...command.assignments, ...command.written].find((w) => w.start >= assignment.end);
      return next === undefined ? undefined : [{ span: { start: assignment.start, end: next.start }, text: "" }];
    },
  }));
}

/** `env NAME=value program`, `sudo NAME=value program`. */
function ofWrappers(instruction: RunningInstruction, command: Command, isWanted: Wanted): Setting[] {
  return command.wrappers.flatMap(({ words }) =>
    words.slice(1).flatMap((word) => {
      const name = /^([A-Za-z_]\w*)=/.exec(word.source)?.[1];
      if (name === undefined || !isWanted(name)) return [];
      const whole = valueOf(instruction, word);
      const value = whole.known ? known(whole.value.slice(name.length + 1)) : whole;
      return [
        {
          start: word.start,
          end: word.end,
          name,
          value,
          by: "shell" as const,
          remove: () => [command.removeWord(word)],
        },
      ];
    }),
  );
}

function ofExport(instruction: RunningInstruction, assignment: Assignment): Setting {
  const command = instruction.commands.find(
    (c) => c.start <= assignment.start && assignment.end <= c.end && c.name === "export",
  );
  const alone =
    instruction.script?.assignments.filter(
      (a) => command !== undefined && command.start <= a.start && a.end <= command.end,
    ).length === 1;
  return {
    ...shellSetting(instruction, assignment, assignment.name, assignment.value),
    remove: () => {
      if (command === undefined) return undefined;
      if (alone) return command.remove();
      const before = instruction.file.text.slice(command.start, assignment.start);
      return [
        {
          span: { start: assignment.start - (before.length - before.trimEnd().length), end: assignment.end },
          text: "",
        },
      ];
    },
  };
}

function shellSetting(
  instruction: RunningInstruction,
  at: Span,
  name: string,
  value: ShellWord | undefined,
): Omit<Setting, "remove"> {
  return {
    start: at.start,
    end: at.end,
    name,
    value: value === undefined ? known("") : valueOf(instruction, value),
    by: "shell",
  };
}

/** What a word is when the build runs it: ARG, ENV and plainly assigned shell variables filled in; else unknown. */
export function valueOf(instruction: RunningInstruction, word: ShellWord): Value {
  if (word.text !== undefined) return known(word.text);
  if (/\$\(|`|<\(/.test(word.source)) return unknown("variable");
  const assignments = instruction.script?.assignments ?? [];
  let { source } = word;
  for (const name of word.variables) {
    const own = assignments.filter((a) => a.name === name);
    const [only] = own;
    if (only === undefined) continue;
    const text = only.value?.text;
    if (own.length > 1 || text === undefined) return unknown("variable");
    source = source
      .replaceAll(`\${${name}}`, text)
      .replace(new RegExp(`\\$${name}(?![A-Za-z0-9_])`, "g"), text.replaceAll("$", "$$$$"));
  }
  return instruction.expand(source).value;
}
