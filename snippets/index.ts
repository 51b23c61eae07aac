/** The snippets, as the editor is given them and as the server offers them where they fit. */
import compose from "./compose.json";
import composeEntries from "./compose-entries.json";
import composeResources from "./compose-resources.json";
import composeServices from "./compose-services.json";
import csharp from "./csharp.json";
import daemon from "./daemon.json";
import dockerfile from "./dockerfile.json";
import dockerfileInstructions from "./dockerfile-instructions.json";
import dotenv from "./dotenv.json";
import go from "./go.json";
import ignore from "./ignore.json";
import java from "./java.json";
import javascript from "./javascript.json";
import kubernetes from "./kubernetes.json";
import kubernetesContainers from "./kubernetes-containers.json";
import kubernetesPods from "./kubernetes-pods.json";
import python from "./python.json";
import typescript from "./typescript.json";

/**
 * Where the text of a snippet may stand. It begins at column 0 and takes the indentation of the place.
 *
 * - `dockerfile`: a whole file; `dockerfile-instruction`: one or more instructions of a stage.
 * - `compose-root`: a whole file; `compose-resource`: entries of the file (networks, secrets);
 *   `compose-service`: an entry of `services:`; `compose-entry`: entries of a service.
 * - `kubernetes-document`: one or more documents; `kubernetes-pod`: entries of a pod's `spec:`;
 *   `kubernetes-container`: entries of a container.
 * - a programming language: whole statements or declarations, at the top of a file or in a function.
 * - `dockerignore`, `dotenv`, `daemon-json`: a whole file.
 */
export type Place =
  | "dockerfile"
  | "dockerfile-instruction"
  | "compose-root"
  | "compose-resource"
  | "compose-service"
  | "compose-entry"
  | "kubernetes-document"
  | "kubernetes-pod"
  | "kubernetes-container"
  | "javascript"
  | "typescript"
  | "python"
  | "go"
  | "java"
  | "csharp"
  | "dockerignore"
  | "dotenv"
  | "daemon-json";

/**
 * As the editor reads it: `body` are lines in its snippet syntax, `prefix` is what somebody types. A prefix is that of
 * one snippet in each language; the same thing has the same prefix in all of them.
 */
export interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

export interface SnippetFile {
  /** In this folder. */
  readonly file: string;
  /** The editor's language identifiers; the last is the best known. */
  readonly languages: readonly string[];
  readonly place: Place;
  /** By title. */
  readonly snippets: Readonly<Record<string, Snippet>>;
}

const composeLanguages = ["dockercompose", "yaml"] as const;
const kubernetesLanguages = ["yaml"] as const;

export const snippetFiles: readonly SnippetFile[] = [
  { file: "dockerfile.json", languages: ["dockerfile"], place: "dockerfile", snippets: dockerfile },
  {
    file: "dockerfile-instructions.json",
    languages: ["dockerfile"],
    place: "dockerfile-instruction",
    snippets: dockerfileInstructions,
  },
  { file: "compose.json", languages: composeLanguages, place: "compose-root", snippets: compose },
  {
    file: "compose-resources.json",
    languages: composeLanguages,
    place: "compose-resource",
    snippets: composeResources,
  },
  { file: "compose-services.json", languages: composeLanguages, place: "compose-service", snippets: composeServices },
  { file: "compose-entries.json", languages: composeLanguages, place: "compose-entry", snippets: composeEntries },
  { file: "kubernetes.json", languages: kubernetesLanguages, place: "kubernetes-document", snippets: kubernetes },
  { file: "kubernetes-pods.json", languages: kubernetesLanguages, place: "kubernetes-pod", snippets: kubernetesPods },
  {
    file: "kubernetes-containers.json",
    languages: kubernetesLanguages,
    place: "kubernetes-container",
    snippets: kubernetesContainers,
  },
  {
    file: "javascript.json",
    languages: ["javascriptreact", "javascript"],
    place: "javascript",
    snippets: javascript,
  },
  {
    file: "typescript.json",
    languages: ["typescriptreact", "typescript"],
    place: "typescript",
    snippets: typescript,
  },
  { file: "python.json", languages: ["python"], place: "python", snippets: python },
  { file: "go.json", languages: ["go"], place: "go", snippets: go },
  { file: "java.json", languages: ["java"], place: "java", snippets: java },
  { file: "csharp.json", languages: ["csharp"], place: "csharp", snippets: csharp },
  { file: "ignore.json", languages: ["ignore"], place: "dockerignore", snippets: ignore },
  { file: "dotenv.json", languages: ["dotenv", "properties"], place: "dotenv", snippets: dotenv },
  { file: "daemon.json", languages: ["jsonc", "json"], place: "daemon-json", snippets: daemon },
];
