import { type Context, type Fix, type ImageUse, parseReference, rule, severities } from "../../engine/index";
import { type EndOfLife, endOfLife, snapshotDay, snapshotIsOld } from "../shared/images/end-of-life";
import { suggestTag } from "../shared/images/newest-tag";
import { pinning } from "../shared/images/roles";
import { retag } from "../shared/references";

function sentence(end: EndOfLife): string {
  const { what, kind, date } = end;
  if (kind === "discontinued")
    return `${what} gets no updates any more${end.newest === undefined ? "" : `, use ${end.newest}`}`;
  if (kind === "ending") return `${what} gets fixes only until ${date}`;
  if (kind === "lts-only") return `${what} has had only long-term support since ${date}`;
  return date === undefined ? `${what} gets no fixes any more` : `${what} has had no fixes since ${date}`;
}

function message(ends: readonly EndOfLife[], today: string): string {
  const text = ends.map(sentence).join("; ");
  if (ends.every(({ kind }) => kind === "discontinued")) return text;
  return `${text} (dates of ${snapshotDay}${snapshotIsOld(today) ? ", newer ones may exist" : ""})`;
}

/** Another repository may behave differently; another tag is the user's choice. */
function replacement(image: ImageUse, ends: readonly EndOfLife[], today: string): Fix | undefined {
  const { reference } = image;
  if (reference === undefined || reference.digest !== undefined) return undefined;
  const tag = suggestTag(reference, today);
  const found =
    ends.find((end) => end.replacement !== undefined)?.replacement ??
    (tag === undefined ? undefined : { repository: undefined, tag });
  if (found === undefined) return undefined;
  if (found.repository === undefined) {
    const edit = retag(image, found.tag);
    return edit && { title: `Use the tag ${found.tag}`, applicability: "guided", edits: [edit] };
  }
  const name = `${found.repository}:${found.tag}`;
  const target = parseReference(name);
  // A mirror's image stays with its mirror, which may not have the other one.
  const moves = target !== undefined && target.registry === "docker.io" && reference.registry !== "docker.io";
  if (!image.literal || target === undefined || moves || endOfLife(target, today).length > 0) return undefined;
  return {
    title: `Use ${name}`,
    applicability: "unsafe",
    edits: [{ span: { start: image.start, end: image.end }, text: name }],
  };
}

function ended(
  image: ImageUse,
  context: Context,
): { readonly ends: readonly EndOfLife[]; readonly worst: EndOfLife } | undefined {
  const ends = image.reference === undefined ? [] : endOfLife(image.reference, context.today);
  if (image.reference === undefined || ends.length === 0) return undefined;
  const worst = [...ends].sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))[0];
  if (worst === undefined) return undefined;
  // A version that moves is the greater fault than one whose end is near.
  const moves = ["floating", "untagged"].includes(pinning(image.reference));
  return worst.severity === "hint" && moves ? undefined : { ends, worst };
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
      const found = ended(image, context);
      if (found === undefined) return;
      const { ends, worst } = found;
      const whole = ends.some(({ part }) => part === "repository") || image.tagSpan === undefined;
      report(whole ? image : (image.tagSpan ?? image), message(ends, context.today), {
        severity: worst.severity,
        fix: () => replacement(image, ends, context.today),
      });
    },
  },
});
