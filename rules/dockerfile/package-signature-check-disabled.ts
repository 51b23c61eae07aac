import { rule, type Command } from "../../engine/index";
import { runs, settings } from "../shared/environment";
import { unsignedPackages } from "../shared/unsigned-packages";

export default rule({
  id: "dockerfile/package-signature-check-disabled",
  kind: "dockerfile",
  severity: "error",
  principle: "supply-chain",
  summary: "Packages installed without a check of their signatures",
  why: `The signature is what ties a package to the people who built it. Without its check a broken mirror, a hijacked name or
anybody on the path can put a package of their own into the image, and its install script runs as root in the build.
Where a repository is your own, sign it and add its key.`,
  refs: ["CIS 4.11", "CWE-347"],
  covers: [...[7, 8, 9, 10, 11].map((n) => `checkov:CKV2_DOCKER_${n}`), "dockle:CIS-DI-0011"],
  fix: "safe",
  examples: [
    {
      bad: "FROM debian:13-slim\nRUN apt-get update && apt-get install -y «--allow-unauthenticated» --no-install-recommends curl=8.14.1-2 && rm -rf /var/lib/apt/lists/*\n",
      fixed:
        "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl=8.14.1-2 && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      bad: "FROM almalinux:10\nRUN dnf -y «--nogpgcheck» \\\n    «--setopt=gpgcheck=0» makecache && rpm -i «--nosignature» /a.rpm\n",
      fixed: "FROM almalinux:10\nRUN dnf -y makecache && rpm -i /a.rpm\n",
    },
    {
      bad: "FROM debian:13-slim\nRUN echo 'deb [arch=amd64 «trusted=yes»] https://deb.example.com/ stable main' > /etc/apt/sources.list.d/e.list\n",
    },
    {
      bad: "FROM golang:1.26\nENV «GOSUMDB=off»\nRUN GOPROXY=direct «GONOSUMDB=*» go mod download\n",
      fixed: "FROM golang:1.26\nRUN GOPROXY=direct go mod download\n",
    },
    {
      bad: "FROM almalinux:10\nRUN sed -i 's/gpgcheck=1/«gpgcheck=0»/' /etc/yum.conf\n",
      fixed: "FROM almalinux:10\nRUN sed -i 's/gpgcheck=1/gpgcheck=1/' /etc/yum.conf\n",
    },
    {
      bad: "FROM alpine:3.23\nCOPY --from=build /out/tool.apk /tmp/\nRUN apk add --no-cache «--allow-untrusted» /tmp/tool.apk\n",
      severity: "info",
      note: "a package that the build itself made",
    },
    {
      good: "FROM almalinux:10\nRUN printf '[e]\\nbaseurl=https://e.example.com\\ngpgcheck=1\\nrepo_gpgcheck=0\\n' > /etc/yum.repos.d/e.repo\n",
    },
    {
      good: "FROM almalinux:10\nRUN rpm -qa --nosignature --nodigest && sed -i 's/gpgcheck=0/gpgcheck=1/' /etc/yum.conf\n",
      note: "only asks; turns it on",
    },
    { good: "FROM golang:1.26\nENV GOSUMDB=sum.golang.org GONOSUMDB=git.example.com/*\n" },
    {
      good: "FROM debian:13-slim\nRUN apt-get -o APT::Get::AllowUnauthenticated=false update && echo 'never --allow-unauthenticated'\n",
    },
  ],
  check: {
    instruction(instruction, report) {
      for (const setting of settings(instruction, isAboutSums)) {
        const effect = setting.value.known ? noSums(setting.name, setting.value.value) : undefined;
        if (effect === undefined) continue;
        report(setting, effect, {
          fix: () => {
            const edits = setting.remove();
            return edits === undefined ? undefined : { title: `Remove ${setting.name}`, applicability: "safe", edits };
          },
        });
      }
      if (!runs(instruction)) return;
      const earlier = (): readonly Command[] =>
        (instruction.stage?.instructions ?? [instruction]).flatMap((i) =>
          runs(i) && i.start <= instruction.start ? i.commands : [],
        );
      for (const command of instruction.commands) {
        for (const found of unsignedPackages(command, earlier)) {
          report(found, found.effect, {
            ...(found.severity === undefined ? {} : { severity: found.severity }),
            fix: () => {
              const fix = found.fix();
              return fix === undefined ? undefined : { title: "Check signatures again", ...fix };
            },
          });
        }
      }
    },
  },
});

const isAboutSums = (name: string): boolean => /SUM|DOCKER_CONTENT_TRUST/.test(name);

function noSums(name: string, value: string): string | undefined {
  const off = /^(?:0|off|false)$/i.test(value);
  if (name === "GOSUMDB" && value === "off") return "go compares no module with the public checksums (GOSUMDB=off)";
  if (name === "GONOSUMDB" && value === "*") return "go compares no module with the public checksums (GONOSUMDB=*)";
  if (name === "GONOSUMCHECK" && value === "1")
    return "go compares no module with the public checksums (GONOSUMCHECK=1)";
  if (name === "DOCKER_CONTENT_TRUST" && off) return `docker pulls unsigned images (DOCKER_CONTENT_TRUST=${value})`;
  return undefined;
}
