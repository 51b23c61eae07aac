/** What the stages of a Dockerfile are for. */
import {
  basename,
  Cmd,
  Copy,
  Entrypoint,
  Expose,
  Healthcheck,
  Run,
  type Command,
  type Located,
  type RunningInstruction,
  type Stage,
} from "../../engine/index";
import { isServerImage } from "./images/roles";

/** As a word of its own: no letter or digit before or behind it. */
const developmentWord =
  /(?<![A-Za-z0-9])(?:dev|devel|develop|development|devcontainer|debug|debugger|test|tests|testing|e2e|cypress|playwright|lint|ci)(?![A-Za-z0-9])/i;

/** By its own name, or the names of the file and its folders, the image is for development, tests or CI. */
export function isDevelopmentStage(stage: Stage, file: string): boolean {
  const name = stage.name?.text;
  if (name !== undefined && developmentWord.test(name)) return true;
  return developmentWord.test(basename(file)) || inDevcontainer(file);
}

export const inDevcontainer = (file: string): boolean => /(?:^|\/)\.devcontainer\//.test(file);

/** The chain's instructions as they run while this image is built: what ONBUILD triggers is left out. */
export const runsOf = (stage: Stage): readonly Run[] => stage.history.filter((i): i is Run => i instanceof Run);

/** The ENTRYPOINT and CMD that a container of the stage starts with. */
export function startInstructions(stage: Stage): readonly RunningInstruction[] {
  const entrypoint = stage.last(Entrypoint);
  const cmd = stage.last(Cmd);
  if (entrypoint === undefined) return cmd === undefined ? [] : [cmd];
  return cmd === undefined ? [entrypoint] : [entrypoint, cmd];
}

export const startCommands = (stage: Stage): readonly Command[] => startInstructions(stage).flatMap((i) => i.commands);

/** Says what to start or which port it listens on: more than a base for other builds. */
export const isProgramImage = (stage: Stage): boolean =>
  startInstructions(stage).length > 0 || stage.history.some((i) => i instanceof Expose);

const serverPrograms = new Set([
  "nginx",
  "httpd",
  "apache2",
  "apache2ctl",
  "apache2-foreground",
  "caddy",
  "traefik",
  "haproxy",
  "envoy",
  "lighttpd",
  "gunicorn",
  "uvicorn",
  "hypercorn",
  "daphne",
  "uwsgi",
  "waitress-serve",
  "puma",
  "unicorn",
  "thin",
  "rackup",
  "php-fpm",
  "catalina.sh",
  "redis-server",
  "valkey-server",
  "postgres",
  "mysqld",
  "mariadbd",
  "mongod",
  "memcached",
  "rabbitmq-server",
]);

/** Waits for connections, as far as the file shows: it has EXPOSE, a server's base image, or starts a known server. */
export function isServiceImage(stage: Stage): boolean {
  if (stage.history.some((i) => i instanceof Expose)) return true;
  if (stage.rootImage !== undefined && startInstructions(stage).length === 0 && isServerImage(stage.rootImage))
    return true;
  return startCommands(stage).some((c) => serverPrograms.has(c.name));
}

/** Everything that containers of the stage run, HEALTHCHECK included, and files that the build writes into the image. */
export function mentionsProgram(stage: Stage, names: readonly string[]): boolean {
  const running = [...startInstructions(stage), stage.last(Healthcheck)].filter((i) => i !== undefined);
  if (running.some((i) => i.commands.some((c) => c.words.some((w) => mentions(w.source, names))))) return true;
  return stage.history.some((i) => {
    const scripts = i instanceof Copy || i instanceof Run ? i.heredocs.map((h) => i.heredocBody(h).text) : [];
    return scripts.some((text) => mentions(text, names));
  });
}

const mentions = (text: string, names: readonly string[]): boolean => names.some((name) => wordIn(text, name));

/** The text holds `name` as a word of its own. */
export function wordIn(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text[at + name.length] ?? " ";
    if (!/[\w.-]/.test(before) && !/[\w-]/.test(after)) return true;
  }
  return false;
}

/** A script of the image, whose text the Dockerfile does not hold, is what starts. */
export const startsScript = (stage: Stage): boolean =>
  startCommands(stage).some((c) =>
    c.words.some((w) => /\.(?:sh|bash|py|rb|pl)$|entrypoint|(?:^|\/)(?:start|run|init)$/.test(w.source)),
  );

/** The words of the chain's FROM that name the image it is made from. */
export function baseWord(stage: Stage): Located | undefined {
  const root = stage.chain[stage.chain.length - 1];
  return root?.from.source;
}
