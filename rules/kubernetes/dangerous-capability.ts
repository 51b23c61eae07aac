import { fixIn, rule } from "../../engine/index";
import { capabilityName, dangerOf, removeCapability } from "../shared/kubernetes/capabilities";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";

export default rule({
  id: "kubernetes/dangerous-capability",
  kind: "kubernetes",
  severity: "error",
  principle: "least-privilege",
  summary: "A container gets a capability that leads out of it",
  why: `Some capabilities are as good as root on the node. With \`SYS_ADMIN\` an intruder mounts the node's disk or a cgroup and runs
a program outside the container; with \`SYS_PTRACE\` and the node's processes in sight he writes into one of them; with
\`NET_ADMIN\` he turns the traffic of the neighbours to himself. Nearly every program runs without; where one needs such a power, keep it
in a small container of its own and suppress the finding with the reason.`,
  refs: ["PSS baseline", "PSS restricted", "CIS 5.2.9", "NSA pod", "CWE-250"],
  covers: [
    "checkov:CKV_K8S_39",
    "checkov:CKV_K8S_25",
    "trivy:KSV-0005",
    "trivy:KSV-0120",
    "kubescape:C-0046",
    "polaris:dangerousCapabilities",
    "kubesec:CapSysAdmin",
    "kics:235236ee",
    "kics:19ebaa28",
    "kyverno:disallow-capabilities",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: tool
        spec:
          template:
            spec:
              containers:
                - name: tool
                  image: acme/tool:1.2.3
                  securityContext:
                    capabilities:
                      add:
                        - «SYS_ADMIN»
                        - NET_BIND_SERVICE
                - name: second
                  image: acme/tool:1.2.3
                  securityContext: { runAsUser: 1000, capabilities: { add: [«cap_net_admin», «ALL»] } }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: tool
        spec:
          template:
            spec:
              containers:
                - name: tool
                  image: acme/tool:1.2.3
                  securityContext:
                    capabilities:
                      add:
                        - NET_BIND_SERVICE
                - name: second
                  image: acme/tool:1.2.3
                  securityContext: { runAsUser: 1000 }
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: tool
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
              securityContext:
                capabilities:
                  # it loads a module
                  drop: [ALL]
                  add:
                    - «SYS_MODULE»
                    - «SYS_RAWIO»
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: tool
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
              securityContext:
                capabilities:
                  # it loads a module
                  drop: [ALL]
        `,
      note: "the list goes with its last item",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext: { capabilities: { drop: [SYS_ADMIN, ALL], add: [NET_BIND_SERVICE, CHOWN] } }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers: [{ name: web, image: "acme/web:1.2.3", securityContext: { capabilities: { add: [NET_RAW] } } }]
        `,
      note: "another rule speaks",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext: { capabilities: { add: [{{ .Values.capability }}] } }
        `,
      note: "a value decides",
    },
  ],
  check: {
    pod(pod, report, context) {
      const found = breaches(pod, context, "capabilities_baseline", "capabilities_restricted").filter(
        ({ at, isMissing }) => !isMissing && dangerOf(at.string ?? "") !== undefined,
      );
      const condemned = found.map(({ at }) => at);
      for (const { at, container } of found) {
        if (container === undefined || at.string === undefined) continue;
        const name = capabilityName(at.string);
        report(at, `${name} lets ${container.name} ${dangerOf(name)}${ifConditional(at)}`, {
          severity: severityAt("error", at, pod),
          fix: () => {
            const edits = removeCapability(at, container, condemned, context);
            return fixIn(context.file, `Remove ${name}`, "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
