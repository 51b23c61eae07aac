/** What is offered in compose files: entries and values that close what is open by default. */
import { literal, parseReference, type RuleId, type YamlCursor, yamlCursor } from "../engine/index";
import { healthTest } from "../rules/shared/images/health";
import { serviceImage } from "../rules/shared/images/services";
import { imageOffers } from "./images";
import type { Offer, Request } from "./offer";
import { snippetsFor } from "./snippets";
import { type Entry, entryOffers, hangOf, plainScalar, scalarOffer, valueOffer } from "./yamlEntries";

export function composeOffers({ text, offset, today }: Request): readonly Offer[] {
  const cursor = yamlCursor(text, offset);
  if (cursor === undefined) return [];
  const { path, kind } = cursor;
  const [section, name, key] = path;
  if (kind === "key" && path.length === 0) return rootOffers(cursor);
  if (section === "networks" && path.length >= 2) return networkOffers(cursor);
  if (section !== "services") return [];
  if (path.length === 1) {
    return kind === "key" ? newServices(cursor) : [];
  }
  if (typeof name !== "string") return [];
  if (path.length === 2 && kind === "key") return serviceOffers(cursor);
  if (kind === "value" && path.length === 3) return valueOffers(cursor, String(key), today);
  if (kind === "item" && path.length === 4) return itemOffers(cursor, String(key));
  if (kind === "key" && key === "environment" && path.length === 3) return environmentOffers(cursor);
  if (kind === "key" && key === "deploy") return deployOffers(cursor);
  return [];
}

function rootOffers(cursor: YamlCursor): readonly Offer[] {
  const { span, siblings, alone } = cursor;
  const whole = alone ? snippetsFor({ place: "compose-root", span }) : [];
  return [...whole, ...snippetsFor({ place: "compose-resource", span, taken: siblings })];
}

/** Under names that no other service has. */
function newServices({ span, siblings }: YamlCursor): readonly Offer[] {
  return snippetsFor({ place: "compose-service", span }).map((offer) => {
    const text = offer.text.replace(/^\$\{1:([\w.-]+)\}/, (_, name: string) => `\${1:${freeName(name, siblings)}}`);
    return { ...offer, text };
  });
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
}

const limits: Entry = {
  key: "limits",
  value: '{ memory: ${1:256M}, cpus: "${2:0.50}", pids: ${3:100} }',
  detail: "one service cannot take all of the host",
  note: "With a limit, a service that leaks or is attacked is stopped by itself; without one it takes its neighbours along.",
  rules: ["compose/missing-resource-limits"],
};

/** Keys of a service, in the order in which they are offered. Values of the hardened example shop. */
const hardening: readonly Entry[] = [
  {
    key: "read_only",
    value: "true",
    detail: "nobody can replace the program's own files",
    note: "The container's own files cannot be written to: a break-in leaves nothing behind. Give folders that must be written to a volume or a tmpfs.",
    rules: ["compose/writable-root-filesystem"],
  },
  {
    key: "tmpfs",
    value: '["${1:/tmp}:size=${2:16m},mode=1777"]',
    detail: "a small place to write to, gone with the container",
    note: "A read-only container can still write here, in memory, and no more than the size allows.",
    rules: ["compose/writable-root-filesystem"],
  },
  {
    key: "cap_drop",
    value: "[ALL]",
    detail: "no capabilities of root",
    note: "The engine gives every container a dozen powers of root by default; hardly any service needs one.",
    rules: ["compose/capabilities-not-dropped", "compose/dangerous-capability"],
  },
  {
    key: "security_opt",
    value: '["no-new-privileges:true"]',
    detail: "no program gains rights by sudo or a set-user-id file",
    note: "A program inside can never have more rights than it was started with.",
    rules: ["compose/privilege-escalation-allowed"],
  },
  {
    key: "deploy",
    value: `\n  resources:\n    limits: ${limits.value}`,
    detail: limits.detail,
    note: limits.note,
    rules: limits.rules,
    insteadOf: ["mem_limit", "cpus", "pids_limit"],
  },
];

