/** Taking items out of a service's lists. */
import type { Edit, Part } from "../../../engine/index";

/**
 * Takes an item out of its list, be it a text or a mapping. Where every item that stands beside it is condemned as well,
 * the list goes with its key: no empty one stays behind.
 */
export function withoutListItem(
  list: Part | undefined,
  item: Part,
  condemned: readonly Part[],
): readonly Edit[] | undefined {
  if (list?.datum.kind !== "sequence") return item.remove();
  const { datum, source } = list;
  const isInside = ({ file, start, end }: Part["source"]): boolean =>
    file === source.file && start >= source.start && end <= source.end;
  const here = datum.items.filter((i) => isInside(i.source));
  const isLast = isInside(item.source) && here.every((i) => condemned.some((c) => c.datum === i));
  return (isLast ? list.remove() : undefined) ?? item.remove();
}
