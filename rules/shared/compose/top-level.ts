/** Fixes that reach beside the service: new networks, secrets, and services of their own. */
import {
  type Applicability,
  type ComposeProject,
  conflict,
  type Edit,
  type FileEdits,
  type Fix,
  fixIn,
  type Into,
  Resource,
  type YamlData,
} from "../../../engine/index";

/** Sets a value below the root of a file of the project, the first that there is where `into` names none. */
export const setAtTop = (
  project: ComposeProject,
  path: readonly (string | number)[],
  data: YamlData,
  into: Into = {},
): FileEdits | undefined => new Resource("networks", "", project.loaded.model).set(path, data, into);

/** What is inserted at one place as one, in the order in which it is given. */
function joined(edits: readonly Edit[]): readonly Edit[] {
  const all: Edit[] = [];
  for (const edit of edits) {
    const same = all.findIndex(({ span }) => span.start === edit.span.start && span.end === edit.span.end);
    const first = all[same];
    if (first === undefined) all.push(edit);
    else all[same] = { span: first.span, text: first.text + edit.text };
  }
  return all;
}

/**
 * As `fixIn`, for edits that may meet at the end of a service, which is the end of the file as well: give the inner ones
 * first. Undefined where they touch each other otherwise, or another file than the finding's own.
 */
export function fixTogether(
  file: string,
  title: string,
  applicability: Applicability,
  all: readonly (FileEdits | undefined)[],
): Fix | undefined {
  const fix = fixIn(file, title, applicability, all);
  const edits = joined(fix?.edits ?? []);
  return fix === undefined || fix.others !== undefined || conflict(edits) ? undefined : { ...fix, edits };
}
