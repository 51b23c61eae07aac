/** Compose projects as tests write them. */
import { Compositions } from "../../engine/kinds/compose/compositions";
import { composeKind } from "../../engine/kinds/compose/kind";
import type { ComposeFile } from "../../engine/kinds/compose/file";
import type { ComposeProject } from "../../engine/kinds/compose/project";
import type { ComposeSummary } from "../../engine/kinds/compose/summarise";
import type { FileEdits } from "../../engine/fix";
import type { Span } from "../../engine/text/span";
import { applyEdits, type Edit } from "../../engine/text/edit";
import { languages } from "./engine";

/** The files of a project: name and text. */
export type Texts = Readonly<Record<string, string>>;

export interface Read {
  /** The projects that the first file takes part in. */
  readonly projects: readonly ComposeProject[];
  /** The first of them. */
  readonly project: ComposeProject;
  /** The characters at a place. */
  at(place: (Span & { readonly file?: string }) | undefined): string | undefined;
  /** A file's text after the edits; undefined where there are none. */
  edited(edits: readonly Edit[] | FileEdits | undefined, file?: string): string | undefined;
}

const isComposeName = (name: string): boolean => /\.ya?ml$/.test(name);

/** Reads the first file in its surroundings, nothing but the texts given being known. */
export async function read(texts: Texts): Promise<Read> {
  const { shell } = await languages();
  const models = new Map<string, ComposeFile>();
  for (const [name, text] of Object.entries(texts)) {
    if (isComposeName(name)) models.set(name, composeKind.parse(text, undefined, { shell }, []));
  }
  const summaries = new Map<string, ComposeSummary>([...models].map(([name, m]) => [name, composeKind.summarise(m)]));
  const files = {
    text: (name: string) => texts[name],
    exists: (name: string) => name in texts,
    stream: (name: string) => models.get(name)?.stream,
    summaries: () => summaries,
    revision: 0,
  };
  const main = Object.keys(texts)[0] ?? "";
  const projects = new Compositions(files, shell).projectsOf(main);
  const [project] = projects;
  if (project === undefined) throw new Error("there is no project");
  return {
    projects,
    project,
    at: (place) => place && (texts[place.file ?? main] ?? "").slice(place.start, place.end),
    edited(edits, file = main) {
      if (edits === undefined) return undefined;
      const all = "edits" in edits ? edits : { file, edits };
      return applyEdits(texts[all.file ?? file] ?? "", all.edits);
    },
  };
}
