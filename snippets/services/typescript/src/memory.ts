<%^database%>
import { type Item, type Items, maxItems } from "./items.js";

/** Items in memory, gone with the process. The oldest goes when there are too many. */
export function openItems(): Items {
  const kept: Item[] = [];
  return {
    list: async () => [...kept],
    add: async (item) => {
      kept.unshift(item);
      kept.splice(maxItems);
    },
    check: async () => undefined,
    close: async () => undefined,
  };
}
<%/database%>
