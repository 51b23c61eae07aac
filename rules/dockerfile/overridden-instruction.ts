import { Cmd, Entrypoint, Healthcheck, type Instruction, rule } from "../../engine/index";

const unique = [Cmd, Entrypoint, Healthcheck];

export default rule({
  id: "dockerfile/overridden-instruction",
  kind: "dockerfile",
  severity: "warning",
  principle: "build",
  summary: "CMD, ENTRYPOINT or HEALTHCHECK without effect, because a later one replaces it",
  why: `Of several \`CMD\`, \`ENTRYPOINT\` or \`HEALTHCHECK\` in one stage only the last counts. An entrypoint that drops root, or a
probe that looks at the right port, stays in the file and convinces every reviewer, while the container starts something else as
root.`,
  refs: ["CWE-1041"],
  covers: [
    "hadolint:DL3012",
    "hadolint:DL4003",
    "hadolint:DL4004",
    "buildkit:MultipleInstructionsDisallowed",
    "trivy:DS-0007",
    "trivy:DS-0016",
    "trivy:DS-0023",
    "kics:multiple_cmd_instructions_listed",
    "kics:multiple_entrypoint_instructions_listed",
    "semgrep:multiple-entrypoint-instructions",
  ],
  fix: "safe",
  examples: [
    {
      bad: `
        FROM node:24-slim
        USER node
        «CMD ["node", "old.js"]»
        CMD ["node", "app.js"]
      `,
      fixed: `
        FROM node:24-slim
        USER node
        CMD ["node", "app.js"]
      `,
    },
    {
      bad: `
        FROM alpine:3.23
        USER 1000
        «ENTRYPOINT ["su-exec", "app", \\
            "/app"]»
        «entrypoint ["/run.sh"]»
        ENTRYPOINT ["/app"]
      `,
      fixed: `
        FROM alpine:3.23
        USER 1000
        ENTRYPOINT ["/app"]
      `,
    },
    {
      bad: `
        FROM alpine:3.23
        USER 1000
        # the old probe
        «HEALTHCHECK CMD ["/old"]»
        HEALTHCHECK CMD ["/new"]
      `,
      fixed: `
        FROM alpine:3.23
        USER 1000
        # the old probe
        HEALTHCHECK CMD ["/new"]
      `,
    },
    {
      bad: `
        FROM alpine:3.23
        USER 1000
        «CMD ["/app", \\
          # why this way
          "--serve"]»
        CMD ["/app"]
      `,
      note: "not taken away by machine: a comment stands inside",
    },
    { good: 'FROM alpine:3.23\nUSER 1000\nENTRYPOINT ["/app"]\nCMD ["--help"]\n' },
    {
      good: `
        FROM alpine:3.23 AS base
        USER 1000
        CMD ["/base"]
        FROM base
        CMD ["/app"]
      `,
      note: "each stage may have its own",
    },
    {
      good: 'FROM alpine:3.23\nUSER 1000\nONBUILD CMD ["/child"]\nCMD ["/app"]\n',
      note: "the trigger is for other images",
    },
    { good: 'FROM alpine:3.23\nUSER 1000\nRUN cat <<EOF > /Dockerfile\nCMD ["a"]\nEOF\nCMD ["/app"]\n' },
  ],
  check: {
    stage(stage, report, context) {
      for (const kind of unique) {
        const all = stage.instructions.filter((i): i is Instruction => i instanceof kind);
        const last = all.pop();
        if (last === undefined) continue;
        for (const instruction of all) {
          const { keyword, file } = instruction;
          report(instruction, `This ${keyword} has no effect: another ${keyword} of the stage replaces it`, {
            tags: ["unnecessary"],
            related: [{ file: context.file, span: last.keywordSpan, note: "This one counts" }],
            fix: () => {
              const commented = file.comments.some((c) => instruction.start < c.at && c.at < instruction.end);
              if (commented) return undefined;
              return {
                title: `Remove the ${keyword} without effect`,
                applicability: "safe",
                edits: [instruction.remove()],
              };
            },
          });
        }
      }
    },
  },
});
