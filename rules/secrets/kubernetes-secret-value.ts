import { rule } from "../../engine/index";
import { secretValues } from "../shared/secrets/manifests";

export default rule({
  id: "secrets/kubernetes-secret-value",
  kind: "text",
  severity: "warning",
  principle: "secrets",
  marksSecrets: true,
  summary: "Values of a Kubernetes Secret in a script or a text",
  why: `A Secret in a manifest is only base64, which is undone in one step: a script that applies it carries the password in clear for
everybody with the repository. Let an operator fetch it (External Secrets), seal it (Sealed Secrets, SOPS), or let \`kubectl create
secret\` read it from a file that git leaves out.`,
  refs: ["CWE-312", "NSA net"],
  covers: ["gitleaks:kubernetes-secret-yaml"],
  fix: "none",
  yieldsTo: [
    "secrets/provider-token",
    "secrets/private-key",
    "secrets/connection-string-password",
    "kubernetes/secret-in-manifest",
  ],
  examples: [
    {
      bad: `
        kubectl apply -f - <<EOF
        apiVersion: v1
        kind: Secret
        metadata:
          name: shop
        stringData:
          password: «tulip-Harbor-88»
        data:
          token: «azNKeDlRdlQybVpiN0x3NA==» # of the feed
        EOF
        `,
      file: "bin/deploy.sh",
    },
    {
      good: `
        kubectl apply -f - <<EOF
        apiVersion: v1
        kind: Secret
        stringData:
          password: $PASSWORD
          user: "{{ .Values.user }}"
        data:
          tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUI=
          namespace: c2hvcA==
        ---
        apiVersion: v1
        kind: ConfigMap
        data:
          mode: dark-and-long
        EOF
        `,
      file: "bin/deploy.sh",
      note: "references, certificates, other objects",
    },
    {
      good: `
        apiVersion: bitnami.com/v1alpha1
        kind: SealedSecret
        spec:
          encryptedData:
            password: AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq
        `,
      file: "notes.txt",
      note: "sealed",
    },
  ],
  check: {
    file(text, report) {
      for (const { key, span, masked } of secretValues(text)) {
        report(span, `The value of ${key} in this Secret is there for everybody who can read the file: ${masked}`);
      }
    },
  },
});
