/** Folders that a pod gets empty, so that its containers can write in them and nowhere else. */
import type { Container, Edit, Field, YamlData } from "../../../engine/index";
import { normalPath } from "./host-paths";
import { joined } from "./security-context";

/** Mounts an `emptyDir` at each of the folders on which nothing is mounted yet. Undefined where that cannot be written. */
export function mountEmpty(container: Container, folders: readonly string[]): readonly Edit[] | undefined {
  const { pod } = container;
  const mounted = container.mounts.map((mount) => normalPath(mount.get("mountPath")?.string ?? "/"));
  const wanted = [...new Set(folders.map(normalPath))].filter((f) => !mounted.some((m) => m !== "/" && isBelow(f, m)));
  const taken = new Set(pod.volumes.map((volume) => volume.get("name")?.string ?? ""));
  const added = wanted.map((mountPath) => ({ name: freeName(mountPath, container, taken), mountPath }));
  const volumes = added.map(({ name }) => ({ name, emptyDir: {} }));
  return joined([...appended(container.field, "volumeMounts", added), ...appended(pod.spec, "volumes", volumes)]);
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Other containers may have a folder of that kind: they do not share it. */
function freeName(folder: string, { name }: Container, taken: ReadonlySet<string>): string {
  const plain = folder
    .replace(/[^a-z0-9]+/gi, "-")
    .replace(/^-|-$/g, "")
    .toLowerCase();
  return taken.has(plain) ? `${name}-${plain}` : plain;
}

function appended(owner: Field, key: string, items: readonly YamlData[]): (readonly Edit[] | undefined)[] {
  if (items.length === 0) return [];
  const own = owner.get(key);
  if (own !== undefined && own.items.length > 0) return items.map((item) => owner.append([key], item));
  return [owner.set([key], items)];
}
