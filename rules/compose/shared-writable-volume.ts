import {
  type ComposeProject,
  type Context,
  fixIn,
  hole,
  type Report,
  rule,
  type Service,
  type ServiceMount,
} from "../../engine/index";
import { hostPathOf, hostSource, namesOf, type VolumeUse } from "../shared/compose/host-paths";
import { isForDevelopment } from "../shared/compose/development";
import { imageOf } from "../shared/compose/images";
import { isJob } from "../shared/compose/roles";
import { isHostWatcher } from "../shared/compose/watchers";
import { imageSet } from "../shared/images/match";

/** What several write to by design, or what nobody misses. */
const passing =
  /(?:^|[/_.-])(?:tmp|temp|run|socks?|sockets?|ipc|x11|x11-unix|shm|caches?|node_modules|gems?|bundle|go-?(?:mod|pkg|build)|pip|m2|maven|gradle|cargo|yarn|pnpm|npm|composer|nuget|vendor|locks?)(?:$|[/_.-])|\.(?:sock|socket)$/i;

/** Servers of files that others make. */
const servesFiles = imageSet([
  "nginx*",
  "library/httpd",
  "httpd*",
  "openresty",
  "haproxy",
  "varnish",
  "lighttpd*",
  "static-web-server",
]);
const served =
  /^\/(?:usr\/share\/nginx|usr\/local\/(?:apache2\/htdocs|openresty\/nginx\/html)|var\/www|srv|app|www|static|media|public|html|code|etc\/letsencrypt|etc\/(?:nginx|ssl)\/(?:certs?|ssl|private))(?:\/|$)/;

/** Volume and folder by a key that is the same for all who mount it; undefined for what is no shared data. */
function storeOf(mount: ServiceMount): string | undefined {
  const { type, from, target } = mount;
  if (!type.known || from === undefined || !from.value.known || passing.test(target?.scalar.text ?? ""))
    return undefined;
  const part = mount.mapping.get("volume");
  if (part?.kind === "mapping" && part.get("subpath") !== undefined) return undefined;
  if (type.value === "volume") return passing.test(from.value.value) ? undefined : from.value.value;
  const source = hostSource(mount);
  const path = source && hostPathOf(source);
  // What the system is made of is another rule's; a name with a dot inside is a file, the project itself its source text.
  if (path === undefined || path === "" || path.includes(hole) || passing.test(path)) return undefined;
  if (
    /^\/(?:etc|usr|bin|sbin|lib\w*|dev|proc|sys|run|boot|root|home|var|opt|mnt|tmp)?$|^\/(?:etc|usr|dev|proc|sys)\//.test(
      path,
    )
  )
    return undefined;
  return /^\.*[^.]+\../s.test(path.slice(path.lastIndexOf("/") + 1)) ? undefined : `host ${path}`;
}

/**
 * The same for replicas, for other processes of one program, and for programs of one product by their names
 * (`shop-server`, `shop-worker`); undefined where it is not known.
 */
