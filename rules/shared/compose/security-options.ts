/** The items of `security_opt`. */
import type { Context, Service, Setting } from "../../../engine/index";
import { imageSet } from "../images/match";

export interface SecurityOption {
  readonly at: Setting;
  /** `seccomp`, `no-new-privileges`. */
  readonly name: string;
  /** What stands behind the first `=`, or behind the first `:` where there is no `=`; undefined where nothing does. */
  readonly value: string | undefined;
}

/** Those that are known, in the order in which the engine reads them: of two for the same, the later one counts. */
export const securityOptions = (service: Service): readonly SecurityOption[] =>
  service.settings("security_opt").flatMap((at) => (at.value.known ? [read(at, at.value.value)] : []));

function read(at: Setting, text: string): SecurityOption {
  const equals = text.indexOf("=");
  const cut = equals < 0 ? text.indexOf(":") : equals;
  return cut < 0 ? { at, name: text, value: undefined } : { at, name: text.slice(0, cut), value: text.slice(cut + 1) };
}

/** Whether there may be options that cannot be seen. */
export const hasUnknownOptions = (service: Service): boolean =>
  service.isOpenAt("security_opt") || service.settings("security_opt").some((s) => !s.value.known);

/** A switch as the engine reads it; on where no value stands. Undefined for all other texts. */
export function isOn({ value }: SecurityOption): boolean | undefined {
  if (value === undefined || /^(?:1|t|T|TRUE|true|True)$/.test(value)) return true;
  return /^(?:0|f|F|FALSE|false|False)$/.test(value) ? false : undefined;
}

/**
 * Images that do not start as root and use `sudo`, `ping` or other setuid programs, or have such for the people who work
 * in them. General knowledge, 2026-08.
 */
export const gainsPrivileges = imageSet([
  "jupyter/*",
  "selenium/*",
  "codercom/*",
  "coder/*",
  "linuxserver/code-server",
  "linuxserver/smokeping",
  "gitpod/*",
  "cimg/*",
  "circleci/*",
  "homebrew/*",
  "kasmweb/*",
  "devcontainers/*",
  "vscode/devcontainers/*",
  "*github-runner*",
  "actions-runner*",
  "mailserver/docker-mailserver",
  "*postfix*",
  "zabbix/zabbix-*",
  "*nagios*",
  "icinga/*",
]);

/** Whether the Dockerfile that the service builds, as far as it can be read, has programs that gain privileges. */
export function buildsSetuid({ build }: Service, { project }: Context): boolean {
  const path = build?.dockerfilePath;
  const text = build?.inline?.scalar.text ?? (path === undefined ? undefined : project.text(path));
  return text !== undefined && /\b(?:sudo|setcap)\b|\bu\+s\b|\bchmod [246]\d{3}\b/.test(text);
}
