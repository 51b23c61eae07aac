/** What `package.json` tells VS Code about the extension, as far as it follows from the rules, the snippets and the engine. */
import { type AnyRule, configNames, frameRules, configPresets, severities } from "../engine/index";
import { snippetFiles } from "../snippets/index";
import { walkthroughs } from "./walkthrough";

const levels = ["off", ...severities];

const fixable =
  "editorLangId =~ /^(dockerfile|dockercompose|yaml|jsonc?|helm)$/ || resourceFilename =~ /(docker|container)(file|ignore)/i";

/** Languages whose files hold what rules look for; once active, every open text file is looked at. */
const activatingLanguages = [
  "dockerfile",
  "dockerignore",
  "ignore",
  "dockercompose",
  "yaml",
  "helm",
  "json",
  "jsonc",
  "javascript",
  "javascriptreact",
  "typescript",
  "typescriptreact",
  "python",
  "go",
  "java",
  "csharp",
  "properties",
  "spring-boot-properties",
  "spring-boot-properties-yaml",
  "dotenv",
  "ini",
  "toml",
  "terraform",
  "xml",
  "shellscript",
];

/** The parts of the manifest that are generated; they replace what stands in `package.json` under the same keys. */
export function extensionManifest(rules: readonly AnyRule[]): Record<string, unknown> {
  return {
    // The language client asks for it.
    engines: { vscode: "^1.91.0" },
    main: "./dist/client.js",
    browser: "./dist/client.browser.js",
    // The editor's own id for ignore files is `ignore`; some extensions bring `dockerignore`.
    activationEvents: activatingLanguages.map((id) => `onLanguage:${id}`),
    capabilities: { untrustedWorkspaces: { supported: true }, virtualWorkspaces: true },
    contributes: {
      commands: [
        command("bulkhead.fixAll", "Fix all safe problems in file", fixable),
        command("bulkhead.explainRule", "Explain rule"),
        command("bulkhead.checkWorkspace", "Check all files of the workspace", "workspaceFolderCount > 0"),
        command("bulkhead.newService", "New secure service…"),
        command("bulkhead.openExample", "Open insecure example"),
        command("bulkhead.restartServer", "Restart server"),
        command("bulkhead.showOutput", "Show output"),
      ],
      menus: {
        "explorer/context": [
          { command: "bulkhead.newService", group: "2_workspace@90", when: "explorerResourceIsFolder" },
        ],
        "file/newFile": [{ command: "bulkhead.newService", group: "file" }],
      },
      walkthroughs,
      snippets: snippetFiles.flatMap(({ file, languages }) =>
        languages.map((language) => ({ language, path: `./snippets/${file}` })),
      ),
      configuration: { title: "Bulkhead", properties: settings(rules) },
      yamlValidation: [{ fileMatch: [...configNames], url: "./schemas/bulkhead.schema.json" }],
    },
  };
}

const command = (id: string, title: string, enablement?: string): Record<string, unknown> => ({
  command: id,
  title,
  category: "Bulkhead",
  ...(enablement === undefined ? {} : { enablement }),
});

/** In the order in which they are shown. Those that a project may set too are overruled by its `bulkhead.yaml`. */
function settings(rules: readonly AnyRule[]): Record<string, unknown> {
  const list: readonly (readonly [name: string, schema: Record<string, unknown>])[] = [
    ["enable", { type: "boolean", default: true, markdownDescription: "Whether anything is looked at." }],
    [
      "run",
      {
        enum: ["onType", "onSave"],
        default: "onType",
        markdownEnumDescriptions: ["Findings follow every change.", "Findings are renewed when a file is saved."],
        markdownDescription: "When findings are renewed.",
      },
    ],
    [
      "preset",
      {
        enum: [...configPresets],
        default: "recommended",
        markdownEnumDescriptions: [
          "What nearly every project should see to.",
          "Also what costs some work, or matters in exposed places.",
          "Also rules that guess.",
          "The Pod Security Standards at their baseline, every breach an error.",
          "The Pod Security Standards at their restricted level, every breach an error.",
          "What the hardening guide of NSA and CISA for Kubernetes asks for.",
          "What the CIS benchmarks for Docker and Kubernetes ask for.",
        ],
        markdownDescription: "Which rules speak where `bulkhead.yaml` does not say.",
      },
    ],
    [
      "rules",
      {
        type: "object",
        default: {},
        properties: Object.fromEntries([...rules, ...frameRules].map((rule) => [rule.id, ruleSetting(rule)])),
        patternProperties: { "^[a-z-]+/\\*$": { enum: levels } },
        additionalProperties: false,
        markdownDescription:
          "A level for a rule, or for a whole domain (`dockerfile/*`), where `bulkhead.yaml` does not say.",
      },
    ],
    [
      "ignore",
      {
        type: "array",
        items: { type: "string" },
        default: [],
        markdownDescription:
          "Globs of files that are not looked at, relative to the folder; `bulkhead.yaml` overrules them.",
      },
    ],
    [
      "foreignSuppressions",
      {
        type: "boolean",
        default: true,
        markdownDescription: "Whether suppression comments of other tools count, where `bulkhead.yaml` does not say.",
      },
    ],
  ];
  const properties = list.map(([name, schema], order) => [`bulkhead.${name}`, { ...schema, scope: "resource", order }]);
  return {
    ...Object.fromEntries(properties),
    "bulkhead.trace.server": {
      enum: ["off", "messages"],
      default: "off",
      scope: "window",
      order: list.length,
      markdownDescription:
        "Whether the names of messages to the server are logged, at the log level *Trace*. Texts of files never are.",
    },
  };
}

function ruleSetting({ summary, severity, ...rule }: Pick<AnyRule, "summary" | "severity" | "preset">): object {
  const preset = rule.preset === undefined ? "" : `, preset ${rule.preset}`;
  return { enum: levels, description: `${summary} (${severity}${preset})` };
}
