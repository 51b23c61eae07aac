/** Small rules with known behaviour, for tests of the frame. */
import { rule, type AnyRule } from "../../engine/index";

const base = {
  kind: "dockerfile",
  principle: "build",
  summary: "A rule of the tests",
  why: "It stands for any rule.",
  refs: [],
  fix: "none",
  examples: [],
} as const;

/** Reports every USER that is root. */
export const rootUser = rule({
  ...base,
  id: "dockerfile/root-user",
  severity: "warning",
  covers: ["hadolint:DL3002", "checkov:CKV_DOCKER_8", "trivy:DS-0002", "semgrep:last-user-is-root"],
  check: {
    user(user, report) {
      if (user.user?.text === "root") report(user.user, "The user is root");
    },
  },
});

/** Reports every EXPOSE, and lets `specific` speak first. */
export const general = rule({
  ...base,
  id: "dockerfile/general",
  severity: "info",
  preset: "strict",
  covers: ["buildkit:ExposeInvalidFormat"],
  yieldsTo: ["dockerfile/specific"],
  check: { expose: (expose, report) => report(expose, `Exposes ${expose.words.map((w) => w.text).join(" ")}`) },
});

export const specific = rule({
  ...base,
  id: "dockerfile/specific",
  severity: "error",
  covers: ["buildkit:SecretsUsedInArgOrEnv"],
  options: { ports: { type: "array", items: { type: "string" }, description: "Ports.", default: ["22"] } },
  check: {
    expose(expose, report, context) {
      const ports = context.options["ports"] as string[];
      for (const port of expose.ports) if (ports.includes(port.word.text)) report(port.word, `Port ${port.word.text}`);
    },
  },
});

export const throwing = rule({
  ...base,
  id: "dockerfile/throwing",
  severity: "error",
  covers: [],
  check: {
    user(user, report) {
      report(user, "said before it failed");
      throw new Error("broken on purpose");
    },
  },
});

export const secretRule = rule({
  ...base,
  id: "dockerfile/embedded-secret",
  severity: "error",
  principle: "secrets",
  covers: ["buildkit:SecretsUsedInArgOrEnv"],
  check: { env: (pair, _env, report) => report(pair, `${pair.name.text} holds a secret`) },
});

export const testRules: readonly AnyRule[] = [rootUser, general, specific, secretRule];
