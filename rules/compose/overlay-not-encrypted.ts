import { fixIn, type Resource, rule } from "../../engine/index";

/** The network's own, or those of a mapping that may say more than can be seen. */
function hasOpenOptions(network: Resource): boolean {
  const options = network.mapping.get("driver_opts");
  if (options === undefined) return network.isOpen;
  return options.kind === "mapping" ? options.open : options.kind !== "scalar" || options.type !== "null";
}

export default rule({
  id: "compose/overlay-not-encrypted",
  kind: "compose",
  severity: "warning",
  principle: "encrypt",
  summary: "Overlay network sends its traffic between hosts in clear",
  why: `An overlay network carries what services say to each other from host to host in VXLAN packets that anybody on the way can
read and forge. One sniffer in the data centre's network sees passwords, sessions and query results of every service.
\`encrypted\` wraps the packets in IPsec; leave room for it in the MTU.`,
  refs: ["CIS 7.3", "CWE-319"],
  covers: [],
  fix: "safe",
  examples: [
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3", networks: [mesh] }
        networks:
          mesh:
            driver: «overlay»
            attachable: true
        `,
      fixed: `
        services:
          app: { image: "acme/app:1.2.3", networks: [mesh] }
        networks:
          mesh:
            driver: overlay
            attachable: true
            driver_opts:
              encrypted: "true"
        `,
    },
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3", networks: [mesh] }
        networks:
          mesh: { driver: «overlay», driver_opts: { com.docker.network.driver.mtu: "1400" } }
        `,
      fixed: `
        services:
          app: { image: "acme/app:1.2.3", networks: [mesh] }
        networks:
          mesh: { driver: overlay, driver_opts: { com.docker.network.driver.mtu: "1400", encrypted: "true" } }
        `,
      note: "flow style",
    },
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3", networks: [mesh] }
        networks:
          mesh:
            driver: overlay
            driver_opts:
              encrypted: "«false»"
        `,
      fixed: `
        services:
          app: { image: "acme/app:1.2.3", networks: [mesh] }
        networks:
          mesh:
            driver: overlay
            driver_opts:
              encrypted: "true"
        `,
      note: "said to be off",
    },
    {
      good: 'services:\n  app: { image: acme/app:1.2.3, networks: [a] }\nnetworks:\n  a:\n    driver: overlay\n    driver_opts: { encrypted: "" }\n',
    },
    {
      good: "services:\n  app: { image: acme/app:1.2.3, networks: [a] }\nnetworks:\n  a:\n    driver: overlay\n    driver_opts:\n      encrypted:\n",
      note: "only the key is read",
    },
    {
      good: "services:\n  app: { image: acme/app:1.2.3, networks: [a] }\nnetworks:\n  a:\n    driver: overlay\n    driver_opts:\n      encrypted: ${ENCRYPT}\n",
    },
    {
      good: "services:\n  app: { image: acme/app:1.2.3, networks: [a] }\nnetworks:\n  a:\n    external: true\n    name: mesh\n",
      note: "made elsewhere",
    },
    {
      good: "services:\n  app: { image: acme/app:1.2.3, networks: [a] }\nnetworks:\n  a:\n    driver: overlay\n-- compose.override.yaml --\nnetworks:\n  a:\n    driver_opts: { encrypted: 'true' }\n",
      note: "another file encrypts it",
    },
  ],
  check: {
    network(network, _, report, context) {
      const { driver, isExternal } = network;
      if (driver?.value.known !== true || driver.value.value !== "overlay") return;
      if (!isExternal.known || isExternal.value) return;
      const option = network.driverOptions.find((o) => o.name === "encrypted");
      const title = `Encrypt the traffic on ${network.name}`;
      if (option === undefined) {
        if (hasOpenOptions(network)) return;
        report(driver, `Traffic on ${network.name} goes from host to host unencrypted`, {
          fix: () =>
            fixIn(context.file, title, "safe", [
              network.set(["driver_opts", "encrypted"], "true", { file: driver.file }),
            ]),
        });
        return;
      }
      const off = option.value;
      if (off?.value.known !== true || !/^(?:false|0|no|off)$/i.test(off.value.value)) return;
      report(off, `Encryption of the traffic on ${network.name} is switched off`, {
        fix: () => {
          const edits = off.replace("true");
          return fixIn(context.file, title, "safe", [edits && { file: off.file, edits }]);
        },
      });
    },
  },
});
