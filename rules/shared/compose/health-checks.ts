/** What asks a service whether it still answers. */
import { type Context, choice, literal, type PublishedPort, type Service, type YamlData } from "../../../engine/index";
import { distribution } from "../images/distribution";
import { healthTest } from "../images/health";
import { matchesImage } from "../images/match";
import { hasHealthcheck, isServerImage } from "../images/roles";
import { serviceOfProgram } from "../images/services";
import { imageOf } from "./images";
import { protocolOf } from "./publishing";

const dockerfileOf = ({ build }: Service, { project }: Context) => {
  const path = build?.inline === undefined ? build?.dockerfilePath : undefined;
  return path === undefined ? undefined : project.summaries("dockerfile").get(path);
};

/** Whether the image that a service runs has a HEALTHCHECK; undefined where nobody knows. */
export function imageHasHealthcheck(service: Service, context: Context): boolean | undefined {
  if (service.build !== undefined) {
    const summary = dockerfileOf(service, context);
    if (summary === undefined || summary.hasHealthcheck) return summary?.hasHealthcheck;
    if (summary.stages.filter((stage) => stage.shipped).length > 1) return undefined;
  }
  const reference = imageOf(service, context);
  return reference === undefined ? undefined : hasHealthcheck(reference);
}

/** Nothing in the image could ask but the program itself. */
export function isBare(service: Service, context: Context): boolean {
  const reference = imageOf(service, context);
  if (reference === undefined || distribution(reference).shell !== "none") return false;
  return !matchesImage(reference, ["distroless/nodejs*", "distroless/python*", "distroless/java*"]);
}

/** Words that start the server of an image whose entrypoint takes them. */
const serverWords = /^(?:agent|all-in-one|run|serve|server|single-node|standalone|start|start-dev|start-single-node)$/;

/** The service runs the server of its image, not one of the tools that the image has beside it. */
export function runsServer(service: Service): boolean {
  const { command, entrypoint } = service;
  const commands = [...(entrypoint?.commands ?? []), ...(command?.commands ?? [])];
  if (commands.some((c) => serviceOfProgram(c.name) !== undefined)) return true;
  if (entrypoint !== undefined && entrypoint.form !== "none") return false;
  const first = command?.words[0]?.value;
  if (command === undefined || first === undefined) return true;
  return first.known && (first.value.startsWith("-") || serverWords.test(first.value));
}

/** It waits for connections, as far as its ports, its image and its Dockerfile tell. */
export function listens(service: Service, context: Context): boolean {
  if (service.ports.length > 0 || service.settings("expose").length > 0) return true;
  if (service.command === undefined && service.entrypoint === undefined) {
    if ((dockerfileOf(service, context)?.exposes.length ?? 0) > 0) return true;
  }
  const reference = imageOf(service, context);
  return reference !== undefined && isServerImage(reference) && runsServer(service);
}

const firstTarget = (port: PublishedPort): readonly number[] =>
  protocolOf(port) === "tcp" && port.target.known ? [port.target.value.first] : [];

function portOf(service: Service, context: Context): number | undefined {
  const exposed = service.settings("expose").flatMap(({ value }) => {
    const digits = value.known ? /^(\d+)(?:-\d+)?(?:\/tcp)?$/.exec(value.value)?.[1] : undefined;
    return digits === undefined ? [] : [Number(digits)];
  });
  return [...service.ports.flatMap(firstTarget), ...exposed, ...(dockerfileOf(service, context)?.exposes ?? [])][0];
}

/** Stands where the user chooses the path, until the rest is escaped for a snippet: a private character. */
const choiceMark = "\ue010";

/** A request with a tool that the image has, or else with curl. */
function requestOf(service: Service, context: Context): readonly string[] {
  const reference = imageOf(service, context);
  const port = portOf(service, context);
  const url = `http://127.0.0.1${port === undefined ? "" : `:${port}`}${choiceMark}`;
  if (reference !== undefined && matchesImage(reference, ["library/node"])) {
    return ["CMD", "node", "-e", `fetch('${url}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`];
  }
  if (reference !== undefined && matchesImage(reference, ["library/python"])) {
    return ["CMD", "python", "-c", `import urllib.request as r; r.urlopen('${url}', timeout=2)`];
  }
  const family = reference === undefined ? "unknown" : distribution(reference).family;
  if (["alpine", "busybox", "wolfi"].includes(family)) return ["CMD", "wget", "-q", "--spider", url];
  return ["CMD", "curl", "-f", url];
}

/** A `healthcheck` for the service: the test of its server where one is known. Its texts are snippets. */
export function healthCheck(service: Service, context: Context): YamlData {
  const reference = imageOf(service, context);
  const known = reference !== undefined && runsServer(service) ? healthTest(reference) : undefined;
  const words = known ?? requestOf(service, context);
  const path = choice(1, portOf(service, context) === undefined ? ":8080/health" : "/health");
  const test = words.map((word) => word.split(choiceMark).map(literal).join(path));
  return { test, interval: choice(2, "30s"), timeout: "5s", retries: 3, start_period: "30s" };
}
