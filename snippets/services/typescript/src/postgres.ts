<%#postgres%>
import { Pool } from "pg";
import { type Item, type Items, maxItems } from "./items.js";
import { log, reasonOf } from "./log.js";
import type { Settings } from "./settings.js";

interface Row {
  id: string;
  name: string;
  created_at: Date;
}

export function openItems({ host, port, name, user, password, ca }: Settings["database"]): Items {
  const pool = new Pool({
    host,
    port,
    database: name,
    user,
    password,
    // Certificate and host name are checked: TLS to somebody else would hand over the password and the data.
    ssl: { ca, minVersion: "TLSv1.2", rejectUnauthorized: true },
    // Few connections, and nothing waits for ever: a slow database must not pile up requests here.
    max: 5,
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
    statement_timeout: 2_000,
  });
  // An idle connection that breaks is replaced with the next query; without a listener it would end the process.
  pool.on("error", (error) => log("warn", "database connection lost", { reason: reasonOf(error) }));

  return {
    async list() {
      const sql = "SELECT id, name, created_at FROM items ORDER BY created_at DESC LIMIT $1";
      const { rows } = await pool.query<Row>(sql, [maxItems]);
      return rows.map((row) => ({ id: row.id, name: row.name, createdAt: row.created_at.toISOString() }));
    },
    async add({ id, name, createdAt }: Item) {
      // Values travel beside the statement, never inside its text: no name can become SQL.
      await pool.query("INSERT INTO items (id, name, created_at) VALUES ($1, $2, $3)", [id, name, createdAt]);
    },
    async check() {
      await pool.query("SELECT 1");
    },
    close: () => pool.end(),
  };
}
<%/postgres%>
