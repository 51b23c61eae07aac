/** Every key of a compose file (https://github.com/compose-spec/compose-spec, as compose v5.5 reads it). */
import { labels, options, serviceShape } from "./serviceShape";
import { closed, flag, listOf, named, object, resourceName, text, texts, type Shape } from "./shape";

const external: Shape = { ...object({ name: text }), scalars: ["boolean", "string"], cast: "boolean" };

const network: Shape = {
  ...object({
    name: text,
    driver: text,
    driver_opts: options,
    ipam: object({
      driver: text,
      config: listOf(
        object({
          subnet: text,
          ip_range: text,
          gateway: text,
          aux_addresses: named(text, { reading: "mapping" }, /./),
        }),
        { merge: "pools" },
      ),
      options: named(text, { reading: "mapping" }, /./),
    }),
    external,
    internal: flag,
    enable_ipv4: flag,
    enable_ipv6: flag,
    attachable: flag,
    labels: labels(),
  }),
  scalars: ["null"],
  form: "external",
};

const volume: Shape = {
  ...object({ name: text, driver: text, driver_opts: options, external, labels: labels({ merge: "pairs" }) }),
  scalars: ["null"],
  form: "external",
  path: "volume",
};

const secret: Shape = object(
  {
    name: text,
    environment: text,
    file: { ...text, path: "unixPath" },
    external,
    labels: labels({}),
    driver: text,
    driver_opts: options,
    template_driver: text,
  },
  { form: "external" },
);

const config: Shape = object(
  {
    name: text,
    content: text,
    environment: text,
    file: { ...text, path: "unixPath" },
    external,
    labels: labels({}),
    template_driver: text,
  },
  { form: "external" },
);

const model: Shape = object(
  { name: text, model: text, context_size: { scalars: ["int"] }, runtime_flags: listOf(text) },
  {},
  ["model"],
);

const include: Shape = {
  ...closed({ path: texts(), env_file: texts(), project_directory: text }),
  scalars: ["string"],
  form: "include",
};

/** A whole compose file. */
export const composeShape: Shape = object({
  version: text,
  name: text,
  include: listOf(include),
  services: named(serviceShape),
  models: { mapping: { keys: {}, others: model, names: resourceName, extensible: false, loose: true } },
  networks: { mapping: { keys: {}, others: network, names: resourceName, extensible: false, loose: true } },
  volumes: named(volume),
  secrets: named(secret),
  configs: named(config),
});
