import { choice, type Copy, type Edit, type ImageReference, Run, rule, type Word } from "../../engine/index";
import { distribution } from "../shared/images/distribution";

const wholeRoot = /^\/+(?:\.|\*)?$/;

const small = new Set(["unknown", "scratch", "distroless", "windows"]);
const isSystem = (image: ImageReference | undefined): boolean =>
  image !== undefined && !small.has(distribution(image).family);

/**
 * What `--from` names, where it certainly holds a system: something runs in it, or it is a known distribution. A stage on
 * `scratch` holds what was put in, and an image that nobody knows may hold a single program.
 */
function systemName(copy: Copy): string | undefined {
  const stage = copy.fromStage;
  if (stage === undefined) {
    const image = copy.fromImage?.reference;
    return isSystem(image) ? image?.familiar : undefined;
  }
  if (stage.root.kind === "scratch") return undefined;
  return isSystem(stage.rootImage) || stage.history.some((i) => i instanceof Run) ? stage.title : undefined;
}

export default rule({
  id: "dockerfile/copy-root-filesystem",
  kind: "dockerfile",
  severity: "warning",
  principle: "build",
  summary: "Whole file system of another stage copied",
  why: `A second stage is there to leave things behind. Copying \`/\` takes everything along again: compilers, package caches, the
\`.npmrc\` or key that the build needed, and the shell that an attacker looks for after the first break-in. Copy the finished
artefact by its path.`,
  refs: ["CIS 4.3"],
  covers: ["hadolint:DL3067"],
  fix: "guided",
  examples: [
    {
      bad: `
        FROM alpine:3.23 AS build
        RUN make DESTDIR=/out install
        FROM scratch
        COPY --from=build «/» /
      `,
      fixed: `
        FROM alpine:3.23 AS build
        RUN make DESTDIR=/out install
        FROM scratch
        COPY --from=build /app /app
      `,
    },
    {
      bad: `
        FROM alpine:3.23
        COPY --link --from=debian:13-slim ["«/*»", "/"]
      `,
      fixed: `
        FROM alpine:3.23
        COPY --link --from=debian:13-slim ["/app", "/app"]
      `,
    },
    {
      good: `
        FROM alpine:3.23 AS build
        RUN make DESTDIR=/rootfs install
        FROM scratch
        COPY --from=build /rootfs /
        COPY --from=build /etc/ssl/certs/ /etc/ssl/certs/
      `,
    },
    {
      good: `
        FROM scratch AS rootfs
        ADD rootfs.tar.xz /
        FROM scratch
        COPY --from=rootfs / /
      `,
      note: "holds what was put in",
    },
    {
      good: "FROM tonistiigi/xx:1.9.0 AS xx\nFROM alpine:3.23\nCOPY --from=xx / /\n",
      note: "an image that may hold nothing but its programs",
    },
    { good: "FROM alpine:3.23\nCOPY / /app/\n", note: "the build context" },
  ],
  check: {
    copy(copy, report) {
      const { destination } = copy;
      if (destination === undefined || !wholeRoot.test(destination.text)) return;
      const source = copy.sources.find((word) => wholeRoot.test(word.text));
      const from = source === undefined || copy.onbuild !== undefined ? undefined : systemName(copy);
      if (source === undefined || from === undefined) return;
      const inside = ({ start, end, raw }: Word): { start: number; end: number } =>
        raw.startsWith('"') ? { start: start + 1, end: end - 1 } : { start, end };
      report(inside(source), `Everything in ${from} is copied, its tools, caches and secrets too`, {
        fix: () => {
          const edits: Edit[] = [source, destination].map((word) => ({ span: inside(word), text: choice(1, "/app") }));
          return { title: "Copy the finished artefact only", applicability: "guided", edits };
        },
      });
    },
  },
});
