import { type AnyRule, type Config, defaultConfig, parseConfig } from "../engine/index";

/** The editor's settings for one folder or file. */
export interface Settings {
  readonly enable: boolean;
  readonly run: "onType" | "onSave";
  /** What holds where the project's `bulkhead.yaml` says nothing. */
  readonly config: Config;
}

export const defaultSettings: Settings = { enable: true, run: "onType", config: defaultConfig };

const shared = ["preset", "rules", "ignore", "foreignSuppressions"] as const;

export interface ReadSettings {
  readonly settings: Settings;
  /** What is wrong with them, for the log. */
  readonly complaints: readonly string[];
}

/**
 * Reads the `bulkhead` section of an editor's settings, of whatever shape it is. What both may say is read as if it
 * stood in a `bulkhead.yaml` (JSON is YAML), so that the two cannot differ in meaning.
 */
export function readSettings(section: unknown, rules: readonly AnyRule[]): ReadSettings {
  if (typeof section !== "object" || section === null) return { settings: defaultSettings, complaints: [] };
  const given = section as Readonly<Record<string, unknown>>;
  const said = Object.fromEntries(shared.flatMap((name) => (given[name] == null ? [] : [[name, given[name]]])));
  const { config, problems } = parseConfig("settings", JSON.stringify(said), rules);
  return {
    settings: {
      enable: given["enable"] !== false,
      run: given["run"] === "onSave" ? "onSave" : "onType",
      config,
    },
    complaints: problems.map((p) => p.message),
  };
}
