/** What still holds when a container of an image that ships starts. */
import { Env, type Instruction, type Pair } from "../../engine/index";
import { isDevelopmentStage, startInstructions } from "./stages";

/** Whether no later ENV on the way to the image gives the variable another value. */
export function isFinalValue(pair: Pair): boolean {
  return pair.instruction.file.shippedStages.some((stage) => {
    const same = stage.history.flatMap((i) =>
      i instanceof Env ? i.pairs.filter((p) => p.name.text === pair.name.text) : [],
    );
    return same[same.length - 1] === pair;
  });
}

/** Whether the CMD or ENTRYPOINT is one that a container starts with. */
export const startsContainer = (instruction: Instruction): boolean =>
  instruction.file.shippedStages.some((stage) => startInstructions(stage).some((i) => i === instruction));

/**
 * What the image that the instruction becomes part of is for. `nothing`: the stage does not ship, or only as one that is
 * named for development or tests. `development`: the Dockerfile's own name says so.
 */
export function purposeOf(instruction: Instruction, file: string): "product" | "development" | "nothing" {
  const { stage } = instruction;
  const shipping = instruction.file.shippedStages.filter((s) => stage !== undefined && s.chain.includes(stage));
  const named = shipping.filter((s) => !isDevelopmentStage(s, ""));
  if (named.length === 0 || /(?:^|\/)\.devcontainer\//.test(file)) return "nothing";
  return named.every((s) => isDevelopmentStage(s, file)) ? "development" : "product";
}
