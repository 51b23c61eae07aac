import {
  type Chart,
  choice,
  type Context,
  type Dependency,
  type Field,
  type Fix,
  fixIn,
  join,
  rule,
} from "../../engine/index";

/** Whether a version is one exactly, as Helm reads it. */
const isExact = (version: string): boolean =>
  /^[v=]?\s{0,9}\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/.test(version.trim());

/** Whether the chart's lock file says which versions are meant; undefined where that is not known. */
function isLocked({ directory, part }: Chart, { project }: Context): boolean | undefined {
  const lock = part === "chart" ? "Chart.lock" : "requirements.lock";
  return project.exists(join(directory, lock));
}

/** Charts that lie beside this one have the version that lies there. */
const isLocal = ({ repository }: Dependency): boolean => {
  const address = repository?.string ?? "";
  return repository === undefined || address === "" || address.startsWith("file:") || !/^[\w+.-]+:|^@/.test(address);
};

function pin(version: Field, context: Context): Fix | undefined {
  const [written] = /\d+(?:\.\d+){0,2}(?:-[\w.-]+)?/.exec(version.string ?? "") ?? [];
  const parts = (written ?? "1").split(".");
  const exact = parts.length >= 3 ? parts.join(".") : [...parts, "0", "0"].slice(0, 3).join(".");
  const edits = version.replace(choice(1, exact), { snippet: true });
  return fixIn(context.file, "Name one version", "guided", [edits && { edits }]);
}

function encrypt(repository: Field, context: Context): Fix | undefined {
  const edits = repository.replace((repository.string ?? "").replace(/^http:/, "https:"));
  return fixIn(context.file, "Fetch it over https", "unsafe", [edits && { edits }]);
}

/** An address that nobody else is on the way to. */
const isOwnMachine = (address: string): boolean => /^http:\/\/(?:localhost|127\.|\[::1\])/.test(address);

export default rule({
  id: "helm/dependency-unpinned",
  kind: "helm",
  severity: "info",
  principle: "supply-chain",
  summary: "A chart's dependency may be another one at every build",
  why: `Without a lock file \`helm dependency update\` takes the newest chart that the range allows. A maintainer's stolen account, or a
careless release, is then installed into your cluster with your next build, though nothing changed in your repository. Over plain
http anyone on the way can put another chart in its place. Name one version, or commit \`Chart.lock\`.`,
  refs: ["CWE-829", "CWE-1357"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      file: "Chart.yaml",
      bad: `
        apiVersion: v2
        name: shop
        version: 1.0.0
        dependencies:
          - name: postgresql
            version: «^15.2.1»
            repository: https://charts.example.org
          - { name: redis, version: «"18.x.x"», repository: "oci://registry.example.org/charts" }
          - name: «common»
            repository: "@internal"
        `,
      fixed: `
        apiVersion: v2
        name: shop
        version: 1.0.0
        dependencies:
          - name: postgresql
            version: 15.2.1
            repository: https://charts.example.org
          - { name: redis, version: "18.0.0", repository: "oci://registry.example.org/charts" }
          - name: common
            repository: "@internal"
        `,
      remains: "Where no version stands, somebody must choose one.",
    },
    {
      file: "Chart.yaml",
      bad: `
        apiVersion: v2
        name: shop
        version: 1.0.0
        dependencies:
          - name: postgresql
            version: 15.2.1
            repository: «http://charts.example.org»
        `,
      fixed: `
        apiVersion: v2
        name: shop
        version: 1.0.0
        dependencies:
          - name: postgresql
            version: 15.2.1
            repository: https://charts.example.org
        `,
      severity: "warning",
      note: "over plain http",
    },
    {
      file: "requirements.yaml",
      bad: `
        dependencies:
          - name: postgresql
            version: «">= 10"»
            repository: https://charts.example.org
        -- Chart.yaml --
        name: shop
        -- Chart.lock --
        dependencies: []
        `,
      fixed: `
        dependencies:
          - name: postgresql
            version: "10.0.0"
            repository: https://charts.example.org
        `,
      note: "the older form has another lock file",
    },
    {
      file: "Chart.yaml",
      good: `
        apiVersion: v2
        name: shop
        version: 1.0.0
        dependencies:
          - { name: postgresql, version: 15.2.1, repository: "https://charts.example.org" }
          - { name: redis, version: v18.0.0-rc.1, repository: "oci://registry.example.org/charts" }
          - { name: common, version: 1.x.x, repository: "file://../common" }
          - { name: own, version: "*" }
        `,
      note: "exact versions, charts beside this one",
    },
    {
      file: "Chart.yaml",
      good: `
        apiVersion: v2
        name: shop
        version: 1.0.0
        dependencies:
          - { name: postgresql, version: ^15.2.1, repository: "https://charts.example.org" }
        -- Chart.lock --
        dependencies: []
        `,
      note: "locked",
    },
    {
      file: "requirements.yaml",
      good: `
        dependencies:
          - { name: postgresql, version: "*", repository: "https://charts.example.org" }
        `,
      note: "of no chart",
    },
  ],
  check: {
    chart(chart, report, context) {
      const isFree = isLocked(chart, context) === false;
      for (const dependency of chart.dependencies) {
        const { name, version, repository, anchor } = dependency;
        const address = repository?.string ?? "";
        if (repository !== undefined && /^http:\/\//.test(address) && !isOwnMachine(address)) {
          report(
            repository,
            `${name} is fetched over plain http: anyone on the way can put another chart in its place`,
            {
              severity: "warning",
              fix: () => encrypt(repository, context),
            },
          );
        }
        if (!isFree || isLocal(dependency)) continue;
        if (version === undefined) report(anchor, `${name} has no version: every build takes the newest`);
        else if (version.text.known && !isExact(version.text.value)) {
          const message = `${name} may be any of ${version.text.value}, and no lock file says which`;
          report(version, message, { fix: () => pin(version, context) });
        }
      }
    },
  },
});
