<%^database%>
import asyncio

from <% snake %>.items import MAX_ITEMS, Item
from <% snake %>.memory import open_items


def test_the_newest_items_are_kept_and_not_more_than_the_limit() -> None:
    async def fill() -> list[str]:
        items = open_items()
        for number in range(MAX_ITEMS + 1):
            await items.add(Item(name=str(number)))
        return [item.name for item in await items.list()]

    names = asyncio.run(fill())
    assert len(names) == MAX_ITEMS
    assert (names[0], names[-1]) == (str(MAX_ITEMS), "1")
<%/database%>
