import { fixIn, rule } from "../../engine/index";
import { isService } from "../shared/kubernetes/exposure";
import { ifConditional } from "../shared/kubernetes/pod-security";
import { lowered } from "../shared/kubernetes/weight";

/** Names and addresses that lead to the one who asks, or to the cloud's metadata. */
const own =
  /^(?:localhost|(?:[\w-]+\.)+localhost|127(?:\.\d{1,3}){3}|169\.254(?:\.\d{1,3}){2}|::1|\[::1\]|0\.0\.0\.0)\.?$/i;

export default rule({
  id: "kubernetes/unsafe-service-target",
  kind: "kubernetes",
  severity: "error",
  principle: "exposure",
  summary: "A Service that takes over addresses, or leads to the machine that asks",
  why: `Nobody checks whether the addresses in \`externalIPs\` belong to the one who writes them: every node then sends what pods
address to them to this Service instead, be it the company's name server or a payment provider (CVE-2020-8554). An \`externalName\`
of \`localhost\` makes an ingress controller, or another proxy that follows it, call itself and what listens on its loopback only.`,
  refs: ["CIS 1.2.3", "CVE-2020-8554", "CWE-441"],
  covers: ["trivy:KSV-0108", "kyverno:restrict-service-external-ips", "kyverno:disallow-localhost-services"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata:
          name: web
        spec:
          selector:
            app: web
          ports:
            - port: 80
          «externalIPs»:
            - 198.51.100.32
        `,
      fixed: `
        apiVersion: v1
        kind: Service
        metadata:
          name: web
        spec:
          selector:
            app: web
          ports:
            - port: 80
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: ServiceList
        items:
          - metadata: { name: a }
            spec: { «externalIPs»: [8.8.8.8, 8.8.4.4], ports: [{ port: 53 }] }
        `,
      fixed: `
        apiVersion: v1
        kind: ServiceList
        items:
          - metadata: { name: a }
            spec: { ports: [{ port: 53 }] }
        `,
      note: "an item of a list that does not say what it is",
    },
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata: { name: admin }
        spec: { type: ExternalName, externalName: «localhost» }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: metadata }
        spec: { type: ExternalName, externalName: «169.254.169.254» }
        `,
      severity: "warning",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: db }
        spec: { type: ExternalName, externalName: db.acme.io, externalIPs: [] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: lb }
        spec: { type: LoadBalancer, loadBalancerSourceRanges: [198.51.100.0/24], ports: [{ port: 443 }] }
        status: { loadBalancer: { ingress: [{ ip: 198.51.100.32 }] } }
        `,
      note: "another host; what the cluster gave",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec:
          {{- with .Values.externalIPs }}
          externalIPs: {{ toYaml . | nindent 4 }}
          {{- end }}
          externalName: {{ .Values.name }}
          ports: [{ port: 80 }]
        `,
      file: "chart/templates/service.yaml",
      note: "values decide",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec: { type: ClusterIP, externalName: localhost, ports: [{ port: 80 }] }
        `,
      note: "a name that is not used",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      if (!isService(manifest)) return;
      const addresses = manifest.spec?.get("externalIPs");
      const known = (addresses?.items ?? []).flatMap((item) => item.string ?? []);
      if (addresses !== undefined && known.length > 0) {
        const message = `${manifest.title} takes over what pods send to ${known.join(", ")}${ifConditional(addresses)}`;
        report(addresses.anchor, message, {
          severity: lowered("error", addresses),
          fix: () => {
            const edits = addresses.remove();
            return fixIn(context.file, "Remove externalIPs", "unsafe", [edits && { edits }]);
          },
        });
      }
      const name = manifest.spec?.get("externalName");
      if (name?.string === undefined || manifest.spec?.get("type")?.string !== "ExternalName") return;
      if (!own.test(name.string)) return;
      const message = `${manifest.title} leads whoever follows it to ${name.string}: to itself or to its machine`;
      report(name, message + ifConditional(name), { severity: lowered("warning", name) });
    },
  },
});
