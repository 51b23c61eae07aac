import {
  choice,
  type Context,
  type FileEdits,
  type Fix,
  fixIn,
  type Report,
  rule,
  type Service,
  type ServiceMount,
  type Setting,
  type Severity,
  withoutTrailing,
} from "../../engine/index";
import {
  boundDevice,
  hostPathOf,
  hostSource,
  isReadOnlyVolume,
  namesOf,
  usesOf,
  writtenPath,
} from "../shared/compose/host-paths";
import { certificates, type Sensitive, sensitiveAt } from "../shared/compose/sensitive-paths";
import { isAcmeClient, isHostWatcher } from "../shared/compose/watchers";

/** Where whoever mounts it only looks, or the folder tells little, it is said quietly. */
function severityOf(found: Sensitive, isReadOnly: boolean, isWatcher: boolean): Severity {
  if (found.grade === "quiet" || (isReadOnly && isWatcher)) return "info";
  if (found.grade === "open" && isReadOnly) return "info";
  return isReadOnly ? "warning" : "error";
}

const isReadOnly = (mount: ServiceMount): boolean => !mount.readOnly.known || mount.readOnly.value;

/** What the kernel shows there has no folder for one program. */
const isKernels = /^\/(?:proc|sys|dev)\/?$/;

/** Shows a folder below it only; the user says which. */
function narrowed(source: Setting, { what }: Sensitive, service: string, file: string): Fix | undefined {
  const { text } = source.scalar;
  const folder = withoutTrailing(text, "/");
  const isStill = sensitiveAt(`${folder}/${service}`) !== undefined;
  if (what === "file" || isStill || !source.isLiteral || !/^[/~]/.test(text) || isKernels.test(text)) return undefined;
  const edits = source.rewrite(`${folder}/${choice(1, service)}`);
  return fixIn(file, "Mount only the folder that is needed", "guided", [edits && { file: source.file, edits }]);
}

function reportMount(mount: ServiceMount, service: Service, report: Report, context: Context): void {
  const source = hostSource(mount);
  const path = source && hostPathOf(source);
  const found = path === undefined ? undefined : sensitiveAt(path);
  if (source === undefined || found === undefined) return;
  if (path === certificates && isAcmeClient(service, context)) return;
  const isWatcher = isHostWatcher(service, context);
  const written = writtenPath(source);
  const can = !mount.readOnly.known ? "sees" : mount.readOnly.value ? "reads" : "writes to";
  report(source, `${service.name} ${can} ${written} of the host: ${found.why}`, {
    severity: severityOf(found, isReadOnly(mount), isWatcher),
    fix: () => {
      const edits = isReadOnly(mount) ? undefined : mount.makeReadOnly();
      const safety = isWatcher ? "safe" : "unsafe";
      const readOnly = fixIn(context.file, `Mount ${written} read-only`, safety, [
        edits && { file: mount.file, edits },
      ]);
      const narrow = isWatcher ? undefined : narrowed(source, found, service.name, context.file);
      return [readOnly, narrow].filter((f) => f !== undefined);
    },
  });
}

