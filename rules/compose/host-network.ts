import { type Fix, fixIn, type Part, type Resource, rule, type Service, type Span } from "../../engine/index";
import { needsHostNetwork } from "../shared/compose/companions";

/** What puts the service into the network of the host: the mode, or the network of that name. */
function hostNetworks(service: Service): readonly Part[] {
  const mode = service.networkMode;
  if (mode?.value.known && mode.value.value === "host") return [mode];
  return service.networks.flatMap(({ name, part }) => {
    return service.ask(`host network ${name}`, (project) => isOfHost(project.resource("networks", name))) ? [part] : [];
  });
}

function isOfHost(network: Resource | undefined): boolean {
  const own = network?.setting("name")?.value;
  return network?.isExternal.known === true && network.isExternal.value && own?.known === true && own.value === "host";
}

/** In a mapping of networks the key says it all. */
function named(part: Part): Span {
  const key = part.path[2] === "networks" ? part.keySpan : undefined;
  return key === undefined ? part : ({ start: key.start, end: key.end, file: part.file } as Span);
}

/** The one that takes effect, and those of overridden files that would take its place. */
function removal(part: Part, file: string): Fix | undefined {
  const wouldShow = part.replaced.some(({ value }) => value.kind === "scalar" && value.text === "host");
  const edits = wouldShow ? part.removeAll() : [part.remove()].map((e) => e && { file: part.file, edits: e });
  return fixIn(file, "Leave the network of the host", "unsafe", edits ?? [undefined]);
}

export default rule({
  id: "compose/host-network",
  kind: "compose",
  severity: "error",
  principle: "isolation",
  summary: "A service uses the network of the host",
  why: `In the host's network a container has no network of its own: every port that its program opens is open on the host, past
the firewall rules of the engine, and everything that listens on the host's \`127.0.0.1\` (databases, debuggers, agents of the
cloud) answers it. Whoever breaks into the service asks those directly, and can wait for logins on the host's free ports. Publish
the ports that are needed with \`ports:\` instead.`,
  refs: ["CIS 5.10", "CWE-668"],
  covers: ["kics:shared_host_network_namespace", "kics:network_mode_host_exists"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          api:
            image: acme/api:1.2.3
            network_mode: «host»
            restart: unless-stopped
        `,
      fixed: `
        services:
          api:
            image: acme/api:1.2.3
            restart: unless-stopped
        `,
    },
    {
      bad: `
        services:
          api: { image: "acme/api:1.2.3", network_mode: "\${MODE:-«host»}", ports: ["127.0.0.1:8080:8080"] }
        `,
      fixed: `
        services:
          api: { image: "acme/api:1.2.3", ports: ["127.0.0.1:8080:8080"] }
        `,
      note: "the list of ports is dead text beside the host's network",
    },
    {
      bad: `
        services:
          api:
            image: acme/api:1.2.3
            networks:
              - «outside»
              - back
        networks:
          back:
          outside:
            external: true
            name: host
        `,
      fixed: `
        services:
          api:
            image: acme/api:1.2.3
            networks:
              - back
        networks:
          back:
          outside:
            external: true
            name: host
        `,
      note: "the engine's own network `host`, as stack files name it",
    },
    {
      bad: `
        services:
          api: { image: "acme/api:1.2.3", networks: { «host»: {} } }
        networks: { host: { external: true } }
        `,
      fixed: `
        services:
          api: { image: "acme/api:1.2.3", networks: {} }
        networks: { host: { external: true } }
        `,
    },
    {
      bad: `
        x-base: &base
          image: acme/api:1.2.3
          network_mode: «host»
        services:
          api: *base
          worker:
            <<: *base
            command: [work]
        `,
      fixed: `
        x-base: &base
          image: acme/api:1.2.3
        services:
          api: *base
          worker:
            <<: *base
            command: [work]
        `,
      note: "once, at the anchor",
    },
    {
      bad: `
        services:
          hass:
            image: ghcr.io/home-assistant/home-assistant:2026.11.1
            network_mode: «host»
        `,
      severity: "info",
      note: "discovery needs it: nothing is offered",
    },
    { good: "services:\n  api:\n    image: acme/api:1.2.3\n    network_mode: bridge\n" },
    {
      good: `
        services:
          api:
            image: acme/api:1.2.3
            networks: [host]
        networks:
          host:
        `,
      note: "a network of the project, whatever its name",
    },
    {
      good: `
        services:
          api:
            image: acme/api:1.2.3
            network_mode: \${MODE}
          job:
            image: acme/job:1.2.3
            network_mode: none
        `,
      note: "nobody knows the variable",
    },
    {
      good: `
        services:
          api:
            image: acme/api:1.2.3
            network_mode: host
        -- compose.override.yaml --
        services:
          api:
            network_mode: !reset null
        `,
      note: "the override takes it back",
    },
    {
      good: `
        services:
          api:
            build:
              context: .
              network: host
        `,
      note: "only the build's steps",
    },
  ],
  check: {
    service(service, report, context) {
      for (const part of hostNetworks(service)) {
        const isPurpose = needsHostNetwork(service, context);
        const ports = service.ports.length === 0 ? "" : ", and its list of ports counts for nothing";
        report(named(part), `${service.name} shares the network of the host${ports}`, {
          ...(isPurpose ? { severity: "info" } : { fix: () => removal(part, context.file) }),
        });
      }
    },
  },
});
