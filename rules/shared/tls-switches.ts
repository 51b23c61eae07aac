/** Variables that turn the checking of certificates off. Their names from the programs' own manuals, 2026-08. */
import type { Severity } from "../../engine/index";
import { isLoopback } from "./downloads";

export interface TlsSwitch {
  /** What does not check any more, for a message: "Node.js checks no certificates". */
  readonly effect: string;
  /** Softer than the rule's own. */
  readonly severity?: Severity;
  /** Hosts for which the check is off; empty where for all. */
  readonly hosts: readonly string[];
}

const on = /^(?:1|true|yes|on|y|t)$/i;
const off = /^(?:0|false|no|off|n|f)$/i;

interface Row {
  readonly name: RegExp;
  readonly value: RegExp;
  readonly effect: string;
  readonly severity?: Severity;
}

const javaOptions =
  /^(?:\w+_)?(?:JAVA_OPTS|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|JVM_OPTS|JAVA_OPTIONS|JAVA_ARGS|MAVEN_OPTS|CATALINA_OPTS)$/;
const rows: readonly Row[] = [
  { name: /^NODE_TLS_REJECT_UNAUTHORIZED$/, value: /^0$/, effect: "Node.js accepts any certificate" },
  { name: /^PYTHONHTTPSVERIFY$/, value: /^0$/, effect: "Python accepts any certificate" },
  { name: /^GIT_SSL_NO_VERIFY$/, value: /^(?!(?:0|false|no|off)$)\S/i, effect: "git accepts any certificate" },
  { name: /^npm_config_strict_ssl$/i, value: off, effect: "npm accepts any certificate" },
  {
    name: /^(?:pnpm_config_strict_ssl|YARN_STRICT_SSL|YARN_ENABLE_STRICT_SSL)$/i,
    value: off,
    effect: "the package manager accepts any certificate",
  },
  { name: /^BUNDLE_SSL_VERIFY_MODE$/, value: /^(?:0|none)$/i, effect: "bundler accepts any certificate" },
  { name: /^CARGO_HTTP_CHECK_REVOKE$/, value: off, effect: "cargo accepts revoked certificates" },
  {
    name: /^(?:REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|SSL_CERT_FILE|AWS_CA_BUNDLE)$/,
    value: /^(?:\/dev\/null)?$/,
    effect: "certificates are compared with no list at all",
  },
  { name: /^GOFLAGS$/, value: /(?:^|\s)-insecure\b/, effect: "go accepts any certificate, and plain http" },
  {
    name: javaOptions,
    value: /-Djdk\.internal\.httpclient\.disableHostnameVerification(?:=true)?(?![=\w])/,
    effect: "Java compares no host names",
  },
  {
    name: javaOptions,
    value: /-Dmaven\.wagon\.http\.ssl\.(?:insecure|allowall)=true/,
    effect: "Maven accepts any certificate",
  },
  {
    name: javaOptions,
    value: /-Dcom\.sun\.net\.ssl\.checkRevocation=false/,
    effect: "Java accepts revoked certificates",
    severity: "info",
  },
  {
    name: /^OTEL_EXPORTER_OTLP(?:_TRACES|_METRICS|_LOGS)?_INSECURE$/,
    value: on,
    effect: "telemetry is sent without TLS",
  },
  { name: /^DOCKER_TLS_VERIFY$/, value: /^(?:0|false|no)?$/i, effect: "the docker client accepts any certificate" },
  { name: /^DOCKER_TLS_CERTDIR$/, value: /^$/, effect: "the docker daemon listens without TLS" },
  {
    name: /^(?:\w+_)(?:SKIP_VERIFY|SKIP_TLS_VERIFY|SKIP_SSL_VERIFY|SKIP_TLS_VERIFICATION|SKIP_SSL_VERIFICATION)$/,
    value: on,
    effect: "any certificate is accepted",
  },
  {
    name: /^(?:\w+_)?(?:TLS|SSL)_(?:INSECURE|INSECURE_SKIP_VERIFY|NO_VERIFY|SKIP_VERIFY)$/,
    value: on,
    effect: "any certificate is accepted",
  },
  {
    name: /^(?:\w+_)?(?:SSL_VERIFY|VERIFY_SSL|TLS_VERIFY|VERIFY_TLS|VERIFY_CERTS?|SSL_VERIFICATION|TLS_REJECT_UNAUTHORIZED|SSL_REJECT_UNAUTHORIZED)$/,
    value: off,
    effect: "any certificate is accepted",
  },
];

/** A piece of every name that is one: most names are refused by it. */
const mayBeSwitch = /tls|ssl|verify|insecure|revoke|bundle|trust|flags|opts|options|args/i;

/** Whether a variable of that name may switch a check off. */
export const isTlsSwitchName = (name: string): boolean => mayBeSwitch.test(name);

/** Undefined where the variable switches nothing off. */
export function tlsSwitch(name: string, value: string): TlsSwitch | undefined {
  if (!mayBeSwitch.test(name)) return undefined;
  if (name === "PIP_TRUSTED_HOST" || name === "GOINSECURE") {
    const hosts = value.split(/[\s,]+/).filter((h) => h !== "" && !isLoopback(h.replace(/:\d+$/, "")));
    const tool = name === "GOINSECURE" ? "go" : "pip";
    return hosts.length === 0 ? undefined : { effect: `${tool} accepts any certificate of ${hosts.join(", ")}`, hosts };
  }
  const row = rows.find((r) => r.name.test(name) && r.value.test(value));
  if (row === undefined) return undefined;
  return { effect: row.effect, hosts: [], ...(row.severity === undefined ? {} : { severity: row.severity }) };
}
