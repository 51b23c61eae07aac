/** Plans the files of a new service from what the folder holds now. Nothing is written here: the client makes the edit. */
import { type ChangeAnnotation, MessageType, ShowMessageNotification, type WorkspaceEdit } from "vscode-languageserver";
import {
  choices,
  defaultChoices,
  faultOfName,
  filesToRead,
  type Plan,
  planService,
  type ServiceChoices,
} from "../../scaffold/index";
import { clientFiles } from "../clientFiles";
import { textEditsOf } from "../convert";
import type { Buffer } from "../folder";
import {
  methods,
  type NewServiceAnswer,
  type NewServiceParams,
  type ServiceFields,
  type ServiceNameParams,
  type ServiceQuestion,
} from "../protocol";
import type { Session } from "../session";
import { child, relative } from "../uri";

type Field = keyof typeof choices;
type Planned = Extract<NewServiceAnswer, { kind: "plan" }>;
type Refused = Extract<NewServiceAnswer, { kind: "refused" }>;

const fields = Object.keys(choices) as Field[];

export function serveNewService(session: Session): void {
  const { connection } = session;
  connection.onRequest(methods.serviceQuestions, (): ServiceQuestion[] =>
    fields.map((field) => ({ field, values: choices[field] })),
  );
  connection.onRequest(methods.serviceName, ({ name }: ServiceNameParams): string | null => faultOfName(name) ?? null);
  connection.onRequest<NewServiceAnswer, void>(methods.newService, (params: NewServiceParams) =>
    planFor(session, params),
  );
}

/** What a command of a client without pickers gets. */
export type NewServiceResult =
  | { readonly kind: "made"; readonly files: readonly string[]; readonly notes: readonly string[] }
  | Refused;

/** For clients that have no pickers and no preview of their own: asks the client to make the edit. Never rejects. */
export async function makeService(session: Session, given: unknown): Promise<NewServiceResult> {
  const { connection, client } = session;
  const answer = await makeIt(session, given);
  const tell = (type: MessageType, message: string): Promise<void> =>
    connection.sendNotification(ShowMessageNotification.type, { type, message });
  if (answer.kind === "refused") {
    await tell(MessageType.Error, answer.reasons.join(" "));
    return answer;
  }
  await tell(MessageType.Info, ["The service is made.", ...answer.notes].join(" "));
  if (client.showsDocuments) await connection.window.showDocument({ uri: answer.open, takeFocus: true });
  const files = [...answer.changes, ...answer.creates].map(({ file }) => file);
  return { kind: "made", files, notes: answer.notes };
}

async function makeIt(session: Session, given: unknown): Promise<NewServiceAnswer> {
  const { connection, client } = session;
  const params = await paramsOf(session, given);
  if (params === undefined)
    return refused("Say which service: `{ folder, name, language }`, where the folder is a URI.");
  if (!client.appliesEdits || !client.createsFiles)
    return refused("This editor makes no files for a language server: use `bulkhead new service` in a terminal.");
  const answer = await planFor(session, params);
  if (answer.kind === "refused") return answer;
  const label = `New service ${String(params["name"])}`;
  const { applied, failureReason } = await connection.workspace.applyEdit({
    label,
    edit: workspaceEditOf(answer, client.confirmsEdits ? { label, needsConfirmation: true } : undefined),
  });
  return applied ? answer : refused(failureReason ?? "The editor did not make the files.");
}

/** The folder may be left out where the workspace has one only. */
async function paramsOf(session: Session, given: unknown): Promise<NewServiceParams | undefined> {
  if (typeof given !== "object" || given === null) return undefined;
  const { folder, ...rest } = given as Record<string, unknown>;
  const { wholes } = await session.workspace;
  const only = wholes.length === 1 ? wholes[0]?.uri : undefined;
  const chosen = typeof folder === "string" ? folder : only;
  return chosen === undefined ? undefined : { ...(rest as ServiceFields), folder: chosen };
}

/** Files that exist are changed first: where one is not as it was, a client that checks versions makes nothing. */
function workspaceEditOf(plan: Planned, confirm: ChangeAnnotation | undefined): WorkspaceEdit {
  const id = "new-service";
  const annotated = confirm === undefined ? {} : { annotationId: id };
  const documentChanges: NonNullable<WorkspaceEdit["documentChanges"]> = plan.changes.map(
    ({ uri, version, edits }) => ({
      textDocument: { uri, version },
      edits: edits.map((edit) => ({ ...edit, ...annotated })),
    }),
  );
  const start = { line: 0, character: 0 };
  for (const { uri, text } of plan.creates) {
    const options = { overwrite: false, ignoreIfExists: false };
    documentChanges.push(
      { kind: "create", uri, options, ...annotated },
      {
        textDocument: { uri, version: null },
        edits: [{ range: { start, end: start }, newText: text, ...annotated }],
      },
    );
  }
  return confirm === undefined ? { documentChanges } : { documentChanges, changeAnnotations: { [id]: confirm } };
}

const refused = (...reasons: readonly string[]): Refused => ({ kind: "refused", reasons });

