import { rule } from "../../engine/index";
import { takeFromSecret } from "../shared/kubernetes/credential-fixes";
import { type VariableCredential, variableCredentials } from "../shared/kubernetes/credentials";
import { ifConditional, severityAt } from "../shared/kubernetes/pod-security";

function message({ found, name, variable, field }: VariableCredential, container: string): string {
  const { title, kind, masked } = found;
  const token = title === undefined ? undefined : `${/^(?:[aeio]|npm)/i.test(title) ? "An" : "A"} ${title}`;
  const inText = kind === "url-credentials" || kind === "connection-string" || name !== variable;
  const what = token ?? (inText ? "A password" : "The value");
  const where = token === undefined && !inText ? `of ${variable}` : `in ${variable}`;
  return `${what} ${where}, given to ${container}, is in this file for everybody who can read it: ${masked}${ifConditional(field)}`;
}

export default rule({
  id: "kubernetes/secret-in-env",
  kind: "kubernetes",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A secret is written as the value of a container's variable",
  why: `A value in a manifest is in every clone of the repository, in its history for good, and in the API for whoever may read pods:
\`kubectl get deploy -o yaml\` shows it, with no right to read Secrets needed. A leaked checkout is enough to log in to the database.
Change the credential, for it is out, and take the new one from a Secret by \`valueFrom.secretKeyRef\`.`,
  refs: ["CIS 5.4.2", "NSA net", "CWE-798"],
  covers: [
    "kube-linter:env-var-secret",
    "kubescape:C-0012",
    "kubescape:C-0259",
    "polaris:sensitiveContainerEnvVar",
    "kics:3d658f8b",
  ],
  fix: "guided",
  yieldsTo: [
    "kubernetes/default-password",
    "secrets/provider-token",
    "secrets/private-key",
    "secrets/jwt",
    "secrets/authorization-header",
    "secrets/connection-string-password",
  ],
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shop
        spec:
          template:
            spec:
              containers:
                - name: shop
                  image: acme/shop:1.2.3
                  env:
                    - name: DB_HOST
                      value: db
                    # of the shop
                    - name: DB_PASSWORD
                      value: «tulip-Harbor-88» # changed in May
                    - { name: API_TOKEN, value: "«k3Jx9QvT2mZb7Lw4»" }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shop
        spec:
          template:
            spec:
              containers:
                - name: shop
                  image: acme/shop:1.2.3
                  env:
                    - name: DB_HOST
                      value: db
                    # of the shop
                    - name: DB_PASSWORD
                      valueFrom: # changed in May
                        secretKeyRef:
                          name: shop-secrets
                          key: DB_PASSWORD
                    - { name: API_TOKEN, valueFrom: { secretKeyRef: { name: shop-secrets, key: API_TOKEN } } }
        `,
    },
    {
      bad: `
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": { "name": "shop" },
          "spec": {
            "containers": [
              {
                "name": "shop",
                "image": "acme/shop:1.2.3",
                "env": [{ "name": "DB_PASSWORD", "value": "«tulip-Harbor-88»" }]
              }
            ]
          }
        }
        `,
      fixed: `
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": { "name": "shop" },
          "spec": {
            "containers": [
              {
                "name": "shop",
                "image": "acme/shop:1.2.3",
                "env": [{ "name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "shop-secrets", "key": "DB_PASSWORD"}} }]
              }
            ]
          }
        }
        `,
      file: "k8s/shop.json",
      note: "JSON",
    },
    {
      bad: `
        apiVersion: batch/v1
        kind: CronJob
        metadata: { name: "{{ .Release.Name }}-report" }
        spec:
          jobTemplate:
            spec:
              template:
                spec:
                  containers:
                    - name: report
                      image: {{ .Values.image }}
                      env:
                        {{- if .Values.smtp }}
                        - name: SMTP_PASSWORD
                          value: «river-Lantern-31»
                        {{- end }}
        `,
      fixed: `
        apiVersion: batch/v1
        kind: CronJob
        metadata: { name: "{{ .Release.Name }}-report" }
        spec:
          jobTemplate:
            spec:
              template:
                spec:
                  containers:
                    - name: report
                      image: {{ .Values.image }}
                      env:
                        {{- if .Values.smtp }}
                        - name: SMTP_PASSWORD
                          valueFrom:
                            secretKeyRef:
                              name: app-secrets
                              key: SMTP_PASSWORD
                        {{- end }}
        `,
      file: "chart/templates/report.yaml",
      severity: "warning",
      note: "in a branch of a template",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec: { template: { spec: { containers: [{ name: shop, env: [{ name: DB_PASSWORD, value: «tulip-Harbor-88» }] }] } } }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec: { template: { spec: { containers: [{ name: shop, env: [{ name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: shop-secrets, key: DB_PASSWORD } } }] }] } } }
        `,
      file: "overlays/prod/shop-patch.yaml",
      note: "what a patch writes",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers:
            - name: shop
              image: acme/shop:1.2.3
              env:
                - { name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: shop, key: password } } }
                - { name: OLD_PASSWORD, value: "" }
                - { name: NEXT_PASSWORD, value: $(DB_PASSWORD) }
                - { name: ROOT_PASSWORD, value: /run/secrets/db }
                - { name: DB_PASSWORD_FILE, value: /run/secrets/db }
                - { name: DATABASE_URL, value: "postgres://shop:$(DB_PASSWORD)@db/shop" }
        `,
      note: "references, paths, nothing",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers:
            - name: shop
              image: acme/shop:1.2.3
              env:
                - { name: TOKEN_URL, value: "https://id.example.com/token" }
                - { name: PASSWORD_MIN_LENGTH, value: "12" }
                - { name: SECRET_NAME, value: shop-database }
                - { name: WEBHOOK_SECRET, value: shop-webhook-secret }
                - { name: KEY_PREFIX, value: orders }
                - { name: USE_TOKEN, value: "true" }
                - { name: API_TOKEN, value: <your token> }
                - { name: TRUSTSTORE_PASSWORD, value: changeit }
        `,
      note: "names of other things, names of Secrets, placeholders, what is public",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers:
            - name: shop
              image: acme/shop:1.2.3
              env:
                - name: DB_PASSWORD
                  value: {{ .Values.password | quote }}
                - name: API_TOKEN
                  value: "{{ .Values.prefix }}-k3Jx9QvT2mZb7Lw4"
        `,
      note: "a value of the chart decides",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: db }
        spec:
          containers:
            - name: db
              image: postgres:18.1
              env: [{ name: POSTGRES_PASSWORD, value: postgres }]
        `,
      note: "kubernetes/default-password has it",
    },
  ],
  check: {
    container(container, report, context) {
      for (const credential of variableCredentials(container, context)) {
        const { found, at, field } = credential;
        if (found.kind === "default-password") continue;
        report(at, message(credential, container.name), {
          severity: severityAt("error", field, container.pod),
          fix: () => takeFromSecret(credential, container, context),
        });
      }
    },
  },
});
