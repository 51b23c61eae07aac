import {
  Arg,
  choice,
  type Dockerfile,
  type Edit,
  type Fix,
  type From,
  type Pair,
  parseReference,
  predefinedArguments,
  rule,
  type Word,
} from "../../engine/index";
import { suggestTag } from "../shared/images/newest-tag";

/** One `$X` or `${X…}` of a FROM, without an operator that gives it another value. */
interface Use {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

function uses(word: Word): Use[] {
  return [...word.raw.matchAll(/\\.|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)((?:[^\w{}][^{}]*)?)\})/g)].flatMap((match) => {
    const name = match[1] ?? match[2];
    if (name === undefined || /^:?[-+]/.test(match[3] ?? "")) return [];
    return [{ name, from: match.index, to: match.index + match[0].length }];
  });
}

/** The argument's last declaration before the first FROM. */
function declaration(file: Dockerfile, name: string): Pair | undefined {
  return file.globalArguments.flatMap((arg) => arg.pairs.filter((pair) => pair.name.text === name)).pop();
}

/** What FROM names while nobody passes build arguments; undefined where that cannot be told. */
function withoutArguments(file: Dockerfile, from: From, word: Word): string | undefined {
  const text = word.text.replace(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?([-+])([^{}]*))?\})/g,
    (_, a, b, operator, other) => {
      const name = (a ?? b) as string;
      const value = file.globalVariable(name, from);
      const none = predefinedArguments.has(name) ? "x" : "";
      const known = value !== "undeclared" && value.known ? value.value : none;
      if (operator === "+") return known === "" ? "" : (other as string);
      return known === "" && operator === "-" ? (other as string) : known;
    },
  );
  return text.includes("$") ? undefined : text;
}

/** Whether some values of the arguments would make it a name: else they are not what is wrong. */
const mayBeName = (word: Word): boolean =>
  parseReference(word.text.replace(/\$(?:[A-Za-z_]\w*|\{[^{}]*\})/g, "x")) !== undefined;

const isTemplate = (text: string): boolean => /[{}<>%]|@@/.test(text);

/** A likely value for the argument, from the rest of the reference. */
function likelyValue(word: Word, use: Use, today: string): string {
  const before = word.raw.slice(0, use.from);
  if (before === "" && use.to === word.raw.length) return "image:tag";
  if (!before.endsWith(":") || use.to !== word.raw.length) return "value";
  const image = parseReference(before.slice(0, -1));
  return (image && suggestTag(image, today)) ?? "version";
}

