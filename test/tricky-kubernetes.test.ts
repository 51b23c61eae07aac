/** The catalogue's tricky cases of manifests, each with the right verdict. */
import assert from "node:assert/strict";
import type { Finding } from "../engine/index";
import { project } from "./support/engine";
import { dedent } from "./support/example";

interface Case {
  readonly name: string;
  /** Files by name; the first is `app.yaml`. */
  readonly text: string;
  /** `bulkhead.yaml`; preset `all` where it says nothing else. */
  readonly config?: string;
  /** `rule@line` or `rule@line severity`, in the first file or, as `file:rule@line`, in another. */
  readonly reports?: readonly string[];
  /** Rules that must say nothing at all, or nothing on a line. */
  readonly silent?: readonly string[];
  /** What a message must say: `rule@line` and a part of it. */
  readonly says?: Readonly<Record<string, string>>;
}

const lineOf = (text: string, { span }: Finding): number => text.slice(0, span.start).split("\n").length;

async function verdict({ text, config, reports = [], silent = [], says = {} }: Case): Promise<void> {
  const [own = "", ...rest] = dedent(text).split(/^-- (.+) --\n/m);
  const files = [{ file: "app.yaml", text: own }];
  for (let i = 0; i < rest.length; i += 2) files.push({ file: rest[i] ?? "", text: rest[i + 1] ?? "" });
  const analyser = await project(files, { preset: "all", config });
  const found = files.flatMap(({ file, text: written }) => {
    assert.deepEqual(analyser.problems(file), []);
    const prefix = file === "app.yaml" ? "" : `${file}:`;
    const open = analyser.findings(file).filter((f) => f.suppressed === null);
    return open.map((f) => {
      const place = `${prefix}${f.rule.replace(/^kubernetes\//, "")}@${lineOf(written, f)}`;
      return { place, severity: f.severity, message: f.message };
    });
  });
  const shown = found.map(({ place, severity }) => `${place} ${severity}`);
  for (const expected of reports) {
    const same = shown.filter((s) => s === expected || s.startsWith(`${expected} `));
    assert.equal(same.length, 1, `expected ${expected} once, got:\n${shown.join("\n")}`);
  }
  for (const quiet of silent) {
    const loud = shown.filter((s) => s.startsWith(quiet.includes("@") ? `${quiet} ` : `${quiet}@`));
    assert.deepEqual(loud, [], `${quiet} must be silent`);
  }
  for (const [place, part] of Object.entries(says)) {
    const messages = found.filter((f) => f.place === place).map((f) => f.message);
    assert.ok(
      messages.some((m) => m.includes(part)),
      `${place} says: ${messages.join("; ")}`,
    );
  }
}

const restricted = "preset: pss-restricted\n";

/** A pod whose only container has the security context. */
const podWith = (context: string, pod = "{}"): string => `
  apiVersion: v1
  kind: Pod
  metadata: { name: web }
  spec:
    securityContext: ${pod}
    containers:
      - name: web
        image: acme/web:1.2.3
        securityContext: ${context}
`;

const network = `
  apiVersion: apps/v1
  kind: DaemonSet
  metadata: { name: cilium, namespace: kube-system }
  spec:
    selector: { matchLabels: { app: cilium } }
    template:
      metadata: { labels: { app: cilium } }
      spec:
        hostNetwork: true
        containers:
          - name: agent
            image: quay.io/cilium/cilium:v1.18.2
            securityContext:
              privileged: true
              capabilities: { add: [NET_ADMIN] }
            volumeMounts:
              - { name: bin, mountPath: /host/opt/cni/bin }
              - { name: conf, mountPath: /host/etc/cni/net.d, readOnly: true }
        volumes:
          - { name: bin, hostPath: { path: /opt/cni/bin } }
          - { name: conf, hostPath: { path: /etc/cni/net.d } }
`;

const ignored = `bulkhead-ignore ${[
  ...["host-network", "privileged-container", "dangerous-capability", "host-path-volume", "sensitive-host-path"],
]
  .map((name) => `kubernetes/${name}`)
  .join(", ")} -- it is the network`;

