import { rule } from "../../engine/index";
import { reporting } from "../shared/secrets/reporting";
import { namedAs } from "../shared/secrets/words";

export default rule({
  id: "secrets/private-key",
  kind: "text",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "Private key in a file",
  why: `Who has the private key is the service: he answers for it with its certificate, signs tokens in its name, or logs in to every
machine that trusts the key. One clone of the repository is enough, and history keeps the key after it is deleted. Make a new key
pair, revoke the old certificate, and mount the key from a secret store; a key that has a passphrase is reported softer, since the
passphrase can be guessed without anybody noticing.`,
  refs: ["CWE-321", "CWE-522"],
  covers: ["gitleaks:private-key", "sonar:S6706", "semgrep:detected-private-key"],
  fix: "none",
  examples: [
    {
      bad: `
        «-----BEGIN PRIVATE KEY-----
        rovWlbg45dOds+BQ+I2Dm4jBJYaN7PYC30O3VFbRQWUEhOX8PeGSrdeM5rVG2aVT
        R3Hk0F4nA/6Yr5wkoVCgFGzcRizrmvMG4F8u0hmqIHT7rapdysdKFwrPDrBXjIAh
        -----END PRIVATE KEY-----»
        `,
      file: "certs/server.pem",
    },
    {
      bad: `
        {
          "type": "service_account",
          "private_key": "«-----BEGIN PRIVATE KEY-----\\nrovWlbg45dOds+BQ+I2Dm4jBJYaN7PYC30O3VFbRQWUEhOX8PeGSrdeM5rVG2aVT\\nR3Hk0F4nA/6Yr5wkoVCgFGzcRizrmvMG4F8u0hmqIHT7rapdysdKFwrPDrBXjIAh\\n-----END PRIVATE KEY-----»\\n"
        }
        `,
      file: "config/gcp.json",
      note: "escaped line ends",
    },
    {
      bad: `
        jwt:
          key: |
            «-----BEGIN ENCRYPTED PRIVATE KEY-----
            rovWlbg45dOds+BQ+I2Dm4jBJYaN7PYC30O3VFbRQWUEhOX8PeGSrdeM5rVG2aVT
            R3Hk0F4nA/6Yr5wkoVCgFGzcRizrmvMG4F8u0hmqIHT7rapdysdKFwrPDrBXjIAh
            -----END ENCRYPTED PRIVATE KEY-----»
        `,
      file: "config/auth.yaml",
      severity: "warning",
      note: "behind a passphrase",
    },
    {
      good: `
        -----BEGIN CERTIFICATE-----
        rovWlbg45dOds+BQ+I2Dm4jBJYaN7PYC30O3VFbRQWUEhOX8PeGSrdeM5rVG2aVT
        -----END CERTIFICATE-----
        -----BEGIN PUBLIC KEY-----
        R3Hk0F4nA/6Yr5wkoVCgFGzcRizrmvMG4F8u0hmqIHT7rapdysdKFwrPDrBXjIAh
        -----END PUBLIC KEY-----
        `,
      file: "certs/ca.pem",
      note: "made to be shared",
    },
    {
      good: `
        if (text.startsWith("-----BEGIN PRIVATE KEY-----")) throw new Error("no keys here");
        const sample = "-----BEGIN RSA PRIVATE KEY-----\\n...\\n-----END RSA PRIVATE KEY-----";
        `,
      file: "src/upload.js",
      note: "only the mark, and an ellipsis",
    },
  ],
  check: reporting("private-key", (credential) => {
    const { grade } = credential.found;
    const name = namedAs(credential);
    const what = grade === "encrypted" ? "A private key, behind a passphrase," : "A private key";
    return `${what} is in this file for everybody who can read it${name === undefined ? "" : ` (${name})`}: make a new one`;
  }),
});
