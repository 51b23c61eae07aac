import { type Context, type Field, fixIn, type Manifest, type Report, rule } from "../../engine/index";
import { holdsMetadata, metadataAddress } from "../shared/kubernetes/addresses";
import { ifConditional } from "../shared/kubernetes/pod-security";
import { lowered } from "../shared/kubernetes/weight";

/** The service listens there; a rule without ports is for every port. */
const metadataPort = 80;

function reachesPort(entry: Field): boolean {
  const ports = entry.get("ports");
  if (ports === undefined || ports.items.length === 0)
    return entry.written("ports") === undefined || ports?.isOpen !== true;
  return ports.items.some((port) => {
    const number = port.get("port")?.number;
    const isTcp = (port.get("protocol")?.string ?? "TCP") === "TCP";
    if (!isTcp) return false;
    if (port.written("port") === undefined) return true;
    const end = port.get("endPort")?.number ?? number;
    return number !== undefined && end !== undefined && number <= metadataPort && metadataPort <= end;
  });
}

function inPolicy(manifest: Manifest, report: Report, context: Context): void {
  for (const entry of manifest.spec?.get("egress")?.items ?? []) {
    if (!reachesPort(entry)) continue;
    for (const block of (entry.get("to")?.items ?? []).flatMap((to) => to.get("ipBlock") ?? [])) {
      const cidr = block.get("cidr");
      const except = block.get("except");
      const isTakenOut = except?.isOpen || except?.items.some((e) => e.string === undefined || holdsMetadata(e.string));
      if (cidr === undefined || !holdsMetadata(cidr.string) || isTakenOut || block.isOpen) continue;
      const message = `${manifest.title} lets its pods reach the metadata service at ${metadataAddress}${ifConditional(cidr)}`;
      report(cidr, message, {
        severity: lowered("warning", cidr),
        fix: () => {
          // The whole block is that one address, or link-local ones: there is nothing to take it out of.
          const edits = cidr.string?.startsWith("169.254.")
            ? undefined
            : block.append(["except"], `${metadataAddress}/32`);
          return fixIn(context.file, "Leave the metadata service out", "unsafe", [edits && { edits }]);
        },
      });
    }
  }
}

const called =
  /(?:^|[^\w.])((?:https?:\/\/)(?:169\.254\.169\.254|metadata\.google\.internal|\[fd00:ec2::254\]))(?![\w.])/;
const alone = /^(?:169\.254\.169\.254|metadata\.google\.internal)(?::80)?$/;
/** Lists of what is not sent through a proxy. */
const noCall = /no_?proxy|exclude|deny|block|except/i;

function callIn(field: Field | undefined): { readonly start: number; readonly end: number } | undefined {
  const text = field?.string;
  if (field === undefined || text === undefined) return undefined;
  if (alone.test(text)) return field;
  const found = called.exec(text);
  if (found === null) return undefined;
  const address = found[1] ?? "";
  const from = found.index + found[0].length - address.length;
  const line = text.slice(text.lastIndexOf("\n", from) + 1, from);
  return /^\s*(?:#|\/\/)/.test(line) ? undefined : field.part(from, from + address.length);
}

export default rule({
  id: "kubernetes/metadata-endpoint-reachable",
  kind: "kubernetes",
  severity: "warning",
  principle: "isolation",
  summary: "A pod that may ask the cloud's metadata service for its node's credentials",
  why: `Clouds hand a machine its credentials at 169.254.169.254, and a pod counts as its machine there. One request that an intruder
talks a program into sending (the bank Capital One lost the data of a hundred million customers that way) brings the node's keys,
and with them images, disks and other nodes. Take the address out of what the pods may reach, and give a program that needs the
cloud an identity of its own.`,
  refs: ["NSA net", "CWE-918"],
  covers: ["kubescape:C-0052"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: to-internet
        spec:
          podSelector:
            matchLabels:
              app: web
          policyTypes: [Egress]
          egress:
            - to:
                - ipBlock:
                    cidr: «0.0.0.0/0»
                    except:
                      - 10.0.0.0/8
            - to: [{ ipBlock: { cidr: «169.254.0.0/16» } }]
              ports: [{ port: 80 }]
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: to-internet
        spec:
          podSelector:
            matchLabels:
              app: web
          policyTypes: [Egress]
          egress:
            - to:
                - ipBlock:
                    cidr: 0.0.0.0/0
                    except:
                      - 10.0.0.0/8
                      - 169.254.169.254/32
            - to: [{ ipBlock: { cidr: 169.254.0.0/16 } }]
              ports: [{ port: 80 }]
        `,
      remains: "a block of such addresses alone is a matter of what was meant",
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: to-internet }
        spec: { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: «0.0.0.0/0» } }], ports: [{ port: 1, endPort: 1024 }] }] }
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: to-internet }
        spec: { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] } }], ports: [{ port: 1, endPort: 1024 }] }] }
        `,
      note: "a range of ports that it is in",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
              args: ["--token-url=«http://169.254.169.254»/latest/api/token"]
              env: [{ name: METADATA_HOST, value: «metadata.google.internal» }]
        `,
      severity: "info",
      note: "a program that asks it",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: to-internet }
        spec:
          podSelector: {}
          egress:
            - to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.0.0/16] } }]
            - to: [{ ipBlock: { cidr: 0.0.0.0/0 } }]
              ports: [{ port: 443 }, { port: 53, protocol: UDP }]
            - to: [{ ipBlock: { cidr: 10.0.0.0/8 } }, { ipBlock: { cidr: "2001:db8::/32" } }]
        `,
      note: "taken out, on other ports, elsewhere",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: from-internet }
        spec:
          podSelector: { matchLabels: { app: web } }
          ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: 8080 }] }]
        `,
      note: "what comes in",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
              command: ["sh", "-c", "# see http://169.254.169.254/latest\\n./tool"]
              env:
                - { name: NO_PROXY, value: "169.254.169.254,.svc" }
                - { name: no_proxy, value: 169.254.169.254 }
                - { name: ADDRESS, value: 169.254.169.25 }
        `,
      note: "what is not sent through a proxy, a comment, another address",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: to-internet }
        spec:
          podSelector: {}
          egress:
            - to:
                - ipBlock:
                    cidr: 0.0.0.0/0
                    except:
                      {{- range .Values.except }}
                      - {{ . }}
                      {{- end }}
        `,
      file: "chart/templates/policy.yaml",
      note: "values decide",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      if (manifest.is("NetworkPolicy", "networking.k8s.io", "extensions")) inPolicy(manifest, report, context);
    },
    container({ name, env, words }, report) {
      const told = [
        ...env.filter((e) => !noCall.test(e.name)).map((e) => e.value),
        ...words.filter((w) => !noCall.test(w.string ?? "")),
      ];
      for (const field of told) {
        const at = callIn(field);
        if (field === undefined || at === undefined) continue;
        report(at, `${name} asks the metadata service of its node's cloud${ifConditional(field)}`, {
          severity: "info",
        });
      }
    },
  },
});
