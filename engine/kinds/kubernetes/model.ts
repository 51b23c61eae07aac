/** A file of manifests: its text, its documents, its objects. */
import { parseYaml, type YamlDocument, type YamlStream } from "../../languages/yaml/document";
import type { Edit } from "../../text/edit";
import type { Span } from "../../text/span";
import type { Comment } from "../kind";
import { commentAbove, commentsIn, withoutComment } from "../yamlComments";
import { Field, FieldHome } from "./field";
import { Manifest, type Role } from "./manifest";
import type { Pod } from "./pod";
import { isTemplate, maskTemplate, type MaskedTemplate } from "./template";

/** Lines of Jinja, whose files are no YAML before they are filled in. */
const jinja = /^[ \t]{0,40}\{%/m;

/** Lists in lists end here. */
const deepestList = 5;
const validVersion = /^(?:[a-z0-9.-]+\/)?v\d\w*$/;

export class ManifestFile {
  readonly stream: YamlStream;
  readonly template: MaskedTemplate | undefined;
  private found: readonly Manifest[] | undefined;
  /** Of documents whose text, and all that it is read with, is as it was; until somebody asks. */
  private kept: ReadonlyMap<YamlDocument, readonly Manifest[]> | undefined;
  private byDocument: ReadonlyMap<YamlDocument, readonly Manifest[]> | undefined;

  constructor(
    readonly file: string,
    readonly text: string,
    readonly role: Role,
    previous: ManifestFile | undefined,
  ) {
    this.template = isTemplate(text) ? maskTemplate(text) : undefined;
    this.stream = parseYaml(this.template?.text ?? text, previous?.stream, { booleans: "1.1" });
    const isAlike =
      previous?.file === file && previous.role === role && !previous.template && this.template === undefined;
    this.kept = isAlike ? (previous.byDocument ?? previous.kept) : undefined;
  }

  get manifests(): readonly Manifest[] {
    this.found ??= jinja.test(this.text) ? [] : this.find();
    return this.found;
  }

  podsOf(manifest: Manifest): readonly Pod[] {
    return manifest.pods;
  }

  private find(): readonly Manifest[] {
    const byDocument = new Map<YamlDocument, readonly Manifest[]>();
    const found: Manifest[] = [];
    for (const document of this.stream.documents) {
      const all = this.kept?.get(document) ?? this.manifestsOf(document);
      const placed = all.map((manifest, i) => numbered(manifest, found.length + i));
      byDocument.set(document, placed);
      found.push(...placed);
    }
    this.kept = undefined;
    this.byDocument = byDocument;
    return found;
  }

  get comments(): readonly Comment[] {
    return commentsIn(this.stream, (at) => this.template?.placeOf(at) ?? at);
  }

  /** Writes a comment line above the entry or item around the place; a JSON file takes none. */
  insertComment(at: Span, text: string): Edit {
    return commentAbove(this.text, at, text, this.stream.documents[0]?.terminator);
  }

  /** Takes a comment, or a part of one, away; with its line where nothing else is left on it. */
  removeComment(at: Span): Edit {
    return withoutComment(this.text, at);
  }

  private manifestsOf(document: YamlDocument): readonly Manifest[] {
    const home = new FieldHome(this.file, document, this.template);
    const root = new Field(home, document.resolved, undefined, undefined);
    const role = this.template?.isShaped === true && this.role === "whole" ? "template" : this.role;
    return objectsIn(root, role, undefined, 0);
  }
}

const numbered = (manifest: Manifest, index: number): Manifest =>
  manifest.index === index ? manifest : new Manifest(manifest.root, manifest.role, index, givenOf(manifest));

const givenOf = (manifest: Manifest): { apiVersion: string; kind: string } => ({
  apiVersion: manifest.apiVersion,
  kind: manifest.kind,
});

/** The objects that a document is, or lists. */
function objectsIn(
  root: Field,
  role: Role,
  given: { readonly apiVersion: string; readonly kind: string } | undefined,
  depth: number,
): readonly Manifest[] {
  if (root.kind !== "map" || depth > deepestList) return [];
  const manifest = new Manifest(root, role, 0, given);
  const { apiVersion, kind } = manifest;
  const items = root.get("items");
  const isList = kind.endsWith("List") && items?.kind === "list";
  if (isList) {
    // The items of a `DeploymentList` need not say what they are.
    const of = kind === "List" ? undefined : { apiVersion, kind: kind.slice(0, -"List".length) };
    return items.items.flatMap((item) => objectsIn(item, role, of, depth + 1));
  }
  return kind !== "" && validVersion.test(apiVersion) ? [manifest] : [];
}
