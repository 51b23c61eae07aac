/** Prints how far our compose model agrees with compose; `npm run conformance`. */
import { compare, names } from "./compare";

const all = names();
const groups = new Map<string, { total: number; agreed: number }>();
for (const name of all) {
  const disagreement = compare(name);
  const key = name.split("-")[0] ?? name;
  const group = groups.get(key) ?? { total: 0, agreed: 0 };
  groups.set(key, { total: group.total + 1, agreed: group.agreed + (disagreement === undefined ? 1 : 0) });
  if (disagreement !== undefined) console.log(`${name}: ${disagreement}`);
}
for (const [key, { total, agreed }] of groups) console.log(`${key.padEnd(16)} ${agreed} of ${total}`);
const agreed = [...groups.values()].reduce((sum, g) => sum + g.agreed, 0);
console.log(`${"together".padEnd(16)} ${agreed} of ${all.length}`);
