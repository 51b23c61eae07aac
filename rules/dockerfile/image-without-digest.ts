import { rule } from "../../engine/index";
import { pinning } from "../shared/images/roles";
import { addDigest, mayBeLaterStage } from "../shared/references";

export default rule({
  id: "dockerfile/image-without-digest",
  kind: "dockerfile",
  severity: "hint",
  principle: "supply-chain",
  preset: "strict",
  summary: "Image named by its tag alone, without a digest",
  why: `A version tag can be pushed again: whoever takes over the registry account replaces \`1.4.2\` itself, and every later build
pulls the new content under the old name. A digest names the content, so such a swap fails the build. Look it up with
\`docker buildx imagetools inspect\`, and let a bot keep it fresh.`,
  refs: ["CIS 4.2", "CIS 4.5", "SLSA", "OWASP D13"],
  covers: ["semgrep:dockerfile-source-not-pinned", "dockle:CIS-DI-0005"],
  fix: "guided",
  yieldsTo: ["dockerfile/end-of-life-image", "dockerfile/unpinned-image", "dockerfile/copy-from-undefined-stage"],
  examples: [
    { bad: "FROM «node:24-slim»\nUSER node\n", fixed: "FROM node:24-slim@sha256:digest\nUSER node\n" },
    {
      bad: "ARG V=3.23\nFROM «alpine:$V» AS a\nFROM a\nUSER 1000\nCOPY --from=«nginx:1.31» /a /a\n",
      fixed:
        "ARG V=3.23\nFROM alpine:$V@sha256:digest AS a\nFROM a\nUSER 1000\nCOPY --from=nginx:1.31@sha256:digest /a /a\n",
    },
    { good: "FROM node:24-slim@sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5\nUSER node\n" },
    { good: "FROM node\nUSER node\n", note: "without a version there is more to say" },
    { good: "FROM scratch AS a\nFROM a\nUSER 1000\n" },
    { good: "FROM node:$TAG\nUSER node\n" },
  ],
  check: {
    image(image, report) {
      const { reference } = image;
      if (reference?.tag === undefined || mayBeLaterStage(image) || pinning(reference) !== "version") return;
      report(image, `${reference.familiar}:${reference.tag} can be pushed again with other content`, {
        fix: () => {
          const edit = addDigest(image);
          return edit && { title: "Pin the image by digest", applicability: "guided", edits: [edit] };
        },
      });
    },
  },
});
