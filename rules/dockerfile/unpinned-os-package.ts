import { choice, rule, Run, type Edit, type ShellWord } from "../../engine/index";
import { hasVersion, packageCommand, packageName, type PackageCommand, type PackageManager } from "../shared/packages";

const snapshotMirror = /\bsnapshot(?:-cloudflare)?\.(?:debian\.org|ubuntu\.com)\b|APT::Snapshot\b/;

/** What the user replaces; no mirror has it, so the build says so. */
const placeholder = "VERSION";

function pinOf(manager: PackageManager, word: ShellWord, number: number): Edit | undefined {
  if (word.raw !== word.text) return undefined;
  const written = `${manager === "dnf" ? "-" : "="}${choice(number, placeholder)}`;
  const { end } = word.part(word.raw.length - 1, word.raw.length);
  return { span: { start: end, end }, text: written };
}

function unpinned({ manager, packages, word }: PackageCommand): readonly { word: ShellWord; name: string }[] {
  if (manager === "pacman" || word?.text === "groupinstall" || word?.text === "group") return [];
  return packages.flatMap((p) => {
    const name = packageName(manager, p);
    return name === undefined || name === "" || hasVersion(manager, p) ? [] : [{ word: p, name }];
  });
}

export default rule({
  id: "dockerfile/unpinned-os-package",
  kind: "dockerfile",
  severity: "hint",
  principle: "supply-chain",
  preset: "strict",
  summary: "Package of the distribution installed without a version",
  why: `Two builds of one commit can hold different packages, and a mirror that serves a tampered or broken release gets it into the
next image unseen. Know the price: mirrors delete old versions, so a pinned build breaks when a fix is released, and somebody has
to raise the version by hand. Where a base image is pinned by its digest and packages come from a snapshot mirror, versions need
not be named.`,
  refs: ["CIS 4.11"],
  covers: [
    "hadolint:DL3008",
    "hadolint:DL3018",
    "hadolint:DL3033",
    "hadolint:DL3037",
    "hadolint:DL3041",
    "kics:apt_get_install_pin_version_not_defined",
    "kics:unpinned_package_version_in_apk_add",
    "kics:missing_version_specification_in_dnf_install",
    "kics:yum_install_without_version",
    "kics:zypper_install_without_version",
  ],
  fix: "guided",
  examples: [
    {
      bad: "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends «curl» git=1:2.47.3-0+deb13u1 jq\n",
      fixed:
        "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl=VERSION git=1:2.47.3-0+deb13u1 jq=VERSION\n",
    },
    {
      bad: "FROM alpine:3.23\nRUN apk add --no-cache --virtual .deps «bash»\n",
      fixed: "FROM alpine:3.23\nRUN apk add --no-cache --virtual .deps bash=VERSION\n",
    },
    {
      bad: "FROM rockylinux/rockylinux:10\nRUN dnf install -y «java-21-openjdk-headless»\n",
      fixed: "FROM rockylinux/rockylinux:10\nRUN dnf install -y java-21-openjdk-headless-VERSION\n",
      remains: "the placeholder of an rpm version cannot be told from a name",
    },
    { good: "FROM alpine:3.23\nARG DEPS\nRUN apk add --no-cache curl=8.17.0-r1 'bash~5.3' ./local.apk $DEPS\n" },
    {
      good: "FROM rockylinux/rockylinux:10\nRUN dnf install -y nginx-1.26.3-1.el10 https://example.com/a.rpm @development\n",
    },
    {
      good: `
        FROM debian:13-slim@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        RUN echo 'deb https://snapshot.debian.org/archive/debian/20260801T000000Z trixie main' > /etc/apt/sources.list && \\
            apt-get update && apt-get install -y --no-install-recommends curl`,
      note: "the snapshot fixes every version",
    },
    { good: 'FROM debian:13-slim\nRUN echo "apt-get install -y curl"\n', note: "data" },
  ],
  check: {
    command(command, instruction, report, context) {
      if (!(instruction instanceof Run)) return;
      const found = packageCommand(command);
      if (found?.verb !== "install") return;
      const [first, ...others] = unpinned(found);
      if (first === undefined) return;
      const { stage } = instruction;
      const fromSnapshot = stage?.history.some((i) => snapshotMirror.test(i.node.text)) === true;
      if (fromSnapshot && stage?.rootImage?.digest !== undefined) return;
      const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
      report(first.word, `${first.name}${more} is installed in whatever version the mirror has at build time`, {
        related: others.map((o) => ({ file: context.file, span: o.word, note: `${o.name} has no version either` })),
        fix: () => {
          const edits = [first, ...others]
            .map((p, i) => pinOf(found.manager, p.word, i + 1))
            .filter((e) => e !== undefined);
          if (edits.length === 0) return undefined;
          return { title: "Name the versions", applicability: "guided", edits };
        },
      });
    },
  },
});
