import { type Field, rule } from "../../engine/index";
import { isPlaceholder, isReference, mask } from "../shared/secrets";

const kept = ["client-key-data", "token", "password"] as const;
const titles = { "client-key-data": "The private key", token: "The token", password: "The password" };

/** What `kubectl config view` writes in place of what it hides, and other values that open nothing. */
const opensNothing = (text: string): boolean =>
  text.trim() === "" || /^(?:DATA\+OMITTED|REDACTED)$/.test(text) || isPlaceholder(text) || isReference(text);

const written = (field: Field | undefined): string | undefined =>
  field?.string === undefined || opensNothing(field.string) ? undefined : field.string;

export default rule({
  id: "kubernetes/kubeconfig-credentials",
  kind: "kubernetes",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A kubeconfig holds the key, token or password of a user",
  why: `A kubeconfig with a key or a token in it is a login to the cluster for whoever has the file, often as an administrator, and client
keys cannot be revoked: \`kubectl --kubeconfig\` with a copy from an old clone works until the certificate ends. Take the file out of the
repository and renew the credential; let people log in by an \`exec\` plugin, and machines by a short-lived token.`,
  refs: ["NSA net", "CWE-522"],
  covers: [],
  fix: "none",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Config
        clusters:
          - name: shop
            cluster: { server: "https://10.0.0.1:6443", certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t }
        users:
          - name: admin
            user:
              client-certificate-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t
              client-key-data: «q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=»
          - name: robot
            user: { token: «k3Jx9QvT2mZb7Lw4» }
          - name: old
            user: { username: old, password: «tulip-Harbor-88» }
        `,
      file: "kubeconfig.yaml",
    },
    {
      bad: '{ "apiVersion": "v1", "kind": "Config", "users": [{ "name": "robot", "user": { "token": "«k3Jx9QvT2mZb7Lw4»" } }] }\n',
      file: "deploy/kubeconfig.json",
    },
    {
      good: `
        apiVersion: v1
        kind: Config
        users:
          - name: a
            user: { exec: { apiVersion: client.authentication.k8s.io/v1, command: aws, args: [eks, get-token] } }
          - name: b
            user: { tokenFile: /var/run/secrets/token, client-key: /etc/kubernetes/admin.key }
          - name: c
            user: { auth-provider: { name: oidc } }
        `,
      file: "kubeconfig.yaml",
      note: "the credential is elsewhere",
    },
    {
      good: `
        apiVersion: v1
        kind: Config
        users:
          - { name: a, user: { client-key-data: DATA+OMITTED } }
          - { name: b, user: { token: REDACTED } }
          - { name: c, user: { token: "\${TOKEN}" } }
          - { name: d, user: { token: <token>, password: "" } }
          - { name: e, user: { token: {{ .Values.token }} } }
        `,
      file: "kubeconfig.yaml",
      note: "hidden, or filled in later",
    },
    {
      good: `
        apiVersion: shop.example.com/v1
        kind: Config
        users: [{ name: a, user: { token: k3Jx9QvT2mZb7Lw4 } }]
        `,
      note: "another kind of the same name",
    },
  ],
  check: {
    manifest(manifest, report) {
      if (!manifest.is("Config", "") || manifest.version !== "v1") return;
      for (const entry of manifest.root.get("users")?.items ?? []) {
        const name = entry.get("name")?.string ?? "a user";
        for (const key of kept) {
          const field = entry.at("user", key);
          const text = written(field);
          if (field === undefined || text === undefined) continue;
          const at = field.part(0, text.length);
          report(at, `${titles[key]} of ${name} is in this file for everybody who can read it: ${mask(text)}`);
        }
      }
    },
  },
});