function programOf(use: VolumeUse, context: Context): string | undefined {
  const { build } = use.service;
  if (build !== undefined) return build.isRemote ? build.context?.scalar.text : build.folder;
  const reference = imageOf(use.service, context);
  if (reference === undefined || isReader(use, context)) return reference?.familiar;
  return reference.repository.replace(/^.*\//, "").split(/[-_.]/)[0];
}

function isReader({ service, mount }: VolumeUse, context: Context): boolean {
  const reference = imageOf(service, context);
  if (service.build !== undefined || reference === undefined) return false;
  if (servesFiles(reference)) return served.test(mount.target?.scalar.text ?? "");
  return isHostWatcher(service, context);
}

/** They may run at the same time. */
function meet(a: VolumeUse, b: VolumeUse): boolean {
  const [one, other] = [a.service.profiles, b.service.profiles];
  return one.length === 0 || other.length === 0 || one.some((p) => other.includes(p));
}

function reportStore(uses: readonly VolumeUse[], report: Report, context: Context): void {
  const writers = uses.filter(({ service, mount }) => mount.readOnly.known && !mount.readOnly.value && !isJob(service));
  const programs = new Map(writers.map((use) => [use, programOf(use, context)] as const));
  const differ = (a: VolumeUse, b: VolumeUse): boolean => {
    const [one, other] = [programs.get(a), programs.get(b)];
    return one !== undefined && other !== undefined && one !== other && meet(a, b);
  };
  const others = (use: VolumeUse): readonly VolumeUse[] => writers.filter((w) => differ(use, w));
  const sharing = writers.filter((use) => others(use).length > 0);
  const readers = sharing.filter((use) => isReader(use, context));
  const rest = sharing.filter((use) => !readers.includes(use));
  const last = rest.at(-1);
  const isStillShared = last !== undefined && rest.some((use) => differ(use, last));
  for (const use of isStillShared ? [...readers, last] : readers) {
    const { service, mount } = use;
    const name = mount.from?.scalar.text ?? "";
    const isOnlyReader = readers.includes(use);
    const partners = isOnlyReader ? others(use) : rest.filter((u) => differ(u, use));
    const message = isOnlyReader
      ? `${service.name} only needs to read ${name}, yet may write to it like ${namesOf(partners.map((u) => u.service))}`
      : `${namesOf([...partners, use].map((u) => u.service))} may all write to ${name}`;
    report(mount, message, {
      related: partners.map((u) => ({ file: u.mount.file, span: u.mount, note: `${u.service.name} may write to it` })),
      fix: () =>
        (isOnlyReader ? [use] : [use, ...partners]).flatMap((u) => {
          const edits = u.mount.makeReadOnly();
          const title = `Mount ${name} read-only in ${u.service.name}`;
          // A backup may lock what it reads, or write it back.
          const reference = imageOf(service, context);
          const isSafe = isOnlyReader && reference !== undefined && servesFiles(reference);
          const safety = isSafe ? "safe" : "unsafe";
          return fixIn(context.file, title, safety, [edits && { file: u.mount.file, edits }]) ?? [];
        }),
    });
  }
}

interface Kept {
  readonly store: string;
  readonly mount: ServiceMount;
}

function keepIn(service: Service, mount: ServiceMount): readonly Kept[] {
  const store = isForDevelopment(service, mount.file) ? undefined : storeOf(mount);
  return store === undefined ? [] : [{ store, mount }];
}

function storesOf(project: ComposeProject): ReadonlyMap<string, readonly VolumeUse[]> {
  const stores = new Map<string, VolumeUse[]>();
  for (const service of project.services) {
    const own = service.once("stores", () => service.mounts.flatMap((mount) => keepIn(service, mount)));
    for (const { store, mount } of own) {
      const uses = stores.get(store);
      if (uses?.some((u) => u.service === service)) continue;
      if (uses === undefined) stores.set(store, [{ service, mount }]);
      else uses.push({ service, mount });
    }
  }
  return stores;
}

export default rule({
  id: "compose/shared-writable-volume",
  kind: "compose",
  severity: "info",
  principle: "isolation",
  summary: "Several services write to the same volume",
  why: `Data that two services may write is as safe as the weaker one: who breaks into the upload service puts a script into the folder
that the web server delivers, or changes the files that the billing service reads next. Neither can tell afterwards who wrote what.
Let one service own the volume, mount it read-only everywhere else, and pass data on over an interface.`,
  refs: ["CWE-668"],
  covers: ["kics:shared_volumes_between_containers"],
  fix: "safe",
  examples: [
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - site:/var/www/html
          web:
            image: nginx:1.30
            volumes:
              - «site:/var/www/html»
        volumes:
          site:
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            volumes:
              - site:/var/www/html
          web:
            image: nginx:1.30
            volumes:
              - site:/var/www/html:ro
        volumes:
          site:
        `,
      note: "nginx only reads",
    },
    {
      bad: `
        services:
          orders: { image: "acme/orders:1.2.3", volumes: ["./data/:/data"] }
          billing:
            image: acme/billing:1.2.3
            volumes:
              - «{ type: bind, source: ./data, target: /in }»
        `,
      fixed: `
        services:
          orders: { image: "acme/orders:1.2.3", volumes: ["./data/:/data"] }
          billing:
            image: acme/billing:1.2.3
            volumes:
              - { type: bind, source: ./data, target: /in, read_only: true }
        `,
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            volumes: ["site:/var/www/html"]
          web:
            image: nginx:1.30
            volumes: ["site:/var/www/html:ro"]
        volumes:
          site:
        `,
      note: "one writes, one reads",
    },
    {
      good: `
        x-app: &app
          image: acme/app:1.2.3
          volumes: ["uploads:/uploads"]
        services:
          web: *app
          worker: { <<: *app, command: [work] }
        volumes:
          uploads:
        `,
      note: "one program",
    },
    {
      good: `
        services:
          init:
            image: busybox:1.37
            command: chown -R 999 /data
            volumes: ["data:/data"]
          db:
            image: acme/db:1.2.3
            volumes: ["data:/data"]
        volumes:
          data:
        `,
      note: "a job that prepares the volume",
    },
    {
      good: `
        services:
          app:
            image: acme/app:1.2.3
            volumes: ["php-socket:/run/php", "cache:/cache", "./app.conf:/etc/app.conf", "/etc/localtime:/etc/localtime"]
          web:
            image: acme/web:1.2.3
            volumes: ["php-socket:/run/php", "cache:/cache", "./app.conf:/etc/app.conf", "/etc/localtime:/etc/localtime"]
        volumes:
          php-socket:
          cache:
        `,
      note: "sockets, caches, single files",
    },
    {
      good: `
        services:
          cpu:
            image: acme/model-cpu:1.2.3
            profiles: [cpu]
            volumes: ["models:/models"]
          gpu:
            image: acme/model-gpu:1.2.3
            profiles: [gpu]
            volumes: ["models:/models", "\${DATA}:/data"]
          other:
            image: acme/other:1.2.3
            volumes: ["\${DATA}:/data"]
        volumes:
          models:
        `,
      note: "never together; not known",
    },
  ],
  check: {
    project(project, report, context) {
      for (const uses of storesOf(project).values()) if (uses.length > 1) reportStore(uses, report, context);
    },
  },
});