const more: readonly Entry[] = [
  {
    key: "user",
    value: '"${1:10001:10001}"',
    detail: "not root, whatever the image says",
    note: "A program that is not root in its container is not root for the kernel either. Folders that it writes to must belong to this user.",
    rules: ["compose/root-user"],
  },
  {
    key: "init",
    value: "true",
    detail: "a small init reaps children and passes signals on",
    note: "The service stops within its grace period instead of being killed, and leaves no dead processes until none can be started any more.",
    rules: ["compose/missing-resource-limits"],
  },
  {
    key: "mem_limit",
    value: "${1:256m}",
    detail: limits.detail,
    note: limits.note,
    rules: limits.rules,
    insteadOf: ["deploy"],
  },
  {
    key: "logging",
    value: '\n  driver: json-file\n  options: { max-size: ${1:10m}, max-file: "${2:3}" }',
    detail: "logs cannot fill the disk",
    note: "The default log of a container grows until the disk is full, and everything on the host stops.",
    rules: ["compose/unbounded-logs"],
  },
  {
    key: "restart",
    value: "${1|on-failure:5,unless-stopped|}",
    detail: "starts again after a crash, but not for ever",
    note: "A service that fails at every start is tried five times; then somebody has to look.",
    rules: ["compose/restart-policy"],
  },
  {
    key: "ports",
    value: '\n  - "127.0.0.1:${1:8080}:${2:8080}"',
    detail: "only this machine reaches it",
    note: "A port without an address is open to everybody who reaches the host, past its firewall. Other services need no published port.",
    rules: ["compose/all-interfaces-port", "compose/published-database-port"],
  },
];

function serviceOffers(cursor: YamlCursor): readonly Offer[] {
  const entries = [...hardening, ...more, ...probeOf(cursor), ...secretsOf(cursor)];
  return [
    ...entryOffers(cursor, entries, {
      entries: hardening,
      detail: "read-only, no capabilities, no new privileges, limits",
      note: "All that keeps a taken-over service from harming its host and its neighbours, as far as the service does not say it yet.",
    }),
    ...(cursor.open
      ? []
      : snippetsFor({ place: "compose-entry", span: cursor.span, hang: hangOf(cursor), taken: cursor.siblings })),
  ];
}

/** The image of the service that the cursor stands in. */
function imageOf({ document, path }: YamlCursor) {
  const written = document.resolved.at([...path.slice(0, 2), "image"])?.text;
  return written === undefined ? undefined : parseReference(written);
}

function probeOf(cursor: YamlCursor): readonly Entry[] {
  const image = imageOf(cursor);
  const test = image === undefined ? undefined : healthTest(image);
  if (test === undefined) return [];
  return [
    {
      key: "healthcheck",
      value: `\n  test: ${literal(`[${test.map((word) => JSON.stringify(word)).join(", ")}]`)}\n  interval: 10s\n  timeout: 3s\n  retries: 5`,
      detail: "says when the server answers, and when it hangs",
      note: "Services that depend on it wait until it answers, and a hanging one is seen.",
      rules: ["compose/missing-healthcheck"],
    },
  ];
}

/** Names in `secrets:` of the file; what is no plain name would need care in a choice. */
function secretNames({ document }: YamlCursor): readonly string[] {
  const names = document.resolved.at(["secrets"])?.entries.map((e) => e.name) ?? [];
  return names.filter((name) => /^[\w.-]+$/.test(name));
}

const mounted: Omit<Entry, "value"> = {
  key: "secrets",
  detail: "files that only this service reads, instead of variables",
  note: "A variable is shown by `docker inspect`, inherited by every child process and printed in crash reports; a file below /run/secrets is not.",
  rules: ["compose/embedded-secret", "compose/secret-in-container-metadata"],
};

function secretsOf(cursor: YamlCursor): readonly Entry[] {
  const names = secretNames(cursor);
  if (names.length === 0) return [];
  return [{ ...mounted, value: names.length === 1 ? `[${names[0]}]` : `[\${1|${names.join(",")}|}]` }];
}

