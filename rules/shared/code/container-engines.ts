/** Where service code opens the engine that runs containers. Libraries after their manuals, 2026-11. */
import type { CodeCall, CodeFile, CodeLiteral, CodeScope, CodeValue, Span } from "../../../engine/index";
import { isOf, type Library } from "./origins";

export interface EngineUse extends Span {
  readonly what: string;
  readonly guard: CodeScope["guard"];
}

const socket =
  /(?:^|[/\\])(?:docker|containerd|crio|podman|cri-dockerd|docker_engine|buildkitd|dockershim)(?:\.sock)$|(?:^|[/\\])pipe[/\\]docker_engine\w*$/i;
const tcp = /^tcp:\/\/[^\s/]*:2375\/?$/i;

/** What only names sockets: lists of forbidden paths, mounts that are looked for. */
const listName =
  /sensitive|danger|deny|denied|block|forbid|disallow|black_?list|risky|suspicious|pattern|regex|protected|ignore/i;
const looking =
  /^(?:startsWith|endsWith|includes|indexOf|contains|match\w*|test|HasPrefix|HasSuffix|Contains|replace\w*|split|equals|compile)$/;

/** What is mounted into another container: code/privileged-container-run's matter. */
const mountName = /^(?:binds?|volumes?|mounts?|source|target|host_?path)$/i;

const isSocket = (text: string): boolean =>
  /\.sock$|docker_engine|:2375/i.test(text) && (socket.test(text) || tcp.test(text));

function isUse({ use, text }: CodeLiteral): boolean {
  const [first, ...others] = text.parts;
  if (typeof first !== "string" || others.length > 0 || !isSocket(first)) return false;
  if (use.kind === "comparison" || use.kind === "message" || use.kind === "markup" || use.kind === "other")
    return false;
  if (use.kind === "argument")
    return (
      !looking.test(use.call.callee.last) && !listName.test(use.call.callee.text) && !mountName.test(use.name ?? "")
    );
  const name = use.kind === "value" || use.kind === "fallback" ? (use.name ?? "") : "";
  return !listName.test(name) && !mountName.test(name);
}

const makers: readonly Library[] = [
  { modules: /^dockerode(?:\/.*)?$/, members: /^(?:Dockerode|Docker)?$/ },
  { modules: /^(?:docker-modem|node-docker-api)$/, members: /^(?:Docker)?$/ },
  { modules: /^testcontainers$/, members: /^(?:Generic\w*Container|DockerComposeEnvironment)$/ },
  { modules: /^docker(?:\.client|\.api)?$/, members: /^(?:from_env|DockerClient|APIClient|Client)$/ },
  { modules: /^(?:aiodocker|aiodocker\.docker)$/, members: /^Docker$/ },
  { modules: /^testcontainers(?:\.\w+)+$/, members: /^\w*Container$/ },
  {
    modules: /^github\.com\/(?:docker\/docker|moby\/moby)\/client$/,
    members: /^New(?:ClientWithOpts|EnvClient|Client)?$/,
  },
  { modules: /^github\.com\/fsouza\/go-dockerclient$/, members: /^New\w*Client\w*$/ },
  {
    modules: /^com\.github\.dockerjava\.core$/,
    members: /^(?:DockerClientBuilder\.getInstance|DockerClientImpl\.getInstance)$/,
  },
  { modules: /^com\.spotify\.docker\.client$/, members: /^DefaultDockerClient(?:\.(?:fromEnv|builder))?$/ },
  { modules: /^org\.testcontainers\.(?:containers|utility|postgresql|kafka)$/, members: /^\w*Container$/ },
  { modules: /^Docker\.DotNet$/, members: /^DockerClientConfiguration$/ },
];

const isMaker = ({ callee, isNew }: CodeCall, code: CodeFile): boolean => {
  const row = makers.find((m) => isOf(callee, m));
  if (row === undefined) return false;
  // The module itself is no client: `require("dockerode")` called.
  return callee.origin?.member !== "" || isNew || code.language !== "javascript";
};

/** Somewhere else over SSH or TLS, which asks who is there. */
const isGuarded = (value: CodeValue): boolean =>
  value.kind === "text" && /^(?:ssh|https):\/\//i.test(typeof value.parts[0] === "string" ? value.parts[0] : "");

/** Every place of the file where an engine is opened, each once. */
export function engineUses(code: CodeFile): readonly EngineUse[] {
  const { literals, calls } = code.facts;
  const sockets = literals.filter((literal) => isUse(literal));
  const found: EngineUse[] = sockets.map(({ start, end, text, scope }) => ({
    ...(text.inner ?? { start, end }),
    what: "This socket gives orders to the engine that runs the containers",
    guard: scope.guard,
  }));
  if (!/docker|testcontainers|moby/i.test(code.text)) return found;
  for (const call of calls) {
    if (!isMaker(call, code) || call.arguments.some((a) => isGuarded(a.value))) continue;
    if (sockets.some((s) => call.start <= s.start && s.end <= call.end)) continue;
    // The socket is a constant of this file.
    if (call.arguments.some((a) => holdsSocket(a.value))) continue;
    const { start, end } = call.callee;
    const what = `${call.callee.text} opens the engine that runs the containers`;
    found.push({ start, end, what, guard: call.scope.guard });
  }
  return found.sort((a, b) => a.start - b.start);
}

function holdsSocket(value: CodeValue): boolean {
  if (value.kind === "text") return value.whole !== undefined && isSocket(value.whole);
  return value.kind === "options" && value.entries.some((e) => holdsSocket(e.value));
}
