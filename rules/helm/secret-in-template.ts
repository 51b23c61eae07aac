import { type Context, type Manifest, type ManifestFile, rule, type TemplateAction } from "../../engine/index";
import { actionsIn, type PrintedValue, printedCredential } from "../shared/helm/expressions";

/** Objects that are made to hold secrets, or that say where one is. */
const keepsSecrets = (manifest: Manifest): boolean => /Secret/.test(manifest.kind) || manifest.kind === "";

/** `key: …` of a reference names an entry of a Secret. */
function isNameOfKey({ start }: TemplateAction, { text }: ManifestFile): boolean {
  const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  return /(?:^|[\s{,-])(?:key|subPath):\s{0,9}["']?$/.test(before);
}

/** The actions that print credentials into an object. */
function printed(manifest: Manifest, file: ManifestFile): readonly (readonly [TemplateAction, PrintedValue])[] {
  if (keepsSecrets(manifest)) return [];
  return actionsIn(file, manifest.root).flatMap((action) => {
    const value = printedCredential(action);
    return value === undefined || isNameOfKey(action, file) ? [] : [[action, value] as const];
  });
}

const isOfChart = (file: ManifestFile, { project }: Context): boolean =>
  file.role === "template" && project.exists(file.file) !== undefined;

export default rule({
  id: "helm/secret-in-template",
  kind: "kubernetes",
  severity: "info",
  principle: "secrets",
  summary: "A template writes a secret into an object that is no Secret",
  why: `What a Deployment or a ConfigMap says is read by everybody who may look at the namespace: roles that only \`view\` leave Secrets
out for that reason, and nothing encrypts other objects at rest. A colleague with read access, or a dashboard that lists pods, has the
password. Write the value into a Secret of the chart and refer to it (\`secretKeyRef\`, a mounted file).`,
  refs: ["CWE-312"],
  covers: [],
  fix: "none",
  examples: [
    {
      file: "templates/deployment.yaml",
      bad: `
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ include "shop.fullname" . }}
        data:
          app.properties: |
            password=«{{ .Values.db.password }}»
            host={{ .Values.db.host }}
          token: «{{ $.Values.api.token | quote }}»
        -- Chart.yaml --
        name: shop
        `,
    },
    {
      file: "templates/deployment.yaml",
      good: `
        apiVersion: v1
        kind: Secret
        metadata:
          name: {{ include "shop.fullname" . }}
        stringData:
          password: {{ .Values.db.password | quote }}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: shop
          annotations:
            checksum/password: {{ .Values.db.password | sha256sum }}
        spec:
          automountServiceAccountToken: {{ .Values.automountServiceAccountToken }}
          containers:
            - name: shop
              image: acme/shop:1.2.3
              {{- if .Values.db.password }}
              env:
                - name: DB_PASSWORD
                  valueFrom: { secretKeyRef: { name: shop, key: {{ .Values.dbSecretKey }} } }
              {{- end }}
        -- Chart.yaml --
        name: shop
        `,
      note: "where it belongs; looked at only; the name of a key",
    },
  ],
  check: {
    file(file, report, context) {
      if (!isOfChart(file, context)) return;
      for (const manifest of file.manifests) {
        for (const [action, { path }] of printed(manifest, file)) {
          report(action, `${manifest.kind} shows ${path} to everybody who may look at it`);
        }
      }
    },
  },
});
