/** What still holds when a container of an image that ships starts. */
import { Cmd, Entrypoint, Env, type Instruction, type Pair, type Stage } from "../../engine/index";
import { inDevcontainer, isDevelopmentStage, startInstructions } from "./stages";

/** Whether no later ENV on the way to the image gives the variable another value. */
export function isFinalValue(pair: Pair): boolean {
  return pair.instruction.file.shippedStages.some((stage) => lastPair(stage, pair.name.text) === pair);
}

function lastPair({ history }: Stage, name: string): Pair | undefined {
  for (let at = history.length - 1; at >= 0; at--) {
    const instruction = history[at];
    if (!(instruction instanceof Env)) continue;
    const found = instruction.pairs.findLast((p) => p.name.text === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether the CMD or ENTRYPOINT is one that a container starts with. */
export const startsContainer = (instruction: Instruction): boolean =>
  (instruction instanceof Cmd || instruction instanceof Entrypoint) &&
  instruction.file.shippedStages.some((stage) => startInstructions(stage).some((i) => i === instruction));

/**
 * What the image that the instruction becomes part of is for. `nothing`: the stage does not ship, or only as one that is
 * named for development or tests. `development`: the Dockerfile's own name says so.
 */
export function purposeOf(instruction: Instruction, file: string): "product" | "development" | "nothing" {
  const { stage } = instruction;
  if (stage === undefined || inDevcontainer(file)) return "nothing";
  let purpose: "development" | "nothing" = "nothing";
  for (const shipped of instruction.file.shippedStages) {
    if (!shipped.chain.includes(stage) || isDevelopmentStage(shipped, "")) continue;
    if (!isDevelopmentStage(shipped, file)) return "product";
    purpose = "development";
  }
  return purpose;
}
