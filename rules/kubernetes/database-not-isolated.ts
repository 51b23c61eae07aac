import { rule } from "../../engine/index";
import { includesPort, type ServiceImage } from "../shared/images/services";
import { pointTo, unitOf } from "../shared/kubernetes/deployed";
import { allowance, datastoreOf, portsOf, reachable, withPolicies } from "../shared/kubernetes/isolation";
import { opensPort } from "../shared/kubernetes/policies";

/** The port that the clients of a datastore connect to, where its manifest names none. */
const usualPorts = (server: ServiceImage): readonly number[] =>
  server.dataPorts.slice(0, 1).map((port) => (typeof port === "number" ? port : port[0]));

export default rule({
  id: "kubernetes/database-not-isolated",
  kind: "kubernetes",
  severity: "warning",
  principle: "isolation",
  summary: "A database that every pod of the cluster can reach",
  why: `Every pod that can open a connection to a database can try passwords and known flaws on it, and many caches and brokers ask for
no password at all. One taken over front end is then enough to read or wipe the data of all services. Let a NetworkPolicy with
\`from\` admit those pods that work with the data, on the database's port, and nobody else.`,
  refs: ["CIS 5.3.2", "NSA net"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: «orders-db»
        spec:
          serviceName: orders-db
          selector:
            matchLabels:
              app: orders-db
          template:
            metadata:
              labels:
                app: orders-db
            spec:
              containers:
                - name: postgres
                  image: postgres:18.1
        -- orders.yaml --
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: orders }
        spec:
          selector: { matchLabels: { app: orders } }
          template:
            metadata: { labels: { app: orders } }
            spec: { containers: [{ name: orders, image: "acme/orders:1.4.2", ports: [{ containerPort: 80 }] }] }
        `,
      fixed: `
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: orders-db
        spec:
          serviceName: orders-db
          selector:
            matchLabels:
              app: orders-db
          template:
            metadata:
              labels:
                app: orders-db
            spec:
              containers:
                - name: postgres
                  image: postgres:18.1
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: allow-to-orders-db
        spec:
          podSelector:
            matchLabels:
              app: orders-db
          policyTypes: [Ingress]
          ingress:
            - from:
                - podSelector:
                    matchLabels:
                      app: client
              ports:
                - port: 5432
        `,
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: «cache», namespace: shop }
        spec:
          selector: { matchLabels: { app: cache } }
          template:
            metadata: { labels: { app: cache } }
            spec:
              containers: [{ name: valkey, image: "valkey/valkey:9.0", ports: [{ name: valkey, containerPort: 6379 }] }]
        -- policies.yaml --
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: cache, namespace: shop }
        spec:
          podSelector: { matchLabels: { app: cache } }
          ingress:
            - ports: [{ port: valkey }]
        `,
      note: "its policy says to which port, but not from whom",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: cache, namespace: shop }
        spec:
          selector: { matchLabels: { app: cache } }
          template:
            metadata: { labels: { app: cache } }
            spec:
              containers: [{ name: valkey, image: "valkey/valkey:9.0", ports: [{ containerPort: 6379 }] }]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: cache, namespace: shop }
        spec:
          podSelector: { matchLabels: { app: cache } }
          ingress:
            - from: [{ podSelector: { matchLabels: { app: orders } } }]
              ports: [{ port: 6379 }]
            - ports: [{ port: 9121 }]
        `,
      note: "open to all is only the port of the metrics",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: cache }
        spec:
          selector: { matchLabels: { app: cache } }
          template:
            metadata: { labels: { app: cache } }
            spec: { containers: [{ name: valkey, image: "valkey/valkey:9.0" }] }
        `,
      note: "alone: nobody knows what is around it",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: restore, labels: { app: restore } }
        spec:
          restartPolicy: Never
          containers: [{ name: psql, image: "postgres:18.1", command: [pg_restore] }]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: exporter }
        spec:
          selector: { matchLabels: { app: exporter } }
          template:
            metadata: { labels: { app: exporter } }
            spec:
              initContainers: [{ name: wait, image: "postgres:18.1", command: [pg_isready] }]
              containers: [{ name: exporter, image: "prometheuscommunity/postgres-exporter:v0.18.1" }]
        `,
      note: "a client of the database in a database's image",
    },
  ],
  check: {
    file(file, report, context) {
      const unit = unitOf(context);
      for (const pod of file.manifests.flatMap((manifest) => file.podsOf(manifest))) {
        const deployed = unit?.pod(pod);
        if (unit === undefined || deployed === undefined || deployed.summary.runsOnce) continue;
        const server = datastoreOf(deployed);
        if (server === undefined) continue;
        const { title, anchor } = pod.manifest;
        if (reachable(pod, context) !== undefined) {
          const ports = portsOf(deployed);
          report(
            anchor,
            `Every pod of the cluster can connect to ${server.name} of ${title}: no NetworkPolicy selects it`,
            {
              fix: () => {
                const policy = allowance(deployed, ports.length > 0 ? ports : usualPorts(server));
                return withPolicies(file, [policy], `Append a NetworkPolicy for ${deployed.object.summary.name}`);
              },
            },
          );
          continue;
        }
        const policies = unit.policiesOf(deployed, "ingress");
        if (policies.possible.length > 0) continue;
        const isData = (port: number): boolean => includesPort(server.dataPorts, port);
        const open = policies.sure.find((policy) => opensPort(policy, deployed, isData));
        if (open === undefined) continue;
        report(
          anchor,
          `Every pod of the cluster can connect to ${server.name} of ${title}: its NetworkPolicy names no \`from\``,
          {
            related: pointTo(open, "This policy admits everybody", context),
          },
        );
      }
    },
  },
});
