/** What is offered while somebody types, where ours adds something: snippets where they fit, and secure values. */
import { basename, codeLanguageOf, configNames, yamlCursor } from "../engine/index";
import { type Place, snippetFiles } from "../snippets/index";
import { beginsStatement } from "./code";
import { composeOffers } from "./compose";
import { dockerfileOffers } from "./dockerfile";
import { documentOffers, kubernetesOffers } from "./kubernetes";
import { lineEnd, lineStart, type Offer, type Request, wordBefore } from "./offer";
import { snippetsFor } from "./snippets";

export { expanded } from "./expand";
export { type About, type Offer, type Request, triggerCharacters } from "./offer";
export { snippetOf } from "./snippets";

/** Longer texts are not written by hand; in characters. */
const longest = 500_000;

/**
 * In the order of their weight; empty where nothing is sure to fit. Looks at the one text alone. Behind a trigger
 * character only what completes a line that was begun: nobody wants a list for every blank of an indentation.
 */
export function offersAt(request: Request): readonly Offer[] {
  const { text, offset, trigger } = request;
  if (text.length > longest || offset > text.length) return [];
  if (trigger !== undefined && !mayFollow(text.slice(lineStart(text, offset), offset), request)) return [];
  const offers = offersOf(request);
  return trigger === undefined ? offers : offers.filter((offer) => offer.kind === "value");
}

/** Looks at the line alone: blanks are typed all the time. */
function mayFollow(before: string, { kind, trigger }: Request): boolean {
  if (kind === "dockerfile") return /\S/.test(before) && before.trim() !== "-";
  if (kind !== "compose" && kind !== "kubernetes") return false;
  return trigger === " " ? /[:-] +$/.test(before) : /[:-] +\S+$/.test(before);
}

function offersOf(request: Request): readonly Offer[] {
  switch (request.kind) {
    case "dockerfile":
      return dockerfileOffers(request);
    case "compose":
      return composeOffers(request);
    case "kubernetes":
      return kubernetesOffers(request);
    case "dockerignore":
      return wholeFile(request, "dockerignore");
    case "code":
      return codeOffers(request);
    case "text":
      return textOffers(request);
    default:
      return [];
  }
}

/** YAML files that are something else, whatever will stand in them. */
const otherYaml =
  /(?:^|\/)(?:\.[^/]*|values[\w.-]*|Chart|mkdocs|action|pnpm-lock|kustomization|skaffold|helmfile|openapi|swagger|\w*config)\.ya?ml$|(?:^|\/)(?:\.[^/]+|templates)\//i;

/** A file that is nothing yet. */
function textOffers(request: Request): readonly Offer[] {
  const { file, text, offset, languageId } = request;
  const name = basename(file);
  if (/^\.env(?:\.[\w.-]+)?$|^[\w-]+\.env$/.test(name) || languageId === "dotenv") return wholeFile(request, "dotenv");
  if (name === "daemon.json") return wholeFile(request, "daemon-json");
  if (!/\.ya?ml$/i.test(name) && languageId !== "yaml" && languageId !== "kubernetes") return [];
  if (otherYaml.test(file) || (configNames as readonly string[]).includes(name)) return [];
  const cursor = yamlCursor(text, offset);
  return cursor === undefined || !isAlone(request) ? [] : documentOffers(cursor);
}

/** Whether the text has nothing but comments, marks between documents, and what is typed in this line. */
function isAlone({ text, offset }: Request): boolean {
  const rest = text.slice(0, lineStart(text, offset)) + text.slice(lineEnd(text, offset));
  return rest.split(/\r?\n/).every((line) => /^\ufeff?\s*(?:#|---\s*$|$)/.test(line));
}

/** A word that may become the prefix of a snippet, in a file with nothing else. */
function wholeFile(request: Request, place: Place): readonly Offer[] {
  const { text, offset } = request;
  const word = wordBefore(text, offset);
  const line = text.slice(lineStart(text, offset), lineEnd(text, offset));
  if (line.trim() !== word || !isAlone(request)) return [];
  return snippetsFor({ place, span: { start: offset - word.length, end: offset } });
}

function codeOffers({ file, text, offset, languageId }: Request): readonly Offer[] {
  const language = codeLanguageOf(file, languageId);
  if (language === undefined || text.slice(offset, lineEnd(text, offset)).trim() !== "") return [];
  const word = wordBefore(text, offset);
  const start = offset - word.length;
  if (!beginsStatement(text, start, language)) return [];
  const place = snippetFiles.find(({ languages }) => languages.includes(language))?.place;
  return place === undefined ? [] : snippetsFor({ place, span: { start, end: offset } });
}
