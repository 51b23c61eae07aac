import { fixIn, rule } from "../../engine/index";
import { plainConnections, type PlainConnection } from "../shared/code/plain-connections";
import { weightOf } from "../shared/code/weight";

export default rule({
  id: "code/plaintext-internal-endpoint",
  kind: "code",
  severity: "info",
  principle: "encrypt",
  summary: "Another service of the same network that is spoken to without TLS",
  why: `Plain http between services is fine only where something below encrypts it, a mesh with mutual TLS for one. Without that,
one container that was broken into, or one mirrored switch port, reads every session token that passes and answers in the place of
the service beside it. Give services certificates of an own authority, or let a mesh do it; then this finding may be suppressed.`,
  refs: ["CWE-319", "NSA 4.4 network separation and encryption"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      file: "src/orders.ts",
      bad: `
        import axios from "axios";
        axios.get("«http://ts-order-service:12031»/api");
        axios.get("http://ts-order-service:12031/other");
        fetch(\`«http://»\${process.env.CATALOG}/items\`);
        const services = { stock: "«http://stock.shop.svc.cluster.local»/v1" };
        `,
      fixed: `
        import axios from "axios";
        axios.get("https://ts-order-service:12031/api");
        axios.get("https://ts-order-service:12031/other");
        fetch(\`https://\${process.env.CATALOG}/items\`);
        const services = { stock: "https://stock.shop.svc.cluster.local/v1" };
        `,
      note: "JavaScript: each host once; a host from the environment",
    },
    {
      file: "app/main.py",
      bad: `
        import os
        import requests

        STOCK_URL = os.environ.get("STOCK_URL", "«http://stock:8080»")

        def price(sku, host):
            return requests.get(f"«http://»{host}:8080/prices/{sku}", timeout=3)
        `,
      fixed: `
        import os
        import requests

        STOCK_URL = os.environ.get("STOCK_URL", "https://stock:8080")

        def price(sku, host):
            return requests.get(f"https://{host}:8080/prices/{sku}", timeout=3)
        `,
      note: "Python: a default, an f-string",
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"net/http"
        	"os"
        )

        func quote() (*http.Response, error) {
        	return http.Get("«http://»" + os.Getenv("SHIPPING_ADDR") + "/quote")
        }

        func stock() (*http.Response, error) {
        	return http.Get("«http://10.1.2.3:8080»/stock")
        }
        `,
      fixed: `
        package main

        import (
        	"net/http"
        	"os"
        )

        func quote() (*http.Response, error) {
        	return http.Get("https://" + os.Getenv("SHIPPING_ADDR") + "/quote")
        }

        func stock() (*http.Response, error) {
        	return http.Get("https://10.1.2.3:8080/stock")
        }
        `,
      note: "Go",
    },
    {
      file: "src/main/java/shop/Orders.java",
      bad: `
        package shop;

        import org.springframework.cloud.openfeign.FeignClient;
        import org.springframework.web.client.RestTemplate;

        @FeignClient(name = "stock", url = "«http://stock:8080»")
        interface Stock {}

        class Orders {
          private final RestTemplate rest = new RestTemplate();

          String one(String id) {
            return rest.getForObject("«http://ORDER-SERVICE»/orders/" + id, String.class);
          }
        }
        `,
      fixed: `
        package shop;

        import org.springframework.cloud.openfeign.FeignClient;
        import org.springframework.web.client.RestTemplate;

        @FeignClient(name = "stock", url = "https://stock:8080")
        interface Stock {}

        class Orders {
          private final RestTemplate rest = new RestTemplate();

          String one(String id) {
            return rest.getForObject("https://ORDER-SERVICE/orders/" + id, String.class);
          }
        }
        `,
      note: "Java: a client that is declared, a name of the service registry",
    },
    {
      file: "src/main/java/shop/Settings.java",
      bad: `
        package shop;

        import org.springframework.beans.factory.annotation.Value;

        class Settings {
          @Value("\${catalog.url:«http://catalog:8080»}")
          private String catalog;
        }
        `,
      fixed: `
        package shop;

        import org.springframework.beans.factory.annotation.Value;

        class Settings {
          @Value("\${catalog.url:https://catalog:8080}")
          private String catalog;
        }
        `,
      note: "Java: the default of a setting",
    },
    {
      file: "Program.cs",
      bad: `
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddHttpClient("basket", c => c.BaseAddress = new Uri("«http://basket-api»"));
        builder.Services.AddHttpClient<Orders>(c => c.BaseAddress = new("«http://orders-api»"));
        `,
      fixed: `
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddHttpClient("basket", c => c.BaseAddress = new Uri("https://basket-api"));
        builder.Services.AddHttpClient<Orders>(c => c.BaseAddress = new("https://orders-api"));
        `,
      note: "C#",
    },
    {
      file: "src/auth.ts",
      bad: `
        export const settings = { jwksUri: "«http://keycloak:8080»/realms/shop/protocol/openid-connect/certs" };
        `,
      fixed: `
        export const settings = { jwksUri: "https://keycloak:8080/realms/shop/protocol/openid-connect/certs" };
        `,
      severity: "warning",
      note: "keys that tokens are checked with",
    },
    {
      file: "src/server.ts",
      good: `
        import axios from "axios";
        fetch(\`\${process.env.CATALOG_URL}/x\`);
        fetch("http://localhost:8080/orders");
        fetch(\`http://localhost:\${port}/orders\`);
        fetch("https://orders:8443/x");
        const url = new URL(req.url, "http://internal");
        const self = new URL(\`http://\${req.headers.host}\${req.url}\`);
        const target = tls ? \`https://\${host}\` : \`http://\${host}\`;
        console.log(\`listening on http://\${host}:\${port}\`);
        const address = "http://<your-host>/x";
        if (address.startsWith("http://orders")) throw new Error("http://orders");
        `,
      note: "JavaScript: addresses from the environment, this machine, choices, texts for people",
    },
    {
      file: "app/main.py",
      good: `
        import requests

        def own(request):
            return requests.get(f"http://{request.get_host()}/health")

        print(f"http://{host}:{port}")
        requests.get(f"http://localhost:{port}/x")
        requests.get("http://host.docker.internal:9000")
        base = "http://"
        `,
      note: "Python: the own address, this machine",
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"fmt"
        	"log"
        	"net/http"
        	"strings"
        )

        func main() {
        	http.Get(fmt.Sprintf("http://localhost:%d/health", port))
        	log.Printf("http://%s:%d", host, port)
        	if strings.HasPrefix(u, "http://orders") {
        		return
        	}
        }
        `,
      note: "Go: this machine, logs, comparisons",
    },
    {
      file: "src/main/java/shop/Config.java",
      good: `
        package shop;

        class Config {
          String own(HttpServletRequest request) {
            log.info("http://orders:8080 is up");
            return rest.getForObject("http://localhost:8080/x", String.class);
          }
        }
        `,
      note: "Java",
    },
    {
      file: "Program.cs",
      good: `
        builder.WebHost.UseUrls("http://0.0.0.0:80");
        var client = new HttpClient { BaseAddress = new Uri("https+http://basket-api") };
        var local = new Uri($"http://localhost:{port}");
        `,
      note: "C#: listeners, service discovery that prefers TLS",
    },
  ],
  check: {
    file(code, report, context) {
      for (const [connection, ...others] of byHost(plainConnections(code, context))) {
        if (connection === undefined) continue;
        const isKeys = /jwks?|issuer|authority|metadata|well_?known|introspect/i.test(connection.name ?? "");
        report(connection, `${whoIn(connection)} is spoken to over plain ${connection.protocol}: ${unless(isKeys)}`, {
          severity: weightOf(isKeys ? "warning" : "info", code, connection.guard),
          fix: () => {
            const edits = connection.encrypted();
            const more = others.flatMap((other) => other.encrypted() ?? []);
            const title = `Speak to ${connection.host ?? "it"} over TLS`;
            return edits && fixIn(context.file, title, "unsafe", [{ edits: [...edits, ...more] }]);
          },
        });
      }
    },
  },
});

/** Those inside of a network, each host's together. */
function byHost(all: readonly PlainConnection[]): Iterable<readonly PlainConnection[]> {
  const hosts = new Map<string, PlainConnection[]>();
  for (const connection of all) {
    if (connection.class !== "internal" && connection.class !== "dynamic") continue;
    const key = `${connection.protocol} ${connection.host ?? connection.from ?? ""}`;
    const group = hosts.get(key);
    if (group === undefined) hosts.set(key, [connection]);
    else group.push(connection);
  }
  return hosts.values();
}

function whoIn({ host, from }: PlainConnection): string {
  if (host !== undefined) return host;
  return from === undefined ? "A host that is told elsewhere" : `The host given by ${from}`;
}

const unless = (isKeys: boolean): string =>
  isKeys ? "whoever answers there can have own tokens accepted" : "fine only where a mesh encrypts between services";
