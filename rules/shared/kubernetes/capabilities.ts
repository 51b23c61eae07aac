/** Linux capabilities, after capabilities(7). */
import type { Container, Context, Edit, Field } from "../../../engine/index";
import { applyEdits } from "../../../engine/index";

/** What each of them lets a container do. */
const dangers: ReadonlyMap<string, string> = new Map([
  ["ALL", "do to the node nearly all that root can"],
  ["SYS_ADMIN", "mount file systems and enter other namespaces, which is nearly as good as root on the node"],
  ["SYS_MODULE", "load code into the node's kernel"],
  ["SYS_PTRACE", "read and change the memory of other processes"],
  ["SYS_RAWIO", "read and write the node's memory and raw disks"],
  ["SYS_BOOT", "restart the node or load another kernel"],
  ["NET_ADMIN", "change addresses, routes and firewall rules, and listen to traffic"],
  ["BPF", "load programs into the node's kernel"],
  ["PERFMON", "watch the node's kernel and all its processes"],
  ["DAC_READ_SEARCH", "read every file of the node that it can reach"],
  ["MAC_ADMIN", "change the node's mandatory access control"],
  ["MAC_OVERRIDE", "go past the node's mandatory access control"],
  ["SYSLOG", "read the kernel's log and addresses"],
  ["LINUX_IMMUTABLE", "make files that nobody can change or delete"],
]);

/** What a runtime gives a container that asks for nothing; the baseline level lets them be added. */
export const defaultCapabilities: ReadonlySet<string> = new Set([
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"],
  ...["SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
]);

/** In capitals, without `CAP_`. */
export const capabilityName = (text: string): string => text.trim().toUpperCase().replace(/^CAP_/, "");

/** What the capability lets a container do that nothing else should; undefined for harmless ones. */
export const dangerOf = (text: string): string | undefined => dangers.get(capabilityName(text));

/** Whether the container has it added, however it is spelled. */
export const adds = (container: Container, name: string): boolean =>
  (container.securityContext?.at("capabilities", "add")?.items ?? []).some(
    (item) => item.string !== undefined && capabilityName(item.string) === name,
  );

/**
 * Takes a capability out of its list, and what is empty without it. Where others of the list are to go as well, the edit
 * covers the whole list, so that no two of them are made at once: they would leave a key without a value.
 */
export function removeCapability(
  item: Field,
  container: Container,
  condemned: readonly Field[],
  { project }: Context,
): readonly Edit[] | undefined {
  const edits = item.removeUpTo(container.field);
  const list = item.parent;
  const text = project.text(item.file);
  if (edits === undefined || list === undefined || text === undefined || list.items.length < 2) return edits;
  const isEmptied = list.items.every((i) => condemned.some((c) => c.start === i.start));
  if (!isEmptied) return edits;
  const start = Math.min(list.start, ...edits.map((e) => e.span.start));
  const end = Math.max(list.end, ...edits.map((e) => e.span.end));
  const moved = edits.map((e) => ({ ...e, span: { start: e.span.start - start, end: e.span.end - start } }));
  return [{ span: { start, end }, text: applyEdits(text.slice(start, end), moved) }];
}
