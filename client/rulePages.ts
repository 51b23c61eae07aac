/** Rule pages as documents of their own, made by the server: they need no network. */
import { type Disposable, Uri, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { methods, type RulePageParams } from "../server/protocol";

const scheme = "bulkhead-rule";

export const rulePageUri = (id: string): Uri => Uri.from({ scheme, path: `/${id}.md` });

export function registerRulePages(client: BaseLanguageClient): Disposable {
  return workspace.registerTextDocumentContentProvider(scheme, {
    async provideTextDocumentContent({ path }) {
      const params: RulePageParams = { id: path.replace(/^\//, "").replace(/\.md$/, "") };
      return (
        (await client.sendRequest<string | null>(methods.rulePage, params)) ?? `There is no rule \`${params.id}\`.`
      );
    },
  });
}
