import {
  choice,
  type Container,
  type Context,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  type ManifestFile,
  type Report,
  rule,
} from "../../engine/index";

/** A token of the pod's own for each volume of the file's pods that mounts the Secret. */
function projectInstead(secret: string | undefined, file: ManifestFile, context: Context): Fix | undefined {
  const uses = file.manifests
    .flatMap((m) => file.podsOf(m))
    .flatMap((pod) => pod.volumes)
    .filter((v) => secret !== undefined && v.at("secret", "secretName")?.string === secret);
  const source = { path: "token", expirationSeconds: 3600, audience: choice(1, "api") };
  const edits = uses.map((volume): ReturnType<Field["replace"]> => {
    const name = volume.get("name")?.string;
    const data = { name: name ?? "token", projected: { sources: [{ serviceAccountToken: source }] } };
    return volume.isShared || name === undefined ? undefined : volume.replace(data, { snippet: true });
  });
  const parts = edits.map((e) => e && { edits: e });
  return fixIn(context.file, "Mount a token that ends by itself", "guided", parts);
}

function ofSecret(manifest: Manifest, file: ManifestFile, report: Report, context: Context): void {
  const type = manifest.root.get("type");
  if (!manifest.is("Secret", "") || type === undefined) return;
  if (type.string === "kubernetes.io/service-account-token") {
    const account = manifest.annotation("kubernetes.io/service-account.name")?.string ?? "its account";
    report(type, `${manifest.title} gives ${account} a token that never ends`, {
      fix: () => projectInstead(manifest.name, file, context),
    });
  }
  if (type.string !== "bootstrap.kubernetes.io/token" || manifest.isPartial) return;
  const texts = [manifest.root.get("stringData"), manifest.root.get("data")];
  if (texts.some((t) => t?.isOpen === true || t?.has("expiration") === true)) return;
  report(type, `${manifest.title} lets nodes join for ever: it has no expiration`, {
    fix: () => {
      const data = choice(1, "2027-01-01T00:00:00Z");
      const edits = manifest.root.get("stringData")?.set(["expiration"], data, { snippet: true });
      return edits && fixIn(context.file, "Let it expire", "guided", [{ edits }]);
    },
  });
}

/** `kubeadm init` makes these tokens. */
function ofKubeadm(manifest: Manifest, report: Report, context: Context): void {
  if (!manifest.is("InitConfiguration", "kubeadm.k8s.io")) return;
  for (const token of manifest.root.get("bootstrapTokens")?.items ?? []) {
    const ttl = token.get("ttl");
    if (ttl === undefined || !/^0(?:h|m|s|h0m0s)?$/.test(ttl.string ?? "")) continue;
    report(ttl, "The bootstrap token lets nodes join for ever: its ttl is 0", {
      fix: () => limit(ttl, "24h0m0s", "Let it end after a day", context),
    });
  }
}

function limit(at: Field, value: string | number, title: string, context: Context): Fix | undefined {
  const edits = at.isShared ? undefined : at.replace(value);
  return fixIn(context.file, title, "unsafe", [edits && { edits }]);
}

const aDay = 86_400;

function ofVolumes(volumes: readonly Field[], report: Report, context: Context): void {
  for (const volume of volumes) {
    for (const source of volume.at("projected", "sources")?.items ?? []) {
      const seconds = source.at("serviceAccountToken", "expirationSeconds");
      const number = seconds?.number ?? 0;
      if (seconds === undefined || number <= aDay) continue;
      const days = Math.round(number / aDay);
      report(seconds, `The token in ${volume.get("name")?.string ?? "a volume"} is good for ${days} days`, {
        fix: () => limit(seconds, 3600, "Let it end after an hour", context),
      });
    }
  }
}

const extension = /^--service-account-extend-token-expiration(?:=true)?$/;

function ofApiServer(container: Container, report: Report, context: Context): void {
  for (const word of container.words) {
    if (word.string === undefined || !extension.test(word.string)) continue;
    report(word, "The API server makes tokens good for a year that were to end after an hour", {
      fix: () => limit(word, "--service-account-extend-token-expiration=false", "Let tokens end in time", context),
    });
  }
}

