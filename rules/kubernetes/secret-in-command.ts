import { rule } from "../../engine/index";
import { takeFromVariable } from "../shared/kubernetes/credential-fixes";
import { type CommandCredential, commandCredentials } from "../shared/kubernetes/credentials";
import { ifConditional, severityAt } from "../shared/kubernetes/pod-security";

function message({ found, name, expands, field }: CommandCredential, container: string): string {
  const { title, masked } = found;
  const token = title === undefined ? undefined : `${/^(?:[aeio]|npm)/i.test(title) ? "An" : "A"} ${title}`;
  const what = token ?? (name === undefined || name === "password" ? "A password" : `The value of ${name}`);
  const where = expands ? `is an argument of ${container}` : `is in a probe or hook of ${container}`;
  return `${what} ${where}, in this file and in the node's process list: ${masked}${ifConditional(field)}`;
}

export default rule({
  id: "kubernetes/secret-in-command",
  kind: "kubernetes",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A secret is written into the command of a container or probe",
  why: `Arguments are in the manifest, in its history and in the API for whoever may read pods; on the node every process sees them in
\`/proc\`, and monitoring copies them into its logs. One \`ps\` on the node gives the password. Change it, keep the new one in a Secret,
and let the program read a file or a variable; Kubernetes puts a variable in the place of \`$(NAME)\` in \`command\` and \`args\`.`,
  refs: ["CWE-798", "CWE-214"],
  covers: ["kubescape:C-0012"],
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
        kind: Pod
        metadata:
          name: loader
        spec:
          containers:
            - name: loader
              image: acme/loader:1.2.3
              args:
                - --host=db
                - --db-password=«tulip-Harbor-88» # of the loader
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: loader
        spec:
          containers:
            - name: loader
              image: acme/loader:1.2.3
              args:
                - --host=db
                - --db-password=$(DB_PASSWORD) # of the loader
              env:
                - name: DB_PASSWORD
                  valueFrom:
                    secretKeyRef:
                      name: loader-secrets
                      key: DB_PASSWORD
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: cache }
        spec:
          containers:
            - name: cache
              image: acme/cache:1.2.3
              command: [cache-server, --requirepass, «tulip-Harbor-88»]
              env: [{ name: MODE, value: single }]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: cache }
        spec:
          containers:
            - name: cache
              image: acme/cache:1.2.3
              command: [cache-server, --requirepass, $(CACHE_PASSWORD)]
              env: [{ name: MODE, value: single }, { name: CACHE_PASSWORD, valueFrom: { secretKeyRef: { name: cache-secrets, key: CACHE_PASSWORD } } }]
        `,
      note: "in the word behind the option",
    },
    {
      bad: `
        apiVersion: batch/v1
        kind: Job
        metadata: { name: migrate }
        spec:
          template:
            spec:
              containers:
                - name: migrate
                  image: acme/migrate:1.2.3
                  command:
                    - /bin/sh
                    - -c
                    - |
                      set -e
                      mysql -h db -uroot -p«tulip-Harbor-88» shop < schema.sql
                      curl -H "Authorization: Bearer \${TOKEN}" https://hooks.internal/done
        `,
      fixed: `
        apiVersion: batch/v1
        kind: Job
        metadata: { name: migrate }
        spec:
          template:
            spec:
              containers:
                - name: migrate
                  image: acme/migrate:1.2.3
                  command:
                    - /bin/sh
                    - -c
                    - |
                      set -e
                      mysql -h db -uroot -p$(MIGRATE_PASSWORD) shop < schema.sql
                      curl -H "Authorization: Bearer \${TOKEN}" https://hooks.internal/done
                  env:
                    - name: MIGRATE_PASSWORD
                      valueFrom:
                        secretKeyRef:
                          name: migrate-secrets
                          key: MIGRATE_PASSWORD
        `,
      note: "in the text of a shell",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: cache }
        spec:
          containers:
            - name: cache
              image: acme/cache:1.2.3
              livenessProbe:
                exec: { command: [redis-cli, -a, «tulip-Harbor-88», ping] }
              readinessProbe:
                httpGet:
                  path: /healthz
                  port: 8080
                  httpHeaders: [{ name: X-Api-Key, value: «k3Jx9QvT2mZb7Lw4» }]
        `,
      note: "Kubernetes puts no variables there",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: cache }
        spec:
          containers:
            - name: cache
              image: acme/cache:1.2.3
              command: [cache-server, --requirepass, $(CACHE_PASSWORD), --password-file=/run/secrets/cache]
              args: ["--token-ttl=3600", "--tls-secret=shop/cache-tls", "--webhook-secret=validating-webhook", "--auth-token=\${TOKEN}", --password, --verbose]
              livenessProbe:
                exec: { command: [sh, -c, 'redis-cli -a "$REDIS_PASSWORD" ping'] }
        `,
      note: "references, files, other things",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
              command: [python, -c]
              args:
                - |
                  password = os.environ["PASSWORD"]
                  token = fetch_token(password)
                  print("password: hidden")
            - name: web
              image: acme/web:1.2.3
              command: [nginx, -p, /srv/nginx, -a, all]
              args: ["--key=/etc/tls/tls.key", "--secret-name", shop-database, "token"]
        `,
      note: "the text of another program; short options that mean something else",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
              args: ["--password={{ .Values.password }}", "--token", "{{ .Values.token }}"]
        `,
      note: "a value of the chart decides",
    },
  ],
  check: {
    container(container, report, context) {
      for (const credential of commandCredentials(container, context)) {
        const { found, at, field } = credential;
        if (found.kind === "default-password") continue;
        report(at, message(credential, container.name), {
          severity: severityAt("error", field, container.pod),
          fix: () => takeFromVariable(credential, container, context),
        });
      }
    },
  },
});
