<%#mysql%>
"""Items in MySQL."""

import asyncio
from collections.abc import Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

import pymysql
from pymysql.connections import Connection

from .items import MAX_ITEMS, Item
from .settings import Database
from .tls import client_context

# Nothing waits for ever: a slow database must not pile up requests here.
SECONDS = 2
MAX_CONNECTIONS = 5


class MysqlItems:
    """The driver blocks, so each statement runs in a thread, with a connection that nobody else uses meanwhile."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # A context is what makes this driver insist on TLS: a server, or somebody between, can't talk it out of it.
        self._trust = client_context(database.ca_file)
        self._turns = asyncio.Semaphore(MAX_CONNECTIONS)
        self._idle: list[Connection] = []

    async def list(self) -> Sequence[Item]:
        sql = "SELECT id, name, created_at FROM items ORDER BY created_at DESC LIMIT %s"
        rows = await self._run(sql, MAX_ITEMS)
        return [Item(id=UUID(id), name=name, created_at=at.replace(tzinfo=UTC)) for id, name, at in rows]

    async def add(self, item: Item) -> None:
        # The driver quotes the values; no name can become SQL.
        sql = "INSERT INTO items (id, name, created_at) VALUES (%s, %s, %s)"
        await self._run(sql, str(item.id), item.name, item.created_at.astimezone(UTC).replace(tzinfo=None))

    async def check(self) -> None:
        await self._run("SELECT 1")

    async def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    async def _run(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        async with self._turns:
            return await asyncio.to_thread(self._query, sql, values)

    def _query(self, sql: str, values: tuple[object, ...]) -> Sequence[tuple[Any, ...]]:
        connection = self._connection()
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return rows

    def _connection(self) -> Connection:
        """A connection that works: one of before, where the server still knows it, or a new one."""
        while self._idle:
            connection = self._idle.pop()
            try:
                connection.ping()
                return connection
            except pymysql.MySQLError:
                connection.close()
        return pymysql.connect(
            host=self._database.host,
            port=self._database.port,
            database=self._database.name,
            user=self._database.user,
            password=self._database.password,
            ssl=self._trust,
            charset="utf8mb4",
            init_command="SET time_zone = '+00:00'",
            autocommit=True,
            connect_timeout=SECONDS,
            read_timeout=SECONDS,
            write_timeout=SECONDS,
        )


async def open_items(database: Database) -> MysqlItems:
    return MysqlItems(database)
<%/mysql%>
