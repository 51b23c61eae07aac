import { basename } from "../../text/path";
import { isKustomization } from "../kustomize/recognise";

const yamlName = /\.(?:ya?ml|json|tpl)$/i;
const identity = /^\uFEFF?[ \t]*(?:[-{][ \t{]*)?"?(?:apiVersion|kind)"?[ \t]*:/m;
const apiVersion = /^\uFEFF?[ \t]*(?:[-{][ \t{]*)?"?apiVersion"?[ \t]*:[ \t]*["']?[\w.{-]/m;
const inTemplates = /(?:^|\/)templates\/(?:[^/]+\/)*[^/]+\.(?:ya?ml|tpl)$/i;
const others = /^(?:Chart\.ya?ml|values[\w.-]*\.ya?ml|package(?:-lock)?\.json|tsconfig[\w.]*\.json)$/;

/** Whether a text holds objects of Kubernetes: documents with an API version and a kind. Minified JSON counts. */
export function isManifestFile(file: string, text: string, languageId?: string): boolean {
  const name = basename(file);
  if (others.test(name) || isKustomization(file, text)) return false;
  if (languageId === "kubernetes" || languageId === "helm") return true;
  if (!yamlName.test(name) && languageId !== "yaml" && languageId !== "json" && languageId !== "jsonc") return false;
  if (/\.json$/i.test(name) || languageId === "json" || languageId === "jsonc")
    return /"apiVersion"\s*:/.test(text) && /"kind"\s*:/.test(text) && !/"\$schema"\s*:/.test(text.slice(0, 400));
  if (inTemplates.test(file) && text.includes("{{")) return true;
  return identity.test(text) && apiVersion.test(text) && /^\uFEFF?[ \t]*(?:-[ \t]*)?"?kind"?[ \t]*:/m.test(text);
}

/** Whether the name makes it worth reading the file. */
export const mayBeManifest = (file: string): boolean =>
  /\.ya?ml$/i.test(file) ||
  (/\.json$/i.test(file) && /(?:^|\/)(?:k8s|kubernetes|manifests?|deploy(?:ments?)?|charts?|examples?)\//i.test(file));
