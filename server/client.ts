import { type InitializeParams, InsertTextMode } from "vscode-languageserver";
import type { InitializationOptions } from "./protocol";

/** What the connected client can do, as far as the server behaves differently. */
export interface Client {
  /** It is Bulkhead's own. */
  readonly ours: boolean;
  readonly relatedInformation: boolean;
  readonly tags: boolean;
  readonly codeDescription: boolean;
  readonly markdownHover: boolean;
  /** It offers the snippets itself. */
  readonly offersSnippets: boolean;
  /** What is completed may hold stops and choices. */
  readonly snippetCompletions: boolean;
  readonly markdownCompletions: boolean;
  /** It shows something short beside each completion, and the detail of the chosen one only. */
  readonly labelDetails: boolean;
  /**
   * Whether it indents the lines of what it inserts as the line that they are inserted on, where it is asked to; undefined
   * where it does not say.
   */
  readonly adjustsIndentation: boolean | undefined;
  /** Edits of files in a known version. */
  readonly versionedEdits: boolean;
  readonly createsFiles: boolean;
  readonly snippetEdits: boolean;
  readonly confirmsEdits: boolean;
  /** An action may come without its edit, and be completed when it is chosen. */
  readonly resolvesEdits: boolean;
  readonly appliesEdits: boolean;
  readonly showsDocuments: boolean;
  readonly answersConfiguration: boolean;
  readonly registersConfiguration: boolean;
  readonly registersWatchers: boolean;
  readonly workspaceFolders: boolean;
}

export function readClient({ capabilities, initializationOptions }: InitializeParams): Client {
  const { workspace, textDocument, window } = capabilities;
  const edit = workspace?.workspaceEdit;
  const diagnostics = textDocument?.publishDiagnostics;
  const completion = textDocument?.completion?.completionItem;
  const options = initializationOptions as InitializationOptions | null | undefined;
  const versionedEdits = edit?.documentChanges === true;
  return {
    ours: options?.bulkheadClient === true,
    relatedInformation: diagnostics?.relatedInformation === true,
    tags: diagnostics?.tagSupport !== undefined,
    codeDescription: diagnostics?.codeDescriptionSupport === true,
    markdownHover: textDocument?.hover?.contentFormat?.includes("markdown") === true,
    offersSnippets: options?.offersSnippets === true,
    snippetCompletions: completion?.snippetSupport === true,
    markdownCompletions: completion?.documentationFormat?.includes("markdown") === true,
    labelDetails: completion?.labelDetailsSupport === true,
    adjustsIndentation:
      textDocument?.completion?.insertTextMode === InsertTextMode.adjustIndentation ||
      completion?.insertTextModeSupport?.valueSet.includes(InsertTextMode.adjustIndentation),
    versionedEdits,
    createsFiles: versionedEdits && edit?.resourceOperations?.includes("create") === true,
    snippetEdits: versionedEdits && edit?.snippetEditSupport === true,
    confirmsEdits: versionedEdits && edit?.changeAnnotationSupport !== undefined,
    resolvesEdits:
      textDocument?.codeAction?.dataSupport === true &&
      textDocument.codeAction.resolveSupport?.properties.includes("edit") === true,
    appliesEdits: workspace?.applyEdit === true,
    showsDocuments: window?.showDocument?.support === true,
    answersConfiguration: workspace?.configuration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
  };
}
