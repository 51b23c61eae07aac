import type { InitializeParams } from "vscode-languageserver";
import type { InitializationOptions } from "./protocol";

/** What the connected client can do, as far as the server behaves differently. */
export interface Client {
  /** It is Bulkhead's own. */
  readonly ours: boolean;
  readonly relatedInformation: boolean;
  readonly tags: boolean;
  readonly codeDescription: boolean;
  readonly markdownHover: boolean;
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
  const versionedEdits = edit?.documentChanges === true;
  return {
    ours: (initializationOptions as InitializationOptions | null | undefined)?.bulkheadClient === true,
    relatedInformation: diagnostics?.relatedInformation === true,
    tags: diagnostics?.tagSupport !== undefined,
    codeDescription: diagnostics?.codeDescriptionSupport === true,
    markdownHover: textDocument?.hover?.contentFormat?.includes("markdown") === true,
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
