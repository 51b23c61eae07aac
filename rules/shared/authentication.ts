/** What the switches of servers mean that let people in, whatever kind of file they stand in. */
import type { ImageReference } from "../../engine/index";
import type { NamedValue } from "./addresses";
import { insecureConfigLine, type ServiceImage, type Switch } from "./images/services";
import { inRange } from "./images/tag";
import { credentialName } from "./secrets";

/** Encryption and the like are other rules' matter. */
export const opens = (found: Switch | undefined): found is Switch =>
  found !== undefined && (found.weakens === "authentication" || found.weakens === "authorization");

/** By the name of the switch, or by the part of the value that decides; of 2026-11. */
const consequences: ReadonlyMap<string, string> = new Map([
  ["start-dev", "runs a development server, which is not made to keep anybody out"],
  ["-dev", "runs a development server, which is not made to keep anybody out"],
  ["VAULT_DEV_LISTEN_ADDRESS", "opens a development server to other machines"],
  ["GF_AUTH_ANONYMOUS_ORG_ROLE", "makes everybody an administrator without a login"],
  ["GF_USERS_ALLOW_SIGN_UP", "lets everybody make an account"],
  ["PGADMIN_CONFIG_MASTER_PASSWORD_REQUIRED", "keeps the saved database passwords without a master password"],
  ["--default-authentication-plugin", "keeps passwords as unsalted SHA-1 hashes, which are soon guessed"],
  ["--enable-debug-command", "lets every client run DEBUG, which can stop the server"],
  ["CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT", "lets the default user make users and grant them rights"],
  ["NEO4J_dbms_security_procedures_unrestricted", "lets every procedure past the access control"],
  ["--web.enable-admin-api", "lets everybody who reaches it delete what was measured"],
  ["--web.enable-lifecycle", "lets everybody who reaches it reload and stop it"],
  ["--allow-root", "runs everybody's notebooks as root"],
  ["GRANT_SUDO", "lets everybody's notebooks become root"],
  ["POST", "lets everybody who reaches the proxy start containers, and so own the host"],
  ["EXEC", "lets everybody who reaches the proxy run commands in containers"],
  ["AUTH", "lets everybody who reaches the proxy use its registry logins"],
  ["SECRETS", "lets everybody who reaches the proxy list the swarm's secrets"],
  ["-Djenkins.install.runSetupWizard=false", "skips the wizard that sets the first password"],
  [
    "hudson.security.csrf.GlobalCrumbIssuerConfiguration.DISABLE_CSRF_PROTECTION=true",
    "lets other web pages send requests in a user's name",
  ],
  ["GITEA__security__INSTALL_LOCK", "leaves the installation page to its first visitor"],
  ["FORGEJO__security__INSTALL_LOCK", "leaves the installation page to its first visitor"],
  ["NEXUS_SECURITY_RANDOMPASSWORD", "starts with the login admin/admin123"],
  ["jmxremote.authenticate=false", "lets everybody into JMX, which can run code"],
  ["LOCAL_JMX", "lets everybody into JMX, which can run code"],
  ["KONG_ADMIN_LISTEN", "opens the admin interface, which asks for no login, to other machines"],
  ["CADDY_ADMIN", "opens the admin interface, which asks for no login, to other machines"],
  ["--api.insecure", "shows the dashboard and the API to everybody"],
  ["TRAEFIK_API_INSECURE", "shows the dashboard and the API to everybody"],
  ["-H", "takes orders from everybody who reaches the port"],
  ["--host", "takes orders from everybody who reaches the port"],
]);

/** What the switch does, as the end of a sentence that begins with it. */
export function consequenceOf({ name, value, weakens }: Switch): string {
  const parts = typeof value === "object" && "has" in value ? value.has : [];
  const known = [...parts, name].map((key) => consequences.get(key)).find((text) => text !== undefined);
  return known ?? (weakens === "authorization" ? "lets everybody do everything" : "lets everybody in without a login");
}

/** Whether a line of PostgreSQL's pg_hba.conf takes whoever comes from another machine for the user that they name. */
export const trustsHosts = (line: string): boolean => trusted.test(line);
const trusted =
  /^\s*host(?:no)?(?:ssl|gssenc)?\s+\S+\s+\S+\s+(?!127\.|::1|localhost|samehost)\S+\s+(?:[\d.]+\s+)?trust\b/;

