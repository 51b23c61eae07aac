<%#kafka%>
import { ProduceAcks, Producer } from "@platformatic/kafka";
import type { Events } from "./events.js";
import type { Settings } from "./settings.js";

const topic = "items";

export function openEvents({ host, port, user, password, ca }: Settings["broker"]): Events {
  const producer = new Producer({
    clientId: "<% name %>",
    bootstrapBrokers: [{ host, port }],
    // Certificate and host name are checked: TLS to somebody else would hand over the events.
    tls: { ca, minVersion: "TLSv1.2", rejectUnauthorized: true },
    // SCRAM proves that we know the password without sending it.
    sasl: { mechanism: "SCRAM-SHA-512", username: user, password },
    // Nothing waits for ever: the caller gets an answer and can try again.
    connectTimeout: 1_000,
    timeout: 2_000,
    retries: 1,
    retryDelay: 100,
  });

  return {
    async publish(event) {
      const message = { topic, key: Buffer.from(event.id), value: Buffer.from(JSON.stringify(event)) };
      await producer.send({ messages: [message], acks: ProduceAcks.ALL });
    },
    async check() {
      await producer.metadata({ topics: [topic], forceUpdate: true });
    },
    close: () => producer.close(true),
  };
}
<%/kafka%>
