import type { ImageReference } from "../../../engine/index";
import { type ImagePattern, imageTable } from "./match";

interface HealthRow {
  readonly images: readonly ImagePattern[];
  readonly test: readonly string[];
}

/** `$$` is compose's spelling of one `$`. The projects' own samples and docker-library/healthcheck, 2026-08. */
const healthRows: readonly HealthRow[] = [
  {
    images: ["postgres", "postgis/postgis", "timescale/timescaledb*", "pgvector/pgvector"],
    test: ["CMD-SHELL", "pg_isready -U $${POSTGRES_USER:-postgres}"],
  },
  {
    images: ["library/mysql", "percona", "mysql/mysql-server"],
    test: ["CMD", "mysqladmin", "ping", "-h", "127.0.0.1"],
  },
  { images: ["library/mariadb"], test: ["CMD", "healthcheck.sh", "--connect", "--innodb_initialized"] },
  { images: ["library/mongo"], test: ["CMD", "mongosh", "--quiet", "--eval", "db.adminCommand('ping')"] },
  { images: ["redis", "redis/redis-stack*"], test: ["CMD", "redis-cli", "ping"] },
  { images: ["valkey", "valkey/valkey"], test: ["CMD", "valkey-cli", "ping"] },
  { images: ["rabbitmq"], test: ["CMD", "rabbitmq-diagnostics", "-q", "ping"] },
  {
    images: ["elasticsearch", "elasticsearch/elasticsearch*", "opensearchproject/opensearch"],
    test: ["CMD-SHELL", "curl -s http://localhost:9200/_cluster/health"],
  },
  {
    images: ["apache/kafka"],
    test: ["CMD", "/opt/kafka/bin/kafka-broker-api-versions.sh", "--bootstrap-server", "localhost:9092"],
  },
  {
    images: ["confluentinc/cp-kafka"],
    test: ["CMD", "kafka-broker-api-versions", "--bootstrap-server", "localhost:9092"],
  },
  { images: ["minio/minio"], test: ["CMD", "mc", "ready", "local"] },
  {
    images: ["keycloak/keycloak"],
    test: [
      "CMD-SHELL",
      "exec 3<>/dev/tcp/127.0.0.1/9000 && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q UP <&3",
    ],
  },
];

/** The compose `healthcheck.test` of a known server; undefined where none is known. */
export function healthTest(reference: ImageReference): readonly string[] | undefined {
  const [row] = healthFor(reference);
  if (row !== undefined) return row.test;
  const [web] = webServersFor(reference);
  if (web === undefined) return undefined;
  if ((reference.tag ?? "").includes("alpine")) return webTest(web.port, web.path);
  return web.hasCurl ? ["CMD", "curl", "-f", `http://127.0.0.1:${web.port}${web.path}`] : undefined;
}

const webServers = [
  { images: ["library/nats"], port: 8222, path: "/healthz", hasCurl: false },
  { images: ["library/nginx"], port: 80, path: "/", hasCurl: true },
  { images: ["nginxinc/nginx-unprivileged"], port: 8080, path: "/", hasCurl: true },
] as const;

const healthFor = imageTable(healthRows, ({ images }) => images);
const webServersFor = imageTable(webServers, ({ images }) => images);

/** The test of an HTTP server in an image with wget (Alpine, BusyBox). */
export function webTest(port: number, path: string): readonly string[] {
  return ["CMD", "wget", "-q", "--spider", `http://127.0.0.1:${port}${path}`];
}

/** Folders outside of volumes that a server writes to (the projects' images and samples, 2026-08). */
const writableRows: readonly { readonly images: readonly ImagePattern[]; readonly folders: readonly string[] }[] = [
  { images: ["postgres", "postgis/postgis", "pgvector/pgvector"], folders: ["/tmp", "/var/run/postgresql"] },
  { images: ["mysql", "mariadb", "percona"], folders: ["/tmp", "/run/mysqld", "/var/run/mysqld"] },
  { images: ["redis", "valkey", "valkey/valkey", "haproxy", "traefik"], folders: [] },
  { images: ["nginx"], folders: ["/var/cache/nginx", "/var/run", "/tmp"] },
  { images: ["nginxinc/nginx-unprivileged", "rabbitmq", "mongo"], folders: ["/tmp"] },
  { images: ["library/node", "library/python", "library/golang"], folders: ["/tmp"] },
];

const writableFor = imageTable(writableRows, ({ images }) => images);

/** What to mount as tmpfs under a read-only root; undefined where nothing is known about the image. */
export function writableFolders(reference: ImageReference): readonly string[] | undefined {
  return writableFor(reference)[0]?.folders;
}
