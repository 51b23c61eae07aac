/**
 * Objects out of the operations of a JSON patch: each `add` and `replace` as an object that has nothing but what the
 * operation writes, so that what is wrong with a value shows where the value stands.
 */
import { type Excerpt, ExcerptBuilder } from "../../text/located";
import type { Field } from "../kubernetes/field";
import { pointerSteps } from "./objectPath";

const versions: Readonly<Record<string, string>> = {
  Pod: "v1",
  Service: "v1",
  ConfigMap: "v1",
  Secret: "v1",
  Namespace: "v1",
  ServiceAccount: "v1",
  Deployment: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  ReplicaSet: "apps/v1",
  Job: "batch/v1",
  CronJob: "batch/v1",
  Ingress: "networking.k8s.io/v1",
  NetworkPolicy: "networking.k8s.io/v1",
  Role: "rbac.authorization.k8s.io/v1",
  ClusterRole: "rbac.authorization.k8s.io/v1",
  RoleBinding: "rbac.authorization.k8s.io/v1",
  ClusterRoleBinding: "rbac.authorization.k8s.io/v1",
  PodDisruptionBudget: "policy/v1",
};

/** Maps whose keys may be numbers. */
const free = new Set(["data", "stringData", "binaryData", "labels", "annotations", "matchLabels"]);

/**
 * A stream of documents, each character with its offset in `text`, in which the operations stand. Undefined where the
 * target does not say what kind of object it is, or no operation writes anything.
 */
export function objectsWritten(operations: Field, target: Field | undefined, text: string): Excerpt | undefined {
  const kind = target?.get("kind")?.string;
  const group = target?.get("group")?.string;
  const version = target?.get("version")?.string;
  const written = group !== undefined && version !== undefined ? `${group}/${version}` : versions[kind ?? ""];
  if (kind === undefined || written === undefined || !/^[A-Za-z]+$/.test(kind)) return undefined;
  const name = target?.get("name")?.string;
  const builder = new ExcerptBuilder(0);
  for (const operation of operations.items) {
    const isWriting = /^(?:add|replace)$/.test(operation.get("op")?.string ?? "");
    const pointer = operation.get("path");
    const value = operation.written("value");
    if (!isWriting || pointer?.string === undefined || value === undefined) continue;
    const segments = segmentsOf(pointer);
    if (segments.length < 2 || segments[0]?.key === "apiVersion" || segments[0]?.key === "kind") continue;
    const document = new Writer(builder, pointer.start);
    document.plain(`---\napiVersion: ${written}\nkind: ${kind}\n`);
    if (name !== undefined && /^[a-z0-9.-]+$/.test(name) && segments[0]?.key !== "metadata")
      document.plain(`metadata:\n  name: "${name}"\n`);
    document.nest(segments, value, operation, text);
  }
  return builder.length === 0 ? undefined : builder.build();
}

interface Segment {
  /** Undefined of an item. */
  readonly key: string | undefined;
  /** Where each character of the key stands; all the same where it is not written as it reads. */
  readonly offsets: (index: number) => number;
}

function segmentsOf(pointer: Field): readonly Segment[] {
  const text = pointer.string ?? "";
  let at = 1;
  let parent: string | undefined;
  return pointerSteps(text).map((step, i) => {
    const raw = text.split("/")[i + 1] ?? "";
    const from = at;
    at += raw.length + 1;
    const isKey = typeof step === "string" || free.has(parent ?? "");
    const key = isKey ? (typeof step === "string" ? step : raw) : undefined;
    parent = key;
    const isVerbatim = key === raw;
    return { key, offsets: (index) => pointer.part(from + (isVerbatim ? index : 0), from + raw.length).start };
  });
}

class Writer {
  constructor(
    private readonly builder: ExcerptBuilder,
    /** Where characters are said to stand that nobody wrote. */
    private readonly home: number,
  ) {}

  plain(text: string): void {
    for (const c of text) this.builder.push(c, this.home);
  }

  nest(segments: readonly Segment[], value: Field, operation: Field, text: string): void {
    let indent = 0;
    for (const { key, offsets } of segments) {
      this.plain(" ".repeat(indent));
      if (key === undefined) this.plain("-");
      else {
        this.plain('"');
        // Keys that need escapes in quotes are none of those that anybody asks for.
        for (const [i, c] of [...key.replace(/["\\]/g, "_")].entries()) this.builder.push(c, offsets(i));
        this.plain('":');
      }
      this.plain("\n");
      indent += 2;
    }
    this.value(value, operation, text, indent);
  }

  private value(value: Field, operation: Field, text: string, indent: number): void {
    const { start, end } = value;
    const isBlockScalar = /^[|>]/.test(text.slice(start, start + 1));
    const margin = columnOf(text, isBlockScalar ? operation.start : start);
    this.plain(" ".repeat(indent));
    let at = start;
    for (const [i, line] of text.slice(start, end).split("\n").entries()) {
      const blanks = i === 0 ? 0 : Math.min(margin, /^ */.exec(line)?.[0].length ?? 0);
      if (i > 0) this.plain(" ".repeat(indent));
      for (let k = blanks; k < line.length; k++) this.builder.push(line[k] ?? "", at + k);
      this.plain("\n");
      at += line.length + 1;
    }
  }
}

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf("\n", offset - 1) + 1);
