import { choice, dirname, type Fix, join, literal, rule, type Source } from "../../engine/index";
import { someCommit } from "../shared/git-sources";
import { type RemoteSource, remoteSource } from "../shared/kustomize/remote-sources";

function messageOf({ kind, ref, isFixed, isPlaintext }: RemoteSource): string {
  if (isPlaintext) return "This is fetched without TLS: anybody on the way can replace what is deployed";
  if (kind === "file" && ref === undefined) return "Nothing in the address says which version of the file is deployed";
  const state = ref === undefined ? "the main branch" : ref;
  return isFixed ? `${state} can be moved` : `What is deployed is whatever ${state} holds at the time of the build`;
}

function pin({ field, text }: Source, { kind, refAt, isPlaintext, isFixed }: RemoteSource): Fix | undefined {
  if (isPlaintext && isFixed) {
    const edits = field.replace(text.replace(/http:/i, "https:"));
    return edits && { title: "Fetch it by https", applicability: "unsafe", edits };
  }
  if (kind === "file" && refAt === undefined) return undefined;
  const [from, to] = refAt ?? [text.length, text.length];
  const sign = refAt !== undefined ? "" : text.includes("?") ? "&ref=" : "?ref=";
  const secure = (part: string): string => literal(isPlaintext ? part.replace(/http:/i, "https:") : part);
  const pinned = `${secure(text.slice(0, from))}${sign}${choice(1, someCommit)}${literal(text.slice(to))}`;
  const edits = field.replace(pinned, { snippet: true });
  return edits && { title: "Name one commit", applicability: "guided", edits };
}

export default rule({
  id: "kustomize/remote-base-unpinned",
  kind: "kustomize",
  severity: "warning",
  principle: "supply-chain",
  summary: "Remote base that is not fixed to one version",
  why: `Every build fetches the address anew and deploys what it gets. A branch is whatever was pushed last: who takes over one
account of that project puts a privileged pod into every cluster that is built from it, and nobody changed a line here. Name a
tag, or better a commit, by \`?ref=\`, and read what changes before it is raised.`,
  refs: ["CWE-829"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - deployment.yaml
          - «https://github.com/acme/platform//deploy/base» # shared
          - github.com/acme/metrics/deploy?ref=«main»
        components:
          - «git@github.com:acme/platform.git//components/tls?timeout=90s»
        `,
      fixed: `
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - deployment.yaml
          - https://github.com/acme/platform//deploy/base?ref=${someCommit} # shared
          - github.com/acme/metrics/deploy?ref=${someCommit}
        components:
          - git@github.com:acme/platform.git//components/tls?timeout=90s&ref=${someCommit}
        `,
    },
    {
      bad: `
        bases: ["git::https://git.acme.test/platform.git//base?ref=«release-0.8»"]
        `,
      fixed: `
        bases: ["git::https://git.acme.test/platform.git//base?ref=${someCommit}"]
        `,
      note: "a branch for a line of releases",
    },
    {
      bad: `
        resources:
          - https://raw.githubusercontent.com/acme/operator/«master»/deploy/operator.yaml
          - «https://operators.acme.test/install.yaml»
        crds:
          - «https://github.com/acme/operator/releases/latest/download/crds.yaml»
        `,
      fixed: `
        resources:
          - https://raw.githubusercontent.com/acme/operator/${someCommit}/deploy/operator.yaml
          - https://operators.acme.test/install.yaml
        crds:
          - https://github.com/acme/operator/releases/latest/download/crds.yaml
        `,
      remains: "Only its owner can say where a file of one version is to be had.",
    },
    {
      bad: `
        resources:
          - «http://git.acme.test/platform.git//base?ref=v1.4.0»
        `,
      fixed: `
        resources:
          - https://git.acme.test/platform.git//base?ref=v1.4.0
        `,
      note: "without TLS a tag is worth nothing",
    },
    {
      good: `
        resources:
          - ../base
          - deployment.yaml
          - https://github.com/acme/platform//deploy/base?ref=v1.4.0
          - github.com/acme/metrics/deploy?timeout=2m&ref=6e0c5f4f0a55fd1be7d0bd0a0d8d4a4d0d1a1d5d
          - https://github.com/acme/operator/releases/download/v0.9.1/operator.yaml
          - https://raw.githubusercontent.com/acme/operator/v0.9.1/deploy/crds.yaml
          - https://operators.acme.test/0.9/install.yaml
        `,
      note: "versions, and what lies in the project",
    },
    {
      good: "resources:\n  - github.com/acme/base\n-- github.com/acme/base/kustomization.yaml --\nnamespace: shop\n",
      note: "a folder of that name",
    },
    {
      good: 'resources: ["https://github.com/acme/platform//base?ref=${VERSION}"]\n',
      note: "filled in before the build",
    },
  ],
  check: {
    source(source, report, { project, file }) {
      const remote = remoteSource(source.text);
      if (remote === undefined || (remote.isFixed && !remote.isPlaintext)) return;
      const place = join(dirname(file), source.text);
      const isHere =
        !/:/.test(source.text) && ((project.under(place)?.length ?? 0) > 0 || project.exists(place) === true);
      if (isHere) return;
      const isRef = remote.refAt !== undefined && !remote.isPlaintext;
      const at = isRef && remote.refAt !== undefined ? source.field.part(...remote.refAt) : source.field;
      report(at, messageOf(remote), { fix: () => pin(source, remote) });
    },
  },
});
