/** Commands that fetch something over a network, and where they put it. Option letters from each tool's manual. */
import {
  basename,
  choice,
  literal,
  readOptions,
  type Command,
  type Edit,
  type Options,
  type OptionSyntax,
  type ShellWord,
} from "../../engine/index";

export const curlSyntax: OptionSyntax = {
  short: "AbcCdDeEFhHKmoPQrtTuUwxXyYz",
  long: [
    "--abstract-unix-socket",
    "--alt-svc",
    "--aws-sigv4",
    "--cacert",
    "--capath",
    "--cert",
    "--cert-type",
    "--ciphers",
    "--config",
    "--connect-timeout",
    "--connect-to",
    "--continue-at",
    "--cookie",
    "--cookie-jar",
    "--create-file-mode",
    "--crlfile",
    "--curves",
    "--data",
    "--data-ascii",
    "--data-binary",
    "--data-raw",
    "--data-urlencode",
    "--dns-servers",
    "--doh-url",
    "--dump-header",
    "--form",
    "--form-string",
    "--header",
    "--hostpubmd5",
    "--hostpubsha256",
    "--interface",
    "--json",
    "--key",
    "--key-type",
    "--keepalive-time",
    "--limit-rate",
    "--local-port",
    "--max-filesize",
    "--max-redirs",
    "--max-time",
    "--netrc-file",
    "--noproxy",
    "--oauth2-bearer",
    "--output",
    "--output-dir",
    "--pass",
    "--pinnedpubkey",
    "--proto",
    "--proto-default",
    "--proto-redir",
    "--proxy",
    "--proxy-header",
    "--proxy-user",
    "--pubkey",
    "--quote",
    "--range",
    "--rate",
    "--referer",
    "--request",
    "--resolve",
    "--retry",
    "--retry-delay",
    "--retry-max-time",
    "--socks5",
    "--socks5-hostname",
    "--speed-limit",
    "--speed-time",
    "--stderr",
    "--tls-max",
    "--tls13-ciphers",
    "--trace",
    "--trace-ascii",
    "--unix-socket",
    "--upload-file",
    "--url",
    "--user",
    "--user-agent",
    "--variable",
    "--write-out",
  ],
};

export const wgetSyntax: OptionSyntax = {
  short: "aABDeGiIlloOPQRtTUwX",
  long: [
    "--accept",
    "--append-output",
    "--base",
    "--bind-address",
    "--body-data",
    "--body-file",
    "--ca-certificate",
    "--ca-directory",
    "--certificate",
    "--config",
    "--connect-timeout",
    "--cut-dirs",
    "--directory-prefix",
    "--dns-timeout",
    "--execute",
    "--exclude-directories",
    "--header",
    "--http-password",
    "--http-user",
    "--include-directories",
    "--input-file",
    "--level",
    "--limit-rate",
    "--load-cookies",
    "--method",
    "--output-document",
    "--output-file",
    "--password",
    "--post-data",
    "--post-file",
    "--private-key",
    "--progress",
    "--prefer-family",
    "--quota",
    "--read-timeout",
    "--referer",
    "--reject",
    "--retry-on-http-error",
    "--save-cookies",
    "--secure-protocol",
    "--timeout",
    "--tries",
    "--user",
    "--user-agent",
    "--wait",
    "--waitretry",
  ],
};

const aria2Syntax: OptionSyntax = {
  short: "dosxjkltiT",
  long: ["--dir", "--out", "--split", "--checksum", "--max-connection-per-server"],
};

/** One `curl`, `wget`, `aria2c` or `fetch` that gets something. */
export interface Download {
  readonly command: Command;
  readonly options: Options;
  /** The words that are, or hold, URLs; `source` keeps variables as written. */
  readonly urls: readonly ShellWord[];
  /** Where it lands: a path, "-" for standard output, undefined where the name comes from the URL (see `directory`). */
  readonly output: string | undefined;
}

/** Whether the program is one that downloads; what it does here is told by `download`. */
export const isDownloader = ({ name }: Command): boolean => name === "curl" || name === "wget" || name === "aria2c";

/** Undefined where the command downloads nothing. */
export function download(command: Command): Download | undefined {
  if (command.name === "curl") {
    const options = readOptions(command, curlSyntax);
    const named = options.all("--url").flatMap((o) => (o.valueWord === undefined ? [] : [o.valueWord]));
    const urls = [...options.operands, ...named];
    if (urls.length === 0) return undefined;
    const remoteName =
      options.find("-O", "--remote-name", "--remote-name-all", "-J", "--remote-header-name") !== undefined;
    const output = options.find("-o", "--output")?.value ?? redirected(command) ?? (remoteName ? undefined : "-");
    return { command, options, urls, output };
  }
  if (command.name === "wget") {
    const options = readOptions(command, wgetSyntax);
    if (options.operands.length === 0) return undefined;
    const bundled = options.find("-O", "--output-document")?.value;
    return {
      command,
      options,
      urls: options.operands,
      output: bundled === "-" ? (redirected(command) ?? "-") : bundled,
    };
  }
  if (command.name === "aria2c") {
    const options = readOptions(command, aria2Syntax);
    return options.operands.length === 0
      ? undefined
      : { command, options, urls: options.operands, output: options.find("-o", "--out")?.value };
  }
  return undefined;
}

