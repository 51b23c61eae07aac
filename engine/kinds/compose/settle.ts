/** What compose adds to a merged project: defaults, names, networks, dependencies. */
import { assignmentsOf, resolveNames } from "./environment";
import {
  implied,
  isNull,
  Mapping,
  Scalar,
  type Sequence,
  withEntries,
  withEntry,
  withItems,
  type Datum,
  type Source,
} from "./datum";
import type { Variables } from "./interpolate";
import { startedDependency } from "./merge";
import { cleaned } from "./mounts";
import { assignment } from "./text";

/** The same with another value of a key that is there. */
function mapped(mapping: Mapping, key: string, change: (value: Datum) => Datum): Mapping {
  const value = mapping.get(key);
  if (value === undefined) return mapping;
  const next = change(value);
  return next === value ? mapping : withEntry(mapping, key, next);
}

const each =
  (change: (value: Mapping, name: string) => Datum) =>
  (datum: Datum): Datum => {
    if (datum.kind === "sequence") {
      const items = datum.items.map((item) => (item.kind === "mapping" ? change(item, "") : item));
      return items.every((item, i) => item === datum.items[i]) ? datum : withItems(datum, items);
    }
    if (datum.kind !== "mapping") return datum;
    const entries = new Map([...datum.entries].map(([n, v]) => [n, v.kind === "mapping" ? change(v, n) : v] as const));
    return [...entries].every(([n, v]) => v === datum.get(n)) ? datum : withEntries(datum, entries);
  };

const within =
  (change: (value: Mapping) => Mapping) =>
  (datum: Datum): Datum =>
    datum.kind === "mapping" ? change(datum) : datum;

const orElse = (mapping: Mapping, key: string, value: (source: Source) => Datum): Mapping =>
  mapping.entries.has(key) ? mapping : withEntry(mapping, key, value(mapping.source));

const text =
  (value: string) =>
  (source: Source): Datum =>
    implied(value, source);

const textOf = (mapping: Mapping, key: string): string | undefined => {
  const value = mapping.get(key);
  return value?.kind === "scalar" && value.type !== "null" ? value.text : undefined;
};

/** The defaults of keys that were written. */
export function withDefaults(model: Mapping): Mapping {
  return mapped(model, "services", each(serviceDefaults));
}

function serviceDefaults(service: Mapping): Mapping {
  let next = mapped(
    service,
    "build",
    within((build) => orElse(build, "context", text("."))),
  );
  next = mapped(
    next,
    "secrets",
    each((secret) => orElse(secret, "target", text(`/run/secrets/${textOf(secret, "source")}`))),
  );
  next = mapped(
    next,
    "ports",
    each((port) => orElse(orElse(port, "protocol", text("tcp")), "mode", text("ingress"))),
  );
  next = mapped(next, "gpus", each(deviceDefaults));
  next = mapped(
    next,
    "deploy",
    within((deploy) =>
      mapped(
        deploy,
        "resources",
        within((resources) =>
          mapped(
            resources,
            "reservations",
            within((reservations) => mapped(reservations, "devices", each(deviceDefaults))),
          ),
        ),
      ),
    ),
  );
  const bound = (mount: Mapping): Mapping =>
    mapped(
      mount,
      "bind",
      within((bind) => orElse(bind, "create_host_path", (s) => implied("true", s, "boolean"))),
    );
  return mapped(next, "volumes", each(bound));
}

function deviceDefaults(request: Mapping): Mapping {
  return request.entries.has("device_ids") ? request : orElse(request, "count", text("all"));
}

/** Variables that `environment` lists by name only get their values, where these are known. */
export function withValues(model: Mapping, variables: Variables): Mapping {
  return mapped(
    model,
    "services",
    each((service) =>
      mapped(service, "environment", (environment) =>
        environment.kind === "sequence" ? valued(environment, variables) : environment,
      ),
    ),
  );
}

function valued(list: Sequence, variables: Variables): Sequence {
  let changed = false;
  const items = list.items.map((item) => {
    if (item.kind !== "scalar" || item.text.includes("=") || variables.lookup(item.text) === undefined) return item;
    const [resolved] = resolveNames(assignmentsOf(withItems(list, [item])), variables);
    changed = true;
    return resolved === undefined ? item : assignment(resolved.name, resolved.value);
  });
  return changed ? withItems(list, items) : list;
}

/** The whole project with everything that compose takes for granted. */
export function normalised(model: Mapping, name: string, variables: Variables): Mapping {
  let next = mapped(
    model,
    "services",
    each((service) => normalService(service, variables)),
  );
  next = withDefaultNetwork(next);
  for (const key of ["networks", "volumes", "configs", "secrets"])
    next = mapped(next, key, (all) => withNames(all, name));
  return withEntry(next, "name", implied(name, next.source));
}

