/** What compose refuses though every key has its shape. */
import { Scalar, type Datum, type Mapping } from "./datum";
import { assignmentsOf } from "./environment";
import { isAddress, readBytes, readDuration, readMode } from "./quantities";
import type { Refuse } from "./read";
import { below, itemsOf, type Shape } from "./shape";
import { wordsOf } from "./words";

export const textOf = (mapping: Mapping, key: string): string | undefined => {
  const value = mapping.get(key);
  return value?.kind === "scalar" && value.type !== "null" ? value.text : undefined;
};

/** The mappings among the values of a key: of a list its items, by their numbers. */
export function mappingsIn(mapping: Mapping, key: string): readonly (readonly [string, Mapping])[] {
  const value = mapping.get(key);
  const all: [string, Datum][] =
    value?.kind === "mapping"
      ? [...value.entries]
      : value?.kind === "sequence"
        ? [...value.items.entries()].map(([i, v]) => [String(i), v])
        : [];
  return all.filter((entry): entry is [string, Mapping] => entry[1].kind === "mapping");
}

const at = (mapping: Mapping, ...path: readonly string[]): Mapping | undefined => {
  let next: Datum | undefined = mapping;
  for (const step of path) next = next?.kind === "mapping" ? next.get(step) : undefined;
  return next?.kind === "mapping" ? next : undefined;
};

/** Checks the files of a project, or of an include, that are merged but not completed yet. */
export function checkModel(model: Mapping, refuse: Refuse): void {
  for (const [, volume] of mappingsIn(model, "volumes")) {
    const other = [...volume.entries.keys()].find(
      (key) => key !== "external" && key !== "name" && !key.startsWith("x-"),
    );
    if (textOf(volume, "external") === "true" && other !== undefined) {
      refuse(volume.source, `A volume that is external has no \`${other}\``);
    }
  }
  for (const [, config] of mappingsIn(model, "configs"))
    checkContent(config, ["file", "environment", "content"], refuse);
  for (const [, secret] of mappingsIn(model, "secrets")) checkContent(secret, ["file", "environment"], refuse);
  for (const [, service] of mappingsIn(model, "services")) {
    for (const [, port] of mappingsIn(service, "ports")) {
      const address = port.get("host_ip");
      if (address?.kind === "scalar" && address.isKnown && !isAddress(address.text)) {
        refuse(address.source, `\`${address.text}\` is no IP address`);
      }
    }
    const reservations = at(service, "deploy", "resources", "reservations");
    const requests = [
      ...mappingsIn(service, "gpus"),
      ...(reservations === undefined ? [] : mappingsIn(reservations, "devices")),
    ];
    for (const [, request] of requests) {
      if (request.entries.has("count") && request.entries.has("device_ids")) {
        refuse(request.source, "`count` and `device_ids` exclude each other");
      }
    }
  }
}

function checkContent(resource: Mapping, keys: readonly string[], refuse: Refuse): void {
  const count = keys.filter((key) => resource.entries.has(key)).length;
  if (count > 1) refuse(resource.source, `Only one of ${keys.join(", ")} can stand here`);
  if (count === 0 && !resource.entries.has("driver") && !resource.entries.has("external")) {
    refuse(resource.source, `One of ${keys.join(", ")} must stand here`);
  }
}

/** Checks every text that is more than a text. */
export function checkReadings(datum: Datum, shape: Shape, refuse: Refuse): void {
  if (datum.kind === "scalar" && datum.isKnown && !isReadable(datum, shape)) {
    refuse(datum.source, `\`${datum.text}\` cannot be read as ${shape.reading}`);
  }
  if (shape.reading === "assignments") {
    for (const { name, value } of assignmentsOf(datum)) {
      if (datum.kind === "sequence" && /\s$/.test(name)) refuse(value.source, "The name ends with a space");
    }
  }
  if (shape.reading === "hosts" && datum.kind === "sequence") {
    for (const item of datum.items) {
      if (item.kind === "scalar" && item.isKnown && !/[=:]/.test(item.text))
        refuse(item.source, "The address is missing");
    }
  }
  if (datum.kind === "mapping")
    for (const [name, value] of datum.entries) checkReadings(value, below(shape, name), refuse);
  if (datum.kind === "sequence") for (const item of datum.items) checkReadings(item, itemsOf(shape), refuse);
}

function isReadable({ text, type, source }: Scalar, { reading }: Shape): boolean {
  if (type !== "string") return true;
  switch (reading) {
    case "bytes":
      return readBytes(text) !== undefined;
    case "duration":
      return readDuration(text) !== undefined;
    case "mode":
      return readMode(text) !== undefined;
    case "command":
      return wordsOf(new Scalar("string", text, source)) !== undefined;
    default:
      return true;
  }
}

/** Checks the services that run: whether what they refer to is there, and what they say goes together. */
export function checkServices(model: Mapping, running: ReadonlySet<string>, refuse: Refuse): void {
  const names = new Set<string>();
  for (const [name, service] of mappingsIn(model, "services")) {
    if (!running.has(name)) continue;
    checkService(service, model, running, refuse);
    const own = textOf(service, "container_name") ?? "";
    if (own !== "" && names.has(own)) refuse(service.source, `Two containers have the name \`${own}\``);
    names.add(own);
  }
  checkCycles(model, running, refuse);
}

