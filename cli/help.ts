/** What `--help` prints. */
import type { CommandName } from "./arguments";

const overview = `Bulkhead finds security faults in the files that containers are built from.

Usage: bulkhead <command> [options]

Commands:
  check [paths]    check files and folders (the current folder by default)
  rules            list every rule
  explain <id>     say what a rule is about, and why
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
  lsp: `Usage: bulkhead lsp --stdio

Runs the language server over standard input and output.
`,
};

export const helpOn = (topic: CommandName | undefined): string => (topic === undefined ? overview : topics[topic]);
