/** Folders and files of the node that a pod mounts. */
import type { Edit, Field, Pod } from "../../../engine/index";
import { joined } from "./security-context";

/** How bad it is: the container runtime itself, what the node lives from, anything else. */
export type HostPathKind = "runtime" | "sensitive" | "other";

const sockets = /(?:^|\/)(?:docker|containerd|crio|cri-dockerd|dockershim|podman|buildkitd)(?:\.raw)?\.sock$/;
const socketFolders = /^\/run(?:\/(?:containerd|crio|docker|podman|k3s|k3s\/containerd|docker\/containerd))?$/;
const sensitive =
  /^\/(?:|boot|dev|etc(?:\/.*)?|home|lib(?:32|64|x32)?|proc|root|sys|usr|bin|sbin|var|var\/lib\/(?:docker|containerd)|var\/lib\/(?:kubelet|etcd)(?:\/.*)?)$/;
/** Harmless as long as nobody can write them. */
const readable = /^\/etc\/(?:localtime|timezone|machine-id|ssl\/certs)$/;

/** Without doubled and final slashes, `.` and the old name of `/run`. */
export function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`.replace(/^\/var\/run(?=\/|$)/, "/run");
}

export interface HostVolume {
  /** The volume's own entry in the list of volumes. */
  readonly volume: Field;
  readonly name: string | undefined;
  /** The written path; where there is none, what stands for it. */
  readonly at: Field;
  /** Normalised; undefined where a template gives it. */
  readonly path: string | undefined;
  readonly kind: HostPathKind;
  readonly mounts: readonly Field[];
  /** Some container may write what it mounts of it. */
  readonly isWritable: boolean;
}

/** What the pod mounts through the source of a volume; undefined where that is no `hostPath`. */
export function hostVolume(hostPath: Field, pod: Pod): HostVolume | undefined {
  const volume = hostPath.parent;
  if (volume === undefined || sourceType(hostPath) !== "hostPath") return undefined;
  const at = hostPath.get("path") ?? hostPath;
  const path = at === hostPath || at.string === undefined ? undefined : normalPath(at.string);
  const name = volume.get("name")?.string;
  const mounts = name === undefined ? [] : mountsOf(pod, name);
  const isWritable = mounts.some((mount) => mount.get("readOnly")?.boolean !== true);
  return { volume, name, at, path, kind: kindOf(path, isWritable), mounts, isWritable };
}

export function kindOf(path: string | undefined, isWritable: boolean): HostPathKind {
  if (path === undefined) return "other";
  if (sockets.test(path) || socketFolders.test(path)) return "runtime";
  if (readable.test(path) && !isWritable) return "other";
  return sensitive.test(path) ? "sensitive" : "other";
}

const mountsOf = (pod: Pod, name: string): readonly Field[] =>
  pod.containers.flatMap((c) => c.mounts.filter((mount) => mount.get("name")?.string === name));

/** Takes the volume away, and every mount of it. */
export function removeVolume({ volume, mounts }: HostVolume): readonly Edit[] | undefined {
  const lists = new Map<number, Field[]>();
  for (const item of [volume, ...mounts]) {
    const start = item.parent?.start ?? item.start;
    lists.set(start, [...(lists.get(start) ?? []), item]);
  }
  return joined([...lists.values()].map(removeItems));
}

/** Takes items out of one list, and the list with the last of them. */
function removeItems(items: readonly Field[]): readonly Edit[] | undefined {
  const list = items[0]?.parent;
  if (list !== undefined && list.items.length === items.length) return list.remove();
  return joined(items.map((item) => item.remove()));
}

/** The type of storage that a volume's source is. */
export const sourceType = ({ entry }: Field): string | undefined =>
  entry !== undefined && "key" in entry ? entry.name : undefined;
