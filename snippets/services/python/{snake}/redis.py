<%#redis%>
"""Items in Redis."""

from collections.abc import Sequence
from ssl import TLSVersion

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from .items import MAX_ITEMS, Item
from .settings import Database

KEY = "items"

# Nothing waits for ever: a slow database must not pile up requests here.
SECONDS = 2


class RedisItems:
    def __init__(self, client: Redis) -> None:
        self._client = client

    async def list(self) -> Sequence[Item]:
        texts = await self._client.lrange(KEY, 0, MAX_ITEMS - 1)
        return [Item.model_validate_json(text) for text in texts]

    async def add(self, item: Item) -> None:
        # Both or none; the list can't grow without end.
        async with self._client.pipeline(transaction=True) as pipeline:
            pipeline.lpush(KEY, item.model_dump_json(by_alias=True))
            pipeline.ltrim(KEY, 0, MAX_ITEMS - 1)
            await pipeline.execute()

    async def check(self) -> None:
        await self._client.ping()

    async def close(self) -> None:
        await self._client.aclose()


async def open_items(database: Database) -> RedisItems:
    """Connects when somebody asks for something, so that the service starts before its database."""
    client = Redis(
        host=database.host,
        port=database.port,
        username=database.user,
        password=database.password,
        # Certificate and host name are checked: TLS to somebody else would hand over the password and the data.
        ssl=True,
        ssl_ca_certs=str(database.ca_file),
        ssl_cert_reqs="required",
        ssl_check_hostname=True,
        ssl_min_version=TLSVersion.TLSv1_2,
        socket_timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        retry=Retry(NoBackoff(), 1),
        max_connections=5,
    )
    return RedisItems(client)
<%/redis%>
