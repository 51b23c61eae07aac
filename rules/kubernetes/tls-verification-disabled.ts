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
import { insecureOptions } from "../shared/images/services";
import { ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import {
  configTexts,
  hostVariables,
  isUsed,
  linesOf,
  linkSeverity,
  sayingsOf,
  serverOf,
  variablesOf,
  wordsOf,
} from "../shared/kubernetes/sayings";
import { isUncheckedKey, uncheckedFields, uncheckedWords } from "../shared/kubernetes/unchecked-tls";
import { lowered } from "../shared/kubernetes/weight";
import { parametersIn } from "../shared/tls-parameters";
import { hostsAmong, hostsIn, namedSwitch, sayingOf } from "../shared/tls-settings";

const accepted = "any certificate is accepted";
const unnamed = "what is sent is encrypted, but nobody checks for whom";

const put = (field: Field, value: boolean, context: Context): Fix | undefined => {
  const edits = typeof field.node.value === "boolean" ? field.replace(value) : field.replace(String(value));
  return fixIn(context.file, `Set it to ${value}`, "unsafe", [edits && { edits }]);
};

/** What is scraped often has a certificate that nobody signed, kubelets above all; what is read there are numbers. */
const kubelets = /kubelet|cadvisor|https-metrics/i;

function inFields(manifest: Manifest, report: Report, context: Context): void {
  const { group, kind } = manifest;
  const isScraped = group === "monitoring.coreos.com";
  const isMetrics = kind === "APIService" && /(?:^|\.)metrics\.k8s\.io$/.test(manifest.name ?? "");
  for (const { name, field } of uncheckedFields(manifest)) {
    report(field, `${manifest.title}: ${name} is on, so ${accepted}${ifConditional(field)}`, {
      severity: lowered(isScraped || isMetrics ? "warning" : "error", field),
      fix: () => put(field, false, context),
    });
  }
  const backend = manifest.annotation("nginx.ingress.kubernetes.io/proxy-ssl-verify");
  if (backend?.string === "off")
    report(
      backend,
      `${manifest.title}: the controller accepts any certificate of what is behind it${ifConditional(backend)}`,
      {
        severity: lowered("warning", backend),
        fix: () => {
          const edits = backend.remove();
          return fixIn(context.file, "Remove proxy-ssl-verify", "unsafe", [edits && { edits }]);
        },
      },
    );
}

/** Options of a whole program stand beside others that must stay. */
const holdsOptions = /OPTS|OPTIONS|ARGS|FLAGS/;

function inVariables(container: Container, report: Report, context: Context): void {
  const server = serverOf(container);
  for (const { name, value, at } of variablesOf(container)) {
    const found = value === undefined ? undefined : namedSwitch(name, value.trim(), server);
    if (value === undefined || at === undefined || found === undefined) continue;
    if (found.weakness !== "unchecked" && found.weakness !== "unnamed") continue;
    const isUnnamed = found.weakness === "unnamed";
    const hosts = hostsAmong(name, hostVariables(container));
    if (isUnnamed && linkSeverity(hosts, false, context, "info") === undefined) continue;
    const weight: Severity = isUnnamed ? "info" : (found.severity ?? "error");
    const effect = found.effect ?? (isUnnamed ? unnamed : accepted);
    report(
      value === "" ? at.field.anchor : at,
      `${sayingOf(name, value)} of ${container.name}: ${effect}${ifConditional(at.field)}`,
      {
        severity: severityAt(weight, at.field, container.pod),
        fix: () => {
          if (holdsOptions.test(name)) return undefined;
          const better = isUnnamed ? found.better : undefined;
          const edits = better === undefined ? at.field.parent?.removeUpTo(container.field) : at.field.replace(better);
          return fixIn(context.file, better === undefined ? `Remove ${name}` : `Set ${name} to ${better}`, "unsafe", [
            edits && { edits },
          ]);
        },
      },
    );
  }
}

/** Starts of the places that are spoken of. */
function inWords(container: Container, report: Report, context: Context): ReadonlySet<number> {
  const told = new Set<number>();
  const { words } = container;
  const say = (
    field: Field,
    at: { readonly start: number; readonly end: number },
    text: string,
    isItem: boolean,
  ): void => {
    if (told.has(field.start) && isItem) return;
    told.add(field.start);
    const isKubelet = /kubelet/.test(text);
    report(at, `${text} of ${container.name}: ${accepted}${ifConditional(field)}`, {
      severity: severityAt(isKubelet ? "warning" : "error", field, container.pod),
      fix: () => {
        const edits = isItem ? field.remove() : undefined;
        return fixIn(context.file, `Remove ${text}`, "unsafe", [edits && { edits }]);
      },
    });
  };
  for (const found of uncheckedWords(wordsOf(container))) say(found.field, found, found.text, found.isItem);
  const texts = words.map((w) => w.string ?? "");
  for (const { found, from, to } of insecureOptions(texts, serverOf(container))) {
    const word = words[from];
    if (found.weakens === "verification" && word !== undefined && to === from + 1)
      say(word, word, texts[from] ?? "", true);
  }
  return told;
}

function inTexts(container: Container, told: ReadonlySet<number>, report: Report, context: Context): void {
  for (const saying of sayingsOf(container)) {
    const { field } = saying.at;
    const all = told.has(field.start) ? [] : parametersIn(saying.at);
    // Where nothing is encrypted there is no certificate to look at.
    if (all.some(({ weakness }) => weakness === "off")) continue;
    const isOwn = linkSeverity(hostsIn(saying.at), false, context, "info") === undefined;
    for (const found of all) {
      if ((found.weakness !== "unchecked" && found.weakness !== "unnamed") || isOwn || !isUsed(saying, found.at))
        continue;
      const isNamed = found.weakness === "unchecked";
      report(
        found.at,
        `${found.key}=${found.value} of ${container.name}: ${isNamed ? accepted : unnamed}${ifConditional(field)}`,
        {
          severity: severityAt(isNamed ? "error" : "info", field, container.pod),
          fix: () => {
            const edits = found.valueAt.rewrite(found.better);
            return edits && fixIn(context.file, `Set ${found.key} to ${found.better}`, "unsafe", [{ edits }]);
          },
        },
      );
    }
  }
}

/** How far above a setting of a file the target that it is about is looked for. */
const near = 1500;

function inConfig(manifest: Manifest, report: Report, context: Context): void {
  for (const text of configTexts(manifest)) {
    const { field } = text.at;
    if (!text.isFile) {
      const found = field.string === undefined ? undefined : namedSwitch(text.key, field.string.trim(), undefined);
      if (found?.weakness !== "unchecked" || holdsOptions.test(text.key)) continue;
      report(
        field,
        `${sayingOf(text.key, field.string ?? "")} of ${manifest.title}: ${found.effect ?? accepted}${ifConditional(field)}`,
        {
          severity: lowered(found.severity ?? "error", field),
          fix: () => {
            const edits = field.remove();
            return fixIn(context.file, `Remove ${text.key}`, "unsafe", [edits && { edits }]);
          },
        },
      );
      continue;
    }
    for (const { name, value, at } of linesOf(text)) {
      if (!isUncheckedKey(name) || value.scalar.text !== "true") continue;
      const whole = text.at.scalar.text;
      const offset = at.start - text.at.start;
      const isKubelet = kubelets.test(whole.slice(Math.max(0, offset - near), offset));
      report(at, `${name} of ${text.key} in ${manifest.title}: ${accepted}${ifConditional(field)}`, {
        severity: lowered(isKubelet ? "warning" : "error", field),
        fix: () => {
          const edits = value.rewrite("false");
          return edits && fixIn(context.file, `Set ${name} to false`, "unsafe", [{ edits }]);
        },
      });
    }
  }
}

export default rule({
  id: "kubernetes/tls-verification-disabled",
  kind: "kubernetes",
  severity: "error",
  principle: "encrypt",
  summary: "A program that accepts any TLS certificate",
  why: `TLS without the check of the certificate encrypts for whoever answers. A pod that took over an address, or a false name
server, takes the place of the API server or of the payment provider, and is handed tokens and passwords without a word. Where a
private certificate authority is the reason, mount its certificate and let the program trust that one.`,
  refs: ["CWE-295"],
  covers: [],
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
                  args: [serve, «--insecure-skip-tls-verify=true», "--store=mongodb://store.acme.io/shop?tls=true&«tlsAllowInvalidCertificates=true»"]
                  env:
                    - name: A
                      value: "1"
                    - name: NODE_TLS_REJECT_UNAUTHORIZED
                      value: "«0»"  # for the old proxy
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
                  args: [serve, "--store=mongodb://store.acme.io/shop?tls=true&tlsAllowInvalidCertificates=false"]
                  env:
                    - name: A
                      value: "1"
        `,
    },
    {
      bad: `
        apiVersion: apiregistration.k8s.io/v1
        kind: APIService
        metadata: { name: v1.shop.acme.io }
        spec: { insecureSkipTLSVerify: «true», group: shop.acme.io, version: v1 }
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: { name: bank }
        spec: { host: bank.acme.io, trafficPolicy: { tls: { mode: SIMPLE, insecureSkipVerify: «"true"» } } }
        ---
        apiVersion: traefik.io/v1alpha1
        kind: ServersTransport
        metadata: { name: shop }
        spec: { insecureSkipVerify: «yes» }
        `,
      fixed: `
        apiVersion: apiregistration.k8s.io/v1
        kind: APIService
        metadata: { name: v1.shop.acme.io }
        spec: { insecureSkipTLSVerify: false, group: shop.acme.io, version: v1 }
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: { name: bank }
        spec: { host: bank.acme.io, trafficPolicy: { tls: { mode: SIMPLE, insecureSkipVerify: "false" } } }
        ---
        apiVersion: traefik.io/v1alpha1
        kind: ServersTransport
        metadata: { name: shop }
        spec: { insecureSkipVerify: false }
        `,
      note: "keys of objects",
    },
    {
      bad: `
        apiVersion: batch/v1
        kind: Job
        metadata: { name: sync }
        spec:
          template:
            spec:
              containers:
                - name: sync
                  image: acme/sync:1.2.3
                  command: ["sh", "-c", "# curl -k\\nTOKEN=x curl «-fsSk» https://files.acme.io/list | tee list && wget «--no-check-certificate» https://b.acme.io"]
                - name: ask
                  image: acme/ask:1.2.3
                  command: [/usr/bin/curl, -sS, «-k», https://api.acme.io]
        `,
      fixed: `
        apiVersion: batch/v1
        kind: Job
        metadata: { name: sync }
        spec:
          template:
            spec:
              containers:
                - name: sync
                  image: acme/sync:1.2.3
                  command: ["sh", "-c", "# curl -k\\nTOKEN=x curl -fsSk https://files.acme.io/list | tee list && wget --no-check-certificate https://b.acme.io"]
                - name: ask
                  image: acme/ask:1.2.3
                  command: [/usr/bin/curl, -sS, https://api.acme.io]
        `,
      remains: "a script is left to its author",
      note: "options of commands",
    },
    {
      bad: `
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: { name: kubelet }
        spec:
          endpoints:
            - port: https-metrics
              tlsConfig: { insecureSkipVerify: «true» }
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: prometheus }
        data:
          prometheus.yml: |
            scrape_configs:
              - job_name: kubernetes-cadvisor
                tls_config:
                  «insecure_skip_verify: true»
        `,
      fixed: `
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: { name: kubelet }
        spec:
          endpoints:
            - port: https-metrics
              tlsConfig: { insecureSkipVerify: false }
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: prometheus }
        data:
          prometheus.yml: |
            scrape_configs:
              - job_name: kubernetes-cadvisor
                tls_config:
                  insecure_skip_verify: false
        `,
      severity: "warning",
      note: "kubelets, whose certificates often nobody signed",
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
              args: [--insecure-skip-tls-verify=false, -k]
              env:
                - { name: NODE_TLS_REJECT_UNAUTHORIZED, value: "1" }
                - { name: NODE_EXTRA_CA_CERTS, value: /etc/ssl/ca.crt }
                - { name: VAULT_SKIP_VERIFY, value: "false" }
                - { name: DB, value: "postgres://web@db.acme.io/web?sslmode=require&sslrootcert=/ca.crt" }
            - name: test
              image: acme/test:1.2.3
              command: ["sh", "-c", "tar -xkf a.tar && curl -K cfg https://acme.io && echo curl -k && curl -k https://localhost:8443"]
        `,
      note: "checked; -k of other programs; to itself",
    },
    {
      good: `
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: monitors.acme.io }
        spec: { versions: [{ schema: { properties: { insecureSkipVerify: true } } }] }
        ---
        apiVersion: kyverno.io/v1
        kind: ClusterPolicy
        metadata: { name: verify }
        spec: { rules: [{ validate: { pattern: { spec: { insecureSkipVerify: true } } } }] }
        `,
      note: "schemas and patterns",
    },
    {
      good: `
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: { name: bank }
        spec: { host: bank.acme.io, trafficPolicy: { tls: { mode: SIMPLE, insecureSkipVerify: {{ .Values.skip }} } } }
        `,
      file: "chart/templates/bank.yaml",
      note: "a value decides",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      inFields(manifest, report, context);
      inConfig(manifest, report, context);
    },
    container(container, report, context) {
      inVariables(container, report, context);
      const told = inWords(container, report, context);
      inTexts(container, told, report, context);
    },
  },
});
