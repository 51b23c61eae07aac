import { type Context, type FileEdits, fixIn, rule, type Service } from "../../engine/index";
import { isForDevelopment } from "../shared/compose/development";
import { type Addition, additions, canLack } from "../shared/compose/hardening";
import { imageOf } from "../shared/compose/images";
import { isBelow, normalised } from "../shared/container-paths";
import { writableFolders } from "../shared/images/health";

export default rule({
  id: "compose/writable-root-filesystem",
  kind: "compose",
  severity: "hint",
  preset: "strict",
  principle: "isolation",
  summary: "A service can write to its own programs",
  why: `Whoever gets into a service with a writable root file system downloads his tools to it, changes the program's own code and
puts a script where the next start runs it. With \`read_only: true\` there is nowhere to put them but the few folders that the
service really writes to: give those as \`tmpfs\` or as volumes.`,
  refs: ["CIS 5.13", "OWASP D8"],
  covers: ["semgrep:writable-filesystem-service"],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          «migrate»:
            image: acme/shop:1.2.3
          «proxy»: { image: "nginx:1.30", volumes: ["cache:/var/cache"], tmpfs: [/tmp], restart: "no" }
          «seed»:
            image: redis:8.4
        `,
      fixed: `
        services:
          migrate:
            image: acme/shop:1.2.3
            read_only: true
            tmpfs:
              - /tmp
          proxy: { image: "nginx:1.30", volumes: ["cache:/var/cache"], tmpfs: [/tmp, /var/run], restart: "no", read_only: true }
          seed:
            image: redis:8.4
            read_only: true
        `,
    },
    {
      bad: `
        services:
          db:
            image: postgres:18.1
            read_only: «false»
            tmpfs: /tmp:size=64m
            volumes: [ data:/var/lib/postgresql ]
        `,
      fixed: `
        services:
          db:
            image: postgres:18.1
            read_only: true
            tmpfs: /tmp:size=64m
            volumes: [ data:/var/lib/postgresql ]
        `,
      note: "said outright",
    },
    {
      good: `
        services:
          a: { image: "acme/a:1.2.3", read_only: true }
          b: { image: "acme/a:1.2.3", read_only: "\${READ_ONLY:-true}" }
          c: { image: "acme/a:1.2.3", read_only: "\${READ_ONLY}" }
        `,
    },
    {
      good: `
        services:
          web:
            extends: { file: common.yml, service: base }
            image: acme/web:1.2.3
        -- common.yml --
        services:
          base:
            read_only: true
        `,
      note: "what is extended says it",
    },
    {
      good: `
        services:
          web:
            image: acme/web:1.2.3
            profiles: [dev]
          win:
            image: mcr.microsoft.com/windows/servercore:ltsc2025
        `,
      note: "development; and Windows knows no such thing",
    },
    {
      good: "services:\n  web:\n    image: acme/web:1.2.3\n",
      file: "docker-compose.dev.yml",
      note: "a development file",
    },
    { good: "services:\n  ai:\n    provider:\n      type: model\n", note: "no container" },
  ],
  check: {
    service(service, report, context) {
      const readOnly = service.flag("read_only");
      const written = service.setting("read_only");
      if (!readOnly.known || readOnly.value || !canLack(service, context)) return;
      if (isForDevelopment(service, (written ?? service).file)) return;
      report(written ?? service, `${service.name} can write to its whole root file system`, {
        fix: () => fixIn(context.file, "Make the root file system read-only", "unsafe", closing(service, context)),
      });
    },
  },
});

function closing(service: Service, context: Context): readonly (FileEdits | undefined)[] {
  const folders = temporaryFolders(service, context);
  const written = service.setting("read_only");
  if (written === undefined) {
    const own: Addition = { key: "read_only", value: true };
    return [additions(service, [own, ...folders]) ?? additions(service, [own])];
  }
  const edits = written.replace(true);
  const more = folders.length === 0 ? undefined : additions(service, folders);
  return [edits && { file: written.file, edits }, ...(more === undefined ? [] : [more])];
}

/** The folders that the program writes to and that nothing is mounted on yet, as `tmpfs`. */
function temporaryFolders(service: Service, context: Context): readonly Addition[] {
  const reference = imageOf(service, context);
  const wanted = (reference === undefined ? undefined : writableFolders(reference)) ?? ["/tmp"];
  const given = service.settings("tmpfs");
  const targets = service.mounts.map((m) => m.target?.scalar.text ?? "");
  const mounted = [...given.map(({ scalar }) => scalar.text.replace(/:.*/s, "")), ...targets].map(folderAt);
  const missing = wanted.filter(
    (folder, i) =>
      !mounted.some((m) => isBelow(folderAt(folder), m)) &&
      !wanted.slice(0, i).some((earlier) => folderAt(earlier) === folderAt(folder)),
  );
  if (given.length > 0) return missing.map((item) => ({ list: "tmpfs", item }));
  return missing.length === 0 ? [] : [{ key: "tmpfs", value: missing }];
}

/** Images have `/var/run` as a link to `/run`. */
const folderAt = (path: string): string => (normalised(path) ?? path).replace(/^\/var\/run(?=\/|$)/, "/run");
