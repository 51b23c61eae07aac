/** Templates: real texts with few tags, `<% name %>` and sections. */
import Mustache from "mustache";
import type { View } from "./view";

/** Texts by path below `snippets/services`. */
export type Templates = Readonly<Record<string, string>>;

const tags: [string, string] = ["<%", "%>"];

/** The text with everything filled in; empty where only blanks are left. */
export function render(template: string, view: View): string {
  const text = Mustache.render(template, view, {}, { tags, escape: String });
  return text.trim() === "" ? "" : text;
}

/** `{name}`, `{snake}`, `{pascal}` and `{flat}` in a path. */
export const renderPath = (path: string, view: View): string =>
  path.replace(/\{(name|snake|pascal|flat)\}/g, (_, key: string) => String(view[key]));
