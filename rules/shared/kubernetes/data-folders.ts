/** Where database servers keep their data. */
import type { ImageReference } from "../../../engine/index";
import { type ImagePattern, imageTable } from "../images/match";
import { inRange, type VersionRange } from "../images/tag";

interface Row {
  readonly images: readonly ImagePattern[];
  readonly folder: string;
  readonly range?: VersionRange;
}

/** The volumes that the images declare, or their manuals name, 2026-08. First match counts. */
const rows: readonly Row[] = [
  { images: ["library/postgres"], folder: "/var/lib/postgresql", range: { from: "18" } },
  {
    images: ["library/postgres", "postgis/postgis", "pgvector/pgvector", "timescale/timescaledb*"],
    folder: "/var/lib/postgresql/data",
  },
  { images: ["bitnami*/postgresql"], folder: "/bitnami/postgresql" },
  { images: ["library/mysql", "library/mariadb", "percona", "mysql/mysql-server"], folder: "/var/lib/mysql" },
  { images: ["bitnami*/mysql"], folder: "/bitnami/mysql/data" },
  { images: ["bitnami*/mariadb"], folder: "/bitnami/mariadb" },
  { images: ["mcr.microsoft.com/mssql/server"], folder: "/var/opt/mssql" },
  { images: ["library/mongo"], folder: "/data/db" },
  { images: ["bitnami*/mongodb"], folder: "/bitnami/mongodb" },
  { images: ["cockroachdb/cockroach"], folder: "/cockroach/cockroach-data" },
  { images: ["clickhouse/clickhouse-server", "library/clickhouse"], folder: "/var/lib/clickhouse" },
  { images: ["elasticsearch", "elasticsearch/elasticsearch"], folder: "/usr/share/elasticsearch/data" },
  { images: ["opensearchproject/opensearch"], folder: "/usr/share/opensearch/data" },
  { images: ["library/neo4j"], folder: "/data" },
  { images: ["arangodb", "arangodb/arangodb"], folder: "/var/lib/arangodb3" },
  { images: ["library/couchdb", "apache/couchdb"], folder: "/opt/couchdb/data" },
  { images: ["library/cassandra"], folder: "/var/lib/cassandra" },
  { images: ["scylladb/scylla"], folder: "/var/lib/scylla" },
  { images: ["library/influxdb"], folder: "/var/lib/influxdb2", range: { from: "2" } },
  { images: ["qdrant/qdrant"], folder: "/qdrant/storage" },
  { images: ["semitechnologies/weaviate", "weaviate/weaviate"], folder: "/var/lib/weaviate" },
  { images: ["getmeili/meilisearch"], folder: "/meili_data" },
  { images: ["minio/minio"], folder: "/data" },
];

const rowsFor = imageTable(rows, ({ images }) => images);

/** Undefined for what is no database server, or not known. */
export const dataFolder = (reference: ImageReference): string | undefined =>
  rowsFor(reference).find(({ range }) => range === undefined || inRange(reference, range) === true)?.folder;

/** Servers that are used as a cache as a rule, and as a database where they are told to keep their data. */
const caches = imageTable(
  [{ images: ["library/redis", "library/valkey", "valkey/valkey", "bitnami*/redis"] }],
  ({ images }) => images,
);

export const isCache = (reference: ImageReference): boolean => caches(reference).length > 0;
