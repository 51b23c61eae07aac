/**
 * Our rules beside Pod Security admission: pods that it admits, and pods that it refuses, each level by its preset.
 * Understands the test data of kubernetes/pod-security-admission: `<level>/<pass|fail>/<control><number>.yaml`.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { type Analyser, applyEdits, type Finding } from "../../engine/index";
import { project } from "../support/engine";

export type Level = "baseline" | "restricted";
export const levels: readonly Level[] = ["baseline", "restricted"];

export interface Sample {
  /** The control in lower case, and a number: `hostports0`. `base` and the like stand for none. */
  readonly name: string;
  readonly level: Level;
  readonly isAdmitted: boolean;
  /** One Pod as YAML. */
  readonly text: string;
}

/** The rules that speak for each control. */
const rulesOf: Readonly<Record<string, readonly string[]>> = {
  apparmorprofile: ["apparmor-unconfined"],
  capabilities_baseline: ["dangerous-capability", "non-default-capability", "default-capability-readded"],
  hostnamespaces: ["host-network", "host-pid", "host-ipc"],
  hostpathvolumes: ["container-runtime-socket", "sensitive-host-path", "host-path-volume"],
  hostports: ["host-port"],
  hostprobesandhostlifecycle: ["probe-host-override"],
  privileged: ["privileged-container"],
  procmount: ["unmasked-proc-mount"],
  procmount_restricted: ["unmasked-proc-mount"],
  seccompprofile_baseline: ["seccomp-unconfined"],
  selinuxoptions: ["selinux-custom-options"],
  sysctls: ["unsafe-sysctl"],
  windowshostprocess: ["windows-host-process"],
  allowprivilegeescalation: ["privilege-escalation-allowed"],
  capabilities_restricted: [
    ...["capabilities-not-dropped", "default-capability-readded"],
    ...["dangerous-capability", "non-default-capability"],
  ],
  restrictedvolumes: [
    "restricted-volume-type",
    ...["container-runtime-socket", "sensitive-host-path", "host-path-volume"],
  ],
  runasnonroot: ["non-root-not-enforced", "root-user"],
  runasuser: ["root-user"],
  seccompprofile_restricted: ["seccomp-profile-missing", "seccomp-unconfined"],
};

/** Pods that cannot break their control without another one. */
const besides: Readonly<Record<string, readonly string[]>> = {
  allowprivilegeescalation3: ["capabilities-not-dropped"],
  privileged0: ["privilege-escalation-allowed"],
  privileged1: ["privilege-escalation-allowed"],
  windowshostprocess0: ["host-network"],
  windowshostprocess1: ["host-network"],
};

/** Controls that something missing breaks. */
const absences = /^(?:allowprivilegeescalation|capabilities_restricted|runasnonroot|seccompprofile_restricted)\d/;

export const controlOf = (name: string): string => name.replace(/\d+$/, "");

