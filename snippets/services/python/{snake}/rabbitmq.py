<%#rabbitmq%>
"""Events to RabbitMQ."""

import asyncio

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection

from .events import ItemEvent
from .settings import Broker
from .tls import client_context

EXCHANGE = "items"

# Nothing waits for ever: the caller gets an answer and can try again.
SECONDS = 2


class RabbitEvents:
    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._trust = client_context(broker.ca_file)
        self._opening = asyncio.Lock()
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None

    async def publish(self, event: ItemEvent) -> None:
        channel = await self._open()
        exchange = await channel.get_exchange(EXCHANGE, ensure=False)
        message = aio_pika.Message(
            event.model_dump_json().encode(),
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        # Done only when the broker says that it has the event.
        await exchange.publish(message, event.type, mandatory=False, timeout=SECONDS)

    async def check(self) -> None:
        channel = await self._open()
        await channel.get_exchange(EXCHANGE)

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def _open(self) -> AbstractChannel:
        """The channel that is open, or a new one: the service starts before its broker, and outlives its restarts."""
        async with self._opening:
            if self._channel is None or self._channel.is_closed:
                await self.close()
                self._connection = await aio_pika.connect(
                    host=self._broker.host,
                    port=self._broker.port,
                    login=self._broker.user,
                    password=self._broker.password,
                    ssl=True,
                    ssl_context=self._trust,
                    timeout=SECONDS,
                )
                channel = await self._connection.channel()
                await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True, timeout=SECONDS)
                self._channel = channel
            return self._channel


async def open_events(broker: Broker) -> RabbitEvents:
    return RabbitEvents(broker)
<%/rabbitmq%>
