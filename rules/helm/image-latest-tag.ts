import {
  type Context,
  type Field,
  type Fix,
  fixIn,
  choice,
  parseReference,
  rule,
  type Span,
  type ValueSetting,
} from "../../engine/index";
import { severityWhereOn } from "../shared/helm/severity";
import { wantedTag } from "../shared/unpinned-images";

interface Latest {
  /** The tag. */
  readonly at: Span;
  readonly image: string;
  readonly edit: (tag: string) => ReturnType<Field["replace"]>;
}

const text = (field: Field | undefined): string => field?.string ?? "";

/** `tag: latest` beside the name of an image. */
function inMap({ name, field, around }: ValueSetting): Latest | undefined {
  if (name !== "tag" || text(field) !== "latest") return undefined;
  const repository = text(around.get("repository") ?? around.get("image") ?? around.get("name"));
  if (repository === "" || text(around.get("digest")) !== "" || text(around.get("sha")) !== "") return undefined;
  const registry = text(around.get("registry"));
  const image = registry === "" ? repository : `${registry}/${repository}`;
  return { at: field.part(0, "latest".length), image, edit: (tag) => field.replace(tag, { snippet: true }) };
}

/** `image: name:latest`. */
function inText({ name, field }: ValueSetting): Latest | undefined {
  const written = field.kind === "scalar" ? text(field) : "";
  if (!/image$/i.test(name) || !written.endsWith(":latest")) return undefined;
  const from = written.length - "latest".length;
  const image = written.slice(0, from - 1);
  return {
    at: field.part(from, written.length),
    image,
    edit: (tag) => field.replace(`${image}:${tag}`, { snippet: true }),
  };
}

function pin({ image, edit }: Latest, context: Context): Fix | undefined {
  const reference = parseReference(image);
  if (reference === undefined) return undefined;
  const edits = edit(choice(1, wantedTag(reference, context.file, context).tag));
  return fixIn(context.file, "Name a version", "guided", [edits && { edits }]);
}

export default rule({
  id: "helm/image-latest-tag",
  kind: "helm",
  severity: "warning",
  principle: "supply-chain",
  summary: "A chart installs whatever `latest` is",
  why: `A chart is released with a version so that the same version installs the same program. With \`latest\` two nodes that start the
pod on different days run different programs, a faulty or malicious push goes live at the next restart, and \`helm rollback\` rolls
nothing back. Name the version, or leave the tag empty where the template falls back to \`appVersion\`.`,
  refs: ["CWE-1357"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        image:
          registry: docker.io
          repository: redis
          tag: «latest»
          pullPolicy: IfNotPresent
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        image:
          registry: docker.io
          repository: redis
          tag: "8.10"
          pullPolicy: IfNotPresent
        `,
    },
    {
      bad: `
        initImage: "nginx:«latest»"
        web: { image: { repository: acme/web, tag: "«latest»" } }
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        initImage: "nginx:1.30"
        web: { image: { repository: acme/web, tag: "version" } }
        `,
      note: "in one text; in flow style",
    },
    {
      good: `
        image:
          repository: acme/web
          tag: ""
        cache: { repository: redis, tag: "8.2.1" }
        proxy: { repository: acme/proxy, tag: latest, digest: "sha256:0b6a027b5cf322f09f6706c754e086a232ec1ddba835c8a15c6cb74ef0d43c29" }
        initImage: busybox
        git: { branch: main, tag: latest }
        -- Chart.yaml --
        name: shop
        `,
      note: "by the chart's appVersion, versions, a digest, no image",
    },
    {
      good: `
        image: { repository: acme/web, tag: latest }
        `,
      note: "the values of no chart",
    },
  ],
  check: {
    setting(setting, report, context) {
      const latest = inMap(setting) ?? inText(setting);
      if (latest === undefined) return;
      report(latest.at, `The chart installs ${latest.image}:latest, which is another image every time it moves`, {
        severity: severityWhereOn("warning", setting),
        fix: () => pin(latest, context),
      });
    },
  },
});
