import {
  type Device,
  fixIn,
  hole,
  type Part,
  rule,
  type Service,
  type Setting,
  type Severity,
} from "../../engine/index";
import { normalised } from "../shared/container-paths";
import { imageOf } from "../shared/compose/images";
import { withoutListItem } from "../shared/compose/list-items";
import { imageSet } from "../shared/images/match";

interface Danger {
  readonly what: string;
  readonly severity: Severity;
}

const error = (what: string): Danger => ({ what, severity: "error" });
const info = (what: string): Danger => ({ what, severity: "info" });

/** The first that matches; a hole stands for what is not known of a name. */
const devices: readonly (readonly [RegExp, Danger])[] = [
  [/^\/dev$/, error("every device of the host")],
  [/^\/dev\/(?:k?mem|port)$/, error("the memory of the host")],
  [
    /^\/dev\/(?:(?:sd|hd|vd|xvd)[a-z\uFDD0*]|nvme\d+n\d|nvme\uFDD0|dm-|md\d|mmcblk\d|disk\/|mapper\/(?!control$))/,
    error("a disk of the host, past its file system"),
  ],
  [/^\/dev\/(?:console|tty\d{1,2}|vcsa?\d{0,2})$/, info("the console of the host")],
  [/^\/dev\/kvm$/, info("the host's virtual machines")],
  [/^\/dev\/fuse$/, info("file systems of its own making")],
];

/** They read the state of disks. General knowledge, 2026-08. */
const asksDisks = imageSet(["scrutiny*", "*smartctl*", "*smartmon*", "hdparm*", "hddtemp*", "netdata"]);

function dangerOf(device: Device): Danger | undefined {
  const text = device.from?.scalar.text ?? "";
  const path = text.startsWith(hole) ? undefined : normalised(text);
  return path === undefined ? undefined : devices.find(([pattern]) => pattern.test(path))?.[1];
}

/** All devices of a kind, and the major numbers of SCSI and NVMe disks (Linux, Documentation/admin-guide/devices.txt). */
const wideRule = /^\s*(?:a(?:\s|$)|[cb]\s+\*:\*|b\s+(?:8|65|66|259):)/;
const wideRules = (service: Service): readonly Setting[] =>
  service.settings("device_cgroup_rules").filter((r) => r.value.known && wideRule.test(r.value.value));

export default rule({
  id: "compose/host-device",
  kind: "compose",
  severity: "error",
  principle: "isolation",
  summary: "A device with which a container gets at the host itself",
  why: `A raw disk is readable and writable past the rights of every file on it: \`debugfs -w /dev/sda1\` inside the container reads
\`/etc/shadow\` of the host and writes a key for root. The memory devices give the same without a disk. Mount the folder that holds
the data, or give the one harmless device that the program needs (\`/dev/dri\`, \`/dev/ttyUSB0\`).`,
  refs: ["CIS 5.18", "CWE-668"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            devices:
              - /dev/ttyUSB0:/dev/ttyUSB0
              - «/dev/sda»:/dev/xvda:r
              - source: «/dev/mem»
                target: /dev/mem
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            devices:
              - /dev/ttyUSB0:/dev/ttyUSB0
        `,
    },
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3", devices: ["\${DISK:-«/dev/nvme0n1»}:/dev/disk0"], read_only: true }
        `,
      fixed: `
        services:
          app: { image: "acme/app:1.2.3", read_only: true }
        `,
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            devices: [«/dev»:/dev]
            device_cgroup_rules:
              - «a *:* rwm»
              - 'c 81:* rmw'
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            device_cgroup_rules:
              - 'c 81:* rmw'
        `,
    },
    {
      bad: `
        services:
          vm:
            image: acme/vm:1.2.3
            devices:
              - «/dev/kvm»
              - «/dev/fuse»
        `,
      fixed: `
        services:
          vm:
            image: acme/vm:1.2.3
        `,
      severity: "info",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            devices:
              - /dev/dri:/dev/dri
              - /dev/snd
              - /dev/video0:/dev/video0
              - /dev/net/tun
              - /dev/serial/by-id/usb-stick:/dev/ttyACM0
              - nvidia.com/gpu=all
        `,
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            devices:
              - \${DEVICE}
              - \${DEVICE}:/dev/sda
              - /dev/\${NAME}
            device_cgroup_rules: ["c 189:* rmw", "c 1:3 mr"]
        `,
      note: "nobody knows the variables",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            devices: [/dev/sda]
        -- compose.override.yaml --
        services:
          app:
            devices: !override [/dev/snd]
        `,
    },
  ],
  check: {
    service(service, report, context) {
      const removing = (key: string, item: Part, condemned: readonly Part[]) => () => {
        const edits = withoutListItem(service.part(key), item, condemned);
        const what = key === "devices" ? "the device" : "the rule";
        return fixIn(context.file, `Take ${what} from ${service.name}`, "unsafe", [
          edits && { file: item.file, edits },
        ]);
      };
      const reference = imageOf(service, context);
      const isPurpose = reference !== undefined && asksDisks(reference);
      const dangerous = service.devices.filter((d) => dangerOf(d) !== undefined);
      for (const device of dangerous) {
        const danger = dangerOf(device);
        if (danger === undefined) continue;
        report(device.from ?? device, `${service.name} gets ${danger.what}`, {
          severity: danger.severity === "error" && isPurpose ? "warning" : danger.severity,
          fix: removing("devices", device, dangerous),
        });
      }
      const wide = wideRules(service);
      for (const item of wide) {
        report(item, `${service.name} may make and use every device of a kind: ${item.scalar.text}`, {
          fix: removing("device_cgroup_rules", item, wide),
        });
      }
    },
  },
});
