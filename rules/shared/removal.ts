/** Takes commands out of the instructions that run them. */
import { Run, type Command, type Edit, type RunningInstruction } from "../../engine/index";

/** Removes the command with its pipe, and its RUN where nothing else is in it; undefined where something hangs on it. */
export function removal(command: Command, instruction: RunningInstruction): readonly Edit[] | undefined {
  const { pipeline } = command;
  if (pipeline.some((c) => c.position !== "script")) return undefined;
  if (
    !pipeline.some((c) => c.documents.length > 0) &&
    (instruction.heredocs.length === 0 || isScript.test(instruction.rest.text))
  ) {
    const edits = command.remove();
    if (edits !== undefined) return edits;
  }
  const alone = instruction.commands.every(
    (c) => pipeline.includes(c) || c.parent !== undefined || c.position !== "script",
  );
  const plain = !/(?:^|\s)(?:if|for|while|until|case)\s/.test(instruction.rest.text);
  return instruction instanceof Run && alone && plain ? [instruction.remove()] : undefined;
}

/** Only a heredoc: its body is what runs. */
const isScript = /^<<-?["']?\w+["']?$/;