const cases: readonly Case[] = [
  {
    name: "T1: the pod forbids root, a container takes it back",
    text: podWith("{ runAsNonRoot: false }", "{ runAsNonRoot: true }"),
    reports: ["root-user@9 warning"],
    silent: ["non-root-not-enforced"],
  },
  {
    name: "T1: and is refused",
    text: podWith("{ runAsNonRoot: false }", "{ runAsNonRoot: true }"),
    config: restricted,
    reports: ["root-user@9 error"],
    silent: ["non-root-not-enforced"],
  },
  {
    name: "T2: the pod allows root, every container forbids it",
    text: podWith("{ runAsNonRoot: true }", "{ runAsNonRoot: false }"),
    reports: ["root-user@5 info"],
    silent: ["non-root-not-enforced"],
  },
  {
    name: "T2: and is refused all the same",
    text: podWith("{ runAsNonRoot: true }", "{ runAsNonRoot: false }"),
    config: restricted,
    reports: ["root-user@5 error"],
  },
  {
    name: "T3: a user above 0 is enough",
    text: podWith("{ runAsUser: 1000 }"),
    silent: ["non-root-not-enforced", "root-user"],
  },
  {
    name: "T3: but not for the restricted level",
    text: podWith("{ runAsUser: 1000 }"),
    config: restricted,
    reports: ["non-root-not-enforced@7 error"],
  },
  {
    name: "T4: capabilities of a whole pod",
    text: podWith("{}", "{ capabilities: { drop: [ALL] } }"),
    reports: ["capabilities-not-dropped@7 info"],
    says: { "capabilities-not-dropped@7": "no effect" },
  },
  {
    name: "T5: a host port of 0 is none",
    text: `
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec:
        containers: [{ name: web, image: "acme/web:1.2.3", ports: [{ containerPort: 80, hostPort: 0 }] }]
    `,
    silent: ["host-port"],
  },
  ...[undefined, "preset: pss-baseline\n"].map((config) => ({
    name: `T5: a host port on the node's network${config === undefined ? "" : ", to the letter"}`,
    text: `
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec:
        hostNetwork: true
        containers: [{ name: web, image: "acme/web:1.2.3", ports: [{ containerPort: 8080, hostPort: 8080 }] }]
    `,
    ...(config === undefined ? { silent: ["host-port"] } : { config }),
    reports: ["host-network@5 error", ...(config === undefined ? [] : ["host-port@6 error"])],
  })),
  ...(["latest", "1.18"] as const).map((version) => ({
    name: `T6: the annotation of old, by the policy ${version}`,
    text: `
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        annotations: { seccomp.security.alpha.kubernetes.io/pod: runtime/default }
      spec:
        securityContext: { runAsNonRoot: true }
        containers: [{ name: web, image: "acme/web:1.2.3", securityContext: { allowPrivilegeEscalation: false } }]
    `,
    config: `preset: pss-restricted\nkubernetes: { podSecurityVersion: "${version}" }\n`,
    ...(version === "latest"
      ? {
          reports: ["seccomp-profile-missing@6 error"],
          says: { "seccomp-profile-missing@6": "ignore the annotation since 1.27" },
        }
      : { silent: ["seccomp-profile-missing", "seccomp-unconfined", "capabilities-not-dropped"] }),
  })),
  ...["all", restricted].map((config) => ({
    name: `T7: Windows, ${config === "all" ? "as people like it" : "to the letter"}`,
    text: `
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec:
        os: { name: windows }
        securityContext: { runAsNonRoot: true }
        containers: [{ name: web, image: "acme/web:1.2.3" }]
    `,
    ...(config === "all" ? {} : { config }),
    silent: [
      ...["capabilities-not-dropped", "seccomp-profile-missing", "privilege-escalation-allowed"],
      "non-root-not-enforced",
    ],
  })),
  {
    name: "T7: Windows does not excuse root",
    text: `
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec:
        os: { name: windows }
        containers: [{ name: web, image: "acme/web:1.2.3" }]
    `,
    config: restricted,
    reports: ["non-root-not-enforced@6 error"],
  },
  ...["all", restricted].map((config) => ({
    name: `T7: only the nodes are Windows, ${config === "all" ? "as people like it" : "to the letter"}`,
    text: `
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec:
        nodeSelector: { kubernetes.io/os: windows }
        securityContext: { runAsNonRoot: true }
        containers: [{ name: web, image: "acme/web:1.2.3" }]
    `,
    ...(config === "all"
      ? { silent: ["capabilities-not-dropped", "seccomp-profile-missing", "privilege-escalation-allowed"] }
      : {
          config,
          reports: ["capabilities-not-dropped@7", "seccomp-profile-missing@4", "privilege-escalation-allowed@7"],
        }),
  })),
  ...["[all]", '["All"]'].map((drop) => ({
    name: `T8: drop: ${drop}`,
    text: podWith(`{ capabilities: { drop: ${drop} } }`),
    reports: ["capabilities-not-dropped@9 info"],
    says: { "capabilities-not-dropped@9": "Spell it ALL" },
  })),
  {
    name: "T8: NET_BIND_SERVICE may be added",
    text: podWith('{ capabilities: { drop: ["ALL"], add: [NET_BIND_SERVICE] } }'),
    silent: ["capabilities-not-dropped", "non-default-capability", "default-capability-readded"],
  },
  {
    name: "T8: but not by another name",
    text: podWith("{ capabilities: { drop: [ALL], add: [CAP_NET_BIND_SERVICE] } }"),
    reports: ["non-default-capability@9 warning"],
    silent: ["capabilities-not-dropped"],
    says: { "non-default-capability@9": "only knows NET_BIND_SERVICE" },
  },
  {
    name: "T9: references, nothing, paths and file variables",
    text: `
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec:
        containers:
          - name: web
            image: acme/web:1.2.3
            env:
              - { name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }
              - { name: OLD_PASSWORD, value: "" }
              - { name: PGPASSWORD, value: $(DB_PASSWORD_FROM_SECRET) }
              - { name: ROOT_PASSWORD, value: /run/secrets/db }
              - { name: DB_PASSWORD_FILE, value: /run/secrets/db }
    `,
    reports: ["secret-as-env-var@9"],
    silent: ["secret-in-env", "default-password"],
  },
  {
    name: "T13: what gives the node its network",
    text: network,
    reports: [
      ...["host-network@9 info", "privileged-container@14 error", "dangerous-capability@15 error"],
      ...["host-path-volume@20 warning", "sensitive-host-path@21 warning"],
    ],
  },
  {
    name: "T13: is refused for each of them",
    text: network,
    config: "preset: pss-baseline\n",
    reports: [
      ...["host-network@9 error", "privileged-container@14 error", "dangerous-capability@15 error"],
      ...["host-path-volume@20 error", "sensitive-host-path@21 error"],
    ],
  },
  {
    name: "T13: one comment with several ids accepts it",
    text: network.replace("  spec:\n    selector", `  # ${ignored}\n  spec:\n    selector`),
    silent: [
      ...["host-network", "privileged-container", "dangerous-capability", "host-path-volume", "sensitive-host-path"],
      ...["suppression/unused", "suppression/unknown-rule"],
    ],
  },
  {
    name: "T14: placeholders of a Secret",
    text: `
      apiVersion: v1
      kind: Secret
      metadata: { name: shop }
      stringData:
        password: "<replace-me>"
        db-password: "\${DB_PASSWORD}"
        admin-password: CHANGEME
        old-password: ""
      data: { other-password: Cg== }
    `,
    reports: ["default-password@7 warning"],
    silent: [
      ...["secret-in-manifest", "default-password@5", "default-password@6", "default-password@8", "default-password@9"],
    ],
    says: { "default-password@7": "placeholder" },
  },
  {
    name: "T15: what is sealed, fetched, encrypted, or a release",
    text: `
      apiVersion: bitnami.com/v1alpha1
      kind: SealedSecret
      metadata: { name: shop }
      spec: { encryptedData: { password: AgBy3i4OJSWK+PiTySYZZA9rO43cGDEqAgBy3i4OJSWK+PiTySYZZA9rO43cGDEq } }
      ---
      apiVersion: external-secrets.io/v1
      kind: ExternalSecret
      metadata: { name: shop }
      spec: { data: [{ secretKey: password, remoteRef: { key: prod/db/password } }] }
      ---
      apiVersion: v1
      kind: Secret
      metadata: { name: shop }
      data: { password: "ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]" }
      sops: { version: 3.9.0 }
      ---
      apiVersion: v1
      kind: Secret
      metadata: { name: sh.helm.release.v1.shop.v1 }
      type: helm.sh/release.v1
      data: { release: SDRzSUFBQUFBQUFDLzVWU3k3TENNQXo4bFU3UDlCQk9mUW91 }
    `,
    silent: ["secret-in-manifest", "default-password"],
  },
  {
    name: "T18: the schema of a resource definition",
    text: `
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: { name: shops.acme.example }
      spec:
        group: acme.example
        versions:
          - name: v1
            schema:
              openAPIV3Schema:
                properties:
                  password: { type: string, default: admin }
                  privileged: { type: boolean, default: true }
    `,
    silent: ["default-password", "secret-in-manifest", "privileged-container"],
  },
  {
    name: "T26: volumes without a source",
    text: `
      apiVersion: v1
      kind: Pod
      metadata: { name: web }
      spec:
        containers: [{ name: web, image: "acme/web:1.2.3" }]
        volumes: [{ name: cache }, { name: c, emptyDir: null }]
    `,
    silent: ["host-path-volume", "restricted-volume-type"],
  },
  ...["yes", '"true"'].map((value) => ({
    name: `T27: privileged: ${value}`,
    text: podWith(`{ privileged: ${value} }`),
    reports: ["privileged-container@9 error"],
  })),
  { name: "T27: privileged: null", text: podWith("{ privileged: null }"), silent: ["privileged-container"] },
];

describe("tricky manifests", () => {
  for (const one of cases) it(one.name, () => verdict(one));
});
