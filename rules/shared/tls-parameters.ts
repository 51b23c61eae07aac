/** Parameters that weaken TLS in addresses, connection strings, options and lists of options. */
import type { LocatedText } from "./located-text";

/**
 * `off`: there is no TLS. `optional`: there is none where the other side wants none. `trusting`: SQL Server's drivers
 * encrypt for whoever answers. `unchecked`: any certificate is accepted. `unnamed`: nobody is told by what to check it.
 */
export type Weakness = "off" | "optional" | "trusting" | "unchecked" | "unnamed";

/** One parameter in a text: `sslmode=disable` of an address, `Encrypt=false` of a connection string, `--tls=off`. */
export interface Parameter<T> {
  readonly weakness: Weakness;
  readonly key: string;
  readonly value: string;
  readonly at: T;
  readonly valueAt: T;
  /** What to write for the value instead. */
  readonly better: string;
}

export const on = /^(?:1|true|yes|on|y|t|enabled?)$/i;
export const off = /^(?:0|false|no|off|n|f|disabled?|none|optional)$/i;

interface ParameterRow {
  readonly key: string;
  readonly values: readonly (readonly [value: RegExp, weakness: Weakness, better?: string])[];
}

const modes: ParameterRow["values"] = [
  [/^(?:disabled?|none|allow)$/i, "off"],
  [/^prefer(?:red)?$/i, "optional"],
  [/^required?$/i, "unnamed"],
];

/** After the manuals of libpq, Connector/J, Npgsql, SqlClient, node-postgres, MongoDB, go-sql-driver and redis-py, 2026-08. */
const parameterRows: readonly ParameterRow[] = [
  { key: "ssl[ _-]?mode", values: modes },
  {
    key: "use[_-]?ssl|use[_-]?tls|ssl|tls|encrypt|(?:ssl|tls)[._-]enabled",
    values: [
      [off, "off"],
      [/^preferred$/i, "optional", "true"],
      [/^skip-verify$/i, "unchecked", "true"],
    ],
  },
  { key: "trust ?server ?certificate", values: [[on, "trusting"]] },
  {
    key: "security\\.protocol",
    values: [
      [/^PLAINTEXT$/i, "off", "SSL"],
      [/^SASL_PLAINTEXT$/i, "off", "SASL_SSL"],
    ],
  },
  {
    key: "rejectUnauthorized|verifyServerCertificate|ssl[_-]?verify(?:_cert)?|verify[_-]?ssl|tls[_-]?verify|verify[_-]?tls",
    values: [[off, "unchecked"]],
  },
  {
    key: "tlsAllowInvalidCertificates|tlsInsecure|insecureSkipVerify|allowInvalidCertificates",
    values: [[on, "unchecked"]],
  },
  { key: "tlsAllowInvalidHostnames|sslInvalidHostNameAllowed", values: [[on, "unchecked"]] },
  { key: "ssl[_-]?cert[_-]?reqs", values: [[/^(?:none|CERT_NONE)$/i, "unchecked", "required"]] },
];

const parameter = new RegExp(
  `(?<![\\w$.])(-{0,2}(?:[\\w-]{1,40}\\.){0,8})(?<!(?:no|disable|skip|without)[-._])(${parameterRows.map((r) => r.key).join("|")})(?:["']\\s{0,3}:\\s{0,3}|\\s?=\\s?)["']?([\\w-]{1,24})`,
  "gi",
);
const rows = parameterRows.map(({ key, values }) => ({ key: new RegExp(`^(?:${key})$`, "i"), values }));
const mayHoldParameter = /ssl|tls|encrypt|trust|security|reject|verify|invalid/i;

/** Every parameter in a text that weakens TLS. */
export function parametersIn<T extends LocatedText<T>>(text: T): readonly Parameter<T>[] {
  const { text: written } = text.scalar;
  if (!written.includes("=") && !written.includes(":")) return [];
  if (!mayHoldParameter.test(written)) return [];
  return [...written.matchAll(parameter)].flatMap((match) => {
    const [whole, before = "", key = "", value = ""] = match;
    const row = rows.find((r) => r.key.test(key))?.values.find(([bad]) => bad.test(value));
    if (row === undefined) return [];
    const end = match.index + whole.length;
    // A root certificate makes `require` check who answers.
    if (row[1] === "unnamed" && /[?&;\s]sslrootcert\s?=/i.test(written)) return [];
    const better = row[2] ?? opposite(key, value);
    const valueAt = text.part(end - value.length, end);
    return [{ weakness: row[1], key: `${before}${key}`, value, at: text.part(match.index, end), valueAt, better }];
  });
}

const opposites: Readonly<Record<string, string>> = {
  "0": "1",
  "1": "0",
  true: "false",
  false: "true",
  yes: "no",
  no: "yes",
  on: "off",
  off: "on",
  y: "n",
  n: "y",
  t: "f",
  f: "t",
  enabled: "disabled",
  disabled: "enabled",
  enable: "disable",
  disable: "enable",
  optional: "true",
  none: "true",
};

/** What a mode of TLS leaves open; undefined where that is nothing, or not known. */
export const weaknessOfMode = (value: string): Weakness | undefined => modes.find(([bad]) => bad.test(value))?.[1];

/** The other position of a switch, in the same spelling; of a mode of TLS the one that checks all. */
export function opposite(key: string, value: string): string {
  if (/mode$/i.test(key)) {
    if (/ /.test(key)) return "VerifyFull";
    return /^[A-Z]+$/.test(value) ? "VERIFY_IDENTITY" : "verify-full";
  }
  const other = opposites[value.toLowerCase()] ?? "true";
  if (/^[A-Z]{2,}$/.test(value)) return other.toUpperCase();
  return /^[A-Z]/.test(value) ? `${other.charAt(0).toUpperCase()}${other.slice(1)}` : other;
}
