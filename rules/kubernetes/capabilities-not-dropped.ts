import { type Container, type Context, type Field, type Fix, fixIn, type Pod, rule } from "../../engine/index";
import { adds, capabilityName } from "../shared/kubernetes/capabilities";
import { harden } from "../shared/kubernetes/harden";
import { breaches, breachOverlaid, isForWindows, isPrivileged, misplaced } from "../shared/kubernetes/pod-security";
import { joined, secure } from "../shared/kubernetes/security-context";

const droppedBy = (container: Container): readonly Field[] =>
  container.securityContext?.at("capabilities", "drop")?.items ?? [];

/** `All` or `all`, which runtimes take for ALL and admission does not. */
const misspelled = (container: Container): Field | undefined =>
  droppedBy(container).find((item) => item.string?.toUpperCase() === "ALL");

const dropAll = (container: Container) => secure(container.field, [[["capabilities", "drop"], ["ALL"]]]);

function move(at: Field, lacking: readonly Container[], { file }: Context, pod: Pod): Fix | undefined {
  const edits = joined([at.removeUpTo(pod.spec), ...lacking.map(dropAll)]);
  return fixIn(file, "Move the capabilities to the containers", "unsafe", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/capabilities-not-dropped",
  kind: "kubernetes",
  severity: "info",
  principle: "least-privilege",
  summary: "A container keeps the capabilities that the runtime gives by default",
  why: `A container starts with more than a dozen parts of root's power, among them changing the owner of any file and becoming any user;
with some runtimes also \`NET_RAW\`, with which an intruder answers for its neighbours' addresses. Most programs use none. The restricted
level asks for \`drop: ["ALL"]\`, in capitals, in every container; for the whole pod the key has no effect. Add back
\`NET_BIND_SERVICE\` where a program must listen below port 1024.`,
  refs: ["PSS restricted", "CIS 5.2.8", "CIS 5.2.9", "NSA pod"],
  covers: [
    "kube-linter:drop-net-raw-capability",
    "checkov:CKV_K8S_28",
    "checkov:CKV_K8S_37",
    "trivy:KSV-0003",
    "trivy:KSV-0004",
    "trivy:KSV-0106",
    "kubescape:C-0055",
    "kubescape:C-0199",
    "kubescape:C-0201",
    "polaris:insecureCapabilities",
    "polaris:linuxHardening",
    "kubesec:CapDropAll",
    "kubesec:CapDropAny",
    "kics:2f1a0619",
    "kics:dbbc6705",
    "kics:268ca686",
    "kyverno:require-drop-all",
  ],
  fix: "safe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: shop
          namespace: shop
        spec:
          securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          initContainers:
          - name: «migrate»
            image: acme/shop:1.2.3
            resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
            securityContext:
              allowPrivilegeEscalation: false
              readOnlyRootFilesystem: true
              capabilities:
                drop: # some
                - CHOWN
                - SETUID
          containers:
          - name: «shop»
            image: acme/shop:1.2.3
            resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
            livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
            readinessProbe: { httpGet: { path: /ready, port: 8080 } }
            securityContext:
              allowPrivilegeEscalation: false
              readOnlyRootFilesystem: true
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: shop
          namespace: shop
        spec:
          securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          initContainers:
          - name: migrate
            image: acme/shop:1.2.3
            resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
            securityContext:
              allowPrivilegeEscalation: false
              readOnlyRootFilesystem: true
              capabilities:
                drop: # some
                - ALL
          containers:
          - name: shop
            image: acme/shop:1.2.3
            resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
            livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
            readinessProbe: { httpGet: { path: /ready, port: 8080 } }
            securityContext:
              allowPrivilegeEscalation: false
              readOnlyRootFilesystem: true
              capabilities:
                drop:
                - ALL
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers:
            - name: shop
              image: acme/shop:1.2.3
              securityContext: { capabilities: { drop: [«all»] } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers:
            - name: shop
              image: acme/shop:1.2.3
              securityContext: { capabilities: { drop: [ALL] } }
        `,
      note: "admission wants capitals",
    },
    {
      bad: `
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": { "name": "shop", "namespace": "shop" },
          "spec": {
            "securityContext": {
              "runAsNonRoot": true,
              "seccompProfile": { "type": "RuntimeDefault" },
              "capabilities": { "drop": ["ALL"] }
            },
            "automountServiceAccountToken": false,
            "containers": [
              {
                "name": «"shop"»,
                "image": "acme/shop:1.2.3",
                "resources": { "requests": { "cpu": "50m", "memory": "64Mi" }, "limits": { "memory": "64Mi" } },
                "livenessProbe": { "httpGet": { "path": "/healthz", "port": 8080 } },
                "readinessProbe": { "httpGet": { "path": "/ready", "port": 8080 } },
                "securityContext": { "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true }
              }
            ]
          }
        }
        `,
      fixed: `
        {
          "apiVersion": "v1",
          "kind": "Pod",
          "metadata": { "name": "shop", "namespace": "shop" },
          "spec": {
            "securityContext": {
              "runAsNonRoot": true,
              "seccompProfile": { "type": "RuntimeDefault" }
            },
            "automountServiceAccountToken": false,
            "containers": [
              {
                "name": "shop",
                "image": "acme/shop:1.2.3",
                "resources": { "requests": { "cpu": "50m", "memory": "64Mi" }, "limits": { "memory": "64Mi" } },
                "livenessProbe": { "httpGet": { "path": "/healthz", "port": 8080 } },
                "readinessProbe": { "httpGet": { "path": "/ready", "port": 8080 } },
                "securityContext": { "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]} }
              }
            ]
          }
        }
        `,
      file: "k8s/shop.json",
      note: "written for the whole pod, where it has no effect",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, namespace: shop }
        spec:
          securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          containers:
            - name: «shop»
              image: acme/shop:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [NET_RAW] } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, namespace: shop }
        spec:
          securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          containers:
            - name: shop
              image: acme/shop:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      severity: "hint",
      note: "the worst of them is dropped",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers:
            - { name: a, image: "acme/shop:1.2.3", securityContext: { capabilities: { drop: ["ALL"] } } }
            - name: b
              image: acme/shop:1.2.3
              securityContext: { capabilities: { drop: [NET_RAW, ALL], add: [NET_BIND_SERVICE] } }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          os: { name: windows }
          containers: [{ name: shop, image: "acme/shop:1.2.3" }]
        -- other.yaml --
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: a }
        `,
      note: "Windows has none",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          nodeSelector: { kubernetes.io/os: windows }
          containers: [{ name: shop, image: "acme/shop:1.2.3" }]
        `,
      note: "nodes with Windows",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          template:
            spec:
              containers:
                - name: shop
                  image: {{ .Values.image }}
        -- chart/Chart.yaml --
        name: shop
        `,
      file: "chart/templates/shop.yaml",
      note: "a template may leave it to a value",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          template:
            spec:
              containers: [{ name: shop, env: [{ name: A, value: b }] }]
        `,
      file: "overlays/shop-patch.yaml",
      note: "a patch",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: agent }
        spec:
          containers: [{ name: agent, image: "acme/agent:1.2.3", securityContext: { privileged: true } }]
        `,
      note: "to a privileged container nothing is denied; another rule speaks",
    },
  ],
  check: {
    pod(pod, report, context) {
      const { isExact } = context.kubernetes;
      const found = breaches(pod, context, "capabilities_restricted").filter(
        ({ isMissing, container }) =>
          isMissing && (isExact || !(isForWindows(pod) || (container !== undefined && isPrivileged(container)))),
      );
      const lacking = found.flatMap(({ container }) => container ?? []);
      const elsewhere = misplaced(pod, "capabilities");
      for (const breach of found) {
        const { container } = breach;
        if (container === undefined) continue;
        const wrong = misspelled(container);
        if (wrong !== undefined) {
          report(wrong, `Spell it ALL: Pod Security admission does not take ${wrong.string} for it`, {
            fix: () => {
              const edits = wrong.replace("ALL");
              const respell = fixIn(context.file, "Spell it ALL", "safe", [edits && { edits }]);
              return [respell, harden(pod, context)].filter((fix) => fix !== undefined);
            },
          });
          continue;
        }
        const dropped = droppedBy(container).map((item) => capabilityName(item.string ?? ""));
        const isPartly = dropped.length === 1 && dropped[0] === "NET_RAW" && !adds(container, "NET_RAW");
        const why = elsewhere === undefined ? "" : ": for the whole pod, `capabilities` has no effect";
        report(container.anchor, `${container.name} keeps the capabilities that the runtime gives by default${why}`, {
          severity: isPartly ? "hint" : "info",
          related: breachOverlaid(pod, breach, context).related,
          fix: () => {
            const edits = dropAll(container);
            const own = fixIn(context.file, "Drop all capabilities", "unsafe", [edits && { edits }]);
            const first = elsewhere === undefined ? own : (move(elsewhere, lacking, context, pod) ?? own);
            return [first, harden(pod, context)].filter((fix) => fix !== undefined);
          },
        });
      }
    },
  },
});
