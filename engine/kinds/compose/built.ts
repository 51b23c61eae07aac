/** What compose projects say about the Dockerfiles that they build. */
import type { Span } from "../../text/span";
import type { ComposeProject } from "./project";
import type { Setting } from "./part";
import { isDevelopmentFile, type Service } from "./service";

/** A text of a compose file, and where it stands. */
export interface Said extends Span {
  readonly file: string;
  /** Undefined where a variable decides. */
  readonly value: string | undefined;
}

/** A service of a compose project that builds a Dockerfile. */
export interface BuiltService {
  readonly name: string;
  /** Where the service stands: the compose file, and the span of its key. */
  readonly file: string;
  readonly span: Span;
  /** The build context, a folder of the project. */
  readonly context: string;
  /** The stage that it ships; undefined for the last one. */
  readonly target: Said | undefined;
  readonly user: Said | undefined;
  /** What it says of its health check: a test of its own, none at all (`off`), or nothing (undefined). */
  readonly health: "test" | "off" | undefined;
  /** The names of its additional contexts. */
  readonly contexts: readonly string[];
  /** Ports of the container that it publishes. */
  readonly publishes: readonly number[];
  /** It only runs where people develop. */
  readonly isDevelopment: boolean;
  /** It may say more than can be seen. */
  readonly isOpen: boolean;
}

/** By the name of the Dockerfile. */
export function builtIn(project: ComposeProject): ReadonlyMap<string, readonly BuiltService[]> {
  const all = new Map<string, BuiltService[]>();
  for (const service of project.services) {
    const dockerfile = service.build?.dockerfilePath;
    if (dockerfile === undefined || service.build?.inline !== undefined) continue;
    const same = all.get(dockerfile);
    if (same === undefined) all.set(dockerfile, [builtBy(service)]);
    else same.push(builtBy(service));
  }
  return all;
}

/** What a service says of the Dockerfile that it builds. */
export function builtBy(service: Service): BuiltService {
  const { build, healthTest } = service;
  return {
    name: service.name,
    file: service.file,
    span: { start: service.start, end: service.end },
    context: build?.folder ?? "",
    target: said(shippedTarget(build?.target)),
    user: said(service.user),
    health: healthTest === undefined ? undefined : healthTest.form === "none" ? "off" : "test",
    contexts: build?.additionalContexts.map((c) => c.name) ?? [],
    publishes: service.ports.flatMap((p) => (p.target.known ? [p.target.value.first] : [])),
    isDevelopment: service.isDevelopment || isDevelopmentFile(service.file),
    isOpen: service.isOpen,
  };
}

/** A stage that only a file of development asks for is not what ships. */
function shippedTarget(target: Setting | undefined): Setting | undefined {
  return target === undefined || isDevelopmentFile(target.file) ? undefined : target;
}

const said = (setting: Setting | undefined): Said | undefined =>
  setting && {
    file: setting.file,
    start: setting.start,
    end: setting.end,
    value: setting.value.known ? setting.value.value : undefined,
  };
