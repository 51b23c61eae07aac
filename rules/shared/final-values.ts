/** What still holds when a container of an image that ships starts. */
import { Env, type Instruction, type Pair } from "../../engine/index";
import { startInstructions } from "./stages";

/** Whether no later ENV on the way to the image gives the variable another value. */
export function isFinalValue(pair: Pair): boolean {
  return pair.instruction.file.shippedStages.some((stage) => {
    const same = stage.history.flatMap((i) => (i instanceof Env ? i.pairs.filter((p) => p.name.text === pair.name.text) : []));
    return same[same.length - 1] === pair;
  });
}

/** Whether the CMD or ENTRYPOINT is one that a container starts with. */
export const startsContainer = (instruction: Instruction): boolean =>
  instruction.file.shippedStages.some((stage) => startInstructions(stage).some((i) => i === instruction));
