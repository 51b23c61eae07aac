/** Every key of a service (https://github.com/compose-spec/compose-spec, as compose v5.5 reads it). */
import {
  anything,
  bytes,
  closed,
  decimal,
  duration,
  flag,
  integer,
  listOf,
  named,
  number,
  object,
  pairs,
  setOf,
  text,
  textOrInteger,
  textOrNumber,
  texts,
  type Shape,
} from "./shape";

const keyed: Shape = { merge: "pairs", identity: "name" };
export const labels = (more: Shape = keyed): Shape => pairs({ reading: "labels", ...more });
const environment = (more: Shape = {}): Shape => pairs({ reading: "assignments", ...more });
export const options: Shape = named(textOrNumber, { reading: "mapping" }, /./);
const command: Shape = {
  scalars: ["null", "string", "time"],
  list: { items: text, distinct: false },
  reading: "command",
};
const hosts: Shape = {
  mapping: { keys: {}, others: { ...text, list: { items: text, distinct: false } }, names: /./, extensible: false },
  list: { items: text, distinct: true },
  merge: "pairs",
  reading: "hosts",
};

const fileUse: Shape = {
  ...object({
    source: text,
    target: text,
    uid: text,
    gid: text,
    mode: { ...textOrNumber, reading: "mode" },
  }),
  scalars: ["string"],
  form: "fileUse",
};

const limit: Shape = {
  ...object({ hard: integer, soft: integer }, {}, ["soft", "hard"]),
  ...integer,
  merge: "limit",
};
const limits: Shape = named(limit, {}, /^[a-z]+$/);

const hook = object({ command, user: text, privileged: flag, working_dir: text, environment: environment() }, {}, [
  "command",
]);
const firstHook = object({
  command,
  image: text,
  user: text,
  privileged: flag,
  working_dir: text,
  environment: environment(),
  per_replica: flag,
});

const deviceKeys = {
  capabilities: setOf(text),
  count: textOrInteger,
  device_ids: setOf(text),
  driver: text,
  options: pairs({ reading: "mapping" }),
} as const;

const build: Shape = {
  ...object({
    context: { ...text, path: "context" },
    dockerfile: text,
    dockerfile_inline: text,
    entitlements: listOf(text),
    args: environment(keyed),
    ssh: pairs({ form: "ssh" }),
    labels: labels(),
    cache_from: listOf(text),
    cache_to: listOf(text),
    no_cache: flag,
    no_cache_filter: texts(),
    additional_contexts: pairs({ ...keyed, form: "pairs", path: "context" }),
    network: text,
    provenance: { scalars: ["string", "boolean"], form: "text" },
    sbom: { scalars: ["string", "boolean"], form: "text" },
    pull: flag,
    target: text,
    shm_size: { scalars: ["int", "string"], reading: "bytes" },
    extra_hosts: hosts,
    isolation: text,
    privileged: flag,
    secrets: listOf(fileUse),
    tags: listOf(text, { identity: "name" }),
    ulimits: limits,
    platforms: listOf(text),
  }),
  scalars: ["string"],
  merge: "build",
  form: "build",
};

const updates = object({
  parallelism: integer,
  delay: duration,
  failure_action: text,
  monitor: duration,
  max_failure_ratio: decimal,
  order: { ...text, words: ["start-first", "stop-first"] },
});

const deploy: Shape = {
  ...object({
    mode: text,
    endpoint_mode: text,
    replicas: integer,
    labels: labels(),
    rollback_config: updates,
    update_config: updates,
    resources: object({
      limits: object({ cpus: decimal, memory: { ...text, reading: "bytes" }, pids: integer }),
      reservations: object({
        cpus: decimal,
        memory: { ...text, reading: "bytes" },
        generic_resources: listOf(
          object({ discrete_resource_spec: object({ kind: text, value: { ...decimal, cast: "integer" } }) }),
        ),
        devices: listOf(object(deviceKeys, {}, ["capabilities"])),
      }),
    }),
    restart_policy: object({ condition: text, delay: duration, max_attempts: integer, window: duration }),
    placement: object({
      constraints: listOf(text),
      preferences: listOf(object({ spread: text })),
      max_replicas_per_node: integer,
    }),
  }),
  scalars: ["null"],
};

