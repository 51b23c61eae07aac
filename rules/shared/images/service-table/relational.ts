import {
  authenticated,
  databases,
  fileSecrets,
  fileUsers,
  option,
  secrets,
  type ServiceImage,
  service,
  tls,
  users,
  variable,
} from "../service";

/** Images, ports, variables and switches as of 2026-08; `verified` rows after the projects' own pages. */
export const relational: readonly ServiceImage[] = [
  service("PostgreSQL", "relational", ["bitnami*/postgresql", "bitnami*/postgresql-repmgr", "bitnami*/pgpool"], {
    dataPorts: [5432],
    credentials: [
      ...fileSecrets(
        "POSTGRESQL_PASSWORD",
        "POSTGRESQL_POSTGRES_PASSWORD",
        "POSTGRESQL_REPLICATION_PASSWORD",
        "REPMGR_PASSWORD",
        "PGPOOL_ADMIN_PASSWORD",
        "PGPOOL_POSTGRES_PASSWORD",
      ),
      ...users("POSTGRESQL_USERNAME", "PGPOOL_ADMIN_USERNAME"),
      ...databases("POSTGRESQL_DATABASE"),
    ],
    insecureSwitches: [variable("PGPOOL_ENABLE_POOL_HBA", "off")],
    tls: tls({ POSTGRESQL_ENABLE_TLS: "yes" }, [], "sslmode=verify-full"),
  }),
  service(
    "PostgreSQL",
    "relational",
    ["postgres", "postgis/postgis", "timescale/timescaledb*", "pgvector/pgvector", "supabase/postgres"],
    {
      programs: ["postgres"],
      dataPorts: [5432],
      credentials: [
        ...fileSecrets("POSTGRES_PASSWORD"),
        ...fileUsers("POSTGRES_USER"),
        { variable: "POSTGRES_DB", role: "database", fileVariable: "POSTGRES_DB_FILE" },
      ],
      insecureSwitches: [
        variable("POSTGRES_HOST_AUTH_METHOD", { is: ["trust"] }),
        variable("POSTGRES_HOST_AUTH_METHOD", { is: ["md5", "password"] }, { weakens: "encryption", severity: "info" }),
        variable("POSTGRES_INITDB_ARGS", { has: ["--auth=trust", "--auth-host=trust", "-a trust", "-atrust"] }),
      ],
      tls: tls({}, ["-c ssl=on", "-c ssl_cert_file=", "-c ssl_key_file="], "sslmode=verify-full"),
      verified: true,
    },
  ),
  service("PgBouncer", "relational", ["edoburu/pgbouncer", "bitnami*/pgbouncer", "pgbouncer/pgbouncer"], {
    programs: ["pgbouncer"],
    dataPorts: [6432, 5432],
    credentials: [...secrets("DB_PASSWORD", "POSTGRESQL_PASSWORD", "DATABASE_URL"), ...users("DB_USER")],
    insecureSwitches: [variable("AUTH_TYPE", { is: ["any", "trust"] }, { anywhere: false })],
    tls: tls({ CLIENT_TLS_SSLMODE: "require" }),
  }),
  service("MariaDB", "relational", ["bitnami*/mariadb", "bitnami*/mariadb-galera", "linuxserver/mariadb", "mariadb"], {
    programs: ["mariadbd"],
    dataPorts: [3306, 4444, 4567, 4568],
    credentials: [
      ...fileSecrets(
        "MARIADB_ROOT_PASSWORD",
        "MARIADB_PASSWORD",
        "MARIADB_ROOT_PASSWORD_HASH",
        "MARIADB_PASSWORD_HASH",
        "MARIADB_REPLICATION_PASSWORD",
        "MYSQL_ROOT_PASSWORD",
        "MYSQL_PASSWORD",
      ),
      ...fileUsers("MARIADB_USER", "MYSQL_USER"),
      ...databases("MARIADB_DATABASE", "MYSQL_DATABASE"),
    ],
    insecureSwitches: [
      variable("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "on"),
      option("--skip-grant-tables", "any", { anywhere: true }),
      option("--skip-ssl", "any", { weakens: "encryption", severity: "warning" }),
    ],
    tls: tls({}, ["--require-secure-transport=ON"]),
    verified: true,
  }),
  service(
    "MySQL",
    "relational",
    ["mysql", "percona", "mysql/mysql-server", "percona/percona-server", "bitnami*/mysql"],
    {
      programs: ["mysqld"],
      dataPorts: [3306, 33060, 33062],
      credentials: [
        ...fileSecrets("MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD"),
        ...fileUsers("MYSQL_USER"),
        ...databases("MYSQL_DATABASE"),
      ],
      insecureSwitches: [
        // The entrypoint asks whether it is set, not what it is set to; `no` is left alone all the same.
        variable("MYSQL_ALLOW_EMPTY_PASSWORD", "on"),
        variable("MYSQL_ROOT_HOST", { is: ["%"] }, { weakens: "exposure", severity: "info" }),
        option("--skip-grant-tables", "any", { anywhere: true }),
        option("--skip-ssl", "any", { weakens: "encryption", severity: "warning" }),
        option("--require-secure-transport", "off", { weakens: "encryption", severity: "warning" }),
        option("--default-authentication-plugin", { is: ["mysql_native_password"] }, { severity: "info" }),
      ],
      tls: tls({}, ["--require-secure-transport=ON"]),
      verified: true,
    },
  ),
  service("SQL Server", "relational", ["mcr.microsoft.com/mssql/server", "*/mssql/server", "azure-sql-edge"], {
    programs: ["sqlservr"],
    dataPorts: [1433],
    credentials: secrets("MSSQL_SA_PASSWORD", "SA_PASSWORD"),
    tls: tls({}, [], "Encrypt=True;TrustServerCertificate=False"),
  }),
  service("Oracle Database", "relational", ["gvenzl/oracle-*", "container-registry.oracle.com/database/*"], {
    dataPorts: [1521, 5500],
    credentials: [
      ...fileSecrets("ORACLE_PASSWORD", "APP_USER_PASSWORD"),
      ...secrets("ORACLE_PWD"),
      ...users("APP_USER"),
    ],
    tls: tls({}, [], "TCPS on port 2484"),
  }),
  service("Db2", "relational", ["ibmcom/db2", "icr.io/db2_community/db2", "db2_community/db2"], {
    dataPorts: [50000],
    credentials: [...secrets("DB2INST1_PASSWORD"), ...users("DB2INSTANCE"), ...databases("DBNAME")],
  }),
  service("CockroachDB", "relational", ["cockroachdb/cockroach"], {
    programs: ["cockroach"],
    dataPorts: [26257],
    adminPorts: [8080],
    credentials: [...secrets("COCKROACH_PASSWORD"), ...users("COCKROACH_USER"), ...databases("COCKROACH_DATABASE")],
    insecureSwitches: [
      option("--insecure"),
      option("--accept-sql-without-tls", "any", { weakens: "encryption", severity: "warning" }),
    ],
    tls: tls({}, ["--certs-dir"]),
  }),
  service("YugabyteDB", "relational", ["yugabytedb/yugabyte"], {
    dataPorts: [5433, 9042],
    adminPorts: [7000, 9000, 15433],
    credentials: secrets("YSQL_PASSWORD", "YCQL_PASSWORD"),
    openByDefault: true,
    authenticatedBy: authenticated(["YSQL_PASSWORD"]),
  }),
  service("TiDB", "relational", ["pingcap/tidb"], {
    programs: ["tidb-server"],
    dataPorts: [4000],
    adminPorts: [10080],
    openByDefault: true,
  }),
  service("PD", "coordination", ["pingcap/pd"], { dataPorts: [2379, 2380], openByDefault: true }),
  service("Vitess", "relational", ["vitess/lite*", "vitess/vt*", "vitess/base*"], {
    dataPorts: [15306, 15991, 15999],
    adminPorts: [15000, 15001],
    openByDefault: true,
  }),
  service("ClickHouse", "relational", ["library/clickhouse", "clickhouse/clickhouse-server", "bitnami*/clickhouse"], {
    programs: ["clickhouse-server"],
    dataPorts: [8123, 9000, 9004, 9005, 9009, 8443, 9440],
    credentials: [...fileSecrets("CLICKHOUSE_PASSWORD"), ...users("CLICKHOUSE_USER"), ...databases("CLICKHOUSE_DB")],
    insecureSwitches: [
      variable("CLICKHOUSE_SKIP_USER_SETUP", "on"),
      variable("CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT", "on", { weakens: "authorization", severity: "info" }),
    ],
    tls: tls({}, [], "openSSL section of the configuration, ports 8443 and 9440"),
    verified: true,
  }),
];