export default rule({
  id: "dockerfile/undefined-base-image-arg",
  kind: "dockerfile",
  severity: "warning",
  principle: "supply-chain",
  summary: "Base image taken from a build argument that has no value here",
  why: `\`FROM\` sees only the arguments declared above the first \`FROM\`. One that is missing there is empty: the build breaks, or
quietly takes another image or tag than the file seems to say. Without a default, whoever starts the build picks the base: a
pipeline variable that an attacker can set is enough to put their image under yours. Declare the argument with a pinned default.`,
  refs: ["CWE-1357"],
  covers: ["buildkit:UndefinedArgInFrom", "buildkit:InvalidDefaultArgInFrom"],
  fix: "guided",
  examples: [
    {
      bad: "ARG OTHER=1\nFROM node:«${TAG}»\nARG TAG=22\nUSER node\n",
      fixed: "ARG OTHER=1\nARG TAG=22\nFROM node:${TAG}\nARG TAG=22\nUSER node\n",
      note: "declared, but too late for FROM to see",
    },
    {
      bad: "# syntax=docker/dockerfile:1\nFROM node:«$TAG»-slim\nUSER node\n",
      fixed: "# syntax=docker/dockerfile:1\nARG TAG=value\nFROM node:$TAG-slim\nUSER node\n",
    },
    {
      bad: "ARG BASE\nFROM «$BASE»\nUSER 1000\n",
      fixed: "ARG BASE=image:tag\nFROM $BASE\nUSER 1000\n",
      severity: "info",
    },
    {
      bad: 'ARG BASE=""\nFROM «${BASE}»\nUSER 1000\n',
      fixed: "ARG BASE=image:tag\nFROM ${BASE}\nUSER 1000\n",
      note: "the default makes no name",
    },
    { good: "ARG REG=docker.io/library\nARG V\nFROM ${REG}/node:${V:-24.11}-alpine\nUSER node\n" },
    {
      good: "ARG TARGETARCH\nFROM alpine:3.23 AS base-amd64\nFROM base-${TARGETARCH}\nFROM --platform=$BUILDPLATFORM base-$TARGETOS\n",
      note: "the builder sets these",
    },
    { good: "ARG MIRROR\nFROM ${MIRROR}debian:13-slim\n", note: "an addition that may be left out" },
    { good: "ARG A=debian B=13-slim\nFROM ${A}:$B\nARG C\nRUN echo $C $D\n" },
    { good: "ARG BASE={{ base }}\nFROM ${BASE}\n", note: "a template" },
  ],
  check: {
    from(from, report, context) {
      const { source: word, file } = from;
      if (word === undefined || word.verbatim || !word.raw.includes("$")) return;
      const plain = withoutArguments(file, from, word);
      if (plain === undefined || isTemplate(plain)) return;
      const guided = (title: string, edit: Edit): Fix => ({ title, applicability: "guided", edits: [edit] });
      const open: Declared[] = [];
      for (const use of uses(word)) {
        const pair = declaration(file, use.name);
        if (pair !== undefined) open.push({ use, pair });
        if (pair !== undefined || predefinedArguments.has(use.name)) continue;
        const late = lateValue(file, use.name);
        const why =
          late === undefined ? "no ARG above the first FROM declares it" : "its ARG stands below the first FROM";
        report(word.part(use.from, use.to), `${use.name} is empty here: ${why}`, {
          fix: () => {
            const line = `ARG ${use.name}=${choice(1, late ?? likelyValue(word, use, context.today))}`;
            return guided(
              `Declare ${use.name} above the first FROM`,
              (file.stages[0]?.from ?? from).insertBefore(line),
            );
          },
        });
      }
      if (parseReference(plain) !== undefined || !mayBeName(word)) return;
      for (const { use, pair } of culprits(open)) {
        const isGiven = pair.value !== undefined;
        const message = isGiven
          ? `The default of ${use.name} makes "${plain}", which is no image name`
          : `Whoever starts the build picks the image: ${use.name} has no default`;
        report(word.part(use.from, use.to), message, {
          severity: isGiven ? "warning" : "info",
          fix: () => {
            const text = `${isGiven ? "" : "="}${choice(1, likelyValue(word, use, context.today))}`;
            return guided(`Give ${use.name} a default`, {
              span: { start: pair.value?.start ?? pair.end, end: pair.end },
              text,
            });
          },
        });
      }
    },
  },
});

interface Declared {
  readonly use: Use;
  readonly pair: Pair;
}

/** The arguments without a value; else, where all values are known, the first one. */
function culprits(declared: readonly Declared[]): readonly Declared[] {
  const open = declared.filter(({ use }) => !predefinedArguments.has(use.name));
  const empty = open.filter(({ pair }) => pair.value === undefined || isEmptyText(pair));
  if (empty.length > 0) return empty;
  return open.every(({ pair }) => pair.resolved.known) ? open.slice(0, 1) : [];
}

function isEmptyText(pair: Pair): boolean {
  const { resolved } = pair;
  return resolved.known && resolved.value === "";
}

/** The default of an ARG that stands behind the first FROM. */
function lateValue(file: Dockerfile, name: string): string | undefined {
  const late = file.stages.flatMap((stage) => stage.instructions).filter((i) => i instanceof Arg);
  return late.flatMap((arg) => arg.pairs).find((pair) => pair.name.text === name && pair.value !== undefined)?.value
    ?.text;
}
