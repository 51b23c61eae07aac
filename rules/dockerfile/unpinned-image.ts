import { type Context, expandChoices, type Fix, type ImageReference, type ImageUse, rule } from "../../engine/index";
import { addDigest, mayBeLaterStage, retag } from "../shared/references";
import { unpinned, wantedTag } from "../shared/unpinned-images";

function pin(image: ImageUse, reference: ImageReference, context: Context): Fix | undefined {
  const { tag, isDeclared } = wantedTag(reference, context.file, context);
  const edit = retag(image, tag);
  if (edit === undefined) return undefined;
  if (!isDeclared) return { title: "Name a version", applicability: "guided", edits: [edit] };
  const title = `Use ${tag}, the version that the project declares`;
  return { title, applicability: "safe", edits: [{ ...edit, text: expandChoices(edit.text) }] };
}

export default rule({
  id: "dockerfile/unpinned-image",
  kind: "dockerfile",
  severity: "warning",
  principle: "supply-chain",
  summary: "Image without a version: every build may get another one",
  why: `A tag like \`latest\` names whatever was pushed last. Two builds of one commit then differ, a faulty or malicious push reaches
production without a change that anybody reviewed, and a machine that cached the tag for a year ships its old holes. Name the
version, or better a digest.`,
  refs: ["CIS 5.28", "CWE-1357", "OWASP D9"],
  covers: [
    "hadolint:DL3006",
    "hadolint:DL3007",
    "checkov:CKV_DOCKER_7",
    "trivy:DS-0001",
    "kics:image_version_not_explicit",
    "kics:image_version_using_latest",
    "semgrep:missing-image-version",
    "semgrep:avoid-latest-version",
    "dockle:DKL-DI-0006",
  ],
  fix: "safe",
  yieldsTo: ["dockerfile/end-of-life-image", "dockerfile/copy-from-undefined-stage"],
  examples: [
    { bad: "FROM «node»\nUSER node\n", fixed: "FROM node:24\nUSER node\n" },
    {
      bad: 'FROM node:«lts-alpine»\nUSER node\n\n-- package.json --\n{"engines": {"node": "22.x"}}\n',
      fixed: 'FROM node:22-alpine\nUSER node\n\n-- package.json --\n{"engines": {"node": "22.x"}}\n',
      note: "the project says which version it needs",
    },
    {
      bad: "ARG TAG=latest\nFROM «registry.example.com/team/app:$TAG»\nUSER 1000\n",
      fixed: "ARG TAG=version\nFROM registry.example.com/team/app:$TAG\nUSER 1000\n",
    },
    {
      bad: "FROM alpine:3.23\nUSER 1000\nCOPY --from=«ghcr.io/astral-sh/uv» /uv /bin/\nRUN --mount=type=bind,from=acme/tools:«stable»,target=/t /t/x\n",
      fixed:
        "FROM alpine:3.23\nUSER 1000\nCOPY --from=ghcr.io/astral-sh/uv:version /uv /bin/\nRUN --mount=type=bind,from=acme/tools:version,target=/t /t/x\n",
    },
    {
      bad: "FROM «gcr.io/distroless/static-debian13:nonroot»\n",
      fixed: "FROM gcr.io/distroless/static-debian13:nonroot@sha256:digest\n",
      severity: "hint",
      note: "an image without version tags",
    },
    { good: "FROM node:24-slim\nUSER node\n" },
    { good: "FROM node:latest@sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5\nUSER node\n" },
    { good: "FROM ubuntu:noble\nUSER 1000\n", note: "the name is a version" },
    {
      good: "FROM debian:trixie-slim AS base\nFROM BASE AS next\nFROM scratch\nCOPY --from=base /a /a\nCOPY --from=1 /b /b\n",
    },
    { good: "FROM node:$TAG\nUSER node\n", note: "not known" },
    {
      good: "FROM alpine:3.23\nUSER 1000\nONBUILD COPY --from=builder /a /a\n",
      note: "a stage of the build that comes later",
    },
  ],
  check: {
    image(image, report, context) {
      const { reference } = image;
      if (reference === undefined || mayBeLaterStage(image)) return;
      const found = unpinned(reference);
      if (found === undefined) return;
      if (!found.needsDigest) {
        report(image.tagSpan ?? image, found.message, { fix: () => pin(image, reference, context) });
        return;
      }
      const edit = addDigest(image);
      report(image, found.message, {
        severity: "hint",
        fix: () => edit && { title: "Pin the image by digest", applicability: "guided", edits: [edit] },
      });
    },
  },
});
