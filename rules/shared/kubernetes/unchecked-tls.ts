/** Words of commands and keys of objects by which certificates are not looked at. */
import type { Field, Manifest, Span } from "../../../engine/index";
import type { FieldText } from "./field-text";

/** Keys of kubeconfigs, API services, monitors, proxies and operators; all mean the same where they are true. */
const key =
  /^(?:(?:tls_?)?insecure_?skip_?(?:tls_?|cert_?)?verify(?:_?tls)?|insecure-skip-(?:tls-)?verify|(?:tls_?)?skip_?(?:tls_?|ssl_?)?verify|skip-tls-verify|(?:tls_?)?skip_?(?:cert(?:ificate)?_?)?verification|disable_?(?:tls|ssl|cert(?:ificate)?)_?verif(?:y|ication)|unsafeSkipCAVerification|insecureSkipHostnameVerification)$/i;

export const isUncheckedKey = (name: string): boolean => key.test(name);

/** Objects that hold schemas, patterns of policies or dashboards. */
const bodies =
  /^(?:apiextensions\.k8s\.io|(?:[\w-]+\.)?kyverno\.io|(?:[\w-]+\.)?gatekeeper\.sh|admissionregistration\.k8s\.io|(?:[\w-]+\.)?crossplane\.io|chainsaw\.kyverno\.io|kuttl\.dev)$/;
const left = new Set(["status", "managedFields", "annotations", "labels", "containers", "initContainers"]);
const deepest = 20;

export interface UncheckedField {
  readonly name: string;
  readonly field: Field;
}

/** Every such key of an object that is true. */
export function uncheckedFields(manifest: Manifest): readonly UncheckedField[] {
  if (bodies.test(manifest.group) || manifest.is("ConfigMap", "") || manifest.is("Secret", "")) return [];
  const found: UncheckedField[] = [];
  const look = (field: Field, depth: number): void => {
    if (depth > deepest) return;
    if (field.kind === "list") for (const item of field.items) look(item, depth + 1);
    if (field.kind !== "map") return;
    for (const [name, value] of field.entries) {
      if (left.has(name)) continue;
      if (value.kind === "scalar") {
        if (key.test(name) && value.boolean === true) found.push({ name, field: value });
      } else look(value, depth + 1);
    }
  };
  look(manifest.root, 0);
  return found;
}

export interface UncheckedWord extends Span {
  /** What is written there. */
  readonly text: string;
  readonly program: string;
  readonly field: Field;
  /** The word is an item of its own. */
  readonly isItem: boolean;
}

/** By program: the words that turn the check off, after the manuals (2026-08). The letters of curl take no values. */
const programs: ReadonlyMap<string, RegExp> = new Map([
  ["curl", /^(?:--insecure|-[#0-46aBfgGiIjJlLMnNOpqRsSv]*k[#0-46aBfgGiIjJkLMnNOpqRsSv]*)$/],
  ["wget", /^--no-check-certificate$/],
  ["kubectl", /^--insecure-skip-tls-verify(?:=true)?$/],
  ["oc", /^--insecure-skip-tls-verify(?:=true)?$/],
  ["helm", /^--(?:insecure-skip-tls-verify|kube-insecure-skip-tls-verify)(?:=true)?$/],
  ["argocd", /^--insecure$/],
  ["http", /^--verify=no$/],
  ["https", /^--verify=no$/],
  ["ldapsearch", /^-o$/],
]);

/** Options that mean the same to whatever program. */
const anywhere =
  /^--?(?:[\w.-]*[.-])?(?:insecure-?skip-?(?:tls-?)?verify|insecureSkipVerify|skip-tls-verify|tls-skip-verify|ssl-no-verify|no-verify-ssl|no-tls-verify|kubelet-insecure-tls)(?:=true)?$/i;

const nameOf = (word: string): string => word.slice(word.lastIndexOf("/") + 1);
const ownMachine = /https:\/\/(?:localhost|127\.\d|\[::1\])/;
const shells = /^(?:\/(?:usr\/)?(?:local\/)?bin\/)?(?:sh|bash|ash|dash|zsh|ksh)$/;

/** Words of a command that turn the check off, where it does not speak to its own machine. */
export function uncheckedWords(words: readonly FieldText[]): readonly UncheckedWord[] {
  const texts = words.map((w) => w.scalar.text);
  const hasShell = texts.some((t) => shells.test(t));
  const program = nameOf(texts[0] ?? "");
  const isOwn = texts.some((t) => ownMachine.test(t));
  return words.flatMap((word): readonly UncheckedWord[] => {
    const { text } = word.scalar;
    if (/\s/.test(text)) return hasShell || words.length === 1 ? inScript(word) : [];
    const isOff = (programs.get(program)?.test(text) === true && !isOwn) || anywhere.test(text);
    return isOff
      ? [{ start: word.field.start, end: word.field.end, text, program, field: word.field, isItem: true }]
      : [];
  });
}

const longestScript = 20_000;

function inScript(word: FieldText): readonly UncheckedWord[] {
  const { text } = word.scalar;
  if (text.length > longestScript) return [];
  const found: UncheckedWord[] = [];
  for (const statement of statementsOf(text)) {
    const [first] = statement.words;
    if (first === undefined || ownMachine.test(statement.text)) continue;
    const program = nameOf(first.text);
    for (const { text: own, from } of statement.words.slice(1)) {
      if (programs.get(program)?.test(own) !== true && !anywhere.test(own)) continue;
      const at = word.part(from, from + own.length);
      found.push({ start: at.start, end: at.end, text: own, program, field: word.field, isItem: false });
    }
  }
  return found;
}

interface Statement {
  readonly text: string;
  readonly words: readonly { readonly text: string; readonly from: number }[];
}

/** The simple commands of a script, cut up roughly; comments, and what is only printed, are left out. */
function statementsOf(text: string): readonly Statement[] {
  const statements: Statement[] = [];
  for (const match of text.matchAll(/[^;&|\n()]+/g)) {
    const [part] = match;
    if (/^\s*(?:#|(?:echo|printf)\b)/.test(part)) continue;
    const kept = part.replace(/\s#.*$/, "");
    const words = [...kept.matchAll(/"[^"]{0,400}"|'[^']{0,400}'|[^\s"']+/g)]
      .map((w) => ({ text: w[0], from: match.index + w.index }))
      .filter((w) => !/^(?:[A-Za-z_]\w*=|if$|while$|until$|!$|then$|do$|exec$|sudo$|time$|\$?\{$)/.test(w.text));
    statements.push({ text: kept, words });
  }
  return statements;
}
