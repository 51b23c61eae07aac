import {
  choice,
  type Context,
  dirname,
  type Field,
  join,
  type Kustomization,
  type Report,
  rule,
} from "../../engine/index";

const lists = ["generators", "transformers", "validators"];

/** What tells kustomize to start a program of the machine. */
const startsProgram =
  /config\.kubernetes\.io\/function["']?[ \t]*:[^\n]{0,10}\n?(?:[ \t][^\n]*\n){0,20}?[ \t]*["']?exec["']?[ \t]*:/;

function plugins({ root }: Kustomization, report: Report, { project, file }: Context): void {
  for (const list of lists) {
    for (const item of root.get(list)?.items ?? []) {
      const text = item.string;
      if (text === undefined) continue;
      const read = text.includes("\n") ? text : (project.text(join(dirname(file), text)) ?? "");
      if (!startsProgram.test(read)) continue;
      report(item, "Whoever builds this starts a program of the machine, whatever it is there");
    }
  }
}

function chart(item: Field, report: Report): void {
  const repository = item.get("repo");
  const name = item.get("name");
  if (/^http:\/\//i.test(repository?.string ?? "") && repository !== undefined) {
    report(repository, `The chart ${name?.string ?? ""} is fetched without TLS: anybody on the way can replace it`, {
      fix: () => {
        const edits = repository.replace((repository.string ?? "").replace(/^http:/i, "https:"));
        return edits && { title: "Fetch it by https", applicability: "unsafe", edits };
      },
    });
  }
  // Without a repository the chart lies in the project.
  if (name?.string === undefined || repository === undefined || item.has("version")) return;
  report(name, `Nothing says which version of the chart ${name.string} is deployed`, {
    fix: () => {
      const edits = item.set(["version"], choice(1, "1.2.3"), { after: "repo", snippet: true });
      return edits && { title: "Name the version of the chart", applicability: "guided", edits };
    },
  });
}

export default rule({
  id: "kustomize/exec-plugin",
  kind: "kustomize",
  severity: "warning",
  principle: "supply-chain",
  summary: "A build that runs programs, or takes in charts that nothing pins",
  why: `A build with plugins starts programs with the rights of whoever builds, which in a pipeline means the cluster's credentials: a
pull request that changes the script has them before anybody has read it. A chart without a version, or fetched without TLS, lets
others decide what goes into the cluster. Use the transformers that kustomize has built in, and name the version of each chart.`,
  refs: ["CWE-829"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        helmCharts:
          - name: «redis»
            repo: https://charts.acme.test/stable # ours
            releaseName: cache
        `,
      fixed: `
        helmCharts:
          - name: redis
            repo: https://charts.acme.test/stable # ours
            version: 1.2.3
            releaseName: cache
        `,
    },
    {
      bad: `
        helmCharts:
          - { name: redis, repo: «http://charts.acme.test», version: 19.0.1 }
        `,
      fixed: `
        helmCharts:
          - { name: redis, repo: https://charts.acme.test, version: 19.0.1 }
        `,
    },
    {
      bad: `
        resources: [app.yaml]
        transformers:
          - «add-sidecars.yaml»
          - labels.yaml
        -- add-sidecars.yaml --
        apiVersion: transformers.acme.test/v1
        kind: Sidecars
        metadata:
          name: sidecars
          annotations:
            config.kubernetes.io/function: |
              exec:
                path: ./add-sidecars.sh
        -- labels.yaml --
        apiVersion: builtin
        kind: LabelTransformer
        metadata: { name: labels }
        labels: { team: shop }
        `,
    },
    {
      good: `
        helmCharts:
          - { name: redis, repo: "https://charts.acme.test", version: 19.0.1 }
          - { name: shop, releaseName: shop }
        helmGlobals: { chartHome: ../charts }
        `,
      note: "a version, and a chart of the project's own",
    },
    {
      good: `
        transformers: [set-image.yaml]
        -- set-image.yaml --
        apiVersion: fn.acme.test/v1
        kind: SetImage
        metadata:
          name: set-image
          annotations:
            config.kubernetes.io/function: |
              container:
                image: fn.acme.test/set-image:v1.2.0
        `,
      note: "a function in a container",
    },
    { good: "generators: [missing.yaml]\nvalidators: [./folder]\n", note: "not to be seen" },
  ],
  check: {
    kustomization(kustomization, report, context) {
      plugins(kustomization, report, context);
      for (const item of kustomization.root.get("helmCharts")?.items ?? []) chart(item, report);
    },
  },
});
