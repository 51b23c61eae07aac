import { basename } from "../../text/path";

const names = /^(?:kustomization\.ya?ml|Kustomization)$/;
const ownVersion = /^["']?apiVersion["']?[ \t]*:[ \t]*["']?kustomize\.config\.k8s\.io\//m;
const ownKind = /^["']?kind["']?[ \t]*:[ \t]*["']?(?:Kustomization|Component)\b/m;
/** An object of Flux bears the same kind, and often the same name. */
const ofFlux = /^["']?apiVersion["']?[ \t]*:[ \t]*["']?kustomize\.toolkit\.fluxcd\.io\//m;

/** Whether `kustomize build` would read the text as a kustomization: by the file's name, or by what the text says. */
export function isKustomization(file: string, text: string): boolean {
  if (names.test(basename(file))) return !ofFlux.test(text);
  return /\.ya?ml$/i.test(file) && ownVersion.test(text) && ownKind.test(text);
}

/** Whether a folder's kustomization has this name. */
export const isKustomizationName = (file: string): boolean => names.test(basename(file));
