import { type Context, rule, type Service, type Setting } from "../../engine/index";
import { isSidecar, isTunnel } from "../shared/compose/companions";

const namespaces = { network_mode: "network", pid: "processes", ipc: "shared memory" } as const;

/** The service whose container is meant; undefined where that is none of the project. */
function partner(text: string, { project }: Service): Service | undefined {
  const name = text.slice(text.indexOf(":") + 1);
  if (text.startsWith("service:")) return project.service(name);
  return project.services.find((s) => s.setting("container_name")?.scalar.text === name);
}

/** Tunnels and sidecars are there to be shared, or to share. */
function isMeantToShare(at: Setting, service: Service, context: Context): boolean {
  const other = partner(at.scalar.text, service);
  const name = at.scalar.text.slice(at.scalar.text.indexOf(":") + 1);
  if (isSidecar(service, context) || isTunnel(service, context)) return true;
  if (other === undefined) return /vpn|gluetun|wireguard|tailscale|warp|proxy|tunnel/i.test(name);
  return isSidecar(other, context) || isTunnel(other, context);
}

export default rule({
  id: "compose/shared-container-namespace",
  kind: "compose",
  severity: "hint",
  preset: "strict",
  principle: "isolation",
  summary: "A service shares a namespace or the volumes of another one's container",
  why: `Containers that share a network answer each other on \`127.0.0.1\`, where many programs ask for no password; those that share
processes read each other's memory and environment under \`/proc\`; \`volumes_from\` hands over every volume of the other, writable.
Whoever breaks into one of them has the other as well, so a small fault in a helper costs the secrets of the main service. Put
both on a network of their own and mount only the volume that is needed.`,
  refs: ["CIS 5.16", "CWE-653"],
  covers: [],
  fix: "none",
  examples: [
    {
      bad: `
        services:
          api:
            image: acme/api:1.2.3
          worker:
            image: acme/worker:1.2.3
            network_mode: «service:api»
            pid: "«service:api»"
            ipc: «container:legacy»
        `,
    },
    {
      bad: `
        services:
          api:
            image: acme/api:1.2.3
            ipc: «shareable»
          worker: { image: "acme/worker:1.2.3", volumes_from: ["«api:ro»", "«container:legacy»"] }
        `,
    },
    {
      good: `
        services:
          vpn:
            image: qmcgaw/gluetun:v3.41
            cap_add: [NET_ADMIN]
          torrent:
            image: acme/torrent:1.2.3
            network_mode: service:vpn
        `,
      note: "all of its traffic goes through the tunnel",
    },
    {
      good: `
        services:
          api:
            image: acme/api:1.2.3
          api-dapr:
            image: daprio/daprd:1.16.1
            network_mode: "service:api"
        `,
      note: "a sidecar",
    },
    {
      good: `
        services:
          api:
            image: acme/api:1.2.3
            ipc: private
            network_mode: \${NETWORK}
        `,
    },
  ],
  check: {
    service(service, report, context) {
      for (const [key, what] of Object.entries(namespaces)) {
        const at = service.setting(key);
        if (at === undefined || !at.value.known) continue;
        const { value } = at.value;
        if (key === "ipc" && value === "shareable") {
          report(at, `Any container may use the shared memory of ${service.name}`);
          continue;
        }
        if (!/^(?:service|container):./.test(value)) continue;
        if (key === "network_mode" && isMeantToShare(at, service, context)) continue;
        const other = value.slice(value.indexOf(":") + 1);
        report(at, `${service.name} shares its ${what} with ${other}`);
      }
      for (const at of service.settings("volumes_from")) {
        if (!at.value.known) continue;
        const other = at.value.value.replace(/^container:/, "").replace(/:r[ow]$/, "");
        report(at, `${service.name} gets every volume of ${other}`);
      }
    },
  },
});
