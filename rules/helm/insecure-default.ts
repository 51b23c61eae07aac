import { type Context, type Field, rule, type Severity, type ValueSetting } from "../../engine/index";
import { chartName, isNodeAgentName } from "../shared/helm/charts";
import { severityWhereOn } from "../shared/helm/severity";
import { capabilityName, dangerOf } from "../shared/kubernetes/capabilities";

interface Bad {
  readonly value: boolean | number;
  readonly severity: Severity;
  /** What it lets a container do, or be. */
  readonly message: string;
  readonly better: boolean | number;
}

const ofContext: Readonly<Record<string, Bad>> = {
  privileged: { value: true, severity: "error", message: "its containers are privileged", better: false },
  allowPrivilegeEscalation: {
    value: true,
    severity: "warning",
    message: "its containers may gain privileges",
    better: false,
  },
  runAsNonRoot: { value: false, severity: "warning", message: "its containers may run as root", better: true },
  runAsUser: { value: 0, severity: "warning", message: "its containers run as root", better: 10001 },
  readOnlyRootFilesystem: {
    value: false,
    severity: "info",
    message: "its containers can change their own files",
    better: true,
  },
};

const ofPod: Readonly<Record<string, Bad>> = {
  hostNetwork: { value: true, severity: "error", message: "its pods share the node's network", better: false },
  hostPID: { value: true, severity: "error", message: "its pods see the node's processes", better: false },
  hostIPC: { value: true, severity: "error", message: "its pods share the node's memory segments", better: false },
};

const known = new Set([
  ...["privileged", "allowPrivilegeEscalation", "runAsNonRoot", "runAsUser", "runAsGroup", "fsGroup", "capabilities"],
  ...["readOnlyRootFilesystem", "seccompProfile", "seLinuxOptions", "supplementalGroups", "fsGroupChangePolicy"],
  ...["appArmorProfile", "procMount", "windowsOptions", "sysctls"],
]);

/** A map that ends up as a security context: by its name, or because no other map has two such keys. */
const isSecurityContext = (map: Field, name = ""): boolean =>
  /securityContexts?$/i.test(name) ||
  // What a policy allows is no context of a container.
  (!/polic(?:y|ies)|psp|scc|constraints/i.test(name) && map.entries.filter(([key]) => known.has(key)).length > 1);

/** What is wrong with the entry; undefined where nothing is, or where nobody can tell what the entry is for. */
function badOf({ name, field, above, around }: ValueSetting): Bad | undefined {
  const own = (key: string, table: typeof ofPod): Bad | undefined =>
    Object.hasOwn(table, key) ? table[key] : undefined;
  const bad = own(name, ofPod) ?? (isSecurityContext(around, above.at(-1)) ? own(name, ofContext) : undefined);
  if (bad === undefined || field.kind !== "scalar") return undefined;
  return (typeof bad.value === "boolean" ? field.boolean : field.number) === bad.value ? bad : undefined;
}

/** The added capabilities that are dangerous. */
function capabilities({ name, field, above }: ValueSetting): readonly Field[] {
  if (name !== "add" || above.at(-1) !== "capabilities") return [];
  return field.items.filter((item) => item.string !== undefined && dangerOf(item.string) !== undefined);
}

/** Programs on every node need some of it. */
function softened(severity: Severity, setting: ValueSetting, context: Context): Severity {
  const isAgent = [chartName(setting.values.directory, context), ...setting.above].some(isNodeAgentName);
  return isAgent && Object.hasOwn(ofPod, setting.name) ? "info" : severityWhereOn(severity, setting);
}

export default rule({
  id: "helm/insecure-default",
  kind: "helm",
  severity: "error",
  principle: "least-privilege",
  summary: "A chart's default values weaken its containers",
  why: `Most people install a chart with the values it comes with. If those say \`privileged: true\` or \`hostNetwork: true\`, every one of
these installations hands the node to whoever breaks into the container, and namespaces that enforce the Pod Security Standards
refuse the pods. Ship the safe value, and let those who need more ask for it.`,
  refs: ["CWE-250", "CWE-1188"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        securityContext:
          privileged: «true»
          runAsUser: 1000
        hostNetwork: «true»
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        securityContext:
          privileged: false
          runAsUser: 1000
        hostNetwork: false
        `,
    },
    {
      bad: `
        worker:
          podSecurityContext: { runAsNonRoot: «false» }
          containerSecurityContext:
            runAsUser: «0»
            allowPrivilegeEscalation: «yes»
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        worker:
          podSecurityContext: { runAsNonRoot: true }
          containerSecurityContext:
            runAsUser: 10001
            allowPrivilegeEscalation: false
        `,
      severity: "warning",
    },
    {
      bad: `
        security:
          runAsUser: 1000
          capabilities:
            drop: [ALL]
            add: [NET_BIND_SERVICE, «SYS_ADMIN»]
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        security:
          runAsUser: 1000
          capabilities:
            drop: [ALL]
            add: [NET_BIND_SERVICE]
        `,
      note: "a map that can only be a security context",
    },
    {
      bad: `
        hostNetwork: «true»
        hostPID: «true»
        securityContext: { readOnlyRootFilesystem: «false» }
        -- Chart.yaml --
        name: prometheus-node-exporter
        `,
      fixed: `
        hostNetwork: false
        hostPID: false
        securityContext: { readOnlyRootFilesystem: true }
        `,
      severity: "info",
      note: "a program on every node",
    },
    {
      good: `
        securityContext: {}
        podSecurityContext: { enabled: false, runAsNonRoot: false }
        containerSecurityContext:
          privileged: false
          runAsUser: 1001
          runAsNonRoot: true
        hostNetwork: false
        -- Chart.yaml --
        name: shop
        `,
      note: "nothing said, left out, secure",
    },
    {
      good: `
        accounts: { privileged: true }
        defaults: { runAsUser: 0 }
        hostNetwork: { enabled: true }
        securityContext: "{{ .Values.global.securityContext }}"
        -- Chart.yaml --
        name: shop
        `,
      note: "nobody can tell what it is for",
    },
  ],
  check: {
    setting(setting, report, context) {
      // Charts leave the whole map out then.
      if (setting.around.get("enabled")?.boolean === false) return;
      const bad = badOf(setting);
      if (bad !== undefined) {
        report(setting.field, `The chart's ${setting.title} says that ${bad.message}`, {
          severity: softened(bad.severity, setting, context),
          fix: () => {
            const edits = setting.field.replace(bad.better);
            return edits && { title: `Set ${setting.name} to ${bad.better}`, applicability: "unsafe", edits };
          },
        });
      }
      for (const item of capabilities(setting)) {
        const name = capabilityName(item.string ?? "");
        report(item, `The chart adds ${name}: its containers can ${dangerOf(name)}`, {
          severity: softened("error", setting, context),
          fix: () => {
            const edits = item.remove();
            return edits && { title: `Do not add ${name}`, applicability: "unsafe", edits };
          },
        });
      }
    },
  },
});
