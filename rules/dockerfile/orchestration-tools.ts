import {
  basename,
  Copy,
  Env,
  Expose,
  rule,
  type Run,
  type Edit,
  type Severity,
  type Span,
  type Stage,
} from "../../engine/index";
import { download, urlFileName } from "../shared/downloads";
import { matchesImage } from "../shared/images/match";
import { packageCommand, packageName, removePackages } from "../shared/packages";
import { isDevelopmentStage, isServiceImage, runsOf, startCommands } from "../shared/stages";

/** Clients and daemons that start, stop or reach other containers, machines or clouds. */
const programs = new Set([
  "docker",
  "dockerd",
  "docker-compose",
  "docker-machine",
  "containerd",
  "ctr",
  "crictl",
  "nerdctl",
  "podman",
  "buildah",
  "kubectl",
  "kubeadm",
  "kubelet",
  "helm",
  "oc",
  "k9s",
  "terraform",
  "aws-iam-authenticator",
  "gcloud",
]);
const packages = new Set([
  "docker",
  "docker-ce",
  "docker-ce-cli",
  "docker.io",
  "docker-cli",
  "docker-engine",
  "docker-compose",
  "docker-compose-plugin",
  "moby-engine",
  "moby-cli",
  "containerd",
  "containerd.io",
  "nerdctl",
  "podman",
  "buildah",
  "cri-tools",
  "kubectl",
  "kubernetes-client",
  "kubeadm",
  "kubelet",
  "helm",
  "openshift-clients",
  "terraform",
  "aws-iam-authenticator",
  "google-cloud-sdk",
  "google-cloud-cli",
  "google-cloud-sdk-gke-gcloud-auth-plugin",
  "google-cloud-cli-gke-gcloud-auth-plugin",
]);

interface Tool {
  readonly at: Span;
  readonly name: string;
  readonly edits?: () => readonly Edit[] | undefined;
}

function copied(copy: Copy): readonly Tool[] {
  const target = basename(copy.destination?.text ?? "");
  return copy.sources.flatMap((source) => {
    const name = [target, basename(source.text.replace(/[?#].*/s, ""))].find((n) => programs.has(n));
    const isProgram =
      copy.fromFlag !== undefined ||
      /^https?:/.test(source.text) ||
      /(?:^|\/)s?bin\//.test(`${copy.destination?.text ?? ""}/`);
    return name === undefined || !isProgram || /\.d(?:\/|$)/.test(source.text) ? [] : [{ at: source, name }];
  });
}

function installed(run: Run): readonly Tool[] {
  return run.commands.flatMap((command): readonly Tool[] => {
    const found = packageCommand(command);
    if (found?.verb === "install") {
      return found.packages.flatMap((word) => {
        const name = packageName(found.manager, word) ?? "";
        return packages.has(name) ? [{ at: word, name, edits: () => removePackages(found, [word], run) }] : [];
      });
    }
    const fetched = download(command);
    const [url] = fetched?.urls ?? [];
    if (fetched === undefined || url === undefined) return [];
    const output = fetched.output === undefined ? urlFileName(url.source) : basename(fetched.output);
    return programs.has(output) ? [{ at: url, name: output }] : [];
  });
}

/** The tool is what the image is for. */
const isToolImage = (stage: Stage): boolean => startCommands(stage).some((c) => programs.has(c.name));

export default rule({
  id: "dockerfile/orchestration-tools",
  kind: "dockerfile",
  severity: "info",
  principle: "isolation",
  summary: "Container engine or orchestration tools in a service's image",
  why: `A service that is broken into should be a dead end. With \`docker\`, \`kubectl\` or a cloud's client at hand, the intruder turns
the socket, the service account token or the instance's role that the container may reach straight into new containers and other
people's secrets. Give such tools to a job of its own, and the service a narrow API.`,
  refs: [],
  covers: [],
  fix: "safe",
  examples: [
    {
      bad: 'FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends tini «docker.io»\nUSER 10001\nEXPOSE 8443\nCMD ["/app"]\n',
      fixed:
        'FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends tini\nUSER 10001\nEXPOSE 8443\nCMD ["/app"]\n',
    },
    {
      bad: 'FROM alpine:3.23\nCOPY --from=docker:29-cli «/usr/local/bin/docker» /usr/local/bin/\nENV «DOCKER_HOST=tcp://docker:2376»\nEXPOSE 8443\nCMD ["/app"]\n',
    },
    {
      bad: 'FROM alpine:3.23\nRUN wget -qO /usr/local/bin/kubectl «https://dl.k8s.io/v1.35.0/bin/linux/amd64/kubectl» && sha256sum -c /sums\nCMD ["nginx"]\n',
    },
    {
      bad: "FROM «docker:29-dind»\nUSER 10001\nHEALTHCHECK CMD docker info\n",
      severity: "warning",
      note: "a daemon inside the container",
    },
    {
      good: 'FROM alpine:3.23\nRUN apk add --no-cache kubectl helm\nENTRYPOINT ["kubectl"]\n',
      note: "an image for the tool",
    },
    { good: "FROM docker:29-cli\nRUN apk add --no-cache git\n", note: "a job of CI" },
    {
      good: "FROM alpine:3.23 AS build\nRUN apk add --no-cache docker-cli\nFROM alpine:3.23\nEXPOSE 8443\nCOPY docker /etc/docker/\n",
      note: "a build stage, and a folder of settings",
    },
    {
      good: 'FROM alpine:3.23\nRUN echo "apk add docker" > /readme && apk add --no-cache docker-doc\nCOPY docker ./docker\nEXPOSE 8443\n',
    },
  ],
  check: {
    shippedStage(stage, report, context) {
      if (isDevelopmentStage(stage, context.file)) return;
      const reference = stage.rootImage;
      const from = stage.chain[stage.chain.length - 1]?.from.source;
      const isDocker = reference !== undefined && matchesImage(reference, ["library/docker"]);
      const hasDaemon = isDocker && /(?:^|-)dind(?:-|$)/.test(reference.tag ?? "");
      const severity: Severity = hasDaemon ? "warning" : "info";
      const listens = isDocker ? stage.history.some((i) => i instanceof Expose) : isServiceImage(stage);
      const isService = listens && !isToolImage(stage);
      if (isDocker && from !== undefined && (hasDaemon || isService)) {
        report(from, `The image holds ${hasDaemon ? "a Docker daemon" : "Docker's client"}`, { severity });
      }
      if (!isService) return;
      const copies = stage.history.flatMap((i) => (i instanceof Copy ? copied(i) : []));
      for (const { at, name, edits } of [...copies, ...runsOf(stage).flatMap(installed)]) {
        report(at, `${name} lets whoever breaks into this service reach beyond it`, {
          fix: () => {
            const made = edits?.();
            return made && { title: `Remove ${name}`, applicability: "safe", edits: made };
          },
        });
      }
      for (const pair of stage.history.flatMap((i) => (i instanceof Env ? i.pairs : []))) {
        if (pair.name.text !== "DOCKER_HOST" || pair.value === undefined || pair.value.text === "") continue;
        report(pair, "DOCKER_HOST points this service at a container engine");
      }
    },
  },
});
