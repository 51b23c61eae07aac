import { choice, fixIn, type Resource, rule, type Setting, type Severity } from "../../engine/index";
import { isInternal } from "../shared/compose/networks";

interface Opening {
  readonly at: Setting;
  readonly message: string;
  readonly severity: Severity;
  /** What stands there in a network that protects. */
  readonly instead: string | undefined;
}

const lanDrivers = new Set(["macvlan", "ipvlan"]);

function openedByDriver(network: Resource): Opening | undefined {
  const at = network.driver;
  if (at?.value.known !== true) return undefined;
  const driver = at.value.value;
  if (driver === "host") {
    const message = `Containers on ${network.name} use the host's own network: nothing stands before their ports`;
    return { at, message, severity: "warning", instead: "bridge" };
  }
  if (!lanDrivers.has(driver)) return undefined;
  // Addresses of the LAN, and the interface to it, make no sense on a bridge.
  const isPlain = network.driverOptions.length === 0 && !network.mapping.entries.has("ipam");
  const message = `Containers on ${network.name} stand in the LAN (${driver}): the host's firewall does not see their traffic`;
  return { at, message, severity: "info", instead: isPlain ? "bridge" : undefined };
}

const bridgeOption = "com.docker.network.bridge.";

function openedByOptions(network: Resource): readonly Opening[] {
  return network.driverOptions.flatMap(({ name, value: at }): readonly Opening[] => {
    if (at?.value.known !== true || !name.startsWith(bridgeOption)) return [];
    const value = at.value.value;
    const option = name.slice(bridgeOption.length);
    if (/^gateway_mode_ipv[46]$/.test(option) && value === "nat-unprotected") {
      const message = `Every port of the containers on ${network.name} can be reached, published or not`;
      return [{ at, message, severity: "warning", instead: "nat" }];
    }
    if (/^gateway_mode_ipv[46]$/.test(option) && value === "routed") {
      const message = `Containers on ${network.name} can be reached by their own addresses, past the host's`;
      return [{ at, message, severity: "info", instead: "nat" }];
    }
    if (option !== "host_binding_ipv4" || value !== "0.0.0.0") return [];
    const message = `Ports of containers on ${network.name} are published on every address of the host`;
    return [{ at, message, severity: "warning", instead: "127.0.0.1" }];
  });
}

export default rule({
  id: "compose/unprotected-network",
  kind: "compose",
  severity: "warning",
  principle: "exposure",
  summary: "A network takes its containers past the host's firewall",
  why: `Docker's bridge lets in what a service publishes, and nothing else. With \`nat-unprotected\` every port of every container
answers to whoever can route to it; on \`macvlan\` and \`ipvlan\` the containers are machines of the LAN. A database without
\`ports\`, thought to be out of reach, is then found by the first scan. Use the bridge and publish what has to be reached.`,
  refs: ["CWE-668"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3", networks: [edge] }
        networks:
          edge:
            driver_opts:
              com.docker.network.bridge.gateway_mode_ipv4: «nat-unprotected» # faster
              com.docker.network.bridge.gateway_mode_ipv6: "\${MODE6:-«nat-unprotected»}"
        `,
      fixed: `
        services:
          app: { image: "acme/app:1.2.3", networks: [edge] }
        networks:
          edge:
            driver_opts:
              com.docker.network.bridge.gateway_mode_ipv4: nat # faster
              com.docker.network.bridge.gateway_mode_ipv6: "nat"
        `,
    },
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3", networks: [edge] }
        networks:
          edge: { driver_opts: { com.docker.network.bridge.gateway_mode_ipv6: «routed» } }
        `,
      fixed: `
        services:
          app: { image: "acme/app:1.2.3", networks: [edge] }
        networks:
          edge: { driver_opts: { com.docker.network.bridge.gateway_mode_ipv6: nat } }
        `,
      severity: "info",
    },
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3" }
        networks:
          default:
            driver_opts:
              com.docker.network.bridge.host_binding_ipv4: "«0.0.0.0»"
        `,
      fixed: `
        services:
          app: { image: "acme/app:1.2.3" }
        networks:
          default:
            driver_opts:
              com.docker.network.bridge.host_binding_ipv4: "127.0.0.1"
        `,
    },
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3", networks: [lan] }
        networks:
          lan:
            driver: «macvlan»
            driver_opts:
              parent: eth0
        `,
      severity: "info",
      note: "on the LAN",
    },
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3", networks: [lan] }
        networks:
          lan:
            driver: «ipvlan»
        `,
      fixed: `
        services:
          app: { image: "acme/app:1.2.3", networks: [lan] }
        networks:
          lan:
            driver: bridge
        `,
      severity: "info",
    },
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3", networks: [outside] }
        networks:
          outside:
            driver: «host»
        `,
      fixed: `
        services:
          app: { image: "acme/app:1.2.3", networks: [outside] }
        networks:
          outside:
            driver: bridge
        `,
    },
    { good: "services:\n  app: { image: acme/app:1.2.3, networks: [a] }\nnetworks:\n  a: { driver: bridge }\n" },
    {
      good: "services:\n  app: { image: acme/app:1.2.3, networks: [a] }\nnetworks:\n  a: { driver: macvlan, internal: true }\n",
      note: "cut off from the LAN",
    },
    {
      good: "services:\n  app: { image: acme/app:1.2.3, networks: [a] }\nnetworks:\n  a: { driver_opts: { com.docker.network.bridge.gateway_mode_ipv4: isolated } }\n",
    },
    {
      good: "services:\n  app: { image: acme/app:1.2.3, networks: [a] }\nnetworks:\n  a: { driver: '${DRIVER}' }\n",
      note: "nobody knows",
    },
  ],
  check: {
    network(network, _, report, context) {
      if (isInternal(network) !== false) return;
      const openings = [openedByDriver(network), ...openedByOptions(network)].filter((o) => o !== undefined);
      for (const { at, message, severity, instead } of openings) {
        report(at, message, {
          severity,
          fix: () => {
            if (instead === undefined) return undefined;
            const edits = at.replace(choice(1, instead), { snippet: true });
            const key = at.path.at(-1)?.replace(bridgeOption, "");
            return fixIn(context.file, `Set ${key} to ${instead}`, "guided", [edits && { file: at.file, edits }]);
          },
        });
      }
    },
  },
});
