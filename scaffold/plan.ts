/** Plans a new service: which files come, which change, and what stands in the way. */
import { basename, mayBeCompose, type Edit } from "../engine/index";
import { faultOfName, type ServiceChoices } from "./choices";
import { planCompose } from "./planCompose";
import { planPipeline, rootPipeline } from "./planPipeline";
import { render, renderPath, type Templates } from "./template";
import { viewOf, type View } from "./view";

/** The folder that the service goes into. Names are relative to it, with `/`. */
export interface Target {
  /** Every file; `.git/HEAD` where it is a repository. */
  readonly names: readonly string[];
  /** Undefined where there is no such file, or it is no text. Asked only for what {@link filesToRead} gives. */
  read(name: string): string | undefined;
}

export interface NewFile {
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
}

export interface ChangedFile {
  readonly path: string;
  readonly before: string;
  /** Of `before`; they do not conflict. */
  readonly edits: readonly Edit[];
}

export type Plan =
  | {
      readonly kind: "plan";
      /** In the order of their paths. */
      readonly creates: readonly NewFile[];
      readonly changes: readonly ChangedFile[];
      /** What the user must still do, one sentence each. */
      readonly notes: readonly string[];
      /** The file to show afterwards. */
      readonly open: string;
    }
  | {
      readonly kind: "refused";
      /** Every conflict by name, one sentence each. */
      readonly reasons: readonly string[];
    };

/** What one part of the plan comes to. */
export interface Part {
  readonly creates: readonly NewFile[];
  readonly changes: readonly ChangedFile[];
  readonly notes: readonly string[];
  readonly reasons: readonly string[];
}

/** Of the target's file names, those whose texts the plan must see. */
export function filesToRead(choices: ServiceChoices, names: readonly string[]): readonly string[] {
  return names.filter((name) => {
    if (name === rootPipeline) return choices.ci === "gitlab";
    return name === ".env" || (mayBeCompose(name) && !name.includes("node_modules/"));
  });
}

/** The templates hold every text that can come; those of other choices come out empty and are left out. */
export function planService(choices: ServiceChoices, target: Target, templates: Templates): Plan {
  const fault = faultOfName(choices.name, choices.language);
  if (fault !== undefined) return { kind: "refused", reasons: [fault] };
  const compose = planCompose(choices, target, templates["shared/compose.yaml"] ?? "");
  const view = viewOf(choices, compose.surroundings);
  const files = filesOf(choices, templates, view);
  const pipeline = planPipeline(choices, target, templates["shared/gitlab/root.yml"] ?? "", view);
  const creates = [...files, ...compose.creates, ...pipeline.creates].sort((a, b) => byCodeUnits(a.path, b.path));
  const reasons = [...takenPaths(target, creates), ...compose.reasons, ...pipeline.reasons];
  if (reasons.length > 0) return { kind: "refused", reasons };
  return {
    kind: "plan",
    creates,
    changes: [...compose.changes, ...pipeline.changes],
    notes: [...compose.notes, ...pipeline.notes, ...nextSteps(choices, target)],
    open: `${choices.name}/README.md`,
  };
}

export const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Where the folders of the templates go. Texts that are put into files of others have no place of their own. */
function placeOf(path: string, { name, language }: ServiceChoices): string | undefined {
  const places: readonly (readonly [from: string, to: string])[] = [
    [`${language}/`, `${name}/`],
    ["shared/service/", `${name}/`],
    ["shared/kubernetes/", `deploy/${name}/`],
    ["shared/helm/", `charts/${name}/`],
    ["shared/github/workflow.yaml", `.github/workflows/${name}.yaml`],
    ["shared/gitlab/service.yml", `${name}/.gitlab-ci.yml`],
  ];
  const found = places.find(([from]) => path.startsWith(from));
  return found && found[1] + path.slice(found[0].length);
}

function filesOf(choices: ServiceChoices, templates: Templates, view: View): readonly NewFile[] {
  return Object.entries(templates).flatMap(([from, template]) => {
    const place = placeOf(from, choices);
    if (place === undefined || !isChosen(from, choices)) return [];
    const text = render(template, view);
    if (text === "") return [];
    const path = renderPath(place, view);
    return [{ path, text, executable: path.endsWith(".sh") }];
  });
}

function isChosen(path: string, { manifests, ci }: ServiceChoices): boolean {
  if (path.startsWith("shared/kubernetes/")) return manifests === "kubernetes";
  if (path.startsWith("shared/helm/")) return manifests === "helm";
  if (path.startsWith("shared/github/")) return ci === "github";
  return !path.startsWith("shared/gitlab/") || ci === "gitlab";
}

/** Folders of the service itself: nothing of others may be in them, so that they come as a whole. */
const ownFolder = /^(?:(?:deploy|charts)\/)?[^/]+(?=\/)/;

/** Files that are there already, whatever their case: some file systems do not tell them apart. */
function takenPaths({ names }: Target, creates: readonly NewFile[]): readonly string[] {
  const folders = new Set(
    creates.flatMap(({ path }) => (path.startsWith(".") ? [] : (ownFolder.exec(path)?.[0] ?? []))),
  );
  const alone = creates.filter(({ path }) => ![...folders].some((f) => path.startsWith(`${f}/`)));
  const taken = new Map(names.map((n) => [n.toLowerCase(), n]));
  const reasons: string[] = [];
  for (const folder of [...folders].sort(byCodeUnits)) {
    const inside = names.find((n) => n.toLowerCase().startsWith(`${folder}/`));
    if (inside !== undefined) reasons.push(`There is a folder \`${inside.slice(0, folder.length)}\` already.`);
  }
  for (const { path } of alone) {
    const same = taken.get(path.toLowerCase());
    if (same !== undefined) reasons.push(`There is a file \`${same}\` already.`);
  }
  const above = new Set(creates.flatMap(({ path }) => foldersAbove(path)));
  for (const folder of [...above].sort(byCodeUnits)) {
    const file = taken.get(folder.toLowerCase());
    if (file !== undefined) reasons.push(`\`${file}\` is a file where a folder is needed.`);
  }
  return reasons;
}

function foldersAbove(path: string): readonly string[] {
  const words = path.split("/");
  return words.slice(1).map((_, i) => words.slice(0, i + 1).join("/"));
}

function nextSteps({ name, manifests, ci }: ServiceChoices, { names }: Target): readonly string[] {
  const notes = [
    `Make keys, certificates and passwords for your machine with \`${name}/scripts/dev-secrets.sh\`, then run \`docker compose up --build\`.`,
  ];
  if (manifests === "kubernetes")
    notes.push(`Name your image, issuer and secret store in \`deploy/${name}\`; \`${name}/README.md\` says where.`);
  if (manifests === "helm")
    notes.push(
      `Name your image, issuer and secret store in \`charts/${name}/values.yaml\`; \`${name}/README.md\` says how.`,
    );
  const isRoot = names.some((n) => n === ".git" || n.startsWith(".git/"));
  if (ci !== "none" && !isRoot) {
    const what = ci === "github" ? "GitHub reads workflows" : `GitLab reads \`${basename(rootPipeline)}\``;
    notes.push(`${what} from the root of a repository only, and there is none here.`);
  }
  return notes;
}
