import { Arg, choice, Label, literal, type Pair, rule } from "../../engine/index";

const defaultLabels = ["org.opencontainers.image.source", "org.opencontainers.image.revision"];

interface Suggestion {
  /** A snippet. */
  readonly value: string;
  /** The build argument that it takes. */
  readonly argument?: string;
}

/** What to write behind the annotations of the OCI image specification. */
function suggestion(name: string, number: number): Suggestion {
  const last = name.slice(name.lastIndexOf(".") + 1);
  if (last === "source") return { value: choice(number, "https://example.com/team/repository") };
  if (last === "revision") return { value: literal("$VCS_REF"), argument: "VCS_REF" };
  if (last === "created") return { value: literal("$BUILD_DATE"), argument: "BUILD_DATE" };
  if (last === "version") return { value: literal("$VERSION"), argument: "VERSION" };
  return { value: choice(number, last) };
}

const isEmpty = (pair: Pair): boolean => pair.value === undefined || pair.value.text.trim() === "";

export default rule({
  id: "dockerfile/missing-provenance-labels",
  kind: "dockerfile",
  severity: "hint",
  principle: "supply-chain",
  preset: "strict",
  summary: "Image does not say which source and revision it was built from",
  why: `When a fault becomes known, somebody must tell which running images carry it. Without the source and revision in its labels
an image is a black box: a build that an attacker slipped into the registry looks like any other, and nobody can compare it with
the commit it claims to be. Builders such as BuildKit can attest provenance as well; labels are read by everything.`,
  refs: ["OWASP D13"],
  covers: [
    "hadolint:DL3048",
    "hadolint:DL3049",
    "hadolint:DL3050",
    "hadolint:DL3051",
    "hadolint:DL3052",
    "hadolint:DL3053",
    "hadolint:DL3054",
    "hadolint:DL3055",
    "hadolint:DL3056",
    "hadolint:DL3058",
  ],
  fix: "guided",
  options: {
    labels: {
      type: "array",
      items: { type: "string" },
      description: "The labels that each image must have.",
      default: defaultLabels,
    },
  },
  examples: [
    {
      bad: `
        FROM «alpine:3.23»
        USER 1000
        CMD ["/app"]
      `,
      fixed: `
        FROM alpine:3.23
        USER 1000
        CMD ["/app"]
        ARG VCS_REF
        LABEL org.opencontainers.image.source="https://example.com/team/repository"
        LABEL org.opencontainers.image.revision="$VCS_REF"
      `,
    },
    {
      bad: `
        FROM golang:1.27 AS build
        LABEL org.opencontainers.image.revision=abc
        FROM «scratch»
        USER 1000
        ARG VCS_REF
        LABEL org.opencontainers.image.source=https://example.com/a/b
      `,
      fixed: `
        FROM golang:1.27 AS build
        LABEL org.opencontainers.image.revision=abc
        FROM scratch
        USER 1000
        ARG VCS_REF
        LABEL org.opencontainers.image.source=https://example.com/a/b
        LABEL org.opencontainers.image.revision="$VCS_REF"
      `,
    },
    {
      bad: `
        FROM alpine:3.23
        LABEL org.opencontainers.image.source=«""» org.opencontainers.image.revision=abc
      `,
      note: "an empty value",
    },
    {
      bad: "FROM «alpine:3.23»\nUSER 1000\n",
      config: "rules: {dockerfile/missing-provenance-labels: {labels: [org.opencontainers.image.authors]}}\n",
      fixed: 'FROM alpine:3.23\nUSER 1000\nLABEL org.opencontainers.image.authors="authors"\n',
    },
    {
      good: `
        FROM alpine:3.23 AS base
        ARG VCS_REF
        LABEL org.opencontainers.image.source="https://example.com/a/b" \\
              "org.opencontainers.image.revision"=$VCS_REF
        FROM base
        USER 1000
      `,
      note: "labels of the stage that it is made from",
    },
  ],
  check: {
    shippedStage(stage, report, context) {
      const wanted = context.options["labels"];
      if (!Array.isArray(wanted)) return;
      const names = wanted.filter((name): name is string => typeof name === "string");
      const pairs = stage.history.filter((i) => i instanceof Label).flatMap((label) => label.pairs);
      const given = (name: string): Pair | undefined => pairs.filter((pair) => pair.name.text === name).pop();
      for (const name of names) {
        const pair = given(name);
        if (pair !== undefined && isEmpty(pair)) report(pair.value ?? pair.name, `The label ${name} is empty`);
      }
      const missing = names.filter((name) => given(name) === undefined);
      const at = stage.from.source;
      if (missing.length === 0 || at === undefined) return;
      report(
        at,
        `The image does not say where it comes from: ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} missing`,
        {
          fix: () => {
            const lines = missing.map((name, i) => ({ name, ...suggestion(name, i + 1) }));
            const known = new Set(
              stage.instructions.filter((i) => i instanceof Arg).flatMap((a) => a.pairs.map((p) => p.name.text)),
            );
            const needed = lines.flatMap((l) => l.argument ?? []).filter((argument) => !known.has(argument));
            const text = [
              ...needed.map((argument) => `ARG ${argument}`),
              ...lines.map(({ name, value }) => `LABEL ${literal(name)}="${value}"`),
            ].join("\n");
            const last = stage.instructions.at(-1) ?? stage.from;
            return {
              title: "Label the image with its source",
              applicability: "guided",
              edits: [last.insertAfter(text)],
            };
          },
        },
      );
    },
  },
});
