/** How a file is read: by its name, by what the host calls it, and by its first line. */
import { basename } from "../../text/path";
import type { Format } from "./file";

const of = (format: Format, names: string): readonly (readonly [string, Format])[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => [name, format] as const);

const byName: ReadonlyMap<string, Format> = new Map([
  ...of(
    "ini",
    `.npmrc .pypirc .my.cnf my.cnf .netrc _netrc .pgpass .git-credentials .gitconfig .editorconfig .s3cfg .boto
    .vault-token credentials .yarnrc pip.conf odbc.ini`,
  ),
  ...of("json", ".dockercfg .babelrc .eslintrc .prettierrc .bowerrc composer.lock pipfile.lock"),
  ...of("toml", "pipfile cargo.lock poetry.lock"),
  ...of("yaml", ".yarnrc.yml .clang-format .kubeconfig kubeconfig"),
  ...of("shell", "makefile gnumakefile justfile procfile .bashrc .zshrc .profile .bash_profile .envrc"),
  ...of("code", "jenkinsfile rakefile gemfile vagrantfile brewfile fastfile podfile dangerfile"),
  ...of("env", ".flaskenv"),
]);

const byExtension: ReadonlyMap<string, Format> = new Map([
  ...of("yaml", "yaml yml"),
  ...of("json", "json jsonc json5 webmanifest tfstate har geojson jsonl code-workspace postman_collection"),
  ...of("properties", "properties"),
  ...of("env", "env"),
  ...of("ini", "ini cfg conf cnf config inf desktop service container kube volume network rc"),
  ...of("toml", "toml"),
  ...of("hcl", "hcl tf tfvars nomad pkr"),
  ...of("xml", "xml config csproj vbproj fsproj props targets nuspec pom plist xsd wsdl xaml resx jmx"),
  ...of("shell", "sh bash zsh ksh fish bat cmd ps1 psm1 mk"),
  ...of("http", "http rest"),
  ...of("markdown", "md mdx markdown rst adoc asciidoc"),
  ...of("notebook", "ipynb"),
  ...of(
    "code",
    `js jsx mjs cjs ts tsx mts cts py pyi go java cs kt kts rb php rs scala swift groovy gradle dart ex exs lua pl
    pm r sql c h cc cpp hpp vue svelte astro html htm cshtml jsp jl nim cr fs vb erb hbs`,
  ),
]);

const byLanguage: ReadonlyMap<string, Format> = new Map([
  ...of("yaml", "yaml dockercompose github-actions-workflow azure-pipelines ansible"),
  ...of("json", "json jsonc"),
  ...of("properties", "properties java-properties spring-boot-properties"),
  ...of("env", "dotenv env"),
  ...of("ini", "ini"),
  ...of("toml", "toml"),
  ...of("hcl", "terraform hcl terraform-vars"),
  ...of("xml", "xml"),
  ...of("shell", "shellscript bat powershell makefile"),
  ...of("http", "http"),
  ...of("markdown", "markdown restructuredtext asciidoc"),
  ...of(
    "code",
    `javascript javascriptreact typescript typescriptreact python go java csharp kotlin ruby php rust scala swift
    groovy dart elixir lua perl sql c cpp vue svelte html`,
  ),
]);

/** Lower-case, without the dot; the whole name where it has no ending. */
export function extensionOf(file: string): string {
  const name = basename(file).toLowerCase();
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? name : name.slice(dot + 1);
}

export function formatOf(file: string, text: string, languageId: string | undefined): Format {
  const name = basename(file).toLowerCase();
  const known = byName.get(name);
  if (known !== undefined) return known;
  if (/^\.env(?:\.[\w.-]+)?$|\.env\.[\w-]+$/.test(name)) return "env";
  const bare = name.replace(/[._-](?:example|sample|template|tmpl|tpl|dist|bak|orig|old|erb|j2)$/, "");
  const extension = extensionOf(bare);
  // `app.config` and `web.config` are XML; other files of that ending are lines.
  if (extension === "config") return /^\s*<|^\uFEFF?\s*<\?xml/.test(text.slice(0, 200)) ? "xml" : "ini";
  const format = byExtension.get(extension) ?? (languageId === undefined ? undefined : byLanguage.get(languageId));
  if (format !== undefined) return format;
  const first = text.slice(0, 200);
  if (/^#!.{0,60}\b(?:ba|z|k|da)?sh\b/.test(first)) return "shell";
  if (/^#!.{0,60}\b(?:python|ruby|node|perl|php)/.test(first)) return "code";
  if (/^\uFEFF?<\?xml/.test(first)) return "xml";
  return "plain";
}

/** How a fenced block of that language is read; undefined where nothing is looked for in it. */
export function formatOfLanguage(language: string): Format | undefined {
  if (/^(?:bash|sh|shell|zsh|console|terminal|powershell|ps1|shell-session)$/.test(language)) return "shell";
  if (/^(?:terraform)$/.test(language)) return "hcl";
  return byLanguage.get(language) ?? byExtension.get(language);
}
