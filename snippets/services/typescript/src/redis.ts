<%#redis%>
import { createClient } from "@redis/client";
import { type Item, type Items, maxItems } from "./items.js";
import { log, reasonOf } from "./log.js";
import type { Settings } from "./settings.js";

const key = "items";

export function openItems({ host, port, user, password, ca }: Settings["database"]): Items {
  const client = createClient({
    username: user,
    password,
    // Certificate and host name are checked: TLS to somebody else would hand over the password and the data.
    socket: { tls: true, host, port, ca, minVersion: "TLSv1.2", rejectUnauthorized: true, connectTimeout: 2_000 },
    // While there is no connection commands fail at once, instead of piling up here.
    disableOfflineQueue: true,
    commandsQueueMaxLength: 100,
  });
  client.on("error", (error: unknown) => log("warn", "database connection failed", { reason: reasonOf(error) }));
  // It goes on trying by itself; until it is through, the service is not ready.
  client.connect().catch((error: unknown) => log("error", "no database connection", { reason: reasonOf(error) }));

  return {
    async list() {
      const texts = await client.lRange(key, 0, maxItems - 1);
      return texts.map((text) => JSON.parse(text) as Item);
    },
    async add(item) {
      // Both or none; the list can't grow without end.
      await client
        .multi()
        .lPush(key, JSON.stringify(item))
        .lTrim(key, 0, maxItems - 1)
        .exec();
    },
    async check() {
      await client.ping();
    },
    async close() {
      client.destroy();
    },
  };
}
<%/redis%>
