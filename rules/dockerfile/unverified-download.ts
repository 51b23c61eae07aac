import { effective, basename, choice, Copy, rule, Run, type Command, type Report } from "../../engine/index";
import {
  checksumEdit,
  download,
  isLoopback,
  isVerified,
  keepsNothing,
  samePath,
  savedPath,
  urlFileName,
  urlHost,
  type Download,
} from "../shared/downloads";
import { isGitUrl } from "../shared/git-sources";

export default rule({
  id: "dockerfile/unverified-download",
  kind: "dockerfile",
  severity: "info",
  principle: "supply-chain",
  summary: "Program or archive downloaded without a checksum",
  why: `What the address holds today is what goes into the image. When the server, its storage or the release page is taken over,
the next build ships their binary, and nothing in this file would notice. A checksum or signature in the Dockerfile makes the
build stop instead.`,
  refs: ["CIS 4.9", "CIS 4.12", "CWE-494"],
  covers: ["kics:add_instead_of_copy", "kics:curl_or_wget_instead_of_add", "dockle:CIS-DI-0009"],
  fix: "guided",
  yieldsTo: ["dockerfile/remote-script-execution", "dockerfile/plaintext-download", "dockerfile/suspicious-command"],
  examples: [
    {
      bad: "FROM alpine:3.23\nRUN wget «https://example.com/tool-1.2.tar.gz» && tar xzf tool-1.2.tar.gz\n",
      fixed:
        'FROM alpine:3.23\nRUN wget https://example.com/tool-1.2.tar.gz && echo "<sha256>  tool-1.2.tar.gz" | sha256sum -c - && tar xzf tool-1.2.tar.gz\n',
    },
    {
      bad: "FROM alpine:3.23\nRUN curl -fsSLo /usr/local/bin/tool «https://example.com/tool-linux-amd64» && \\\n    chmod 755 /usr/local/bin/tool\n",
      fixed:
        'FROM alpine:3.23\nRUN curl -fsSLo /usr/local/bin/tool https://example.com/tool-linux-amd64 && echo "<sha256>  /usr/local/bin/tool" | sha256sum -c - && \\\n    chmod 755 /usr/local/bin/tool\n',
      note: "made executable later",
    },
    {
      bad: "FROM alpine:3.23\nRUN curl -fsSL «https://example.com/tool/v1.2» | tar xz -C /opt\n",
      note: "unpacked from the pipe",
    },
    {
      bad: "FROM alpine:3.23\nADD «https://example.com/tool.jar» /app/\n",
      fixed: "FROM alpine:3.23\nADD --checksum=sha256:<sha256> https://example.com/tool.jar /app/\n",
    },
    {
      good: 'FROM alpine:3.23\nRUN wget https://example.com/t.tgz && echo "$SUM  t.tgz" | sha256sum -c - && tar xzf t.tgz\n',
    },
    {
      good: "FROM alpine:3.23\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/t.tgz /t.tgz\n",
    },
    {
      good: "FROM alpine:3.23\nADD https://example.com/tini /tini\nADD https://example.com/tini.asc /tini.asc\nRUN gpg --batch --verify /tini.asc /tini && chmod +x /tini\n",
      note: "signed",
    },
    {
      good: "FROM alpine:3.23\nRUN V=$(curl -s https://example.com/latest.json | jq -r .tag) && curl -s https://example.com/a.conf -o /etc/a.conf\n",
      note: "no program",
    },
    {
      good: "FROM alpine:3.23\nRUN curl -fsSL https://example.com/key.asc | gpg --dearmor -o /usr/share/keyrings/e.gpg\n",
    },
    {
      good: "FROM alpine:3.23\nRUN curl -o /a.zip file:///b.zip && wget --spider https://example.com/c.zip && curl -O http://127.0.0.1/d.zip\n",
    },
    {
      good: 'FROM alpine:3.23\nRUN wget -O go.tgz "https://example.com/go.tgz" && [ "$(sha256sum go.tgz | cut -c1-64)" = "$SUM" ]\n',
      note: "compared by hand",
    },
  ],
  check: {
    stage(stage, report) {
      const instructions = stage.instructions.map(effective);
      const commands = instructions.flatMap((i) => (i instanceof Run ? i.commands : []));
      const downloads = commands.flatMap((c) => download(c) ?? []);
      const paths = downloads.flatMap((d) => savedPath(d) ?? []);
      for (const found of downloads) inRun(found, commands, paths, report);
      for (const add of instructions) if (add instanceof Copy && add.isAdd) added(add, commands, report);
    },
  },
});

