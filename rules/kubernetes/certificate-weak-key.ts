import {
  type Context,
  type Field,
  type Fix,
  fixIn,
  type Manifest,
  type ManifestFile,
  type Report,
  rule,
} from "../../engine/index";

function change(at: Field, data: string | number, title: string, context: Context): Fix | undefined {
  const edits = at.isShared ? undefined : at.replace(data);
  return fixIn(context.file, title, "safe", [edits && { edits }]);
}

function ofCertificate(manifest: Manifest, report: Report, context: Context): void {
  const key = manifest.is("Certificate", "cert-manager.io") ? manifest.spec?.get("privateKey") : undefined;
  const size = key?.get("size");
  const rotation = key?.get("rotationPolicy");
  const algorithm = key?.get("algorithm");
  const isRsa = algorithm === undefined ? key?.isOpen === false : algorithm.string === "RSA";
  if (size !== undefined && isRsa && (size.number ?? 2048) < 2048) {
    const message = `${manifest.title} has an RSA key of ${size.number} bits, which can be broken`;
    report(size, message, { fix: () => change(size, 2048, "Take 2048 bits", context) });
  }
  if (rotation?.string === "Never") {
    const message = `${manifest.title} keeps its private key for ever: a copy of it stays good after each renewal`;
    report(rotation, message, {
      severity: "info",
      fix: () => change(rotation, "Always", "Make a new key at each renewal", context),
    });
  }
}

const issuerOf: Readonly<Record<string, string>> = {
  "cert-manager.io/issuer": "Issuer",
  "cert-manager.io/cluster-issuer": "ClusterIssuer",
};

/** Nobody outside trusts a certificate that signs itself: people learn to click warnings away. */
function ofRoute(manifest: Manifest, file: ManifestFile, report: Report): void {
  const isRoute =
    manifest.is("Ingress", "networking.k8s.io", "extensions") || manifest.is("Gateway", "gateway.networking.k8s.io");
  if (!isRoute) return;
  for (const [annotation, kind] of Object.entries(issuerOf)) {
    const name = manifest.annotation(annotation);
    const issuer = file.manifests.find((m) => m.is(kind, "cert-manager.io") && m.name === name?.string);
    if (name?.string === undefined || issuer?.spec?.get("selfSigned") === undefined) continue;
    const message = `${manifest.title} gets a certificate of ${name.string}, which signs itself: no client can check it`;
    report(name, message, { severity: "info" });
  }
}

export default rule({
  id: "kubernetes/certificate-weak-key",
  kind: "kubernetes",
  severity: "warning",
  principle: "rotation",
  summary: "A certificate with a weak key, or one that is never renewed or checked",
  why: `RSA keys below 2048 bits are within reach of those who can pay for it, and a key that outlives its certificate makes renewal a
formality: whoever has a copy from last year's backup still decrypts and plays the server. A certificate that signs itself can be checked
by nobody, so anybody in between shows their own. Take 2048 bits or ECDSA, a new key at each renewal, and an issuer that clients trust.`,
  refs: ["CWE-326"],
  covers: ["kyverno:restrict-issuer"],
  fix: "safe",
  examples: [
    {
      bad: `
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: shop }
        spec:
          secretName: shop-tls
          privateKey:
            algorithm: RSA
            size: «1024» # bits
        `,
      fixed: `
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: shop }
        spec:
          secretName: shop-tls
          privateKey:
            algorithm: RSA
            size: 2048 # bits
        `,
    },
    {
      bad: `
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: shop }
        spec: { secretName: shop-tls, privateKey: { algorithm: ECDSA, size: 256, rotationPolicy: «Never» } }
        `,
      fixed: `
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: shop }
        spec: { secretName: shop-tls, privateKey: { algorithm: ECDSA, size: 256, rotationPolicy: Always } }
        `,
      severity: "info",
    },
    {
      bad: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
          annotations:
            cert-manager.io/cluster-issuer: «own»
        spec:
          tls: [{ hosts: [shop.example.com], secretName: shop-tls }]
          rules: [{ host: shop.example.com }]
        ---
        apiVersion: cert-manager.io/v1
        kind: ClusterIssuer
        metadata: { name: own }
        spec: { selfSigned: {} }
        `,
      severity: "info",
    },
    {
      good: `
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: shop }
        spec: { secretName: shop-tls, privateKey: { algorithm: ECDSA, size: 384, rotationPolicy: Always } }
        ---
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: web }
        spec: { secretName: web-tls, privateKey: { size: 4096 } }
        ---
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: other }
        spec: { secretName: other-tls }
        `,
    },
    {
      good: `
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: { name: shop, annotations: { cert-manager.io/cluster-issuer: public } }
        spec: { rules: [{ host: shop.example.com }] }
        ---
        apiVersion: cert-manager.io/v1
        kind: ClusterIssuer
        metadata: { name: public }
        spec: { acme: { server: "https://acme.example.com" } }
        ---
        apiVersion: cert-manager.io/v1
        kind: ClusterIssuer
        metadata: { name: root }
        spec: { selfSigned: {} }
        `,
      note: "the issuer that signs itself is for an authority",
    },
    {
      good: `
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: { name: shop }
        spec:
          secretName: shop-tls
          privateKey: { algorithm: {{ .Values.algorithm }}, size: 256 }
        `,
      note: "the algorithm is not known",
    },
  ],
  check: {
    file(file, report, context) {
      for (const manifest of file.manifests) {
        ofCertificate(manifest, report, context);
        ofRoute(manifest, file, report);
      }
    },
  },
});
