/** Containers that start as root and run their program as somebody else. */
import { Cmd, Entrypoint, Run, type Command, type Stage } from "../../engine/index";
import { baseUser } from "./images/users";
import { packageCommand, packageName } from "./packages";

const droppers = new Set(["gosu", "su-exec", "setpriv", "runuser", "su", "chpst", "s6-setuidgid", "sudo", "doas"]);

/** What gives root up when the container starts: a program, or the entrypoint of the base image; undefined for nothing. */
export function dropsPrivileges(stage: Stage): string | undefined {
  const entrypoint = stage.last(Entrypoint);
  const started = [entrypoint, stage.last(Cmd)].flatMap((i) => i?.commands ?? []);
  const program = started.map(dropper).find((name) => name !== undefined);
  if (program !== undefined) return program;
  const image = stage.rootImage;
  const base = image === undefined ? undefined : baseUser(image);
  if (base?.kind === "root" && base.dropsItself && entrypoint === undefined) return `the entrypoint of ${image?.familiar}`;
  // A program that exists to do it in an entrypoint's script.
  return entrypoint === undefined ? undefined : installedDropper(stage);
}

function dropper(command: Command): string | undefined {
  const runs = [{ name: command.name, words: command.words }, ...command.wrappers];
  return runs.find(({ name, words }) => {
    if (!droppers.has(name)) return false;
    const given = words.slice(1).map((w) => w.source);
    const toRoot = given.some((g) => /^(?:--\w+=)?(?:root|0)(?::|$)/.test(g));
    const named = name === "sudo" || name === "doas" ? given.includes("-u") : given.some((g) => !/^-(?:$|[^-])/.test(g));
    return named && !toRoot;
  })?.name;
}

function installedDropper(stage: Stage): string | undefined {
  for (const run of stage.history) {
    if (!(run instanceof Run)) continue;
    for (const command of run.commands) {
      const install = packageCommand(command);
      const names = install?.packages.map((p) => packageName(install.manager, p)) ?? [];
      const found = names.find((name) => name === "gosu" || name === "su-exec");
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
