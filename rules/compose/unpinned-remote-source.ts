import {
  choice,
  type Context,
  type Edit,
  type Fix,
  type Report,
  rule,
  type Service,
  type Setting,
  type Span,
} from "../../engine/index";
import { addDigest, imageUses, isWritten, retag, tagPlace } from "../shared/compose/image-uses";
import { remoteFiles } from "../shared/compose/remote-files";
import { isRelease, type RemoteSource, remoteSource } from "../shared/compose/remote-sources";
import { someCommit } from "../shared/git-sources";
import { unpinned, wantedTag } from "../shared/unpinned-images";

/** A text that may be an address, wherever it stands. */
interface Address {
  readonly at: Span;
  readonly text: string;
  /** For a message: `The build context of web`. */
  readonly what: string;
  /** Undefined where these characters do not stand in the file as they are. */
  place(from: number, to: number): Span | undefined;
}

function address(setting: Setting | undefined, what: string): readonly Address[] {
  if (setting?.value.known !== true) return [];
  const place = (from: number, to: number): Span | undefined => {
    const part = setting.part(from, to);
    return isWritten(part) ? part : undefined;
  };
  return [{ at: setting, text: setting.value.value, what, place }];
}

function addressesOf({ name, build }: Service): readonly Address[] {
  return [
    ...address(build?.context, `The build context of ${name}`),
    ...address(build?.dockerfile, `The Dockerfile of ${name}`),
    ...(build?.additionalContexts ?? []).flatMap((c) => address(c.value, `The build context ${c.name} of ${name}`)),
  ];
}

function judge(address: Address, report: Report): void {
  const source = remoteSource(address.text);
  if (source === undefined || source.isFixed) return;
  const extra = isRelease(source) && !source.isPlaintext ? ({ severity: "info" } as const) : {};
  const isNamed = source.refAt !== undefined && source.refAt[0] < source.refAt[1] && !source.isPlaintext;
  const ref = isNamed ? address.place(...source.refAt) : undefined;
  report(ref ?? address.at, messageOf(address, source), { ...extra, fix: () => pin(address, source) });
}

function messageOf({ what }: Address, source: RemoteSource): string {
  const plain = source.isPlaintext ? ", and anybody on the way can replace it" : "";
  if (source.kind === "artifact")
    return `${what} comes from a registry without a digest: it is whatever was pushed last`;
  if (source.kind === "file") return `${what} comes from a web server, and nothing says what it must hold${plain}`;
  if (isRelease(source))
    return `${what} comes from the tag ${source.ref} of a git repository, which can be moved${plain}`;
  const branch = source.ref === undefined ? "its main branch" : `the branch ${source.ref}`;
  return `${what} comes from git without a commit: it is whatever ${branch} holds at the time${plain}`;
}

function pin({ text, place }: Address, { kind, refAt }: RemoteSource): Fix | undefined {
  if (kind === "file" || text.includes("?")) return undefined;
  const word = kind === "git" ? choice(1, someCommit) : choice(1, "digest");
  const [from, to] = refAt ?? [text.length, text.length];
  const at = from < to ? place(from, to) : place(from - 1, from);
  if (at === undefined) return undefined;
  const sign = kind === "artifact" ? "@sha256:" : refAt === undefined ? "#" : "";
  const edits: Edit[] = [{ span: { start: from < to ? at.start : at.end, end: at.end }, text: `${sign}${word}` }];
  const scheme = /^http:/i.test(text) ? place(0, "http".length) : undefined;
  if (scheme !== undefined) edits.push({ span: { start: scheme.start, end: scheme.end }, text: "https" });
  return { title: kind === "git" ? "Name one commit" : "Name the digest", applicability: "guided", edits };
}

/** The images among the build contexts; the other image rules speak of the rest. */
function contextImages(service: Service, report: Report, context: Context): void {
  for (const use of imageUses(service)) {
    const found = use.where === "context" && use.reference !== undefined ? unpinned(use.reference) : undefined;
    if (found === undefined || use.reference === undefined) continue;
    const { tag } = wantedTag(use.reference, context.file, context);
    report(tagPlace(use), found.message, {
      fix: () => {
        const edit = found.needsDigest ? addDigest(use) : retag(use, tag);
        const title = found.needsDigest ? "Pin the image by digest" : "Name a version";
        return edit && { title, applicability: "guided", edits: [edit] };
      },
    });
  }
}

