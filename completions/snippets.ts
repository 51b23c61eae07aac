/** The snippets that fit a place. */
import type { Span } from "../engine/index";
import { type Place, type Snippet, snippetFiles } from "../snippets/index";
import { expanded, hanging } from "./expand";
import type { Offer } from "./offer";

export interface SnippetPlace {
  readonly place: Place;
  /** What is replaced. */
  readonly span: Span;
  /** Spaces that the lines behind the first need beyond those that begin the line. */
  readonly hang?: number;
  /** Keys that are there already: a snippet of a map that would repeat one is left out. */
  readonly taken?: ReadonlySet<string>;
}

export function snippetsFor({ place, span, hang = 0, taken }: SnippetPlace): readonly Offer[] {
  return snippetFiles
    .filter((file) => file.place === place)
    .flatMap(({ snippets }) => Object.entries(snippets))
    .filter(([, snippet]) => taken === undefined || keysOf(snippet).every((key) => !taken.has(key)))
    .map(([title, { prefix, body }]) => ({
      label: prefix,
      kind: "snippet",
      detail: title,
      span,
      text: hanging(body.join("\n"), hang),
      about: { snippet: prefix, place },
    }));
}

/** The keys of the map that a snippet's text is. */
function keysOf({ body }: Snippet): readonly string[] {
  return expanded(body.join("\n"))
    .split("\n")
    .flatMap((line) => /^([\w./-]+):(?: |$)/.exec(line)?.[1] ?? []);
}

/** The snippet of that prefix at a place, with the language of its text. */
export function snippetOf(
  prefix: string,
  place: Place,
): { readonly snippet: Snippet; readonly language: string } | undefined {
  for (const { snippets, languages } of snippetFiles.filter((file) => file.place === place)) {
    const snippet = Object.values(snippets).find((s) => s.prefix === prefix);
    if (snippet !== undefined) return { snippet, language: languages.at(-1) ?? "" };
  }
  return undefined;
}
