/** From which library a name comes. */
import type { CodeCall, CodeName, CodeValue } from "../../../engine/index";

/** Modules by their name, and members of them; a member that is left out stands for any. */
export interface Library {
  readonly modules: RegExp;
  readonly members?: RegExp;
}

/** Whether the name is surely one of the library's. */
export function isOf({ origin }: CodeName, { modules, members }: Library): boolean {
  if (origin === undefined) return false;
  return modules.test(origin.module.replace(/^node:/, "")) && (members === undefined || members.test(origin.member));
}

/** The value of an argument by its name, else by its place among those without one. */
export function argumentOf(call: CodeCall, place: number, ...names: readonly string[]): CodeValue | undefined {
  const named = call.arguments.find((a) => a.name !== undefined && names.includes(a.name));
  if (named !== undefined) return named.value;
  const given = call.arguments[place];
  return given?.name === undefined ? given?.value : undefined;
}
