import { basename } from "../../text/path";

/**
 * What a file is to a chart. `partials`: templates that only define what others include. The manifests among the
 * templates are files of Kubernetes.
 */
export type ChartPart = "chart" | "requirements" | "values" | "notes" | "partials";

const valuesName = /^values[\w.-]*\.ya?ml$/;
const trialName = /(?:^|\/)ci\/[\w.-]*values\.ya?ml$/;
const notesName = /(?:^|\/)templates\/(?:[^/]+\/)*NOTES\.txt$/;
const partialsName = /^_[^/]*\.tpl$/;
const isManifest = /^apiVersion[ \t]*:/m;

/** Judged by the name and, where others have such names too, by the text. */
export function partOf(file: string, text: string): ChartPart | undefined {
  const name = basename(file);
  if (name === "Chart.yaml") return "chart";
  // Ansible has files of that name as well.
  if (name === "requirements.yaml") return /^\uFEFF?dependencies[ \t]*:/m.test(text) ? "requirements" : undefined;
  if (valuesName.test(name) || trialName.test(file)) return "values";
  if (notesName.test(file)) return "notes";
  return partialsName.test(name) && text.includes("{{") && !isManifest.test(text) ? "partials" : undefined;
}

export const mayBeOfChart = (file: string): boolean =>
  /(?:^|\/)(?:Chart|requirements|values[\w.-]*)\.ya?ml$/.test(file) ||
  trialName.test(file) ||
  notesName.test(file) ||
  /(?:^|\/)templates\/(?:[^/]+\/)*[^/]+\.tpl$/.test(file);