function checkService(service: Mapping, model: Mapping, running: ReadonlySet<string>, refuse: Refuse): void {
  const complain = (message: string): void => refuse(service.source, message);
  const has = (key: string): boolean => (textOf(service, key) ?? "") !== "";
  const build = at(service, "build");
  if (build === undefined && !has("image") && !service.entries.has("provider"))
    complain("The service has no image and no build");
  if (build !== undefined && textOf(build, "dockerfile_inline") && textOf(build, "dockerfile")) {
    complain("`dockerfile` and `dockerfile_inline` exclude each other");
  }
  const networks = at(service, "networks");
  if (has("network_mode") && (networks?.entries.size ?? 0) > 0)
    complain("`network_mode` and `networks` exclude each other");
  checkReferences(service, model, complain);
  checkDependencies(service, running, model, complain);
  checkHealth(service, complain);
  checkLimits(service, complain);
  checkTargets(service, complain);
}

function checkReferences(service: Mapping, model: Mapping, complain: (message: string) => void): void {
  const check = (key: string, name: string | undefined): void => {
    if (name !== undefined && at(model, key)?.entries.has(name) !== true)
      complain(`There is nothing named \`${name}\` in \`${key}\``);
  };
  for (const name of at(service, "networks")?.entries.keys() ?? []) check("networks", name);
  for (const name of at(service, "models")?.entries.keys() ?? []) check("models", name);
  for (const [, mount] of mappingsIn(service, "volumes")) {
    const source = textOf(mount, "source") ?? "";
    if (textOf(mount, "type") === "volume" && source !== "") check("volumes", source);
  }
  const build = at(service, "build");
  for (const [, use] of build === undefined ? [] : mappingsIn(build, "secrets"))
    check("secrets", textOf(use, "source") ?? "");
  for (const [, use] of mappingsIn(service, "secrets")) check("secrets", textOf(use, "source") ?? "");
  for (const [, use] of mappingsIn(service, "configs")) check("configs", textOf(use, "source") ?? "");
  for (const [name, context] of build === undefined ? [] : (at(build, "additional_contexts")?.entries ?? [])) {
    const target = context.kind === "scalar" && context.text.startsWith("service:") ? context.text.slice(8) : undefined;
    const other = target === undefined ? undefined : at(model, "services", target);
    if (target !== undefined && other?.entries.has("build") !== true)
      complain(`The context \`${name}\` is no service that is built`);
  }
}

function checkDependencies(
  service: Mapping,
  running: ReadonlySet<string>,
  model: Mapping,
  complain: (message: string) => void,
): void {
  for (const [name, dependency] of mappingsIn(service, "depends_on")) {
    if (running.has(name)) continue;
    const isThere = at(model, "services")?.entries.has(name) === true;
    if (!isThere || textOf(dependency, "required") !== "false")
      complain(`There is no service \`${name}\` to depend on`);
  }
}

function checkHealth(service: Mapping, complain: (message: string) => void): void {
  const test = at(service, "healthcheck")?.get("test");
  const head = test?.kind === "sequence" ? test.items[0] : undefined;
  if (head?.kind === "scalar" && head.isKnown && !/^(?:CMD|CMD-SHELL|NONE)$/.test(head.text)) {
    complain("`healthcheck.test` begins with CMD, CMD-SHELL or NONE");
  }
}

function checkLimits(service: Mapping, complain: (message: string) => void): void {
  const deploy = at(service, "deploy");
  const number = (mapping: Mapping | undefined, key: string): number | undefined => {
    const text = mapping === undefined ? undefined : textOf(mapping, key);
    return text === undefined ? undefined : (readBytes(text) ?? Number(text));
  };
  const [scale, replicas] = [number(service, "scale"), number(deploy, "replicas")];
  if (scale !== undefined && replicas !== undefined && scale !== replicas)
    complain("`scale` and `deploy.replicas` differ");
  if ((scale ?? 0) < 0 || (replicas ?? 0) < 0) complain("There cannot be less than no containers");
  if ((scale ?? replicas ?? 1) > 1 && textOf(service, "container_name"))
    complain("Several containers cannot have one name");
  const pairs = [
    ["cpus", "limits", "cpus"],
    ["mem_limit", "limits", "memory"],
    ["mem_reservation", "reservations", "memory"],
    ["pids_limit", "limits", "pids"],
  ] as const;
  for (const [key, group, other] of pairs) {
    const there = deploy && at(deploy, "resources", group);
    const own = number(service, key) ?? 0;
    if (there !== undefined && own !== 0 && own !== (number(there, other) ?? 0)) {
      complain(`\`${key}\` and \`deploy.resources.${group}.${other}\` differ`);
    }
  }
}

function checkTargets(service: Mapping, complain: (message: string) => void): void {
  const targets = new Set<string>();
  const add = (target: string): void => {
    if (targets.has(target)) complain(`Two mounts have the target \`${target}\``);
    targets.add(target);
  };
  const tmpfs = service.get("tmpfs");
  for (const item of tmpfs?.kind === "sequence" ? tmpfs.items : [tmpfs]) {
    if (item?.kind === "scalar" && item.type !== "null") add(item.text.split(":")[0] ?? "");
  }
  for (const [, mount] of mappingsIn(service, "volumes")) add(textOf(mount, "target") ?? "");
}

function checkCycles(model: Mapping, running: ReadonlySet<string>, refuse: Refuse): void {
  const services = new Map(mappingsIn(model, "services"));
  const done = new Set<string>();
  const visit = (name: string, chain: readonly string[]): void => {
    const service = services.get(name);
    if (service === undefined || done.has(name) || !running.has(name)) return;
    if (chain.includes(name)) {
      refuse(service.source, `${[...chain, name].join(" → ")} depend on each other`);
      return;
    }
    for (const [next] of mappingsIn(service, "depends_on")) visit(next, [...chain, name]);
    done.add(name);
  };
  for (const name of services.keys()) visit(name, []);
}
