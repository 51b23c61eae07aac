import {
  type Container,
  type Context,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  type Report,
  rule,
  type Severity,
} from "../../engine/index";
import { isEncryptedAmong } from "../shared/addresses";
import { insecureOptions } from "../shared/images/services";
import { ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import {
  configTexts,
  hostVariables,
  isMeshed,
  isUsed,
  linesOf,
  linkSeverity,
  sayingsOf,
  serverOf,
  variablesOf,
} from "../shared/kubernetes/sayings";
import { joined } from "../shared/kubernetes/security-context";
import { lowered } from "../shared/kubernetes/weight";
import { parametersIn, type Weakness } from "../shared/tls-parameters";
import { hostsAmong, hostsIn, namedSwitch, sayingOf } from "../shared/tls-settings";

const isOff = (weakness: Weakness): boolean => weakness === "off" || weakness === "optional" || weakness === "trusting";

function effectOf(weakness: Weakness): string {
  if (weakness === "trusting") return "whoever answers is believed, whatever certificate it shows";
  if (weakness === "off") return "nothing is encrypted on the way";
  return "nothing is encrypted where the other side, or somebody in between, wants it so";
}

/** Of a server. */
const takenPlain = "connections are taken without TLS";
const milder = (severity: Severity, weakness: Weakness): Severity => (weakness === "optional" ? "info" : severity);

function changed(field: Field, name: string, better: string | undefined, context: Context): Fix | undefined {
  const edits = better === undefined ? field.parent?.remove() : field.replace(better);
  const title = better === undefined ? `Remove ${name}` : `Set ${name} to ${better}`;
  return fixIn(context.file, title, "unsafe", [edits && { edits }]);
}

/** Something else encrypts: another variable, or a proxy before a server that says so. */
function isAnswered(name: string, container: Container): boolean {
  if (name === "KC_HTTP_ENABLED")
    return container.env.some((v) => /^KC_(?:PROXY|HTTPS_(?:CERT|KEY|TRUST))/.test(v.name));
  return isEncryptedAmong(name, variablesOf(container)) && !/INSECURE$/i.test(name);
}

function inVariables(container: Container, report: Report, context: Context): void {
  const server = serverOf(container);
  const isInMesh = isMeshed(container.pod, context);
  for (const { name, value, at } of variablesOf(container)) {
    const found = value === undefined || value === "" ? undefined : namedSwitch(name, value.trim(), server);
    if (value === undefined || at === undefined || found === undefined || !isOff(found.weakness)) continue;
    if (isAnswered(name, container)) continue;
    const hosts = found.isOfServer ? undefined : (hostsIn(at) ?? hostsAmong(name, hostVariables(container)));
    const severity = linkSeverity(hosts, isInMesh, context, isInMesh ? "info" : "warning");
    if (severity === undefined) continue;
    const effect = found.effect ?? (found.isOfServer ? takenPlain : effectOf(found.weakness));
    const weight = found.severity ?? milder(severity, found.weakness);
    report(at, `${sayingOf(name, value)} of ${container.name}: ${effect}${ifConditional(at.field)}`, {
      severity: severityAt(weight, at.field, container.pod),
      fix: () => changed(at.field, name, found.better, context),
    });
  }
}

/** Ranges of words that are spoken of. */
function inOptions(container: Container, report: Report, context: Context): ReadonlySet<number> {
  const { words } = container;
  const texts = words.map((w) => w.string ?? "");
  const told = new Set<number>();
  for (const { found, from, to } of insecureOptions(texts, serverOf(container))) {
    const own = words.slice(from, to);
    const last = own.at(-1);
    if (found.weakens !== "encryption" || last === undefined) continue;
    for (const { start } of own) told.add(start);
    const text = texts.slice(from, to).join(" ");
    report(last, `${text} of ${container.name}: ${takenPlain}${ifConditional(last)}`, {
      severity: severityAt(found.severity === "info" ? "info" : "warning", last, container.pod),
      fix: () => {
        const edits = joined(own.map((w) => w.remove()));
        return fixIn(context.file, `Remove ${text}`, "unsafe", [edits && { edits }]);
      },
    });
  }
  return told;
}

function inTexts(container: Container, told: ReadonlySet<number>, report: Report, context: Context): void {
  const isInMesh = isMeshed(container.pod, context);
  const words = sayingsOf(container).filter((s) => s.by === "word");
  for (const saying of sayingsOf(container)) {
    if (told.has(saying.at.field.start)) continue;
    const all = parametersIn(saying.at).filter(({ weakness }) => isOff(weakness));
    // Where nothing is encrypted nobody's certificate is looked at.
    const first = all.find(({ weakness }) => weakness === "off") ?? all[0];
    const around =
      saying.by === "variable"
        ? hostsAmong(saying.name, hostVariables(container))
        : words.flatMap((w) => hostsIn(w.at) ?? []);
    const hosts = hostsIn(saying.at) ?? (around?.length === 0 ? undefined : around);
    const severity = linkSeverity(hosts, isInMesh, context, isInMesh ? "info" : "warning");
    for (const found of all) {
      if ((found.weakness === "trusting" && found !== first) || severity === undefined || !isUsed(saying, found.at))
        continue;
      const { field } = saying.at;
      report(
        found.at,
        `${found.key}=${found.value} of ${container.name}: ${effectOf(found.weakness)}${ifConditional(field)}`,
        {
          severity: severityAt(milder(severity, found.weakness), field, container.pod),
          fix: () => {
            const edits = found.valueAt.rewrite(found.better);
            return edits && fixIn(context.file, `Set ${found.key} to ${found.better}`, "unsafe", [{ edits }]);
          },
        },
      );
    }
  }
}

function inConfig(manifest: Manifest, report: Report, context: Context): void {
  const all = configTexts(manifest);
  const variables = all.filter((t) => !t.isFile).map(({ key, at }) => ({ name: key, value: at.field.string, at }));
  const hosts = variables.map(({ name, at }) => ({ name, value: at }));
  for (const { name, value, at } of variables) {
    const found = value === undefined || value === "" ? undefined : namedSwitch(name, value.trim(), undefined);
    const isAnsweredHere = isEncryptedAmong(name, variables) && !/INSECURE$/i.test(name);
    if (value === undefined || found === undefined || !isOff(found.weakness) || isAnsweredHere) continue;
    const severity = linkSeverity(found.isOfServer ? undefined : hostsAmong(name, hosts), false, context, "warning");
    if (severity === undefined) continue;
    report(
      at,
      `${sayingOf(name, value)} of ${manifest.title}: ${found.effect ?? effectOf(found.weakness)}${ifConditional(at.field)}`,
      {
        severity: lowered(found.severity ?? milder(severity, found.weakness), at.field),
        fix: () => (found.better === undefined ? undefined : changed(at.field, name, found.better, context)),
      },
    );
  }
  for (const text of all) {
    const values = text.isFile ? linesOf(text).map((l) => l.value) : [text.at];
    // In a file only what stands in an address is known to be a connection's.
    for (const value of values.filter(
      (v) => v.scalar.text.includes("://") || /;\s?(?:Initial Catalog|Database)\s?=/i.test(v.scalar.text),
    )) {
      const severity = linkSeverity(hostsIn(value), false, context, "warning");
      for (const found of parametersIn(value)) {
        if (found.weakness !== "off" || severity === undefined) continue;
        report(
          found.at,
          `${found.key}=${found.value} of ${manifest.title}: ${effectOf("off")}${ifConditional(value.field)}`,
          {
            severity: lowered(severity, value.field),
            fix: () => {
              const edits = found.valueAt.rewrite(found.better);
              return edits && fixIn(context.file, `Set ${found.key} to ${found.better}`, "unsafe", [{ edits }]);
            },
          },
        );
      }
    }
  }
}

interface Switched {
  readonly kinds: RegExp;
  readonly group: RegExp;
  readonly at: readonly string[];
  readonly bad: boolean;
}

/** Fields of operators that leave TLS out (their manuals, 2026-08). */
const switches: readonly Switched[] = [
  {
    kinds: /^(?:Elasticsearch|Kibana|ApmServer|EnterpriseSearch|Agent|ElasticMapsServer|Logstash)$/,
    group: /\.k8s\.elastic\.co$/,
    at: ["spec", "http", "tls", "selfSignedCertificate", "disabled"],
    bad: true,
  },
  {
    kinds: /^MongoDBCommunity$/,
    group: /^mongodbcommunity\.mongodb\.com$/,
    at: ["spec", "security", "tls", "enabled"],
    bad: false,
  },
  { kinds: /^PerconaServerMongoDB$/, group: /^psmdb\.percona\.com$/, at: ["spec", "unsafeFlags", "tls"], bad: true },
  { kinds: /^PerconaXtraDBCluster$/, group: /^pxc\.percona\.com$/, at: ["spec", "unsafeFlags", "tls"], bad: true },
  { kinds: /^CrdbCluster$/, group: /^crdb\.cockroachlabs\.com$/, at: ["spec", "tlsEnabled"], bad: false },
];

function inOperators(manifest: Manifest, report: Report, context: Context): void {
  for (const row of switches) {
    if (!row.kinds.test(manifest.kind) || !row.group.test(manifest.group)) continue;
    const at = manifest.root.at(...row.at);
    if (at === undefined || at.boolean !== row.bad) continue;
    const isAnsweredHere = row.kinds.test("Elasticsearch") && at.parent?.parent?.get("certificate") !== undefined;
    if (isAnsweredHere) continue;
    report(at, `${manifest.title}: ${takenPlain}${ifConditional(at)}`, {
      severity: lowered("warning", at),
      fix: () => {
        const edits = at.replace(!row.bad);
        return fixIn(context.file, `Set ${row.at.at(-1)} to ${!row.bad}`, "unsafe", [edits && { edits }]);
      },
    });
  }
}

/** Where a control plane's servers listen, and how they speak to the nodes. */
const plainListener =
  /^--(?:listen-(?:client|peer)-urls|advertise-client-urls)=(?:.*,)?(http:\/\/(?!127\.|localhost|\[::1\])[^,]{1,255})/;

function inControlPlane(container: Container, report: Report, context: Context): void {
  for (const word of container.words) {
    const [whole, url = ""] = plainListener.exec(word.string ?? "") ?? [];
    if (whole !== undefined) {
      const from = whole.length - url.length;
      report(
        word.part(from, from + "http".length),
        `${container.name} takes connections without TLS: ${url}${ifConditional(word)}`,
        {
          severity: severityAt("warning", word, container.pod),
        },
      );
    }
    if (word.string === "--kubelet-https=false")
      report(word, `${container.name} speaks to the kubelets without TLS${ifConditional(word)}`, {
        severity: severityAt("warning", word, container.pod),
        fix: () => {
          const edits = word.remove();
          return fixIn(context.file, "Remove --kubelet-https=false", "unsafe", [edits && { edits }]);
        },
      });
  }
}

export default rule({
  id: "kubernetes/tls-disabled",
  kind: "kubernetes",
  severity: "warning",
  principle: "encrypt",
  summary: "A connection or listener that is told to do without TLS",
  why: `With TLS switched off by hand the login and the data go over the network as plain text, also where both sides could do
better. Whoever sees one packet on the way (a provider, a neighbour on the node's network, a pod that took over an address) has the
password of the database. Give the server a certificate, an own authority will do, and let clients insist on it.`,
  refs: ["CWE-319"],
  covers: ["trivy:KCV-0004", "checkov:CKV_K8S_71"],
  fix: "unsafe",
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
                  env:
                    - name: DATABASE_URL
                      value: postgres://web:$(DB_PASSWORD)@db.acme.io/web?«sslmode=disable»
                    - name: MAIL_HOST
                      value: smtp.acme.io
                    - name: MAIL_USE_TLS
                      value: "«false»"  # their relay
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
                  env:
                    - name: DATABASE_URL
                      value: postgres://web:$(DB_PASSWORD)@db.acme.io/web?sslmode=verify-full
                    - name: MAIL_HOST
                      value: smtp.acme.io
                    - name: MAIL_USE_TLS
                      value: "true"  # their relay
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
              env: [{ name: DB_HOST, value: db }, { name: DB_SSLMODE, value: «disable» }]
            - name: worker
              image: acme/worker:1.2.3
              args: [serve, --addr=amqp://queue:5672, "«--tls=off»"]
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - name: web
              image: acme/web:1.2.3
              env: [{ name: DB_HOST, value: db }, { name: DB_SSLMODE, value: verify-full }]
            - name: worker
              image: acme/worker:1.2.3
              args: [serve, --addr=amqp://queue:5672, "--tls=on"]
        `,
      severity: "info",
      note: "in the cluster",
    },
    {
      bad: `
        apiVersion: elasticsearch.k8s.elastic.co/v1
        kind: Elasticsearch
        metadata: { name: search }
        spec:
          version: 9.2.1
          http: { tls: { selfSignedCertificate: { disabled: «true» } } }
        ---
        apiVersion: mongodbcommunity.mongodb.com/v1
        kind: MongoDBCommunity
        metadata: { name: store }
        spec: { security: { tls: { enabled: «false» } } }
        `,
      fixed: `
        apiVersion: elasticsearch.k8s.elastic.co/v1
        kind: Elasticsearch
        metadata: { name: search }
        spec:
          version: 9.2.1
          http: { tls: { selfSignedCertificate: { disabled: false } } }
        ---
        apiVersion: mongodbcommunity.mongodb.com/v1
        kind: MongoDBCommunity
        metadata: { name: store }
        spec: { security: { tls: { enabled: true } } }
        `,
      note: "what operators are asked for",
    },
    {
      bad: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: web }
        data:
          REPORTS: jdbc:mysql://reports.acme.io/web?«useSSL=false»
          app.properties: |
            spring.datasource.url=jdbc:postgresql://db.acme.io/shop?«sslmode=disable»
            # old: postgres://db.acme.io/shop?sslmode=disable
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: db }
        spec: { containers: [{ name: db, image: "mysql:9.7", args: [--skip-name-resolve, «--skip-ssl»] }] }
        `,
      fixed: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: web }
        data:
          REPORTS: jdbc:mysql://reports.acme.io/web?useSSL=true
          app.properties: |
            spring.datasource.url=jdbc:postgresql://db.acme.io/shop?sslmode=verify-full
            # old: postgres://db.acme.io/shop?sslmode=disable
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: db }
        spec: { containers: [{ name: db, image: "mysql:9.7", args: [--skip-name-resolve] }] }
        `,
      note: "values and files of a config map, options of a server",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: etcd }
        spec:
          containers:
            - name: etcd
              image: registry.k8s.io/etcd:3.6.5-0
              command: [etcd, "--listen-client-urls=http://127.0.0.1:2379,«http»://10.0.0.4:2379"]
        `,
      note: "a listener of the control plane",
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
              args: ["--no-tls=false", "--tls", "on"]
              env:
                - { name: DATABASE_URL, value: "postgres://web@db.acme.io/web?sslmode=verify-full" }
                - { name: LOCAL, value: "postgres://web@localhost/web?sslmode=disable" }
                - { name: MAIL_USE_SSL, value: "false" }
                - { name: MAIL_USE_TLS, value: "true" }
                - { name: CACHE_TLS, value: $(CACHE_TLS) }
                - { name: SSL_CERT_PATH, value: none }
            - name: id
              image: quay.io/keycloak/keycloak:26.4
              env: [{ name: KC_HTTP_ENABLED, value: "true" }, { name: KC_PROXY_HEADERS, value: xforwarded }]
        `,
      note: "with TLS, to itself, the other kind of TLS, unknown, behind a proxy",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web }
        spec:
          template:
            metadata: { annotations: { linkerd.io/inject: enabled } }
            spec:
              containers:
                - { name: web, image: "acme/web:1.2.3", env: [{ name: DB, value: "postgres://web@db/web?sslmode=disable" }] }
        `,
      note: "a mesh encrypts in the cluster",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: web }
        spec:
          containers:
            - { name: web, image: "acme/web:1.2.3", env: [{ name: DB_SSLMODE, value: {{ .Values.sslmode }} }] }
        `,
      file: "chart/templates/web.yaml",
      note: "a value decides",
    },
    {
      good: `
        apiVersion: elasticsearch.k8s.elastic.co/v1
        kind: Elasticsearch
        metadata: { name: search }
        spec: { http: { tls: { certificate: { secretName: search-tls }, selfSignedCertificate: { disabled: true } } } }
        `,
      note: "a certificate of one's own",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      inConfig(manifest, report, context);
      inOperators(manifest, report, context);
    },
    container(container, report, context) {
      inVariables(container, report, context);
      const told = inOptions(container, report, context);
      inTexts(container, told, report, context);
      inControlPlane(container, report, context);
    },
  },
});
