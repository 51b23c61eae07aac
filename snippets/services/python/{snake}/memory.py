<%^database%>
"""Items in memory, gone with the process."""

from collections import deque
from collections.abc import Sequence

from .items import MAX_ITEMS, Item


class MemoryItems:
    """The oldest item goes when there are too many."""

    def __init__(self) -> None:
        self._items: deque[Item] = deque(maxlen=MAX_ITEMS)

    async def list(self) -> Sequence[Item]:
        return list(self._items)

    async def add(self, item: Item) -> None:
        self._items.appendleft(item)

    async def check(self) -> None:
        pass

    async def close(self) -> None:
        pass


def open_items() -> MemoryItems:
    return MemoryItems()
<%/database%>
