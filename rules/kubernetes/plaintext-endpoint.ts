import {
  type Container,
  type Context,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  type Report,
  rule,
} from "../../engine/index";
import {
  type Address,
  addressesIn,
  encrypted,
  isEncryptedAmong,
  noEndpoint,
  type Plaintext,
  plaintextOf,
} from "../shared/addresses";
import { type FieldText, textOf } from "../shared/kubernetes/field-text";
import { ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import {
  configTexts,
  isMeshed,
  isUsed,
  linesOf,
  sayingsOf,
  standingOf,
  variablesOf,
} from "../shared/kubernetes/sayings";
import { lowered } from "../shared/kubernetes/weight";

interface Place {
  readonly host: string;
  readonly at: "public" | "private" | "cluster";
}

/** The first of its hosts that is not the pod itself, one that all can reach before others. */
function placeOf({ hosts }: Address<FieldText>, context: Context): Place | undefined {
  const places = hosts.flatMap((host): Place[] => {
    const at = standingOf(host, context);
    return at === "itself" || at === "document" ? [] : [{ host, at }];
  });
  return places.find((p) => p.at === "public") ?? places[0];
}

interface Found {
  readonly address: Address<FieldText>;
  readonly protocol: Plaintext;
  readonly place: Place;
}

/** Databases' own protocols agree on TLS, or not, by settings that kubernetes/tls-disabled looks at. */
const isLeftOut = ({ name }: Plaintext, place: Place): boolean =>
  place.at !== "public" && /^(?:PostgreSQL|MySQL|nats|Kafka|grpc)$/.test(name);

function foundIn(text: FieldText, isInMesh: boolean, context: Context): readonly Found[] {
  if (!text.scalar.text.includes("://")) return [];
  return addressesIn(text).flatMap((address) => {
    const protocol = plaintextOf(address);
    const place = protocol && placeOf(address, context);
    if (protocol === undefined || place === undefined || isLeftOut(protocol, place)) return [];
    return isInMesh && place.at === "cluster" ? [] : [{ address, protocol, place }];
  });
}

const weightOf = ({ place }: Found): "warning" | "info" => (place.at === "public" ? "warning" : "info");

const how = ({ name, negotiates }: Plaintext): string =>
  negotiates === true ? `by ${name} and does not insist on TLS` : `over plain ${name}`;

function fixOf({ address, protocol, place }: Found, { file }: Context): Fix | undefined {
  const edits = place.at === "public" ? encrypted(address, protocol, () => true) : undefined;
  return edits && fixIn(file, `Speak to ${place.host} over TLS`, "unsafe", [{ edits }]);
}

/** Names of what is read by people, or only compared. */
const shown =
  /description|summary|(?:title|message|comment|realm|audience)$|help(?![a-z])|docs?(?![a-z])|homepage|home_?url|runbook|links?(?![a-z])|xmlns|schemaLocation|licen[cs]e|redirect|callback/i;
/** What it listens on is a matter of kubernetes/tls-disabled. */
const isNoCall = (name: string): boolean =>
  noEndpoint.test(name) || shown.test(name) || /listen|bind(?:ing)?s?(?:_|$)|advertise/i.test(name);
const noCallOption = /^--?[\w-]*(?:proxy|origin|cors|listen|bind|advertise)[\w-]*=/;

function inContainer(container: Container, report: Report, context: Context): void {
  const seen = new Set<string>();
  const variables = variablesOf(container);
  const isInMesh = isMeshed(container.pod, context);
  for (const saying of sayingsOf(container)) {
    const { by, name, at } = saying;
    const isOther = by === "variable" ? isNoCall(name) : noCallOption.test(at.scalar.text);
    if (isOther) continue;
    for (const found of foundIn(at, isInMesh, context)) {
      const { address, protocol, place } = found;
      if (seen.has(place.host) || !isUsed(saying, address.at) || isEncryptedAmong(name, variables)) continue;
      seen.add(place.host);
      const who = by === "variable" ? `${name} of ${container.name}` : `A command of ${container.name}`;
      report(address.at, `${who} leads to ${place.host} ${how(protocol)}${ifConditional(at.field)}`, {
        severity: severityAt(weightOf(found), at.field, container.pod),
        fix: () => fixOf(found, context),
      });
    }
  }
}

function inConfig(manifest: Manifest, report: Report, context: Context): void {
  const seen = new Set<string>();
  const all = configTexts(manifest);
  const variables = all.map(({ key, at }) => ({ name: key, value: at.field.string }));
  for (const text of all) {
    const lines = text.isFile ? linesOf(text) : [{ name: text.key, value: text.at }];
    for (const { name, value } of lines) {
      // The address is the value, not something that the value speaks about.
      if (isNoCall(name) || !/^["'[]{0,2}[a-z][a-z0-9+.:-]{0,31}:\/\//i.test(value.scalar.text)) continue;
      for (const found of foundIn(value, false, context)) {
        const { address, protocol, place } = found;
        if (seen.has(place.host) || (!text.isFile && isEncryptedAmong(name, variables))) continue;
        seen.add(place.host);
        const { field } = value;
        report(
          address.at,
          `${name} of ${manifest.title} leads to ${place.host} ${how(protocol)}${ifConditional(field)}`,
          {
            severity: lowered(weightOf(found), field),
            fix: () => fixOf(found, context),
          },
        );
      }
    }
  }
}

const calledKey =
  /^(?:url|uri|endpoint|address|server|webhook(?:url)?|repo(?:url|sitory)?|issuer(?:url)?|tokenurl|apiurl|baseurl|auth-url|auth-signin)$/i;
/** Objects that hold other objects' schemas or patterns, or nothing that is called. */
const noCaller =
  /^(?:|apps|batch|apiextensions\.k8s\.io|rbac\.authorization\.k8s\.io|(?:[\w-]+\.)?kyverno\.io|(?:[\w-]+\.)?gatekeeper\.sh)$/;

/** What objects of other projects say to call, and what nginx asks before it lets somebody in. */
function inFields(manifest: Manifest, report: Report, context: Context): void {
  const own = noCaller.test(manifest.group) ? [] : calledFields(manifest.spec, 0);
  const annotations = manifest.annotations
    .filter(([name]) => /\/auth-(?:url|signin)$/.test(name))
    .map(([, value]) => value);
  for (const field of [...own, ...annotations]) {
    for (const found of foundIn(textOf(field), false, context)) {
      const { address, protocol, place } = found;
      report(address.at, `${manifest.title} leads to ${place.host} ${how(protocol)}${ifConditional(field)}`, {
        severity: lowered(weightOf(found), field),
        fix: () => fixOf(found, context),
      });
    }
  }
}

const deepest = 12;

function calledFields(field: Field | undefined, depth: number): readonly Field[] {
  if (field === undefined || depth > deepest) return [];
  if (field.kind === "list") return field.items.flatMap((item) => calledFields(item, depth + 1));
  return field.entries.flatMap(([name, value]) => {
    // Pods are looked at container by container.
    if (name === "containers" || name === "initContainers") return [];
    if (value.kind !== "scalar") return calledFields(value, depth + 1);
    return calledKey.test(name) && /^[a-z][a-z0-9+.-]{0,31}:\/\//i.test(value.node.text ?? "") ? [value] : [];
  });
}

export default rule({
  id: "kubernetes/plaintext-endpoint",
  kind: "kubernetes",
  severity: "warning",
  principle: "encrypt",
  summary: "An address that is spoken to without TLS",
  why: `What leaves the cluster without TLS can be read and changed by everybody on the way: one hijacked answer, and the program hands
its token or its customers' data to somebody else. Inside, whoever is on a node, or broke into a pod beside the network plugin, reads
along as well. Use the encrypted scheme; where the other side knows none, let a service mesh encrypt in between.`,
  refs: ["CWE-319"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shop
        spec:
          template:
            spec:
              containers:
                - name: shop
                  image: acme/shop:1.2.3
                  args: ["--directory", "«ldap://ldap.acme.io:389»"]
                  env:
                    - name: PAYMENTS_URL
                      value: «http://api.payments.io»/v1  # the old one
                    - name: QUEUE
                      value: "«amqp»://shop:$(QUEUE_PASSWORD)@mq.acme.io:5672/shop"
        `,
      fixed: `
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shop
        spec:
          template:
            spec:
              containers:
                - name: shop
                  image: acme/shop:1.2.3
                  args: ["--directory", "ldaps://ldap.acme.io:636"]
                  env:
                    - name: PAYMENTS_URL
                      value: https://api.payments.io/v1  # the old one
                    - name: QUEUE
                      value: "amqps://shop:$(QUEUE_PASSWORD)@mq.acme.io:5671/shop"
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers:
            - name: shop
              image: acme/shop:1.2.3
              env:
                - { name: ORDERS, value: "«http://orders:8080»" }
                - { name: CACHE, value: "«redis://cache.shop.svc.cluster.local:6379»/0" }
                - { name: STOCK, value: "«http://stock.shop»/v1" }
                - { name: AGAIN, value: "http://orders:8080/again" }
        `,
      severity: "info",
      note: "in the cluster, each once",
    },
    {
      bad: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: web }
        data:
          STOCK_URL: «http://stock:8080»
          nginx.conf: |
            # http://docs.acme.io
            location / {
              proxy_pass «http://orders:8080»;
            }
          logo.svg: <svg xmlns="http://www.w3.org/2000/svg"/>
        `,
      severity: "info",
      note: "values and files of a config map",
    },
    {
      bad: `
        apiVersion: notification.toolkit.fluxcd.io/v1beta3
        kind: Provider
        metadata: { name: chat }
        spec: { type: generic, address: «http://hooks.acme.io»/deploy }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop, annotations: { nginx.ingress.kubernetes.io/auth-url: "«http://login.acme.io»/check" } }
        spec: { tls: [{ secretName: tls }] }
        `,
      fixed: `
        apiVersion: notification.toolkit.fluxcd.io/v1beta3
        kind: Provider
        metadata: { name: chat }
        spec: { type: generic, address: https://hooks.acme.io/deploy }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop, annotations: { nginx.ingress.kubernetes.io/auth-url: "https://login.acme.io/check" } }
        spec: { tls: [{ secretName: tls }] }
        `,
      note: "what objects of other projects call",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          containers:
            - name: shop
              image: acme/shop:1.2.3
              command: ["sh", "-c", "echo see http://docs.acme.io && # http://a.acme.io\\nexec ./shop"]
              env:
                - { name: API, value: "https://api.acme.io" }
                - { name: OWN, value: "http://localhost:9000" }
                - { name: META, value: "http://169.254.169.254/latest" }
                - { name: OTHER, value: "http://$(OTHER_HOST):8080" }
                - { name: HTTP_PROXY, value: "http://proxy.acme.io:3128" }
                - { name: CORS_ORIGIN, value: "http://shop.acme.io" }
                - { name: XML_NAMESPACE, value: "http://www.w3.org/2001/XMLSchema" }
                - { name: SITE, value: "http://www.example.com" }
                - { name: DB, value: "mongodb://db/shop?tls=true" }
                - { name: LDAP_URL, value: "ldap://ldap.acme.io" }
                - { name: LDAP_START_TLS, value: "true" }
        `,
      note: "encrypted, own, unknown, documents",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          template:
            metadata: { labels: { sidecar.istio.io/inject: "true" } }
            spec:
              containers:
                - { name: shop, image: "acme/shop:1.2.3", env: [{ name: ORDERS, value: "http://orders:8080" }] }
        `,
      note: "a mesh encrypts in the cluster",
    },
    {
      good: `
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: web }
        data:
          readme.md: "See http://docs.acme.io"
          app.yaml: |
            # server: http://old.acme.io
            description: http://docs.acme.io
            text: ask at http://help.acme.io
            api: https://api.acme.io
        `,
      note: "texts for people, comments",
    },
    {
      good: `
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: hooks.acme.io }
        spec:
          versions:
            - schema: { openAPIV3Schema: { properties: { url: { default: "http://hooks.acme.io" } } } }
        `,
      note: "a schema",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      inConfig(manifest, report, context);
      inFields(manifest, report, context);
    },
    container(container, report, context) {
      inContainer(container, report, context);
    },
  },
});
