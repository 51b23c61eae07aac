import { rule } from "../../engine/index";
import { credentialsOf, emptyValue } from "../shared/helm/credentials";
import { severityOf } from "../shared/helm/severity";

export default rule({
  id: "helm/default-password",
  kind: "helm",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A chart gives a default password",
  why: `Whoever installs the chart without setting the value has a password that stands in a public repository, and scanners try
\`admin\`, \`changeme\` and \`prom-operator\` before anything else. One exposed dashboard later a stranger is its administrator. Leave the
value empty and let the template make one up, keep the one that the cluster already has, or refuse to render without it
(\`required\`).`,
  refs: ["CWE-1392"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        grafana:
          adminUser: admin
          adminPassword: «prom-operator»
        postgresql:
          auth: { username: shop, password: «shop» }
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        grafana:
          adminUser: admin
          adminPassword: ""
        postgresql:
          auth: { username: shop, password: "" }
        `,
    },
    {
      bad: `
        # Change it!
        password: "«changeme»"
        existingSecret:
        databaseUrl: mysql://root:«root»@db/shop
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        # Change it!
        password: ""
        existingSecret: name-of-a-secret
        databaseUrl: ""
        `,
      note: "the chart takes a Secret; in a URL",
    },
    {
      file: "values-local.yaml",
      bad: `
        rootPassword: «123456»
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        rootPassword: ""
        `,
      severity: "warning",
      note: "where people develop",
    },
    {
      good: `
        auth:
          username: admin
          password: ""
          passwordKey: password
        redis:
          auth: { existingSecret: redis-auth, password: changeme }
        role: admin
        truststorePassword: changeit
        -- Chart.yaml --
        name: shop
        `,
      note: "none; a key's name; not used; what it protects is public",
    },
    {
      good: `
        password: admin
        -- notes.txt --
        no chart
        `,
      note: "the values of no chart",
    },
  ],
  check: {
    setting(setting, report, context) {
      for (const credential of credentialsOf(setting, context)) {
        if (credential.found.kind !== "default-password") continue;
        report(credential.at, `${credential.name} is a password that everybody knows unless somebody sets another`, {
          severity: severityOf("error", setting),
          fix: () => emptyValue(credential, context),
        });
      }
    },
  },
});
