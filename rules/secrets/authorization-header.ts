import { rule } from "../../engine/index";
import { reporting } from "../shared/secrets/reporting";

export default rule({
  id: "secrets/authorization-header",
  kind: "text",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "Authorization header with its credential in a file",
  why: `A header that works can be copied: who reads the file sends it with his own request, and the service cannot tell him from the
real caller. \`Basic\` is no protection, since base64 is undone in one step, and the same password often opens more than this API.
Change the credential and let the request read it from the environment.`,
  refs: ["CWE-798"],
  covers: ["gitleaks:curl-auth-header", "gitleaks:curl-auth-user"],
  fix: "unsafe",
  takesFix: true,
  yieldsTo: ["secrets/jwt", "secrets/provider-token"],
  examples: [
    {
      bad: `
        GET https://shop.internal/orders
        Authorization: Basic «c2hvcDp0dWxpcC1IYXJib3ItODg=»
        `,
      fixed: `
        GET https://shop.internal/orders
        Authorization: Basic {{$processEnv API_TOKEN}}
        `,
      file: "requests/orders.http",
    },
    {
      bad: `
        # the orders of today
        curl -s -H "Authorization: Bearer «k3Jx9QvT2mZb7Lw4aR8s»" https://shop.internal/orders
        curl -u shop:«tulip-Harbor-88» https://shop.internal/orders
        `,
      fixed: `
        # the orders of today
        curl -s -H "Authorization: Bearer \${API_TOKEN}" https://shop.internal/orders
        curl -u shop:"$API_TOKEN" https://shop.internal/orders
        `,
      file: "bin/orders.sh",
    },
    {
      bad: `
        {
          "request": { "header": [{ "key": "Authorization", "value": "Bearer «k3Jx9QvT2mZb7Lw4aR8s»" }] }
        }
        `,
      file: "shop.postman_collection.json",
      note: "a collection of Postman",
    },
    {
      bad: `
        call(url, { headers: { Authorization: "Bearer «k3Jx9QvT2mZb7Lw4aR8s»" } });
        `,
      fixed: `
        call(url, { headers: { Authorization: "Bearer " + process.env.AUTHORIZATION } });
        `,
      file: "src/orders.js",
    },
    {
      good: `
        curl -H "Authorization: Bearer $TOKEN" https://shop.internal/orders
        curl -u "shop:$PASSWORD" https://shop.internal/orders
        curl -u shop https://shop.internal/orders
        curl -H 'Authorization: Bearer <token>' https://shop.internal/orders
        `,
      file: "bin/orders.sh",
      note: "references, a prompt, a placeholder",
    },
    {
      good: `
        const header = "Authorization: Bearer ";
        request.headers.Authorization = "Basic " + encode(user, password);
        const scheme = { Authorization: "Bearer token" };
        `,
      file: "src/client.js",
    },
  ],
  check: reporting("authorization-header", ({ found }) => {
    const whose = found.user === undefined || found.user === "" ? "" : ` of ${found.user}`;
    const title = /basic/i.test(found.title ?? "") ? "The login" : "The token";
    return `${title}${whose} in this Authorization header is there for everybody who can read the file: ${found.masked}`;
  }),
});
