import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Editor } from "./install";
import { launchWorkbench } from "./launch";
import { listenTo } from "./listener";
import type { Results, ScreenshotRequest, TypingRequest } from "./protocol";
import type { Stage } from "./stage";
import type { Suite } from "./suites";

export interface Pictures {
  /** The absolute path of the PNG file that a request by this name makes. */
  readonly file: (name: string) => string;
  readonly scale: number;
}

/** Runs one suite in a workbench of our own server, with pictures. */
export async function runOffline(
  editor: Editor,
  suite: Suite,
  stage: Stage,
  pictures: Pictures,
  signal: AbortSignal,
): Promise<Results> {
  const listener = listenTo(stage, (request) => (request.kind === "typing" ? type(request) : picture(request)));
  const workbench = await launchWorkbench(editor, {
    folder: stage.workspace,
    extension: stage.extension,
    tests: stage.tests,
    host: suite.host,
    data: stage.data,
    trust: suite.trust,
    scale: pictures.scale,
    signal,
    onLine: listener.hear,
  });

  async function picture(request: ScreenshotRequest): Promise<void> {
    const { page } = workbench;
    const take = async (name: string): Promise<void> => {
      const path = pictures.file(name);
      await mkdir(dirname(path), { recursive: true });
      await page.screenshot({ path, animations: "disabled", caret: "hide" });
    };
    if (request.sees !== undefined) {
      await page.waitForSelector(request.sees, { state: "visible" }).catch(async (error: unknown) => {
        await take(`${request.name}-missing`);
        throw error;
      });
    }
    await take(request.name);
    if (request.press !== undefined) await page.keyboard.press(request.press);
  }

  async function type({ sees, text }: TypingRequest): Promise<void> {
    const { page } = workbench;
    await page.waitForSelector(sees, { state: "visible" });
    await page.keyboard.type(text);
  }

  try {
    return listener.results(await workbench.exitCode);
  } finally {
    await workbench.stop();
  }
}
