import * as vscode from "vscode";
import {
  type Answer,
  answerFile,
  answersFolder,
  type Message,
  type Request,
  type ScreenshotRequest,
  writeMessage,
} from "../../../scripts/editor/protocol";
import { eventually } from "./wait";

/** Says something to the driver outside the editor. */
export function say(message: Message): void {
  console.log(writeMessage(message));
}

/** The folder that the window shows. Throws where it shows none. */
export function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (folder === undefined) throw new Error("the window shows no folder");
  return folder;
}

const counter = { last: 0 };

/**
 * Has the driver take a picture of the window, and returns when it is taken. Does nothing where no driver answers.
 * Throws where what the picture must show does not appear.
 */
export async function screenshot(name: string, how: Pick<ScreenshotRequest, "sees" | "press">): Promise<void> {
  await request(`the driver takes the picture ${name}`, (id) => ({ kind: "screenshot", id, name, ...how }));
}

/** Has the driver type into what it sees: whether it did, because a driver answers. */
export function type(text: string, sees: string): Promise<boolean> {
  return request(`the driver types ${text}`, (id) => ({ kind: "typing", id, text, sees }));
}

async function request(what: string, make: (id: number) => Request): Promise<boolean> {
  const folder = vscode.Uri.joinPath(workspaceFolder(), "..", answersFolder);
  if ((await read(() => vscode.workspace.fs.stat(folder))) === undefined) return false;
  counter.last += 1;
  const asked = make(counter.last);
  say(asked);
  const file = vscode.Uri.joinPath(folder, answerFile(asked));
  const answer = await eventually(what, () => answerIn(file));
  if (answer.error !== undefined) throw new Error(`not met: ${what}: ${answer.error}`);
  return true;
}

/** Undefined while there is none, or only a part of it. */
async function answerIn(file: vscode.Uri): Promise<Answer | undefined> {
  const bytes = await read(() => vscode.workspace.fs.readFile(file));
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

async function read<T>(from: () => Thenable<T>): Promise<T | undefined> {
  try {
    return await from();
  } catch {
    return undefined;
  }
}