/** What stands beside a setting: the server, its image and its other variables. */
export interface Surroundings {
  readonly server: ServiceImage | undefined;
  readonly image: ImageReference | undefined;
  /** Every one that is set; the value undefined where nobody knows it. */
  readonly variables: readonly NamedValue[];
  /** The image's own program is not what runs. */
  readonly hasOwnCommand: boolean;
  /** The image is built beside it, and may hold configuration. */
  readonly isBuilt: boolean;
}

/** Names of other servers, before the words that switch the login of a server off: settings of their clients. */
const others =
  /^(?:REDIS|VALKEY|KAFKA|MONGO|MONGODB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|RABBITMQ|AMQP|ELASTIC|ELASTICSEARCH|OPENSEARCH|ZOOKEEPER|ETCD|CONSUL|VAULT|DB|DATABASE|CASSANDRA|NATS|MQTT|INFLUXDB|MINIO|S3|EUREKA|REGISTRY)_(?=.*AUTH)/;

/** Whether the variable does what its name says, as far as what stands beside it tells. */
export function isEffective(name: string, found: Switch, around: Surroundings): boolean {
  const { server, image, variables } = around;
  if (found.range !== undefined && (image === undefined || inRange(image, found.range) !== true)) return false;
  const own = server?.insecureSwitches.includes(found) === true;
  if (!own && others.test(name) && !namedAfter(name, server)) return false;
  if (/ALLOW_EMPTY_(?:ROOT_)?PASSWORD$|^ALLOW_NONE_AUTHENTICATION$/.test(name)) return !hasPassword(name, around);
  switch (found.name) {
    case "GF_AUTH_ANONYMOUS_ORG_ROLE":
      // Told by the switch that lets the visitors in.
      return false;
    case "VAULT_DEV_LISTEN_ADDRESS":
      return !around.hasOwnCommand;
    case "KONG_ADMIN_LISTEN":
      return !variables.some(
        (v) => v.name === "KONG_ENFORCE_RBAC" && /^(?:1|true|yes|on)$/i.test(v.value?.trim() ?? ""),
      );
    case "LOCAL_JMX":
      return variables.some((v) => /jmxremote\.authenticate=false/.test(v.value ?? ""));
    case "JAVA_OPTS":
      // What the image or its configuration sets up takes the wizard's place.
      return !around.isBuilt && !variables.some((v) => v.name === "CASC_JENKINS_CONFIG");
    default:
      return true;
  }
}

const namedAfter = (name: string, server: ServiceImage | undefined): boolean =>
  server?.name.toUpperCase().startsWith(name.slice(0, Math.min(5, name.indexOf("_")))) === true;

/** The account that may go without a password has one all the same. */
function hasPassword(name: string, { server, variables }: Surroundings): boolean {
  const needsRoot = /^(?:MYSQL|MARIADB)_/.test(name) || server?.name === "MySQL" || server?.name === "MariaDB";
  return variables.some((v) => {
    if (/RANDOM_ROOT_PASSWORD$/.test(v.name)) return true;
    if (needsRoot && !/ROOT_PASSWORD/.test(v.name)) return false;
    if (credentialName(v.name.replace(/_(?:FILE|HASH)$/, "")) !== "password") return false;
    if (/ALLOW_EMPTY/.test(v.name)) return false;
    return v.value !== "";
  });
}

export interface OpenLine {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly found: Switch | undefined;
}

/** The lines of a configuration file that let people in, for whichever of the servers reads it. */
export function doorsOfLines(text: string, servers: readonly (ServiceImage | undefined)[]): readonly OpenLine[] {
  const all: OpenLine[] = [];
  const isProtected = /^[ \t]*(?:requirepass|aclfile)[ \t]+\S/m.test(text);
  let start = 0;
  for (const line of text.split("\n")) {
    const found = servers.map((server) => insecureConfigLine(line, server)).find(opens);
    const written = line.trim();
    const from = start + line.indexOf(written);
    const counting = found?.name === "protected-mode" && isProtected ? undefined : found;
    if (counting !== undefined || trustsHosts(line))
      all.push({ from, to: from + written.length, text: written, found: counting });
    start += line.length + 1;
  }
  return all;
}
