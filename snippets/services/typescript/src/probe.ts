import { readFileSync } from "node:fs";
import { get } from "node:https";

/** Exit code 0 while the service answers on its own port. The certificate is checked here as everywhere. */
function probe(environment: NodeJS.ProcessEnv): void {
  const request = get(
    {
      host: "127.0.0.1",
      port: environment["PORT"] ?? 8443,
      servername: "localhost",
      path: "/healthz",
      ca: readFileSync(environment["TLS_CA_FILE"] ?? ""),
      minVersion: "TLSv1.2",
      signal: AbortSignal.timeout(2_000),
    },
    (response) => process.exit(response.statusCode === 200 ? 0 : 1),
  );
  request.on("error", () => process.exit(1));
}

probe(process.env);
