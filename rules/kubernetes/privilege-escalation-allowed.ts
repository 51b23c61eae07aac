import { type Container, type Context, type Field, type Fix, fixIn, type Pod, rule } from "../../engine/index";
import { adds } from "../shared/kubernetes/capabilities";
import { harden } from "../shared/kubernetes/harden";
import {
  breaches,
  breachOverlaid,
  ifConditional,
  isForWindows,
  isPrivileged,
  misplaced,
  severityAt,
} from "../shared/kubernetes/pod-security";
import { joined, secure } from "../shared/kubernetes/security-context";

/** The API refuses `false` beside such power. */
const needsIt = (container: Container): boolean => isPrivileged(container) || adds(container, "SYS_ADMIN");

const forbid = (container: Container) => secure(container.field, [[["allowPrivilegeEscalation"], false]]);

function move(at: Field, lacking: readonly Container[], { file }: Context, pod: Pod): Fix | undefined {
  const edits = joined([at.removeUpTo(pod.spec), ...lacking.map(forbid)]);
  return fixIn(file, "Move allowPrivilegeEscalation to the containers", "unsafe", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/privilege-escalation-allowed",
  kind: "kubernetes",
  severity: "info",
  principle: "least-privilege",
  summary: "A container's programs may gain more rights than they started with",
  why: `Without \`allowPrivilegeEscalation: false\` a program that runs as an ordinary user becomes root through any setuid file in its image:
\`su\`, \`mount\`, a forgotten \`sudo\`. So an intruder gets past \`runAsUser\`. The setting costs nothing but that; it stands in each
container, for the whole pod it has no effect.`,
  refs: ["PSS restricted", "CIS 5.2.6", "NSA pod", "CWE-250"],
  covers: [
    "kube-linter:privilege-escalation-container",
    "checkov:CKV_K8S_20",
    "trivy:KSV-0001",
    "kubescape:C-0016",
    "polaris:privilegeEscalationAllowed",
    "kubesec:AllowPrivilegeEscalation",
    "kics:5572cc5e",
    "kyverno:disallow-privilege-escalation",
  ],
  fix: "unsafe",
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
          containers:
            - name: «shop»
              image: acme/shop:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext:
                readOnlyRootFilesystem: true
                capabilities:
                  drop: [ALL]
            # beside it
            - { name: «log», image: "acme/log:1.2.3", resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }, livenessProbe: { httpGet: { port: 1 } }, readinessProbe: { httpGet: { port: 1 } }, securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } } }
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
          containers:
            - name: shop
              image: acme/shop:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext:
                readOnlyRootFilesystem: true
                capabilities:
                  drop: [ALL]
                allowPrivilegeEscalation: false
            # beside it
            - { name: log, image: "acme/log:1.2.3", resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }, livenessProbe: { httpGet: { port: 1 } }, readinessProbe: { httpGet: { port: 1 } }, securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: [ALL] }, allowPrivilegeEscalation: false } }
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
              securityContext:
                allowPrivilegeEscalation: «true» # sudo
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers:
            - name: shop
              image: acme/shop:1.2.3
              securityContext:
                allowPrivilegeEscalation: false # sudo
        `,
      severity: "warning",
      note: "somebody wants it",
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
                  image: {{ .Values.image }}
                  securityContext: { allowPrivilegeEscalation: «true» }
                - name: other
                  image: {{ .Values.image }}
        -- chart/Chart.yaml --
        name: shop
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          template:
            spec:
              containers:
                - name: shop
                  image: {{ .Values.image }}
                  securityContext: { allowPrivilegeEscalation: false }
                - name: other
                  image: {{ .Values.image }}
        `,
      file: "chart/templates/shop.yaml",
      severity: "warning",
      note: "in a template only what is written counts",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers:
            - { name: a, image: "acme/shop:1.2.3", securityContext: { allowPrivilegeEscalation: false } }
            - { name: b, image: "acme/shop:1.2.3", securityContext: { allowPrivilegeEscalation: "false" } }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers:
            - { name: a, image: "acme/tool:1.2.3", securityContext: { privileged: true } }
            - { name: b, image: "acme/tool:1.2.3", securityContext: { capabilities: { add: [CAP_SYS_ADMIN] } } }
        `,
      note: "the API refuses it there; other rules speak",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          os: { name: windows }
          containers: [{ name: shop, image: "acme/shop:1.2.3" }]
        `,
      note: "Windows knows no such thing",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          template:
            spec:
              containers: [{ name: shop, image: "acme/shop:1.2.4" }]
        `,
      file: "overlays/test/patches/shop.yaml",
      note: "a patch",
    },
  ],
  check: {
    pod(pod, report, context) {
      const { isExact } = context.kubernetes;
      const found = breaches(pod, context, "allowPrivilegeEscalation").filter(
        ({ container }) => container !== undefined && (isExact || !(needsIt(container) || isForWindows(pod))),
      );
      const lacking = found.flatMap(({ container, isMissing }) => (isMissing ? (container ?? []) : []));
      const elsewhere = misplaced(pod, "allowPrivilegeEscalation");
      for (const breach of found) {
        const { at, container, isMissing } = breach;
        if (container === undefined) continue;
        const fix = () => {
          const edits = needsIt(container) ? undefined : forbid(container);
          const own = fixIn(context.file, "Set allowPrivilegeEscalation: false", "unsafe", [edits && { edits }]);
          const isMove = isMissing && elsewhere !== undefined && !lacking.some(needsIt);
          const first = isMove ? (move(elsewhere, lacking, context, pod) ?? own) : own;
          return [first, harden(pod, context)].filter((f) => f !== undefined);
        };
        const what = `${container.name} lets its programs gain more rights than they started with`;
        const why = elsewhere === undefined || !isMissing ? "" : ": for the whole pod, the setting has no effect";
        const { related } = breachOverlaid(pod, breach, context);
        if (isMissing) report(container.anchor, what + why, { related, fix });
        else report(at, what + ifConditional(at), { severity: severityAt("warning", at, pod), fix });
      }
    },
  },
});
