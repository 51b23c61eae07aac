import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";

type Environment = Readonly<Record<string, string | undefined>>;

export type Settings = ReturnType<typeof readSettings>;

/**
 * Everything that the service is told from outside, read once at the start. Secrets come from files: variables show up
 * in process lists, crash reports and child processes. Nothing has a default password or key: what is missing stops the
 * start. Throws one error that names every fault, but no value.
 */
export function readSettings(environment: Environment) {
  const read = reader(environment);
  const settings = {
    port: read.port("PORT", 8443),
    tls: { cert: read.file("TLS_CERT_FILE"), key: read.file("TLS_KEY_FILE") },
    auth: {
      publicKey: read.publicKey("AUTH_PUBLIC_KEY_FILE"),
      issuer: read.text("AUTH_ISSUER"),
      audience: read.text("AUTH_AUDIENCE"),
    },
<%#database%>
    database: {
      host: read.text("DATABASE_HOST"),
<%#postgres%>
      port: read.port("DATABASE_PORT", 5432),
<%/postgres%>
<%#mysql%>
      port: read.port("DATABASE_PORT", 3306),
<%/mysql%>
<%#redis%>
      port: read.port("DATABASE_PORT", 6379),
<%/redis%>
<%#sql%>
      name: read.text("DATABASE_NAME"),
<%/sql%>
      user: read.text("DATABASE_USER"),
      password: read.file("DATABASE_PASSWORD_FILE"),
      ca: read.file("DATABASE_CA_FILE"),
    },
<%/database%>
<%#broker%>
    broker: {
      host: read.text("BROKER_HOST"),
<%#kafka%>
      port: read.port("BROKER_PORT", 9092),
<%/kafka%>
<%#rabbitmq%>
      port: read.port("BROKER_PORT", 5671),
<%/rabbitmq%>
      user: read.text("BROKER_USER"),
      password: read.file("BROKER_PASSWORD_FILE"),
      ca: read.file("BROKER_CA_FILE"),
    },
<%/broker%>
  };
  if (read.faults.length > 0) throw new Error(read.faults.join("; "));
  return settings;
}

/** Reads one setting each and collects faults, so that one start shows all of them. */
function reader(environment: Environment) {
  const faults: string[] = [];

  function text(name: string): string {
    const value = environment[name]?.trim() ?? "";
    if (value === "") faults.push(`${name} is not set`);
    return value;
  }

  function port(name: string, fallback: number): number {
    const value = Number(environment[name] ?? fallback);
    if (!Number.isInteger(value) || value < 1 || value > 65_535) faults.push(`${name} is not a port`);
    return value;
  }

  function file(name: string): string {
    const path = text(name);
    if (path === "") return "";
    try {
      const content = readFileSync(path, "utf8").trim();
      if (content === "") faults.push(`${name}: ${path} is empty`);
      return content;
    } catch {
      faults.push(`${name}: ${path} cannot be read`);
      return "";
    }
  }

  /** Only a public key: a service that checks tokens must not hold what makes them. */
  function publicKey(name: string): string {
    const pem = file(name);
    if (pem !== "" && !isPublicP256(pem)) faults.push(`${name} is not a public key for P-256 in PEM`);
    return pem;
  }

  return { faults, text, port, file, publicKey };
}

function isPublicP256(pem: string): boolean {
  if (!pem.startsWith("-----BEGIN PUBLIC KEY-----")) return false;
  try {
    return createPublicKey(pem).asymmetricKeyDetails?.namedCurve === "prime256v1";
  } catch {
    return false;
  }
}
