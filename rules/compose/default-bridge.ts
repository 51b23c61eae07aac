import { fixIn, type Resource, rule } from "../../engine/index";

/** What a network that is made elsewhere is called there; undefined for one of the project's own. */
function externalName(network: Resource): string | undefined {
  const { isExternal } = network;
  if (!isExternal.known || !isExternal.value) return undefined;
  const name = network.setting("name")?.value;
  return name?.known === true ? name.value : undefined;
}

export default rule({
  id: "compose/default-bridge",
  kind: "compose",
  severity: "info",
  principle: "isolation",
  summary: "A service is on Docker's default bridge",
  why: `Every container of the host that was started without a network of its own is on the default bridge, whatever project it
belongs to, and all of them reach each other's ports. Whoever breaks into an old test container there scans the database of this
project next door. The network that compose makes for a project keeps others out, and gives services names besides.`,
  refs: ["CIS 5.30"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            network_mode: «bridge»
            restart: unless-stopped
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            restart: unless-stopped
        `,
    },
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3", network_mode: "\${MODE:-«bridge»}" }
        `,
      fixed: `
        services:
          app: { image: "acme/app:1.2.3" }
        `,
      note: "by default, in flow style",
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
        networks:
          default:
            external: true
            name: «bridge»
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
        networks:
          default: {}
        `,
      note: "the project's default network is the bridge",
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            networks: [legacy]
        networks:
          legacy:
            external:
              name: «bridge»
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            networks: [legacy]
        networks:
          legacy: {}
        `,
      note: "the old spelling",
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            networks: [bridge]
        networks:
          «bridge»:
            external: true
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            networks: [bridge]
        networks:
          bridge: {}
        `,
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            networks: [bridge]
        networks:
          bridge:
            driver: bridge
        `,
      note: "a network of the project that is only called so",
    },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    network_mode: none\n" },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    network_mode: ${MODE}\n", note: "nobody knows" },
    {
      good: "services:\n  app:\n    image: acme/app:1.2.3\n    network_mode: bridge\n-- compose.override.yaml --\nservices:\n  app:\n    network_mode: !reset null\n",
      note: "the override takes it back",
    },
  ],
  check: {
    service(service, report, context) {
      const mode = service.networkMode;
      if (mode?.value.known !== true || mode.value.value !== "bridge") return;
      report(mode, `${service.name} shares Docker's default bridge with containers of all other projects`, {
        fix: () => fixIn(context.file, "Remove network_mode: bridge", "unsafe", mode.removeAll() ?? []),
      });
    },
    network(network, _, report, context) {
      if (externalName(network) !== "bridge") return;
      const name = network.setting("name");
      const at = name === undefined || name.scalar.implied ? network : name;
      report(at, `The network ${network.name} is Docker's default bridge, which all projects share`, {
        fix: () => {
          const edits = network.replace({});
          const title = `Make ${network.name} a network of the project`;
          return fixIn(context.file, title, "unsafe", [edits && { file: network.file, edits }]);
        },
      });
    },
  },
});
