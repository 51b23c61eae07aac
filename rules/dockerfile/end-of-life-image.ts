import { type Fix, type ImageUse, rule } from "../../engine/index";
import { type EndedImage, endedImage, successor } from "../shared/ended-images";
import { retag } from "../shared/references";

/** Another repository may behave differently; another tag is the user's choice. */
function replacement(image: ImageUse, ended: EndedImage, today: string): Fix | undefined {
  const found = image.reference && successor(image.reference, ended, today);
  if (found === undefined) return undefined;
  if ("tag" in found) {
    const edit = retag(image, found.tag);
    return edit && { title: `Use the tag ${found.tag}`, applicability: "guided", edits: [edit] };
  }
  if (!image.literal) return undefined;
  const edit = { span: { start: image.start, end: image.end }, text: found.image };
  return { title: `Use ${found.image}`, applicability: "unsafe", edits: [edit] };
}

export default rule({
  id: "dockerfile/end-of-life-image",
  kind: "dockerfile",
  severity: "warning",
  principle: "supply-chain",
  summary: "Image whose version, system or repository gets no security updates",
  why: `Faults found after the end of support stay open for ever: the advisory and often the exploit are public, and rebuilding the
image pulls the same holes again. Take a supported version; for a database plan the upgrade of its data. The dates come from
endoflife.date as of the day in the message, those of repositories from their owners.`,
  refs: ["CIS 4.4", "CWE-1104"],
  covers: ["dockle:CIS-DI-0004"],
  fix: "unsafe",
  examples: [
    { bad: "FROM node:«20-slim»\nUSER node\n", fixed: "FROM node:24-slim\nUSER node\n" },
    {
      bad: "ARG REG=docker.io/library\nARG V\nFROM «${REG}/node:${V:-20.11}-alpine»\nUSER node\n",
      fixed: "ARG REG=docker.io/library\nARG V\nFROM ${REG}/node:${V:-24}-alpine\nUSER node\n",
    },
    {
      bad: "ARG PYTHON=3.8\nFROM «python:${PYTHON}-slim»\nUSER 1000\n",
      fixed: "ARG PYTHON=3.14\nFROM python:${PYTHON}-slim\nUSER 1000\n",
      note: "the default of the argument is what to change",
    },
    {
      bad: "FROM node:«24-buster»\nUSER node\n",
      fixed: "FROM node:24-trixie\nUSER node\n",
      note: "the system is over",
    },
    { bad: "FROM «openjdk:17-jdk-slim»\nUSER 1000\n", fixed: "FROM eclipse-temurin:17-jdk\nUSER 1000\n" },
    { bad: "FROM python:«3.10-slim»\nUSER 1000\n", fixed: "FROM python:3.14-slim\nUSER 1000\n", severity: "info" },
    {
      bad: "FROM alpine:3.23\nUSER 1000\nCOPY --from=redis:«6.0» /usr/local/bin/redis-cli /bin/\n",
      fixed: "FROM alpine:3.23\nUSER 1000\nCOPY --from=redis:8.10 /usr/local/bin/redis-cli /bin/\n",
    },
    { good: "FROM node:24-slim\nUSER node\n" },
    { good: "FROM python:3\nUSER 1000\n", note: "moves to the newest 3" },
    { good: "FROM golang:bookworm\nUSER 1000\n", note: "long-term support; that it moves is unpinned-image's matter" },
    { good: "FROM node:$VERSION\nUSER node\n" },
    { good: "FROM node@sha256:6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d0f2a0b4c5e6f708192a3b4c5\nUSER node\n" },
    { good: "FROM alpine:3.23 AS node\nFROM node\nUSER 1000\n", note: "a stage" },
    { good: "FROM example.com/team/app:18\nUSER 1000\n" },
  ],
  check: {
    image(image, report, context) {
      const ended = image.reference && endedImage(image.reference, context.today);
      if (ended === undefined) return;
      report(ended.isRepository ? image : (image.tagSpan ?? image), ended.message, {
        severity: ended.severity,
        fix: () => replacement(image, ended, context.today),
      });
    },
  },
});
