import { fixIn, rule } from "../../engine/index";
import { weakTls } from "../shared/code/weak-tls";
import { weightOf } from "../shared/code/weight";

export default rule({
  id: "code/weak-tls",
  kind: "code",
  severity: "warning",
  principle: "encrypt",
  summary: "Code that accepts a version or cipher of TLS that is broken",
  why: `SSL and TLS before 1.2, and ciphers such as RC4 or 3DES, have attacks that were shown in practice: POODLE and SWEET32 take
session cookies out of recorded traffic. Whoever sits between two services can make both agree on the oldest version that either
still accepts. Everything that is maintained speaks TLS 1.2; ask for that at least and leave the choice of ciphers to the library.`,
  refs: ["CWE-326", "CWE-327"],
  covers: [
    "sonar:S4423",
    "gosec:G402",
    "bandit:B502",
    "bandit:B503",
    "bandit:B504",
    "semgrep:missing-ssl-minversion",
    "semgrep:ssl-v3-is-insecure",
    "semgrep:weak-ssl-version",
  ],
  fix: "unsafe",
  examples: [
    {
      file: "src/server.ts",
      bad: `
        import https from "node:https";
        import tls from "node:tls";
        https.createServer({ key, cert, minVersion: "«TLSv1»" });
        tls.DEFAULT_MIN_VERSION = "«TLSv1.1»";
        tls.connect({ host, secureProtocol: "«TLSv1_method»" });
        https.createServer({ ciphers: "«ECDHE-RSA-AES128-GCM-SHA256:RC4-SHA:!aNULL»" });
        `,
      fixed: `
        import https from "node:https";
        import tls from "node:tls";
        https.createServer({ key, cert, minVersion: "TLSv1.2" });
        tls.DEFAULT_MIN_VERSION = "TLSv1.2";
        tls.connect({ host, secureProtocol: "TLSv1_2_method" });
        https.createServer({ ciphers: "ECDHE-RSA-AES128-GCM-SHA256:!aNULL" });
        `,
      note: "JavaScript",
    },
    {
      file: "app/main.py",
      bad: `
        import ssl

        context = ssl.SSLContext(«ssl.PROTOCOL_TLSv1»)
        context.minimum_version = «ssl.TLSVersion.TLSv1»
        context.set_ciphers("«HIGH:RC4-SHA»")
        `,
      fixed: `
        import ssl

        context = ssl.SSLContext(ssl.PROTOCOL_TLSv1_2)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("HIGH")
        `,
      note: "Python",
    },
    {
      file: "main.go",
      bad: `
        package main

        import "crypto/tls"

        var cfg = &tls.Config{
        	MinVersion:   «tls.VersionTLS10»,
        	CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, «tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA»},
        }
        `,
      fixed: `
        package main

        import "crypto/tls"

        var cfg = &tls.Config{
        	MinVersion:   tls.VersionTLS12,
        	CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256},
        }
        `,
      note: "Go",
    },
    {
      file: "src/main/java/shop/Config.java",
      bad: `
        package shop;

        import javax.net.ssl.SSLContext;

        class Config {
          void open() throws Exception {
            SSLContext context = SSLContext.getInstance("«TLSv1»");
            socket.setEnabledProtocols(new String[] {«"TLSv1.1"», "TLSv1.2"});
            System.setProperty("https.protocols", "«TLSv1,TLSv1.2»");
          }
        }
        `,
      fixed: `
        package shop;

        import javax.net.ssl.SSLContext;

        class Config {
          void open() throws Exception {
            SSLContext context = SSLContext.getInstance("TLSv1.2");
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            System.setProperty("https.protocols", "TLSv1.2");
          }
        }
        `,
      note: "Java",
    },
    {
      file: "Program.cs",
      bad: `
        using System.Net;

        ServicePointManager.SecurityProtocol = «SecurityProtocolType.Tls | SecurityProtocolType.Tls12»;
        var handler = new HttpClientHandler { SslProtocols = «SslProtocols.Tls11» };
        `,
      fixed: `
        using System.Net;

        ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;
        var handler = new HttpClientHandler { SslProtocols = SslProtocols.Tls12 };
        `,
      note: "C#",
    },
    {
      file: "src/server.ts",
      good: `
        import https from "node:https";
        https.createServer({ key, cert });
        https.createServer({ key, cert, minVersion: "TLSv1.2", maxVersion: "TLSv1.3" });
        https.createServer({ ciphers: "HIGH:!aNULL:!MD5:!RC4:!3DES" });
        if (socket.getProtocol() === "TLSv1") socket.destroy();
        const weak = { label: "TLSv1", version: "1.0" };
        const options = { minVersion: process.env.MIN_TLS };
        `,
      note: "JavaScript: defaults, ciphers that are refused, comparisons",
    },
    {
      file: "app/main.py",
      good: `
        import ssl

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1
        if context.minimum_version < ssl.TLSVersion.TLSv1_2:
            raise ValueError("TLSv1")
        `,
      note: "Python",
    },
    {
      file: "main.go",
      good: `
        package main

        import "crypto/tls"

        var plain = &tls.Config{}
        var strict = &tls.Config{MinVersion: tls.VersionTLS13}

        func isOld(version uint16) bool { return version == tls.VersionTLS10 }
        `,
      note: "Go: the default is 1.2",
    },
    {
      file: "src/main/java/shop/Config.java",
      good: `
        package shop;

        import javax.net.ssl.SSLContext;

        class Config {
          void open() throws Exception {
            SSLContext.getInstance("TLS");
            SSLContext.getInstance("TLSv1.3");
            MessageDigest.getInstance("SSL");
          }
        }
        `,
      note: "Java",
    },
    {
      file: "Program.cs",
      good: `
        using System.Net;

        ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12 | SecurityProtocolType.Tls13;
        var handler = new HttpClientHandler { SslProtocols = SslProtocols.None };
        if (stream.SslProtocol == SslProtocols.Tls11) throw new AuthenticationException();
        `,
      note: "C#: the system's default, comparisons",
    },
  ],
  check: {
    mentions: /tls|ssl|cipher/i,
    file(code, report, context) {
      for (const { start, end, message, title, edits, guard } of weakTls(code))
        report({ start, end }, message, {
          severity: weightOf("warning", code, guard),
          fix: () => edits && fixIn(context.file, title, "unsafe", [{ edits }]),
        });
    },
  },
});
