import { fixIn, rule } from "../../engine/index";
import { isHostAgent } from "../shared/compose/agents";
import { imageOf } from "../shared/compose/images";
import { imageSet } from "../shared/images/match";

const propagating = new Set(["shared", "rshared", "slave", "rslave"]);

/** They mount file systems for the host, or for other containers. General knowledge, 2026-08. */
const mountsForOthers = imageSet([
  "rclone*",
  "*mergerfs*",
  "*s3fs*",
  "*sshfs*",
  "juicedata/mount",
  "zurg*",
  "k3s",
  "*csi*",
]);

export default rule({
  id: "compose/mount-propagation-shared",
  kind: "compose",
  severity: "warning",
  principle: "isolation",
  summary: "Mounts pass between the host and a container",
  why: `With \`shared\` propagation whatever the container mounts below that folder appears on the host and in other containers as
well; with \`slave\` everything that the host mounts there later, a USB disk or another container's volume, appears in the
container. A program that was broken into lays its own file system over a folder that the host trusts. Leave the option away:
\`rprivate\` is the default and is enough for files.`,
  refs: ["CIS 5.20", "CWE-668"],
  covers: ["kics:volume_mounted_in_multiple_containers"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - ./data:/data:«rshared»
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - ./data:/data
        `,
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            volumes: ["./data:/data:ro,«slave»", './more:/more:«shared»,z']
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            volumes: ["./data:/data:ro", './more:/more:z']
        `,
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - type: bind
                source: ./data
                target: /data
                bind:
                  propagation: «rslave»
                  create_host_path: false
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - type: bind
                source: ./data
                target: /data
                bind:
                  create_host_path: false
        `,
    },
    {
      bad: `
        services:
          files:
            image: rclone/rclone:1.71
            volumes:
              - ./data:/data:«shared»
        `,
      severity: "info",
      note: "it mounts for others: nothing is offered",
    },
    {
      good: "services:\n  app:\n    image: acme/app:1.2.3\n    volumes:\n      - ./data:/data:ro,rprivate,z\n      - ./more:/more:private\n",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - ./shared:/shared
              - shared:/slave
              - ./data:/data:\${OPTIONS}
        volumes:
          shared:
        `,
      note: "names of folders, and an option that nobody knows",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - { type: bind, source: ./data, target: /data, bind: { propagation: rprivate } }
        `,
    },
  ],
  check: {
    mount(mount, service, report, context) {
      const { propagation } = mount;
      if (propagation === undefined || !propagation.value.known || !propagating.has(propagation.value.value)) return;
      const isOneWay = propagation.value.value.endsWith("slave");
      const reference = imageOf(service, context);
      const isPurpose =
        (isOneWay && isHostAgent(service, context)) || (reference !== undefined && mountsForOthers(reference));
      const target = mount.target?.scalar.text ?? "a folder";
      const message = isOneWay
        ? `What the host mounts later appears in ${service.name} below ${target}`
        : `What ${service.name} mounts below ${target} appears on the host`;
      const title = `Remove ${propagation.value.value}`;
      report(propagation, message, {
        ...(isPurpose
          ? { severity: "info" }
          : {
              fix: () => {
                const edits = mount.removePropagation();
                return fixIn(context.file, title, "unsafe", [edits && { file: mount.file, edits }]);
              },
            }),
      });
    },
  },
});
