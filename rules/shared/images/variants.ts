/** Tags, or first words of tags, that move with each release; `lts-alpine` and `stable-slim` move too. */
export const floatingWords: ReadonlySet<string> = new Set([
  "latest",
  "stable",
  "oldstable",
  "edge",
  "nightly",
  "dev",
  "devel",
  "develop",
  "main",
  "master",
  "mainline",
  "canary",
  "current",
  "lts",
  "rolling",
  "rawhide",
  "testing",
  "unstable",
  "sid",
]);

/** Words of official tags that choose a build of the same version; the newest versions are built so as well. */
const builds: ReadonlySet<string> = new Set([
  "slim",
  "alpine",
  "trixie",
  "bookworm",
  "noble",
  "jdk",
  "jre",
  "cli",
  "fpm",
  "apache",
  "zts",
  "management",
  "dind",
  "git",
  "rootless",
  "perl",
  "otel",
  "chiseled",
  "extra",
  "composite",
  "community",
  "enterprise",
  "oracle",
  "core",
  "jdk17",
  "jdk21",
  "jdk25",
]);

export function isBuildWord(word: string): boolean {
  return builds.has(word);
}
