<%#mysql%>
import { isIP } from "node:net";
import { createPool, type RowDataPacket } from "mysql2/promise";
import { type Item, type Items, maxItems } from "./items.js";
import type { Settings } from "./settings.js";

interface Row extends RowDataPacket {
  id: string;
  name: string;
  created_at: Date;
}

const timeout = 2_000;

export function openItems({ host, port, name, user, password, ca }: Settings["database"]): Items {
  // At an address the driver would look for another name in the certificate than the one that was asked for.
  if (isIP(host) !== 0) throw new Error("DATABASE_HOST must be a name, not an address");
  const pool = createPool({
    host,
    port,
    database: name,
    user,
    password,
    // Certificate and host name are checked: TLS to somebody else would hand over the password and the data.
    // Without verifyIdentity this driver doesn't look at the name.
    ssl: { ca, minVersion: "TLSv1.2", rejectUnauthorized: true, verifyIdentity: true },
    // Few connections, and nothing waits for ever: a slow database must not pile up requests here.
    connectionLimit: 5,
    queueLimit: 50,
    connectTimeout: timeout,
    timezone: "Z",
  });

  return {
    async list() {
      const sql = `SELECT id, name, created_at FROM items ORDER BY created_at DESC LIMIT ${maxItems}`;
      const [rows] = await pool.execute<Row[]>({ sql, timeout });
      return rows.map((row) => ({ id: row.id, name: row.name, createdAt: row.created_at.toISOString() }));
    },
    async add({ id, name, createdAt }: Item) {
      // Values travel beside the statement, never inside its text: no name can become SQL.
      const sql = "INSERT INTO items (id, name, created_at) VALUES (?, ?, ?)";
      await pool.execute({ sql, timeout }, [id, name, new Date(createdAt)]);
    },
    async check() {
      await pool.query({ sql: "SELECT 1", timeout });
    },
    close: () => pool.end(),
  };
}
<%/mysql%>