const develop: Shape = {
  ...object({
    watch: listOf(
      object(
        {
          ignore: texts({ form: "list" }),
          include: texts({ form: "list" }),
          path: { ...text, path: "path" },
          action: { ...text, words: ["rebuild", "sync", "restart", "sync+restart", "sync+exec"] },
          target: text,
          exec: hook,
          initial_sync: { scalars: ["boolean"] },
        },
        {},
        ["path", "action"],
      ),
    ),
  }),
  scalars: ["null"],
};

const dependency = object(
  {
    restart: flag,
    required: { scalars: ["boolean"], cast: "boolean" },
    condition: { ...text, words: ["service_started", "service_healthy", "service_completed_successfully"] },
  },
  {},
  ["condition"],
);

const port: Shape = {
  ...object({
    name: text,
    mode: text,
    host_ip: text,
    target: { scalars: ["int", "string"], cast: "integer" },
    published: textOrInteger,
    protocol: text,
    app_protocol: text,
  }),
  scalars: ["int", "float", "string", "time"],
};

const mount: Shape = {
  ...object(
    {
      type: { ...text, words: ["bind", "volume", "tmpfs", "cluster", "npipe", "image"] },
      source: text,
      target: text,
      read_only: flag,
      consistency: text,
      bind: object({
        propagation: text,
        create_host_path: flag,
        recursive: { ...text, words: ["enabled", "disabled", "writable", "readonly"] },
        selinux: { ...text, words: ["z", "Z"] },
      }),
      volume: object({ labels: pairs({ merge: "pairs", reading: "mapping" }), nocopy: flag, subpath: text }),
      tmpfs: object({ size: { scalars: ["int", "string"], reading: "bytes" }, mode: textOrNumber }),
      image: object({ subpath: text }),
    },
    {},
    ["type"],
  ),
  scalars: ["string", "time"],
  form: "mount",
  path: "mount",
};

const serviceNetwork: Shape = {
  ...object({
    aliases: setOf(text, { identity: "name" }),
    interface_name: text,
    ipv4_address: text,
    ipv6_address: text,
    link_local_ips: setOf(text, { identity: "name" }),
    mac_address: text,
    driver_opts: options,
    priority: number,
    gw_priority: number,
  }),
  scalars: ["null"],
};

const throttle = listOf(closed({ path: text, rate: { scalars: ["int", "string"], reading: "bytes" } }));

