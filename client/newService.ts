/** Asks what a new service shall be, shows what the server plans, and has the editor make it. */
import {
  commands,
  type Disposable,
  FileType,
  ProgressLocation,
  Range,
  type TextDocument,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
  type WorkspaceEditEntryMetadata,
  type WorkspaceFolder,
} from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import {
  commands as ids,
  methods,
  type NewServiceAnswer,
  type NewServiceParams,
  type ReplacedText,
  type ServiceFields,
  type ServiceNameParams,
  type ServiceQuestion,
} from "../server/protocol";
import { ask, type Question } from "./steps";
import { tried } from "./tried";

type Plan = Extract<NewServiceAnswer, { kind: "plan" }>;

const title = "New secure service";

export function registerNewService(client: BaseLanguageClient): Disposable {
  return commands.registerCommand(ids.newService, (subject?: unknown) => newService(client, subject));
}

/** `subject` is a folder of the explorer, or {@link NewServiceParams}, which leave nothing to ask. */
async function newService(client: BaseLanguageClient, subject: unknown): Promise<void> {
  const params = isParams(subject) ? subject : await chooseService(client, folderOf(subject));
  if (params === undefined) return;
  const answer = await window.withProgress({ location: ProgressLocation.Window, title: "Bulkhead: planning" }, () =>
    client.sendRequest<NewServiceAnswer>(methods.newService, params),
  );
  if (answer.kind === "refused") return refuse(answer.reasons);
  const documents = await openUnchanged(answer);
  if ("reasons" in documents) return refuse(documents.reasons);
  const name = String(params["name"]);
  const folder = Uri.parse(params.folder);
  const outcome = await propose(answer, folder, name);
  if (outcome === "made") return conclude(answer, name);
  const tookBack = await takeBack(answer, documents, folder, outcome);
  const reasons = await changedMeanwhile(answer, documents);
  if (tookBack) reasons.push("The editor could not make every file, so those that it had made are removed again.");
  if (reasons.length > 0) refuse(reasons);
}

const isParams = (subject: unknown): subject is NewServiceParams =>
  typeof subject === "object" && subject !== null && "folder" in subject && "name" in subject;

const folderOf = (subject: unknown): Uri | undefined => (subject instanceof Uri ? subject : undefined);

const words: Readonly<Record<string, string>> = {
  language: "In which language?",
  database: "Which database does it keep things in?",
  broker: "Which broker does it speak to?",
  gateway: "Does it get a gateway?",
  manifests: "How is it deployed to a cluster?",
  ci: "Which pipeline tests and builds it?",
};

/** Undefined where somebody gives up, or there is no folder that it could go into. */
async function chooseService(
  client: BaseLanguageClient,
  given: Uri | undefined,
): Promise<NewServiceParams | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  const only = given ?? (folders.length === 1 ? folders[0]?.uri : undefined);
  if (only === undefined && folders.length === 0) return offerFolder();
  const asked = await client.sendRequest<readonly ServiceQuestion[]>(methods.serviceQuestions);
  const questions: Question[] = [
    ...(only === undefined ? [folderQuestion(folders)] : []),
    nameQuestion(client, only),
    ...asked.map(({ field, values }) => ({ field, values, placeHolder: words[field] ?? field })),
  ];
  const where = only === undefined || isRoot(only) ? "" : ` in ${workspace.asRelativePath(only)}`;
  const answers = await ask(`${title}${where}`, questions);
  if (answers === undefined) return undefined;
  const fields: ServiceFields = Object.fromEntries(answers);
  return { ...fields, folder: only?.toString() ?? String(answers.get("folder")) };
}

const isRoot = (uri: Uri): boolean =>
  workspace.workspaceFolders?.some((folder) => folder.uri.toString() === uri.toString()) === true;

async function offerFolder(): Promise<undefined> {
  const open = "Open Folder…";
  const chosen = await window.showInformationMessage("A new service needs a folder that it can go into.", open);
  if (chosen === open) await commands.executeCommand("vscode.openFolder");
}

