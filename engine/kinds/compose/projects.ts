/** The projects that a compose file takes part in. */
import { dirname, join } from "../../text/path";
import { byDefault, type Call } from "./discover";
import type { ComposeFiles } from "./load";
import type { ComposeSummary } from "./summarise";

/** What is known of the compose files around. */
export interface Neighbours {
  readonly files: ComposeFiles;
  /** By the name of the file. */
  readonly summaries: ReadonlyMap<string, ComposeSummary>;
}

/**
 * How compose would be called so that the file counts: by itself, where it is what compose takes or where it stands
 * alone; over the base of its folder, where it is a fragment or changes services of the base; for the files that include
 * or extend it, where there are such.
 */
export function callsFor(file: string, around: Neighbours): readonly Call[] {
  const calls = new Map<string, Call>();
  const visited = new Set<string>();
  const visit = (name: string): void => {
    if (visited.has(name)) return;
    visited.add(name);
    const users = usersOf(name, around);
    for (const user of users) visit(user);
    if (users.length > 0 && !isByDefault(name, around)) return;
    const call = callFor(name, around);
    calls.set((call.files ?? [call.directory]).join("\0"), call);
  };
  visit(file);
  return [...calls.values()];
}

/** Files whose includes or extends lead to the file. */
function usersOf(file: string, { summaries }: Neighbours): readonly string[] {
  return [...summaries]
    .filter(([name, s]) => name !== file && s.uses.some((u) => join(dirname(name), u) === file))
    .map(([name]) => name);
}

const isByDefault = (file: string, { files }: Neighbours): boolean => byDefault(files, dirname(file)).includes(file);

function callFor(file: string, around: Neighbours): Call {
  const directory = dirname(file);
  const open = { directory, shell: new Map<string, string>(), world: "open" } as const;
  const taken = byDefault(around.files, directory);
  if (taken.includes(file)) return { ...open, files: listedWith(file, taken, around) };
  const [base] = taken;
  const own = around.summaries.get(file);
  const known = base === undefined ? undefined : around.summaries.get(base);
  const changesBase = own?.services.some((s) => known?.services.some((other) => other.name === s.name)) === true;
  if (base !== undefined && own !== undefined && (own.isFragment || changesBase) && !isReplacement(own)) {
    return { ...open, files: [base, file] };
  }
  return { ...open, files: [file] };
}

/** Every service of the file could run as it is: it stands beside the base, not over it. */
const isReplacement = (own: ComposeSummary): boolean =>
  own.services.length > 1 && own.services.every((s) => s.isRunnable);

/** What `COMPOSE_FILE` in the folder's `.env` lists, where the file is among it; else what compose takes. */
function listedWith(file: string, taken: readonly string[], { files }: Neighbours): readonly string[] {
  const directory = dirname(file);
  const line = /^[ \t]*(?:export[ \t]+)?COMPOSE_FILE[ \t]*[=:][ \t]*["']?([^"'\n\r#]+)/m.exec(
    files.text(join(directory, ".env")) ?? "",
  );
  const listed =
    line?.[1]
      ?.trim()
      .split(":")
      .map((name) => join(directory, name)) ?? [];
  return listed.includes(file) ? listed : taken;
}
