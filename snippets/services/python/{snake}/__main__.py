"""Starts and stops the service: `python -m <% snake %>`."""

import asyncio
import os
import sys

from .app import create_app
from .auth import create_guard
<%#kafka%>
from .kafka import open_events
<%/kafka%>
from .log import logger, reason_of, set_up_log
<%^database%>
from .memory import open_items
<%/database%>
<%#mysql%>
from .mysql import open_items
<%/mysql%>
<%#postgres%>
from .postgres import open_items
<%/postgres%>
<%#rabbitmq%>
from .rabbitmq import open_events
<%/rabbitmq%>
<%#redis%>
from .redis import open_items
<%/redis%>
from .server import Server, create_server
from .settings import read_settings
from .tls import server_context


async def serve() -> None:
    settings = read_settings(os.environ)
    context = server_context(settings.certificate_file, settings.key_file)
<%^database%>
    items = open_items()
<%/database%>
<%#database%>
    items = await open_items(settings.database)
<%/database%>
<%#broker%>
    events = await open_events(settings.broker)
<%/broker%>

    def stopping() -> bool:
        return server.should_exit

    app = create_app(create_guard(settings.auth), items<%#broker%>, events<%/broker%>, stopping)
    server: Server = create_server(app, settings.port, context)
    logger.info("starting", extra={"fields": {"port": settings.port}})
    await server.serve()
    await asyncio.gather(items.close()<%#broker%>, events.close()<%/broker%>, return_exceptions=True)
    logger.info("stopped")


def main() -> int:
    set_up_log()
    try:
        asyncio.run(serve())
    except Exception as error:
        logger.error("the service failed", extra={"fields": {"reason": reason_of(error)}})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