const folderQuestion = (folders: readonly WorkspaceFolder[]): Question => ({
  field: "folder",
  placeHolder: "Which folder does it go into?",
  values: folders.map(({ name, uri }) => ({ value: uri.toString(), label: name, description: uri.path })),
});

function nameQuestion(client: BaseLanguageClient, only: Uri | undefined): Question {
  return {
    field: "name",
    prompt: "The name of the service: lower-case words joined by hyphens",
    placeHolder: "order-intake",
    async fault(name, answers) {
      const params: ServiceNameParams = { name };
      const fault = await client.sendRequest<string | null>(methods.serviceName, params);
      if (fault !== null) return plain(fault);
      const folder = only ?? Uri.parse(String(answers.get("folder")));
      return (await exists(Uri.joinPath(folder, name))) ? `${name} exists already.` : null;
    },
  };
}

/** Messages of the editor are no Markdown. */
const plain = (text: string): string => text.replaceAll("`", "");

/** Reasons that fit into a message. */
const few = 3;

/** Does not wait until somebody has read it. */
function refuse(reasons: readonly string[]): void {
  const texts = reasons.map(plain);
  const all = "Show All";
  const more = texts.length > few ? [all] : [];
  const shown = more.length > 0 ? [...texts.slice(0, few), `And ${texts.length - few} more.`] : texts;
  void window.showErrorMessage(`No service was made: ${shown.join(" ")}`, ...more).then((chosen) => {
    if (chosen !== all) return;
    void window.showErrorMessage("No service was made.", { modal: true, detail: texts.join("\n") });
  });
}

/** A document that will change. */
interface Changing {
  readonly document: TextDocument;
  readonly before: string;
  readonly after: string;
}

type Changings = readonly Changing[];

/** The files that will change must be as the plan saw them, and nobody may be writing those that will come. */
async function openUnchanged({ creates, changes }: Plan): Promise<Changings | { readonly reasons: readonly string[] }> {
  const changings: Changing[] = [];
  const unsaved = new Set(workspace.textDocuments.filter((d) => d.isDirty).map((d) => d.uri.toString()));
  const reasons = creates
    .filter(({ uri }) => unsaved.has(Uri.parse(uri).toString()))
    .map(({ file }) => `${file} is open with unsaved text.`);
  for (const { uri, file, before, edits } of changes) {
    const document = await workspace.openTextDocument(Uri.parse(uri));
    const text = document.getText();
    if (document.isDirty) reasons.push(`${file} has unsaved changes: save it first.`);
    else if (!sameText(text, before)) reasons.push(`${file} was changed meanwhile.`);
    changings.push({ document, before: text, after: edited(document, edits) });
  }
  return reasons.length > 0 ? { reasons } : changings;
}

/** An editor gives all lines of a document the same end. */
const sameText = (a: string, b: string): boolean => unified(a) === unified(b);

const unified = (text: string): string => text.replaceAll("\r\n", "\n");

function edited(document: TextDocument, edits: readonly ReplacedText[]): string {
  const text = document.getText();
  const parts: string[] = [];
  let at = 0;
  for (const { range, newText } of [...edits].sort((a, b) =>
    rangeOf(a.range).start.compareTo(rangeOf(b.range).start),
  )) {
    const { start, end } = rangeOf(range);
    parts.push(text.slice(at, document.offsetAt(start)), newText);
    at = document.offsetAt(end);
  }
  return [...parts, text.slice(at)].join("");
}

const rangeOf = ({ start, end }: ReplacedText["range"]): Range =>
  new Range(start.line, start.character, end.line, end.character);

/** `untouched`: no file was made. `begun`: the editor began to make them, and did not come to the end. */
type Outcome = "made" | "untouched" | "begun";

