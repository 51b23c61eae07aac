<%#kafka%>
"""Events to Kafka."""

import asyncio

from aiokafka import AIOKafkaProducer

from .events import ItemEvent
from .settings import Broker
from .tls import client_context

TOPIC = "items"

# Nothing waits for ever: the caller gets an answer and can try again.
MILLISECONDS = 2_000


class KafkaEvents:
    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._trust = client_context(broker.ca_file)
        self._opening = asyncio.Lock()
        self._producer: AIOKafkaProducer | None = None

    async def publish(self, event: ItemEvent) -> None:
        producer = await self._started()
        key = str(event.id).encode()
        await producer.send_and_wait(TOPIC, event.model_dump_json().encode(), key=key)

    async def check(self) -> None:
        producer = await self._started()
        await producer.client.fetch_all_metadata()

    async def close(self) -> None:
        if self._producer is not None:
            await self._producer.stop()

    async def _started(self) -> AIOKafkaProducer:
        """The producer, started when it is first needed: the service starts before its broker."""
        async with self._opening:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    client_id="<% name %>",
                    bootstrap_servers=f"{self._broker.host}:{self._broker.port}",
                    security_protocol="SASL_SSL",
                    ssl_context=self._trust,
                    # SCRAM proves that we know the password without sending it.
                    sasl_mechanism="SCRAM-SHA-512",
                    sasl_plain_username=self._broker.user,
                    sasl_plain_password=self._broker.password,
                    acks="all",
                    request_timeout_ms=MILLISECONDS,
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer


async def open_events(broker: Broker) -> KafkaEvents:
    return KafkaEvents(broker)
<%/kafka%>
