import {
  type Container,
  type Context,
  type Fix,
  type ManifestFile,
  type Report,
  rule,
  type Severity,
} from "../../engine/index";
import { lowered } from "../shared/kubernetes/weight";
import { makeExternal, moveToSecret, takeFromSecret, takeFromVariable } from "../shared/kubernetes/credential-fixes";
import {
  commandCredentials,
  configCredentials,
  secretCredentials,
  variableCredentials,
} from "../shared/kubernetes/credentials";
import { ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { isPlaceholder } from "../shared/secrets";

function ofContainer(container: Container, report: Report, context: Context): void {
  const speak = (at: Parameters<Report>[0], message: string, severity: Severity, fix: () => Fix | undefined): void =>
    report(at, message, { severity, fix });
  for (const credential of variableCredentials(container, context)) {
    const { found, at, field, variable } = credential;
    if (found.kind !== "default-password") continue;
    const message = `${variable} of ${container.name} is a default that everybody knows${ifConditional(field)}`;
    speak(at, message, severityAt("error", field, container.pod), () => takeFromSecret(credential, container, context));
  }
  for (const credential of commandCredentials(container, context)) {
    const { found, at, field, name } = credential;
    if (found.kind !== "default-password") continue;
    const message = `A command of ${container.name} has a default that everybody knows as its ${name ?? "password"}`;
    const severity = severityAt("error", field, container.pod);
    speak(at, `${message}${ifConditional(field)}`, severity, () => takeFromVariable(credential, container, context));
  }
}

function ofConfigMaps(file: ManifestFile, report: Report, context: Context): void {
  for (const manifest of file.manifests) {
    for (const { found, at, field, key, name, isWhole } of configCredentials(manifest, context)) {
      if (found.kind !== "default-password") continue;
      const what = name === undefined || name === key ? key : `${name} in ${key}`;
      report(at, `${what} of ${manifest.title} is a default that everybody knows${ifConditional(field)}`, {
        severity: lowered("error", field),
        fix: () => (isWhole ? moveToSecret(manifest, field, key, file, context) : undefined),
      });
    }
  }
}

function ofSecrets(file: ManifestFile, report: Report, context: Context): void {
  for (const manifest of file.manifests) {
    for (const { found, at, field, key, text } of secretCredentials(manifest, context)) {
      if (found.kind !== "default-password") continue;
      // What is to be replaced before it is applied may well be.
      const isToReplace = isPlaceholder(text.slice(found.span.start, found.span.end));
      const what = isToReplace ? "ships a placeholder that works as it is" : "is a default that everybody knows";
      report(at, `${key} of ${manifest.title} ${what}${ifConditional(field)}`, {
        severity: lowered(isToReplace ? "warning" : "error", field),
        fix: () => makeExternal(manifest, context),
      });
    }
  }
}

export default rule({
  id: "kubernetes/default-password",
  kind: "kubernetes",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A workload has a default password",
  why: `\`admin\`, \`postgres\`, \`changeme\` and the user's own name are what scanners try first, so such a password is as good as none. One
pod that is broken into, or one Service that is reachable from outside, and a stranger reads and deletes what the database holds; and
example manifests are copied with their passwords. Make one up for each installation, and keep it in a Secret that no file has.`,
  refs: ["CWE-1392", "CWE-521"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: db }
        spec:
          containers:
            - name: db
              image: postgres:18.1
              env:
                - { name: POSTGRES_USER, value: shop }
                - name: POSTGRES_PASSWORD
                  value: «shop»
              livenessProbe:
                exec: { command: [sh, -c, "PGPASSWORD=«shop» pg_isready"] }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: db }
        spec:
          containers:
            - name: db
              image: postgres:18.1
              env:
                - { name: POSTGRES_USER, value: shop }
                - name: POSTGRES_PASSWORD
                  valueFrom:
                    secretKeyRef:
                      name: db-secrets
                      key: POSTGRES_PASSWORD
              livenessProbe:
                exec: { command: [sh, -c, "PGPASSWORD=shop pg_isready"] }
        `,
      remains: "Kubernetes puts no variables into probes: they must be changed by hand.",
    },
    {
      bad: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: grafana }
        data:
          GF_SECURITY_ADMIN_PASSWORD: «admin»
          grafana.ini: |
            [security]
            admin_password = «admin»
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Secret
        metadata: { name: shop }
        data: { username: YWRtaW4=, password: «YWRtaW4=» }
        `,
      fixed: `
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: { name: shop }
        spec:
          refreshInterval: 1h
          secretStoreRef:
            kind: ClusterSecretStore
            name: store
          target:
            name: shop
          data:
            - secretKey: username
              remoteRef:
                key: shop
                property: username
            - secretKey: password
              remoteRef:
                key: shop
                property: password
        `,
      note: "behind base64",
    },
    {
      bad: `
        apiVersion: v1
        kind: Secret
        metadata:
          name: {{ .Release.Name }}
        stringData:
          password: «CHANGEME»
        `,
      file: "chart/templates/secret.yaml",
      severity: "warning",
      note: "a placeholder that works",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
              args: [--admin-password, «changeme»]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
              args: [--admin-password, $(ADMIN_PASSWORD)]
              env:
                - name: ADMIN_PASSWORD
                  valueFrom:
                    secretKeyRef:
                      name: tool-secrets
                      key: ADMIN_PASSWORD
        `,
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
              env:
                - { name: POSTGRES_USER, value: postgres }
                - { name: POSTGRES_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }
                - { name: PGPASSWORD, value: $(POSTGRES_PASSWORD) }
                - { name: OLD_PASSWORD, value: "" }
                - { name: TRUSTSTORE_PASSWORD, value: changeit }
                - { name: API_KEY_HEADER, value: secret }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Secret
        metadata: { name: shop }
        stringData: { password: "<replace-me>", token: "\${DB_PASSWORD}", username: admin }
        data: { other-password: Cg== }
        `,
      note: "what works as no password",
    },
    {
      good: `
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: shops.acme.example }
        spec:
          versions:
            - name: v1
              schema:
                openAPIV3Schema: { properties: { password: { type: string, default: admin } } }
        `,
      note: "a schema",
    },
  ],
  check: {
    file(file, report, context) {
      ofConfigMaps(file, report, context);
      ofSecrets(file, report, context);
    },
    container: ofContainer,
  },
});
