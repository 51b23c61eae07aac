/** Looks through every text file of the workspace, closed ones too, when somebody asks for it. */
import { isTextName } from "../../engine/index";
import { isHidden, type Folder } from "../folder";
import { gitIgnores } from "../ignored";
import type { Session } from "../session";
import type { Publisher } from "./diagnostics";

/** Files between two words on how far it is. */
const stride = 50;

export async function survey(session: Session, publish: Publisher): Promise<void> {
  const workspace = await session.workspace;
  const progress = await session.connection.window.createWorkDoneProgress();
  progress.begin("Bulkhead: checking all files", 0, undefined, true);
  let done = 0;
  const found = new Set<string>();
  try {
    for (const folder of workspace.wholes) {
      await workspace.settled(folder);
      const files = filesOf(folder);
      for (const file of files) {
        if (progress.token.isCancellationRequested || folder.gone) return;
        if (done++ % stride === 0) progress.report(Math.round((100 * done) / files.length), file);
        const seen = await workspace.lookInto(folder, file);
        if (seen === undefined) continue;
        publish.surveyed(folder, seen);
        if (seen.findings.length > 0) found.add(seen.uri);
      }
    }
    publish.surveyEnded(found);
  } finally {
    progress.done();
  }
}

function filesOf(folder: Folder): readonly string[] {
  const isIgnored = gitIgnores((file) => folder.textOf(file));
  return [...(folder.listing ?? [])].filter(
    (file) => !isHidden(file) && isTextName(file) && folder.speaksOf(file) && !isIgnored(file),
  );
}
