import {
  config,
  fileSecrets,
  login,
  option,
  secrets,
  type ServiceImage,
  service,
  tls,
  users,
  variable,
} from "../service";

/** Secrets, identity and gateways. Of 2026-08; `verified` rows after the projects' pages. */
export const platform: readonly ServiceImage[] = [
  service("Vault", "secrets", ["hashicorp/vault*", "openbao/openbao*", "library/vault", "bitnami*/vault"], {
    programs: ["vault", "bao"],
    dataPorts: [8200, 8201],
    adminPorts: [8200],
    credentials: secrets("VAULT_DEV_ROOT_TOKEN_ID", "VAULT_TOKEN", "BAO_DEV_ROOT_TOKEN_ID", "BAO_TOKEN"),
    insecureSwitches: [
      option("-dev"),
      variable("VAULT_DEV_LISTEN_ADDRESS", { has: ["0.0.0.0", "[::]"] }),
      variable("VAULT_SKIP_VERIFY", "on", { weakens: "verification" }),
      config("tls_disable", "on", { weakens: "encryption", severity: "warning" }),
    ],
    tls: tls({}, [], "listener with tls_cert_file and tls_key_file"),
  }),
  service("Keycloak", "identity", ["keycloak/keycloak", "jboss/keycloak", "bitnami*/keycloak"], {
    programs: ["kc.sh"],
    adminPorts: [8080, 8443, 9000],
    credentials: [
      ...secrets("KC_BOOTSTRAP_ADMIN_PASSWORD", "KEYCLOAK_ADMIN_PASSWORD", "KC_DB_PASSWORD"),
      ...fileSecrets("KEYCLOAK_PASSWORD", "DB_PASSWORD"),
      ...users("KC_BOOTSTRAP_ADMIN_USERNAME", "KEYCLOAK_ADMIN", "KEYCLOAK_USER", "KC_DB_USERNAME"),
    ],
    insecureSwitches: [
      option("start-dev", "any", { severity: "warning" }),
      variable("KC_HTTP_ENABLED", "on", { weakens: "encryption", severity: "info" }),
      variable("KC_HOSTNAME_STRICT", "off", { weakens: "verification", severity: "info" }),
    ],
    tls: tls({ KC_HTTPS_CERTIFICATE_FILE: "", KC_HTTPS_CERTIFICATE_KEY_FILE: "" }),
  }),
  service("authentik", "identity", ["goauthentik/server"], {
    adminPorts: [9000],
    ordinaryPorts: [9443],
    credentials: [
      ...secrets("AUTHENTIK_SECRET_KEY", "AUTHENTIK_POSTGRESQL__PASSWORD", "AUTHENTIK_BOOTSTRAP_PASSWORD"),
      ...users("AUTHENTIK_POSTGRESQL__USER"),
    ],
  }),
  service("Ory Hydra", "identity", ["oryd/hydra", "ory/hydra"], {
    programs: ["hydra"],
    adminPorts: [4445],
    ordinaryPorts: [4444],
    credentials: secrets("SECRETS_SYSTEM", "SECRETS_COOKIE"),
    insecureSwitches: [option("--dev", "any", { weakens: "encryption", severity: "warning" })],
    tls: tls({ SERVE_TLS_CERT_PATH: "", SERVE_TLS_KEY_PATH: "" }),
  }),
  service("Ory Kratos", "identity", ["oryd/kratos", "ory/kratos"], {
    programs: ["kratos"],
    adminPorts: [4434],
    ordinaryPorts: [4433],
    credentials: secrets("SECRETS_COOKIE", "SECRETS_CIPHER"),
    insecureSwitches: [option("--dev", "any", { weakens: "encryption", severity: "warning" })],
    tls: tls({ SERVE_PUBLIC_TLS_CERT_PATH: "", SERVE_PUBLIC_TLS_KEY_PATH: "" }),
  }),
  service("Dex", "identity", ["dexidp/dex"], { adminPorts: [5558], ordinaryPorts: [5556] }),
  service("ZITADEL", "identity", ["zitadel/zitadel"], {
    adminPorts: [8080],
    credentials: secrets("ZITADEL_MASTERKEY", "ZITADEL_DATABASE_POSTGRES_USER_PASSWORD"),
    insecureSwitches: [option("--tlsMode", { is: ["disabled"] }, { weakens: "encryption", severity: "warning" })],
  }),
  service("OpenLDAP", "identity", ["osixia/openldap*", "bitnami*/openldap"], {
    programs: ["slapd"],
    dataPorts: [389, 636, 1389, 1636],
    credentials: fileSecrets("LDAP_ADMIN_PASSWORD", "LDAP_CONFIG_PASSWORD"),
    factoryLogins: [
      login("admin", "admin", ["LDAP_ADMIN_PASSWORD", "LDAP_ADMIN_PASSWORD_FILE"]),
      login("config", "config", ["LDAP_CONFIG_PASSWORD", "LDAP_CONFIG_PASSWORD_FILE"]),
    ],
    insecureSwitches: [
      variable("LDAP_TLS", "off", { weakens: "encryption", severity: "warning" }),
      variable("LDAP_ALLOW_ANON_BINDING", "on"),
    ],
    tls: tls({ LDAP_TLS_VERIFY_CLIENT: "demand" }),
  }),
  service("LLDAP", "identity", ["lldap/lldap"], {
    dataPorts: [3890, 6360],
    adminPorts: [17170],
    credentials: fileSecrets("LLDAP_JWT_SECRET", "LLDAP_LDAP_USER_PASS"),
  }),
  service("Traefik", "gateway", ["traefik", "traefik/traefik"], {
    programs: ["traefik"],
    adminPorts: [8080],
    ordinaryPorts: [80, 443],
    credentials: fileSecrets("CF_DNS_API_TOKEN", "CF_API_KEY"),
    insecureSwitches: [
      option("--api.insecure", "on"),
      variable("TRAEFIK_API_INSECURE", "on"),
      option("--providers.docker.exposedbydefault", "on", { weakens: "exposure", severity: "info" }),
      option("--serverstransport.insecureskipverify", "on", { weakens: "verification" }),
      variable("TRAEFIK_SERVERSTRANSPORT_INSECURESKIPVERIFY", "on", { weakens: "verification" }),
    ],
    tls: tls({}, ["--entrypoints.websecure.address=:443", "--certificatesresolvers"]),
  }),
  service("nginx", "gateway", ["nginx", "nginxinc/nginx-unprivileged", "nginx/nginx-*", "openresty/openresty"], {
    programs: ["nginx"],
    ordinaryPorts: [80, 443, 8080, 8443],
    tls: tls({}, [], "listen 443 ssl with ssl_certificate"),
  }),
  service("Apache httpd", "gateway", ["httpd"], {
    programs: ["httpd", "httpd-foreground", "apache2", "apache2-foreground", "apachectl"],
    ordinaryPorts: [80, 443, 8080, 8443],
    tls: tls({}, [], "SSLEngine on"),
  }),
  service("Caddy", "gateway", ["caddy", "caddy/caddy"], {
    programs: ["caddy"],
    adminPorts: [2019],
    ordinaryPorts: [80, 443, 8080, 8443],
    insecureSwitches: [variable("CADDY_ADMIN", { has: ["0.0.0.0:", "[::]:"] })],
    tls: tls({}, [], "a host name as site address"),
  }),
  service("HAProxy", "gateway", ["haproxy", "haproxytech/haproxy-*"], {
    programs: ["haproxy"],
    adminPorts: [8404, 1936],
    ordinaryPorts: [80, 443, 8080, 8443],
    tls: tls({}, [], "bind :443 ssl crt"),
  }),
  service("Nginx Proxy Manager", "admin-ui", ["jc21/nginx-proxy-manager"], {
    adminPorts: [81],
    ordinaryPorts: [80, 443],
    credentials: fileSecrets("DB_MYSQL_PASSWORD"),
    factoryLogins: [login("admin@example.com", "changeme", ["INITIAL_ADMIN_PASSWORD"])],
  }),
  service("Envoy", "gateway", ["envoyproxy/envoy*"], {
    programs: ["envoy"],
    adminPorts: [9901, 9902],
    tls: tls({}, [], "transport_socket with DownstreamTlsContext"),
  }),
  service("Istio proxy", "gateway", ["istio/proxyv2"], { adminPorts: [15000] }),
  service("Kong", "gateway", ["kong", "kong/kong", "kong/kong-gateway"], {
    programs: ["kong"],
    adminPorts: [8001, 8444, 8002, 8445],
    ordinaryPorts: [8000, 8443],
    credentials: [
      ...secrets("KONG_PG_PASSWORD", "KONG_PASSWORD", "KONG_ADMIN_GUI_SESSION_CONF"),
      ...users("KONG_PG_USER"),
    ],
    insecureSwitches: [variable("KONG_ADMIN_LISTEN", { has: ["0.0.0.0:8001", "[::]:8001"] })],
    tls: tls({ KONG_PG_SSL: "on" }, [], "ssl in KONG_PROXY_LISTEN"),
  }),
  service("APISIX Dashboard", "admin-ui", ["apache/apisix-dashboard"], {
    adminPorts: [9000],
    factoryLogins: [login("admin", "admin")],
    verified: true,
  }),
  service("APISIX", "gateway", ["apache/apisix"], {
    adminPorts: [9180, 9090],
    ordinaryPorts: [9080, 9443],
    knownSecrets: ["edd1c9f034335f136f87ad84b625c8f1", "4054f7cf07e344346cd3f287985e76a2"],
    insecureSwitches: [
      config("admin_key_required", "off", { anywhere: true }),
      config("allow_admin", { has: ["0.0.0.0/0"] }, { weakens: "exposure", anywhere: true }),
    ],
    verified: true,
  }),
  service("Tyk", "gateway", ["tykio/tyk-gateway"], {
    ordinaryPorts: [8080],
    credentials: secrets("TYK_GW_SECRET", "TYK_GW_NODESECRET"),
    knownSecrets: ["352d20ee67be67f6340b4c0605b044b7"],
  }),
  service("Docker socket proxy", "gateway", ["tecnativa/docker-socket-proxy", "linuxserver/socket-proxy"], {
    adminPorts: [2375],
    // Not ALLOW_START and the like: they let in a little without POST.
    insecureSwitches: ["POST", "EXEC", "AUTH", "SECRETS"].map((name) =>
      variable(name, "on", { weakens: "authorization", severity: "warning", anywhere: false }),
    ),
  }),
];
