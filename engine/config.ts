/** `bulkhead.yaml`: what it may say, and what is wrong with what it says. */
import { severities, type Problem, type RuleId, type Severity } from "./finding";
import { parseYaml } from "./languages/yaml/document";
import { isNull, type YamlEntry, type YamlNode } from "./languages/yaml/node";
import { presets, standards, type AnyRule, type Preset, type Standard } from "./rule";
import { frameRules } from "./suppress";
import type { Span } from "./text/span";

export type Level = "off" | Severity;

/** What a project, or an editor's settings, ask of the engine. */
export interface Config {
  readonly preset: Preset | Standard;
  readonly rules: ReadonlyMap<RuleId, { readonly level?: Level; readonly options: Readonly<Record<string, unknown>> }>;
  /** Globs of files that are not checked, relative to the configuration's folder. */
  readonly ignore: readonly string[];
  readonly registries: readonly string[];
  /** `YYYY-MM-DD`, for tests; the host's day otherwise. */
  readonly today: string | undefined;
  /** Minor versions, as in `1.37`. */
  readonly kubernetes: { readonly version: string | undefined; readonly podSecurityVersion: string };
  /** Whether comments of other tools suppress our findings too. */
  readonly foreignSuppressions: boolean;
}

export const defaultConfig: Config = {
  preset: "recommended",
  rules: new Map(),
  ignore: [],
  registries: [],
  today: undefined,
  foreignSuppressions: true,
  kubernetes: { version: undefined, podSecurityVersion: "latest" },
};

/** What a configuration may name as its preset. */
export const configPresets = [...presets, ...standards] as const;

export interface ParsedConfig {
  readonly config: Config;
  readonly problems: readonly Problem[];
}

/** Names under which a configuration is looked for, at the root of a project; the first one found counts. */
export const configNames = ["bulkhead.yaml", ".bulkhead.yaml"] as const;

const levels: readonly string[] = ["off", ...severities];

/** Reads a configuration. Never fails: what is wrong is left out, and told as a problem at its place. */
export function parseConfig(file: string, text: string, rules: readonly AnyRule[], base = defaultConfig): ParsedConfig {
  const problems: Problem[] = [];
  const complain = ({ start, end }: Span, message: string): void => {
    problems.push({ file, span: { start, end }, message, severity: "error", source: "configuration" });
  };
  const document = parseYaml(text).documents[0];
  if (document === undefined) return { config: base, problems };
  const { root } = document;
  for (const problem of document.problems) complain(problem, problem.message);
  if (isNull(root)) return { config: base, problems };
  if (root.kind !== "map") {
    complain(root, "expected settings such as `preset: strict`");
    return { config: base, problems };
  }
  const config: { -readonly [K in keyof Config]: Config[K] } = { ...base };
  for (const { name: key, key: keySpan, value } of root.entries) {
    if (key === "preset") config.preset = oneOf(value, configPresets, key, complain) ?? config.preset;
    else if (key === "ignore") config.ignore = texts(value, key, complain) ?? config.ignore;
    else if (key === "registries") config.registries = texts(value, key, complain) ?? config.registries;
    else if (key === "kubernetes") config.kubernetes = readKubernetes(value, base, complain);
    else if (key === "rules") config.rules = readRules(value, rules, base, complain);
    else if (key === "foreignSuppressions") {
      if (value.kind === "scalar" && typeof value.value === "boolean") config.foreignSuppressions = value.value;
      else complain(value, "`foreignSuppressions` is `true` or `false`");
    } else if (key === "today") {
      if (value.kind === "scalar" && /^\d{4}-\d{2}-\d{2}$/.test(value.text)) config.today = value.text;
      else complain(value, "`today` is a day, written as YYYY-MM-DD");
    } else
      complain(
        keySpan,
        `there is no setting \`${key}\`: known are preset, rules, ignore, registries, kubernetes, foreignSuppressions, today`,
      );
  }
  return { config, problems };
}

type Complain = (span: Span, message: string) => void;

function oneOf<T extends string>(
  node: YamlNode,
  allowed: readonly T[],
  name: string,
  complain: Complain,
): T | undefined {
  const found = node.kind === "scalar" ? allowed.find((a) => a === node.text) : undefined;
  if (found === undefined) complain(node, `\`${name}\` is one of ${allowed.join(", ")}`);
  return found;
}

function texts(node: YamlNode, name: string, complain: Complain): readonly string[] | undefined {
  if (node.kind !== "list" || node.items.some((i) => i.value.kind !== "scalar")) {
    complain(node, `\`${name}\` is a list of texts`);
    return undefined;
  }
  return node.items.flatMap((i) => (i.value.kind === "scalar" ? [i.value.text] : []));
}

