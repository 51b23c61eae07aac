import { expandChoices, type Fix, rule } from "../../engine/index";
import { type ImageUse, imageUses, isWritten, retag, tagPlace } from "../shared/compose/image-uses";
import { type EndedImage, endedImage, successor } from "../shared/ended-images";
import { serviceImage } from "../shared/images/services";

/** What they store is in the format of their version. */
const keepers = new Set(["relational", "document", "graph", "search", "vector"]);

function replacement(use: ImageUse, ended: EndedImage, today: string): Fix | undefined {
  const { reference, text } = use;
  const found = reference && successor(reference, ended, today);
  if (reference === undefined || found === undefined) return undefined;
  const isOther = ended.ends.some(({ part }) => part !== "system");
  const keeps = isOther && use.where === "service" && keepers.has(serviceImage(reference)?.kind ?? "");
  const first = keeps ? ", after a dump or an upgrade of the data" : "";
  if ("image" in found) {
    if (!isWritten(text)) return undefined;
    const edit = { span: { start: text.start, end: text.end }, text: found.image };
    return { title: `Use ${found.image}${first}`, applicability: "unsafe", edits: [edit] };
  }
  const edit = retag(use, found.tag);
  if (edit === undefined) return undefined;
  const title = `Use the tag ${found.tag}${first}`;
  if (!keeps) return { title, applicability: "guided", edits: [edit] };
  return { title, applicability: "unsafe", edits: [{ ...edit, text: expandChoices(edit.text) }] };
}

export default rule({
  id: "compose/end-of-life-image",
  kind: "compose",
  severity: "warning",
  principle: "supply-chain",
  summary: "Image whose version, system or repository gets no security updates",
  why: `Faults found after the end of support stay open for ever: the advisory and often the exploit are public, and pulling the
image again brings the same holes. Take a supported version. A database keeps its data in the format of its version: dump it, or
follow its upgrade guide, before the new image starts on the old volume. The dates come from endoflife.date as of the day in the
message, those of repositories from their owners.`,
  refs: ["CIS 4.4"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          db:
            image: postgres:«12-alpine»
            # the data
            volumes: ["data:/var/lib/postgresql/data"]
          web:
            image: '«node:\${NODE:-18}-slim»'
        volumes: { data: {} }
        `,
      fixed: `
        services:
          db:
            image: postgres:18-alpine
            # the data
            volumes: ["data:/var/lib/postgresql/data"]
          web:
            image: 'node:\${NODE:-24}-slim'
        volumes: { data: {} }
        `,
    },
    {
      bad: 'services: { "app": { "image": "«openjdk:17-jdk-slim»" }, "cache": { "image": "redis:${REDIS:-«6.0»}" } }\n',
      fixed:
        'services: { "app": { "image": "eclipse-temurin:17-jdk" }, "cache": { "image": "redis:${REDIS:-8.10}" } }\n',
      note: "the repository is over",
    },
    {
      bad: "services:\n  app:\n    image: ${IMAGE:-node:«18»}\n",
      fixed: "services:\n  app:\n    image: ${IMAGE:-node:24}\n",
    },
    {
      bad: "services:\n  app:\n    image: node:«${NODE}»\n-- .env --\nNODE=18\n",
      note: "the variable's value stands in another file",
    },
    {
      bad: "services:\n  app:\n    image: python:«3.10-slim»\n",
      fixed: "services:\n  app:\n    image: python:3.14-slim\n",
      severity: "info",
    },
    {
      bad: `
        services:
          app:
            build:
              context: .
              additional_contexts:
                base: docker-image://node:«18»
        `,
      fixed: `
        services:
          app:
            build:
              context: .
              additional_contexts:
                base: docker-image://node:24
        `,
      note: "what the build starts from",
    },
    { good: "services:\n  web:\n    image: node:24-slim\n" },
    { good: "services:\n  db:\n    image: postgres:${POSTGRES}\n", note: "not known" },
    { good: "services:\n  web:\n    build: .\n    image: node:18\n", note: "the name of what is built" },
    { good: "services:\n  app:\n    image: example.com/team/app:18\n" },
    {
      good: "services:\n  db:\n    image: postgres:12\n-- compose.override.yaml --\nservices:\n  db:\n    image: postgres:18\n",
      note: "the override takes another one",
    },
    { good: "services:\n  py:\n    image: python:3\n", note: "moves to the newest 3" },
  ],
  check: {
    service(service, report, context) {
      for (const use of imageUses(service)) {
        const ended = use.reference && endedImage(use.reference, context.today);
        if (ended === undefined) continue;
        report(ended.isRepository ? use.text : tagPlace(use), ended.message, {
          severity: ended.severity,
          fix: () => replacement(use, ended, context.today),
        });
      }
    },
  },
});
