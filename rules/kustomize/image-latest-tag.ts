import { choice, type Context, type Field, type Fix, parseReference, rule } from "../../engine/index";
import { unpinned, wantedTag } from "../shared/unpinned-images";

function pin(image: Field, tag: Field, context: Context): Fix | undefined {
  const reference = parseReference(`${nameOf(image)}:${tag.string}`);
  const wanted = reference === undefined ? "version" : wantedTag(reference, context.file, context).tag;
  const edits = tag.replace(choice(1, wanted), { snippet: true });
  return edits && { title: "Name a version", applicability: "guided", edits };
}

const nameOf = (image: Field): string => image.get("newName")?.string ?? image.get("name")?.string ?? "";

/** Tags that every build of a project moves. */
const moving = /^(?:latest|edge|nightly|canary|main|master|trunk|head|tip|dev|devel|develop|development|snapshot)$/i;

export default rule({
  id: "kustomize/image-latest-tag",
  kind: "kustomize",
  severity: "warning",
  principle: "supply-chain",
  summary: "A kustomization gives an image a tag that moves",
  why: `The tag that is written here takes the place of the one in every manifest. With \`latest\` two pods of the same deployment run
different programs after a node was replaced, a faulty or malicious push goes live by itself, and \`kubectl rollout undo\` leads
back to the same tag. Name the version, or better the digest, as a release pipeline does by \`kustomize edit set image\`.`,
  refs: ["CWE-1357"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [deployment.yaml]
        images:
          - name: registry.acme.test/shop
            newTag: «latest» # for now
          - name: acme/feed
            newName: registry.acme.test/feed
            newTag: "«nightly»"
        `,
      fixed: `
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [deployment.yaml]
        images:
          - name: registry.acme.test/shop
            newTag: version # for now
          - name: acme/feed
            newName: registry.acme.test/feed
            newTag: "version"
        `,
    },
    { bad: "images: [{ name: nginx, newTag: «latest» }]\n", fixed: 'images: [{ name: nginx, newTag: "1.30" }]\n' },
    {
      good: `
        images:
          - name: acme/shop
            newTag: v1.4.0
          - name: acme/feed
            newTag: latest
            digest: sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5
          - name: acme/jobs
            digest: sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5
        `,
      note: "a digest wins over a tag",
    },
    {
      good: "images: [{ name: acme/shop, newName: registry.acme.test/shop }, { name: acme/feed, tagSuffix: -fips }]\n",
      note: "the tag stays that of the manifests",
    },
    {
      good: "images: [{ name: acme/shop, newTag: IMAGE_TAG }, { name: acme/feed, newTag: ${TAG} }]\n",
      note: "filled in later",
    },
    { good: "images: [{ name: acme/shop, newTag: }, { newTag: 1.4 }, acme/feed]\n", note: "half written" },
  ],
  check: {
    kustomization({ images }, report, context) {
      for (const image of images) {
        const tag = image.get("newTag");
        const text = tag?.string;
        if (tag === undefined || text === undefined || !moving.test(text) || image.get("digest") !== undefined)
          continue;
        const reference = parseReference(`${nameOf(image)}:${text}`);
        const message = reference && unpinned(reference)?.message;
        const { start, end } = tag;
        const at = tag.part(0, text.length);
        const said = message ?? `${text} moves from version to version`;
        report(at.end > at.start ? at : { start, end }, said, { fix: () => pin(image, tag, context) });
      }
    },
  },
});
