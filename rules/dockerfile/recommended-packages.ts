import { Copy, rule, Run, type Fix, type Instruction } from "../../engine/index";
import { packageCommand, packageName, type PackageCommand } from "../shared/packages";

/** Packages of Debian and Ubuntu that recommend nothing a program could miss (their control files, Debian 13). */
const selfContained = new Set([
  "ca-certificates",
  "tini",
  "dumb-init",
  "gosu",
  "tzdata",
  "jq",
  "unzip",
  "xz-utils",
  "bzip2",
  "make",
  "libpq5",
  "libpq-dev",
]);
/** They need the certificates, which are only recommended. */
const clients = new Set(["curl", "wget"]);

function applicability({ manager, packages }: PackageCommand): Fix["applicability"] {
  const names = packages.map((p) => packageName(manager, p) ?? "");
  const certificates = names.includes("ca-certificates");
  const safe = names.every((n) => selfContained.has(n) || (certificates && clients.has(n)));
  return manager === "apt" && safe ? "safe" : "unsafe";
}

const switchedOff = /(?:APT::)?Install-Recommends["']?[\s=:]+\\?["']?(?:0|false|no)\b/i;
const weakOff = /install_weak_deps["']?\s*=\s*["']?(?:0|false|no)\b/i;
const zypperOff = /solver\.onlyRequires\s*=\s*(?:true|yes|1)/i;

const options: Readonly<Record<string, { readonly text: string; readonly off: RegExp; readonly folder: string }>> = {
  apt: { text: "--no-install-recommends", off: switchedOff, folder: "/etc/apt/" },
  dnf: { text: "--setopt=install_weak_deps=False", off: weakOff, folder: "/etc/dnf/" },
  zypper: { text: "--no-recommends", off: zypperOff, folder: "/etc/zypp/" },
};

/** The command itself says what to do with recommended packages. */
function decides({ manager, options: given, command }: PackageCommand): boolean {
  if (command.args.some((a) => /recommends|install_weak_deps/i.test(a.source))) return true;
  return (
    given.find("--only-upgrade", "--download-only", "-d", ...(command.name === "aptitude" ? ["-R", "-r"] : [])) !==
      undefined || manager === "apk"
  );
}

/** An earlier step of the image, or this one, switched them off for good; a copied configuration may have. */
function isConfigured(manager: string, instruction: Run): boolean {
  const option = options[manager];
  if (option === undefined) return true;
  const sets = (i: Instruction): boolean => {
    if (i instanceof Copy)
      return (
        i.destination?.text.startsWith(option.folder) === true ||
        i.heredocs.some((h) => option.off.test(i.heredocBody(h).text))
      );
    return i instanceof Run && option.off.test(i.node.text);
  };
  return (instruction.stage?.history ?? []).some((i) => i.start <= instruction.start && sets(i));
}

export default rule({
  id: "dockerfile/recommended-packages",
  kind: "dockerfile",
  severity: "hint",
  principle: "supply-chain",
  summary: "Recommended packages installed along with those that are needed",
  why: `The package manager also installs what each package merely recommends: interpreters, mail servers, compilers. Nobody uses
them, but each widens what an intruder finds in the container and adds its own holes to patch. Ask for the packages themselves
only, and name those recommended ones that the program needs (\`ca-certificates\` for \`curl\`).`,
  refs: ["CIS 4.3"],
  covers: [
    "hadolint:DL3015",
    "trivy:DS-0029",
    "kics:apt_get_not_avoiding_additional_packages",
    "semgrep:missing-no-install-recommends",
    "dockle:CIS-DI-0003",
  ],
  fix: "safe",
  examples: [
    {
      bad: "FROM debian:13-slim\nRUN apt-get update && apt-get «install» -y tini ca-certificates curl && rm -rf /var/lib/apt/lists/*\n",
      fixed:
        "FROM debian:13-slim\nRUN apt-get update && apt-get install --no-install-recommends -y tini ca-certificates curl && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      bad: 'FROM debian:13-slim\nRUN ["apt-get", «"install"», "-y", "git"]\n',
      fixed: 'FROM debian:13-slim\nRUN ["apt-get", "install", "--no-install-recommends", "-y", "git"]\n',
      note: "git may need what it recommends",
    },
    {
      bad: "FROM rockylinux/rockylinux:10\nRUN dnf «install» -y nginx\n",
      fixed: "FROM rockylinux/rockylinux:10\nRUN dnf install --setopt=install_weak_deps=False -y nginx\n",
      note: "weak dependencies, in the strict preset",
    },
    {
      good: "FROM debian:13-slim\nRUN apt-get install -y curl --no-install-recommends\nRUN apt-get -o APT::Install-Recommends=0 install -y jq\n",
    },
    {
      good: `
        FROM debian:13-slim
        RUN echo 'APT::Install-Recommends "false";' > /etc/apt/apt.conf.d/99norecommends
        RUN apt-get update && apt-get install -y curl`,
      note: "switched off for good",
    },
    {
      good: "FROM debian:13-slim AS build\nRUN apt-get update && apt-get install -y make\nFROM scratch\nCOPY --from=build /a /a\n",
      note: "a build stage",
    },
    {
      good: "FROM debian:13-slim\nRUN apt-get install -y --install-recommends r-base && apt-get install --only-upgrade -y openssl\n",
    },
    { good: "FROM alpine:3.23\nRUN apk add --no-cache curl\n" },
  ],
  check: {
    command(command, instruction, report) {
      if (!(instruction instanceof Run) || instruction.stage?.shipped !== true) return;
      const found = packageCommand(command);
      if (found === undefined || found.verb !== "install" || found.word === undefined || found.packages.length === 0)
        return;
      const option = options[found.manager];
      const isInstall =
        /^(?:install|in)$/.test(found.word.text ?? "") && command.name !== "microdnf" && command.name !== "tdnf";
      if (option === undefined || !isInstall || decides(found) || isConfigured(found.manager, instruction)) return;
      const { word } = found;
      report(word, `${command.name} ${word.source} also installs what the packages only recommend`, {
        ...(found.manager === "apt" ? {} : { preset: "strict" }),
        fix: () => ({
          title: `Add ${option.text}`,
          applicability: applicability(found),
          edits: [command.insertAfter(word, option.text)],
        }),
      });
    },
  },
});
