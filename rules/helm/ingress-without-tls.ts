import { choice, type Context, type Field, type Fix, fixIn, literal, rule, type YamlData } from "../../engine/index";
import { chartName } from "../shared/helm/charts";
import { severityWhereOn } from "../shared/helm/severity";

/** Annotations by which a controller serves TLS without a `tls` entry. */
const certificates =
  /(?:certificate|ssl-cert|pre-shared-cert|managed-cert|frontend-config|ssl-passthrough|router\.tls|\btls\b)/i;

/** Whether the map of an ingress says anything about TLS. */
function hasTls(ingress: Field): boolean {
  const tls = ingress.get("tls");
  if (tls?.kind === "list" && tls.items.length > 0) return true;
  if (tls?.kind === "map" && tls.entries.length > 0 && tls.get("enabled")?.boolean !== false) return true;
  if (tls?.kind === "scalar" && tls.boolean !== false) return true;
  if (ingress.get("selfSigned")?.boolean === true || (ingress.get("extraTls")?.items.length ?? 0) > 0) return true;
  if (ingress.entries.some(([name, value]) => /tls|ssl|cert/i.test(name) && name !== "tls" && isSaid(value)))
    return true;
  return (ingress.get("annotations")?.entries ?? []).some(
    ([name, { string }]) => certificates.test(name) && string !== "",
  );
}

const isSaid = (value: Field): boolean =>
  value.kind === "scalar"
    ? value.boolean !== false && value.string !== ""
    : value.entries.length + value.items.length > 0;

const hostsOf = (ingress: Field): readonly string[] => [
  ...(ingress.get("hosts")?.items ?? []).flatMap((item) => item.string ?? item.get("host")?.string ?? []),
  ...["hostname", "host"].flatMap((key) => ingress.get(key)?.string ?? []),
];

function addTls(ingress: Field, context: Context): Fix | undefined {
  const tls = ingress.get("tls");
  if (tls?.kind === "scalar") {
    const edits = tls.replace(true);
    return fixIn(context.file, "Switch TLS on", "guided", [edits && { edits }]);
  }
  if (tls?.kind === "map") return undefined;
  const hosts = hostsOf(ingress).filter((host) => host !== "");
  const [host] = hosts;
  const data: YamlData = [
    {
      secretName: choice(1, `${(host ?? "shop").replace(/^\*\./, "").replace(/[^a-z0-9.-]/gi, "-")}-tls`),
      ...(host === undefined ? {} : { hosts: hosts.map(literal) }),
    },
  ];
  const edits =
    ingress.set(["tls"], data, { after: "hosts", snippet: true }) ?? ingress.set(["tls"], data, { snippet: true });
  return fixIn(context.file, "Add a certificate's Secret", "guided", [edits && { edits }]);
}

export default rule({
  id: "helm/ingress-without-tls",
  kind: "helm",
  severity: "warning",
  principle: "encrypt",
  summary: "A chart's ingress is on by default, and without TLS",
  why: `Who installs the chart as it is publishes it over plain HTTP. Anyone on the way, such as the owner of a hotel's network, reads
the visitors' passwords and session cookies and changes what they see. Give the ingress a certificate, or leave it off by default.`,
  refs: ["CWE-319"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: `
        ingress:
          enabled: «true»
          className: nginx
          hosts:
            - host: shop.example.com
              paths: [{ path: /, pathType: Prefix }]
          tls: []
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        ingress:
          enabled: true
          className: nginx
          hosts:
            - host: shop.example.com
              paths: [{ path: /, pathType: Prefix }]
          tls:
            - secretName: shop.example.com-tls
              hosts:
                - shop.example.com
        `,
    },
    {
      bad: `
        web:
          ingress:
            enabled: «true»
            hostname: shop.example.com
            tls: false
        -- Chart.yaml --
        name: shop
        `,
      fixed: `
        web:
          ingress:
            enabled: true
            hostname: shop.example.com
            tls: true
        `,
      note: "a switch",
    },
    {
      good: `
        ingress:
          enabled: false
          tls: []
        api: { ingress: { enabled: true, tls: [{ secretName: api-tls }] } }
        web: { ingress: { enabled: true, hostname: a.example.com, tls: true } }
        admin:
          ingress:
            enabled: true
            annotations: { alb.ingress.kubernetes.io/certificate-arn: "arn:aws:acm:eu-west-1:1:certificate/x" }
            tls: []
        -- Chart.yaml --
        name: shop
        `,
      note: "off; with a certificate, a switch, a controller's certificate",
    },
    {
      file: "ci/ingress-values.yaml",
      good: `
        ingress: { enabled: true, tls: [] }
        -- Chart.yaml --
        name: shop
        `,
      note: "the chart's own tests",
    },
    { good: "ingress: { enabled: true, tls: [] }", note: "the values of no chart" },
  ],
  check: {
    setting(setting, report, context) {
      const { name, field, values } = setting;
      if (!/^ingress$|Ingress$/.test(name) || field.kind !== "map" || values.role === "trial") return;
      const enabled = field.get("enabled");
      if (enabled?.boolean !== true || hasTls(field)) return;
      const chart = chartName(values.directory, context) || "The chart";
      report(enabled, `${chart} is published without TLS unless somebody sets ${setting.title}.tls`, {
        severity: severityWhereOn("warning", setting),
        fix: () => addTls(field, context),
      });
    },
  },
});
