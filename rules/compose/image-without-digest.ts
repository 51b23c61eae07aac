import { rule } from "../../engine/index";
import { addDigest, imageUses } from "../shared/compose/image-uses";
import { pinning } from "../shared/images/roles";

export default rule({
  id: "compose/image-without-digest",
  kind: "compose",
  severity: "hint",
  principle: "supply-chain",
  preset: "strict",
  summary: "Image named by its tag alone, without a digest",
  why: `A version tag can be pushed again: whoever takes over the registry account replaces \`1.4.2\` itself, and the next machine
that pulls runs the new content under the old name. A digest names the content, so such a swap fails the pull. Look it up with
\`docker buildx imagetools inspect\`, and let a bot keep it fresh.`,
  refs: ["CIS 4.2"],
  covers: [],
  fix: "guided",
  yieldsTo: ["compose/end-of-life-image", "compose/unpinned-image"],
  examples: [
    {
      bad: "services:\n  web:\n    image: «nginx:1.30» # the front\n",
      fixed: "services:\n  web:\n    image: nginx:1.30@sha256:digest # the front\n",
    },
    {
      bad: `
        services: { "web": { "image": "«acme/web:1.2.3»", "volumes": [{ "type": "image", "source": "«acme/site:4»", "target": "/site" }] } }
        `,
      fixed: `
        services: { "web": { "image": "acme/web:1.2.3@sha256:digest", "volumes": [{ "type": "image", "source": "acme/site:4@sha256:digest", "target": "/site" }] } }
        `,
    },
    {
      bad: "services:\n  web:\n    image: ${IMAGE:-«acme/web:1.2.3»}\n",
      fixed: "services:\n  web:\n    image: ${IMAGE:-acme/web:1.2.3@sha256:digest}\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.30@sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5\n",
    },
    { good: "services:\n  web:\n    image: nginx\n", note: "without a version there is more to say" },
    { good: "services:\n  web:\n    build: .\n    image: acme/web:1.2.3\n  job:\n    image: acme/web:1.2.3\n" },
    { good: "services:\n  web:\n    image: acme/web:${VERSION:?}\n", note: "the variable may bring a digest" },
  ],
  check: {
    service(service, report) {
      for (const use of imageUses(service)) {
        const { reference, text } = use;
        if (reference?.tag === undefined || pinning(reference) !== "version") continue;
        report(text, `${reference.familiar}:${reference.tag} can be pushed again with other content`, {
          fix: () => {
            const edit = addDigest(use);
            return edit && { title: "Pin the image by digest", applicability: "guided", edits: [edit] };
          },
        });
      }
    },
  },
});
