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
