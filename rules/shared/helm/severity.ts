import type { Severity, ValueSetting } from "../../../engine/index";
import { softer } from "../severity";

const forDevelopment =
  /(?:^|[/._-])(?:dev|devel|development|local|localhost|kind|minikube|k3d|k3s|tilt|skaffold)(?:[/._-]|$)/i;

/** As bad as said in what everybody gets; less where the value only serves tests or development. */
export function severityOf(severity: Severity, { values }: ValueSetting): Severity {
  if (values.role === "trial") return severity === "hint" ? "hint" : "info";
  return values.role === "other" && forDevelopment.test(values.file) ? softer(severity) : severity;
}

/** One lower where a map around the value switches off what it is for. */
export const severityWhereOn = (severity: Severity, setting: ValueSetting): Severity =>
  setting.isOff ? softer(severityOf(severity, setting)) : severityOf(severity, setting);