/** Endings of what is run, installed or unpacked. */
const artifact =
  /\.(?:tar|tar\.\w{1,4}|t[gbx]z2?|zip|7z|deb|rpm|apk|jar|war|whl|so|exe|msi|phar|gem|AppImage|dll|wasm|run|egg)$/i;
const unpackers = /^(?:tar|bsdtar|unzip|7za?|cpio|jar|unrar|dpkg|rpm|rpm2cpio)$/;
const installers = /^(?:dpkg|rpm|yum|dnf|apt|apt-get|apk|zypper|pip[\d.]*|gem|install|npm|microdnf)$/;
const shownKey = /\.(?:asc|gpg|sig|sha\d+|sha\d+sum|md5|pem|pub|key|txt|json|ya?ml|html?)$/i;

function inRun(found: Download, commands: readonly Command[], paths: readonly string[], report: Report): void {
  if (keepsNothing(found)) return;
  const path = savedPath(found);
  for (const url of found.urls) {
    const host = urlHost(url.source);
    if (/^file:/i.test(url.source) || (host !== undefined && isLoopback(host))) continue;
    const name = path !== undefined && found.urls.length === 1 ? path : urlFileName(url.source);
    if (!isProgram(found, name, urlFileName(url.source), commands)) continue;
    if (isVerified(name, commands, paths, found.command)) continue;
    report(url, message(found.command.name, basename(name) || urlFileName(url.source), host), {
      fix: () => {
        const edit =
          path === undefined || found.output === "-" || found.urls.length > 1
            ? undefined
            : checksumEdit(found.command, path);
        return edit === undefined
          ? undefined
          : { title: "Check the download's checksum", applicability: "guided", edits: [edit] };
      },
    });
  }
}

const message = (who: string, name: string, host: string | undefined): string =>
  `${name === "" || name.includes("$(") ? "A file" : name} that ${who} gets${host === undefined ? "" : ` from ${host}`} is used without a checksum or signature`;

/** Whether the download is something that is run, installed or unpacked. */
function isProgram(found: Download, path: string, urlName: string, commands: readonly Command[]): boolean {
  const { command } = found;
  const following = command.pipeline.slice(command.pipeline.indexOf(command) + 1);
  if (found.output === "-") {
    if (following.some((c) => unpackers.test(c.name))) return true;
    return (
      savedPath(found) !== undefined &&
      !following.some((c) => c.name === "gpg") &&
      isUsed(path, command.start, commands)
    );
  }
  if (artifact.test(path) || (artifact.test(urlName) && !shownKey.test(path))) return true;
  return !shownKey.test(path) && isUsed(path, command.start, commands);
}

/** Made executable, unpacked or installed behind the download. */
function isUsed(path: string, from: number, commands: readonly Command[]): boolean {
  return commands.some((c) => {
    if (c.start <= from) return false;
    const named = c.args.some(
      (a) => samePath(a.source, path) || (a.source.endsWith("/*") && path.startsWith(a.source.slice(0, -1))),
    );
    if (c.name === "chmod")
      return named && c.args.some((a) => /^(?:[ugoa]*\+[rwst]*x|0?[1-7]?[1357][0-7]{2})/.test(a.source));
    return named && (unpackers.test(c.name) || installers.test(c.name));
  });
}

function added(add: Copy, commands: readonly Command[], report: Report): void {
  if (add.flag("checksum") !== undefined) return;
  const later = commands.filter((c) => c.start > add.start);
  for (const source of add.sources) {
    const { value } = add.expand(source);
    const text = value.known ? value.value : source.text;
    if (!/^https?:\/\//i.test(text) || isGitUrl(text)) continue;
    const host = urlHost(text);
    const destination = add.destination?.text ?? "";
    const name = urlFileName(text);
    const path = /(?:^|\/)\.?$/.test(destination) ? `${destination.replace(/\.$/, "")}${name}` : destination;
    const used = later.some((c) => isUsed(path, add.start, [c]));
    if (!(artifact.test(name) || artifact.test(path) || used) || shownKey.test(name) || isVerified(path, later, []))
      continue;
    report(source, message("ADD", basename(path) || name, host), {
      fix: () => ({
        title: "Check the download's checksum",
        applicability: "guided",
        edits: [add.addFlag(`--checksum=sha256:${choice(1, "<sha256>")}`)],
      }),
    });
  }
}