function normalService(service: Mapping, variables: Variables): Mapping {
  let next = mapped(
    service,
    "build",
    within((build) => normalBuild(build, variables)),
  );
  next = mapped(next, "pull_policy", (policy) =>
    policy.kind === "scalar" && policy.text === "if_not_present"
      ? new Scalar("string", "missing", policy.source, policy.pieces, policy.replaced)
      : policy,
  );
  next = mapped(
    next,
    "volumes",
    each((mount) => mapped(mount, "target", (target) => (target.kind === "scalar" ? cleaned(target) : target))),
  );
  if (textOf(next, "image")) {
    next = mapped(
      next,
      "pre_start",
      each((hook) => orElse(hook, "image", text(textOf(next, "image") ?? ""))),
    );
  }
  return withDependencies(withNetwork(next));
}

function normalBuild(build: Mapping, variables: Variables): Mapping {
  const context = orElse(build, "context", text("."));
  const isInline = context.entries.has("dockerfile_inline");
  const named = isInline ? context : orElse(context, "dockerfile", text("Dockerfile"));
  return mapped(named, "args", (args) => argumentsOf(args, variables));
}

/** An argument that is only named gets the shell's value; without one it is not passed. */
function argumentsOf(args: Datum, variables: Variables): Datum {
  if (args.kind !== "mapping" && args.kind !== "sequence") return args;
  const resolved = resolveNames(assignmentsOf(args), variables);
  const isPassed = variables.world === "open" ? resolved : resolved.filter((a) => a.value.type !== "null");
  return new Mapping(new Map(isPassed.map((a) => [a.name, a.value])), args.sources, args.open, args.replaced);
}

function withNetwork(service: Mapping): Mapping {
  if (service.entries.has("provider") || service.entries.has("network_mode")) return service;
  const networks = service.get("networks");
  const isListed =
    networks?.kind === "mapping"
      ? networks.entries.size > 0 || networks.open
      : networks !== undefined && !isNull(networks);
  if (isListed || (service.open && networks === undefined)) return service;
  const { source } = service;
  return withEntry(
    service,
    "networks",
    new Mapping(new Map([["default", implied("", source, "null")]]), [source], false),
  );
}

function withDefaultNetwork(model: Mapping): Mapping {
  const services = model.get("services");
  if (services?.kind !== "mapping") return model;
  const user = [...services.entries.values()].find((service) => {
    const networks = service.kind === "mapping" ? service.get("networks") : undefined;
    return networks?.kind === "mapping" && networks.entries.has("default");
  });
  if (user === undefined) return model;
  const networks = model.get("networks");
  const known = networks?.kind === "mapping" ? networks : new Mapping(new Map(), [user.source], false);
  return withEntry(
    model,
    "networks",
    orElse(known, "default", () => implied("", user.source, "null")),
  );
}

const shared = ["network_mode", "ipc", "pid", "uts", "cgroup"];

function withDependencies(service: Mapping): Mapping {
  const written = service.get("depends_on");
  const all = new Map(written?.kind === "mapping" ? written.entries : []);
  const before = all.size;
  const add = (name: string, source: Source, restart: boolean): void => {
    if (all.has(name)) return;
    const dependency = startedDependency(source) as Mapping;
    all.set(name, withEntry(dependency, "restart", implied(String(restart), source, "boolean")));
  };
  for (const { text: link, source } of textsIn(service.get("links"))) {
    const parts = link.split(":");
    add(parts.length === 2 ? (parts[0] ?? "") : link, source, true);
  }
  for (const key of shared) {
    const value = textOf(service, key);
    if (value?.startsWith("service:")) add(value.slice("service:".length), (service.get(key) as Scalar).source, true);
  }
  for (const { text: from, source } of textsIn(service.get("volumes_from"))) {
    if (!from.startsWith("container:")) add(from.split(":")[0] ?? "", source, false);
  }
  if (all.size === before) return service;
  const sources = written?.kind === "mapping" ? written.sources : [service.source];
  return withEntry(service, "depends_on", new Mapping(all, sources, written?.kind === "mapping" && written.open));
}

const textsIn = (datum: Datum | undefined): readonly Scalar[] =>
  datum?.kind === "sequence" ? datum.items.filter((i): i is Scalar => i.kind === "scalar") : [];

function withNames(datum: Datum, project: string): Datum {
  if (datum.kind !== "mapping") return datum;
  const entries = new Map<string, Datum>();
  for (const [key, value] of datum.entries) {
    const resource = isNull(value) ? new Mapping(new Map(), [value.source], false, value.replaced) : value;
    if (resource.kind !== "mapping") {
      entries.set(key, resource);
      continue;
    }
    const isExternal = textOf(resource, "external") === "true";
    const name = isExternal ? key : `${project}_${key}`;
    const isNamed = resource.entries.has("name") && !isNull(resource.get("name"));
    entries.set(key, isNamed ? resource : withEntry(resource, "name", implied(name, resource.source)));
  }
  return withEntries(datum, entries);
}
