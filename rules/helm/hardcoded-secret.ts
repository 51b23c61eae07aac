import { rule } from "../../engine/index";
import { credentialsOf, emptyValue, type ValueCredential } from "../shared/helm/credentials";
import { severityOf } from "../shared/helm/severity";

/** Shows no more of it than its mask. */
function message({ found, name }: ValueCredential): string {
  const { title, kind, masked } = found;
  const inUrl = kind === "url-credentials" || kind === "connection-string";
  const what =
    title === undefined ? (inUrl ? `The password in ${name}` : `The value of ${name}`) : `The ${title} in ${name}`;
  return `${what} is in this file for everybody who can read the chart: ${masked}`;
}

export default rule({
  id: "helm/hardcoded-secret",
  kind: "helm",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A secret is written into the values of a chart",
  why: `Values are committed, packed into the chart's archive and kept by Helm in the cluster for every release, so the secret is
read by whoever can pull the chart or run \`helm get values\`. All who install the chart without thinking share it, and one of them
who loses it loses it for all. Leave the value empty, fail in the template where it is needed, or take it from a Secret that is
named by \`existingSecret\`. What stood here is known by now: change it where it is used.`,
  refs: ["CWE-798"],
  covers: [],
  fix: "guided",
  yieldsTo: [
    "helm/default-password",
    "secrets/provider-token",
    "secrets/private-key",
    "secrets/jwt",
    "secrets/authorization-header",
    "secrets/connection-string-password",
  ],
  examples: [
    {
      bad: `
        auth:
          username: shop
          password: «tulip-Harbor-88» # of the shop
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        auth:
          username: shop
          password: "" # of the shop
        `,
    },
    {
      bad: `
        database:
          existingSecret: ""
          rootPassword: "«river-Lantern-31»"
        api: { key: «k3Jx9QvT2mZb7Lw4» }
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        database:
          existingSecret: "name-of-a-secret"
          rootPassword: ""
        api: { key: "" }
        `,
      note: "the chart takes a Secret; a name out of two",
    },
    {
      bad: `
        databasePassword: «tulip-Harbor-88»
        extraEnv:
          - name: SMTP_PASSWORD
            value: «river-Lantern-31»
        config: |
          url = https://shop.internal
          password = «maple-Cellar-52»
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        databasePassword: ""
        extraEnv:
          - name: SMTP_PASSWORD
            value: river-Lantern-31
        config: |
          url = https://shop.internal
          password = maple-Cellar-52
        `,
      remains: "What stands in a list or in a file within the values must be moved by hand.",
      note: "in an item of env, in a file",
    },
    {
      file: "ci/default-values.yaml",
      bad: `
        adminPassword: «tulip-Harbor-88»
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        adminPassword: ""
        `,
      severity: "info",
      note: "only for the chart's own tests",
    },
    {
      good: `
        auth:
          password: ""
          rootPassword:
          replicationPassword: ~
          adminPassword: <replace-me>
          existingSecret: shop-secrets
          passwordKey: admin-password
          secretKeys: { adminPasswordKey: postgres-password, userPasswordKey: password }
        tls: { key: tls.key, cert: tls.crt, secretName: shop-tls }
        -- Chart.yaml --
        name: shop
        `,
      note: "nothing, placeholders, names of Secrets and of their keys",
    },
    {
      good: `
        adminSecret: shop-admin
        token: '{{ include "shop.token" . }}'
        smtpPassword: "{{ .Values.global.smtpPassword }}"
        passwordFile: /run/secrets/db
        oauthTokenUrl: https://id.example.com/token
        imagePullSecret: regcred
        passwordPolicy: strong
        automountServiceAccountToken: true
        redis: { existingSecret: redis, existingSecretPasswordKey: redis-password }
        vaultToken: ref+vault://secret/shop#token
        -- Chart.yaml --
        name: shop
        `,
      note: "templates, paths, references, names about secrets",
    },
    {
      good: `
        auth:
          password: tulip-Harbor-88
        `,
      note: "the values of no chart",
    },
  ],
  check: {
    setting(setting, report, context) {
      for (const credential of credentialsOf(setting, context)) {
        // What everybody knows is no secret: helm/default-password has it.
        if (credential.found.kind === "default-password") continue;
        report(credential.at, message(credential), {
          severity: severityOf("error", setting),
          fix: () => emptyValue(credential, context),
        });
      }
    },
  },
});
