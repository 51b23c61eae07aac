import { rule } from "../../engine/index";
import { reporting } from "../shared/secrets/reporting";
import { namedAs } from "../shared/secrets/words";

export default rule({
  id: "secrets/jwt",
  kind: "text",
  severity: "warning",
  principle: "rotation",
  marksSecrets: true,
  summary: "Signed JSON web token in a file",
  why: `Whoever holds a signed token is, to every service that trusts its issuer, the one it was made for; no password is asked for.
A token in a file outlives the session for which it was issued, often for years: one without \`exp\` opens the API until the signing
key is changed. Let programs ask for a token when they need one, and keep it short-lived. A token that has run out is only noted.`,
  refs: ["CWE-798", "CWE-613"],
  covers: ["gitleaks:jwt", "semgrep:detected-jwt-token"],
  fix: "unsafe",
  takesFix: true,
  examples: [
    {
      bad: `
        const headers = { token: "«eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaG9wLXNlcnZpY2UiLCJyb2xlIjoid3JpdGVyIn0.jZAB0yxqcD2Vkhp3EVBQ8z3YI9PxcwvTUhXcvsrW3CA»" };
        `,
      fixed: `
        const headers = { token: process.env.TOKEN };
        `,
      file: "src/orders.js",
    },
    {
      bad: `
        curl -H "Authorization: Bearer «eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaG9wLXNlcnZpY2UiLCJyb2xlIjoid3JpdGVyIn0.jZAB0yxqcD2Vkhp3EVBQ8z3YI9PxcwvTUhXcvsrW3CA»" https://shop.internal/orders
        `,
      fixed: `
        curl -H "Authorization: Bearer \${API_TOKEN}" https://shop.internal/orders
        `,
      file: "bin/orders.sh",
    },
    {
      bad: `
        service.token=«eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzaG9wLXNlcnZpY2UiLCJleHAiOjE3MDAwMDAwMDB9.jZAB0yxqcD2Vkhp3EVBQ8z3YI9PxcwvTUhXcvsrW3CA»
        `,
      file: "conf/service.properties",
      severity: "info",
      note: "it has run out",
    },
    {
      good: `
        example: eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c
        unsigned: eyJhbGciOiJub25lIn0.eyJzdWIiOiJzaG9wIn0.
        `,
      file: "api/tokens.yaml",
      note: "the sample of a manual, and a token without a signature",
    },
  ],
  check: reporting("jwt", (credential) => {
    const { masked, expires, grade } = credential.found;
    const name = namedAs(credential);
    const what = `A signed JSON web token${name === undefined ? "" : ` (${name})`}`;
    if (grade === "client-side") return `${what} for anonymous clients is in this file: ${masked}`;
    const ends = expires === undefined ? "; it never runs out" : "";
    return `${what} is in this file for everybody who can read it: ${masked}${ends}`;
  }),
});
