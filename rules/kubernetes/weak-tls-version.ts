import { type Context, type Field, type Fix, fixIn, type Manifest, type Report, rule } from "../../engine/index";
import { textOf } from "../shared/kubernetes/field-text";
import { ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { configTexts, linesOf } from "../shared/kubernetes/sayings";
import { lowered } from "../shared/kubernetes/weight";

/** Versions before 1.2, in every spelling that names TLS. */
const oldVersion = /^(?:VersionTLS1[01]|VersionSSL3\d?|TLS[vV]?[ _]?1(?:[._]?[01])?|SSL[vV]?[23](?:\.0)?)$/i;
const bareVersion = /^1\.[01]$/;
/** Keys of objects that hold the lowest version; the second ones only below a key that speaks of TLS. */
const versionKey =
  /^(?:min(?:imum)?[_-]?(?:protocol|tls|ssl)[_-]?version|tls[_-]?min(?:imum)?[_-]?version|minTLSVersion|minimumProtocolVersion)$/i;
const nestedKey = /^min(?:imum)?[_-]?version$/i;

/** The same spelling of 1.2. */
function newer(text: string): string {
  if (/^VersionTLS/i.test(text)) return "VersionTLS12";
  if (bareVersion.test(text)) return "1.2";
  if (/_/.test(text)) return /^[a-z]+v/i.test(text) ? `${text.slice(0, text.search(/\d/))}1_2` : "TLS_1_2";
  if (/^SSL/i.test(text) || !/\d/.test(text)) return "TLSv1.2";
  const head = text.slice(0, text.search(/\d/));
  return /1[01]$/.test(text) && !text.includes(".") ? `${head}12` : `${head}1.2`;
}

const bodies =
  /^(?:apiextensions\.k8s\.io|(?:[\w-]+\.)?kyverno\.io|(?:[\w-]+\.)?gatekeeper\.sh|admissionregistration\.k8s\.io)$/;
const deepest = 16;

/** Fields that hold the lowest version of TLS, with their values too old. */
function oldFields(field: Field, isTls: boolean, depth: number): readonly Field[] {
  if (depth > deepest) return [];
  if (field.kind === "list") return field.items.flatMap((item) => oldFields(item, isTls, depth + 1));
  return field.entries.flatMap(([name, value]) => {
    if (name === "status" || name === "annotations" || name === "managedFields") return [];
    if (value.kind !== "scalar") return oldFields(value, isTls || /tls|ssl/i.test(name), depth + 1);
    const { string } = value;
    const isKey = versionKey.test(name) || (isTls && nestedKey.test(name));
    if (!isKey || string === undefined) return [];
    return oldVersion.test(string) || bareVersion.test(string) ? [value] : [];
  });
}

function inFields(manifest: Manifest, report: Report, context: Context): void {
  const { spec, group, kind } = manifest;
  if (bodies.test(group) || manifest.is("ConfigMap", "") || manifest.is("Secret", "")) return;
  const root = spec ?? manifest.root;
  for (const field of oldFields(root, /tls|ssl/i.test(kind), 0)) {
    const better = newer(field.string ?? "");
    report(field, `${manifest.title} still accepts ${field.string}: its encryption is broken${ifConditional(field)}`, {
      severity: lowered("warning", field),
      fix: () => raised(field, better, context),
    });
  }
}

function raised(field: Field, better: string, context: Context): Fix | undefined {
  const edits = field.replace(better);
  const title = better.startsWith("--") ? "Leave out what is too old" : `Set it to ${better}`;
  return fixIn(context.file, title, "unsafe", [edits && { edits }]);
}

/** Lists of protocols: nginx, and what its controllers take over. */
const listKey = /^(?:ssl-protocols|proxy-ssl-protocols|ssl_protocols|proxy_ssl_protocols|SSLProtocol)$/;
const weakNames = /(?<![\w.+-])\+?(?:SSLv[23]|TLSv1(?:\.[01])?)(?![\w.])/g;

/** The list without what is too old. */
function shortened(text: string): string {
  const rest = text
    .replace(weakNames, "")
    .replace(/[ \t]+/g, " ")
    .trim();
  return /TLSv1\.[23]/.test(rest) ? rest : "TLSv1.2 TLSv1.3";
}

const accepts = (names: readonly string[]): string => `still accepts ${names.join(", ")}: their encryption is broken`;
const weakIn = (text: string): readonly string[] => [...text.matchAll(weakNames)].map(([name]) => name);

function inLists(manifest: Manifest, report: Report, context: Context): void {
  const say = (
    field: Field,
    at: { readonly start: number; readonly end: number },
    text: string,
    edits: () => ReturnType<Field["replace"]>,
  ): void => {
    const names = weakIn(text);
    if (names.length === 0) return;
    report(at, `${manifest.title} ${accepts(names)}${ifConditional(field)}`, {
      severity: lowered("warning", field),
      fix: () => {
        const made = edits();
        return fixIn(context.file, "Leave out what is older than TLS 1.2", "unsafe", [made && { edits: made }]);
      },
    });
  };
  for (const [name, value] of manifest.annotations)
    if (listKey.test(name.slice(name.indexOf("/") + 1)) && value.string !== undefined)
      say(value, value, value.string, () => value.replace(shortened(value.string ?? "")));
  for (const text of configTexts(manifest)) {
    const { field } = text.at;
    const lines = text.isFile ? linesOf(text) : [{ name: text.key, value: textOf(field) }];
    for (const { name, value } of lines)
      if (listKey.test(name)) say(field, value, value.scalar.text, () => value.rewrite(shortened(value.scalar.text)));
  }
}

/** Named policies of AWS's load balancers that go below 1.2, after its list of 2026-08. */
const oldPolicy =
  /^ELBSecurityPolicy-(?:20\d\d-\d\d|TLS-1-[01]-20\d\d-\d\d|FS-20\d\d-\d\d|FS-1-1-20\d\d-\d\d|TLS13-1-[01](?:-PQ)?-20\d\d-\d\d|TLS13-1-[01]-FIPS-20\d\d-\d\d)$/;
const policies: ReadonlyMap<string, string> = new Map([
  ["alb.ingress.kubernetes.io/ssl-policy", "ELBSecurityPolicy-TLS13-1-2-2021-06"],
  ["service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy", "ELBSecurityPolicy-TLS-1-2-2017-01"],
]);

function inPolicies(manifest: Manifest, report: Report, context: Context): void {
  for (const [name, better] of policies) {
    const value = manifest.annotation(name);
    if (value?.string === undefined || !oldPolicy.test(value.string)) continue;
    report(value, `${manifest.title} still accepts TLS below 1.2: ${value.string}${ifConditional(value)}`, {
      severity: lowered("warning", value),
      fix: () => raised(value, better, context),
    });
  }
}

/** Weak by their names: no forward secrecy, broken ciphers, modes that leak (RFC 9325). */
const weakSuite = /^TLS_(?:RSA_.*|.*(?:RC4|3DES|_DES_|NULL|EXPORT|anon).*|.*_CBC_SHA(?:256|384)?)$/;

export default rule({
  id: "kubernetes/weak-tls-version",
  kind: "kubernetes",
  severity: "warning",
  principle: "encrypt",
  summary: "A server that still accepts TLS below 1.2, or broken ciphers",
  why: `TLS 1.0 and 1.1 rest on hashes and modes that are broken, and RFC 8996 forbids both. Who stands in between makes two sides that
still allow them agree on the weakest, and works on that: cookies and passwords were read out of such connections (BEAST, POODLE,
Sweet32). Every client of the last ten years knows TLS 1.2.`,
  refs: ["CIS 1.2.29", "CIS 4.2.12", "CWE-327"],
  covers: [
    "checkov:CKV_K8S_105",
    "checkov:CKV_K8S_151",
    "trivy:KCV-0092",
    "kubescape:C-0143",
    "kubescape:C-0184",
    "kyverno:enforce-min-tls-version",
    "kyverno:disallow-default-tlsoptions",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: traefik.io/v1alpha1
        kind: TLSOption
        metadata:
          name: default
        spec:
          minVersion: «VersionTLS10»  # old phones
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          servers:
            - port: { number: 443, name: https, protocol: HTTPS }
              hosts: [shop.acme.io]
              tls: { mode: SIMPLE, credentialName: shop-tls, minProtocolVersion: «TLSV1_1» }
        ---
        apiVersion: projectcontour.io/v1
        kind: HTTPProxy
        metadata: { name: shop }
        spec: { virtualhost: { fqdn: shop.acme.io, tls: { secretName: shop-tls, minimumProtocolVersion: «"1.1"» } } }
        `,
      fixed: `
        apiVersion: traefik.io/v1alpha1
        kind: TLSOption
        metadata:
          name: default
        spec:
          minVersion: VersionTLS12  # old phones
        ---
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: { name: edge }
        spec:
          servers:
            - port: { number: 443, name: https, protocol: HTTPS }
              hosts: [shop.acme.io]
              tls: { mode: SIMPLE, credentialName: shop-tls, minProtocolVersion: TLSV1_2 }
        ---
        apiVersion: projectcontour.io/v1
        kind: HTTPProxy
        metadata: { name: shop }
        spec: { virtualhost: { fqdn: shop.acme.io, tls: { secretName: shop-tls, minimumProtocolVersion: "1.2" } } }
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: ingress-nginx-controller }
        data:
          ssl-protocols: «TLSv1 TLSv1.1 TLSv1.2 TLSv1.3»
          nginx.conf: |
            server {
              # ssl_protocols SSLv3;
              ssl_protocols «TLSv1 TLSv1.1»;
            }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            alb.ingress.kubernetes.io/ssl-policy: «ELBSecurityPolicy-2016-08»
        spec: { tls: [{ secretName: tls }] }
        `,
      fixed: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: ingress-nginx-controller }
        data:
          ssl-protocols: TLSv1.2 TLSv1.3
          nginx.conf: |
            server {
              # ssl_protocols SSLv3;
              ssl_protocols TLSv1.2 TLSv1.3;
            }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            alb.ingress.kubernetes.io/ssl-policy: ELBSecurityPolicy-TLS13-1-2-2021-06
        spec: { tls: [{ secretName: tls }] }
        `,
      note: "lists of protocols, policies of a cloud",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: server }
        spec:
          containers:
            - name: server
              image: acme/server:1.2.3
              args:
                - «--tls-min-version=VersionTLS11»
                - --tls-cipher-suites=TLS_AES_128_GCM_SHA256,«TLS_RSA_WITH_AES_128_CBC_SHA»,TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: server }
        spec:
          containers:
            - name: server
              image: acme/server:1.2.3
              args:
                - --tls-min-version=VersionTLS12
                - --tls-cipher-suites=TLS_AES_128_GCM_SHA256
        `,
      note: "options",
    },
    {
      good: `
        apiVersion: traefik.io/v1alpha1
        kind: TLSOption
        metadata: { name: default }
        spec: { minVersion: VersionTLS12, maxVersion: VersionTLS13 }
        ---
        apiVersion: acme.io/v1
        kind: App
        metadata: { name: shop }
        spec: { minVersion: "1.0", client: { minVersion: "1.1" }, version: TLSv1 }
        `,
      note: "new enough; versions of something else",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: web }
        data:
          ssl-protocols: TLSv1.2 TLSv1.3
          nginx.conf: |
            # ssl_protocols TLSv1;
            ssl_protocols TLSv1.2;
          httpd.conf: |
            SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1
        `,
      note: "what is taken away, comments",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: server }
        spec:
          containers:
            - name: server
              image: acme/server:1.2.3
              args: [--tls-min-version=VersionTLS12, --tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, --min-version=1.0]
        `,
    },
    {
      good: `
        apiVersion: traefik.io/v1alpha1
        kind: TLSOption
        metadata: { name: default }
        spec: { minVersion: {{ .Values.minVersion }} }
        `,
      file: "chart/templates/tls.yaml",
      note: "a value decides",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      inFields(manifest, report, context);
      inLists(manifest, report, context);
      inPolicies(manifest, report, context);
    },
    container(container, report, context) {
      for (const word of container.words) {
        const [, name = "", value = ""] =
          /^--([\w-]*tls-(?:min-version|cipher-suites))=(.+)$/.exec(word.string ?? "") ?? [];
        if (/min-version$/.test(name) && (oldVersion.test(value) || bareVersion.test(value)))
          report(word, `${container.name} still accepts ${value}: its encryption is broken${ifConditional(word)}`, {
            severity: severityAt("warning", word, container.pod),
            fix: () => raised(word, `--${name}=${newer(value)}`, context),
          });
        if (!/cipher-suites$/.test(name)) continue;
        const suites = value.split(",");
        const weak = suites.filter((suite) => weakSuite.test(suite.trim()));
        const [first] = weak;
        if (first === undefined) continue;
        const from = (word.string ?? "").indexOf(first);
        const others = weak.length === 1 ? "" : ` and ${weak.length - 1} more like it`;
        const message = `${container.name} still accepts ${first}${others}, which can be broken, or read later`;
        report(word.part(from, from + first.length), message + ifConditional(word), {
          severity: severityAt("warning", word, container.pod),
          fix: () => {
            const kept = suites.filter((suite) => !weak.includes(suite));
            return kept.length === 0 ? undefined : raised(word, `--${name}=${kept.join(",")}`, context);
          },
        });
      }
    },
  },
});
