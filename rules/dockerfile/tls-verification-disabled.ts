import {
  choice,
  type Command,
  conflict,
  Healthcheck,
  literal,
  Located,
  rule,
  Run,
  type Edit,
  type Fix,
  type Instruction,
  type Report,
  type RunningInstruction,
} from "../../engine/index";
import { isLoopback, servesHttps, urlHost } from "../shared/downloads";
import { runs, settings } from "../shared/environment";
import { distribution } from "../shared/images/users";
import { isTlsSwitchName, tlsSwitch } from "../shared/tls-switches";
import { unverifiedTls } from "../shared/unverified-tls";

export default rule({
  id: "dockerfile/tls-verification-disabled",
  kind: "dockerfile",
  severity: "error",
  principle: "encrypt",
  summary: "Build step that accepts any TLS certificate",
  why: `Without the check of the certificate whoever answers is believed. Anybody between the build and the server (a shared
build network, a hijacked name server) can hand it another file, and that file becomes part of every container of this image.
Where a private certificate authority is the reason, copy its certificate into the image and keep the check.`,
  refs: ["CWE-295"],
  covers: [2, 3, 4, 5, 6, 12, 13, 14, 15, 16].map((n) => `checkov:CKV2_DOCKER_${n}`),
  fix: "safe",
  examples: [
    {
      bad: "FROM alpine:3.23\nRUN curl -fsSL«k» https://github.com/example/a.txt -o /a.txt && wget «--no-check-certificate» https://example.com/b.txt\n",
      fixed:
        "FROM alpine:3.23\nRUN curl -fsSL https://github.com/example/a.txt -o /a.txt && wget https://example.com/b.txt\n",
    },
    {
      bad: "FROM python:3.14-slim\nRUN pip install «--trusted-host pypi.org» \\\n    «--trusted-host=files.pythonhosted.org» -r requirements.txt\n",
      fixed: "FROM python:3.14-slim\nRUN pip install -r requirements.txt\n",
    },
    {
      bad: "FROM node:24-slim\nRUN «npm config set strict-ssl false» && npm ci && git «-c http.sslVerify=false» fetch\nRUN «git config --global http.sslVerify false»\n",
      fixed: "FROM node:24-slim\nRUN npm ci && git fetch\n",
    },
    {
      bad: "FROM node:24-slim\nARG «NODE_TLS_REJECT_UNAUTHORIZED=0»\nRUN «GIT_SSL_NO_VERIFY=1» git fetch && export A=1 «PYTHONHTTPSVERIFY=0» && make\n",
      fixed: "FROM node:24-slim\nRUN git fetch && export A=1 && make\n",
    },
    {
      bad: "FROM almalinux:10\nRUN dnf -y «--setopt=sslverify=0» makecache && echo '«sslverify=0»' >> /etc/dnf/dnf.conf\n",
      fixed: "FROM almalinux:10\nRUN dnf -y makecache && echo 'sslverify=0' >> /etc/dnf/dnf.conf\n",
      remains: "a line of a file is written on purpose: what belongs in its place is not known",
    },
    {
      bad: 'FROM alpine:3.23\nHEALTHCHECK CMD ["curl", "-f", «"-k"», "https://localhost:8443/health"]\n',
      severity: "hint",
      note: "nobody stands between a container and itself",
    },
    {
      bad: "# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN powershell Invoke-WebRequest «-SkipCertificateCheck» https://example.com/a -OutFile a\n",
    },
    {
      good: 'FROM alpine:3.23\nRUN curl -K cfg "https://example.com/?a=-k" --keepalive-time 5 && curl -o kubectl https://example.com/k\n',
    },
    {
      good: "FROM alpine:3.23\nRUN tar -xkf a.tar && wget -k https://example.com/page && sort -k 2 f\n",
      note: "-k of other programs",
    },
    {
      good: "FROM node:24-slim\nRUN npm config set strict-ssl true && git config --global http.sslVerify true && NODE_TLS_REJECT_UNAUTHORIZED=1 npm ci\n",
    },
    {
      good: "FROM alpine:3.23\nRUN apk add ca-certificates \\\n    # curl -k was needed once: curl -k https://old\n && echo 'never use curl -k' > /etc/motd\n",
    },
    { good: "FROM alpine:3.23\nENV NODE_TLS_REJECT_UNAUTHORIZED=0\n", note: "another rule's matter" },
    { good: 'FROM alpine:3.23\nCOPY <<"EOF" /etc/app.conf\nRUN curl -k https://x\nEOF\n' },
  ],
  check: {
    instruction(instruction, report) {
      for (const setting of settings(instruction, isTlsSwitchName)) {
        const empty = setting.value.known && setting.value.value === "";
        if (setting.by === "env" || !setting.value.known || (setting.by === "arg" && empty)) continue;
        const found = tlsSwitch(setting.name, setting.value.value);
        if (found === undefined) continue;
        report(setting, `${setting.name}: ${found.effect}`, {
          fix: () => again(setting.remove(), found.hosts, instruction),
        });
      }
      if (runs(instruction)) for (const command of instruction.commands) inCommand(command, instruction, report);
      if (instruction instanceof Run && instruction.script === undefined) inPowerShell(instruction, report);
    },
  },
});

