import * as vscode from "vscode";
import {
  type Answer,
  answerFile,
  answersFolder,
  type Message,
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
  const folder = vscode.Uri.joinPath(workspaceFolder(), "..", answersFolder);
  if ((await read(() => vscode.workspace.fs.stat(folder))) === undefined) return;
  counter.last += 1;
  const request: ScreenshotRequest = { kind: "screenshot", id: counter.last, name, ...how };
  say(request);
  const file = vscode.Uri.joinPath(folder, answerFile(request));
  const answer = await eventually(`the driver takes the picture ${name}`, () => answerIn(file));
  if (answer.error !== undefined) throw new Error(`no picture ${name}: ${answer.error}`);
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
