import {
  type Context,
  type Fix,
  fixIn,
  type ImageReference,
  parseReference,
  type Related,
  rule,
  type Service,
  type Setting,
} from "../../engine/index";
import { isWritten } from "../shared/compose/image-uses";
import { isJob } from "../shared/compose/roles";
import { baseUser } from "../shared/images/users";

const isRoot = (name: string): boolean => name === "root" || /^0+$/.test(name);

/** What runs where the service says nothing. */
interface OwnUser {
  /** `drops`: starts as root, and its entrypoint gives that up. */
  readonly kind: "root" | "drops" | "nonroot" | "unknown";
  /** For a message: `node of the Dockerfile`. */
  readonly name: string;
}

const unknown: OwnUser = { kind: "unknown", name: "" };

function ownUser(service: Service, context: Context): OwnUser {
  const { build, image } = service;
  if (build === undefined) return userOfImage(image?.reference, service);
  const { dockerfilePath } = build;
  if (dockerfilePath === undefined || build.inline !== undefined) return unknown;
  const summary = context.project.summaries("dockerfile").get(dockerfilePath);
  if (summary === undefined) return unknown;
  const { user, base } = summary;
  if (user === undefined) return userOfImage(base === undefined ? undefined : parseReference(base), service);
  const name = user.replace(/:.*/s, "");
  return isRoot(name) || name === "" ? { kind: "root", name } : { kind: "nonroot", name: `${name} of its Dockerfile` };
}

function userOfImage(reference: ImageReference | undefined, { build, entrypoint }: Service): OwnUser {
  const user = reference === undefined ? undefined : baseUser(reference);
  if (reference === undefined || user === undefined || user.kind === "unknown") return unknown;
  if (user.kind === "nonroot") return { kind: "nonroot", name: `${user.user} of ${reference.familiar}` };
  const drops = user.dropsItself && build === undefined && entrypoint === undefined;
  return { kind: drops ? "drops" : "root", name: reference.familiar };
}

/** `user` without the group: the part that makes it root. */
function rootIn(user: Setting): Setting | undefined {
  if (!user.value.known) return undefined;
  const colon = user.value.value.indexOf(":");
  const name = user.value.value.slice(0, colon < 0 ? undefined : colon);
  return isRoot(name) ? user.part(0, name.length) : undefined;
}

/** Works on files of others before or while they start, and ends. */
function isInitialisation(service: Service): boolean {
  if (isJob(service)) return true;
  const commands = [service.entrypoint, service.command].flatMap((program) => program?.commands.slice(0, 2) ?? []);
  return commands.some(({ name }) => name === "chown" || name === "chmod");
}

const someUser = "10001";

/** A user that the image is known to have, by the name or number that compose takes. */
function suitableUser({ build, image }: Service): string {
  const reference = build === undefined ? image?.reference : undefined;
  const base = reference === undefined ? undefined : baseUser(reference);
  if (base?.kind !== "root" || base.suitable === undefined) return `${someUser}:${someUser}`;
  return base.suitable === "$APP_UID" ? "1654:1654" : base.suitable;
}

function leaveRoot(service: Service, user: Setting, name: Setting, own: OwnUser, file: string): Fix | undefined {
  if (own.kind === "nonroot" || own.kind === "drops") {
    const title = own.kind === "nonroot" ? `Leave the user to be ${own.name}` : `Leave the user to ${own.name}`;
    return fixIn(file, title, "unsafe", user.removeAll() ?? []);
  }
  const wanted = suitableUser(service);
  if (user.isLiteral) {
    return fixIn(file, `Run as ${wanted}`, "unsafe", [{ file: user.file, edits: user.replace(wanted) ?? [] }]);
  }
  const edits = isWritten(name) ? (name.rewrite(someUser) ?? []) : [];
  return fixIn(file, `Run as ${someUser} by default`, "unsafe", [{ file: user.file, edits }]);
}

