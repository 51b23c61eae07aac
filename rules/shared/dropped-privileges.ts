/** Containers that start as root and run their program as somebody else. */
import { Cmd, Copy, Entrypoint, Run, type Command, type Stage } from "../../engine/index";
import { baseUser } from "./images/users";
import { wordIn } from "./stages";

const droppers = new Set(["gosu", "su-exec", "setpriv", "runuser", "su", "chpst", "s6-setuidgid", "sudo", "doas"]);

/** What gives root up when the container starts: a program, or the entrypoint of the base image; undefined for nothing. */
export function dropsPrivileges(stage: Stage): string | undefined {
  const entrypoint = stage.last(Entrypoint);
  const started = [entrypoint, stage.last(Cmd)].flatMap((i) => i?.commands ?? []);
  const program = started.map(dropper).find((name) => name !== undefined);
  if (program !== undefined) return program;
  const image = stage.rootImage;
  const base = image === undefined ? undefined : baseUser(image);
  if (base?.kind === "root" && base.dropsItself && entrypoint === undefined)
    return `the entrypoint of ${image?.familiar}`;
  // A program that exists to do it in an entrypoint's script.
  return entrypoint === undefined ? undefined : installedDropper(stage);
}

function dropper(command: Command): string | undefined {
  const runs = [{ name: command.name, words: command.words }, ...command.wrappers];
  return runs.find(({ name, words }) => {
    if (!droppers.has(name)) return false;
    const given = words.slice(1).map((w) => w.source);
    const toRoot = given.some((g) => /^(?:--\w+=)?(?:root|0)(?::|$)/.test(g));
    const named =
      name === "sudo" || name === "doas" ? given.includes("-u") : given.some((g) => !/^-(?:$|[^-])/.test(g));
    return named && !toRoot;
  })?.name;
}

/** One that the build installs, downloads or copies, or that a script in the Dockerfile calls. */
function installedDropper(stage: Stage): string | undefined {
  return ["gosu", "su-exec"].find((program) => {
    const pattern = new RegExp(`(?:^|/)${program}(?:$|[-=~@])`);
    const names = (text: string): boolean => pattern.test(text);
    return stage.history.some((i) => {
      if (i instanceof Run && i.commands.some((c) => c.args.some((a) => names(a.source)))) return true;
      if (!(i instanceof Copy)) return false;
      return i.words.some((w) => names(w.text)) || i.heredocs.some((h) => wordIn(i.heredocBody(h).text, program));
    });
  });
}
