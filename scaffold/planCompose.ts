/** The service's part of the compose project: a file of its own, or entries in the one that is there. */
import { loadProject, parseYaml, type ComposeFiles, type LoadedCompose } from "../engine/index";
import type { ServiceChoices } from "./choices";
import { composeEdits, composeSections, crampedSections, partsOf, type ComposeSection } from "./compose";
import type { Part, Target } from "./plan";
import { render } from "./template";
import { viewOf, type Surroundings } from "./view";

export interface ComposePlan extends Part {
  readonly surroundings: Surroundings;
}

const newFile = "compose.yaml";
const firstPort = 8443;
const lastPort = 8542;

const nothing: Part = { creates: [], changes: [], notes: [], reasons: [] };

/** Of the project in the target's root, as compose by itself would take it. */
export function planCompose(choices: ServiceChoices, target: Target, template: string): ComposePlan {
  const names = new Set(target.names);
  const files: ComposeFiles = {
    text: (file) => (names.has(file) ? target.read(file) : undefined),
    exists: (file) => names.has(file),
  };
  const loaded = loadProject(files, { directory: "", shell: new Map(), world: "open" });
  if (loaded === undefined) {
    const surroundings: Surroundings = { separator: "-", port: firstPort, compose: newFile };
    const text = render(template, viewOf(choices, surroundings));
    return { ...nothing, creates: [{ path: newFile, text, executable: false }], surroundings };
  }
  const known = namesIn(loaded, files);
  const port = choices.gateway ? freePort(loaded) : firstPort;
  const base = [...loaded.files].find(([, { how }]) => how === "base")?.[0] ?? newFile;
  const separator = separatorOf(known.get("networks"));
  const surroundings: Surroundings = { separator, port: port ?? firstPort, compose: base };
  const text = render(template, viewOf(choices, surroundings));
  const parts = partsOf(text);
  const refuse = (...reasons: readonly string[]): ComposePlan => ({ ...nothing, reasons, surroundings });
  if (port === undefined)
    return refuse(`\`${base}\` publishes every port from ${firstPort} to ${lastPort}: none is left for the gateway.`);
  const before = files.text(base);
  if (before === undefined) return refuse(`\`${base}\` cannot be read.`);
  const stream = parseYaml(before);
  const [document, ...more] = stream.documents;
  if (document === undefined || more.length > 0) return refuse(`\`${base}\` has several documents: make it one first.`);
  if (document.problems.length > 0) return refuse(`\`${base}\` is not valid YAML: mend it first.`);
  const taken = parts.filter((p) => known.get(p.section)?.has(p.name) === true);
  if (taken.length > 0)
    return refuse(...taken.map(({ section, name }) => `\`${base}\` has a ${singular[section]} \`${name}\` already.`));
  const cramped = crampedSections(document, parts);
  if (cramped.length > 0)
    return refuse(...cramped.map((s) => `\`${s}\` of \`${base}\` is not written line by line: change that first.`));
  const edits = composeEdits(before, parts);
  if (edits === undefined)
    return refuse(`\`${base}\` is written in a way that nothing can be added to: add \`services:\` by hand.`);
  const notes = [`Services that call \`${choices.name}\` join the network \`${frontOf(choices.name, surroundings)}\`.`];
  return { ...nothing, changes: [{ path: base, before, edits }], notes, surroundings };
}

const frontOf = (name: string, { separator }: Surroundings): string => `${name}${separator}front`;

const singular: Readonly<Record<ComposeSection, string>> = {
  services: "service",
  networks: "network",
  volumes: "volume",
  secrets: "secret",
  configs: "config",
};

/** The names in the merged project, and in compose files that stand beside it to be merged by hand. */
function namesIn(loaded: LoadedCompose, files: ComposeFiles): ReadonlyMap<ComposeSection, ReadonlySet<string>> {
  const texts = [...loaded.files.keys()].map((file) => files.text(file) ?? "");
  const documents = texts.flatMap((text) => parseYaml(text).documents);
  return new Map(
    composeSections.map((section) => {
      const merged = loaded.model.get(section);
      const names = new Set(merged?.kind === "mapping" ? merged.entries.keys() : []);
      for (const document of documents) {
        const written = document.at([section]);
        for (const entry of written?.kind === "map" ? written.entries : []) names.add(entry.name);
      }
      names.delete("default");
      return [section, names];
    }),
  );
}

/** Underscores where the networks that are there are named so; hyphens, as in host names, everywhere else. */
function separatorOf(networks: ReadonlySet<string> | undefined): "-" | "_" {
  const all = [...(networks ?? [])];
  return all.some((n) => n.includes("_")) && !all.some((n) => n.includes("-")) ? "_" : "-";
}

/** A port of the host that no service publishes. */
function freePort(loaded: LoadedCompose): number | undefined {
  const used = publishedIn(loaded);
  for (let port = firstPort; port <= lastPort; port++) if (!used.has(port)) return port;
  return undefined;
}

function publishedIn({ model }: LoadedCompose): ReadonlySet<number> {
  const used = new Set<number>();
  const services = model.get("services");
  for (const service of services?.kind === "mapping" ? services.entries.values() : []) {
    const ports = service.kind === "mapping" ? service.get("ports") : undefined;
    for (const port of ports?.kind === "sequence" ? ports.items : []) {
      const published = port.kind === "mapping" ? port.get("published") : undefined;
      const [first = Number.NaN, last = first] =
        published?.kind === "scalar" ? published.text.split("-").map(Number) : [];
      for (let p = Math.max(first, firstPort); p <= Math.min(last, lastPort); p++) used.add(p);
    }
  }
  return used;
}
