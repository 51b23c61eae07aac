/**
 * The Pod Security Standards, control by control, as the admission plugin of Kubernetes judges them
 * (k8s.io/pod-security-admission, policy versions 1.0 to 1.37).
 */
import type { Field } from "./field";
import type { Container, Pod } from "./pod";

export type PodSecurityLevel = "baseline" | "restricted";

export type Control =
  | "privileged"
  | "hostNamespaces"
  | "windowsHostProcess"
  | "hostPathVolumes"
  | "hostPorts"
  | "capabilities_baseline"
  | "procMount"
  | "sysctls"
  | "seccompProfile_baseline"
  | "appArmorProfile"
  | "seLinuxOptions"
  | "hostProbesAndHostLifecycle"
  | "allowPrivilegeEscalation"
  | "capabilities_restricted"
  | "procMount_restricted"
  | "restrictedVolumes"
  | "runAsNonRoot"
  | "runAsUser"
  | "seccompProfile_restricted";

/** One breach of a control. */
export interface Violation {
  readonly control: Control;
  /** What is wrong; where something is missing, what it is missing in. */
  readonly at: Field;
  readonly isMissing: boolean;
  readonly container: Container | undefined;
}

/** The newest policy that is known. */
export const newestPolicy = 37;

/** The minor version of a policy: of `1.29`, `v1.29` or `latest`; undefined for anything else. */
export function policyVersion(text: string): number | undefined {
  if (text === "latest") return newestPolicy;
  const minor = /^v?1\.(\d{1,3})$/.exec(text)?.[1];
  return minor === undefined ? undefined : Math.min(Number(minor), newestPolicy);
}

interface Policy {
  readonly version: number;
  readonly level: PodSecurityLevel;
}

type Found = Omit<Violation, "control">;
type Check = (pod: Pod, policy: Policy) => readonly Found[];

const present = (at: Field | undefined, container?: Container): Found[] =>
  at === undefined ? [] : [{ at, isMissing: false, container }];
const missing = (at: Field, container?: Container): Found => ({ at, isMissing: true, container });

/** The value at the keys of a pod's and every container's security context. */
function inContexts(
  pod: Pod,
  ...keys: readonly string[]
): readonly { readonly field: Field; readonly container?: Container }[] {
  const own = pod.securityContext?.at(...keys);
  const inner = pod.containers.flatMap((container) => {
    const field = container.securityContext?.at(...keys);
    return field === undefined ? [] : [{ field, container }];
  });
  return [...(own === undefined ? [] : [{ field: own }]), ...inner];
}

const eachContainer =
  (check: (container: Container, policy: Policy) => readonly Found[]): Check =>
  (pod, policy) =>
    pod.containers.flatMap((container) => check(container, policy));

/** Whether a known text is none of those allowed; what a template gives breaks nothing as far as is known. */
const isOther = (field: Field | undefined, allowed: ReadonlySet<string>): field is Field =>
  field !== undefined && field.kind === "scalar" && field.text.known && !allowed.has(field.text.value);

