import { type Context, type Fix, hole, type ImageReference, parseReference, rule } from "../../engine/index";
import { softened } from "../shared/compose/development";
import { addDigest, type ImageUse, imageUses, retag, tagPlace } from "../shared/compose/image-uses";
import { unpinned, wantedTag } from "../shared/unpinned-images";

interface Named {
  readonly reference: ImageReference;
  /** For messages. */
  readonly name: string;
}

/** What is written behind a registry that a variable names says whether there is a version. */
function named({ text, reference }: ImageUse): Named | undefined {
  if (reference !== undefined) return { reference, name: reference.familiar };
  const { text: written } = text.scalar;
  const slash = written.indexOf("/", written.lastIndexOf(hole));
  const rest = text.value.known || slash < 0 ? undefined : written.slice(slash + 1);
  const guess = rest === undefined ? undefined : parseReference(`unknown/${rest}`);
  return guess && { reference: guess, name: guess.familiar.slice("unknown/".length) };
}

function pin(use: ImageUse, context: Context): Fix | undefined {
  if (use.reference === undefined) return undefined;
  const edit = retag(use, wantedTag(use.reference, context.file, context).tag);
  return edit && { title: "Name a version", applicability: "guided", edits: [edit] };
}

function pinByDigest(use: ImageUse): Fix | undefined {
  const edit = addDigest(use);
  return edit && { title: "Pin the image by digest", applicability: "guided", edits: [edit] };
}

export default rule({
  id: "compose/unpinned-image",
  kind: "compose",
  severity: "warning",
  principle: "supply-chain",
  summary: "Image without a version: every pull may get another one",
  why: `Compose runs whatever the registry gives for the tag that day. With \`latest\` two machines that start the same file run
different programs, a faulty or malicious push goes live at the next \`docker compose pull\`, and nobody can say which version
was running when something broke. Name the version, or better a digest.`,
  refs: ["CIS 5.28", "CWE-1357"],
  covers: [],
  fix: "guided",
  yieldsTo: ["compose/end-of-life-image"],
  examples: [
    {
      bad: `
        services:
          cache:
            image: «redis» # fast
          web:
            image: "nginx:«latest»"
        `,
      fixed: `
        services:
          cache:
            image: redis:8.10 # fast
          web:
            image: "nginx:1.30"
        `,
    },
    {
      bad: `
        services: { app: { image: "acme/app:\${TAG:-«latest»}" }, db: { image: postgres:«alpine» } }
        `,
      fixed: `
        services: { app: { image: "acme/app:\${TAG:-version}" }, db: { image: postgres:18-alpine } }
        `,
      note: "the default of a variable counts",
    },
    {
      bad: `
        x-app: &app
          image: ghcr.io/acme/app:«edge»
        services:
          web: *app
          worker:
            <<: *app
            command: ["work"]
        `,
      fixed: `
        x-app: &app
          image: ghcr.io/acme/app:version
        services:
          web: *app
          worker:
            <<: *app
            command: ["work"]
        `,
      note: "once, at the anchor",
    },
    {
      bad: `
        services:
          site:
            image: nginx:1.30
            volumes:
              - type: image
                source: acme/site:«nightly»
                target: /usr/share/nginx/html
        `,
      fixed: `
        services:
          site:
            image: nginx:1.30
            volumes:
              - type: image
                source: acme/site:version
                target: /usr/share/nginx/html
        `,
      note: "an image that is mounted",
    },
    {
      bad: "services:\n  app:\n    image: «${REGISTRY}/acme/app:latest»\n",
      note: "whatever the registry is",
    },
    {
      bad: "services:\n  mail:\n    image: «axllent/mailpit»\n    profiles: [dev]\n",
      fixed: "services:\n  mail:\n    image: axllent/mailpit:version\n    profiles: [dev]\n",
      severity: "info",
      note: "only where people develop",
    },
    {
      bad: "services:\n  app:\n    image: «gcr.io/distroless/static-debian13:nonroot»\n",
      fixed: "services:\n  app:\n    image: gcr.io/distroless/static-debian13:nonroot@sha256:digest\n",
      severity: "hint",
      note: "an image without version tags",
    },
    {
      good: `
        services:
          web: { build: ./web, image: acme/web }
          worker: { image: "acme/web:latest", command: ["work"] }
          job: { image: shop-job }
          jobs: { build: ./job, image: shop-job:latest }
        `,
      note: "the project builds it",
    },
    { good: "services:\n  app:\n    image: ${IMAGE}\n  api:\n    image: acme/api:${TAG:?}\n", note: "not known" },
    {
      good: "services:\n  web:\n    image: nginx:latest@sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5\n",
    },
    {
      good: "services:\n  model:\n    provider: { type: model, options: { model: ai/smollm2 } }\n    image: nobody/uses-it\n",
    },
    {
      good: "services:\n  web:\n    image: nginx\n-- compose.override.yaml --\nservices:\n  web:\n    image: nginx:1.30\n",
      note: "the override names the version",
    },
    { good: "services:\n  tool:\n    image: our-tool\n    pull_policy: never\n", note: "made on this machine" },
    { good: "services:\n  db:\n    image: debian:trixie-slim\n", note: "the name is a version" },
  ],
  check: {
    service(service, report, context) {
      for (const use of imageUses(service)) {
        const image = use.where === "context" ? undefined : named(use);
        const found = image && unpinned(image.reference, image.name);
        if (found === undefined) continue;
        if (found.needsDigest) {
          report(use.text, found.message, { severity: "hint", fix: () => pinByDigest(use) });
          continue;
        }
        report(tagPlace(use), found.message, {
          severity: softened("warning", service, use.text.file),
          fix: () => pin(use, context),
        });
      }
    },
  },
});
