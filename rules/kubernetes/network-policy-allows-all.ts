import {
  choice,
  type Context,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  type Report,
  rule,
  type Severity,
  type Span,
  type UnitObject,
} from "../../engine/index";
import { unitOf } from "../shared/kubernetes/deployed";
import { isEveryAddress } from "../shared/kubernetes/exposure";
import { ifConditional } from "../shared/kubernetes/pod-security";
import { lowered } from "../shared/kubernetes/weight";

type Direction = "ingress" | "egress";
type Peers = "from" | "to";

const peersOf: Readonly<Record<Direction, Peers>> = { ingress: "from", egress: "to" };
const said: Readonly<Record<Direction, string>> = {
  ingress: "lets everybody connect to its pods",
  egress: "lets its pods connect to everybody",
};

/** The pods that are meant to be reached: a policy for some of them, on some ports. */
const isFrontEnd = (manifest: Manifest, entry: Field): boolean =>
  (entry.get("ports")?.items.length ?? 0) > 0 && (manifest.spec?.get("podSelector")?.entries.length ?? 0) > 0;

/** Everything that it selects is reached from outside of the cluster anyway. */
function isPublic(manifest: Manifest, context: Context): boolean {
  const unit = unitOf(context);
  const object = unit?.object(manifest);
  if (unit === undefined || object?.summary.policy === undefined) return false;
  const { selector } = object.summary.policy;
  const pods = selector.requirements.length === 0 ? [] : unit.podsSelectedBy(selector, object.namespace).sure;
  const isReached = (service: UnitObject): boolean =>
    /^(?:LoadBalancer|NodePort)$/.test(service.summary.service?.type ?? "") || unit.routesTo(service).sure.length > 0;
  return pods.length > 0 && pods.every((pod) => unit.servicesOf(pod).sure.some(isReached));
}

const client = [{ podSelector: { matchLabels: { app: choice(1, "client") } } }];

function ofRule(entry: Field, direction: Direction, manifest: Manifest, report: Report, context: Context): void {
  if (entry.kind !== "map") return;
  const key = peersOf[direction];
  const hasPorts = entry.get("ports") !== undefined;
  const isMild = direction === "egress" || isFrontEnd(manifest, entry) || isPublic(manifest, context);
  const weight: Severity = isMild ? "info" : "warning";
  const say = (field: Field, at: Span, what: string, fix: () => Fix | undefined): void =>
    report(at, what + ifConditional(field), { severity: lowered(weight, field), fix });
  const peers = entry.get(key);
  if (peers === undefined || (peers.kind === "list" && peers.items.length === 0 && !peers.isOpen)) {
    const isSeen = peers !== undefined || (entry.written(key) === undefined && !entry.isOpen);
    // What pods send to whatever host on named ports is mostly names and pages of others.
    if (!isSeen || (direction === "egress" && hasPorts) || (manifest.isPartial && peers === undefined && hasPorts))
      return;
    say(entry, peers ?? placeOf(entry), `${manifest.title} ${said[direction]}: a rule names no \`${key}\``, () => {
      const edits = entry.set([key], client, { snippet: true });
      return fixIn(context.file, `Name who is meant in \`${key}\``, "guided", [edits && { edits }]);
    });
    return;
  }
  for (const peer of peers.items) {
    const namespaces = peer.get("namespaceSelector");
    const isAnyPod =
      namespaces !== undefined && isEmptyMap(namespaces) && peer.written("podSelector") === undefined && !peer.isOpen;
    if (isAnyPod && !(direction === "egress" && hasPorts))
      say(
        namespaces,
        namespaces,
        `${manifest.title} ${said[direction]} of the cluster: it selects every namespace`,
        () => {
          const edits = namespaces.replace(
            { matchLabels: { "kubernetes.io/metadata.name": choice(1, "shop") } },
            { snippet: true },
          );
          return fixIn(context.file, "Select a namespace", "guided", [edits && { edits }]);
        },
      );
    const cidr = peer.at("ipBlock", "cidr");
    // What pods may reach outside is also a matter of kubernetes/metadata-endpoint-reachable.
    if (cidr === undefined || direction === "egress" || !isEveryAddress(cidr.string)) continue;
    if (peer.get("ipBlock")?.written("except") !== undefined || peer.get("ipBlock")?.isOpen) continue;
    say(cidr, cidr, `${manifest.title} ${said[direction]}: ${cidr.string} is every address`, () => {
      const edits = cidr.replace(choice(1, "203.0.113.0/24"), { snippet: true });
      return fixIn(context.file, "Name the range that is meant", "guided", [edits && { edits }]);
    });
  }
}