export default rule({
  id: "kubernetes/long-lived-token",
  kind: "kubernetes",
  severity: "warning",
  principle: "rotation",
  summary: "A token that does not end, or ends too late",
  why: `A token in a Secret is good until somebody deletes the Secret. Whoever copied it once, out of a backup, a log or a pod that is long
gone, still talks to the API with it years later. Since 1.24 the kubelet mounts tokens that end after an hour and renews them: use those,
or a projected volume with \`expirationSeconds\` and an \`audience\`. Tokens for nodes to join need an end as well.`,
  refs: ["CIS 1.2.30", "CIS 3.1.2", "CIS 3.1.3", "NSA auth"],
  covers: [
    "kyverno:deny-secret-service-account-token-type",
    "kubescape:C-0290",
    "kubescape:C-0287",
    "kubescape:C-0288",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Secret
        metadata:
          name: robot-token
          annotations: { kubernetes.io/service-account.name: robot }
        type: «kubernetes.io/service-account-token»
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: robot }
        spec:
          containers: [{ name: robot, image: "acme/robot:1.2.3", volumeMounts: [{ name: token, mountPath: /var/run/token }] }]
          volumes:
            - name: token
              secret:
                secretName: robot-token
        `,
      fixed: `
        apiVersion: v1
        kind: Secret
        metadata:
          name: robot-token
          annotations: { kubernetes.io/service-account.name: robot }
        type: kubernetes.io/service-account-token
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: robot }
        spec:
          containers: [{ name: robot, image: "acme/robot:1.2.3", volumeMounts: [{ name: token, mountPath: /var/run/token }] }]
          volumes:
            - name: token
              projected:
                sources:
                  - serviceAccountToken:
                      path: token
                      expirationSeconds: 3600
                      audience: api
        `,
      remains: "The Secret itself is to be deleted when nothing uses it any more.",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: robot }
        spec:
          containers: [{ name: robot, image: "acme/robot:1.2.3" }]
          volumes:
            - name: token
              projected: { sources: [{ serviceAccountToken: { path: token, expirationSeconds: «31536000» } }] }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: robot }
        spec:
          containers: [{ name: robot, image: "acme/robot:1.2.3" }]
          volumes:
            - name: token
              projected: { sources: [{ serviceAccountToken: { path: token, expirationSeconds: 3600 } }] }
        `,
      note: "a year",
    },
    {
      bad: `
        apiVersion: v1
        kind: Secret
        metadata: { name: bootstrap-token-07401b, namespace: kube-system }
        type: «bootstrap.kubernetes.io/token»
        stringData:
          token-id: 07401b
          usage-bootstrap-authentication: "true"
        `,
      fixed: `
        apiVersion: v1
        kind: Secret
        metadata: { name: bootstrap-token-07401b, namespace: kube-system }
        type: bootstrap.kubernetes.io/token
        stringData:
          token-id: 07401b
          usage-bootstrap-authentication: "true"
          expiration: "2027-01-01T00:00:00Z"
        `,
    },
    {
      bad: `
        apiVersion: kubeadm.k8s.io/v1beta4
        kind: InitConfiguration
        bootstrapTokens:
          - groups: [system:bootstrappers:kubeadm:default-node-token]
            ttl: «"0"»
        `,
      fixed: `
        apiVersion: kubeadm.k8s.io/v1beta4
        kind: InitConfiguration
        bootstrapTokens:
          - groups: [system:bootstrappers:kubeadm:default-node-token]
            ttl: "24h0m0s"
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: robot }
        spec:
          containers: [{ name: robot, image: "acme/robot:1.2.3", args: ["--service-account-extend-token-expiration=false"] }]
          volumes:
            - name: token
              projected: { sources: [{ serviceAccountToken: { path: token, expirationSeconds: 7200 } }, { configMap: { name: ca } }] }
            - name: other
              projected: { sources: [{ serviceAccountToken: { path: token } }] }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Secret
        metadata: { name: bootstrap-token-07401b, namespace: kube-system }
        type: bootstrap.kubernetes.io/token
        stringData: { token-id: 07401b, expiration: "2027-01-01T00:00:00Z" }
        ---
        apiVersion: v1
        kind: Secret
        metadata: { name: shop }
        type: Opaque
        ---
        apiVersion: kubeadm.k8s.io/v1beta4
        kind: InitConfiguration
        bootstrapTokens: [{ ttl: 24h0m0s }]
        `,
      note: "it ends",
    },
    {
      good: `
        apiVersion: v1
        kind: Secret
        metadata: { name: {{ .Values.token }} }
        type: bootstrap.kubernetes.io/token
        stringData:
          {{- toYaml .Values.data | nindent 10 }}
        `,
      note: "the chart's values may say when",
    },
  ],
  check: {
    file(file, report, context) {
      for (const manifest of file.manifests) {
        ofSecret(manifest, file, report, context);
        ofKubeadm(manifest, report, context);
      }
    },
    pod: (pod, report, context) => ofVolumes(pod.volumes, report, context),
    container: ofApiServer,
  },
});
