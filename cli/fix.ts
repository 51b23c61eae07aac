/** `--fix`: applies fixes until nothing changes, and writes the files. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { applyEdits, conflict, type Edit, type FileEdits, type Finding, type Fix, meet } from "../engine/index";
import { isBelow, reasonOf } from "./discover";
import { decode, encode, type Decoded } from "./encoding";
import { hostNotice, type Fixed, type Notice } from "./outcome";
import { byCodeUnits, type OpenProject } from "./project";
import { replaceFile } from "./replace";

/** Fixes that undo each other must end some time. */
const mostRounds = 10;

export interface FixRun {
  readonly fixed: readonly Fixed[];
  readonly notices: readonly Notice[];
  /** Names of the files to report on from now on: those before, and the created ones. */
  readonly checked: readonly string[];
}

interface Round {
  /** By file. */
  readonly edits: Map<string, readonly Edit[]>;
  /** Texts of files that do not exist yet. */
  readonly created: Map<string, string>;
  readonly fixed: Fixed[];
}

/**
 * Fixes the project's checked files, in the analyser and on disk. Of one finding's fixes the first kind of `allowed` is
 * preferred. Where two findings' fixes meet the first wins, and the other has its chance in the next round. A file that
 * cannot be written stays as it was in both.
 */
export function fixProject(project: OpenProject, allowed: readonly ("safe" | "unsafe")[]): FixRun {
  const { analyser } = project;
  const fixed: Fixed[] = [];
  const before = new Map<string, string | undefined>();
  const checked = new Set(project.checked);
  for (let i = 0; i < mostRounds; i++) {
    const round = planRound(project, [...checked], allowed);
    if (round.fixed.length === 0) break;
    fixed.push(...round.fixed);
    for (const [name, edits] of round.edits) {
      const text = analyser.text(name) ?? "";
      if (!before.has(name)) before.set(name, text);
      analyser.setFile(name, applyEdits(text, edits));
    }
    for (const [name, text] of round.created) {
      before.set(name, undefined);
      analyser.setFile(name, text);
      analyser.listed(name, true);
      if (analyser.kindOf(name) !== undefined) checked.add(name);
    }
  }
  const notices: Notice[] = [];
  for (const [name, old] of before) {
    const refused = store(join(project.root, name), old, analyser.text(name) ?? "", project.documents.get(name));
    if (refused === undefined) continue;
    notices.push(hostNotice("error", `not fixed: ${refused}`, project.show(name)));
    if (old !== undefined) analyser.setFile(name, old);
    else {
      analyser.removeFile(name);
      analyser.listed(name, false);
      checked.delete(name);
    }
  }
  const failed = new Set(notices.map((n) => n.file));
  return { fixed: fixed.filter((f) => !failed.has(f.file)), notices, checked: [...checked].sort(byCodeUnits) };
}

/** The fixes of a finding; none where making them fails, which the rules' own tests are there to prevent. */
export function fixesOf(finding: Finding): readonly Fix[] {
  try {
    return finding.fixes();
  } catch {
    return [];
  }
}

function planRound(project: OpenProject, names: readonly string[], allowed: readonly ("safe" | "unsafe")[]): Round {
  const round: Round = { edits: new Map(), created: new Map(), fixed: [] };
  for (const name of names) {
    for (const finding of project.analyser.findings(name)) {
      if (finding.suppressed !== null) continue;
      const offered = fixesOf(finding);
      const wanted = allowed.flatMap((applicability) => offered.filter((fix) => fix.applicability === applicability));
      const fix = wanted.find((candidate) => addTo(round, project, name, candidate));
      if (fix === undefined) continue;
      round.fixed.push({
        file: project.show(name),
        rule: finding.rule,
        title: fix.title,
        applicability: fix.applicability,
      });
    }
  }
  return round;
}

/** Takes the fix into the round, whole or not at all; tells whether it did. */
function addTo(round: Round, project: OpenProject, name: string, fix: Fix): boolean {
  const parts: FileEdits[] = [{ file: name, edits: fix.edits }, ...(fix.others ?? [])].filter(
    (p) => p.edits.length > 0,
  );
  if (parts.length === 0 || !parts.every((part) => fits(round, project, part, name))) return false;
  for (const { file = name, create, edits } of parts) {
    if (create === true) round.created.set(file, applyEdits("", edits));
    else round.edits.set(file, [...(round.edits.get(file) ?? []), ...edits]);
  }
  return true;
}

function fits(round: Round, project: OpenProject, part: FileEdits, name: string): boolean {
  const { file = name, edits } = part;
  const path = join(project.root, file);
  if (!isBelow(project.root, path)) return false;
  if (part.create === true)
    return !round.created.has(file) && project.analyser.text(file) === undefined && !existsSync(path);
  const known = project.analyser.text(file) !== undefined && project.documents.get(file)?.exact !== false;
  return known && !conflict(edits) && !meet(round.edits.get(file) ?? [], edits);
}

/**
 * Writes the new text in the file's own encoding, unless the file is no longer as it was read. Returns the reason where
 * it was not written. `old` and `document` are undefined for a file that did not exist.
 */
function store(path: string, old: string | undefined, text: string, document: Decoded | undefined): string | undefined {
  if (text === old) return undefined;
  try {
    if (old !== undefined && decode(readFileSync(path))?.text !== old)
      return "the file was changed by someone else meanwhile";
    replaceFile(path, encode(text, document ?? { encoding: "utf-8", mark: "none" }));
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
