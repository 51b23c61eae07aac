import { basename } from "../../text/path";
import { serviceShape } from "./serviceShape";
import { composeShape } from "./specification";

/** Names that say it. */
const usualNames = /^(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml$/i;
/** What a file of that name may be instead: a workflow, a manifest, a pipeline, a description of an interface. */
const otherFiles = /^(?:apiVersion|jobs|openapi|swagger|steps|stages)[ \t]*:/m;
const servicesKey = /^(?:services|"services")[ \t]*:/m;
const yamlName = /\.ya?ml$/i;
const notOurs = /^(?:pnpm-lock|mkdocs|action|Chart|values[\w.-]*)\.ya?ml$/i;

/**
 * Whether a file describes compose services: by its name, or by a text in which every key of the top and of every
 * service is one of compose's. Other files with `services:` (of workflows, Home Assistant, Symfony, Drupal, catalogues)
 * have other keys.
 */
export function isCompose(file: string, text: string, languageId?: string): boolean {
  if (languageId === "dockercompose") return true;
  if (text.startsWith("\uFEFF")) return isCompose(file, text.slice(1));
  const name = basename(file);
  if (usualNames.test(name)) return !otherFiles.test(text) || servicesKey.test(text);
  if (!yamlName.test(name) || notOurs.test(name)) return false;
  return servicesKey.test(text) && hasOnlyOurKeys(text);
}

/** Whether the name makes it worth reading the file. */
export function mayBeCompose(file: string): boolean {
  const name = basename(file);
  return (
    usualNames.test(name) || /^(?:[\w.-]*[._-])?(?:compose|stack|services|swarm)(?:[._-][\w.-]+)?\.ya?ml$/i.test(name)
  );
}

const entryLine = /^( *)(?:"([^"]*)"|'([^']*)'|([^\s#'"{}[\],&*!|>%@`-][^:#]*)):(?:[ \t](.*))?$/;

const isTopKey = (key: string): boolean => Object.hasOwn(composeShape.mapping?.keys ?? {}, key) || key.startsWith("x-");
const isServiceKey = (key: string): boolean =>
  Object.hasOwn(serviceShape.mapping?.keys ?? {}, key) || key.startsWith("x-") || key === "<<";

/** Reads lines, not YAML: it is asked at every keystroke, in every YAML file. */
function hasOnlyOurKeys(text: string): boolean {
  let section = "";
  let nameIndent = 0;
  let keyIndent = 0;
  let isRunnable = false;
  for (const line of text.slice(0, 200_000).split(/\r?\n/)) {
    const entry = entryLine.exec(line);
    if (entry === null) {
      if (/^[^\s#-]/.test(line) && !/^(?:---|\.\.\.|%|\ufeff)/.test(line)) return false;
      continue;
    }
    const indent = (entry[1] ?? "").length;
    const key = entry[2] ?? entry[3] ?? entry[4]?.trimEnd() ?? "";
    if (indent === 0) {
      if (!isTopKey(key)) return false;
      section = key;
      nameIndent = 0;
      continue;
    }
    if (section !== "services") continue;
    if (nameIndent === 0) nameIndent = indent;
    if (indent < nameIndent) return false;
    if (indent === nameIndent) {
      const value = (entry[5] ?? "").replace(/#.*/, "").trim();
      if (value !== "" && !/^[{&*!<]/.test(value)) return false;
      keyIndent = 0;
      continue;
    }
    if (keyIndent === 0) keyIndent = indent;
    if (indent > keyIndent) continue;
    if (!isServiceKey(key)) return false;
    if (key === "image" || key === "build" || key === "extends") isRunnable = true;
  }
  return isRunnable;
}