/** The file that a command's standard output is written to. */
export function redirected(command: Command): string | undefined {
  return command.redirects.find((r) => /^1?>>?\|?$/.test(r.operator))?.target?.source;
}

/** The last component of a URL's path; empty where there is none. Variables stay as written. */
export function urlFileName(url: string): string {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/[?#].*/s, "");
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(slash + 1);
}

/** The host of a URL, lower case, without user information and port; undefined where it is no URL or holds a variable. */
export function urlHost(url: string): string | undefined {
  const match = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@?#\s]*@)?(\[[0-9a-f:.]+\]|[^/:?#\s]+)/i.exec(url);
  const host = match?.[1]?.toLowerCase();
  return host === undefined || host.includes("$") ? undefined : host;
}

/** Reaches only this machine. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" ||
  host === "[::1]" ||
  host === "0.0.0.0" ||
  host.endsWith(".localhost") ||
  /^127\.\d+\.\d+\.\d+$/.test(host);

/** Asks only whether something is there, or throws it away. */
export function keepsNothing({ command, options, output }: Download): boolean {
  if (output === "/dev/null") return true;
  return command.name === "wget" ? options.find("--spider") !== undefined : options.find("-I", "--head") !== undefined;
}

/** The path under which a download lies afterwards, as written; undefined where it is only piped on. */
export function savedPath(download: Download): string | undefined {
  const { command, options, urls, output } = download;
  if (output === "-") return pipedFile(command);
  const folder =
    command.name === "wget"
      ? options.find("-P", "--directory-prefix")?.value
      : options.find("--output-dir", command.name === "aria2c" ? "-d" : "--output-dir", "--dir")?.value;
  const name = output ?? urlFileName(urls[0]?.source ?? "");
  if (name === "") return undefined;
  return folder === undefined || (command.name === "wget" && output !== undefined)
    ? name
    : `${folder.replace(/\/$/, "")}/${name}`;
}

/** The file at the end of `curl … | gunzip > file` or `curl … | tee file`. */
function pipedFile(command: Command): string | undefined {
  for (let c = command.downstream; c !== undefined; c = c.downstream) {
    const file = c.name === "tee" ? c.args.find((a) => !a.source.startsWith("-"))?.source : redirected(c);
    if (file !== undefined && file !== "/dev/null") return file;
  }
  return undefined;
}

/** Two spellings of one path, as far as the spellings tell: a bare name may lie in any folder. */
export function samePath(one: string, other: string): boolean {
  const a = one.replace(/^(?:\.\/)+/, "");
  const b = other.replace(/^(?:\.\/)+/, "");
  if (a === b) return a !== "";
  if (a.includes("/") && b.includes("/")) return false;
  return basename(a) === basename(b) && basename(a) !== "";
}

const sums = /^(?:g?sha(?:1|224|256|384|512)(?:sum)?|shasum|md5sum|b2sum|b3sum|cksum|rhash)$/;
const verifiers: Readonly<Record<string, RegExp>> = {
  gpg: /^--verify(?:-files)?$/,
  gpg2: /^--verify(?:-files)?$/,
  gpgv: /./,
  gpgv2: /./,
  cosign: /^verify(?:-blob)?(?:-attestation)?$/,
  minisign: /^-[A-Za-z]*V/,
  signify: /^-[A-Za-z]*[VC]/,
  openssl: /^(?:dgst|sha256|sha512|-verify|cms|smime)$/,
  rpm: /^(?:-K|--checksig)$/,
  rpmkeys: /^(?:-[A-Za-z]*K|--checksig)$/,
  "dpkg-sig": /^(?:--verify|-c)$/,
  debsig: /./,
  "debsig-verify": /./,
  "slsa-verifier": /./,
  gh: /^attestation$/,
  jarsigner: /^-verify$/,
  apksigner: /^verify$/,
  aria2c: /^--checksum=/,
  certutil: /^-hashfile$/i,
};

/** Compares something with a checksum, or a signature with a key. */
export function verifies(command: Command): boolean {
  if (sums.test(command.name)) {
    const compares = command.args.some((a) => /^-(?:[abd-z]*c[a-z]*|-check)$/.test(a.source));
    return compares || command.position === "substitution" || command.downstream !== undefined;
  }
  const word = Object.hasOwn(verifiers, command.name) ? verifiers[command.name] : undefined;
  return word !== undefined && command.args.some((a) => word.test(a.source));
}

/** Whether the text holds the file's name, not as a part of a longer word. */
function names(text: string, file: string): boolean {
  if (file === "") return false;
  for (let at = text.indexOf(file); at >= 0; at = text.indexOf(file, at + 1)) {
    if (!/\w/.test(text[at - 1] ?? "") && !/\w/.test(text[at + file.length] ?? "")) return true;
  }
  return false;
}

/**
 * Whether one of `commands` checks the file `path`. A check that names none of `downloaded` is taken to be for all of
 * them where it reads a list (`sha256sum -c SHA256SUMS`), and for those of its own instruction where it reads variables;
 * `by` is the command that got the file.
 */
export function isVerified(
  path: string,
  commands: readonly Command[],
  downloaded: readonly string[],
  by?: Command,
): boolean {
  const own = basename(path);
  return commands.filter(verifies).some((command) => {
    const text = command.pipeline
      .flatMap((c) => [
        ...c.words.map((w) => w.source),
        ...c.documents.map((d) => d.body.text),
        ...c.redirects.map((r) => r.target?.source ?? ""),
      ])
      .join(" ");
    if (names(text, own)) return true;
    if (downloaded.some((d) => basename(d) !== own && names(text, basename(d)))) return false;
    const readsList =
      sums.test(command.name) && command.args.some((a) => !/^-|^\d+$/.test(a.source) && !a.source.includes("$"));
    return by === undefined || readsList || command.origin === by.origin;
  });
}

/** A guided edit that checks a saved download right behind the command that saves it; undefined in nested texts. */
export function checksumEdit(command: Command, path: string): Edit | undefined {
  if (command.position !== "script" || command.parent !== undefined || command.script.form === "exec") return undefined;
  const end = command.chainEnd;
  return {
    span: { start: end, end },
    text: `${literal(` && echo "`)}${choice(1, "<sha256>")}${literal(`  ${path}" | sha256sum -c -`)}`,
  };
}

/** Hosts of public downloads that answer over https (their own pages, 2026-08); their subdomains do as well. */
const httpsHosts: ReadonlySet<string> = new Set([
  "adoptium.net",
  "alpinelinux.org",
  "anaconda.com",
  "anaconda.org",
  "apache.org",
  "archlinux.org",
  "bitbucket.org",
  "boost.org",
  "cloudflare.com",
  "cmake.org",
  "cpan.org",
  "cran.r-project.org",
  "crates.io",
  "deb.debian.org",
  "cdn.debian.org",
  "snapshot.debian.org",
  "www.debian.org",
  "docker.com",
  "eclipse.org",
  "elastic.co",
  "elasticsearch.org",
  "fedoraproject.org",
  "freedesktop.org",
  "ftp.gnu.org",
  "github.com",
  "github.io",
  "githubusercontent.com",
  "gitlab.com",
  "gnome.org",
  "gnu.org",
  "gnupg.org",
  "golang.org",
  "google.com",
  "googleapis.com",
  "gradle.org",
  "grafana.com",
  "hashicorp.com",
  "haproxy.org",
  "jenkins.io",
  "jenkins-ci.org",
  "jfrog.io",
  "kde.org",
  "kernel.org",
  "libsdl.org",
  "mariadb.org",
  "maven.org",
  "microsoft.com",
  "mongodb.org",
  "mozilla.org",
  "mysql.com",
  "netfilter.org",
  "nginx.org",
  "nodejs.org",
  "nodesource.com",
  "npmjs.org",
  "npmjs.com",
  "nuget.org",
  "openssl.org",
  "packagecloud.io",
  "packagist.org",
  "pcre.org",
  "percona.com",
  "perl.org",
  "php.net",
  "postgresql.org",
  "pypa.io",
  "pypi.org",
  "python.org",
  "pythonhosted.org",
  "r-project.org",
  "redhat.com",
  "redis.io",
  "ruby-lang.org",
  "rubygems.org",
  "rust-lang.org",
  "rustup.rs",
  "samba.org",
  "sonatype.org",
  "sourceforge.net",
  "sqlite.org",
  "releases.ubuntu.com",
  "cloud-images.ubuntu.com",
  "videolan.org",
  "wordpress.org",
  "x.org",
  "yarnpkg.com",
  "zlib.net",
]);

/** Known to serve the same over https. */
export function servesHttps(host: string): boolean {
  const labels = host.split(".");
  return labels.some((_, i) => httpsHosts.has(labels.slice(i).join(".")));
}
