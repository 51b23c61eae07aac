/** What the switches of servers mean that let people in, whatever kind of file they stand in. */
import type { Switch } from "./images/services";

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