async function planFor(session: Session, params: NewServiceParams): Promise<NewServiceAnswer> {
  const read = readChoices(params);
  if (read.kind === "refused") return read;
  const templates = await session.host.templates();
  if (templates === undefined) return refused("The templates of services could not be loaded: install Bulkhead anew.");
  const target = await targetOf(session, params.folder);
  if (target === undefined) return refused("The folder could not be read.");
  const texts = new Map<string, string>();
  for (const name of filesToRead(read.choices, target.names)) {
    const text = target.buffers.get(name)?.text ?? (await target.disk(name));
    if (text !== undefined) texts.set(name, text);
  }
  const plan = planService(read.choices, { names: target.names, read: (name) => texts.get(name) }, templates);
  if (plan.kind === "refused") return plan;
  const conflicts = await conflictsOf(plan, target);
  return conflicts.length > 0 ? refused(...conflicts) : answerOf(plan, target);
}

function readChoices(given: ServiceFields): { kind: "choices"; choices: ServiceChoices } | Refused {
  const reasons: string[] = [];
  const name = given["name"];
  const fault = faultOfName(typeof name === "string" ? name : "");
  if (fault !== undefined) reasons.push(fault);
  const read: Record<string, string | boolean> = { ...defaultChoices };
  for (const field of fields) {
    const value = given[field] ?? read[field];
    const values = choices[field].map((choice): string | boolean => choice.value);
    if (value !== undefined && values.includes(value)) read[field] = value;
    else reasons.push(`\`${field}\` is one of ${values.join(", ")}.`);
  }
  if (reasons.length > 0) return refused(...reasons);
  return { kind: "choices", choices: { ...read, name } as ServiceChoices };
}

/** The folder as it is now. */
interface FreshFolder {
  readonly uri: string;
  readonly names: readonly string[];
  /** Open documents by name. */
  readonly buffers: ReadonlyMap<string, Buffer>;
  /** Undefined where there is no such file, or it is no text. */
  disk(name: string): Promise<string | undefined>;
}

/** Undefined where there is no such folder, or too much in it. */
async function targetOf(session: Session, uri: string): Promise<FreshFolder | undefined> {
  const { connection, client, host } = session;
  const own = host.filesOf(uri);
  const files = own ?? (client.ours ? clientFiles(connection) : undefined);
  if (files === undefined) return undefined;
  const disk = (name: string): Promise<string | undefined> => files.read(child(uri, name));
  const listed = await files.list(uri);
  // An editor that cannot search a place tells of an empty folder and of one that it cannot list in the same way.
  if (listed === undefined && own !== undefined) return undefined;
  const names = listed ?? (await existing(wellKnown, disk));
  const buffers = new Map<string, Buffer>();
  for (const buffer of (await session.workspace).open) {
    const name = relative(uri, buffer.uri);
    if (name !== undefined) buffers.set(name, buffer);
  }
  return { uri, names, buffers, disk };
}

/** What a service is put into, in every spelling. */
const wellKnown = [
  ...["compose", "docker-compose"].flatMap((name) => ["yaml", "yml"].map((end) => `${name}.${end}`)),
  ...["compose", "docker-compose"].flatMap((name) => ["yaml", "yml"].map((end) => `${name}.override.${end}`)),
  ".gitlab-ci.yml",
  ".git/HEAD",
];

async function existing(names: readonly string[], disk: FreshFolder["disk"]): Promise<string[]> {
  const texts = await Promise.all(names.map(disk));
  return names.filter((_, i) => texts[i] !== undefined);
}

/** What the plan could not know: unsaved changes, and files that no listing names. */
async function conflictsOf({ creates, changes }: Extract<Plan, { kind: "plan" }>, target: FreshFolder) {
  const reasons: string[] = [];
  for (const { path } of changes) {
    const buffer = target.buffers.get(path);
    if (buffer !== undefined && !sameText(buffer.text, await target.disk(path)))
      reasons.push(`\`${path}\` has unsaved changes: save it first.`);
  }
  const paths = creates.map(({ path }) => path);
  const there = new Set(await existing(paths, target.disk));
  for (const path of paths) if (there.has(path)) reasons.push(`\`${path}\` exists already.`);
  return reasons;
}

/** An editor gives all lines of a document the same end. */
const sameText = (a: string, b: string | undefined): boolean => b !== undefined && unified(a) === unified(b);

const unified = (text: string): string => text.replaceAll("\r\n", "\n");

function answerOf(plan: Extract<Plan, { kind: "plan" }>, { uri, buffers }: FreshFolder): Planned {
  const programs = plan.creates.filter(({ executable }) => executable).map(({ path }) => path);
  const bits = programs.length === 0 ? [] : [`Make the script executable: \`chmod +x ${programs.join(" ")}\`.`];
  return {
    kind: "plan",
    creates: plan.creates.map(({ path, text }) => ({ uri: child(uri, path), file: path, text })),
    changes: plan.changes.map(({ path, before, edits }) => ({
      uri: buffers.get(path)?.uri ?? child(uri, path),
      file: path,
      version: buffers.get(path)?.version ?? null,
      before,
      edits: textEditsOf(edits, before),
    })),
    notes: [...bits, ...plan.notes],
    open: child(uri, plan.open),
  };
}
