"""What the service keeps, and where."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Protocol
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

# How many items are kept or shown at most: no answer and no memory grows without end.
MAX_ITEMS = 1_000

# Control characters are no use in a name, but do harm in terminals, logs and databases.
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^\P{Cc}*$")]


class NewItem(BaseModel):
    """What is not as asked is refused, not bent into shape."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Name


class Item(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    id: UUID = Field(default_factory=uuid4)
    name: str
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


class Items(Protocol):
    """Where items are kept. Every call raises when that place does not answer."""

    async def list(self) -> Sequence[Item]:
        """Newest first, at most MAX_ITEMS."""

    async def add(self, item: Item) -> None: ...

    async def check(self) -> None: ...

    async def close(self) -> None: ...
