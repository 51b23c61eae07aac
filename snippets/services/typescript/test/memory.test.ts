<%^database%>
import assert from "node:assert/strict";
import { test } from "node:test";
import { maxItems } from "../src/items.js";
import { openItems } from "../src/memory.js";

test("the newest items are kept, and not more than the limit", async () => {
  const items = openItems();
  for (let i = 0; i <= maxItems; i++) await items.add({ id: String(i), name: "x", createdAt: "2026-01-01T00:00:00Z" });
  const kept = await items.list();
  assert.equal(kept.length, maxItems);
  assert.equal(kept[0]?.id, String(maxItems));
  assert.equal(kept.at(-1)?.id, "1");
});
<%/database%>
