import {
  authenticated,
  config,
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

/** Consoles for data, observability and mail catchers. Of 2026-08; `verified` rows after the projects' pages. */
export const consoles: readonly ServiceImage[] = [
  service("Adminer", "admin-ui", ["adminer", "michalhosna/adminer", "dockette/adminer"], { adminPorts: [8080] }),
  service("phpMyAdmin", "admin-ui", ["phpmyadmin", "phpmyadmin/phpmyadmin", "bitnami*/phpmyadmin"], {
    adminPorts: [80],
    credentials: [...fileSecrets("PMA_PASSWORD", "PMA_CONTROLPASS", "MYSQL_ROOT_PASSWORD"), ...fileUsers("PMA_USER")],
    insecureSwitches: [variable("PMA_ARBITRARY", "on", { weakens: "exposure", severity: "warning" })],
    tls: tls({ PMA_SSL: "1", PMA_SSL_VERIFY: "1" }),
    verified: true,
  }),
  service("pgAdmin", "admin-ui", ["dpage/pgadmin4"], {
    adminPorts: [80, 443, 5050],
    credentials: [...fileSecrets("PGADMIN_DEFAULT_PASSWORD"), ...users("PGADMIN_DEFAULT_EMAIL")],
    insecureSwitches: [
      variable("PGADMIN_CONFIG_SERVER_MODE", "off"),
      variable("PGADMIN_CONFIG_MASTER_PASSWORD_REQUIRED", "off", { severity: "warning" }),
    ],
    tls: tls({ PGADMIN_ENABLE_TLS: "True" }),
  }),
  service("mongo-express", "admin-ui", ["mongo-express"], {
    adminPorts: [8081],
    credentials: [
      ...fileSecrets("ME_CONFIG_BASICAUTH_PASSWORD", "ME_CONFIG_MONGODB_ADMINPASSWORD"),
      ...secrets("ME_CONFIG_SITE_COOKIESECRET", "ME_CONFIG_SITE_SESSIONSECRET"),
      ...fileUsers("ME_CONFIG_BASICAUTH_USERNAME", "ME_CONFIG_MONGODB_ADMINUSERNAME"),
    ],
    factoryLogins: [
      login("admin", "pass", ["ME_CONFIG_BASICAUTH_PASSWORD", "ME_CONFIG_BASICAUTH_PASSWORD_FILE"], { from: "1" }),
    ],
    openByDefault: { below: "1" },
    authenticatedBy: authenticated(["ME_CONFIG_BASICAUTH_USERNAME", "ME_CONFIG_BASICAUTH_USERNAME_FILE"]),
    insecureSwitches: [variable("ME_CONFIG_BASICAUTH", "off"), variable("ME_CONFIG_BASICAUTH_ENABLED", "off")],
    tls: tls({ ME_CONFIG_SITE_SSL_ENABLED: "true" }),
    verified: true,
  }),
  service("Redis Commander", "admin-ui", ["rediscommander/redis-commander", "joeferner/redis-commander"], {
    adminPorts: [8081],
    credentials: [...fileSecrets("HTTP_PASSWORD", "REDIS_PASSWORD"), ...users("HTTP_USER")],
    openByDefault: true,
    authenticatedBy: authenticated(["HTTP_PASSWORD", "HTTP_PASSWORD_FILE", "HTTP_PASSWORD_HASH"]),
  }),
  service("Redis Insight", "admin-ui", ["redis/redisinsight", "redislabs/redisinsight"], {
    adminPorts: [5540, 8001],
    openByDefault: true,
  }),
  service("Kafka UI", "admin-ui", ["provectuslabs/kafka-ui", "kafbat/kafka-ui"], {
    adminPorts: [8080],
    credentials: [...secrets("SPRING_SECURITY_USER_PASSWORD"), ...users("SPRING_SECURITY_USER_NAME")],
    openByDefault: true,
    authenticatedBy: authenticated(["AUTH_TYPE"]),
    insecureSwitches: [
      variable("DYNAMIC_CONFIG_ENABLED", "on", { weakens: "exposure", severity: "info", anywhere: false }),
    ],
  }),
  service("Kafdrop", "admin-ui", ["obsidiandynamics/kafdrop"], { adminPorts: [9000], openByDefault: true }),
  service("AKHQ", "admin-ui", ["tchiotludo/akhq"], {
    adminPorts: [8080],
    openByDefault: true,
    authenticatedBy: authenticated(["AKHQ_CONFIGURATION"]),
  }),
  service("CMAK", "admin-ui", ["hlebalbau/kafka-manager", "*/cmak"], {
    adminPorts: [9000],
    credentials: secrets("KAFKA_MANAGER_PASSWORD"),
    openByDefault: true,
    authenticatedBy: authenticated(["KAFKA_MANAGER_AUTH_ENABLED"]),
  }),
  service("Redpanda Console", "admin-ui", ["redpandadata/console", "vectorized/console"], {
    adminPorts: [8080],
    openByDefault: true,
    authenticatedBy: authenticated(["AUTHENTICATION_BASIC_ENABLED", "LOGIN_ENABLED"]),
  }),
  service("etcdkeeper", "admin-ui", ["evildecay/etcdkeeper"], { adminPorts: [8080], openByDefault: true }),
  service("CloudBeaver", "admin-ui", ["dbeaver/cloudbeaver*"], {
    adminPorts: [8978],
    credentials: secrets("CB_ADMIN_PASSWORD"),
  }),
  service("SQLPad", "admin-ui", ["sqlpad/sqlpad"], {
    adminPorts: [3000],
    credentials: [...secrets("SQLPAD_ADMIN_PASSWORD"), ...users("SQLPAD_ADMIN")],
  }),
  service("DbGate", "admin-ui", ["dbgate/dbgate"], {
    adminPorts: [3000],
    credentials: [...secrets("PASSWORD"), ...users("LOGIN")],
    openByDefault: true,
    authenticatedBy: authenticated(["LOGINS", "LOGIN", "PASSWORD", "OAUTH_AUTH"]),
  }),
  service("Metabase", "admin-ui", ["metabase/metabase*"], {
    adminPorts: [3000],
    credentials: [...fileSecrets("MB_DB_PASS", "MB_ENCRYPTION_SECRET_KEY"), ...fileUsers("MB_DB_USER")],
  }),
  service("Superset", "admin-ui", ["apache/superset"], {
    adminPorts: [8088],
    credentials: secrets("SUPERSET_SECRET_KEY", "ADMIN_PASSWORD"),
    factoryLogins: [login("admin", "admin", ["ADMIN_PASSWORD"])],
  }),
  service("Redash", "admin-ui", ["redash/redash"], {
    adminPorts: [5000],
    credentials: secrets("REDASH_COOKIE_SECRET", "REDASH_SECRET_KEY"),
  }),
  service(
    "Grafana",
    "observability",
    ["grafana/grafana", "grafana/grafana-oss", "grafana/grafana-enterprise", "bitnami*/grafana"],
    {
      programs: ["grafana-server"],
      adminPorts: [3000],
      credentials: [
        ...doubleFileSecrets("GF_SECURITY_ADMIN_PASSWORD", "GF_SECURITY_SECRET_KEY", "GF_DATABASE_PASSWORD"),
        ...users("GF_SECURITY_ADMIN_USER", "GF_DATABASE_USER"),
      ],
      factoryLogins: [login("admin", "admin", ["GF_SECURITY_ADMIN_PASSWORD", "GF_SECURITY_ADMIN_PASSWORD__FILE"])],
      insecureSwitches: [
        variable("GF_AUTH_ANONYMOUS_ORG_ROLE", { is: ["Admin"] }),
        variable("GF_AUTH_ANONYMOUS_ENABLED", "on", { severity: "warning" }),
        variable("GF_USERS_ALLOW_SIGN_UP", "on", { severity: "warning" }),
        variable("GF_SECURITY_COOKIE_SECURE", "off", { weakens: "encryption", severity: "info" }),
      ],
      tls: tls({ GF_SERVER_PROTOCOL: "https" }),
    },
  ),
  service("Prometheus", "observability", ["prom/prometheus", "prometheus/prometheus", "bitnami*/prometheus"], {
    programs: ["prometheus"],
    adminPorts: [9090],
    openByDefault: true,
    authenticatedBy: authenticated([], ["--web.config.file"]),
    insecureSwitches: [
      option("--web.enable-admin-api", "any", { weakens: "authorization", severity: "warning" }),
      option("--web.enable-lifecycle", "any", { weakens: "authorization", severity: "info" }),
    ],
    tls: tls({}, ["--web.config.file"]),
  }),
  service("Alertmanager", "observability", ["prom/alertmanager", "prometheus/alertmanager"], {
    programs: ["alertmanager"],
    adminPorts: [9093, 9094],
    openByDefault: true,
    authenticatedBy: authenticated([], ["--web.config.file"]),
    tls: tls({}, ["--web.config.file"]),
  }),
  service("Pushgateway", "observability", ["prom/pushgateway", "prometheus/pushgateway"], {
    programs: ["pushgateway"],
    adminPorts: [9091],
    openByDefault: true,
    authenticatedBy: authenticated([], ["--web.config.file"]),
    insecureSwitches: [option("--web.enable-admin-api", "any", { weakens: "authorization", severity: "warning" })],
    tls: tls({}, ["--web.config.file"]),
  }),
  service("VictoriaMetrics", "observability", ["victoriametrics/victoria-*"], {
    adminPorts: [8428],
    openByDefault: true,
    authenticatedBy: authenticated([], ["-httpAuth.username", "--httpAuth.username"]),
    tls: tls({}, ["-tls", "-tlsCertFile"]),
  }),
  exporter("node exporter", ["prom/node-exporter", "prometheus/node-exporter"], 9100),
  exporter("cAdvisor", ["cadvisor/cadvisor", "google/cadvisor"], 8080),
  exporter("PostgreSQL exporter", ["*/postgres-exporter", "*/postgres_exporter"], 9187),
  exporter("Redis exporter", ["*/redis_exporter", "*/redis-exporter"], 9121),
  service("Loki", "observability", ["grafana/loki"], {
    programs: ["loki"],
    dataPorts: [3100],
    insecureSwitches: [config("auth_enabled", "off", { severity: "info" })],
  }),
  service("Tempo", "observability", ["grafana/tempo"], { dataPorts: [3200, 4317, 4318] }),
  service("Mimir", "observability", ["grafana/mimir"], { dataPorts: [9009] }),
  service("Alloy", "observability", ["grafana/alloy", "grafana/agent"], { adminPorts: [12345] }),
  service("Promtail", "observability", ["grafana/promtail"], { adminPorts: [9080] }),
  service("Jaeger", "observability", ["jaegertracing/*"], {
    dataPorts: [4317, 4318, 14250, 14268],
    adminPorts: [16686, 14269],
    udpPorts: [6831, 6832],
    openByDefault: true,
  }),
  service("Zipkin", "observability", ["openzipkin/zipkin*"], { adminPorts: [9411], openByDefault: true }),
  service(
    "OpenTelemetry Collector",
    "observability",
    ["otel/opentelemetry-collector*", "opentelemetry-collector-releases/opentelemetry-collector*"],
    {
      dataPorts: [4317, 4318],
      adminPorts: [55679, 1777, 8888],
      openByDefault: true,
      insecureSwitches: [
        variable("OTEL_EXPORTER_OTLP_INSECURE", "on", { weakens: "encryption", severity: "warning" }),
        config("insecure", "on", { weakens: "encryption", severity: "info" }),
      ],
      tls: tls({}, [], "tls block of the receiver"),
    },
  ),
  service("SkyWalking", "observability", ["apache/skywalking-*"], {
    dataPorts: [11800, 12800],
    adminPorts: [8080],
    openByDefault: true,
  }),
  service("SigNoz", "observability", ["signoz/*"], { adminPorts: [8080, 3301] }),
  service("Graylog", "observability", ["graylog/graylog*"], {
    dataPorts: [12201, 514],
    adminPorts: [9000],
    udpPorts: [12201, 514],
    credentials: fileSecrets("GRAYLOG_PASSWORD_SECRET", "GRAYLOG_ROOT_PASSWORD_SHA2"),
    // SHA-256 of "admin".
    knownSecrets: ["8c6976e5b5410415bde908bd4dee15dfb167a9c873fc4bb8a81f6f2ab448a918"],
  }),
  service("Fluentd", "observability", ["fluentd", "fluent/fluentd"], { dataPorts: [24224], udpPorts: [24224] }),
  service("Fluent Bit", "observability", ["fluent/fluent-bit"], {
    dataPorts: [24224],
    adminPorts: [2020],
    udpPorts: [24224],
  }),
  service("Vector", "observability", ["timberio/vector"], { dataPorts: [514], adminPorts: [8686], udpPorts: [514] }),
  service("Zabbix", "observability", ["zabbix/zabbix-web-*"], {
    adminPorts: [8080],
    credentials: [...fileSecrets("POSTGRES_PASSWORD", "MYSQL_PASSWORD"), ...fileUsers("POSTGRES_USER", "MYSQL_USER")],
    factoryLogins: [login("Admin", "zabbix")],
  }),
  service("Netdata", "observability", ["netdata/netdata"], { adminPorts: [19999], openByDefault: true }),
  service("Uptime Kuma", "observability", ["louislam/uptime-kuma"], { adminPorts: [3001] }),
  service("Sentry", "observability", ["getsentry/sentry", "library/sentry"], {
    adminPorts: [9000],
    credentials: [...secrets("SENTRY_SECRET_KEY", "SENTRY_DB_PASSWORD"), ...users("SENTRY_DB_USER")],
  }),
  service("MailHog", "mail", ["mailhog/mailhog"], {
    dataPorts: [1025],
    adminPorts: [8025],
    openByDefault: true,
    authenticatedBy: authenticated(["MH_AUTH_FILE"], ["-auth-file"]),
  }),
  service("Mailpit", "mail", ["axllent/mailpit"], {
    dataPorts: [1025],
    adminPorts: [8025],
    credentials: secrets("MP_UI_AUTH", "MP_SMTP_AUTH"),
    openByDefault: true,
    authenticatedBy: authenticated(["MP_UI_AUTH", "MP_UI_AUTH_FILE"], ["--ui-auth-file"]),
    tls: tls({ MP_UI_TLS_CERT: "", MP_UI_TLS_KEY: "" }),
  }),
  service("MailCatcher", "mail", ["schickling/mailcatcher", "sj26/mailcatcher"], {
    dataPorts: [1025],
    adminPorts: [1080],
    openByDefault: true,
  }),
  service("MailDev", "mail", ["maildev/maildev"], {
    dataPorts: [1025],
    adminPorts: [1080],
    credentials: [...secrets("MAILDEV_WEB_PASS", "MAILDEV_INCOMING_PASS"), ...users("MAILDEV_WEB_USER")],
    openByDefault: true,
    authenticatedBy: authenticated(["MAILDEV_WEB_PASS"], ["--web-pass"]),
  }),
];

function exporter(name: string, patterns: readonly string[], port: number): ServiceImage {
  return service(name, "observability", patterns, {
    adminPorts: [port],
    credentials: fileSecrets("DATA_SOURCE_NAME", "DATA_SOURCE_PASS").filter(() => port === 9187),
    openByDefault: true,
    authenticatedBy: authenticated([], ["--web.config.file"]),
    tls: tls({}, ["--web.config.file"]),
  });
}
