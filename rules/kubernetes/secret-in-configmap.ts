import { rule, type Severity } from "../../engine/index";
import { moveToSecret } from "../shared/kubernetes/credential-fixes";
import { configCredentials, type EntryCredential } from "../shared/kubernetes/credentials";
import { lowered } from "../shared/kubernetes/weight";
import { ifConditional } from "../shared/kubernetes/pod-security";

function message({ found, name, key, field }: EntryCredential, title: string): string {
  const what =
    found.title ??
    (found.kind === "private-key" ? "a private key" : `the value of ${name === key ? key : (name ?? "a password")}`);
  const where = name === key ? "" : ` in ${key}`;
  return `${title} holds ${what}${where} in clear: ${found.masked}${ifConditional(field)}`;
}

/** What shows itself is surer than what only a name tells. */
const severityOf = ({ found }: EntryCredential): Severity =>
  found.kind === "password" || found.kind === "generic" ? "warning" : "error";

export default rule({
  id: "kubernetes/secret-in-configmap",
  kind: "kubernetes",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A secret is kept in a ConfigMap",
  why: `ConfigMaps are made for what everybody may read: most roles allow them where they refuse Secrets, they are not encrypted in etcd,
and dashboards print them. Whoever has the stock role \`view\` reads the database's password there. Change the credential, keep the
new one in a Secret, and take it from there by \`secretKeyRef\` or as a mounted file.`,
  refs: ["NSA net", "CWE-312"],
  covers: ["trivy:KSV-0109", "trivy:KSV-01010", "kubescape:C-0012", "polaris:sensitiveConfigmapContent"],
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
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: shop
        data:
          DB_HOST: db
          DB_PASSWORD: «tulip-Harbor-88»
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers:
            - name: shop
              image: acme/shop:1.2.3
              env:
                - name: DB_PASSWORD
                  valueFrom:
                    configMapKeyRef:
                      name: shop
                      key: DB_PASSWORD
        `,
      fixed: `
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: shop
        data:
          DB_HOST: db
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers:
            - name: shop
              image: acme/shop:1.2.3
              env:
                - name: DB_PASSWORD
                  valueFrom:
                    secretKeyRef:
                      name: shop-secrets
                      key: DB_PASSWORD
        `,
      severity: "warning",
      note: "its user stands in the same file",
    },
    {
      bad: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: shop }
        data:
          SMTP_PASSWORD: «river-Lantern-31»
          application.yaml: |
            spring:
              datasource:
                username: shop
                password: «tulip-Harbor-88»
          settings.json: '{"db": {"user": "shop", "password": "«tulip-Harbor-88»"}}'
        `,
      severity: "warning",
      note: "by their names",
    },
    {
      bad: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: shop }
        data:
          SMTP_HOST: mail
          SMTP_PASSWORD: «river-Lantern-31»
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers: [{ name: shop, image: "acme/shop:1.2.3", envFrom: [{ configMapRef: { name: shop } }] }]
        `,
      fixed: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: shop }
        data:
          SMTP_HOST: mail
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers: [{ name: shop, image: "acme/shop:1.2.3", envFrom: [{ configMapRef: { name: shop } }, { secretRef: { name: shop-secrets } }] }]
        `,
      severity: "warning",
      note: "a pod takes the whole ConfigMap",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: shop }
        data:
          token-ttl: "3600"
          password-policy: strict
          API_TOKEN: \${API_TOKEN}
          DB_PASSWORD: $(DB_PASSWORD)
          ADMIN_PASSWORD: <set me>
          OLD_PASSWORD: ""
          KEY_PASSWORD: /run/secrets/key
          TLS_SECRET: shop-web-tls
          PUBLIC_KEY: MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL
        `,
      note: "other things, references, placeholders, paths",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: shop }
        data:
          nginx.conf: |
            proxy_set_header Authorization $http_authorization;
            # password = tulip-Harbor-88
          schema.yaml: |
            password: string
            token: { type: string }
          app.py: |
            password = read_secret("db")
            token: str = login(password)
          app.properties: |
            spring.datasource.password=\${DB_PASSWORD}
            spring.security.password-encoder=bcrypt
        `,
      note: "texts of programs, comments, schemas, references",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: shop }
        data:
          DB_PASSWORD: {{ .Values.password }}
          config.yaml: |
            password: {{ .Values.password }}
        `,
      note: "a value of the chart decides",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: shop }
        data: { DB_PASSWORD: "ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]" }
        sops: { version: 3.9.0 }
        `,
      note: "encrypted",
    },
  ],
  check: {
    file(file, report, context) {
      for (const manifest of file.manifests) {
        for (const credential of configCredentials(manifest, context)) {
          const { found, at, field, key, isWhole } = credential;
          if (found.kind === "default-password") continue;
          const isOwn = isWhole || found.kind === "url-credentials" || found.kind === "connection-string";
          report(at, message(credential, manifest.title), {
            severity: lowered(severityOf(credential), field),
            fix: () => (isOwn ? moveToSecret(manifest, field, key, file, context) : undefined),
          });
        }
      }
    },
  },
});
