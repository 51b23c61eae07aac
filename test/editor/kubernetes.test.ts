import * as vscode from "vscode";
import { holds, same } from "./support/assert";
import {
  actionsAt,
  apply,
  closeAll,
  found,
  rangeOf,
  replace,
  select,
  show,
  untilFound,
  untilFoundOf,
} from "./support/document";
import { screenshot } from "./support/driver";

const privileged = "kubernetes/privileged-container";
const nonRoot = "kubernetes/non-root-not-enforced";

/** What the pod of `cluster/catalog.yaml` lacks at the restricted level. */
const lacking = [
  "kubernetes/capabilities-not-dropped",
  nonRoot,
  "kubernetes/privilege-escalation-allowed",
  "kubernetes/seccomp-profile-missing",
  "kubernetes/writable-root-filesystem",
];

const isLacking = ([rule]: readonly [string, ...unknown[]]): boolean => lacking.includes(rule);

describe("Kubernetes manifests in the editor", () => {
  afterEach(closeAll);

  it("show a squiggle at a privileged container", async () => {
    const document = await show("cluster/agent.yaml");
    await untilFoundOf(document, privileged, ["true"]);
    select(document, rangeOf(document, "true"));
    await screenshot("kubernetes-squiggle", { sees: ".squiggly-error" });
  });

  it("are hardened by one action, which settles all that the pod lacks", async () => {
    const document = await show("cluster/catalog.yaml");
    await untilFoundOf(document, nonRoot, ["server"]);
    same(
      found(document)
        .filter(isLacking)
        .map(([rule]) => rule)
        .sort(),
      lacking,
      "what the pod lacks",
    );
    const at = rangeOf(document, "server");
    select(document, at);
    const actions = await actionsAt(document, at, vscode.CodeActionKind.QuickFix);
    const menu = vscode.commands.executeCommand("editor.action.quickFix");
    await screenshot("kubernetes-quick-fix", { sees: ".action-widget .action", press: "Escape" });
    await menu;
    const harden = actions.find((action) => action.title.startsWith("Harden this pod"));
    holds(harden !== undefined, `no fix hardens the pod: ${actions.map((a) => a.title).join(", ")}`);
    await apply(harden);
    for (const rule of lacking) await untilFoundOf(document, rule, []);
    const text = document.getText();
    for (const line of ["runAsNonRoot: true", "type: RuntimeDefault", "drop:", "# Answers what the shop sells."])
      holds(text.includes(line), text);
  });

  it("get policies and an account of their own from the light bulb", async () => {
    const document = await show("cluster/store.yaml");
    await untilFoundOf(document, "kubernetes/network-policy-missing", ["orders"]);
    const offeredAt = async (range: vscode.Range): Promise<readonly vscode.CodeAction[]> =>
      actionsAt(document, range, vscode.CodeActionKind.QuickFix);
    const named = (actions: readonly vscode.CodeAction[], title: string): vscode.CodeAction => {
      const found = actions.find((action) => action.title.startsWith(title));
      if (found === undefined) throw new Error(`no fix says ${title}: ${actions.map((a) => a.title).join(", ")}`);
      return found;
    };
    const policies = named(await offeredAt(rangeOf(document, "orders")), "Add default-deny NetworkPolicy with DNS");
    const rules = { "kubernetes/default-service-account": "hint" };
    const settings = vscode.workspace.getConfiguration("bulkhead");
    await settings.update("rules", rules, vscode.ConfigurationTarget.Workspace);
    try {
      await untilFoundOf(document, "kubernetes/default-service-account", ["spec", "spec"]);
      const at = document.getText().indexOf("spec:\n      securityContext");
      const account = named(
        await offeredAt(new vscode.Range(document.positionAt(at), document.positionAt(at + 4))),
        "Add ServiceAccount orders",
      );
      await apply(account);
      await untilFoundOf(document, "kubernetes/default-service-account", ["spec"]);
      await vscode.commands.executeCommand("undo");
    } finally {
      await settings.update("rules", undefined, vscode.ConfigurationTarget.Workspace);
    }
    await apply(policies);
    await untilFoundOf(document, "kubernetes/network-policy-missing", []);
    for (const line of ["name: default-deny", "k8s-app: kube-dns", "# Takes orders."])
      holds(document.getText().includes(line), document.getText());
    await vscode.commands.executeCommand("undo");
  });

  it("take into account the user that an unsaved Dockerfile gives their image", async () => {
    const manifest = await show("cluster/catalog.yaml");
    await untilFoundOf(manifest, nonRoot, ["server"]);
    const [finding] = vscode.languages.getDiagnostics(manifest.uri).filter((d) => d.message.includes("from running"));
    holds(finding?.message.includes("cluster/catalog/Dockerfile sets no USER") === true, String(finding?.message));
    const dockerfile = await show("cluster/catalog/Dockerfile");
    await replace(
      dockerfile,
      new vscode.Range(rangeOf(dockerfile, "CMD").start, rangeOf(dockerfile, "CMD").start),
      "USER 10001\n",
    );
    await untilFoundOf(manifest, nonRoot, []);
    await vscode.commands.executeCommand("undo");
    await untilFoundOf(manifest, nonRoot, ["server"]);
  });
});

describe("a Helm template in the editor", () => {
  afterEach(closeAll);

  it("has no diagnostics for its templating, and one for what it says itself", async () => {
    const document = await show("cluster/chart/templates/deployment.yaml");
    const harmless = "automountServiceAccountToken: false";
    await replace(document, rangeOf(document, harmless), "hostPID: true");
    await untilFoundOf(document, "kubernetes/host-pid", ["true"]);
    await vscode.commands.executeCommand("undo");
    await untilFound(document, []);
    holds(document.getText().includes(harmless), "the edit is undone");
    await screenshot("helm-template", { sees: ".view-line" });
  });
});
