import { rule } from "../../engine/index";
import { reporting } from "../shared/secrets/reporting";
import { namedAs } from "../shared/secrets/words";

export default rule({
  id: "secrets/generic-secret",
  kind: "text",
  severity: "warning",
  principle: "secrets",
  marksSecrets: true,
  summary: "Key, token or secret written into a file",
  why: `The name says that it is a key, and the value looks drawn at random: somebody's API, queue or signature depends on nobody else
knowing it. A signing key in the repository lets every reader issue tokens for any user. Issue a new one, take it from the
environment or a secret store, and keep the file without it.`,
  refs: ["CWE-798", "CWE-321"],
  covers: [
    "gitleaks:generic-api-key",
    "sonar:S6418",
    "semgrep:detected-generic-secret",
    "semgrep:detected-generic-api-key",
  ],
  fix: "unsafe",
  yieldsTo: ["code/hardcoded-signing-key"],
  examples: [
    {
      bad: `
        payment:
          api-key: «k3Jx9QvT2mZb7Lw4»
          webhook: { secret: "«9f8Q-vT2m_Zb7Lw4x»" }
        `,
      file: "config/payment.yml",
    },
    {
      bad: `
        import os

        API_TOKEN = "«k3Jx9QvT2mZb7Lw4»"
        `,
      fixed: `
        import os

        API_TOKEN = os.environ["API_TOKEN"]
        `,
      file: "shop/client.py",
    },
    {
      bad: `
        name: deploy
        on: push
        env:
          FEED_TOKEN: «k3Jx9QvT2mZb7Lw4»
        `,
      fixed: `
        name: deploy
        on: push
        env:
          FEED_TOKEN: \${{ secrets.FEED_TOKEN }}
        `,
      file: ".github/workflows/deploy.yml",
    },
    {
      bad: `
        {
          // of the shop
          "jwt": { "signingKey": "«k3Jx9QvT2mZb7Lw4aR8s»" },
          "settings": [{ "name": "FEED_API_KEY", "value": "«9f8QvT2mZb7Lw4xJ»" }]
        }
        `,
      file: "config/app.json",
    },
    {
      bad: `
        {
          "cells": [
            {
              "cell_type": "code",
              "source": ["import client\\n", "api_key = \\"«k3Jx9QvT2mZb7Lw4»\\"\\n"]
            }
          ]
        }
        `,
      file: "analysis/orders.ipynb",
    },
    {
      good: `
        token_count: 1234567890
        kid: k3Jx9QvT2mZb7Lw4
        api_key_id: 9f8QvT2mZb7Lw4xJ
        secret_name: shop-database-credentials
        key_prefix: orders
        token_url: https://id.example.com/oauth/token
        secret_key: \${SECRET_KEY}
        client_secret: <your client secret>
        webhook_token: order-service-webhook-token
        csrf_token: k3Jx9QvT2mZb7Lw4
        `,
      file: "config/app.yaml",
      note: "counts, ids, names, addresses, references, placeholders",
    },
    {
      good: `
        integrity sha512-k3Jx9QvT2mZb7Lw4aR8sk3Jx9QvT2mZb7Lw4aR8sk3Jx9QvT2mZb7Lw4aR8sk3Jx9QvT2mZb7Lw4aR8sQQ==
        "api_token": "k3Jx9QvT2mZb7Lw4"
        `,
      file: "yarn.lock",
      note: "a lock file",
    },
    {
      good: `
        private static final String TOKEN = "token";
        static final String ACCESS_TOKEN_HEADER = "X-Access-Token-V2";
        Map<String, String> secrets = Map.of("api-key", readSecret("payment-api-key-2"));
        `,
      file: "src/main/java/shop/Names.java",
    },
  ],
  check: reporting("generic-secret", (credential) => {
    const { found } = credential;
    const name = namedAs(credential);
    const what = name === undefined ? "A secret" : `The value of ${name}`;
    return `${what} is in this file for everybody who can read it: ${found.masked}`;
  }),
});