const baselineCapabilities: ReadonlySet<string> = new Set([
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"],
  ...["SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
]);
const bindService: ReadonlySet<string> = new Set(["NET_BIND_SERVICE"]);
const profiles: ReadonlySet<string> = new Set(["RuntimeDefault", "Localhost"]);

const added = (container: Container, allowed: ReadonlySet<string>): readonly Found[] =>
  (container.securityContext?.at("capabilities", "add")?.items ?? [])
    .filter((item) => isOther(item, allowed))
    .flatMap((item) => present(item, container));

/** Names that a policy allows, with the minor version that brought them. */
const sysctls: readonly (readonly [from: number, names: readonly string[]])[] = [
  [
    0,
    [
      ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies"],
      ...["net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start"],
    ],
  ],
  [27, ["net.ipv4.ip_local_reserved_ports"]],
  [
    29,
    [
      ...["net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout"],
      ...["net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"],
    ],
  ],
  [32, ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"]],
  [37, ["net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"]],
];

const allowedSysctls = (version: number): ReadonlySet<string> =>
  new Set(sysctls.filter(([from]) => from <= version).flatMap(([, names]) => names));

const allowedVolumes: ReadonlySet<string> = new Set([
  ...["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"],
  // An image is as harmless as the pod's own.
  "image",
]);

const podSeccomp = "seccomp.security.alpha.kubernetes.io/pod";
const containerSeccomp = "container.seccomp.security.alpha.kubernetes.io/";
const appArmor = "container.apparmor.security.beta.kubernetes.io/";
const isSeccompAnnotation = (value: string): boolean =>
  value === "runtime/default" || value === "docker/default" || value.startsWith("localhost/");

function annotationsOf(pod: Pod, wanted: (name: string) => boolean): readonly (readonly [string, Field])[] {
  return (pod.metadata?.get("annotations")?.entries ?? []).filter(([name]) => wanted(name));
}

function handlers(container: Container): readonly Field[] {
  const lifecycle = ["postStart", "preStop"].flatMap((key) => container.field.at("lifecycle", key) ?? []);
  return [...container.probes, ...lifecycle];
}

const waivesLinux = (pod: Pod, { version }: Policy): boolean => version >= 25 && pod.isWindows;
const waivesRoot = (pod: Pod, { version }: Policy): boolean =>
  version >= 35 && pod.spec.get("hostUsers")?.boolean === false;

interface Row {
  readonly control: Control;
  readonly level: PodSecurityLevel;
  readonly from: number;
  /** The control of the baseline in whose place it comes. */
  readonly overrides?: Control;
  readonly check: Check;
}

const rows: readonly Row[] = [
  {
    control: "privileged",
    level: "baseline",
    from: 0,
    check: eachContainer((c) => {
      const field = c.securityContext?.get("privileged");
      return field?.boolean === true ? present(field, c) : [];
    }),
  },
  {
    control: "hostNamespaces",
    level: "baseline",
    from: 0,
    check: (pod) =>
      ["hostNetwork", "hostPID", "hostIPC"].flatMap((key) => {
        const field = pod.spec.get(key);
        return field?.boolean === true ? present(field) : [];
      }),
  },
  {
    control: "windowsHostProcess",
    level: "baseline",
    from: 0,
    check: (pod) =>
      inContexts(pod, "windowsOptions", "hostProcess")
        .filter(({ field }) => field.boolean === true)
        .flatMap(({ field, container }) => present(field, container)),
  },
  {
    control: "hostPathVolumes",
    level: "baseline",
    from: 0,
    check: (pod) => pod.volumes.flatMap((volume) => present(volume.get("hostPath"))),
  },
  {
    control: "hostPorts",
    level: "baseline",
    from: 0,
    check: eachContainer((c) =>
      c.ports.flatMap((port) => {
        const field = port.get("hostPort");
        return field?.number === undefined || field.number === 0 ? [] : present(field, c);
      }),
    ),
  },
  {
    control: "capabilities_baseline",
    level: "baseline",
    from: 0,
    check: eachContainer((c) => added(c, baselineCapabilities)),
  },
  {
    control: "procMount",
    level: "baseline",
    from: 0,
    check: (pod, policy) =>
      waivesRoot(pod, policy)
        ? []
        : inContexts(pod, "procMount")
            .filter(notDefault)
            .flatMap(({ field, container }) => present(field, container)),
  },
  {
    control: "procMount_restricted",
    level: "restricted",
    from: 35,
    overrides: "procMount",
    check: (pod) =>
      inContexts(pod, "procMount")
        .filter(notDefault)
        .flatMap(({ field, container }) => present(field, container)),
  },
  {
    control: "sysctls",
    level: "baseline",
    from: 0,
    check: (pod, { version }) =>
      (pod.securityContext?.get("sysctls")?.items ?? [])
        .map((item) => item.get("name"))
        .filter((name) => isOther(name, allowedSysctls(version)))
        .flatMap((name) => present(name)),
  },
  {
    control: "seccompProfile_baseline",
    level: "baseline",
    from: 0,
    check: (pod, { version }) => {
      if (version < 19) {
        return annotationsOf(pod, (name) => name === podSeccomp || name.startsWith(containerSeccomp))
          .filter(([, value]) => value.text.known && !isSeccompAnnotation(value.text.value))
          .flatMap(([, value]) => present(value));
      }
      return inContexts(pod, "seccompProfile", "type")
        .filter(({ field }) => isOther(field, profiles))
        .flatMap(({ field, container }) => present(field, container));
    },
  },
  {
    control: "appArmorProfile",
    level: "baseline",
    from: 0,
    check: (pod) => [
      ...inContexts(pod, "appArmorProfile", "type")
        .filter(({ field }) => isOther(field, profiles))
        .flatMap(({ field, container }) => present(field, container)),
      ...annotationsOf(pod, (name) => name.startsWith(appArmor))
        .filter(([, value]) => value.text.known && !/^(?:runtime\/default|localhost\/.*)?$/.test(value.text.value))
        .flatMap(([, value]) => present(value)),
    ],
  },
  {
    control: "seLinuxOptions",
    level: "baseline",
    from: 0,
    check: (pod, { version }) => {
      const types = new Set(["", "container_t", "container_init_t", "container_kvm_t"]);
      if (version >= 31) types.add("container_engine_t");
      const none = new Set([""]);
      return [
        ...inContexts(pod, "seLinuxOptions", "type").filter(({ field }) => isOther(field, types)),
        ...inContexts(pod, "seLinuxOptions", "user").filter(({ field }) => isOther(field, none)),
        ...inContexts(pod, "seLinuxOptions", "role").filter(({ field }) => isOther(field, none)),
      ].flatMap(({ field, container }) => present(field, container));
    },
  },
  {
    control: "hostProbesAndHostLifecycle",
    level: "baseline",
    from: 34,
    check: eachContainer((c) =>
      handlers(c).flatMap((handler) =>
        ["httpGet", "tcpSocket"].flatMap((key) => {
          const host = handler.at(key, "host");
          return isOther(host, new Set([""])) ? present(host, c) : [];
        }),
      ),
    ),
  },
  {
    control: "allowPrivilegeEscalation",
    level: "restricted",
    from: 8,
    check: (pod, policy) =>
      waivesLinux(pod, policy)
        ? []
        : pod.containers.flatMap((c) => {
            const field = c.securityContext?.get("allowPrivilegeEscalation");
            if (field === undefined) return c.securityContext?.isOpen === true ? [] : [missing(c.anchor, c)];
            return field.boolean === false || !isSaid(field) ? [] : present(field, c);
          }),
  },
  {
    control: "capabilities_restricted",
    level: "restricted",
    from: 22,
    overrides: "capabilities_baseline",
    check: (pod, policy) =>
      waivesLinux(pod, policy)
        ? []
        : pod.containers.flatMap((c) => {
            const drop = c.securityContext?.at("capabilities", "drop");
            const dropped = (drop?.items ?? []).some((item) => item.string === "ALL" || !isSaid(item));
            return [...(dropped ? [] : [missing(drop ?? c.anchor, c)]), ...added(c, bindService)];
          }),
  },
  {
    control: "restrictedVolumes",
    level: "restricted",
    from: 0,
    overrides: "hostPathVolumes",
    check: (pod) =>
      pod.volumes.flatMap((volume) => {
        const sources = volume.entries.filter(([name]) => name !== "name" && volume.get(name) !== undefined);
        return sources.filter(([name]) => !allowedVolumes.has(name)).flatMap(([, source]) => present(source));
      }),
  },
  {
    control: "runAsNonRoot",
    level: "restricted",
    from: 0,
    check: (pod, policy) => {
      if (waivesRoot(pod, policy)) return [];
      const own = pod.securityContext?.get("runAsNonRoot");
      const found = own?.boolean === false ? present(own) : [];
      for (const c of pod.containers) {
        const field = c.securityContext?.get("runAsNonRoot");
        if (field?.boolean === false) found.push(...present(field, c));
        else if (
          field === undefined &&
          own?.boolean !== true &&
          (own === undefined || isSaid(own)) &&
          own?.boolean !== false
        )
          found.push(missing(c.anchor, c));
      }
      return found;
    },
  },
  {
    control: "runAsUser",
    level: "restricted",
    from: 23,
    check: (pod, policy) =>
      waivesRoot(pod, policy)
        ? []
        : inContexts(pod, "runAsUser")
            .filter(({ field }) => field.number === 0)
            .flatMap(({ field, container }) => present(field, container)),
  },
  {
    control: "seccompProfile_restricted",
    level: "restricted",
    from: 19,
    overrides: "seccompProfile_baseline",
    check: (pod, policy) => {
      if (waivesLinux(pod, policy)) return [];
      const bad = inContexts(pod, "seccompProfile", "type").filter(({ field }) => isOther(field, profiles));
      const found = bad.flatMap(({ field, container }) => present(field, container));
      const own = pod.securityContext?.at("seccompProfile", "type");
      for (const c of pod.containers) {
        if (own === undefined && c.securityContext?.at("seccompProfile", "type") === undefined)
          found.push(missing(c.anchor, c));
      }
      return found;
    },
  },
];

/** Its value is known, not a template's. */
const isSaid = (field: Field): boolean => field.kind !== "scalar" || field.text.known;

const notDefault = ({ field }: { readonly field: Field }): boolean => isOther(field, new Set(["Default", ""]));

/** Every breach of the level's controls, those of the baseline among them. Empty: the pod is admitted. */
export function violations(pod: Pod, level: PodSecurityLevel, version: number): readonly Violation[] {
  const policy = { version, level };
  const active = rows.filter((row) => row.from <= version && (level === "restricted" || row.level === "baseline"));
  const overridden = new Set(active.flatMap((row) => row.overrides ?? []));
  return active
    .filter((row) => !overridden.has(row.control))
    .flatMap((row) => row.check(pod, policy).map((found) => ({ ...found, control: row.control })));
}

/** The level of each control that is known. */
export const levelOfControl = (control: Control): PodSecurityLevel =>
  rows.find((row) => row.control === control)?.level ?? "baseline";
