import { choice, rule, type Fix, type Pair } from "../../engine/index";
import { servesHttps } from "../shared/downloads";
import { tlsSwitch, type TlsSwitch } from "../shared/tls-switches";

export default rule({
  id: "dockerfile/tls-verification-disabled-env",
  kind: "dockerfile",
  severity: "error",
  principle: "encrypt",
  summary: "Environment that turns certificate checks off in the running container",
  why: `TLS without the check of the certificate encrypts for whoever answers. Anybody on the path between this container and
the services that it calls (a compromised pod, a poisoned DNS answer) can read and change what they say, tokens and
passwords included. Where a private certificate authority is the reason, give the program that authority's certificate.`,
  refs: ["CWE-295"],
  covers: [
    "checkov:CKV2_DOCKER_5",
    "checkov:CKV2_DOCKER_6",
    "checkov:CKV2_DOCKER_12",
    "checkov:CKV2_DOCKER_14",
    "checkov:CKV2_DOCKER_16",
  ],
  fix: "safe",
  examples: [
    {
      bad: "FROM node:24-slim\n# for the old proxy\nENV «NODE_TLS_REJECT_UNAUTHORIZED=0» A=1\n",
      fixed: "FROM node:24-slim\n# for the old proxy\nENV A=1\n",
    },
    {
      bad: 'FROM python:3.14-slim\nENV A=1\nENV «PIP_TRUSTED_HOST="pypi.org files.pythonhosted.org"»\n',
      fixed: "FROM python:3.14-slim\nENV A=1\n",
      note: "hosts that have good certificates",
    },
    {
      bad: 'FROM alpine:3.23\nENV «GIT_SSL_NO_VERIFY true»\nENV «REQUESTS_CA_BUNDLE=""» «SSL_CERT_FILE=/dev/null»\n',
      fixed: "FROM alpine:3.23\n",
    },
    {
      bad: "FROM alpine:3.23\nENV «VAULT_SKIP_VERIFY=1» «APP_SSL_VERIFY=false» \\\n    «DB_TLS_INSECURE_SKIP_VERIFY=true»\n",
      fixed: "FROM alpine:3.23\n",
    },
    {
      bad: 'FROM alpine:3.23\nENV «JAVA_TOOL_OPTIONS="-Xmx1g -Djdk.internal.httpclient.disableHostnameVerification"»\n',
      note: "other options stand beside it: no fix",
    },
    {
      bad: "FROM node:24-slim AS build\nENV «NODE_TLS_REJECT_UNAUTHORIZED=0»\nFROM alpine:3.23\n",
      fixed: "FROM node:24-slim AS build\nFROM alpine:3.23\n",
      severity: "info",
      note: "a stage that does not ship",
    },
    { good: 'FROM node:24-slim\nENV NODE_TLS_REJECT_UNAUTHORIZED=1 GIT_SSL_NO_VERIFY="" NPM_CONFIG_STRICT_SSL=true\n' },
    { good: "FROM node:24-slim\nENV NODE_EXTRA_CA_CERTS=/usr/local/share/ca.pem SSL_CERT_FILE=/etc/ssl/cert.pem\n" },
    {
      good: "FROM alpine:3.23\nARG CHECK\nENV APP_SSL_VERIFY=$CHECK SSL_VERIFY_DEPTH=0 VAULT_SKIP_VERIFY=false\n",
      note: "nobody knows the value",
    },
    { good: "FROM docker:29-cli\nENV DOCKER_TLS_CERTDIR=/certs DOCKER_TLS_VERIFY=1\n" },
  ],
  check: {
    env(pair, env, report) {
      const value = pair.value === undefined ? undefined : pair.resolved;
      const found = value?.known === true ? tlsSwitch(pair.name.text, value.value) : undefined;
      if (found === undefined) return;
      const severity = env.stage?.shipped === true ? found.severity : "info";
      report(pair, `${pair.name.text}: ${found.effect}`, {
        ...(severity === undefined ? {} : { severity }),
        fix: () => (/OPTS|OPTIONS|ARGS|FLAGS/.test(pair.name.text) ? undefined : removal(pair, found)),
      });
    },
  },
});

function removal(pair: Pair, { hosts }: TlsSwitch): readonly Fix[] {
  const isPublic = hosts.length > 0 && hosts.every((h) => servesHttps(h.replace(/[:/].*/s, "")));
  const remove: Fix = {
    title: `Remove ${pair.name.text}`,
    applicability: isPublic ? "safe" : "unsafe",
    edits: [pair.remove()],
  };
  if (pair.name.text !== "NODE_TLS_REJECT_UNAUTHORIZED" || pair.value === undefined) return [remove];
  const trust: Fix = {
    title: "Trust your own certificate authority instead",
    applicability: "guided",
    edits: [
      {
        span: { start: pair.start, end: pair.end },
        text: `NODE_EXTRA_CA_CERTS=${choice(1, "/usr/local/share/ca-certificates/ca.crt")}`,
      },
    ],
  };
  return [remove, trust];
}
