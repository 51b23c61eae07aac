/** One check for every rule about credentials in texts: what is found is shared, what is said of it is the rule's. */
import type { TextCheck, TextFile } from "../../../engine/index";
import { movedOut } from "./environment-fixes";
import { type Credential, credentialsOf, type SecretRule } from "./scan";

export const reporting = (
  rule: SecretRule,
  message: (credential: Credential, file: TextFile) => string,
): TextCheck => ({
  file(text, report, context) {
    const off = (context.options["off"] as readonly string[] | undefined) ?? [];
    for (const credential of credentialsOf(rule, text, context)) {
      if (off.includes(credential.found.provider ?? "")) continue;
      report(credential.at, message(credential, text), {
        severity: credential.severity,
        ...(credential.isGuess ? { preset: "strict" as const } : {}),
        // The rules of other kinds know how a value is given there: they lend their fix.
        ...(text.kind === undefined || text.format === "code"
          ? { fix: () => movedOut(credential, text, context) }
          : {}),
      });
    }
  },
});
