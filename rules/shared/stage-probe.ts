/** What a Dockerfile asks a server to know whether it still answers. */
import { choice, Expose, type ImageReference, literal, Run, type Stage } from "../../engine/index";
import { distribution } from "./images/distribution";
import { healthTest } from "./images/health";
import { matchesImage } from "./images/match";
import { startInstructions } from "./stages";

/** The first TCP port that the image says it listens on. */
export function portOf(stage: Stage): number | undefined {
  const ports = stage.history.filter((i) => i instanceof Expose).flatMap((i) => i.ports);
  return ports.find((port) => port.protocol === "tcp" && port.range !== undefined)?.range?.first;
}

const isRun = (i: unknown): i is Run => i instanceof Run;
const hasCurl = (stage: Stage): boolean =>
  stage.history.filter(isRun).some((run) => run.commands.some((c) => c.args.some((word) => word.text === "curl")));

const exec = (...words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;

/** Stands where the user chooses the path, until the rest is escaped for a snippet: a private character. */
const choiceMark = "\ue000";

/** A probe with a tool that the image surely has. */
function httpTest(stage: Stage, image: ImageReference): string | undefined {
  const port = portOf(stage);
  const url = `http://127.0.0.1${port === undefined ? "" : `:${port}`}${choiceMark}`;
  const script = `fetch('${url}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  if (matchesImage(image, ["library/node"])) return exec("node", "-e", script);
  if (matchesImage(image, ["distroless/nodejs*"])) return exec("/nodejs/bin/node", "-e", script);
  if (matchesImage(image, ["library/python"])) {
    return exec("python", "-c", `import urllib.request as r; r.urlopen('${url}', timeout=2)`);
  }
  if (hasCurl(stage)) return `curl -fsS -o /dev/null ${url} || exit 1`;
  return ["alpine", "busybox", "wolfi"].includes(distribution(image).family)
    ? `wget -q --spider ${url} || exit 1`
    : undefined;
}

/** A snippet: what to write behind HEALTHCHECK's CMD. */
function probe(stage: Stage, image: ImageReference): string {
  const known = startInstructions(stage).length === 0 ? healthTest(image) : undefined;
  const [form, ...words] = known ?? [];
  if (form === "CMD") return literal(exec(...words));
  if (form === "CMD-SHELL") return literal(`${words.join(" ").replaceAll("$$", "$")} || exit 1`);
  const test = httpTest(stage, image);
  const path = choice(1, portOf(stage) === undefined ? ":8080/" : "/");
  return test === undefined ? choice(1, "/app/healthcheck") : test.split(choiceMark).map(literal).join(path);
}

/** The instruction as a snippet: it leaves what is asked to the user where that cannot be known. */
export const healthcheckLine = (stage: Stage, image: ImageReference): string =>
  `HEALTHCHECK --interval=30s --timeout=3s CMD ${probe(stage, image)}`;
