import { createApp } from "./app.js";
import { createGuard } from "./auth.js";
<%#kafka%>
import { openEvents } from "./kafka.js";
<%/kafka%>
import { log, reasonOf } from "./log.js";
<%^database%>
import { openItems } from "./memory.js";
<%/database%>
<%#mysql%>
import { openItems } from "./mysql.js";
<%/mysql%>
<%#postgres%>
import { openItems } from "./postgres.js";
<%/postgres%>
<%#rabbitmq%>
import { openEvents } from "./rabbitmq.js";
<%/rabbitmq%>
<%#redis%>
import { openItems } from "./redis.js";
<%/redis%>
import { secureServer } from "./server.js";
import { readSettings } from "./settings.js";

async function main(): Promise<void> {
  const settings = readSettings(process.env);
<%^database%>
  const items = openItems();
<%/database%>
<%#database%>
  const items = openItems(settings.database);
<%/database%>
<%#broker%>
  const events = openEvents(settings.broker);
<%/broker%>
  const guard = createGuard(settings.auth);
  let stopping = false;
  const app = createApp({ guard, items<%#broker%>, events<%/broker%>, stopping: () => stopping }, secureServer(settings.tls));

  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    log("info", "stopping");
    // Running requests get a second. Whatever hangs after that: the process ends before somebody has to kill it.
    setTimeout(() => app.server.closeAllConnections(), 1_000);
    setTimeout(() => process.exit(0), 1_200);
    await app.close();
    await Promise.allSettled([items.close()<%#broker%>, events.close()<%/broker%>]);
    log("info", "stopped");
    process.exit(0);
  }

  // As the first process of a container, node has no handler of its own for these.
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  await app.listen({ host: "0.0.0.0", port: settings.port });
  log("info", "listening", { port: settings.port });
}

main().catch((error: unknown) => {
  log("error", "the service failed", { reason: reasonOf(error) });
  process.exit(1);
});
