import { fixIn, rule } from "../../engine/index";
import { defaultCapabilities, removeCapability } from "../shared/kubernetes/capabilities";
import { breaches, ifConditional, severityAt } from "../shared/kubernetes/pod-security";

export default rule({
  id: "kubernetes/default-capability-readded",
  kind: "kubernetes",
  severity: "info",
  preset: "strict",
  principle: "least-privilege",
  summary: "A container adds a capability other than NET_BIND_SERVICE",
  why: `The restricted level lets a container add \`NET_BIND_SERVICE\` and nothing else. The others of the runtime's usual set are small
parts of root: with \`SETUID\` an intruder becomes any user of the container, with \`DAC_OVERRIDE\` he reads all of its files, whoever
owns them. Images that start as another user and own their files need none of them.`,
  refs: ["PSS restricted"],
  covers: ["trivy:KSV-0106", "checkov:CKV_K8S_25", "kyverno:disallow-capabilities-strict"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext:
                capabilities:
                  drop:
                    - ALL
                  add:
                    - «CHOWN»
                    - NET_BIND_SERVICE
                    - «SETUID»
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
              securityContext:
                capabilities:
                  drop:
                    - ALL
                  add:
                    - NET_BIND_SERVICE
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers: [{ name: web, image: "acme/web:1.2.3", securityContext: { capabilities: { add: [«KILL»] } } }]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers: [{ name: web, image: "acme/web:1.2.3" }]
        `,
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
              securityContext: { capabilities: { drop: [ALL, CHOWN], add: [NET_BIND_SERVICE] } }
        `,
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
              securityContext: { capabilities: { drop: [ALL], add: [CAP_CHOWN, SYS_ADMIN] } }
        `,
      note: "other rules speak",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          os: { name: windows }
          containers: [{ name: web, image: "acme/web:1.2.3", securityContext: { capabilities: { add: [CHOWN] } } }]
        `,
      note: "the restricted level asks nothing of that kind of Windows",
    },
  ],
  check: {
    pod(pod, report, context) {
      const found = breaches(pod, context, "capabilities_restricted").filter(
        ({ at, isMissing }) => !isMissing && defaultCapabilities.has(at.string ?? ""),
      );
      const condemned = found.map(({ at }) => at);
      for (const { at, container } of found) {
        if (container === undefined) continue;
        const message = `${container.name} adds ${at.string}: the restricted level only knows NET_BIND_SERVICE`;
        report(at, message + ifConditional(at), {
          severity: severityAt("info", at, pod),
          fix: () => {
            const edits = removeCapability(at, container, condemned, context);
            return fixIn(context.file, `Remove ${at.string}`, "unsafe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
