import { fixIn, rule } from "../../engine/index";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";

export default rule({
  id: "kubernetes/host-port",
  kind: "kubernetes",
  severity: "warning",
  principle: "exposure",
  summary: "A container takes a port of its node",
  why: `A host port is open on every address of the node, the public one among them, whatever Services and Ingresses say; most
network plug-ins do not even apply NetworkPolicies to it. A database opened this way for a test is found by scanners within
minutes. It also keeps a second pod off the node. Use a Service.`,
  refs: ["PSS baseline", "CIS 5.2.12"],
  covers: [
    "checkov:CKV_K8S_26",
    "trivy:KSV-0024",
    "kubescape:C-0044",
    "polaris:hostPortSet",
    "kics:2b1836f1",
    "kyverno:disallow-host-ports",
  ],
  fix: "unsafe",
  yieldsTo: ["kubernetes/database-exposed"],
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          template:
            spec:
              containers:
                - name: web
                  image: acme/web:1.2.3
                  ports:
                    - containerPort: 8080
                      hostPort: «8080»
                    - { containerPort: 9090, hostPort: «"9090"», name: metrics }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
        spec:
          template:
            spec:
              containers:
                - name: web
                  image: acme/web:1.2.3
                  ports:
                    - containerPort: 8080
                    - { containerPort: 9090, name: metrics }
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          initContainers:
            - name: proxy
              image: acme/proxy:1.2.3
              restartPolicy: Always
              ports:
                - hostPort: «443»
                  containerPort: 8443
          containers:
            - name: web
              image: acme/web:1.2.3
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          initContainers:
            - name: proxy
              image: acme/proxy:1.2.3
              restartPolicy: Always
              ports:
                - containerPort: 8443
          containers:
            - name: web
              image: acme/web:1.2.3
        `,
      note: "a sidecar",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - { name: web, image: "acme/web:1.2.3", ports: [{ containerPort: 8080, hostPort: 0 }, { containerPort: 1 }] }
        `,
      note: "0 is none",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          hostNetwork: true
          containers:
            - { name: web, image: "acme/web:1.2.3", ports: [{ containerPort: 8080, hostPort: 8080 }] }
        `,
      note: "on the node's network every port is the node's; another rule speaks",
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
              ports:
                - containerPort: 8080
                  hostPort: {{ .Values.hostPort }}
        `,
      note: "a value decides",
    },
  ],
  check: {
    pod(pod, report, context) {
      const isOnHost = pod.spec.get("hostNetwork")?.boolean === true;
      for (const { at, container } of breaches(pod, context, "hostPorts")) {
        const port = at.number;
        const isSaid = isOnHost && at.parent?.get("containerPort")?.number === port;
        if (container === undefined || (isSaid && !context.kubernetes.isExact)) continue;
        report(at, `${container.name} takes port ${port} on every address of its node${ifConditional(at)}`, {
          severity: severityAt("warning", at, pod),
          fix: () => {
            const edits = at.removeUpTo(container.field);
            return fixIn(context.file, `Remove hostPort ${port}`, "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