const isEmptyMap = (field: Field): boolean => field.kind === "map" && field.entries.length === 0 && !field.isOpen;

/** The first key of a rule: the whole of it would be a long place. */
const placeOf = (entry: Field): Span => entry.entries[0]?.[1].key ?? entry;

/** Rules of Cilium name classes of peers. */
function inCilium(manifest: Manifest, report: Report): void {
  const specs = [manifest.spec, ...(manifest.root.get("specs")?.items ?? [])];
  for (const entry of specs.flatMap((s) => s?.get("ingress")?.items ?? [])) {
    for (const entity of entry.get("fromEntities")?.items ?? []) {
      if (entity.string !== "all" && entity.string !== "world") continue;
      const isLimited = entry.get("toPorts") !== undefined;
      report(
        entity,
        `${manifest.title} lets everybody connect to its pods: \`${entity.string}\`${ifConditional(entity)}`,
        {
          severity: lowered(isLimited ? "info" : "warning", entity),
        },
      );
    }
  }
}

/** Rules of Calico allow whoever they do not leave out. */
function inCalico(manifest: Manifest, report: Report): void {
  for (const entry of manifest.spec?.get("ingress")?.items ?? []) {
    const action = entry.get("action");
    const source = entry.get("source");
    if (action?.string !== "Allow" || entry.isOpen || manifest.isPartial) continue;
    if (entry.written("source") !== undefined && !(source !== undefined && isEmptyMap(source))) continue;
    const isLimited =
      entry.get("destination") !== undefined || entry.get("http") !== undefined || entry.get("icmp") !== undefined;
    report(
      action,
      `${manifest.title} lets everybody connect to its pods: a rule names no \`source\`${ifConditional(action)}`,
      {
        severity: lowered(isLimited ? "info" : "warning", action),
      },
    );
  }
}

