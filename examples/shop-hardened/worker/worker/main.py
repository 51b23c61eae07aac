"""Takes paid orders from the queue, writes them down, and reserves their goods."""

import logging
import os
import ssl
from pathlib import Path

import httpx
import pika
import psycopg

TLS = Path("/run/secrets/tls")
ALIVE = Path("/tmp/alive")

log = logging.getLogger("worker")


def secret(name: str) -> str:
    return Path("/run/secrets", name).read_text().strip()


def trust() -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=TLS / "ca.crt")
    context.load_cert_chain(TLS / "tls.crt", TLS / "tls.key")
    return context


def save(order: str, lines: list[tuple[str, int]]) -> None:
    with psycopg.connect(
        host=os.environ["ORDERS_DB_HOST"],
        dbname="orders",
        user="worker",
        password=secret("worker_db_password"),
        sslmode="verify-full",
        sslrootcert=str(TLS / "ca.crt"),
        connect_timeout=5,
    ) as database:
        database.execute("INSERT INTO orders (id) VALUES (%s) ON CONFLICT DO NOTHING", (order,))
        for item, count in lines:
            database.execute(
                "INSERT INTO order_lines (order_id, item, count) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                (order, item, count),
            )


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    context = trust()
    inventory = httpx.Client(base_url=os.environ["INVENTORY_URL"], verify=context, timeout=5)
    broker = os.environ["RABBITMQ_HOST"]
    connection = pika.BlockingConnection(
        pika.ConnectionParameters(
            host=broker,
            port=5671,
            credentials=pika.PlainCredentials("worker", secret("rabbitmq_password")),
            ssl_options=pika.SSLOptions(context, broker),
            heartbeat=30,
        )
    )
    channel = connection.channel()
    channel.basic_qos(prefetch_count=10)

    for method, _, body in channel.consume("orders", inactivity_timeout=10):
        ALIVE.touch()
        if method is None:
            continue
        order, *rest = body.decode().split("\n")
        lines = [(item, int(count)) for item, count in (line.rsplit(" ", 1) for line in rest)]
        save(order, lines)
        for item, count in lines:
            for _ in range(count):
                inventory.post(f"/stock/{item}/reservations").raise_for_status()
        channel.basic_ack(method.delivery_tag)
        log.info("order %s written", order)


if __name__ == "__main__":
    main()
