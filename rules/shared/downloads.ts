/** Commands that fetch something over a network, and where they put it. Option letters from each tool's manual. */
import { readOptions, type Command, type Options, type OptionSyntax, type ShellWord } from "../../engine/index";

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
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/[?#].*$/, "");
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
