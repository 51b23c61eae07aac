import { type Context, type Field, type Manifest, type Related, type Report, rule } from "../../engine/index";
import { lowered } from "../shared/kubernetes/weight";
import { makeExternal } from "../shared/kubernetes/credential-fixes";
import { appliedCredentials, secretCredentials } from "../shared/kubernetes/credentials";
import { ifConditional } from "../shared/kubernetes/pod-security";
import { isPlaceholder, mask } from "../shared/secrets";

function ofSecret(manifest: Manifest, report: Report, context: Context): void {
  const all = secretCredentials(manifest, context).filter((c) => c.found.kind !== "default-password");
  const [first, ...rest] = all;
  if (first === undefined) {
    const applied = appliedCredentials(manifest);
    if (applied === undefined) return;
    report(applied.at, `The last applied state of ${manifest.title} still has its ${applied.key} in it`);
    return;
  }
  const keys = [...new Set(all.map((c) => c.key))];
  const related = rest.map(({ at, key }): Related => {
    const { start, end } = at;
    return { file: manifest.file, span: { start, end }, note: `${key} as well` };
  });
  const what = keys.length > 1 ? `${keys.length} credentials` : keys[0];
  const message = `${manifest.title} has ${what} in this file, where base64 or not everybody can read it: ${first.found.masked}`;
  report(first.at, `${message}${ifConditional(first.field)}`, {
    severity: lowered("error", first.field),
    related,
    fix: () => makeExternal(manifest, context),
  });
}

/** Keys that the API server encrypts what it stores with. */
function ofEncryption(manifest: Manifest, report: Report): void {
  const providers = (manifest.root.get("resources")?.items ?? []).flatMap((r) => r.get("providers")?.items ?? []);
  const keys = providers.flatMap((p) => p.entries.flatMap(([, provider]) => provider.get("keys")?.items ?? []));
  for (const key of keys) {
    const secret: Field | undefined = key.get("secret");
    const text = secret?.string;
    if (secret === undefined || text === undefined || isPlaceholder(text) || !/^[A-Za-z0-9+/]{20,}={0,2}$/.test(text))
      continue;
    report(
      secret,
      `The key that encrypts what etcd stores is in this file for everybody who can read it: ${mask(text)}`,
    );
  }
}

export default rule({
  id: "kubernetes/secret-in-manifest",
  kind: "kubernetes",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "A Secret stands in a file with its real values",
  why: `Base64 is a spelling, not encryption: whoever has the repository, a fork or an old clone runs \`base64 -d\` and has the password,
the key or the token, also years after it was taken out of the newest commit. Change what is written here, for it is out. Keep the new
one in a store, and let the External Secrets operator fetch it; or commit it sealed or encrypted, as SealedSecrets and SOPS do.`,
  refs: ["CIS 5.4.2", "NSA net", "CWE-798"],
  covers: ["kubescape:C-0012", "kubescape:C-0208"],
  fix: "guided",
  yieldsTo: [
    "kubernetes/default-password",
    "secrets/provider-token",
    "secrets/private-key",
    "secrets/jwt",
    "secrets/authorization-header",
    "secrets/connection-string-password",
  ],
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Secret
        metadata:
          name: shop-db # for the shop
          labels: { app: shop }
        type: Opaque
        stringData:
          username: shop
          password: «tulip-Harbor-88»
        `,
      fixed: `
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata:
          name: shop-db # for the shop
          labels: { app: shop }
        spec:
          refreshInterval: 1h
          secretStoreRef:
            kind: ClusterSecretStore
            name: store
          target:
            name: shop-db
          data:
            - secretKey: username
              remoteRef:
                key: shop-db
                property: username
            - secretKey: password
              remoteRef:
                key: shop-db
                property: password
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Secret
        metadata: { name: shop-db }
        type: kubernetes.io/basic-auth
        data:
          username: c2hvcA==
          password: «dHVsaXAtSGFyYm9yLTg4»
        `,
      fixed: `
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: { name: shop-db }
        spec:
          refreshInterval: 1h
          secretStoreRef:
            kind: ClusterSecretStore
            name: store
          target:
            name: shop-db
            template:
              type: kubernetes.io/basic-auth
          data:
            - secretKey: username
              remoteRef:
                key: shop-db
                property: username
            - secretKey: password
              remoteRef:
                key: shop-db
                property: password
        `,
      note: "in base64",
    },
    {
      bad: `
        apiVersion: v1
        kind: List
        items:
          - apiVersion: v1
            kind: Secret
            metadata: { generateName: pull- }
            type: kubernetes.io/dockerconfigjson
            stringData:
              .dockerconfigjson: '{"auths": {"registry.example.com": {"username": "shop", "password": "«tulip-Harbor-88»"}}}'
          - apiVersion: v1
            kind: Secret
            metadata: { generateName: pull- }
            type: kubernetes.io/dockerconfigjson
            data:
              .dockerconfigjson: «eyJhdXRocyI6eyJyZWdpc3RyeS5leGFtcGxlLmNvbSI6eyJhdXRoIjoiYzJodmNEcDBkV3hwY0MxSVlYSmliM0l0T0RnPSJ9fX0=»
        `,
      note: "logins of a registry, in a list",
    },
    {
      bad: `
        apiVersion: apiserver.config.k8s.io/v1
        kind: EncryptionConfiguration
        resources:
          - resources: [secrets]
            providers:
              - aescbc:
                  keys:
                    - name: key1
                      secret: «q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=»
              - identity: {}
        `,
      note: "the key of all the others",
    },
    {
      good: `
        apiVersion: v1
        kind: Secret
        metadata: { name: shop }
        stringData: { password: <replace-me>, token: "\${DB_PASSWORD}", key: "", config.yaml: "level: debug\\nuser: shop\\n" }
        data: { other-password: Cg==, username: c2hvcA==, ca.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t }
        `,
      note: "placeholders, a new line, what opens nothing",
    },
    {
      good: `
        apiVersion: bitnami.com/v1alpha1
        kind: SealedSecret
        metadata: { name: shop }
        spec: { encryptedData: { password: AgBy3i4OJSWK+PiTySYZZA9rO43cGDEqAgBy3i4OJSWK+PiTySYZZA9rO43cGDEq } }
        ---
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: { name: shop }
        spec: { data: [{ secretKey: password, remoteRef: { key: prod/db/password } }] }
        ---
        apiVersion: v1
        kind: Secret
        metadata: { name: shop }
        data: { password: "ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]" }
        sops: { version: 3.9.0 }
        ---
        apiVersion: v1
        kind: Secret
        metadata: { name: sh.helm.release.v1.shop.v1 }
        type: helm.sh/release.v1
        data: { release: SDRzSUFBQUFBQUFDLzVWU3k3TENNQXo4bFU3UDlCQk9mUW91 }
        `,
      note: "sealed, fetched, encrypted; a release of Helm",
    },
    {
      good: `
        apiVersion: v1
        kind: Secret
        metadata: { name: shop, annotations: { avp.kubernetes.io/path: secret/data/shop } }
        stringData:
          password: <path:secret/data/shop#password>
          token: ref+vault://secret/shop/token
          key: {{ .Values.key | quote }}
        data:
          other: {{ .Values.other | b64enc }}
          third: PHBhdGg6c2VjcmV0L2RhdGEvc2hvcCNwYXNzd29yZD4=
        `,
      note: "put in place on the way to the cluster",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      if (manifest.is("EncryptionConfiguration", "apiserver.config.k8s.io")) ofEncryption(manifest, report);
      else ofSecret(manifest, report, context);
    },
  },
});
