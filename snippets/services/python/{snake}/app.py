"""The service without its port."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from .auth import Guard
from .edge import Edge
<%#broker%>
from .events import Events, ItemEvent
<%/broker%>
from .items import Item, Items, NewItem
from .log import logger, reason_of

T = TypeVar("T")


def create_app(guard: Guard, items: Items<%#broker%>, events: Events<%/broker%>, stopping: Callable[[], bool]) -> ASGIApp:
    """While `stopping()` is true, nobody should send more requests."""
    # What describes the interface is openapi.yaml: nobody needs pages with scripts on the service's own port. A path is
    # as it is written: a redirect would lead to whatever host the caller named.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.add_exception_handler(HTTPException, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(Exception, on_failure)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> dict[str, str]:
        if stopping():
            raise HTTPException(503, "The service is stopping.")
<%^broker%>
        await answered(items.check(), seconds=1)
<%/broker%>
<%#broker%>
        await answered(asyncio.gather(items.check(), events.check()), seconds=1)
<%/broker%>
        return {"status": "ok"}

    @app.get("/v1/items", dependencies=[Depends(guard("items:read"))])
    async def list_items() -> dict[str, list[Item]]:
        return {"items": list(await answered(items.list()))}

    @app.post("/v1/items", status_code=201, dependencies=[Depends(guard("items:write"))])
    async def add_item(new: NewItem) -> Item:
        item = Item(name=new.name)
        await answered(items.add(item))
<%#broker%>
        # Two systems, two steps: where every event must come, write it to an outbox beside the item.
        await answered(events.publish(ItemEvent(id=item.id)))
<%/broker%>
        return item

    return Edge(app)


async def answered(work: Awaitable[T], seconds: float = 3) -> T:
    """What a database or broker answered.

    Where it didn't in time: 503, so that callers try again; the reason is logged.
    """
    try:
        async with asyncio.timeout(seconds):
            return await work
    except Exception as error:
        logger.error("no answer from a dependency", extra={"fields": {"reason": reason_of(error)}})
        raise HTTPException(503, "The service can't do this now.") from None


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error after RFC 9457. `detail` is for the caller: say nothing of the inside, no path, no query, no library."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return JSONResponse(content, status, headers, media_type="application/problem+json")


async def on_problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, error.detail, dict(error.headers or {}))


async def on_invalid_request(_: Request, error: Exception) -> JSONResponse:
    """Which fields are wrong, and how; never what was in them."""
    assert isinstance(error, RequestValidationError)
    faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
    return problem(400, "; ".join(faults))


async def on_failure(_: Request, _error: Exception) -> JSONResponse:
    """The server logs the error with its trace; the caller learns nothing of it."""
    return problem(500, "Something went wrong.")
