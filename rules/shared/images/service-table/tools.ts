import {
  authenticated,
  databases,
  doubleFileSecrets,
  fileSecrets,
  fileUsers,
  login,
  option,
  secrets,
  type ServiceImage,
  service,
  tls,
  users,
  variable,
} from "../service";

/** Delivery, data processing, tools and applications. Of 2026-08; `verified` rows after the projects' pages. */
export const tools: readonly ServiceImage[] = [
  service("Jenkins", "delivery", ["jenkins/jenkins", "library/jenkins", "bitnami*/jenkins"], {
    adminPorts: [8080, 50000],
    credentials: [
      ...secrets("JENKINS_ADMIN_PASSWORD"),
      ...fileSecrets("JENKINS_PASSWORD"),
      ...users("JENKINS_ADMIN_ID"),
    ],
    insecureSwitches: [
      variable("JAVA_OPTS", { has: ["-Djenkins.install.runSetupWizard=false"] }, { severity: "warning" }),
      variable("JAVA_OPTS", {
        has: ["hudson.security.csrf.GlobalCrumbIssuerConfiguration.DISABLE_CSRF_PROTECTION=true"],
      }),
    ],
    tls: tls({}, ["--httpsPort"]),
  }),
  service("GitLab", "delivery", ["gitlab/gitlab-ce", "gitlab/gitlab-ee"], {
    adminPorts: [80],
    ordinaryPorts: [22, 443],
    credentials: secrets("GITLAB_ROOT_PASSWORD"),
  }),
  service("Gitea", "delivery", ["gitea/gitea", "forgejo/forgejo", "gogs/gogs"], {
    adminPorts: [3000],
    ordinaryPorts: [22],
    credentials: [
      ...doubleFileSecrets("GITEA__database__PASSWD", "GITEA__security__SECRET_KEY", "GITEA__security__INTERNAL_TOKEN"),
      ...doubleFileSecrets("FORGEJO__database__PASSWD", "FORGEJO__security__SECRET_KEY"),
      ...users("GITEA__database__USER", "FORGEJO__database__USER"),
    ],
    insecureSwitches: [
      variable("GITEA__security__INSTALL_LOCK", "off", { severity: "warning" }),
      variable("FORGEJO__security__INSTALL_LOCK", "off", { severity: "warning" }),
    ],
  }),
  service("Registry", "delivery", ["library/registry", "distribution/distribution"], {
    programs: ["registry"],
    dataPorts: [5000],
    adminPorts: [5001],
    credentials: secrets("REGISTRY_HTTP_SECRET", "REGISTRY_PROXY_PASSWORD"),
    openByDefault: true,
    authenticatedBy: authenticated(["REGISTRY_AUTH", "REGISTRY_AUTH_HTPASSWD_PATH", "REGISTRY_AUTH_TOKEN_REALM"]),
    tls: tls({ REGISTRY_HTTP_TLS_CERTIFICATE: "", REGISTRY_HTTP_TLS_KEY: "" }),
  }),
  service("Harbor", "delivery", ["goharbor/*"], {
    adminPorts: [80, 8080],
    credentials: secrets("HARBOR_ADMIN_PASSWORD"),
    factoryLogins: [login("admin", "Harbor12345", ["HARBOR_ADMIN_PASSWORD"])],
  }),
  service("Nexus Repository", "delivery", ["sonatype/nexus3", "sonatype/nexus"], {
    adminPorts: [8081],
    insecureSwitches: [variable("NEXUS_SECURITY_RANDOMPASSWORD", "off")],
  }),
  service("Artifactory", "delivery", ["jfrog/artifactory*"], {
    adminPorts: [8081, 8082],
    factoryLogins: [login("admin", "password")],
  }),
  service("SonarQube", "delivery", ["sonarqube"], {
    adminPorts: [9000],
    credentials: [...secrets("SONAR_JDBC_PASSWORD"), ...users("SONAR_JDBC_USERNAME")],
    factoryLogins: [login("admin", "admin")],
    insecureSwitches: [variable("SONAR_FORCEAUTHENTICATION", "off")],
  }),
  service("Portainer", "delivery", ["portainer/portainer*"], {
    adminPorts: [9000, 9443, 8000],
    insecureSwitches: [
      option("--no-auth"),
      option("--admin-password", "any", { weakens: "exposure", severity: "warning" }),
    ],
    tls: tls({}, ["--sslcert", "--sslkey"], "port 9443"),
  }),
  service("Docker", "delivery", ["library/docker"], {
    programs: ["dockerd", "dockerd-entrypoint.sh"],
    dataPorts: [2375, 2376],
    insecureSwitches: [
      variable("DOCKER_TLS_CERTDIR", "empty", { weakens: "encryption" }),
      option("--tls", "off", { weakens: "encryption" }),
      option("--tlsverify", "off", { weakens: "verification" }),
      option("-H", { has: ["tcp://0.0.0.0:2375", "tcp://:2375", "tcp://[::]:2375"] }),
      option("--host", { has: ["tcp://0.0.0.0:2375", "tcp://:2375", "tcp://[::]:2375"] }),
    ],
    tls: tls({ DOCKER_TLS_CERTDIR: "/certs" }, ["--tlsverify"], "port 2376"),
  }),
  service("Watchtower", "delivery", ["containrrr/watchtower"], {
    adminPorts: [8080],
    credentials: fileSecrets("WATCHTOWER_HTTP_API_TOKEN"),
  }),
  service("Dozzle", "admin-ui", ["amir20/dozzle"], {
    adminPorts: [8080],
    openByDefault: true,
    authenticatedBy: authenticated(["DOZZLE_AUTH_PROVIDER"], ["--auth-provider"]),
  }),
  service("Airflow", "processing", ["apache/airflow", "bitnami*/airflow"], {
    adminPorts: [8080, 8793],
    credentials: [
      ...secrets(
        "AIRFLOW__CORE__FERNET_KEY",
        "AIRFLOW__WEBSERVER__SECRET_KEY",
        "AIRFLOW__API_AUTH__JWT_SECRET",
        "_AIRFLOW_WWW_USER_PASSWORD",
      ),
      ...users("_AIRFLOW_WWW_USER_USERNAME"),
    ],
    insecureSwitches: [variable("AIRFLOW__API__AUTH_BACKENDS", { has: ["auth.backend.default"] })],
  }),
  service("Flower", "processing", ["mher/flower"], {
    adminPorts: [5555],
    credentials: secrets("FLOWER_BASIC_AUTH"),
    openByDefault: true,
    authenticatedBy: authenticated(["FLOWER_BASIC_AUTH", "FLOWER_AUTH"], ["--basic_auth", "--basic-auth", "--auth"]),
    insecureSwitches: [variable("FLOWER_UNAUTHENTICATED_API", "on")],
  }),
  service("Spark", "processing", ["apache/spark*", "bitnami*/spark", "bde2020/spark*", "library/spark"], {
    dataPorts: [7077],
    adminPorts: [4040, 8080, 8081],
    credentials: secrets("SPARK_RPC_AUTHENTICATION_SECRET"),
    openByDefault: true,
    authenticatedBy: authenticated(["SPARK_RPC_AUTHENTICATION_ENABLED"]),
    insecureSwitches: [variable("SPARK_RPC_AUTHENTICATION_ENABLED", "off", { severity: "warning" })],
    tls: tls({ SPARK_SSL_ENABLED: "yes" }),
  }),
  service("Flink", "processing", ["library/flink", "apache/flink*"], { adminPorts: [8081], openByDefault: true }),
  service("Hadoop", "processing", ["apache/hadoop*", "bde2020/hadoop*"], {
    adminPorts: [9870, 8088, 50070],
    openByDefault: true,
  }),
  service("Trino", "processing", ["trinodb/trino"], { adminPorts: [8080], openByDefault: true }),
  service("Druid", "processing", ["apache/druid"], { adminPorts: [8888], openByDefault: true }),
  service("Jupyter", "tool", ["jupyter/*"], {
    programs: ["jupyter", "jupyter-lab", "jupyter-notebook", "start-notebook.sh", "start-notebook.py"],
    adminPorts: [8888],
    credentials: secrets("JUPYTER_TOKEN", "PASSWORD"),
    insecureSwitches: [
      ...["--NotebookApp.token", "--ServerApp.token", "--IdentityProvider.token"].map((name) =>
        option(name, "empty", { anywhere: true }),
      ),
      option("--allow-root", "any", { weakens: "authorization", severity: "warning" }),
      variable("GRANT_SUDO", "on", { weakens: "authorization", severity: "warning", anywhere: false }),
    ],
    tls: tls({}, ["--ServerApp.certfile", "--ServerApp.keyfile"]),
  }),
  service("Ollama", "tool", ["ollama/ollama"], { programs: ["ollama"], dataPorts: [11434], openByDefault: true }),
  service("vLLM", "tool", ["vllm/vllm-openai"], {
    dataPorts: [8000],
    credentials: secrets("VLLM_API_KEY", "HUGGING_FACE_HUB_TOKEN"),
    openByDefault: true,
    authenticatedBy: authenticated(["VLLM_API_KEY"], ["--api-key"]),
  }),
  service("Open WebUI", "tool", ["open-webui/open-webui"], {
    adminPorts: [8080],
    credentials: secrets("WEBUI_SECRET_KEY", "OPENAI_API_KEY"),
    insecureSwitches: [variable("WEBUI_AUTH", "off")],
  }),
  service("LiteLLM", "tool", ["berriai/litellm*"], {
    adminPorts: [4000],
    credentials: secrets("LITELLM_MASTER_KEY", "LITELLM_SALT_KEY", "OPENAI_API_KEY"),
  }),
  service("Ray", "processing", ["rayproject/ray*"], { adminPorts: [8265, 10001], openByDefault: true }),
  service("MLflow", "processing", ["mlflow/mlflow", "bitnami*/mlflow"], {
    programs: ["mlflow"],
    adminPorts: [5000],
    openByDefault: true,
    authenticatedBy: authenticated(["MLFLOW_AUTH_CONFIG_PATH"], ["--app-name"]),
  }),
  service("Langfuse", "observability", ["langfuse/langfuse*"], {
    adminPorts: [3000],
    credentials: secrets("NEXTAUTH_SECRET", "SALT", "ENCRYPTION_KEY", "LANGFUSE_INIT_USER_PASSWORD"),
  }),
  service("n8n", "processing", ["n8nio/n8n", "n8n-io/n8n"], {
    adminPorts: [5678],
    credentials: fileSecrets("N8N_ENCRYPTION_KEY", "DB_POSTGRESDB_PASSWORD", "N8N_BASIC_AUTH_PASSWORD"),
    insecureSwitches: [
      variable("N8N_BASIC_AUTH_ACTIVE", "off", { severity: "warning", anywhere: false, range: { below: "1" } }),
    ],
    tls: tls({ N8N_PROTOCOL: "https" }),
  }),
  service("Node-RED", "processing", ["nodered/node-red*"], { adminPorts: [1880], openByDefault: true }),
  service("Temporal UI", "admin-ui", ["temporalio/ui", "temporalio/web"], { adminPorts: [8080], openByDefault: true }),
  service("Temporal", "processing", ["temporalio/*"], {
    dataPorts: [7233],
    adminPorts: [8080, 8233],
    credentials: secrets("POSTGRES_PWD", "MYSQL_PWD"),
    openByDefault: true,
  }),
  service("Camunda", "processing", ["camunda/*"], {
    adminPorts: [8080],
    factoryLogins: [login("demo", "demo")],
  }),
  service("Rundeck", "delivery", ["rundeck/rundeck"], {
    adminPorts: [4440],
    credentials: [...secrets("RUNDECK_DATABASE_PASSWORD"), ...users("RUNDECK_DATABASE_USERNAME")],
    factoryLogins: [login("admin", "admin")],
  }),
  service("Hasura", "gateway", ["hasura/graphql-engine"], {
    programs: ["graphql-engine"],
    adminPorts: [8080],
    credentials: secrets("HASURA_GRAPHQL_ADMIN_SECRET", "HASURA_GRAPHQL_JWT_SECRET"),
    openByDefault: true,
    authenticatedBy: authenticated(["HASURA_GRAPHQL_ADMIN_SECRET", "HASURA_GRAPHQL_ADMIN_SECRETS"]),
    insecureSwitches: [
      variable("HASURA_GRAPHQL_ENABLE_CONSOLE", "on", { weakens: "exposure", severity: "warning" }),
      variable("HASURA_GRAPHQL_DEV_MODE", "on", { weakens: "exposure", severity: "warning" }),
    ],
  }),
  service("PostgREST", "gateway", ["postgrest/postgrest"], {
    adminPorts: [3000],
    credentials: secrets("PGRST_JWT_SECRET", "PGRST_DB_URI"),
  }),
  service("Directus", "application", ["directus/directus"], {
    adminPorts: [8055],
    credentials: [...fileSecrets("SECRET", "KEY", "ADMIN_PASSWORD", "DB_PASSWORD"), ...users("ADMIN_EMAIL", "DB_USER")],
  }),
  service("Strapi", "application", ["strapi/strapi"], {
    adminPorts: [1337],
    credentials: [
      ...secrets("JWT_SECRET", "ADMIN_JWT_SECRET", "APP_KEYS", "DATABASE_PASSWORD"),
      ...users("DATABASE_USERNAME"),
    ],
  }),
  service("Supabase Studio", "admin-ui", ["supabase/studio"], {
    adminPorts: [3000],
    credentials: secrets("POSTGRES_PASSWORD", "SUPABASE_SERVICE_KEY", "AUTH_JWT_SECRET"),
  }),
  service("Selenium", "tool", ["selenium/*"], {
    adminPorts: [4444, 7900, 5900],
    credentials: secrets("SE_VNC_PASSWORD"),
    factoryLogins: [login("", "secret", ["SE_VNC_PASSWORD"])],
    insecureSwitches: [variable("SE_VNC_NO_PASSWORD", "on"), variable("VNC_NO_PASSWORD", "on")],
  }),
  service("Browserless", "tool", ["browserless/chrome", "browserless/chromium"], {
    adminPorts: [3000],
    credentials: secrets("TOKEN"),
  }),
  service("code-server", "tool", ["codercom/code-server", "coder/code-server", "linuxserver/code-server"], {
    programs: ["code-server"],
    adminPorts: [8080, 8443],
    credentials: fileSecrets("PASSWORD", "HASHED_PASSWORD", "SUDO_PASSWORD"),
    insecureSwitches: [option("--auth", { is: ["none"] })],
  }),
  service("Guacamole", "tool", ["guacamole/guacamole"], {
    adminPorts: [8080],
    credentials: [
      ...fileSecrets("POSTGRESQL_PASSWORD", "MYSQL_PASSWORD"),
      ...fileUsers("POSTGRESQL_USER", "MYSQL_USER"),
    ],
    factoryLogins: [login("guacadmin", "guacadmin")],
  }),
  service("WordPress", "application", ["wordpress", "bitnami*/wordpress"], {
    ordinaryPorts: [80, 443],
    credentials: [
      ...fileSecrets(
        "WORDPRESS_DB_PASSWORD",
        "WORDPRESS_AUTH_KEY",
        "WORDPRESS_SECURE_AUTH_KEY",
        "WORDPRESS_LOGGED_IN_KEY",
        "WORDPRESS_NONCE_KEY",
        "WORDPRESS_AUTH_SALT",
        "WORDPRESS_SECURE_AUTH_SALT",
        "WORDPRESS_LOGGED_IN_SALT",
        "WORDPRESS_NONCE_SALT",
      ),
      ...fileUsers("WORDPRESS_DB_USER"),
      ...databases("WORDPRESS_DB_NAME"),
    ],
    insecureSwitches: [variable("WORDPRESS_DEBUG", "on", { weakens: "exposure", severity: "warning" })],
    verified: true,
  }),
  service("Nextcloud", "application", ["nextcloud"], {
    ordinaryPorts: [80, 443],
    credentials: [
      ...fileSecrets("NEXTCLOUD_ADMIN_PASSWORD", "MYSQL_PASSWORD", "POSTGRES_PASSWORD", "REDIS_HOST_PASSWORD"),
      ...fileUsers("NEXTCLOUD_ADMIN_USER", "MYSQL_USER", "POSTGRES_USER"),
    ],
    verified: true,
  }),
  service("Ghost", "application", ["library/ghost"], {
    ordinaryPorts: [2368],
    credentials: [...secrets("database__connection__password"), ...users("database__connection__user")],
    verified: true,
  }),
  service("Drupal", "application", ["drupal", "bitnami*/drupal"], { ordinaryPorts: [80, 443], verified: true }),
  service("Joomla", "application", ["joomla"], {
    ordinaryPorts: [80, 443],
    credentials: [...fileSecrets("JOOMLA_ADMIN_PASSWORD", "JOOMLA_DB_PASSWORD"), ...fileUsers("JOOMLA_DB_USER")],
    verified: true,
  }),
  service("Odoo", "application", ["odoo"], {
    ordinaryPorts: [8069],
    credentials: [...fileSecrets("PASSWORD"), ...fileUsers("USER")],
    verified: true,
  }),
  service("Unleash", "tool", ["unleashorg/unleash-server"], {
    adminPorts: [4242],
    credentials: secrets("INIT_ADMIN_API_TOKENS", "INIT_CLIENT_API_TOKENS", "DATABASE_PASSWORD"),
    factoryLogins: [login("admin", "unleash4all", ["UNLEASH_DEFAULT_ADMIN_PASSWORD"])],
    insecureSwitches: [variable("AUTH_TYPE", { is: ["none"] }, { anywhere: false })],
  }),
  service("Flagsmith", "tool", ["flagsmith/flagsmith*"], {
    adminPorts: [8000],
    credentials: secrets("DJANGO_SECRET_KEY"),
  }),
  service("GrowthBook", "tool", ["growthbook/growthbook"], {
    adminPorts: [3000, 3100],
    credentials: secrets("JWT_SECRET", "ENCRYPTION_KEY"),
  }),
  service("flagd", "tool", ["open-feature/flagd"], { adminPorts: [8014], ordinaryPorts: [8013, 8015, 8016] }),
  service("Pi-hole", "tool", ["pihole/pihole"], {
    adminPorts: [80],
    credentials: [...fileSecrets("WEBPASSWORD"), ...secrets("FTLCONF_webserver_api_password")],
    insecureSwitches: [
      variable("WEBPASSWORD", "empty", { anywhere: false }),
      variable("FTLCONF_webserver_api_password", "empty"),
    ],
  }),
  service("WireGuard Easy", "tool", ["wg-easy/wg-easy", "weejewel/wg-easy"], {
    adminPorts: [51821],
    credentials: secrets("PASSWORD", "PASSWORD_HASH"),
  }),
];
