/**
 * What a suite in the editor and the driver outside say to each other. A suite speaks in console lines, which reach
 * the driver from every extension host; the driver answers with files beside the workspace, which every extension host
 * can read through `vscode.workspace.fs`.
 */

/** Asks for a picture of the window; `id` is new for each request of a run. */
export interface ScreenshotRequest {
  readonly kind: "screenshot";
  readonly id: number;
  /** The picture's file name without extension. */
  readonly name: string;
  /** CSS selector of what must be visible before the picture is taken. */
  readonly sees?: string;
  /** The key, in Playwright's spelling, that is pressed afterwards, such as `Escape`. */
  readonly press?: string;
}

/** Asks for text to be typed; `id` as above. */
export interface TypingRequest {
  readonly kind: "typing";
  readonly id: number;
  /** CSS selector of what must be visible before. */
  readonly sees: string;
  readonly text: string;
}

export type Request = ScreenshotRequest | TypingRequest;

export interface Results {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export type Message =
  | { readonly kind: "line"; readonly text: string }
  | ({ readonly kind: "results" } & Results)
  | Request;

/** The driver's answer to a request; `error` is set where the request could not be met. */
export interface Answer {
  readonly error?: string;
}

/** The folder of answers, beside the workspace folder. It exists only where a driver answers. */
export const answersFolder = "answers";

export const answerFile = (request: Request): string => `${request.id}.json`;

const mark = "@@bulkhead ";

/** The console line that carries a message. */
export const writeMessage = (message: Message): string => mark + JSON.stringify(message);

/** The message that a console line carries, or undefined for any other line. */
export function readMessage(line: string): Message | undefined {
  if (!line.startsWith(mark)) return undefined;
  return JSON.parse(line.slice(mark.length)) as Message;
}
