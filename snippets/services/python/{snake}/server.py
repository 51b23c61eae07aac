"""The HTTPS server and its limits."""

import asyncio
import os
import ssl
import threading
from types import FrameType

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_SECONDS = 10


class TimedProtocol(H11Protocol):
    """Ends a connection whose request is not whole in time: someone who sends slowly can't hold connections open."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        super().shutdown()
        # An idle client may take its time to say goodbye; the service doesn't wait for it.
        if self.transport.is_closing():
            self.transport.abort()

    def _watch(self) -> None:
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._unwatch()
        elif self._timer is None:
            self._timer = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _unwatch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Server(uvicorn.Server):
    """Stops in time: running requests get a second; whatever hangs after that, the process ends with exit code 0."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.should_exit = True
        end = threading.Timer(1.5, os._exit, [0])
        end.daemon = True
        end.start()


def create_server(app: ASGIApp, port: int, context: ssl.SSLContext) -> Server:
    return Server(
        uvicorn.Config(
            app,
            host="0.0.0.0",
            port=port,
            ssl_context_factory=lambda _config, _default: context,
            http=TimedProtocol,
            ws="none",
            lifespan="off",
            h11_max_incomplete_event_size=16_384,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
            # What stands in front is not trusted blindly: addresses in headers are not believed.
            proxy_headers=False,
            server_header=False,
            log_config=None,
            access_log=False,
        )
    )
