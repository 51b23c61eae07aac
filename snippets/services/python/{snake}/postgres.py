<%#postgres%>
"""Items in PostgreSQL."""

from collections.abc import Sequence

import asyncpg

from .items import MAX_ITEMS, Item
from .settings import Database
from .tls import client_context

# Nothing waits for ever: a slow database must not pile up requests here.
SECONDS = 2


class PostgresItems:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def list(self) -> Sequence[Item]:
        sql = "SELECT id, name, created_at FROM items ORDER BY created_at DESC LIMIT $1"
        rows = await self._pool.fetch(sql, MAX_ITEMS, timeout=SECONDS)
        return [Item(id=row["id"], name=row["name"], created_at=row["created_at"]) for row in rows]

    async def add(self, item: Item) -> None:
        # Values travel beside the statement, never inside its text: no name can become SQL.
        sql = "INSERT INTO items (id, name, created_at) VALUES ($1, $2, $3)"
        await self._pool.execute(sql, item.id, item.name, item.created_at, timeout=SECONDS)

    async def check(self) -> None:
        await self._pool.execute("SELECT 1", timeout=SECONDS)

    async def close(self) -> None:
        self._pool.terminate()


async def open_items(database: Database) -> PostgresItems:
    """Connects when somebody asks for something, so that the service starts before its database."""
    pool = await asyncpg.create_pool(
        host=database.host,
        port=database.port,
        database=database.name,
        user=database.user,
        password=database.password,
        ssl=client_context(database.ca_file),
        timeout=SECONDS,
        min_size=0,
        max_size=5,
    )
    return PostgresItems(pool)
<%/postgres%>