export default rule({
  id: "compose/sensitive-host-mount",
  kind: "compose",
  severity: "error",
  principle: "isolation",
  summary: "A system folder of the host mounted into a service",
  why: `With \`/etc\`, \`/root\` or \`/\` writable, a program that was broken into adds a line to \`/etc/cron.d\` or a key to
\`authorized_keys\` and is root on the host a minute later; with \`/var/lib/docker\` it has the data and the passwords of every other
container. Read-only it still reads the host's password hashes and keys. Mount the one folder or file that the service needs, or a
named volume, and only read where reading is enough.`,
  refs: ["CIS 5.6", "CWE-668"],
  covers: ["kics:volume_has_sensitive_host_directory"],
  fix: "safe",
  yieldsTo: ["compose/docker-socket-mount", "compose/credential-mount"],
  examples: [
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - «/etc»:/host/etc
              - type: bind
                source: «/var/lib/docker/»
                target: /docker
              - data:/data
        volumes:
          data:
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - /etc:/host/etc:ro
              - type: bind
                source: /var/lib/docker/
                target: /docker
                read_only: true
              - data:/data
        volumes:
          data:
        `,
      remains: "what can be read there still matters, and is said more quietly",
    },
    {
      bad: `
        services:
          app: { image: "acme/app:1.2.3", volumes: ["«/»:/rootfs:ro", "«~»:/home/app:ro", '\${ETC:-«/etc/ssh»}:/ssh:ro,z'] }
        `,
      fixed: `
        services:
          app: { image: "acme/app:1.2.3", volumes: ["/app:/rootfs:ro", "~/app:/home/app:ro", '\${ETC:-/etc/ssh}:/ssh:ro,z'] }
        `,
      severity: "warning",
      remains: "nobody knows what the variable is for",
    },
    {
      bad: `
        services:
          netdata:
            image: netdata/netdata:v2.7.1
            volumes:
              - «/proc»:/host/proc
              - «/»:/rootfs
        `,
      fixed: `
        services:
          netdata:
            image: netdata/netdata:v2.7.1
            volumes:
              - /proc:/host/proc:ro
              - /:/rootfs:ro
        `,
      remains: "what can be read there still matters, and is said more quietly",
      note: "it only looks: nothing changes for it",
    },
    {
      bad: `
        services:
          node-exporter:
            image: prom/node-exporter:v1.10.2
            volumes:
              - «/proc»:/host/proc:ro
              - «/sys»:/host/sys:ro
              - «/»:/rootfs:ro
        `,
      severity: "info",
      note: "it watches the host, and only reads",
    },
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            volumes:
              - system:/system
          job:
            image: acme/job:1.2.3
            volumes:
              - { type: volume, source: system, target: /system }
        volumes:
          system:
            driver: local
            driver_opts: { type: none, o: bind, device: «/var/lib» }
        `,
      fixed: `
        services:
          web:
            image: acme/web:1.2.3
            volumes:
              - system:/system:ro
          job:
            image: acme/job:1.2.3
            volumes:
              - { type: volume, source: system, target: /system, read_only: true }
        volumes:
          system:
            driver: local
            driver_opts: { type: none, o: bind, device: /var/lib }
        `,
      remains: "what can be read there still matters, and is said more quietly",
      note: "behind a named volume",
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - type: bind
                source: «C:\\»
                target: /c
              - "«$HOME»:/me"
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - type: bind
                source: C:\\
                target: /c
                read_only: true
              - "$HOME:/me:ro"
        `,
      remains: "what can be read there still matters, and is said more quietly",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - /etc/localtime:/etc/localtime:ro
              - /etc/ssl/certs:/etc/ssl/certs:ro
              - /etc/resolv.conf:/etc/resolv.conf:ro
              - ./etc:/etc/app
              - etc-data:/etc
              - ../usr/src:/usr/src
              - /etc/pihole/:/etc/pihole/
              - /var/lib/app:/data
              - /usr/share/zoneinfo:/usr/share/zoneinfo:ro
              - /lib/modules:/lib/modules:ro
              - /dev/shm:/dev/shm
              - ~/data:/data2
        volumes:
          etc-data:
        `,
      note: "they only look sensitive",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - \${ROOT}:/host
              - /\${DATA}:/data
              - type: tmpfs
                target: /etc
              - type: volume
                source: unused
                target: /x
        volumes:
          unused:
            driver_opts: { type: nfs, o: "addr=10.0.0.5,rw", device: ":/etc" }
          nobody:
            driver_opts: { type: none, o: bind, device: /etc }
        `,
      note: "not known; the disk of another machine; mounted by nobody",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - /etc:/host/etc
        -- compose.override.yaml --
        services:
          app:
            volumes:
              - ./etc:/host/etc
        `,
      note: "the override mounts something else there",
    },
  ],
  check: {
    mount: reportMount,
    volume(volume, project, report, context) {
      const device = boundDevice(volume);
      const path = device && hostPathOf(device);
      const found = path === undefined ? undefined : sensitiveAt(path);
      if (device === undefined || found === undefined) return;
      const uses = usesOf(volume.name, project);
      if (uses.length === 0) return;
      const writing = isReadOnlyVolume(volume) ? [] : uses.filter(({ mount }) => !isReadOnly(mount));
      const isWatched = uses.every(({ service }) => isHostWatcher(service, context));
      const names = namesOf(uses.map((u) => u.service));
      report(device, `${volume.name} shows ${writtenPath(device)} of the host to ${names}: ${found.why}`, {
        severity: severityOf(found, writing.length === 0, isWatched),
        fix: () => {
          const edits = writing.map(({ mount }): FileEdits | undefined => {
            const made = mount.makeReadOnly();
            return made && { file: mount.file, edits: made };
          });
          return fixIn(context.file, `Mount ${volume.name} read-only`, isWatched ? "safe" : "unsafe", edits);
        },
      });
    },
  },
});
