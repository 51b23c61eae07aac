/** The catalogue's tricky cases of manifests, each with the right verdict. */
import assert from "node:assert/strict";
import type { Finding } from "../engine/index";
import { project } from "./support/engine";
import { dedent } from "./support/example";

interface Case {
  readonly name: string;
  /** Files by name; the first is `app.yaml` where `file` says nothing else. */
  readonly text: string;
  readonly file?: string;
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

async function verdict({
  text,
  file: first = "app.yaml",
  config,
  reports = [],
  silent = [],
  says = {},
}: Case): Promise<void> {
  const [own = "", ...rest] = dedent(text).split(/^-- (.+) --\n/m);
  const files = [{ file: first, text: own }];
  for (let i = 0; i < rest.length; i += 2) files.push({ file: rest[i] ?? "", text: rest[i + 1] ?? "" });
  const analyser = await project(files, { preset: "all", config });
  const found = files.flatMap(({ file, text: written }) => {
    assert.deepEqual(analyser.problems(file), []);
    const prefix = file === first ? "" : `${file}:`;
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

const hardened = `
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec:
            containers: [{ name: web, image: "acme/web:1.2.3" }]`;

const merge = `|-
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: web }
            spec:
              template:
                spec:
                  securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }`;
const operations = `|-
            - op: add
              path: /spec/template/spec/securityContext
              value: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }`;
const web = "{ group: apps, version: v1, kind: Deployment, name: web }";
const inlinePatches: Readonly<Record<string, string>> = {
  "a merge": `patches:\n        - patch: ${merge}`,
  "a merge of all deployments": `patches:\n        - target: { kind: Deployment }\n          patch: ${merge}`,
  "a strategic merge": `patchesStrategicMerge:\n        - ${merge}`,
  operations: `patches:\n        - target: ${web}\n          patch: ${operations}`,
  "a JSON patch": `patchesJson6902:\n        - target: ${web}\n          patch: ${operations}`,
};

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
  ...(["v1.18", "latest"] as const).map((version) => ({
    name: `T6: the annotation of old, where the namespace asks for ${version}`,
    text: `
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        namespace: shop
        annotations: { seccomp.security.alpha.kubernetes.io/pod: runtime/default }
      spec:
        securityContext: { runAsNonRoot: true }
        containers: [{ name: web, image: "acme/web:1.2.3", securityContext: { allowPrivilegeEscalation: false } }]
      -- namespaces/shop.yaml --
      apiVersion: v1
      kind: Namespace
      metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce-version: ${version} } }
    `,
    config: restricted,
    ...(version === "latest"
      ? { reports: ["seccomp-profile-missing@7 error", "capabilities-not-dropped@9 error"] }
      : { silent: ["seccomp-profile-missing", "capabilities-not-dropped"] }),
  })),
  ...(["1.37", "1.26"] as const).map((version) => ({
    name: `a parameter of the kernel that came to be allowed, where the namespace asks for ${version}`,
    text: `
      apiVersion: v1
      kind: Pod
      metadata: { name: web, namespace: shop }
      spec:
        securityContext: { sysctls: [{ name: net.ipv4.ip_local_reserved_ports, value: "30000" }] }
        containers: [{ name: web, image: "acme/web:1.2.3" }]
      -- namespaces/shop.yaml --
      apiVersion: v1
      kind: Namespace
      metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce-version: v${version} } }
    `,
    ...(version === "1.37" ? { silent: ["unsafe-sysctl"] } : { reports: ["unsafe-sysctl@5"] }),
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
  {
    name: "T10: a template that leaves the security context to values",
    text: `
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        template:
          spec:
            containers:
              - name: web
                image: acme/web:1.2.3
                securityContext: {{- toYaml .Values.securityContext | nindent 12 }}
      -- Chart.yaml --
      apiVersion: v2
      name: web
      version: 1.0.0
      -- values.yaml --
      securityContext: {}
      web: { securityContext: { privileged: true } }
    `,
    file: "templates/app.yaml",
    reports: ["values.yaml:helm/insecure-default@2"],
    silent: [
      ...["capabilities-not-dropped", "non-root-not-enforced", "privilege-escalation-allowed"],
      ...["seccomp-profile-missing", "writable-root-filesystem", "values.yaml:helm/insecure-default@1"],
    ],
  },
  {
    name: "T11: what a condition decides, and what a value does",
    text: `
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        template:
          spec:
            {{- if .Values.debug }}
            hostNetwork: true
            {{- end }}
            hostPID: {{ .Values.hostPID }}
            containers: [{ name: web, image: "acme/web:1.2.3" }]
      -- Chart.yaml --
      apiVersion: v2
      name: web
      version: 1.0.0
    `,
    file: "templates/app.yaml",
    reports: ["host-network@8 warning"],
    silent: ["host-pid"],
    says: { "host-network@8": "condition" },
  },
  {
    name: "T12: lists, and lists that say their items' kind",
    text: `
      apiVersion: v1
      kind: List
      items:
        - apiVersion: apps/v1
          kind: Deployment
          metadata: { name: web }
          spec:
            template:
              spec:
                hostPID: true
                containers: [{ name: web, image: "acme/web:1.2.3" }]
      ---
      apiVersion: v1
      kind: List
      items: []
      ---
      apiVersion: apps/v1
      kind: DeploymentList
      items:
        - metadata: { name: mail }
          spec:
            template:
              spec:
                hostIPC: true
                containers: [{ name: mail, image: "acme/mail:1.2.3" }]
    `,
    reports: ["host-pid@10 error", "host-ipc@24 error"],
  },
  {
    name: "T16: a patch of a kustomization",
    text: `
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        template:
          spec:
            hostPID: true
            containers:
              - name: web
                env: [{ name: MODE, value: fast }]
      -- kustomization.yaml --
      resources: [base.yaml]
      patches: [{ path: app.yaml }]
      -- base.yaml --
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec: { containers: [{ name: web, image: "acme/web:1.2.3" }] }
    `,
    reports: ["host-pid@7", "base.yaml:seccomp-profile-missing@8"],
    silent: [
      ...["capabilities-not-dropped", "non-root-not-enforced", "seccomp-profile-missing", "memory-limit-missing"],
      ...["liveness-probe-missing", "image-latest-tag", "dangling-reference", "service-account-token-automount"],
    ],
  },
  ...[true, false].map((all) => ({
    name: `T17: a base that ${all ? "every" : "one"} overlay hardens`,
    text: `
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec:
            containers: [{ name: web, image: "acme/web:1.2.3" }]
      -- kustomization.yaml --
      resources: [app.yaml]
      -- dev/kustomization.yaml --
      resources: [..]
      patches: [{ path: hard.yaml }]
      -- dev/hard.yaml --
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        template:
          spec:
            securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      -- prod/kustomization.yaml --
      resources: [..]
      patches: [{ path: ${all ? "../dev/hard.yaml" : "scale.yaml"} }]
      -- prod/scale.yaml --
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec: { replicas: 3 }
    `,
    ...(all
      ? { silent: ["seccomp-profile-missing", "non-root-not-enforced"], reports: ["capabilities-not-dropped@9"] }
      : { reports: ["seccomp-profile-missing@8", "non-root-not-enforced@9"] }),
  })),
  ...Object.entries(inlinePatches).map(([name, patch]) => ({
    name: `T17: a base that every overlay hardens by ${name} of its own`,
    text: `${hardened}
      -- kustomization.yaml --
      resources: [app.yaml]
      -- dev/kustomization.yaml --
      resources: [..]
      ${patch}
      -- prod/kustomization.yaml --
      resources: [..]
      ${patch}
    `,
    silent: ["seccomp-profile-missing", "non-root-not-enforced"],
    reports: ["capabilities-not-dropped@9"],
  })),
  ...Object.entries(inlinePatches).map(([name, patch]) => ({
    name: `T17: a base that one of two overlays hardens by ${name} of its own`,
    text: `${hardened}
      -- kustomization.yaml --
      resources: [app.yaml]
      -- dev/kustomization.yaml --
      resources: [..]
      ${patch}
      -- prod/kustomization.yaml --
      resources: [..]
    `,
    reports: ["seccomp-profile-missing@8", "non-root-not-enforced@9"],
  })),
  ...[true, false].map((isPatched) => ({
    name: `T16: labels that a patch within the kustomization ${isPatched ? "writes" : "does not write"} are what a Service asks for`,
    text: `${hardened}
      ---
      apiVersion: v1
      kind: Service
      metadata: { name: web }
      spec: { selector: { tier: front }, ports: [{ port: 80 }] }
      -- kustomization.yaml --
      resources: [app.yaml]
      patches:
        - patch: |-
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: web }
            spec: { template: { metadata: { labels: { tier: ${isPatched ? "front" : "back"} } } } }
    `,
    ...(isPatched ? { silent: ["dangling-reference"] } : { reports: ["dangling-reference@14"] }),
  })),
  {
    name: "T19: addresses in a file of a ConfigMap",
    text: `
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: proxy }
      data:
        nginx.conf: |
          # http://docs.example.org/proxying
          location / {
            proxy_pass http://orders:8080;
          }
        logo.svg: |
          <svg xmlns="http://www.w3.org/2000/svg"/>
    `,
    reports: ["plaintext-endpoint@8 info"],
    silent: ["plaintext-endpoint@6", "plaintext-endpoint@11"],
  },
  ...(
    [
      ["an entry without hosts", "[{ secretName: x }]", "b.a.com", false],
      ["an empty list", "[]", "b.a.com", true],
      ["nothing, whatever the controller's certificate", undefined, "b.a.com", true],
      ["a wildcard", '[{ hosts: ["*.a.com"], secretName: x }]', "b.a.com", false],
      ["a wildcard that covers one label only", '[{ hosts: ["*.a.com"], secretName: x }]', "c.b.a.com", true],
    ] as const
  ).map(([name, tls, host, isReported]) => ({
    name: `T20: an Ingress with ${name}`,
    text: `
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: { name: web }
      spec:
        ingressClassName: nginx
        rules:
          - host: ${host}
            http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
        ${tls === undefined ? "" : `tls: ${tls}`}
    `,
    ...(isReported
      ? { reports: [`ingress-without-tls@${host === "b.a.com" ? 3 : 7} warning`] }
      : { silent: ["ingress-without-tls"] }),
  })),
  {
    name: "T21: roles that a controller fills, and those that every cluster has",
    text: `
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: { name: monitoring }
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { monitoring: "true" } }] }
      rules: []
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: { name: cluster-admin, labels: { kubernetes.io/bootstrapping: rbac-defaults } }
      rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]
    `,
    silent: ["rbac-wildcard", "rbac-cluster-control", "rbac-privilege-escalation", "rbac-aggregation-widening"],
  },
  ...(["RoleBinding", "ClusterRoleBinding"] as const).map((kind) => ({
    name: `T22: cluster-admin by a ${kind}`,
    text: `
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ${kind}
      metadata: { name: team${kind === "RoleBinding" ? ", namespace: shop" : ""} }
      roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
      subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team }]
    `,
    reports: [`cluster-admin-binding@4 ${kind === "RoleBinding" ? "warning" : "error"}`],
  })),
  {
    name: "T23: ports by name, and containers that declare none",
    text: `
      apiVersion: v1
      kind: Service
      metadata: { name: web }
      spec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }] }
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec: { containers: [{ name: web, image: "acme/web:1.2.3", ports: [{ name: http, containerPort: 8080 }] }] }
      ---
      apiVersion: v1
      kind: Service
      metadata: { name: mail }
      spec: { selector: { app: mail }, ports: [{ port: 25, targetPort: 2525 }] }
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: mail }
      spec:
        selector: { matchLabels: { app: mail } }
        template:
          metadata: { labels: { app: mail } }
          spec: { containers: [{ name: mail, image: "acme/mail:1.2.3" }] }
    `,
    silent: ["port-mismatch", "dangling-reference"],
  },
  {
    name: "T24: two policies, one of them open",
    text: `
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web, namespace: shop }
      spec:
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec: { containers: [{ name: web, image: "acme/web:1.2.3", ports: [{ containerPort: 8080 }] }] }
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: open, namespace: shop }
      spec:
        podSelector: { matchLabels: { app: web } }
        ingress: [{}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: closed, namespace: shop }
      spec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress] }
    `,
    reports: ["network-policy-allows-all@15 warning"],
    silent: ["network-policy-missing"],
  },
  {
    name: "T25: a policy without rules denies",
    text: `
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: default-deny }
      spec: { podSelector: {}, policyTypes: [Ingress] }
    `,
    silent: ["network-policy-allows-all"],
  },
  {
    name: "T28: a Service of Knative has a pod and no ports",
    text: `
      apiVersion: serving.knative.dev/v1
      kind: Service
      metadata: { name: web }
      spec:
        type: NodePort
        template:
          spec: { containers: [{ image: "acme/web:1.2.3", securityContext: { privileged: true } }] }
    `,
    reports: ["privileged-container@7 error"],
    silent: ["node-port-service", "load-balancer-open", "dangling-reference"],
  },
];

describe("tricky manifests", () => {
  for (const one of cases) it(one.name, () => verdict(one));
});
