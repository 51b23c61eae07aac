import { rule, type Command, type Span } from "../../engine/index";
import { packageCommand } from "../shared/packages";

/** Debian and Ubuntu releases by name, and Debian's moving ones (2026-11). */
const releases =
  /\b(?:wheezy|jessie|stretch|buster|bullseye|bookworm|trixie|forky|duke|sid|xenial|bionic|focal|jammy|kinetic|lunar|mantic|noble|oracular|plucky|questing|resolute)\b/g;

const namesOf = (text: string): readonly string[] => text.match(releases) ?? [];

/** `s/bookworm/trixie/` of a `sed` over the package sources: the release that is left and the one that is taken. */
function changedRelease(command: Command): { at: Span; from: string; to: string } | undefined {
  if (command.name !== "sed" || !command.args.some((a) => /\/etc\/apt\/sources\.list|\/etc\/apt\/\*/.test(a.source)))
    return undefined;
  for (const word of command.args) {
    const match = /^s(.)(.{1,200}?)\1(.{0,200}?)\1[a-zA-Z\d]*$/.exec(word.source);
    const [from] = namesOf(match?.[2] ?? "");
    const to = namesOf(match?.[3] ?? "").find((name) => name !== from);
    if (from !== undefined && to !== undefined && !namesOf(match?.[3] ?? "").includes(from))
      return { at: word, from, to };
  }
  return undefined;
}

/** The word that asks for another release, or for whatever it takes to reach the newest packages. */
function upgradeWord(command: Command): Span | undefined {
  if (command.name === "do-release-upgrade") return command.program;
  const word = packageCommand(command)?.word;
  const verb = word?.text;
  const isApt = /^(?:apt|apt-get|aptitude)$/.test(command.name) && (verb === "dist-upgrade" || verb === "full-upgrade");
  const isZypper = command.name === "zypper" && (verb === "dup" || verb === "dist-upgrade");
  const isDnf = /^(?:dnf5?|yum)$/.test(command.name) && verb === "system-upgrade";
  return isApt || isZypper || isDnf ? word : undefined;
}

export default rule({
  id: "dockerfile/distribution-upgrade",
  kind: "dockerfile",
  severity: "info",
  principle: "build",
  summary: "Distribution upgraded inside the image",
  why: `The image then is no longer the release that its FROM names: packages are swapped or removed as the resolver likes, and
scanners that match the base image's name look up the wrong advisories, so that an attacker's hole stays unseen. Choose the newer
release in FROM instead. Taking fixes within the release (\`apt-get upgrade\`, \`apk upgrade\`, \`dnf upgrade --security\`) is fine.`,
  refs: [],
  covers: [
    "hadolint:DL3035",
    "trivy:DS-0024",
    "dockle:DKL-DI-0003",
    "semgrep:avoid-apt-get-upgrade",
    "semgrep:avoid-zypper-update",
  ],
  fix: "none",
  examples: [
    { bad: "FROM debian:13-slim\nRUN apt-get update && apt-get -y «dist-upgrade»\n" },
    { bad: "FROM opensuse/leap:16.0\nRUN zypper --non-interactive «dup»\n" },
    {
      bad: "FROM ubuntu:24.04\nRUN apt update && apt «full-upgrade» -y && «do-release-upgrade» -f DistUpgradeViewNonInteractive\n",
    },
    {
      bad: "FROM debian:13-slim\nRUN sed -i «'s/trixie/forky/g'» /etc/apt/sources.list.d/debian.sources && apt-get update\n",
    },
    { good: "FROM debian:13-slim\nRUN apt-get update && apt-get upgrade -y\n", note: "fixes within the release" },
    { good: "FROM rockylinux/rockylinux:10\nRUN dnf upgrade -y --security && dnf clean all\n" },
    {
      good: "FROM debian:13-slim\nRUN sed -i 's/trixie main/trixie main contrib/' /etc/apt/sources.list && apt-get update && apt-get upgrade -y\n",
    },
    {
      good: 'FROM debian:13-slim\nRUN echo "apt-get dist-upgrade" && sed -i s/bookworm/trixie/ /srv/readme.txt\n',
      note: "data",
    },
  ],
  check: {
    command(command, instruction, report) {
      if (instruction.keyword !== "RUN") return;
      const word = upgradeWord(command);
      if (word !== undefined)
        report(word, `${command.name} upgrades the distribution: the image is no longer what its FROM names`);
      const changed = changedRelease(command);
      if (changed === undefined) return;
      report(
        changed.at,
        `The package sources are moved from ${changed.from} to ${changed.to}, away from what FROM names`,
      );
    },
  },
});