export default rule({
  id: "kubernetes/network-policy-allows-all",
  kind: "kubernetes",
  severity: "warning",
  principle: "isolation",
  summary: "A NetworkPolicy that lets everybody in",
  why: `Policies add up: one rule without a \`from\` opens its pods to every other pod of the cluster, whatever stricter policies
say beside it. An intruder in any container, of any team, can then speak to the database as if there were no policy, while everybody
believes there is one. Name the pods, namespaces or ranges that are meant.`,
  refs: ["CIS 5.3.2", "NSA net", "CWE-668"],
  covers: ["trivy:KSV-0038", "kyverno:restrict-networkpolicy-empty-podselector", "kubescape:C-0301"],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: orders
        spec:
          podSelector:
            matchLabels:
              app: orders
          policyTypes:
            - Ingress
          ingress:
            - «{}»
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: orders
        spec:
          podSelector:
            matchLabels:
              app: orders
          policyTypes:
            - Ingress
          ingress:
            - from:
                - podSelector:
                    matchLabels:
                      app: client
        `,
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: all }
        spec:
          podSelector: {}
          ingress:
            - from: «[]»
            - «ports»:
                - port: 8080
            - from:
                - namespaceSelector: «{}»
                - ipBlock: { cidr: «"::/0"» }
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: all }
        spec:
          podSelector: {}
          ingress:
            - from:
                - podSelector:
                    matchLabels:
                      app: client
            - ports:
                - port: 8080
              from:
                - podSelector:
                    matchLabels:
                      app: client
            - from:
                - namespaceSelector:
                    matchLabels:
                      kubernetes.io/metadata.name: shop
                - ipBlock: { cidr: "203.0.113.0/24" }
        `,
      note: "every way to say it",
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: web }
        spec:
          podSelector: { matchLabels: { app: web } }
          policyTypes: [Ingress, Egress]
          ingress: [{ «ports»: [{ port: 8080 }] }]
          egress: [«{}»]
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: web }
        spec:
          podSelector: { matchLabels: { app: web } }
          policyTypes: [Ingress, Egress]
          ingress: [{ ports: [{ port: 8080 }], from: [{ podSelector: { matchLabels: { app: client } } }] }]
          egress: [{ to: [{ podSelector: { matchLabels: { app: client } } }] }]
        `,
      severity: "info",
      note: "one port of some pods, as a front end has it; what they may reach",
    },
    {
      bad: `
        apiVersion: cilium.io/v2
        kind: CiliumNetworkPolicy
        metadata: { name: orders }
        spec:
          endpointSelector: { matchLabels: { app: orders } }
          ingress: [{ fromEntities: [host, «all»] }]
        ---
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: { name: orders }
        spec:
          selector: app == 'orders'
          ingress: [{ action: «Allow» }, { action: Deny }]
        `,
      note: "policies of Cilium and Calico",
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: web, namespace: shop }
        spec:
          podSelector: { matchLabels: { app: web } }
          ingress: [«{}»]
        -- web.yaml --
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web, namespace: shop }
        spec:
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec: { containers: [{ name: web, image: "acme/web:1.4.2" }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: web, namespace: shop }
        spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 443 }] }
        `,
      fixed: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: web, namespace: shop }
        spec:
          podSelector: { matchLabels: { app: web } }
          ingress: [{ from: [{ podSelector: { matchLabels: { app: client } } }] }]
        `,
      severity: "info",
      note: "a front end that everybody is meant to reach",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: deny }
        spec: { podSelector: {}, policyTypes: [Ingress] }
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: deny-too }
        spec: { podSelector: {}, policyTypes: [Ingress, Egress], ingress: [], egress: [] }
        `,
      note: "nobody comes in",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: orders }
        spec:
          podSelector: { matchLabels: { app: orders } }
          ingress:
            - from:
                - podSelector: {}
                - namespaceSelector: {}
                  podSelector: { matchLabels: { app: web } }
                - namespaceSelector: { matchLabels: { team: shop } }
                - ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8] }
          egress:
            - ports: [{ port: 53, protocol: UDP }]
            - to: [{ namespaceSelector: {} }]
              ports: [{ port: 53, protocol: UDP }]
        `,
      note: "the own namespace, named pods and namespaces, a range with exceptions, names",
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: orders }
        spec:
          podSelector: { matchLabels: { app: orders } }
          ingress:
            - ports: [{ port: 8080 }]
              {{- with .Values.from }}
              from: {{- toYaml . | nindent 16 }}
              {{- end }}
            {{- toYaml .Values.more | nindent 12 }}
        `,
      file: "chart/templates/policy.yaml",
      note: "values decide",
    },
    {
      good: `
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: { name: orders }
        spec:
          ingress: [{ action: Allow, source: { selector: app == 'web' } }]
          egress: [{ action: Allow }]
        `,
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const { group, kind, spec } = manifest;
      if (manifest.is("NetworkPolicy", "networking.k8s.io", "extensions"))
        for (const direction of ["ingress", "egress"] as const)
          for (const entry of spec?.get(direction)?.items ?? []) ofRule(entry, direction, manifest, report, context);
      if (group === "cilium.io" && /NetworkPolicy$/.test(kind)) inCilium(manifest, report);
      if (/projectcalico\.org$/.test(group) && /NetworkPolicy$/.test(kind)) inCalico(manifest, report);
    },
  },
});
