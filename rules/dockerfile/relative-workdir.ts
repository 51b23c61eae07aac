import { rule, type Edit, type Fix, type ImageReference, type Stage, type Word } from "../../engine/index";
import { workdirAt } from "../shared/container-paths";
import { onWindows } from "../shared/effective-user";
import { imageSet } from "../shared/images/match";

/** Official images without a WORKDIR, so that it is `/`: their Dockerfiles, 2026-08. */
const isWithoutWorkdir = imageSet(
  [
    "almalinux",
    "alpine",
    "amazoncorretto",
    "amazonlinux",
    "buildpack-deps",
    "busybox",
    "debian",
    "eclipse-temurin",
    "fedora",
    "maven",
    "nginx",
    "node",
    "openjdk",
    "oraclelinux",
    "python",
    "rockylinux",
    "ruby",
    "rust",
    "ubuntu",
  ].map((name) => `library/${name}`),
);

const startsAtRoot = (image: ImageReference | undefined): boolean => image !== undefined && isWithoutWorkdir(image);
const fromRoot = (stage: Stage): boolean => stage.root.kind === "scratch" || startsAtRoot(stage.rootImage);

/** Relative whatever its variables hold; who writes `~` means a home, which the builder does not know. */
const isRelative = (path: string): boolean => path !== "" && !/^(?:[/\\$~]|[A-Za-z]:)/.test(path);

/** `/app` for `app` and `./app`; in the word's own quotes. */
function absolute(word: Word): Edit {
  const quote = /^["']/.test(word.raw) ? 1 : 0;
  const inner = word.raw.slice(quote, word.raw.length - quote);
  const text = `/${inner.replace(/^(?:\.{1,2}(?:\/+|$))+/, "")}`;
  return { span: { start: word.start + quote, end: word.end - quote }, text };
}

const fix = (word: Word, stage: Stage): Fix => ({
  title: "Write the path from /",
  applicability: fromRoot(stage) ? "safe" : "unsafe",
  edits: [absolute(word)],
});

export default rule({
  id: "dockerfile/relative-workdir",
  kind: "dockerfile",
  severity: "hint",
  principle: "build",
  summary: "A relative path while the file sets no working directory",
  why: `Where a relative \`WORKDIR\` or \`COPY\` target ends up is then decided by the base image. When its next version moves its
own working directory, files land elsewhere: next to secrets, over other programs, or where nobody looks for them in a review. An
absolute path says it.`,
  refs: [],
  covers: [
    "hadolint:DL3000",
    "hadolint:DL3045",
    "buildkit:WorkdirRelativePath",
    "checkov:CKV_DOCKER_10",
    "trivy:DS-0009",
    "kics:workdir_path_not_absolute",
  ],
  fix: "safe",
  examples: [
    { bad: "FROM alpine:3.23\nWORKDIR «app»\n", fixed: "FROM alpine:3.23\nWORKDIR /app\n" },
    {
      bad: 'FROM alpine:3.23\nCOPY a.txt «./»\nCOPY ["b c", «"conf/b c"»]\n',
      fixed: 'FROM alpine:3.23\nCOPY a.txt /\nCOPY ["b c", "/conf/b c"]\n',
      note: "COPY without any WORKDIR",
    },
    { bad: "FROM acme/base:1.2\nWORKDIR «./app»\n", fixed: "FROM acme/base:1.2\nWORKDIR /app\n" },
    { good: "FROM alpine:3.23\nWORKDIR /srv\nWORKDIR app\nCOPY . .\n" },
    { good: "FROM alpine:3.23 AS base\nWORKDIR /srv\nFROM base\nCOPY a .\n", note: "the other stage sets it" },
    { good: "FROM alpine:3.23\nENV HOME_DIR=/srv\nWORKDIR $HOME_DIR\nWORKDIR ${OTHER}/x\n" },
    { good: "FROM php:8.4-apache\nCOPY index.php .\n", note: "the base image has a working directory" },
    { good: "# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nWORKDIR C:\\app\nCOPY a .\n" },
  ],
  check: {
    workdir(workdir, report) {
      const { path, stage } = workdir;
      if (path === undefined || stage === undefined || workdir.onbuild !== undefined) return;
      if (!isRelative(path.text) || onWindows(stage) || workdirAt(workdir) !== "unset") return;
      report(path, `WORKDIR ${path.text} is relative: the base image decides where it lies`, {
        fix: () => fix(path, stage),
      });
    },
    copy(copy, report) {
      const { destination, stage } = copy;
      if (destination === undefined || stage === undefined || copy.onbuild !== undefined) return;
      if (!isRelative(destination.text) || onWindows(stage)) return;
      if (workdirAt(copy) !== "unset" || !fromRoot(stage)) return;
      report(destination, `${copy.keyword} to ${destination.text} is relative, and no WORKDIR says to what`, {
        fix: () => fix(destination, stage),
      });
    },
  },
});
