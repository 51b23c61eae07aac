import { type CodeFile, type Context, fixIn, type Report, rule } from "../../engine/index";
import { weightOf } from "../shared/code/weight";
import { waitingAssignment, waitingCall, waitingOptions, type Waiting } from "../shared/code/timeouts";

function reportWaiting(found: Waiting | undefined, code: CodeFile, report: Report, context: Context): void {
  if (found === undefined) return;
  const { at, what, severity = "warning", preset, edits } = found;
  report(at, `${what} for an answer`, {
    severity: weightOf(severity, code),
    ...(preset && { preset }),
    fix: () => {
      const made = edits?.();
      return fixIn(context.file, "Give up after some seconds", "unsafe", [made && { edits: made }]);
    },
  });
}

export default rule({
  id: "code/outgoing-call-without-timeout",
  kind: "code",
  severity: "warning",
  principle: "availability",
  summary: "A call to another service that may wait for its answer forever",
  why: `Many clients have no limit of their own: where the other side accepts the connection and says nothing, the call never
returns. One slow or hostile service then holds all threads and connections of its callers, and theirs after them, until the
whole system stands still. Give every call a limit that is a little longer than the slowest good answer.`,
  refs: ["CWE-400", "CWE-1088"],
  covers: ["bandit:B113", "semgrep:use-timeout"],
  fix: "unsafe",
  examples: [
    {
      file: "app/main.py",
      bad: `
        import requests
        from requests import Session
        from urllib.request import urlopen

        def load(order):
            first = «requests.get»("https://stock.acme.io/v1", params={"order": order})
            second = requests.post("https://stock.acme.io/v1", json=order, «timeout=None»)
            third = «urlopen»("https://stock.acme.io/v1/list")
            with Session() as session:
                session.headers["accept"] = "text/plain"
                fourth = «session.put»(
                    "https://stock.acme.io/v1",
                    data=order,
                )
            return first, second, third, fourth
        `,
      fixed: `
        import requests
        from requests import Session
        from urllib.request import urlopen

        def load(order):
            first = requests.get("https://stock.acme.io/v1", params={"order": order}, timeout=10)
            second = requests.post("https://stock.acme.io/v1", json=order, timeout=10)
            third = urlopen("https://stock.acme.io/v1/list", timeout=10)
            with Session() as session:
                session.headers["accept"] = "text/plain"
                fourth = session.put(
                    "https://stock.acme.io/v1",
                    data=order, timeout=10,
                )
            return first, second, third, fourth
        `,
    },
    {
      file: "app/main.py",
      bad: `
        import aiohttp
        import httpx

        client = httpx.AsyncClient(«timeout=None»)

        async def load(url):
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(«total=None»)) as session:
                return await session.get(url)
        `,
      fixed: `
        import aiohttp
        import httpx

        client = httpx.AsyncClient(timeout=10)

        async def load(url):
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
                return await session.get(url)
        `,
    },
    {
      file: "app/main.py",
      good: `
        import httpx
        import requests
        from urllib.request import urlopen
        from mine import requests as own

        def load(url, **opts):
            requests.get(url, timeout=5)
            requests.get("http://api.partner.io/v1", auth=("svc", "x"), timeout=5)
            requests.get(url, **opts)
            requests.get(url, timeout=opts["limit"])
            httpx.get(url)
            own.get(url)
            urlopen("file:///etc/shop.json")
            return {"a": 1}.get(url)
        `,
      note: "a limit, options that nobody knows, a client with a limit of its own, other things of that name",
    },
    {
      file: "app/main.py",
      good: `
        import requests
        from acme.http import TimeoutAdapter

        session = requests.Session()
        session.mount("https://", TimeoutAdapter(timeout=5))
        session.get("https://stock.acme.io")
        `,
      note: "an adapter that sets the limit",
    },
    {
      file: "src/server.ts",
      bad: `
        import axios from "axios";

        export async function load(id: string) {
          const a = await «axios.get»(\`https://stock.acme.io/v1/\${id}\`);
          const b = await «axios.post»("https://stock.acme.io/v1", { id });
          const c = await «axios.post»("https://stock.acme.io/v1");
          const d = await «axios.put»("https://stock.acme.io/v1", { id }, {
            headers: { accept: "text/plain" },
          });
          return [a, b, c, d, await «axios»({ url: "https://stock.acme.io/v1" })];
        }
        `,
      fixed: `
        import axios from "axios";

        export async function load(id: string) {
          const a = await axios.get(\`https://stock.acme.io/v1/\${id}\`, { timeout: 10_000 });
          const b = await axios.post("https://stock.acme.io/v1", { id }, { timeout: 10_000 });
          const c = await axios.post("https://stock.acme.io/v1", undefined, { timeout: 10_000 });
          const d = await axios.put("https://stock.acme.io/v1", { id }, {
            timeout: 10_000,
            headers: { accept: "text/plain" },
          });
          return [a, b, c, d, await axios({ timeout: 10_000, url: "https://stock.acme.io/v1" })];
        }
        `,
    },
    {
      file: "src/client.js",
      bad: `
        const axios = require("axios");

        const stock = «axios.create»({ baseURL: "https://stock.acme.io" });
        const slow = axios.create({ baseURL: "https://slow.acme.io", «timeout: 0» });

        module.exports = { stock, load: () => slow.get("/") };
        `,
      fixed: `
        const axios = require("axios");

        const stock = axios.create({ timeout: 10_000, baseURL: "https://stock.acme.io" });
        const slow = axios.create({ baseURL: "https://slow.acme.io", timeout: 10_000 });

        module.exports = { stock, load: () => slow.get("/") };
        `,
    },
    {
      file: "src/server.ts",
      severity: "hint",
      bad: `
        import got from "got";

        export const load = async (id: string) => {
          const answer = await «fetch»("https://stock.acme.io/v1", { method: "POST", body: id });
          return [await answer.json(), await «got»("https://stock.acme.io/v1")];
        };
        `,
      note: "limits of minutes, or none",
      fixed: `
        import got from "got";

        export const load = async (id: string) => {
          const answer = await fetch("https://stock.acme.io/v1", { signal: AbortSignal.timeout(10_000), method: "POST", body: id });
          return [await answer.json(), await got("https://stock.acme.io/v1", { timeout: { request: 10_000 } })];
        };
        `,
    },
    {
      file: "src/server.ts",
      good: `
        import axios from "axios";
        import { fetch } from "./own";

        const stock = axios.create({ baseURL: "https://stock.acme.io", timeout: 5_000 });

        export async function load(url: string, options: object, signal: AbortSignal) {
          await stock.get("/v1");
          await axios.get(url, { signal });
          await axios.get(url, { ...options });
          await axios.post(url, {}, options);
          await fetch(url);
          return new Map().get(url);
        }
        `,
    },
    {
      file: "src/components/Stock.tsx",
      good: `
        import axios from "axios";

        export const Stock = () => <button onClick={() => axios.get("/api/stock")}>Load</button>;
        `,
      note: "a browser",
    },
    {
      file: "main.go",
      bad: `
        package main

        import "net/http"

        func load(url string) (*http.Response, error) {
        	client := &«http.Client»{}
        	if _, err := client.Get(url); err != nil {
        		return nil, err
        	}
        	return «http.Get»(url)
        }
        `,
      fixed: `
        package main

        import "net/http"
        import "time"

        func load(url string) (*http.Response, error) {
        	client := &http.Client{Timeout: 10 * time.Second}
        	if _, err := client.Get(url); err != nil {
        		return nil, err
        	}
        	return (&http.Client{Timeout: 10 * time.Second}).Get(url)
        }
        `,
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"net/http"
        )

        func load(t http.RoundTripper) error {
        	other := «http.Client»{
        		Transport: t,
        	}
        	_, err := other.Get("https://stock.acme.io")
        	return err
        }
        `,
      fixed: `
        package main

        import (
        	"net/http"
        	"time"
        )

        func load(t http.RoundTripper) error {
        	other := http.Client{
        		Timeout: 10 * time.Second,
        		Transport: t,
        	}
        	_, err := other.Get("https://stock.acme.io")
        	return err
        }
        `,
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"context"
        	"net/http"

        	pb "github.com/acme/shop/genproto"
        	"google.golang.org/grpc"
        )

        func load(conn *grpc.ClientConn, request *http.Request) error {
        	_, err := pb.NewStockClient(conn).List(«context.Background()», &pb.Empty{})
        	stock := pb.NewStockClient(conn)
        	_, err = stock.List(«context.TODO()», &pb.Empty{})
        	_, err = «http.DefaultClient.Do»(request)
        	return err
        }
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"context"
        	"net/http"
        	"time"
        )

        func load(ctx context.Context, t http.RoundTripper, url string) (*http.Response, error) {
        	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
        	defer cancel()
        	client := http.Client{Transport: t}
        	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
        	if err != nil {
        		return nil, err
        	}
        	return client.Do(request)
        }
        `,
      note: "the request carries a deadline",
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"net/http"
        	"time"

        	cache "github.com/acme/http"
        )

        var client = &http.Client{Timeout: 5 * time.Second}

        func load(url string) (*http.Response, error) {
        	cache.Get(url)
        	cache.New(&http.Client{})
        	other := http.Client{}
        	other.Timeout = time.Second
        	return client.Get(url)
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      bad: `
        package shop;

        import java.net.HttpURLConnection;
        import java.net.URL;
        import org.springframework.boot.web.client.RestTemplateBuilder;
        import org.springframework.context.annotation.Bean;
        import org.springframework.web.client.RestTemplate;

        class Config {
          @Bean
          RestTemplate template() {
            return «new RestTemplate()»;
          }

          @Bean
          RestTemplate other() {
            return «new RestTemplateBuilder()».rootUri("https://stock.acme.io").build();
          }

          String load(String url) throws Exception {
            HttpURLConnection connection = (HttpURLConnection) new URL(url).«openConnection»();
            return connection.getContentType();
          }
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      bad: `
        package shop;

        import java.net.URI;
        import java.net.http.HttpClient;
        import java.net.http.HttpRequest;
        import java.net.http.HttpResponse;

        class Config {
          String load(HttpClient client, String url) throws Exception {
            HttpRequest request = «HttpRequest.newBuilder»(URI.create(url))
                .GET()
                .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
          }
        }
        `,
      fixed: `
        package shop;

        import java.net.URI;
        import java.net.http.HttpClient;
        import java.net.http.HttpRequest;
        import java.net.http.HttpResponse;
        import java.time.Duration;

        class Config {
          String load(HttpClient client, String url) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .GET()
                .timeout(Duration.ofSeconds(10))
                .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
          }
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      bad: `
        package shop;

        import java.util.concurrent.TimeUnit;
        import okhttp3.OkHttpClient;

        class Config {
          private final OkHttpClient client = new OkHttpClient.Builder().readTimeout(«0», TimeUnit.MILLISECONDS).build();
        }
        `,
      fixed: `
        package shop;

        import java.util.concurrent.TimeUnit;
        import okhttp3.OkHttpClient;

        class Config {
          private final OkHttpClient client = new OkHttpClient.Builder().readTimeout(10, TimeUnit.SECONDS).build();
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      good: `
        package shop;

        import java.net.URI;
        import java.net.http.HttpRequest;
        import java.time.Duration;
        import okhttp3.OkHttpClient;
        import org.springframework.boot.web.client.RestTemplateBuilder;
        import org.springframework.web.client.RestTemplate;

        class Config {
          private final OkHttpClient client = new OkHttpClient.Builder().readTimeout(Duration.ofSeconds(5)).build();

          RestTemplate template(RestTemplateBuilder builder) {
            return builder.build();
          }

          RestTemplate other() {
            return new RestTemplateBuilder().setConnectTimeout(Duration.ofSeconds(1)).build();
          }

          HttpRequest request(String url) {
            return HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5)).GET().build();
          }
        }
        `,
    },
    {
      file: "Program.cs",
      bad: `
        using System.Net.Http;

        var client = new HttpClient { Timeout = «Timeout.InfiniteTimeSpan» };
        var other = new HttpClient();
        other.Timeout = «System.Threading.Timeout.InfiniteTimeSpan»;
        `,
      fixed: `
        using System.Net.Http;

        var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var other = new HttpClient();
        other.Timeout = TimeSpan.FromSeconds(30);
        `,
    },
    {
      file: "Program.cs",
      good: `
        using System.Net.Http;

        var client = new HttpClient();
        var other = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await client.GetStringAsync("https://stock.acme.io");
        `,
      note: "a hundred seconds unless told otherwise",
    },
  ],
  check: {
    call: (call, code, report, context) => reportWaiting(waitingCall(call, code), code, report, context),
    options: (options, code, report, context) => reportWaiting(waitingOptions(options, code), code, report, context),
    assignment: (assignment, code, report, context) =>
      reportWaiting(waitingAssignment(assignment, code), code, report, context),
  },
});
