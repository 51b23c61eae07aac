import { choice, type Fix, literal, rule, type TemplateAction } from "../../engine/index";
import { type PrintedValue, printedCredential } from "../shared/helm/expressions";

/** Says how to read it from the cluster, for those who may. */
function readLater(action: TemplateAction, { name }: PrintedValue): Fix {
  const namespace = literal("$(kubectl get secret --namespace {{ .Release.Namespace }} ");
  const text = `${namespace}${choice(1, "NAME")}${literal(' -o jsonpath="{.data.')}${choice(2, name)}${literal('}" | base64 -d)')}`;
  const { start, end } = action;
  return {
    title: "Say how to read it from the Secret",
    applicability: "guided",
    edits: [{ span: { start, end }, text }],
  };
}

export default rule({
  id: "helm/secret-in-notes",
  kind: "helm",
  severity: "info",
  principle: "secrets",
  summary: "The notes of a chart print a secret",
  why: `Helm prints the notes at every install and upgrade, into the terminal, the log of the pipeline and whatever collects it, and keeps
them in the release, where \`helm status\` shows them again. So everybody who can read a build log has the password. Say how to read
it from the Secret instead; the cluster then decides who may.`,
  refs: ["CWE-532"],
  covers: [],
  fix: "guided",
  examples: [
    {
      file: "templates/NOTES.txt",
      bad: `
        Log in as {{ .Values.auth.username }} with «{{ .Values.auth.password | quote }}».
        {{- if .Values.admin.token }}
        helm upgrade shop --set admin.token=«{{ $.Values.admin.token }}»
        {{- end }}
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        Log in as {{ .Values.auth.username }} with $(kubectl get secret --namespace {{ .Release.Namespace }} NAME -o jsonpath="{.data.password}" | base64 -d).
        {{- if .Values.admin.token }}
        helm upgrade shop --set admin.token=$(kubectl get secret --namespace {{ .Release.Namespace }} NAME -o jsonpath="{.data.token}" | base64 -d)
        {{- end }}
        `,
    },
    {
      file: "templates/NOTES.txt",
      good: `
        {{- /* .Values.auth.password is not shown */}}
        {{- if .Values.auth.password }}
        The password is set: {{ ternary "yes" "no" (empty .Values.auth.password) }}
        {{- end }}
        export PASSWORD=$(kubectl get secret {{ .Values.auth.existingSecret }} -o jsonpath="{.data.{{ .Values.auth.passwordKey }}}" | base64 -d)
        {{ required ".Values.auth.password must be set" .Values.auth.username }}
        {{ include "shop.password" . | sha256sum }}
        -- Chart.yaml --
        name: shop
        `,
      note: "decided by, named, looked at, in a text",
    },
    { file: "templates/NOTES.txt", good: "{{ .Values.auth.password }}", note: "of no chart" },
  ],
  check: {
    notes(notes, report) {
      for (const action of notes.actions) {
        const printed = printedCredential(action);
        if (printed === undefined) continue;
        report(action, `The notes print ${printed.path} into every terminal and build log`, {
          fix: () => readLater(action, printed),
        });
      }
    },
  },
});
