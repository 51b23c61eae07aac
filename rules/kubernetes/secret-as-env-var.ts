import { type Container, type Context, type Field, type Fix, fixIn, rule } from "../../engine/index";
import { joined } from "../shared/kubernetes/security-context";
import { credentialOf, serviceImage } from "../shared/images/services";

/** The variable that the image reads a file's path from instead. */
function fileVariableOf(container: Container, variable: string): string | undefined {
  const image = container.reference && serviceImage(container.reference);
  return image && credentialOf(image, variable)?.fileVariable;
}

/** Mounts the Secret, and names its file in the variable that the image reads a path from. */
function mount(container: Container, item: Field, variable: string, use: Field, context: Context): Fix | undefined {
  const secret = use.get("name")?.string;
  const key = use.get("key")?.string;
  const fileVariable = fileVariableOf(container, variable);
  const from = item.get("valueFrom");
  const { spec } = container.pod;
  if (secret === undefined || key === undefined || fileVariable === undefined || from?.key === undefined)
    return undefined;
  if (item.isShared || container.field.isShared || container.pod.volumes.some((v) => v.get("name")?.string === secret))
    return undefined;
  const folder = `/etc/secrets/${secret}`;
  const { start, end } = from.key;
  const quoted = end - start === "valueFrom".length ? 0 : 1;
  const edits = joined([
    item.get("name")?.replace(fileVariable),
    [{ span: { start: start + quoted, end: end - quoted }, text: "value" }],
    from.replace(`${folder}/${key}`),
    container.field.append(["volumeMounts"], { name: secret, mountPath: folder, readOnly: true }),
    spec.append(["volumes"], { name: secret, secret: { secretName: secret } }),
  ]);
  return fixIn(context.file, `Mount it, and give its path in ${fileVariable}`, "unsafe", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/secret-as-env-var",
  kind: "kubernetes",
  severity: "hint",
  principle: "secrets",
  preset: "strict",
  summary: "A Secret is handed to a container in its environment",
  why: `What a variable holds goes on: to every child process, into crash reports, debug pages and \`/proc/1/environ\`, and it stays the same
until the pod is started again, so a rotated Secret is not seen. One error page that prints the environment gives all of them away. Mount
the Secret as a file, which only this program opens and which the kubelet renews.`,
  refs: ["CIS 5.4.1"],
  covers: [
    "kube-linter:read-secret-from-env-var",
    "checkov:CKV_K8S_35",
    "kubescape:C-0207",
    "kubesec:SecretsAsEnv",
    "kics:3d658f8b",
    "kyverno:disallow-secrets-from-env-vars",
  ],
  fix: "unsafe",
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
                - name: POSTGRES_PASSWORD
                  valueFrom:
                    «secretKeyRef»:
                      name: db
                      key: password
                # no secret
                - name: POSTGRES_DB
                  value: shop
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
                - name: POSTGRES_PASSWORD_FILE
                  value: /etc/secrets/db/password
                # no secret
                - name: POSTGRES_DB
                  value: shop
              volumeMounts:
                - name: db
                  mountPath: /etc/secrets/db
                  readOnly: true
          volumes:
            - name: db
              secret:
                secretName: db
        `,
      note: "the image reads the file",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          template:
            spec:
              containers:
                - name: shop
                  image: acme/shop:1.2.3
                  envFrom: [{ «secretRef»: { name: shop } }, { configMapRef: { name: shop } }]
                  env: [{ name: DB_PASSWORD, valueFrom: { «secretKeyRef»: { name: shop, key: password } } }]
        `,
      note: "nobody knows what files the program reads",
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
                - { name: MODE, valueFrom: { configMapKeyRef: { name: shop, key: mode } } }
                - { name: NODE, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }
              envFrom: [{ configMapRef: { name: shop } }]
              volumeMounts: [{ name: keys, mountPath: /etc/keys, readOnly: true }]
          volumes: [{ name: keys, secret: { secretName: shop } }]
        `,
      note: "settings, and a mounted Secret",
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
              env: [{ name: DB_PASSWORD, valueFrom: { secretKeyRef: null } }]
              envFrom: []
        `,
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
                {{- toYaml .Values.env | nindent 16 }}
        `,
      note: "the chart's values decide",
    },
  ],
  check: {
    container(container, report, context) {
      for (const { name, field } of container.env) {
        const use = field.at("valueFrom", "secretKeyRef");
        if (use === undefined) continue;
        report(use.anchor, `${container.name} gets ${name} from a Secret, where its whole environment goes`, {
          fix: () => mount(container, field, name, use, context),
        });
      }
      for (const item of container.field.get("envFrom")?.items ?? []) {
        const use = item.get("secretRef");
        const secret = use?.get("name")?.string ?? "a Secret";
        if (use !== undefined) report(use.anchor, `${container.name} gets all of ${secret} in its environment`);
      }
    },
  },
});
