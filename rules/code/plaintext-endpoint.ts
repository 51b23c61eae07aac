import { fixIn, rule, type Context } from "../../engine/index";
import { keySwitchesIn, plainConnections, switchesIn, type PlainConnection } from "../shared/code/plain-connections";
import { weightOf } from "../shared/code/weight";

export default rule({
  id: "code/plaintext-endpoint",
  kind: "code",
  severity: "warning",
  principle: "encrypt",
  summary: "A public endpoint that is spoken to without TLS",
  why: `Requests over plain http cross networks that nobody of yours controls. Whoever sits on the way (a shared Wi-Fi, a false
name server, a provider) reads the token in the header and answers in the partner's place, and the service believes that prices,
webhooks or updates came from where they should. Use the encrypted scheme; where the other side knows none, ask for another side
or put a tunnel in between.`,
  refs: ["CWE-319"],
  covers: [
    "bandit:B312",
    "bandit:B321",
    "bandit:B401",
    "bandit:B402",
    "sonar:S5332",
    "semgrep:request-with-http",
    "semgrep:react-insecure-request",
    "semgrep:http-get",
  ],
  fix: "unsafe",
  examples: [
    {
      file: "src/payments.ts",
      bad: `
        import axios from "axios";
        const FEED_URL = "«ws://feed.acme.io:80»/live";

        export async function rates() {
          const answer = await axios.get("«http://api.rates.io»/v1/latest", { timeout: 2000 });
          return answer.data;
        }
        export const partner = axios.create({ baseURL: process.env.PARTNER_URL ?? "«http://partner.acme.io:8080»" });
        `,
      fixed: `
        import axios from "axios";
        const FEED_URL = "wss://feed.acme.io/live";

        export async function rates() {
          const answer = await axios.get("https://api.rates.io/v1/latest", { timeout: 2000 });
          return answer.data;
        }
        export const partner = axios.create({ baseURL: process.env.PARTNER_URL ?? "https://partner.acme.io:8080" });
        `,
      note: "JavaScript: a call, a constant, a default",
    },
    {
      file: "src/report.js",
      bad: `
        const TOKEN = process.env.REPORT_TOKEN;
        export const send = (body) =>
          fetch(\`«http://reports.acme.io»/v1/\${body.kind}\`, {
            method: "POST",
            headers: { Authorization: \`Bearer \${TOKEN}\` },
          });
        `,
      fixed: `
        const TOKEN = process.env.REPORT_TOKEN;
        export const send = (body) =>
          fetch(\`https://reports.acme.io/v1/\${body.kind}\`, {
            method: "POST",
            headers: { Authorization: \`Bearer \${TOKEN}\` },
          });
        `,
      severity: "error",
      note: "JavaScript: a token goes along",
    },
    {
      file: "app/main.py",
      bad: `
        import os
        import requests

        CATALOG_URL = os.getenv("CATALOG_URL", "«http://catalog.acme.io»/api")

        def latest(kind):
            return requests.get(f"«http://api.partner.io:80»/v1/{kind}", timeout=5)
        `,
      fixed: `
        import os
        import requests

        CATALOG_URL = os.getenv("CATALOG_URL", "https://catalog.acme.io/api")

        def latest(kind):
            return requests.get(f"https://api.partner.io/v1/{kind}", timeout=5)
        `,
      note: "Python: a default, an f-string",
    },
    {
      file: "app/sync.py",
      bad: `
        import ftplib
        import os
        import requests

        def orders():
            return requests.get("«http://api.partner.io»/v1", auth=("svc", os.environ["PARTNER_KEY"]), timeout=5)

        def upload():
            return «ftplib.FTP»("files.partner.io", "svc", os.environ["FTP_PASSWORD"])
        `,
      fixed: `
        import ftplib
        import os
        import requests

        def orders():
            return requests.get("https://api.partner.io/v1", auth=("svc", os.environ["PARTNER_KEY"]), timeout=5)

        def upload():
            return ftplib.FTP_TLS("files.partner.io", "svc", os.environ["FTP_PASSWORD"])
        `,
      severity: "error",
      note: "Python: a login goes along",
    },
    {
      file: "app/store.py",
      bad: `
        import boto3

        bucket = boto3.resource("s3", «use_ssl=False»)
        `,
      fixed: `
        import boto3

        bucket = boto3.resource("s3", use_ssl=True)
        `,
      note: "Python: a client that is told to",
    },
    {
      file: "main.go",
      bad: `
        package main

        import "net/http"

        const ratesURL = "«http://api.rates.io»/v1"

        func rates() (*http.Response, error) {
        	return http.Get("«http://api.rates.io:8080»/latest")
        }
        `,
      fixed: `
        package main

        import "net/http"

        const ratesURL = "https://api.rates.io/v1"

        func rates() (*http.Response, error) {
        	return http.Get("https://api.rates.io:8080/latest")
        }
        `,
      note: "Go",
    },
    {
      file: "src/main/java/shop/Rates.java",
      bad: `
        package shop;

        import java.net.URI;
        import org.springframework.web.client.RestTemplate;

        class Rates {
          private static final String BASE_URL = "«http://api.rates.io»/v1";
          private final RestTemplate rest = new RestTemplate();

          String latest() {
            return rest.getForObject("«http://api.rates.io»/v1/latest", String.class);
          }

          URI feed() {
            return URI.create("«http://feed.rates.io»/live");
          }
        }
        `,
      fixed: `
        package shop;

        import java.net.URI;
        import org.springframework.web.client.RestTemplate;

        class Rates {
          private static final String BASE_URL = "https://api.rates.io/v1";
          private final RestTemplate rest = new RestTemplate();

          String latest() {
            return rest.getForObject("https://api.rates.io/v1/latest", String.class);
          }

          URI feed() {
            return URI.create("https://feed.rates.io/live");
          }
        }
        `,
      note: "Java",
    },
    {
      file: "Program.cs",
      bad: `
        using System.Net.Http;

        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddHttpClient("rates", c => c.BaseAddress = new Uri("«http://api.rates.io»"));
        builder.Services.AddAuthentication().AddJwtBearer(options => {
            options.Authority = builder.Configuration["Identity"];
            «options.RequireHttpsMetadata = false»;
        });
        `,
      fixed: `
        using System.Net.Http;

        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddHttpClient("rates", c => c.BaseAddress = new Uri("https://api.rates.io"));
        builder.Services.AddAuthentication().AddJwtBearer(options => {
            options.Authority = builder.Configuration["Identity"];
            options.RequireHttpsMetadata = true;
        });
        `,
      note: "C#",
    },
    {
      file: "config/dev.js",
      bad: `
        module.exports = { apiUrl: "«http://staging.acme.io»/api" };
        `,
      fixed: `
        module.exports = { apiUrl: "https://staging.acme.io/api" };
        `,
      severity: "info",
      note: "settings for development",
    },
    {
      file: "src/server.ts",
      good: `
        import axios from "axios";
        const R = "http://www.w3.org/2000/svg";
        const schemaUrl = "http://json-schema.org/draft-07/schema#";
        const imageUrl = "http://cdn.acme.io/a.png";
        // see http://docs.acme.io/orders
        fetch("http://localhost:8080/orders");
        axios.get("http://127.0.0.1:9000/x");
        axios.get("https://api.rates.io/v1");
        export const isPlain = (url: string) => url.startsWith("http://");
        export const upgraded = (url: string) => url.replace("http://", "https://");
        console.log("now open http://shop.acme.io/admin");
        throw new Error("see http://errors.acme.io/17");
        `,
      note: "JavaScript: names of schemas, this machine, tests of the scheme, texts for people",
    },
    {
      file: "src/app.ts",
      good: `
        import cors from "cors";
        app.use(cors({ origin: "http://shop.acme.io" }));
        const proxies = { httpProxy: "http://proxy.acme.io:3128" };
        const base = secure ? "https://api.acme.io" : "http://api.acme.io";
        const own = new URL(req.url, "http://shop.acme.io");
        const ns = new Map([["http://ns.acme.io/a", 1]]);
        describe("http://api.acme.io", () => {});
        const { redirectUri = "http://shop.acme.io/done" } = settings;
        `,
      note: "JavaScript: origins, proxies, a choice, the own address, keys",
    },
    {
      file: "src/openapi.ts",
      good: `
        export const document = {
          openapi: "3.1.0",
          info: { title: "Orders", contact: { url: "http://www.acme.io" } },
          servers: [{ url: "http://api.acme.io" }],
        };
        `,
      note: "JavaScript: the description of an API",
    },
    {
      file: "app/main.py",
      good: `
        """Talks to http://api.acme.io in production."""
        import requests

        session = requests.Session()
        session.mount("http://", adapter)
        NS = {"a": "http://www.w3.org/2005/Atom"}
        if url.startswith("http://api.acme.io"):
            raise ValueError("http://api.acme.io is gone")
        session.get("http://0.0.0.0:8080/health")
        requests.get("http://example.com")
        requests.get("http://169.254.169.254/latest/meta-data", proxies={"http": "http://proxy.acme.io:3128"})
        `,
      note: "Python: docstrings, namespaces, comparisons, metadata of the cloud, proxies",
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"net/http"
        	"strings"
        )

        func isPlain(u string) bool { return strings.HasPrefix(u, "http://api.acme.io") }

        func main() {
        	http.Get("http://localhost:8080/health")
        	http.Redirect(nil, nil, "http://shop.acme.io", 302)
        	log.Printf("see http://docs.acme.io")
        }
        `,
      note: "Go: comparisons, redirects, logs",
    },
    {
      file: "src/main/java/shop/Config.java",
      good: `
        package shop;

        class Config {
          static final String NAMESPACE = "http://ns.acme.io/orders";
          static final String FEATURE = "http://apache.org/xml/features/disallow-doctype-decl";

          void configure(DocumentBuilderFactory factory) {
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            rest.getForObject("http://localhost:8080/x", String.class);
            log.info("see http://docs.acme.io");
          }
        }
        `,
      note: "Java: features of parsers, namespaces",
    },
    {
      file: "Program.cs",
      good: `
        using System.Net.Http;

        var client = new HttpClient { BaseAddress = new Uri("http://localhost:5000") };
        if (app.Environment.IsDevelopment()) {
            options.RequireHttpsMetadata = false;
        }
        const string Claim = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";
        builder.WebHost.UseUrls("http://*:80");
        `,
      note: "C#: this machine, development, names of claims, listeners",
    },
  ],
  check: {
    mentions: /http|ws:|ftp|telnet|rsync|https|ssl|scheme|protocol/i,
    file(code, report, context) {
      for (const connection of plainConnections(code, context)) {
        if (connection.class !== "public") continue;
        const isSent = connection.hasLogin();
        report(
          connection,
          `${connection.host ?? "A public host"} ${how(connection)}${isSent ? ", with a login" : ""}`,
          {
            severity: weightOf(isSent ? "error" : "warning", code, connection.guard),
            fix: () => fixOf(connection, context),
          },
        );
      }
      for (const { edits, message, ...at } of switchesIn(code))
        report(at, message, {
          severity: weightOf("warning", code, undefined),
          fix: () => fixIn(context.file, "Turn TLS on", "unsafe", [{ edits }]),
        });
      for (const { edits, message, guard, ...at } of keySwitchesIn(code))
        if (guard === undefined)
          report(at, message, {
            severity: weightOf("warning", code, undefined),
            fix: () => fixIn(context.file, "Insist on https", "unsafe", [{ edits }]),
          });
    },
  },
});

const how = ({ protocol }: PlainConnection): string =>
  `is spoken to over ${/^(?:http|ws)$/.test(protocol) ? `plain ${protocol}` : `${protocol}, which encrypts nothing`}`;

function fixOf(connection: PlainConnection, { file }: Context): ReturnType<typeof fixIn> {
  const edits = connection.encrypted();
  return edits && fixIn(file, `Speak to ${connection.host ?? "it"} over TLS`, "unsafe", [{ edits }]);
}
