<%#broker%>
"""What others are told."""

from typing import Literal, Protocol
from uuid import UUID

from pydantic import BaseModel


class ItemEvent(BaseModel):
    type: Literal["item.created"] = "item.created"
    id: UUID


class Events(Protocol):
    """Where others hear what happened. Every call raises when the broker does not answer."""

    async def publish(self, event: ItemEvent) -> None: ...

    async def check(self) -> None: ...

    async def close(self) -> None: ...
<%/broker%>
