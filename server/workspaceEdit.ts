import type {
  ChangeAnnotation,
  SnippetTextEdit,
  TextDocumentEdit,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import { type Edit, expandChoices, type Fix } from "../engine/index";
import type { Client } from "./client";
import { snippetEditsOf, textEditsOf } from "./convert";
import type { Place } from "./workspace";

/** Edits of one file, to the text that it has now. */
export interface FileChange {
  readonly file: string;
  /** The file is to be made, with these edits of the empty text. */
  readonly create?: boolean;
  readonly edits: readonly Edit[];
}

export interface EditForm {
  /** The edits' texts are snippets. */
  readonly snippets?: boolean;
  /** The client asks before it makes the edit, and shows this. */
  readonly confirm?: ChangeAnnotation;
}

/** Undefined where the client cannot make such an edit, or a file that it speaks of is not known. */
export function workspaceEdit(
  { folder }: Place,
  changes: readonly FileChange[],
  client: Client,
  form: EditForm = {},
): WorkspaceEdit | undefined {
  const known = changes.map((change) => ({ ...change, text: change.create ? "" : folder.textOf(change.file) }));
  if (changes.some((c) => c.create) && !client.createsFiles) return undefined;
  const documentChanges: NonNullable<WorkspaceEdit["documentChanges"]> = [];
  const plain: NonNullable<WorkspaceEdit["changes"]> = {};
  for (const { file, create, edits, text } of known) {
    if (text === undefined) return undefined;
    const uri = folder.uriOf(file);
    if (create) documentChanges.push({ kind: "create", uri, options: { ignoreIfExists: true } });
    documentChanges.push({
      textDocument: { uri, version: folder.versionOf(file) },
      edits: editsFor(edits, text, client, form),
    });
    plain[uri] = textEditsOf(form.snippets ? expanded(edits) : edits, text);
  }
  if (!client.versionedEdits) return { changes: plain };
  if (form.confirm === undefined || !client.confirmsEdits) return { documentChanges };
  return { documentChanges, changeAnnotations: { [annotation]: form.confirm } };
}

const annotation = "confirm";

function editsFor(edits: readonly Edit[], text: string, client: Client, form: EditForm): TextDocumentEdit["edits"] {
  const made = form.snippets
    ? client.snippetEdits
      ? snippetEditsOf(edits, text)
      : textEditsOf(expanded(edits), text)
    : textEditsOf(edits, text);
  if (form.confirm === undefined || !client.confirmsEdits) return made;
  return made.map((edit: TextEdit | SnippetTextEdit) => ({ ...edit, annotationId: annotation }));
}

const expanded = (edits: readonly Edit[]): Edit[] => edits.map((e) => ({ ...e, text: expandChoices(e.text) }));

/** The edit of a fix, in the form that its applicability asks for. */
export function fixEdit(place: Place, fix: Fix, client: Client): WorkspaceEdit | undefined {
  const own = fix.edits.length === 0 ? [] : [{ file: place.file, edits: fix.edits }];
  const others = (fix.others ?? []).map((other) => ({ ...other, file: other.file ?? place.file }));
  const confirm: ChangeAnnotation = {
    label: fix.title,
    needsConfirmation: true,
    description: "May change what the program does",
  };
  return workspaceEdit(place, [...own, ...others], client, {
    snippets: fix.applicability === "guided",
    ...(fix.applicability === "unsafe" ? { confirm } : {}),
  });
}