/** The variables by which an image reads its passwords from files. */
function environmentOffers(cursor: YamlCursor): readonly Offer[] {
  const image = imageOf(cursor);
  const credentials = image === undefined ? [] : (serviceImage(image)?.credentials ?? []);
  const [first] = secretNames(cursor);
  const entries = credentials.flatMap(({ variable, role, fileVariable }): Entry[] => {
    if (fileVariable === undefined || role !== "secret") return [];
    return [
      {
        key: fileVariable,
        value: `/run/secrets/\${1:${first ?? variable.toLowerCase()}}`,
        detail: `the file that ${variable} is read from`,
        note: `${mounted.note} The service must also have the secret in its \`secrets:\`.`,
        rules: mounted.rules,
        insteadOf: [variable],
      },
    ];
  });
  return entryOffers(cursor, entries);
}

function deployOffers(cursor: YamlCursor): readonly Offer[] {
  const below = cursor.path.slice(3).join(".");
  if (below === "resources") return entryOffers(cursor, [limits]);
  return below === ""
    ? entryOffers(cursor, [{ ...limits, key: "resources", value: `\n  limits: ${limits.value}` }])
    : [];
}

const internal: Entry = {
  key: "internal",
  value: "true",
  detail: "no way out to the internet, and none in",
  note: "A database that is taken over cannot send what it holds to anybody outside. Ports cannot be published from this network.",
  rules: ["compose/data-network-not-internal", "compose/flat-network"],
};

function networkOffers(cursor: YamlCursor): readonly Offer[] {
  const { path, kind, siblings } = cursor;
  if (kind === "value" && path.length === 3 && path[2] === "internal") return valueOffer(cursor, internal);
  if (path.length !== 2 || siblings.has("external")) return [];
  return entryOffers(cursor, [internal]);
}

const unprivileged: Entry = {
  key: "privileged",
  value: "false",
  detail: "the default: no power over the host",
  note: "A privileged container owns its host.",
  rules: ["compose/privileged-service"],
};

const imageRules: readonly RuleId[] = ["compose/end-of-life-image", "compose/unpinned-image"];

function valueOffers(cursor: YamlCursor, key: string, today: string): readonly Offer[] {
  if (key === "image") return imageOffers(cursor.typed, cursor.span, today, imageRules);
  const entry = [...hardening, ...more, unprivileged].find((e) => e.key === key);
  return entry === undefined ? [] : valueOffer(cursor, entry);
}

function itemOffers(cursor: YamlCursor, key: string): readonly Offer[] {
  if (key === "ports") return portOffers(cursor);
  const entry = hardening.find((e) => e.key === key);
  if (entry === undefined || key === "deploy") return [];
  const taken = cursor.document.resolved.at(cursor.path.slice(0, -1))?.items.map((item) => item.text) ?? [];
  const text = itemTexts[key];
  if (text === undefined || taken.includes(text)) return [];
  const { detail, note, rules } = entry;
  if (key !== "tmpfs") return [plainScalar(cursor, text, { detail, note, rules })];
  return [scalarOffer(cursor, { text: "${1:/tmp}:size=${2:16m},mode=1777", label: text, detail, note, rules })];
}

const itemTexts: Readonly<Record<string, string>> = {
  cap_drop: "ALL",
  security_opt: "no-new-privileges:true",
  tmpfs: "/tmp:size=16m,mode=1777",
};

function portOffers(cursor: YamlCursor): readonly Offer[] {
  const port = more.find(({ key }) => key === "ports");
  if (port === undefined) return [];
  const { detail, note, rules } = port;
  const { typed } = cursor;
  const about = { detail, note, rules, quoted: true as const };
  if (/^\d{1,5}:\d{1,5}$/.test(typed)) {
    return [scalarOffer(cursor, { ...about, text: `127.0.0.1:${typed}`, label: `127.0.0.1:${typed}`, filter: typed })];
  }
  return [
    scalarOffer(cursor, {
      ...about,
      text: "127.0.0.1:${1:8080}:${2:8080}",
      label: "127.0.0.1:8080:8080",
      ...(/^\d{1,5}:?$/.test(typed) ? { filter: typed } : {}),
    }),
  ];
}
