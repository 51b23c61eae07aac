/** Servers that run with the login that their maker gave them. */
import { choice, type Context, type Fix, fixIn, type Service, type ServiceMount } from "../../../engine/index";
import type { FactoryLogin } from "../images/service";
import { credentialOf, factoryLogins, isOpenByDefault, planeOf, type ServiceImage } from "../images/services";
import { secretId } from "../secret-mount";
import { credentialName } from "../secrets";
import { imageOf, serverOf } from "./images";
import { isPublished, protocolOf, reachOf, targetsOf } from "./publishing";
import { companionOf } from "../written-credentials";
import { besideProject, guided, merged, mountSecret, required } from "./secret-fixes";

export interface KeptLogin {
  readonly server: ServiceImage;
  readonly login: FactoryLogin;
}

/** The factory login that a service keeps, where others can try it; undefined also where a file may say otherwise. */
export function keptLogin(service: Service, context: Context): KeptLogin | undefined {
  const server = serverOf(service, context);
  const reference = imageOf(service, context);
  if (server === undefined || reference === undefined || !isPlain(service)) return undefined;
  // A row for all images of a vendor says too little about each of them.
  if (server.patterns.some((p) => p.endsWith("/*"))) return undefined;
  if (isOpenByDefault(server, reference) || !isReachable(service) || isConfigured(service, server)) return undefined;
  const names = new Set(service.environment.map((v) => v.name));
  const login = factoryLogins(server, reference).find(
    ({ user, replacedBy }) => user !== "" && !replacedBy.some((name) => names.has(name)),
  );
  if (login === undefined) return undefined;
  // What only people can change, at the first login, matters where people reach it.
  return login.replacedBy.length > 0 || showsConsole(service, server) ? { server, login } : undefined;
}

/** The image runs as it is, and everything that it is told can be seen. */
const isPlain = (service: Service): boolean =>
  !service.isOpen &&
  !service.isEnvironmentOpen &&
  service.build === undefined &&
  service.entrypoint === undefined &&
  service.configs.length === 0 &&
  service.secrets.length === 0 &&
  !service.isOpenAt("volumes") &&
  !/passw|user|login|config/i.test(service.command?.words.map((w) => w.scalar.text).join(" ") ?? "");

const isReachable = (service: Service): boolean =>
  isPublished(service) ||
  service.networkMode !== undefined ||
  service.networks.some((n) => service.project.on(n.name).length > 1);

/** It may get another password from a file, or by a variable that the tables do not know. */
const isConfigured = (service: Service, server: ServiceImage): boolean =>
  service.mounts.some(isConfiguration) ||
  service.environment.some(({ name }) => {
    const kind = credentialName(name.replace(/_FILE$/, ""));
    const isKnown = credentialOf(server, name) !== undefined;
    return (kind === "password" || kind === "login") && !isKnown;
  });

function isConfiguration(mount: ServiceMount): boolean {
  const target = mount.target?.value;
  if (target?.known !== true) return true;
  if (/provisioning|dashboards|localtime|timezone|\/certs?(?:$|\/)/.test(target.value)) return false;
  const isFile = /\/[^/]+\.[a-z0-9]{2,10}$/i.test(target.value);
  return isFile || /\/(?:etc|conf|config|init|docker-entrypoint[^/]*|bootstrap)(?:\/|$)/i.test(target.value);
}

const showsConsole = (service: Service, server: ServiceImage): boolean =>
  service.networkMode === undefined &&
  service.ports.some(
    (port) =>
      reachOf(port) === "all" &&
      targetsOf(port)?.some((t) => planeOf(server, t, protocolOf(port)) === "admin") === true,
  );

/** Sets the variables that replace the login: a password out of a file where the image reads one, else of the shell. */
export function replaceLogin({ server, login }: KeptLogin, service: Service, context: Context): Fix | undefined {
  const known = login.replacedBy.flatMap((name) => credentialOf(server, name) ?? []);
  const secret = known.find((c) => c.role === "secret");
  if (secret === undefined) return undefined;
  const { variable, fileVariable } = secret;
  const { file } = service;
  const into = { file, ...guided };
  const id = secretId(variable);
  const name = fileVariable ?? variable;
  const value = fileVariable === undefined ? required(variable) : `/run/secrets/${id}`;
  const user = server.credentials.find((c) => c.role === "user" && companionOf(variable, c.variable) === "user");
  const isNamed = user === undefined || login.user === "admin" || service.variable(user.variable) !== undefined;
  const variables = { ...(isNamed ? {} : { [user.variable]: choice(2, "admin") }), [name]: value };
  const edits = service.has("environment")
    ? Object.entries(variables).map(
        ([n, v]) => service.set(["environment", n], v, into) ?? service.append(["environment"], `${n}=${v}`, into),
      )
    : [service.set(["environment"], variables, into)];
  const mounts = fileVariable === undefined ? [] : mountSecret(service, file, id, besideProject(id), guided);
  return fixIn(context.file, `Set ${name}`, "guided", merged([...edits, ...mounts]));
}
