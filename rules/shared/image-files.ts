/** Files that build steps leave in the image: where they land, what takes them away, and which of them are shipped. */
import {
  basename,
  Copy,
  ignoreGlobMatches,
  type Command,
  type Instruction,
  type Stage,
  type Word,
} from "../../engine/index";
import { absoluteAt, isBelow } from "./container-paths";

/** A path in one spelling: the home folder is root's where nothing else is said. */
const spelled = (path: string): string =>
  path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, "/root").replace(/^["']|["']$/g, "");

const pathAt = (place: Instruction, path: string): string => {
  const text = spelled(path);
  return absoluteAt(place, text) ?? text.replace(/^\.\//, "");
};

const removers = new Set(["rm", "unlink", "shred", "srm", "trap"]);

/** Whether the command deletes the file, or a folder that it is in. */
export function removes(command: Command, path: string, place: Instruction): boolean {
  if (!removers.has(command.name)) return false;
  const words = command.args.flatMap((a) => a.source.split(/\s+/)).filter((w) => w !== "" && !w.startsWith("-"));
  return words.some((word) => covers(pathAt(place, word), pathAt(place, path)));
}

const covers = (glob: string, path: string): boolean =>
  glob.length > 1 && ignoreGlobMatches(glob.replace(/^\/|\/$/g, ""), path.replace(/^\//, ""));

/** The absolute path at which a COPY puts a file; undefined where that is not known. */
export function landing(copy: Copy, source: Word): string | undefined {
  const destination = copy.destination === undefined ? undefined : copy.expand(copy.destination).value;
  const from = copy.expand(source).value;
  if (destination?.known !== true || !from.known) return undefined;
  const folder = absoluteAt(copy, destination.value);
  if (folder === undefined) return undefined;
  const intoFolder = /(?:^|\/)\.{0,2}$/.test(destination.value) || copy.sources.length > 1;
  return intoFolder ? `${folder === "/" ? "" : folder}/${basename(from.value)}` : folder;
}

/** Whether a shipped stage copies the file over from the stage, by itself or in a folder. */
export function isCarriedOn(stage: Stage | undefined, path: string | undefined): boolean {
  if (stage === undefined || path === undefined) return false;
  return stage.file.effective.some((copy) => {
    if (!(copy instanceof Copy) || copy.stage?.shipped !== true || copy.fromStage?.chain.includes(stage) !== true)
      return false;
    return copy.sources.some((source) => {
      const { value } = copy.expand(source);
      const from = value.known ? `/${value.value}`.replace(/\/+/g, "/").replace(/(?<=.)\/\.?$/, "") : undefined;
      return from !== undefined && (isBelow(path, from) || covers(from, path));
    });
  });
}