/** Undefined where the folder is not there. */
export function samplesIn(folder: string): readonly Sample[] | undefined {
  if (!existsSync(folder)) return undefined;
  return levels.flatMap((level) =>
    ["pass", "fail"].flatMap((verdict) => {
      const directory = join(folder, level, verdict);
      const files = existsSync(directory) ? readdirSync(directory).sort() : [];
      return files
        .filter((file) => file.endsWith(".yaml"))
        .map((file): Sample => {
          const text = readFileSync(join(directory, file), "utf8");
          return { name: file.slice(0, -".yaml".length), level, isAdmitted: verdict === "pass", text };
        });
    }),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: a manifest as plain data
type Manifest = any;

const inTemplate = (apiVersion: string, kind: string) => (pod: Manifest) => {
  const { name, ...metadata } = pod.metadata;
  return { apiVersion, kind, metadata: { name }, spec: { template: { metadata, spec: pod.spec } } };
};

/** The same pod, as each kind of object has it. */
export const controllers: Readonly<Record<string, (pod: Manifest) => Manifest>> = {
  Pod: (pod) => pod,
  Deployment: inTemplate("apps/v1", "Deployment"),
  StatefulSet: inTemplate("apps/v1", "StatefulSet"),
  DaemonSet: inTemplate("apps/v1", "DaemonSet"),
  ReplicaSet: inTemplate("apps/v1", "ReplicaSet"),
  ReplicationController: inTemplate("v1", "ReplicationController"),
  Job: inTemplate("batch/v1", "Job"),
  CronJob: (pod) => {
    const { apiVersion, metadata, spec } = inTemplate("batch/v1", "CronJob")(pod);
    return { apiVersion, kind: "CronJob", metadata, spec: { schedule: "@daily", jobTemplate: { spec } } };
  },
  PodTemplate: ({ metadata: { name, ...metadata }, spec }) => ({
    apiVersion: "v1",
    kind: "PodTemplate",
    metadata: { name },
    template: { metadata, spec },
  }),
};

interface Written {
  readonly file: string;
  readonly text: string;
}

/** The same pod, written in other ways. */
export const spellings: Readonly<Record<string, (text: string) => Written>> = {
  JSON: (text) => ({ file: "k8s/app.json", text: JSON.stringify(parse(text), null, 2) }),
  "JSON on one line": (text) => ({ file: "k8s/app.json", text: JSON.stringify(parse(text)) }),
  "YAML in flow style": (text) => ({ file: "app.yaml", text: stringify(parse(text), { collectionStyle: "flow" }) }),
  "an item of a List": (text) => ({
    file: "app.yaml",
    text: stringify({ apiVersion: "v1", kind: "List", items: [parse(text)] }),
  }),
  CRLF: (text) => ({ file: "app.yaml", text: text.replace(/\r?\n/g, "\r\n") }),
  "the second document": (text) => ({
    file: "app.yaml",
    text: `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: first\n---\n${text}`,
  }),
};

/** Judges texts by the rules of the level's preset. */
export class Judge {
  private constructor(private readonly analysers: ReadonlyMap<Level, Analyser>) {}

  static async create(): Promise<Judge> {
    const made = levels.map(async (level) => [level, await project([], { config: `preset: pss-${level}` })] as const);
    return new Judge(new Map(await Promise.all(made)));
  }

  findings({ file, text }: Written, level: Level): readonly Finding[] {
    const analyser = this.analysers.get(level);
    if (analyser === undefined) return [];
    analyser.setFile(file, text);
    const problem = analyser.problems(file)[0];
    if (problem !== undefined) throw new Error(problem.message);
    const findings = analyser.findings(file);
    analyser.removeFile(file);
    return findings;
  }

  /** The short names of the rules that speak. */
  rules(written: Written, level: Level): readonly string[] {
    return [...new Set(this.findings(written, level).map((f) => f.rule.replace(/^kubernetes\//, "")))];
  }

  /** The text after "Harden this pod"; undefined where that is not offered. */
  hardened(written: Written): string | undefined {
    const fixes = this.findings(written, "restricted").flatMap((f) => f.fixes());
    const fix = fixes.find(({ title }) => title === "Harden this pod");
    return fix && applyEdits(written.text, fix.edits);
  }
}

export interface Score {
  /** What was asked, how often, and how often the answer was right. */
  readonly rows: ReadonlyMap<string, { readonly right: number; readonly all: number }>;
  /** What went wrong, in words. */
  readonly wrong: readonly string[];
}

const plain = (text: string): Written => ({ file: "app.yaml", text });

/** Asks everything of every sample. */
export async function score(samples: readonly Sample[]): Promise<Score> {
  const judge = await Judge.create();
  const rows = new Map<string, { right: number; all: number }>();
  const wrong: string[] = [];
  const count = (question: string, { level, name }: Sample, fault: string | undefined): void => {
    const row = rows.get(question) ?? { right: 0, all: 0 };
    rows.set(question, { right: row.right + (fault === undefined ? 1 : 0), all: row.all + 1 });
    if (fault !== undefined) wrong.push(`${question}: ${level}/${name}: ${fault}`);
  };
  for (const sample of samples) {
    const { level, name, text, isAdmitted } = sample;
    const rules = judge.rules(plain(text), level);
    const verdict = isAdmitted ? "admitted" : "refused";
    count(`${level}, ${verdict}`, sample, isAdmitted === (rules.length === 0) ? undefined : `says ${rules.join(", ")}`);
    if (!isAdmitted) count("refused for the right reason", sample, attribution(name, rules));
    if (isAdmitted && level === "restricted")
      count("admitted at baseline as well", sample, judge.rules(plain(text), "baseline")[0]);
    for (const [kind, wrap] of Object.entries(controllers)) {
      const said = judge.rules(plain(stringify(wrap(parse(text)))), level);
      count("in every kind of object", sample, same(rules, said, kind));
    }
    for (const [spelling, write] of Object.entries(spellings))
      count(`as ${spelling}`, sample, same(rules, judge.rules(write(text), level), spelling));
    if (level === "restricted" && absences.test(name) && !isAdmitted) countHardening(sample);
  }
  return { rows, wrong };

  function countHardening(sample: Sample): void {
    const writings = [plain(sample.text), ...Object.values(spellings).map((write) => write(sample.text))];
    for (const written of writings) {
      const text = judge.hardened(written);
      if (text === undefined) {
        if (isWritten(judge, sample)) continue;
        count('after "Harden this pod"', sample, "not offered");
        continue;
      }
      const after = { ...written, text };
      const left = judge.rules(after, "restricted");
      const again = judge.hardened(after);
      const fault = left.length > 0 ? `still ${left.join(", ")}` : again === undefined ? undefined : "changes it again";
      count('after "Harden this pod"', sample, fault);
    }
  }
}

/** It breaks its control by what is written, which nobody should change without knowing why it is there. */
const isWritten = (judge: Judge, { text }: Sample): boolean =>
  judge
    .rules(plain(text), "restricted")
    .some((rule) => !/^(?:privilege-escalation-allowed|.*-missing|.*-not-enforced|.*-not-dropped)$/.test(rule));

function same(expected: readonly string[], said: readonly string[], where: string): string | undefined {
  const [a, b] = [[...expected].sort().join(", "), [...said].sort().join(", ")];
  return a === b ? undefined : `as ${where} it says ${b || "nothing"}, else ${a || "nothing"}`;
}

/** Undefined where a rule of the control speaks, and none beside it. */
function attribution(name: string, rules: readonly string[]): string | undefined {
  const own = rulesOf[controlOf(name)] ?? [];
  const allowed = [...own, ...(besides[name] ?? [])];
  const other = rules.filter((rule) => !allowed.includes(rule));
  if (!rules.some((rule) => own.includes(rule))) return `no rule of ${controlOf(name)} speaks`;
  return other.length === 0 ? undefined : `${other.join(", ")} too`;
}
