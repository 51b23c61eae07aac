"""Around every request: a limit for its body, headers for its answer, a line in the log."""

from time import perf_counter

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .log import logger

MAX_BODY_BYTES = 100_000

# An answer is for its caller alone, is what its type says, and loads nothing.
SECURITY_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
]


class Edge:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        status = 500
        size = 0

        async def receive_limited() -> Message:
            nonlocal size
            message = await receive()
            # What came is counted, whatever the request says of its length.
            size += len(message.get("body", b""))
            if size > MAX_BODY_BYTES:
                raise HTTPException(413, "The body is too large.")
            return message

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *SECURITY_HEADERS]
            await send(message)

        try:
            await self._app(scope, receive_limited, send_guarded)
        finally:
            fields = {
                "method": scope["method"],
                # Without the query: people put secrets there.
                "path": scope["path"],
                "status": status,
                "ms": round((perf_counter() - started) * 1_000),
            }
            logger.info("request", extra={"fields": fields})
