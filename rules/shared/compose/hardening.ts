/** What people add to a service to make it harder to misuse. */
import {
  applyEdits,
  type Context,
  type Edit,
  type FileEdits,
  type Part,
  type Service,
  type Setting,
  type Span,
  type YamlData,
} from "../../../engine/index";
import { distribution } from "../images/distribution";
import { imageOf } from "./images";

/** Whether all is seen that could harden the service, and a Linux engine runs it: only then something is missing. */
export function canLack(service: Service, context: Context): boolean {
  if (service.isOpen || service.provider !== undefined) return false;
  if (service.image === undefined && service.build === undefined) return false;
  const platform = service.setting("platform")?.value;
  if (platform?.known === true && /^windows/i.test(platform.value)) return false;
  const reference = imageOf(service, context);
  return reference === undefined || distribution(reference).family !== "windows";
}

/** Whether it runs privileged, or may do so. */
export function mayBePrivileged(service: Service): boolean {
  const privileged = service.flag("privileged");
  return !privileged.known || privileged.value;
}

/** The same edits with those that insert at one place as one, in the order in which they are given. */
function joined(edits: readonly Edit[]): readonly Edit[] {
  const all: Edit[] = [];
  for (const edit of edits) {
    const { start, end } = edit.span;
    const same = all.findIndex((e) => e.span.start === start && e.span.end === end);
    const first = all[same];
    if (first === undefined) all.push(edit);
    else all[same] = { span: first.span, text: first.text + edit.text };
  }
  return all;
}

/** A key of the service, or an item of one of its lists, that is to be new. */
export type Addition =
  | { readonly key: string; readonly value: YamlData }
  | { readonly list: string; readonly item: string };

/** Adds to a service where it is first written; undefined as soon as one addition cannot be had. */
export function additions(service: Service, all: readonly Addition[]): FileEdits | undefined {
  const { file } = service;
  const edits: Edit[] = [];
  for (const one of all) {
    const made =
      "key" in one ? service.set([one.key], one.value, { file }) : service.append([one.list], one.item, { file });
    if (made === undefined || made.file !== file) return undefined;
    if (made.edits.some((e) => e.span.start !== e.span.end) && all.length > 1) return undefined;
    edits.push(...made.edits);
  }
  return { file, edits: joined(edits) };
}

/**
 * Takes an item out of a list, and the list's key with its last item. Where all items are condemned, no two of them can be
 * taken out at once: that would leave a key without a list.
 */
export function withoutItem(
  list: Part | undefined,
  item: Setting,
  condemned: readonly Setting[],
  { project }: Context,
): readonly Edit[] | undefined {
  if (list?.datum.kind !== "sequence") return item.remove();
  const { source, datum } = list;
  const isInside = (at: Span & { readonly file: string }): boolean =>
    at.file === source.file && at.start >= source.start && at.end <= source.end;
  const here = datum.items.filter((i) => isInside(i.source));
  const edits = item.remove();
  const text = project.text(item.file);
  if (edits === undefined || text === undefined || !here.includes(item.scalar)) return edits;
  const whole = widened(edits, source, text);
  if (/^\s*\[\s*\]\s*$/.test(whole.text)) return list.remove() ?? edits;
  return here.every((i) => condemned.some((c) => c.scalar === i)) ? [whole] : edits;
}

/** One edit that does the same and covers the span. */
function widened(edits: readonly Edit[], { start: from, end: to }: Span, text: string): Edit {
  const start = Math.min(from, ...edits.map((e) => e.span.start));
  const end = Math.max(to, ...edits.map((e) => e.span.end));
  const moved = edits.map((e) => ({ ...e, span: { start: e.span.start - start, end: e.span.end - start } }));
  return { span: { start, end }, text: applyEdits(text.slice(start, end), moved) };
}
