import { type Field, fixIn, type Manifest, type Context, type Report, rule } from "../../engine/index";
import { ifConditional } from "../shared/kubernetes/pod-security";
import { lowered } from "../shared/kubernetes/weight";

/** Annotations whose text becomes nginx configuration, of both controllers (their manuals, 2026-08). */
const snippet =
  /\/(?:configuration-snippet|server-snippets?|location-snippets?|auth-snippet|stream-snippet|modsecurity-snippet|http-snippets?)$/;
const ownPrefix = /^(?:[\w.-]*nginx[\w.-]*|ingress\.kubernetes\.io)\//;
/** Annotations whose text was put into the configuration unquoted (CVE-2025-1097, CVE-2025-1098, CVE-2025-24514). */
const injectable = /\/(?:auth-url|auth-tls-match-cn|mirror-target|mirror-host)$/;

/** What ends the directive that the text is put into: quotes, braces but those of `${name}` and `{2}`, line ends. */
function breaksOut(field: Field): boolean {
  const text = (field.string ?? "").trim().replace(/\$\{\w{1,64}\}|\{\d{1,5}(?:,\d{0,5})?\}/g, "");
  return /[\u0000-\u001f"'{}]|#;/.test(text);
}

function inAnnotations(manifest: Manifest, report: Report, context: Context): void {
  for (const [name, value] of manifest.annotations) {
    const isSnippet = snippet.test(name) && ownPrefix.test(name);
    const isAttack = injectable.test(name) && ownPrefix.test(name) && breaksOut(value);
    if (!isSnippet && !isAttack) continue;
    const short = name.slice(name.indexOf("/") + 1);
    const what = isAttack
      ? "ends its directive and begins others of its own"
      : "becomes configuration of the controller, with all that the controller may do";
    report(isAttack ? value : value.anchor, `${manifest.title}: ${short} ${what}${ifConditional(value)}`, {
      severity: lowered(isAttack ? "error" : "warning", value),
      fix: () => {
        const edits = value.remove();
        return fixIn(context.file, `Remove ${short}`, "unsafe", [edits && { edits }]);
      },
    });
  }
}

/** Settings of the controller that let such annotations in. */
function inSettings(manifest: Manifest, report: Report, context: Context): void {
  const data = manifest.root.get("data");
  const allowed = data?.get("allow-snippet-annotations");
  if (allowed?.string === "true")
    report(
      allowed,
      `${manifest.title} lets every Ingress write configuration of the controller${ifConditional(allowed)}`,
      {
        severity: lowered("warning", allowed),
        fix: () => settled(allowed, "false", context),
      },
    );
  const risk = data?.get("annotations-risk-level");
  if (risk?.string?.toLowerCase() === "critical")
    report(risk, `${manifest.title} accepts annotations of any risk, snippets among them${ifConditional(risk)}`, {
      severity: lowered("warning", risk),
      fix: () => settled(risk, "High", context),
    });
}

function settled(field: Field, value: string, context: Context) {
  const edits = field.replace(value);
  return fixIn(context.file, `Set it to ${value}`, "unsafe", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/ingress-nginx-snippet",
  kind: "kubernetes",
  severity: "warning",
  principle: "exposure",
  summary: "An Ingress that writes configuration of its controller",
  why: `What stands in a snippet runs inside of the controller, which serves everybody's routes and can usually read the Secrets of
all namespaces: whoever may edit one Ingress prints the controller's token with a line of Lua, or reads the logins of another team
(CVE-2021-25742). Use an annotation made for the purpose, and leave snippets switched off in the controller.`,
  refs: ["CVE-2021-25742", "CVE-2025-1974", "CWE-94"],
  covers: [
    "checkov:CKV_K8S_152",
    "checkov:CKV_K8S_153",
    "checkov:CKV_K8S_154",
    "trivy:KCV-0093",
    "kubescape:C-0059",
    "kyverno:disallow-ingress-nginx-custom-snippets",
    "kyverno:restrict-annotations",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            «nginx.ingress.kubernetes.io/configuration-snippet»: |
              more_set_headers "X-Shop: 1";
            nginx.ingress.kubernetes.io/proxy-body-size: 8m # uploads
        spec:
          tls: [{ secretName: shop-tls }]
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            nginx.ingress.kubernetes.io/proxy-body-size: 8m # uploads
        spec:
          tls: [{ secretName: shop-tls }]
        `,
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            nginx.ingress.kubernetes.io/auth-url: «"https://login.acme.io/#;\\n}\\nload_module /tmp/a.so;"»
            nginx.ingress.kubernetes.io/auth-signin: https://login.acme.io
        spec:
          tls: [{ secretName: shop-tls }]
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            nginx.ingress.kubernetes.io/auth-signin: https://login.acme.io
        spec:
          tls: [{ secretName: shop-tls }]
        `,
      severity: "error",
      note: "a text that ends its directive",
    },
    {
      bad: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: ingress-nginx-controller }
        data:
          allow-snippet-annotations: «"true"»
          annotations-risk-level: «Critical»
        `,
      fixed: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: ingress-nginx-controller }
        data:
          allow-snippet-annotations: "false"
          annotations-risk-level: High
        `,
      note: "the controller lets them in",
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            nginx.org/mergeable-ingress-type: minion
            «nginx.org/location-snippets»: {{ .Values.snippet | quote }}
        spec:
          rules: [{ host: {{ .Values.host }} }]
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            nginx.org/mergeable-ingress-type: minion
        spec:
          rules: [{ host: {{ .Values.host }} }]
        `,
      file: "chart/templates/ingress.yaml",
      note: "whatever the value is",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            nginx.ingress.kubernetes.io/auth-url: https://$host/oauth2/auth?rd=\${escaped_request_uri}
            nginx.ingress.kubernetes.io/auth-tls-match-cn: CN=(shop|api)-[a-z]{2}\\.acme\\.io
            nginx.ingress.kubernetes.io/rewrite-target: /$2
            acme.io/server-snippet: none
        spec: { tls: [{ secretName: shop-tls }] }
        `,
      note: "settings made for the purpose; another program's annotation",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: ingress-nginx-controller }
        data: { allow-snippet-annotations: "false", annotations-risk-level: High, server-snippet: "location = /ok { return 200; }" }
        `,
      note: "the one who runs the controller configures it",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: controller }
        data:
          allow-snippet-annotations: {{ .Values.snippets | quote }}
        `,
      file: "chart/templates/config.yaml",
      note: "a value decides",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      if (manifest.is("ConfigMap", "")) inSettings(manifest, report, context);
      else inAnnotations(manifest, report, context);
    },
  },
});
