/** Databases, caches and brokers behind ports and images. */
import { includesPort, type ServiceImage, type ServiceKind } from "../images/services";

const storing: ReadonlySet<ServiceKind> = new Set([
  ...(["relational", "document", "graph", "search", "vector", "object-store", "cache", "broker"] as const),
  "coordination",
]);

export const isDatastore = ({ kind }: ServiceImage): boolean => storing.has(kind);

interface KnownPort {
  readonly name: string;
  /** Others use the number as well: the name of the Service, or of the port, must say so. */
  readonly named?: RegExp;
}

/** After the IANA registry and the projects' manuals, 2026-08. */
const ports: ReadonlyMap<number, KnownPort> = new Map<number, KnownPort>([
  [1433, { name: "SQL Server" }],
  [1521, { name: "Oracle Database" }],
  [2379, { name: "etcd" }],
  [3306, { name: "MySQL" }],
  [5432, { name: "PostgreSQL" }],
  [5984, { name: "CouchDB" }],
  [6379, { name: "Redis" }],
  [7000, { name: "Cassandra", named: /cassandra|scylla/i }],
  [7687, { name: "Neo4j" }],
  [8086, { name: "InfluxDB" }],
  [8529, { name: "ArangoDB" }],
  [9042, { name: "Cassandra" }],
  [9092, { name: "Kafka", named: /kafka|broker/i }],
  [9200, { name: "Elasticsearch" }],
  [11211, { name: "memcached" }],
  [26257, { name: "CockroachDB" }],
  [27017, { name: "MongoDB" }],
  [50000, { name: "Db2", named: /db2/i }],
]);

/** The datastore that usually listens there; `names` are those of the Service and of the port. */
export function datastoreOfPort(
  number: number | undefined,
  names: readonly (string | undefined)[],
): string | undefined {
  const known = ports.get(number ?? 0);
  if (known?.named === undefined) return known?.name;
  return names.some((name) => known.named?.test(name ?? "")) ? known.name : undefined;
}

/** Whether a port of a datastore is one that its clients speak to. */
export const servesData = (server: ServiceImage, port: number | undefined): boolean =>
  isDatastore(server) && port !== undefined && includesPort(server.dataPorts, port);