function readKubernetes(node: YamlNode, base: Config, complain: Complain): Config["kubernetes"] {
  const read: { version: string | undefined; podSecurityVersion: string } = { ...base.kubernetes };
  if (node.kind !== "map") {
    complain(node, '`kubernetes` maps settings to versions: `podSecurityVersion: "1.37"`');
    return read;
  }
  for (const { name, key, value } of node.entries) {
    const text = value.kind === "scalar" ? value.text.replace(/^v/, "") : "";
    const isVersion = /^1\.\d{1,3}$/.test(text);
    if (name !== "version" && name !== "podSecurityVersion")
      complain(key, `there is no setting \`kubernetes.${name}\`: known are version, podSecurityVersion`);
    else if (isVersion || (name === "podSecurityVersion" && text === "latest")) read[name] = text;
    else complain(value, `\`${name}\` is a minor version such as \`"1.37"\``);
  }
  return read;
}

function readRules(node: YamlNode, rules: readonly AnyRule[], base: Config, complain: Complain): Config["rules"] {
  const read = new Map(base.rules);
  if (isNull(node)) return read;
  if (node.kind !== "map") {
    complain(node, "`rules` maps rule ids to levels: `dockerfile/root-user: error`");
    return read;
  }
  const ids = new Set([...rules.map((r) => r.id), ...frameRules.map((r) => r.id)]);
  for (const { name: key, key: keySpan, value } of node.entries) {
    const domain = key.endsWith("/*") ? key.slice(0, -1) : undefined;
    if (!ids.has(key) && (domain === undefined || ![...ids].some((id) => id.startsWith(domain)))) {
      complain(keySpan, `there is no rule \`${key}\``);
      continue;
    }
    if (value.kind !== "map") {
      const level = oneOf(value, levels, key, complain) as Level | undefined;
      if (level !== undefined) read.set(key, { level, options: {} });
      continue;
    }
    const rule = rules.find((r) => r.id === key);
    const level = value.entry("level");
    const known =
      level === undefined ? undefined : (oneOf(level.value, levels, "level", complain) as Level | undefined);
    const options = readOptions(
      value.entries.filter((e) => e !== level),
      rule,
      complain,
    );
    read.set(key, known === undefined ? { options } : { level: known, options });
  }
  return read;
}

function readOptions(
  entries: readonly YamlEntry[],
  rule: AnyRule | undefined,
  complain: Complain,
): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const { name: key, key: keySpan, value } of entries) {
    const schema = rule?.options?.[key];
    if (schema === undefined) {
      const names = ["level", ...Object.keys(rule?.options ?? {})].join(", ");
      complain(keySpan, `this rule has no option \`${key}\`: known are ${names}`);
    } else if (schema.type === "array") {
      const list = texts(value, key, complain);
      if (list !== undefined) options[key] = list;
    } else if (value.kind === "scalar" && typeof value.value === (schema.type === "integer" ? "number" : schema.type)) {
      options[key] = value.value;
    } else complain(value, `\`${key}\` is ${schema.type === "integer" ? "a number" : `a ${schema.type}`}`);
  }
  return options;
}

/** The JSON schema of `bulkhead.yaml`, for editors. */
export function configSchema(rules: readonly AnyRule[]): Record<string, unknown> {
  const level = { enum: levels };
  const properties: Record<string, unknown> = {};
  for (const r of rules) {
    const options = Object.fromEntries(
      Object.entries(r.options ?? {}).map(([name, o]) => [
        name,
        {
          type: o.type,
          ...(o.items === undefined ? {} : { items: o.items }),
          description: o.description,
          default: o.default,
        },
      ]),
    );
    properties[r.id] = {
      description: `${r.summary} (${r.severity}${r.preset === undefined ? "" : `, preset ${r.preset}`})`,
      anyOf: [level, { type: "object", properties: { level, ...options }, additionalProperties: false }],
    };
  }
  for (const r of frameRules) properties[r.id] = { description: `${r.summary} (${r.severity})`, ...level };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Bulkhead configuration",
    type: "object",
    additionalProperties: false,
    properties: {
      preset: { enum: configPresets, default: "recommended", description: "Which rules speak." },
      rules: {
        type: "object",
        description: "A level for a rule, or for a whole domain (`dockerfile/*`).",
        properties,
        patternProperties: { "^[a-z-]+/\\*$": level },
        additionalProperties: false,
      },
      ignore: { type: "array", items: { type: "string" }, description: "Globs of files that are not checked." },
      registries: {
        type: "array",
        items: { type: "string" },
        description: "Registries that images may come from; `*` is a wildcard, `docker.io` covers short names.",
      },
      kubernetes: {
        type: "object",
        additionalProperties: false,
        properties: {
          version: { type: "string", pattern: "^v?1\\.\\d+$", description: "The minor version of the cluster." },
          podSecurityVersion: {
            type: "string",
            pattern: "^(?:latest|v?1\\.\\d+)$",
            default: "latest",
            description: "The version of the Pod Security Standards to judge by.",
          },
        },
      },
      foreignSuppressions: {
        type: "boolean",
        default: true,
        description: "Whether suppression comments of other tools count.",
      },
      today: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$", description: "The day to judge by; for tests." },
    },
  };
}
