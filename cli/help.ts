/** What `--help` prints. */
import { choices } from "../scaffold/index";
import type { CommandName } from "./arguments";

/** The values of a choice; the default, which stands first, in parentheses behind the others. */
function valuesOf(key: "database" | "broker" | "manifests" | "ci"): string {
  const [first, ...others] = choices[key].map(({ value }) => value);
  return `${others.slice(0, -1).join(", ")} or ${others.at(-1)} (${first})`;
}

const overview = `Bulkhead finds security faults in the files that containers are built from.

Usage: bulkhead <command> [options]

Commands:
  check [paths]    check files and folders (the current folder by default)
  rules            list every rule
  explain <id>     say what a rule is about, and why
  new service      begin a service that is secure from its first line
  lsp --stdio      run the language server, for editors

  --version        print the version
  --help           print this, or the help of a command: bulkhead check --help
`;

const topics: Readonly<Record<CommandName, string>> = {
  check: `Usage: bulkhead check [paths] [options]

Checks every file below the given folders that Bulkhead knows, but for what .gitignore files and the \`ignore:\` list of
bulkhead.yaml leave out; .git and node_modules are never looked into. A file that is named itself is always checked.

Options:
  --format <text|json|sarif>   how to print what was found (text)
  --fix                        apply the safe fixes: meaning and comments stay
  --fix=unsafe                 apply also those that may change how the program behaves
  --preset <name>              recommended, strict or all: how many rules speak (recommended);
                               or a standard: pss-baseline, pss-restricted, nsa, cis
  --config <file>              this configuration instead of the project's bulkhead.yaml
  --fail-on <severity>         hint, info, warning, error or none: from where on the exit status is 1 (warning)
  --stdin-filename <file>      check standard input as if it were this file
  -q, --quiet                  one line a finding, without notes and summary
  -h, --help                   print this

Exit status:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  could not run, or not for all: wrong options, unreadable files, a broken configuration
`,
  rules: `Usage: bulkhead rules [--format text|json]

Lists every rule with its severity, preset and kind of fix.
`,
  explain: `Usage: bulkhead explain <id>

Says what a rule finds and why it matters, with examples. The id may be another tool's: bulkhead explain DL3002
`,
  new: `Usage: bulkhead new service NAME --language <language> [options]

Makes a service that runs: code with tests, Dockerfile, an entry in the compose project, and what else is asked for.
Nothing is overwritten: where something is in the way, it is named and nothing is changed. Either everything is made or
nothing is.

Options:
  --language <name>     ${choices.language.map(({ value }) => value).join(", ")}
  --database <name>     ${valuesOf("database")}
  --broker <name>       ${valuesOf("broker")}
  --gateway             put a gateway with TLS in front; only it is published
  --manifests <kind>    ${valuesOf("manifests")}
  --ci <system>         ${valuesOf("ci")}
  --into <folder>       the root of the repository, or a new folder (the current folder)
  --dry-run             say what would be made and changed, and change nothing
  -h, --help            print this

Exit status:
  0  made, or with --dry-run: could be made
  2  refused, or could not be made: nothing is changed
`,
  lsp: `Usage: bulkhead lsp --stdio

Runs the language server over standard input and output.
`,
};

export const helpOn = (topic: CommandName | undefined): string => (topic === undefined ? overview : topics[topic]);
