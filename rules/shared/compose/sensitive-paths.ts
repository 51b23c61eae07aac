/** Folders and files of a host with which a container gets at the host itself. */

/**
 * `full`: writing there is owning the host, reading there tells its secrets; `open`: everybody on the host may read it;
 * `quiet`: it mostly holds what was put there on purpose.
 */
export interface Sensitive {
  readonly grade: "full" | "open" | "quiet";
  readonly what: "folder" | "file";
  /** Behind "…: ". */
  readonly why: string;
}

const folder = (why: string, grade: Sensitive["grade"] = "full"): Sensitive => ({ grade, what: "folder", why });
const file = (why: string, grade: Sensitive["grade"] = "full"): Sensitive => ({ grade, what: "file", why });

const programs = "the programs of the host lie there";
const containers = "the files of all containers lie there";

/** Where ACME clients keep what they are given. */
export const certificates = "/etc/letsencrypt";

/** Exactly these paths, as `hostPathOf` gives them. */
const exact: ReadonlyMap<string, Sensitive> = new Map([
  ["/", folder("that is the whole host")],
  ["/etc", folder("its users, keys and timers are set there")],
  ["/root", folder("the keys of its root user lie there")],
  ["/home", folder("the keys of its users lie there")],
  ["~", folder("keys and passwords lie in a home")],
  ["/Users", folder("the keys of its users lie there")],
  ["/proc", folder("the environment of every process can be read there")],
  ["/sys", folder("its kernel and devices are set there")],
  ["/dev", folder("its disks and memory lie there")],
  ["/boot", folder("its kernel lies there")],
  ...["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/usr", "/usr/bin", "/usr/sbin", "/usr/lib"].map(
    (path) => [path, folder(programs)] as const,
  ),
  ["/opt", folder("the programs of others lie there", "quiet")],
  ["/var", folder("the data and logs of all its programs lie there")],
  ["/var/lib", folder("the data of all its programs lies there")],
  ["/mnt", folder("all disks that are mounted appear there")],
  ...["", "/containers", "/volumes", "/overlay2"].map(
    (path) => [`/var/lib/docker${path}`, folder(containers)] as const,
  ),
  ["/var/lib/containers", folder(containers)],
  ["/etc/passwd", file("its users are set there", "open")],
  ["/etc/group", file("its users are set there", "open")],
  ["/etc/shadow", file("its password hashes lie there")],
  ["/etc/gshadow", file("its password hashes lie there")],
  ["/etc/sudoers", file("who may become root is set there")],
  ["/etc/sudoers.d", folder("who may become root is set there")],
  ["/etc/ssh", folder("its SSH keys lie there")],
  ["/etc/crontab", file("what root runs by the clock is set there")],
  [certificates, folder("the private keys of its certificates lie there", "quiet")],
]);

/** These folders with all that lies in them. */
const trees: readonly (readonly [RegExp, Sensitive])[] = [
  [/^\/etc\/cron\.[a-z]+(?:\/|$)/, folder("what root runs by the clock is set there")],
  [/^\/etc\/sudoers\.d\//, file("who may become root is set there")],
  [/^\/etc\/kubernetes(?:\/|$)/, folder("the keys of its cluster lie there")],
  [/^\/var\/lib\/kubelet$/, folder("the secrets of all pods lie there")],
  [/^\/var\/lib\/containerd$/, folder(containers)],
  [/^\/etc\/ssh\/ssh_host_\w+_key$/, file("it proves that the host is itself")],
  [/^[a-z]:\/$/, folder("that is a whole disk of the host")],
  [/^[a-z]:\/(?:windows(?:\/system32)?|users|programdata)$/, folder("the system of the host lies there")],
];

/** By a path as `hostPathOf` gives it; undefined for what is harmless, and for the files of the project. */
export const sensitiveAt = (path: string): Sensitive | undefined =>
  exact.get(path) ?? trees.find(([pattern]) => pattern.test(path))?.[1];
