import {
  type ComposeProject,
  type Datum,
  type FileEdits,
  fixIn,
  Part,
  type Resource,
  rule,
  type Service,
  type YamlData,
} from "../../engine/index";
import { together, withoutQuotes } from "../shared/compose/joint-edits";
import { secretSign, usesOf } from "../shared/compose/secret-names";
import { setAtTop } from "../shared/compose/top-level";

type Scalar = Extract<Datum, { kind: "scalar" }>;

/** The texts of an entry; undefined where it has others than those of the keys, or some come from elsewhere. */
function textsOf(part: Part, datum: Datum, keys: readonly string[]): ReadonlyMap<string, Scalar> | undefined {
  if (datum.kind !== "mapping" || datum.open || part.replaced.length > 0) return undefined;
  const texts = new Map<string, Scalar>();
  for (const [key, value] of datum.entries) {
    if (value.kind === "scalar" && value.implied) continue;
    if (value.kind !== "scalar" || !keys.includes(key) || value.replaced.length > 0) return undefined;
    texts.set(key, value);
  }
  return texts;
}

/** The same as data; undefined where variables are in it. */
function dataOf(texts: ReadonlyMap<string, Scalar>): Readonly<Record<string, YamlData>> | undefined {
  if ([...texts.values()].some((t) => t.pieces?.some((p) => p.how !== "written") === true)) return undefined;
  return Object.fromEntries([...texts].map(([key, t]) => [key, t.type === "boolean" ? t.text === "true" : t.text]));
}

/** A service's use of a config, as one of a secret; the file appears where it did. */
function moved(service: Service, name: string): readonly (FileEdits | undefined)[] {
  const uses = service.configs;
  const use = uses.find((c) => c.name === name);
  const whole = service.part("configs");
  if (use === undefined || whole?.file !== use.part.file) return [undefined];
  const { part } = use;
  const texts = textsOf(part, part.datum, ["source", "target"]);
  const data = texts && dataOf(texts);
  if (data === undefined) return [undefined];
  const given = { ...data, target: use.target ?? `/${name}` };
  const { file, keySpan } = whole;
  if (uses.length > 1 || service.get("secrets") !== undefined || keySpan === undefined) {
    const removal = uses.length === 1 ? whole.remove() : part.remove();
    return [removal && { file, edits: removal }, service.append(["secrets"], given, { file })];
  }
  const edits = part.replace(given);
  return [edits && { file, edits: [{ span: withoutQuotes(keySpan, "configs"), text: "secrets" }, ...edits] }];
}

/** The config declared as a secret; undefined where secrets have no word for where it comes from. */
function redeclared(config: Resource, project: ComposeProject): readonly (FileEdits | undefined)[] {
  const all = project.loaded.model.get("configs");
  const whole = all && new Part(all, ["configs"]);
  const texts = textsOf(config, config.mapping, ["file", "environment", "external", "name"]);
  if (whole === undefined || texts === undefined || whole.file !== config.file) return [undefined];
  const { file, keySpan } = whole;
  if (project.configs.length > 1 || project.secrets.length > 0 || keySpan === undefined) {
    const removal = project.configs.length === 1 ? whole.remove() : config.remove();
    const data = dataOf(texts);
    if (data === undefined) return [undefined];
    return [removal && { file, edits: removal }, setAtTop(project, ["secrets", config.name], data, { file })];
  }
  return [{ file, edits: [{ span: withoutQuotes(keySpan, "configs"), text: "secrets" }] }];
}

export default rule({
  id: "compose/secret-in-config",
  kind: "compose",
  severity: "warning",
  principle: "secrets",
  summary: "A key or password is handed over as a config",
  why: `Configs are made for what everybody may read: in a swarm they are shown in clear by \`docker config inspect\`, lie unencrypted in
the managers' log, and are readable by every user of the container. Whoever may look at the project's settings takes the private
key from there and plays the server. Hand it over as a secret under the same path.`,
  refs: ["CIS 7.4", "CWE-538"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            configs: [server_key]
        configs:
          # of the edge
          server_key:
            file: «./certs/server.key»
        `,
      fixed: `
        services:
          web:
            image: acme/web:1.2.3
            secrets: [{ source: server_key, target: /server_key }]
        secrets:
          # of the edge
          server_key:
            file: ./certs/server.key
        `,
    },
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            configs:
              - nginx
              - source: users
                target: «/etc/nginx/.htpasswd»
        configs:
          nginx: { file: ./nginx.conf }
          users: { file: ./users.txt }
        `,
      fixed: `
        services:
          web:
            image: acme/web:1.2.3
            configs:
              - nginx
            secrets:
              - source: users
                target: /etc/nginx/.htpasswd
        configs:
          nginx: { file: ./nginx.conf }
        secrets:
          users:
            file: ./users.txt
        `,
      note: "by its path in the container",
    },
    {
      bad: `
        {"services": {"app": {"image": "acme/app:1.2.3", "configs": ["db_password"]}}, "configs": {"«db_password»": {"external": true}}}
        `,
      fixed: `
        {"services": {"app": {"image": "acme/app:1.2.3", "secrets": [{"source": "db_password", "target": "/db_password"}]}}, "secrets": {"db_password": {"external": true}}}
        `,
      note: "by its own name",
    },
    {
      bad: `
        services:
          app:
            image: acme/app:1.2.3
            configs: [keys]
        configs:
          keys:
            file: \${KEYS:-«./id_ed25519»}
        `,
      fixed: `
        services:
          app:
            image: acme/app:1.2.3
            secrets: [{ source: keys, target: /keys }]
        secrets:
          keys:
            file: \${KEYS:-./id_ed25519}
        `,
      note: "by default",
    },
    {
      good: `
        services:
          web: { image: "acme/web:1.2.3", configs: [ca, cert, policy, nginx] }
        configs:
          ca: { file: ./ca.pem }
          cert: { file: ./server.crt }
          policy: { file: ./password-policy.json }
          nginx: { file: ./nginx.conf }
        `,
      note: "certificates, rules and settings",
    },
    {
      good: `
        services:
          web: { image: "acme/web:1.2.3", secrets: [server_key] }
        secrets:
          server_key: { file: ./server.key }
        `,
    },
    {
      good: `
        services:
          web: { image: "acme/web:1.2.3", configs: [env] }
        configs:
          env: { file: "\${KEY_FILE}" }
          sample: { file: ./.env.example }
        `,
      note: "not known; a sample",
    },
  ],
  check: {
    config(config, project, report, context) {
      const sign = secretSign(config, project);
      if (sign === undefined) return;
      const services = project.services.filter((s) => s.configs.some((c) => c.name === config.name));
      report(sign.at, `${sign.text} is handed over as the config ${config.name}, which is not kept secret`, {
        fix: () => {
          if (
            usesOf(config, project).length !== services.length ||
            project.resource("secrets", config.name) !== undefined
          )
            return undefined;
          const edits = together([...redeclared(config, project), ...services.flatMap((s) => moved(s, config.name))]);
          return edits && fixIn(context.file, `Hand ${config.name} over as a secret`, "unsafe", edits);
        },
      });
    },
  },
});