/** Shows all of it, and makes it where somebody agrees. */
async function propose(plan: Plan, folder: Uri, name: string): Promise<Outcome> {
  const edit = new WorkspaceEdit();
  // What is to be confirmed begins unticked, file by file. This one is there already, so nobody sees it; it brings the
  // preview, in which everything else begins ticked.
  edit.createFile(folder, { ignoreIfExists: true }, { label: title, needsConfirmation: true });
  const changed: WorkspaceEditEntryMetadata = { label: "Changes of your files", needsConfirmation: false };
  // First, because the editor checks all versions before it changes one, and all names before it makes one.
  for (const { uri, edits } of plan.changes)
    for (const { range, newText } of edits) edit.replace(Uri.parse(uri), rangeOf(range), newText, changed);
  const made: WorkspaceEditEntryMetadata = { label: `New files of ${name}`, needsConfirmation: false };
  for (const { uri, text } of plan.creates)
    edit.createFile(Uri.parse(uri), { overwrite: false, contents: new TextEncoder().encode(text) }, made);

  const wanted = new Set(plan.creates.map(({ uri }) => Uri.parse(uri).toString()));
  let begun = false;
  const listener = workspace.onWillCreateFiles(({ files }) => {
    if (files.some((file) => wanted.has(file.toString()))) begun = true;
  });
  try {
    if (await workspace.applyEdit(edit, { isRefactoring: true })) return "made";
    return begun ? "begun" : "untouched";
  } finally {
    listener.dispose();
  }
}

/** Undoes what the editor did of an edit that it did not finish; whether there were files of it. */
async function takeBack(plan: Plan, changings: Changings, folder: Uri, outcome: Outcome): Promise<boolean> {
  for (const { document, before, after } of changings) {
    if (!document.isDirty || !sameText(document.getText(), after)) continue;
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, new Range(0, 0, document.lineCount, 0), before);
    if (await workspace.applyEdit(edit)) await document.save();
  }
  // Where the editor did not begin, a file with our text is somebody else's.
  if (outcome !== "begun") return false;
  for (const { uri, text } of plan.creates) {
    const file = Uri.parse(uri);
    if ((await textOf(file)) === text) await removeWithEmptyFolders(file, folder);
  }
  return true;
}

async function removeWithEmptyFolders(file: Uri, top: Uri): Promise<void> {
  await workspace.fs.delete(file);
  for (
    let folder = Uri.joinPath(file, "..");
    folder.path.length > top.path.length;
    folder = Uri.joinPath(folder, "..")
  ) {
    if ((await workspace.fs.readDirectory(folder)).length > 0) return;
    await workspace.fs.delete(folder, { recursive: true });
  }
}

/** What stands in the way now and did not when the plan was made. */
async function changedMeanwhile({ creates }: Plan, changings: Changings): Promise<string[]> {
  const appeared: string[] = [];
  for (const { uri, file } of creates) if (await exists(Uri.parse(uri))) appeared.push(`${file} exists now.`);
  const changed = changings.filter(({ document, before }) => !sameText(document.getText(), before));
  return [
    ...appeared,
    ...changed.map(({ document }) => `${workspace.asRelativePath(document.uri)} was changed meanwhile.`),
  ];
}

/** Says what was made and what is left to do, and opens what explains it. */
async function conclude({ creates, changes, notes, open }: Plan, name: string): Promise<void> {
  const made = await Promise.all(creates.map(({ uri }) => exists(Uri.parse(uri))));
  const count = made.filter(Boolean).length;
  if (count === 0) return;
  tried("serviceMade");
  const files = count === creates.length ? `${count} files are made` : `${count} of ${creates.length} files are made`;
  const others = changes.map(({ file }) => `, ${file} is changed`).join("");
  const left = notes.length === 0 ? "" : ` Left to do: ${notes.map(plain).join(" ")}`;
  void window.showInformationMessage(`${name}: ${files}${others}.${left}`);
  const page = Uri.parse(open);
  if (await exists(page)) await window.showTextDocument(page, { preview: false });
}

const exists = (uri: Uri): Thenable<boolean> =>
  workspace.fs.stat(uri).then(
    ({ type }) => type !== FileType.Unknown,
    () => false,
  );

async function textOf(uri: Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
