import {
  choice,
  type Fix,
  literal,
  rule,
  type Service,
  type ServiceMount,
  type Setting,
  withoutTrailing,
} from "../../engine/index";
import { type CredentialStore, credentialsAt } from "../shared/compose/credential-paths";
import { softened } from "../shared/compose/development";
import { hostPathOf, hostSource, withoutMount, writtenPath } from "../shared/compose/host-paths";
import { fixTogether, setAtTop } from "../shared/compose/top-level";

/** The one file as a secret of the project, at the same place in the container. */
function asSecret(
  mount: ServiceMount,
  service: Service,
  source: Setting,
  { secret, file }: CredentialStore,
  checked: string,
): Fix | undefined {
  const target = mount.target?.value;
  const path = source.isLiteral ? source.scalar.text : hostPathOf(source);
  if (secret === undefined || path === undefined || !target?.known || /^[A-Za-z]:|\\/.test(path)) return undefined;
  const { project } = service;
  const isKnownHome = source.isLiteral || path.startsWith("~");
  if (!isKnownHome || project.resource("secrets", secret) !== undefined) return undefined;
  const within = file === undefined ? "" : `/${choice(1, file)}`;
  const place = (folder: string): string => `${literal(withoutTrailing(folder, "/"))}${within}`;
  const into = { snippet: true, file: mount.file };
  return fixTogether(checked, `Hand ${secret} over as a secret`, "guided", [
    ...withoutMount({ service, mount }),
    service.append(["secrets"], { source: secret, target: place(target.value) }, into),
    setAtTop(project, ["secrets", secret], { file: place(path) }, into),
  ]);
}

export default rule({
  id: "compose/credential-mount",
  kind: "compose",
  severity: "warning",
  principle: "secrets",
  summary: "Somebody's keys or tokens mounted into a service",
  why: `Everything that runs in the container gets the key with all that it opens: a package with a backdoor in its install script
reads \`~/.aws/credentials\` first and sends it home, and then it is the whole cloud account that is lost, not one service. Give the
service an account of its own with the few rights that it needs, and hand its key over as a secret, file by file.`,
  refs: ["CWE-522"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - ./data:/data
              - «~/.aws»:/root/.aws:ro
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - ./data:/data
            secrets:
              - source: aws_credentials
                target: /root/.aws/credentials
        secrets:
          aws_credentials:
            file: ~/.aws/credentials
        `,
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            volumes: ["«\${HOME}/.npmrc»:/app/.npmrc"]
            restart: unless-stopped
        secrets:
          other: { environment: OTHER }
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            restart: unless-stopped
            secrets:
              - source: npmrc
                target: /app/.npmrc
        secrets:
          other: { environment: OTHER }
          npmrc:
            file: ~/.npmrc
        `,
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - type: bind
                source: «/home/alice/.gnupg»
                target: /root/.gnupg
              - "\${KEYS:-«/root/.ssh/id_ed25519»}:/key"
              - «\${HOME}\${USERPROFILE}/.kube»:/\${USER}/.kube
        `,
      note: "nobody knows which file is needed, or where: nothing is offered",
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - «~/.config/gcloud/application_default_credentials.json»:/gcp.json
        `,
      file: "compose.dev.yaml",
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            secrets:
              - source: gcloud_credentials
                target: /gcp.json
        secrets:
          gcloud_credentials:
            file: ~/.config/gcloud/application_default_credentials.json
        `,
      severity: "info",
      note: "where people develop",
    },
    {
      bad: `
        services:
          web:
            image: nginx:1.30
            volumes:
              - «./tls/server.key»:/etc/nginx/server.key:ro
              - ./tls/server.crt:/etc/nginx/server.crt:ro
        `,
      fixed: `
        services:
          web:
            image: nginx:1.30
            volumes:
              - ./tls/server.crt:/etc/nginx/server.crt:ro
            secrets:
              - source: server_key
                target: /etc/nginx/server.key
        secrets:
          server_key:
            file: ./tls/server.key
        `,
      severity: "info",
      note: "the key of the server itself",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - ~/.ssh/known_hosts:/root/.ssh/known_hosts:ro
              - ~/.ssh/id_ed25519.pub:/key.pub:ro
              - \${SSH_AUTH_SOCK}:/agent.sock
              - ./certs/ca.pem:/ca.pem:ro
              - ./certs/fullchain.pem:/chain.pem:ro
              - ~/.config/app:/root/.config/app
              - ~/.cache:/root/.cache
        `,
      note: "made to be shared, or no credentials",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - ssh-keys:/root/.ssh
              - ./keys:/root/.ssh
              - ./npmrc.example:/root/.npmrc
        volumes:
          ssh-keys:
        `,
      note: "only the host's side counts",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            secrets:
              - source: aws_credentials
                target: /root/.aws/credentials
        secrets:
          aws_credentials:
            file: ~/.aws/credentials
        `,
    },
  ],
  check: {
    mount(mount, service, report, context) {
      const source = hostSource(mount);
      const path = source && hostPathOf(source);
      const store = path === undefined ? undefined : credentialsAt(path);
      if (source === undefined || store === undefined) return;
      const severity = store.isServerKey ? "info" : "warning";
      report(source, `${service.name} gets ${writtenPath(source)}: ${store.holds}`, {
        severity: softened(severity, service, mount.file),
        fix: () => asSecret(mount, service, source, store, context.file),
      });
    },
  },
});
