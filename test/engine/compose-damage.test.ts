import fc from "fast-check";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Compositions } from "../../engine/kinds/compose/compositions";
import { composeKind } from "../../engine/kinds/compose/kind";
import { root } from "../support/engine";

const folder = join(root, "test", "conformance", "compose");
const names = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());

function textsOf(name: string): Map<string, string> {
  const all = readdirSync(join(folder, name), { recursive: true, withFileTypes: true });
  return new Map(
    all
      .filter((e) => e.isFile() && !e.name.endsWith(".json"))
      .map((e) => {
        const path = join(e.parentPath, e.name);
        return [path.slice(folder.length + name.length + 2), readFileSync(path, "utf8")] as const;
      }),
  );
}

/** Asks everything of every project that each file takes part in. */
function readAll(texts: ReadonlyMap<string, string>): void {
  const yaml = [...texts].filter(([name]) => /\.ya?ml$/.test(name));
  const models = new Map(
    yaml.map(([name, text]) => [name, composeKind.parse(text, undefined, { shell: undefined }, [])]),
  );
  const summaries = new Map([...models].map(([name, model]) => [name, composeKind.summarise(model)]));
  const files = {
    text: (name: string) => texts.get(name),
    exists: (name: string) => texts.has(name),
    stream: (name: string) => models.get(name)?.stream,
    summaries: () => summaries,
    revision: 0,
  };
  const compositions = new Compositions(files, undefined);
  for (const [file, model] of models) {
    void model.comments;
    for (const project of compositions.projectsOf(file)) {
      for (const s of project.services) {
        const parts = [
          s,
          ...s.ports,
          ...s.mounts,
          ...s.devices,
          ...s.environment,
          ...s.labels,
          ...(s.build ? [s.build, ...s.build.args] : []),
        ];
        for (const part of parts) void [part.start, part.end, part.routes, part.replaced, part.keySpan, part.remove()];
        for (const port of s.ports) void [port.target, port.published, port.bindTo("127.0.0.1")];
        for (const mount of s.mounts) void [mount.type, mount.makeReadOnly(), mount.removePropagation()];
        for (const program of [s.command, s.entrypoint, s.healthTest]) void program?.words.map((w) => w.start);
        void [
          s.image?.reference,
          s.image?.tagSpan,
          s.networks,
          s.secrets,
          s.configs,
          s.dependsOn,
          s.memoryLimit,
          s.hooks,
        ];
        void [s.set(["read_only"], true), s.append(["security_opt"], "no-new-privileges:true")];
      }
      void [project.networks, project.volumes, project.secrets, project.configs, project.fragments];
    }
  }
}

describe("compose model: damaged files", () => {
  it("every project, as it is", () => {
    for (const name of names) readAll(textsOf(name));
  });

  it("what is made to grow does not", () => {
    const one = (text: string, env = ""): ReadonlyMap<string, string> =>
      new Map([
        ["compose.yaml", text],
        [".env", env],
      ]);
    let aliases = "x-a0: &a0 {a: {a: {a: 1}}}\n";
    for (let i = 1; i < 500; i++) aliases += `x-a${i}: &a${i} {a: {a: {a: *a${i - 1}}}}\n`;
    readAll(one(`${aliases}services: { web: { image: a, environment: *a499 } }\n`));
    readAll(one(`services: { web: { image: "${"${a:-".repeat(5000)}${"}".repeat(5000)}" } }\n`));
    readAll(one("services: { web: { image: '${A}' } }\n", `A=x\n${"A=${A}${A}\n".repeat(60)}`));
    const files = new Map<string, string>();
    for (let i = 0; i < 30; i++)
      files.set(i === 0 ? "compose.yaml" : `f${i}.yaml`, `include: [f${i + 1}.yaml, {path: f${i + 1}.yaml}]\n`);
    readAll(files);
  });

  it("any character lost, doubled or replaced never throws", () => {
    const projects = names.map(textsOf).filter((texts) => texts.size > 0);
    const damage = fc.record({
      project: fc.nat(projects.length - 1),
      file: fc.nat(5),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      lost: fc.nat(6),
      put: fc.constantFrom(
        "",
        ":",
        "- ",
        "\n",
        "  ",
        "{",
        "]",
        "&a ",
        "*a",
        "!reset ",
        "${",
        "}",
        '"',
        "'",
        "<<: *a\n",
        "null",
        "\t",
        "#",
        "|",
        "\uFDD0",
      ),
    });
    fc.assert(
      fc.property(damage, ({ project, file, at, lost, put }) => {
        const texts = new Map(projects[project]);
        const names = [...texts.keys()];
        const name = names[file % names.length] ?? "";
        const text = texts.get(name) ?? "";
        const place = Math.floor(at * text.length);
        texts.set(name, text.slice(0, place) + put + text.slice(place + lost));
        readAll(texts);
      }),
      { numRuns: 1500 },
    );
  });
});