function inCommand(command: Command, instruction: RunningInstruction, report: Report): void {
  for (const found of unverifiedTls(command, instruction)) {
    const hosts = found.from.map((f) => urlHost(f) ?? f);
    // A health check of an unknown host is mostly one of the container itself.
    const local =
      instruction instanceof Healthcheck
        ? hosts.every((h) => isLoopback(h) || h.includes("$"))
        : hosts.every(isLoopback);
    const isLocal = local && hosts.length > 0;
    report(found, found.effect, {
      ...(isLocal ? { severity: "hint" as const } : {}),
      fix: () => (isLocal ? undefined : again(found.remove(), hosts, instruction)),
    });
  }
  if (!/^(?:pwsh|powershell)(?:\.exe)?$/i.test(command.name)) return;
  const word = command.args.find((a) => skipsCheck.test(a.source));
  if (word !== undefined) report(word.find("-SkipCertificateCheck") ?? word, skipped);
}

const skipsCheck = /(?:^|\s)(-SkipCertificateCheck)\b/i;
const skipped = "PowerShell accepts any certificate (-SkipCertificateCheck)";

/** Checks again; safe only where the host is known to have a certificate that everybody trusts. */
function again(edits: readonly Edit[] | undefined, hosts: readonly string[], instruction: Instruction): readonly Fix[] {
  if (edits === undefined) return [];
  const isPublic = hosts.length > 0 && hosts.every(servesHttps);
  const check: Fix = { title: "Check certificates again", applicability: isPublic ? "safe" : "unsafe", edits };
  if (isPublic || instruction.stage === undefined) return [check];
  const image = instruction.stage.rootImage;
  const isRhel = image !== undefined && distribution(image).family === "rhel";
  const [folder, update] = isRhel
    ? ["/etc/pki/ca-trust/source/anchors/", "update-ca-trust"]
    : ["/usr/local/share/ca-certificates/", "update-ca-certificates"];
  const lines = instruction.insertBefore(`COPY ${choice(1, "ca.crt")} ${folder}\nRUN ${update}`);
  const both = [lines, ...edits.map((e) => ({ ...e, text: literal(e.text) }))];
  // Without the last line of a file goes the terminator before it, where the others would be inserted.
  if (conflict(both)) return [check];
  const title = "Trust your own certificate authority, and check again";
  return [check, { title, applicability: "guided", edits: both }];
}

function inPowerShell(run: Run, report: Report): void {
  const match = skipsCheck.exec(run.rest.text);
  if (match === null) return;
  const from = match.index + match[0].length - (match[1] ?? "").length;
  const place = new Located(run.origin, run.rest.startOf(from), run.rest.endOf(match.index + match[0].length));
  report(place, skipped);
}