export const serviceShape: Shape = object({
  develop,
  deploy,
  annotations: pairs({ ...keyed, reading: "mapping" }),
  attach: flag,
  build,
  blkio_config: closed({
    device_read_bps: throttle,
    device_read_iops: throttle,
    device_write_bps: throttle,
    device_write_iops: throttle,
    weight: integer,
    weight_device: listOf(closed({ path: text, weight: integer })),
  }),
  cap_add: setOf(text, { identity: "name" }),
  cap_drop: setOf(text, { identity: "name" }),
  cgroup: { ...text, words: ["host", "private"] },
  cgroup_parent: text,
  command: { ...command, merge: "replace" },
  configs: listOf(fileUse, { identity: "config" }),
  container_name: { ...text, pattern: /[a-zA-Z0-9][a-zA-Z0-9_.-]+/ },
  cpu_count: integer,
  cpu_percent: decimal,
  cpu_shares: integer,
  cpu_quota: integer,
  cpu_period: integer,
  cpu_rt_period: integer,
  cpu_rt_runtime: integer,
  cpus: decimal,
  cpuset: text,
  credential_spec: object({ config: text, file: text, registry: text }),
  depends_on: {
    ...named(dependency),
    list: { items: text, distinct: true },
    merge: "dependencies",
    form: "dependencies",
  },
  device_cgroup_rules: setOf(text),
  devices: listOf(
    {
      ...object({ source: text, target: text, permissions: text }, {}, ["source"]),
      scalars: ["string"],
      form: "device",
    },
    { identity: "device" },
  ),
  dns: texts({ ...keyed, form: "list" }),
  dns_opt: setOf(text, keyed),
  dns_search: texts(keyed),
  domainname: text,
  entrypoint: { ...command, merge: "replace" },
  env_file: {
    ...text,
    list: {
      items: {
        ...closed({ path: { ...text, path: "path" }, format: text, required: flag }, {}, ["path"]),
        scalars: ["string"],
      },
      distinct: false,
    },
    merge: "pairs",
    identity: "envFile",
    form: "envFiles",
  },
  label_file: { ...text, list: { items: { ...text, path: "path" }, distinct: false }, merge: "pairs", form: "list" },
  environment: environment(keyed),
  expose: setOf(textOrNumber, { identity: "text" }),
  extends: { ...closed({ service: text, file: text }, {}, ["service"]), scalars: ["string"], form: "extends" },
  provider: object({ type: text, options: anything }, {}, ["type"]),
  external_links: setOf(text),
  extra_hosts: hosts,
  gpus: { scalars: ["string"], words: ["all"], list: { items: object(deviceKeys), distinct: false }, form: "gpus" },
  group_add: setOf(textOrNumber),
  healthcheck: object({
    disable: flag,
    interval: duration,
    retries: { ...decimal, cast: "integer" },
    test: { ...text, list: { items: text, distinct: false }, merge: "replace", reading: "test" },
    timeout: duration,
    start_period: duration,
    start_interval: duration,
  }),
  hostname: text,
  image: text,
  init: flag,
  ipc: text,
  isolation: text,
  labels: labels(),
  links: setOf(text, { identity: "name" }),
  logging: object(
    { driver: text, options: named({ scalars: ["string", "int", "float", "null"] }, { reading: "mapping" }, /./) },
    { merge: "logging" },
  ),
  mac_address: text,
  mem_limit: bytes,
  mem_reservation: bytes,
  mem_swappiness: bytes,
  memswap_limit: bytes,
  network_mode: text,
  models: {
    ...named({ ...object({ endpoint_var: text, model_var: text }), scalars: ["null"] }),
    list: { items: text, distinct: true },
    merge: "names",
    form: "names",
  },
  networks: { ...named(serviceNetwork), list: { items: text, distinct: true }, merge: "names", form: "names" },
  oom_kill_disable: flag,
  oom_score_adj: { ...integer, range: [-1000, 1000] },
  pid: { scalars: ["string", "null"] },
  pids_limit: { ...decimal, cast: "integer" },
  platform: text,
  ports: setOf(port, { identity: "port", form: "ports" }),
  pre_start: listOf(firstHook),
  post_start: listOf(hook),
  pre_stop: listOf(hook),
  privileged: flag,
  profiles: setOf(text, { identity: "name" }),
  pull_policy: {
    ...text,
    pattern: /^(?:always|never|build|if_not_present|missing|refresh|daily|weekly|every_(?:[0-9]+[wdhms])+)$/,
  },
  pull_refresh_after: text,
  read_only: flag,
  restart: text,
  runtime: text,
  scale: integer,
  security_opt: setOf(text),
  shm_size: bytes,
  secrets: listOf(fileUse, { identity: "secret" }),
  sysctls: pairs({ ...keyed, reading: "mapping" }),
  stdin_open: flag,
  stop_grace_period: duration,
  stop_signal: text,
  storage_opt: { mapping: { keys: {}, extensible: true, loose: true }, reading: "mapping" },
  tmpfs: texts(keyed),
  tty: flag,
  ulimits: limits,
  use_api_socket: { scalars: ["boolean"] },
  user: text,
  uts: text,
  userns_mode: text,
  volumes: setOf(mount, { identity: "mount" }),
  volumes_from: setOf(text),
  working_dir: text,
});
