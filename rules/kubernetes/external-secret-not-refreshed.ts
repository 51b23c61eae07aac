import { choice, type Field, fixIn, type Manifest, rule } from "../../engine/index";
import { seconds } from "../shared/kubernetes/durations";

/** Where an object says what is fetched, and how often. */
function specOf(manifest: Manifest): Field | undefined {
  if (manifest.is("ExternalSecret", "external-secrets.io")) return manifest.spec;
  if (manifest.is("ClusterExternalSecret", "external-secrets.io")) return manifest.spec?.get("externalSecretSpec");
  return undefined;
}

/** A generator would make up another value each time. */
const isGenerated = (spec: Field): boolean =>
  (spec.get("dataFrom")?.items ?? []).some((from) => from.at("sourceRef", "generatorRef") !== undefined);

/** The Vault token of a store that reads it from a Secret. */
const staticToken = (manifest: Manifest): Field | undefined =>
  manifest.is("SecretStore", "external-secrets.io") || manifest.is("ClusterSecretStore", "external-secrets.io")
    ? manifest.spec?.at("provider", "vault", "auth", "tokenSecretRef")
    : undefined;

export default rule({
  id: "kubernetes/external-secret-not-refreshed",
  kind: "kubernetes",
  severity: "info",
  principle: "rotation",
  summary: "An external secret is fetched once and never again",
  why: `A credential is rotated in the store, but the cluster keeps the old value: the workload breaks when the old one is switched off, so
nobody dares to, and what leaked last year still works. Let the operator look again every hour. A store that logs in with a Vault token
from a Secret has the same fault; let it log in as a service account.`,
  refs: [],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: { name: shop }
        spec:
          refreshInterval: «"0"» # once
          secretStoreRef: { kind: ClusterSecretStore, name: vault }
          data: [{ secretKey: password, remoteRef: { key: shop, property: password } }]
        `,
      fixed: `
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: { name: shop }
        spec:
          refreshInterval: "1h" # once
          secretStoreRef: { kind: ClusterSecretStore, name: vault }
          data: [{ secretKey: password, remoteRef: { key: shop, property: password } }]
        `,
    },
    {
      bad: `
        apiVersion: external-secrets.io/v1
        kind: ClusterExternalSecret
        metadata: { name: shop }
        spec:
          externalSecretSpec:
            refreshPolicy: «CreatedOnce»
            refreshInterval: 0s
            secretStoreRef: { kind: ClusterSecretStore, name: vault }
        `,
      fixed: `
        apiVersion: external-secrets.io/v1
        kind: ClusterExternalSecret
        metadata: { name: shop }
        spec:
          externalSecretSpec:
            refreshPolicy: Periodic
            refreshInterval: 1h
            secretStoreRef: { kind: ClusterSecretStore, name: vault }
        `,
    },
    {
      bad: `
        apiVersion: external-secrets.io/v1
        kind: SecretStore
        metadata: { name: vault }
        spec:
          provider: { vault: { server: "https://vault.example.com", auth: { «tokenSecretRef»: { name: vault, key: token } } } }
        `,
      note: "the store's own login",
    },
    {
      good: `
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: { name: shop }
        spec: { refreshInterval: 1h }
        ---
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: { name: other }
        spec: { secretStoreRef: { name: vault } }
        `,
      note: "every hour, also by default",
    },
    {
      good: `
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: { name: made-up }
        spec:
          refreshPolicy: CreatedOnce
          refreshInterval: "0"
          dataFrom: [{ sourceRef: { generatorRef: { apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: long } } }]
        `,
      note: "a password that is made up once",
    },
    {
      good: `
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: { name: shop }
        spec: { refreshInterval: {{ .Values.interval }} }
        ---
        apiVersion: external-secrets.io/v1
        kind: SecretStore
        metadata: { name: vault }
        spec: { provider: { vault: { auth: { kubernetes: { role: shop } } } } }
        `,
    },
  ],
  check: {
    manifest(manifest, report, context) {
      const token = staticToken(manifest);
      if (token !== undefined)
        report(token.anchor, `${manifest.title} logs in to Vault with a token that nobody renews`);
      const spec = specOf(manifest);
      if (spec === undefined || isGenerated(spec)) return;
      const policy = spec.get("refreshPolicy");
      const interval = spec.get("refreshInterval");
      const isOnce = policy?.string === "CreatedOnce";
      const isNever = interval?.string !== undefined && seconds(interval.string) === 0;
      const at = isOnce ? policy : isNever && policy?.string !== "OnChange" ? interval : undefined;
      if (at === undefined) return;
      report(at, `${manifest.title} is fetched once: a new value in the store never comes to the cluster`, {
        fix: () => {
          const often = isNever ? interval.replace(choice(1, "1h"), { snippet: true }) : [];
          const again = isOnce ? policy.replace("Periodic", { snippet: true }) : [];
          return fixIn(context.file, "Fetch it every hour", "guided", [
            again && { edits: again },
            often && { edits: often },
          ]);
        },
      });
    },
  },
});