export default rule({
  id: "compose/unpinned-remote-source",
  kind: "compose",
  severity: "warning",
  principle: "supply-chain",
  summary: "Code from elsewhere that is not fixed to one state",
  why: `Compose fetches these addresses and builds or runs what it gets, with the volumes, secrets and privileges that this file, or
the fetched one, hands out. A branch or a tag is whatever was pushed last: one stolen account of that project, and the next
\`docker compose up\` runs its intruder's code. Name a commit, or the digest of an artifact, and review what changes.`,
  refs: ["CWE-829"],
  covers: [],
  fix: "guided",
  yieldsTo: ["compose/end-of-life-image"],
  examples: [
    {
      bad: `
        services:
          app:
            # from upstream
            build: «https://github.com/acme/app.git»
          api:
            build:
              context: git@github.com:acme/api.git#«main»:docker
              additional_contexts:
                lib: https://github.com/acme/lib.git#\${LIB:-«develop»}
                base: docker-image://acme/base:«latest»
        `,
      fixed: `
        services:
          app:
            # from upstream
            build: https://github.com/acme/app.git#${someCommit}
          api:
            build:
              context: git@github.com:acme/api.git#${someCommit}:docker
              additional_contexts:
                lib: https://github.com/acme/lib.git#\${LIB:-${someCommit}}
                base: docker-image://acme/base:version
        `,
    },
    {
      bad: `
        include:
          - «oci://docker.io/acme/stack:1.2»
          - path: ["https://github.com/acme/db.git#«main»", compose.local.yaml]
        services:
          web:
            extends: { file: "«git@github.com:acme/base.git»", service: web }
        `,
      fixed: `
        include:
          - oci://docker.io/acme/stack:1.2@sha256:digest
          - path: ["https://github.com/acme/db.git#${someCommit}", compose.local.yaml]
        services:
          web:
            extends: { file: "git@github.com:acme/base.git#${someCommit}", service: web }
        `,
      note: "whole compose files",
    },
    {
      bad: "services:\n  app:\n    build:\n      context: .\n      dockerfile: «http://example.com/Dockerfile»\n",
      note: "nothing can fix a file of a web server",
    },
    {
      bad: 'services: { "app": { "build": { "context": "https://github.com/acme/app.git#«v1.2.0»" } } }\n',
      fixed: `services: { "app": { "build": { "context": "https://github.com/acme/app.git#${someCommit}" } } }\n`,
      severity: "info",
      note: "a tag says what was meant",
    },
    {
      bad: "services:\n  cloud:\n    provider:\n      type: «acmecloud»\n      options: { size: small }\n",
      severity: "info",
      note: "a program of the machine",
    },
    {
      good: `
        services:
          app:
            build: https://github.com/acme/app.git#${someCommit}:docker
          api:
            build:
              context: .
              additional_contexts:
                base: docker-image://acme/base@sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5
                lib: ../lib
                web: service:web
                own: target:build
                layout: oci-layout://./base
        `,
    },
    { good: "services:\n  app:\n    build: ${REPOSITORY}#main\n  api:\n    build: https://example.com/a.git#${REF}\n" },
    {
      good: `
        include:
          - db/compose.yaml
          - oci://docker.io/acme/stack@sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5
          - path: https://github.com/acme/db.git#\${REF}
        services:
          web: { extends: { file: base.yaml, service: web } }
        `,
    },
    { good: "services:\n  llm:\n    provider: { type: model, options: { model: ai/smollm2 } }\n" },
    { good: "services:\n  app:\n    build: ./github.com/acme/app.git\n", note: "a folder" },
  ],
  check: {
    project(project, report, { file }) {
      for (const remote of remoteFiles(project)) {
        if (remote.file !== file || remote.text.includes("$")) continue;
        const what = remote.how === "include" ? "An included file" : "A file with a service that is extended";
        judge({ at: remote, text: remote.text, what, place: remote.part }, report);
      }
    },
    service(service, report, context) {
      for (const each of addressesOf(service)) judge(each, report);
      contextImages(service, report, context);
      const type = service.setting("provider", "type");
      if (type?.value.known !== true || type.value.value === "model") return;
      const message = `Compose runs ${service.name} by ${type.value.value}, whatever program of that name the machine has`;
      report(type, message, { severity: "info" });
    },
  },
});