export default rule({
  id: "compose/root-user",
  kind: "compose",
  severity: "warning",
  principle: "least-privilege",
  summary: "A service runs as root",
  why: `A program that runs as root in its container is root for the kernel as well. Whoever breaks in through it can replace the
program, write to every mounted folder of the host as its owner root, and needs one kernel or runtime bug, or one careless
mount, to own the host. \`user: root\` also undoes what the image's makers did to avoid that. Take it away where the image has a
user of its own, else name a number, and give that number the volumes that the service writes to.`,
  refs: ["CIS 4.1", "OWASP D2"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            user: «root» # files
          api:
            image: acme/api:1.2.3
            user: "«0»:0"
          web: { image: "node:24-slim", user: «0» }
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            user: 10001:10001 # files
          api:
            image: acme/api:1.2.3
            user: "10001:10001"
          web: { image: "node:24-slim", user: node }
        `,
    },
    {
      bad: "services:\n  app:\n    image: acme/app:1.2.3\n    user: ${UID:-«0»}:${GID:-0}\n",
      fixed: "services:\n  app:\n    image: acme/app:1.2.3\n    user: ${UID:-10001}:${GID:-0}\n",
      note: "by default",
    },
    {
      bad: `
        services:
          grafana:
            image: grafana/grafana:13.0.1
            user: «root»
          own:
            build: .
            user: «root»
        -- Dockerfile --
        FROM node:24-slim
        USER node
        `,
      fixed: `
        services:
          grafana:
            image: grafana/grafana:13.0.1
          own:
            build: .
        -- Dockerfile --
        FROM node:24-slim
        USER node
        `,
      note: "the image has a user of its own",
    },
    {
      bad: "services:\n  db:\n    image: postgres:18.1\n    user: «root»\n",
      fixed: "services:\n  db:\n    image: postgres:18.1\n",
      severity: "hint",
      note: "the image's entrypoint gives root up",
    },
    {
      bad: `
        services:
          fix-rights:
            image: busybox:1.38
            user: «root»
            command: chown -R 1000:1000 /data
            volumes: ["data:/data"]
        volumes: { data: {} }
        `,
      severity: "hint",
      note: "gives a volume to its user, and ends",
    },
    {
      bad: `
        services:
          «web»:
            image: caddy:2.11
            healthcheck: { test: [CMD, wget, -qO-, "http://127.0.0.1:2019/"] }
            mem_limit: 64m
            cpus: 0.5
            pids_limit: 50
        `,
      fixed: `
        services:
          web:
            image: caddy:2.11
            healthcheck: { test: [CMD, wget, -qO-, "http://127.0.0.1:2019/"] }
            mem_limit: 64m
            cpus: 0.5
            pids_limit: 50
            user: 10001:10001
        `,
      severity: "hint",
      note: "nobody said otherwise",
    },
    {
      good: "services:\n  app:\n    image: acme/app:1.2.3\n    user: 1000:0\n  api:\n    image: acme/api:1.2.3\n    user: app:root\n",
    },
    {
      good: "services:\n  app:\n    build: .\n    user: root\n-- Dockerfile --\nFROM node:24-slim\nUSER root\n",
      note: "the Dockerfile is to blame first",
    },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    user: ${UID}:${GID}\n", note: "not known" },
    {
      good: "services:\n  app:\n    image: acme/app:1.2.3\n    user: root\n-- compose.override.yaml --\nservices:\n  app:\n    user: '1000'\n",
      note: "the override takes it back",
    },
    { good: "services:\n  db:\n    image: postgres:18.1\n", note: "its entrypoint gives root up" },
    { good: "services:\n  app:\n    image: acme/app:1.2.3\n    user: root\n", file: ".devcontainer/compose.yaml" },
  ],
  check: {
    service(service, report, context) {
      const { user } = service;
      const own = ownUser(service, context);
      const isInitial = isInitialisation(service);
      if (user === undefined) {
        const isSure = service.provider === undefined && service.has("user") === false;
        if (service.build !== undefined || own.kind !== "root" || isInitial || !isSure) return;
        const wanted = suitableUser(service);
        report(service, `${service.name} runs as root: ${own.name} does by itself, and no user is set`, {
          severity: "hint",
          preset: "strict",
          fix: () => fixIn(context.file, `Run as ${wanted}`, "unsafe", [service.set(["user"], wanted)]),
        });
        return;
      }
      const name = rootIn(user);
      if (name === undefined || /(?:^|\/)\.devcontainer\//.test(user.file)) return;
      // The Dockerfile is to be mended first.
      if (service.build !== undefined && own.kind === "root") return;
      const isSoft = isInitial || own.kind === "drops";
      report(name, messageOf(service, user, own), {
        severity: isSoft ? "hint" : "warning",
        related: ownPlace(service, context),
        fix: () => (isInitial ? undefined : leaveRoot(service, user, name, own, context.file)),
      });
    },
  },
});

/** Where the Dockerfile says who its user is. */
function ownPlace({ build }: Service, { project }: Context): readonly Related[] {
  const file = build?.dockerfilePath;
  const span = file === undefined || build?.inline !== undefined ? undefined : project.objectSpan(file, 0);
  return file === undefined || span === undefined ? [] : [{ file, span, note: "The Dockerfile's own user" }];
}

function messageOf({ name }: Service, { scalar }: Setting, own: OwnUser): string {
  if (own.kind === "drops") return `${name} starts as root: only the entrypoint of ${own.name} gives that up`;
  return `${name} runs as root${own.kind === "nonroot" ? `, not as ${own.name}` : ""}: its user is ${scalar.text}`;
}
