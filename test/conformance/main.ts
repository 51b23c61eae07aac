/**
 * Prints how far our compose model agrees with compose, and our rules with Pod Security admission; `npm run conformance`.
 * The pods are those of kubernetes/pod-security-admission: a folder given as argument or in `POD_SECURITY_DATA`.
 */
import { join } from "node:path";
import { root } from "../support/engine";
import { compare, names } from "./compare";
import { samplesIn, score } from "./podSecurity";

compareCompose();
void comparePodSecurity(
  process.argv[2] ?? process.env["POD_SECURITY_DATA"] ?? join(root, "..", "shared", "conformance", "pod-security"),
);

function compareCompose(): void {
  const all = names();
  const groups = new Map<string, { total: number; agreed: number }>();
  for (const name of all) {
    const disagreement = compare(name);
    const key = name.split("-")[0] ?? name;
    const group = groups.get(key) ?? { total: 0, agreed: 0 };
    groups.set(key, { total: group.total + 1, agreed: group.agreed + (disagreement === undefined ? 1 : 0) });
    if (disagreement !== undefined) console.log(`${name}: ${disagreement}`);
  }
  for (const [key, { total, agreed }] of groups) console.log(`${key.padEnd(16)} ${agreed} of ${total}`);
  const agreed = [...groups.values()].reduce((sum, g) => sum + g.agreed, 0);
  console.log(`${"together".padEnd(16)} ${agreed} of ${all.length}`);
}

async function comparePodSecurity(folder: string): Promise<void> {
  const samples = samplesIn(folder);
  if (samples === undefined || samples.length === 0) {
    console.log(`\nPod Security Standards: no pods in ${folder}`);
    return;
  }
  const { rows, wrong } = await score(samples);
  console.log(`\nPod Security Standards, ${samples.length} pods`);
  for (const line of wrong) console.log(line);
  for (const [question, { right, all }] of rows) console.log(`${question.padEnd(32)} ${right} of ${all}`);
}
