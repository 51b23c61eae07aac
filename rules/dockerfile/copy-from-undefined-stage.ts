import {
  type Context,
  choice,
  dirname,
  type Fix,
  type ImageReference,
  type ImageUse,
  join,
  rule,
  type Stage,
} from "../../engine/index";
import { distribution } from "../shared/images/distribution";
import { productOf } from "../shared/images/products";
import { isLanguageImage } from "../shared/images/roles";
import { serviceImage } from "../shared/images/services";

/** `COPY --from=nginx` means the image: it needs a tag, but no stage. */
const isKnownImage = (reference: ImageReference): boolean =>
  productOf(reference) !== undefined ||
  serviceImage(reference) !== undefined ||
  isLanguageImage(reference) ||
  distribution(reference).family !== "unknown";

const bakeFiles = ["docker-bake.hcl", "docker-bake.json", "docker-bake.override.hcl"];

/** A bake file may give the build contexts of any name. */
function hasBakeFile({ file, project }: Context): boolean {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (bakeFiles.some((name) => project.exists(join(folder, name)) === true)) return true;
    if (folder === "") return false;
  }
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

const isSlip = (a: string, b: string): boolean => {
  const most = Math.min(a.length, b.length) / 2;
  return (
    Math.abs(a.length - b.length) <= 2 && Math.max(a.length, b.length) <= 64 && distance(a, b) <= Math.min(2, most)
  );
};

/** Another stage's name; a slip of the pen has one likely meaning. */
function rename(image: ImageUse, name: string): Fix | undefined {
  const stages = image.instruction.file.stages.slice(0, image.instruction.stage?.index ?? 0);
  const likely = stages.filter((s) => s.name !== undefined && isSlip(s.name.text.toLowerCase(), name.toLowerCase()));
  const span = { start: image.start, end: image.end };
  const [only, second] = likely;
  if (only?.name !== undefined && second === undefined) {
    const { text } = only.name;
    return { title: `Take it from the stage ${text}`, applicability: "unsafe", edits: [{ span, text }] };
  }
  const last = stages.at(-1);
  if (last === undefined) return undefined;
  const text = choice(1, last.name?.text ?? String(last.index));
  return { title: "Name the stage that is meant", applicability: "guided", edits: [{ span, text }] };
}

export default rule({
  id: "dockerfile/copy-from-undefined-stage",
  kind: "dockerfile",
  severity: "warning",
  principle: "supply-chain",
  summary: "Files taken from a stage that does not exist",
  why: `Where no earlier stage has the name, the builder pulls an image of that name from Docker Hub. A slip such as \`bulider\` then
copies files, and runs their code, from a repository that anybody could have registered. An image that is really meant should
say so with its registry and version.`,
  refs: ["CWE-706"],
  covers: [
    "hadolint:DL3022",
    "hadolint:DL3023",
    "trivy:DS-0006",
    "kics:copy_from_references_current_from_alias",
    "kics:copy_from_without_from_alias_defined_previously",
  ],
  fix: "unsafe",
  examples: [
    {
      bad: "FROM golang:1.27 AS builder\nFROM scratch\nUSER 1000\nCOPY --from=«bulider» /app /app\n",
      fixed: "FROM golang:1.27 AS builder\nFROM scratch\nUSER 1000\nCOPY --from=builder /app /app\n",
    },
    {
      bad: "FROM golang:1.27 AS compile\nFROM scratch\nUSER 1000\nCOPY --from=«builder» /app /app\nRUN --mount=from=«3»,target=/x /x/y\n",
      fixed:
        "FROM golang:1.27 AS compile\nFROM scratch\nUSER 1000\nCOPY --from=compile /app /app\nRUN --mount=from=compile,target=/x /x/y\n",
    },
    { bad: "FROM alpine:3.23 AS app\nUSER 1000\nCOPY --from=«app» /a /b\n", note: "the stage itself" },
    {
      bad: "FROM alpine:3.23 AS one\nCOPY --from=«two» /a /b\nFROM one AS two\nUSER 1000\n",
      note: "only earlier stages count",
    },
    { good: "FROM golang:1.27 AS build\nFROM scratch\nUSER 1000\nCOPY --from=Build /a /a\nCOPY --from=0 /b /b\n" },
    {
      good: "FROM alpine:3.23\nUSER 1000\nCOPY --from=nginx:1.31 /a /a\nCOPY --from=example.com/app /b /b\n",
      note: "images",
    },
    {
      good: "FROM alpine:3.23\nUSER 1000\nCOPY --from=composer /usr/bin/composer /usr/bin/\n",
      note: "the well-known image",
    },
    { good: "FROM alpine:3.23\nUSER 1000\nCOPY --from=$STAGE /a /a\n", note: "not known" },
    {
      good: "FROM alpine:3.23\nUSER 1000\nONBUILD COPY --from=builder /a /a\n",
      note: "a stage of the build that comes later",
    },
    {
      good: 'FROM alpine:3.23\nUSER 1000\nCOPY --from=assets /a /a\n\n-- docker-bake.hcl --\ntarget "x" {}\n',
      note: "a bake file may name the context",
    },
    {
      good: `
        FROM alpine:3.23
        USER 1000
        COPY --from=assets /a /a

        -- compose.yaml --
        services:
          web:
            build: { context: ., additional_contexts: { assets: ./assets } }
        `,
      note: "a context that compose gives the build",
    },
  ],
  check: {
    image(image, report, context) {
      const { instruction, text, where, word } = image;
      if (where === "from" || !text.known || instruction.onbuild !== undefined || word.raw.includes("$")) return;
      const name = text.value;
      if (!/^\w[\w-]*$/.test(name) || /^(?:scratch|context)$/i.test(name)) return;
      const { file, stage } = instruction;
      const meant = file.stageNamed(name, file.stages.length);
      const isNumber = /^\d+$/.test(name);
      if (meant === undefined && !isNumber) {
        const { reference } = image;
        if ((reference !== undefined && isKnownImage(reference)) || hasBakeFile(context)) return;
        if (context.project.builds(context.file).some((s) => s.contexts.includes(name) || s.isOpen)) return;
      }
      report(image, complaint(name, meant, stage), { fix: () => rename(image, name) });
    },
  },
});

function complaint(name: string, meant: Stage | undefined, own: Stage | undefined): string {
  if (meant === undefined && !/^\d+$/.test(name)) {
    return `There is no stage ${name}: the builder would pull an image of that name from Docker Hub`;
  }
  if (meant === undefined) return `There is no stage ${name} above this line`;
  return meant === own
    ? `${name} is this stage itself`
    : `The stage ${name} stands below this line: only earlier ones count`;
}
