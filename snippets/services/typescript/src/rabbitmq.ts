<%#rabbitmq%>
import { type ChannelModel, type ConfirmChannel, connect } from "amqplib";
import type { Events } from "./events.js";
import { log, reasonOf } from "./log.js";
import type { Settings } from "./settings.js";

const exchange = "items";

interface Open {
  readonly connection: ChannelModel;
  readonly channel: ConfirmChannel;
}

export function openEvents(broker: Settings["broker"]): Events {
  let current: Promise<Open> | undefined;

  /** The open channel, or a new one where the last was lost. */
  function open(): Promise<Open> {
    if (current !== undefined) return current;
    const opening = openChannel(broker);
    const forget = () => {
      if (current === opening) current = undefined;
    };
    opening.then(({ connection }) => connection.on("close", forget), forget);
    current = opening;
    return opening;
  }

  return {
    async publish(event) {
      const { channel } = await open();
      const content = Buffer.from(JSON.stringify(event));
      const options = { persistent: true, contentType: "application/json" };
      // Done only when the broker says that it has the event.
      await new Promise<void>((resolve, reject) => {
        channel.publish(exchange, event.type, content, options, (error) => (error ? reject(error) : resolve()));
      });
    },
    async check() {
      const { channel } = await open();
      await channel.checkExchange(exchange);
    },
    async close() {
      await (await current)?.connection.close();
    },
  };
}

async function openChannel({ host, port, user, password, ca }: Settings["broker"]): Promise<Open> {
  const connection = await connect(
    { protocol: "amqps", hostname: host, port, username: user, password, heartbeat: 10 },
    // Certificate and host name are checked: TLS to somebody else would hand over the password and the events.
    { ca, minVersion: "TLSv1.2", rejectUnauthorized: true, timeout: 2_000 },
  );
  connection.on("error", (error) => log("warn", "broker connection lost", { reason: reasonOf(error) }));
  try {
    const channel = await connection.createConfirmChannel();
    channel.on("error", (error) => log("warn", "broker channel lost", { reason: reasonOf(error) }));
    // A channel doesn't come back by itself: with its connection gone too, the next event opens both anew.
    channel.on("close", () => connection.close().catch(() => undefined));
    await channel.assertExchange(exchange, "topic", { durable: true });
    return { connection, channel };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
<%/rabbitmq%>
