import type { RequestListener, Server } from "node:http";
import { createServer } from "node:https";
import type { Settings } from "./settings.js";

/** Makes the HTTPS server; throws where certificate and key don't belong together. */
export function secureServer(tls: Settings["tls"]): (listener: RequestListener) => Server {
  return (listener) =>
    createServer(
      {
        cert: tls.cert,
        key: tls.key,
        minVersion: "TLSv1.2",
        // Someone who sends slowly, or nothing, can't hold connections open.
        handshakeTimeout: 5_000,
        headersTimeout: 5_000,
        requestTimeout: 10_000,
        connectionsCheckingInterval: 1_000,
        keepAliveTimeout: 5_000,
        maxHeaderSize: 16_384,
      },
      listener,
    );
}
