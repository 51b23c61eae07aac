import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brief, briefCall, callees, callTo, factsOf, origin, readCode, setTo, useOf } from "../../support/code";
import { root } from "../../support/engine";

const facts = (text: string) => factsOf("cmd/main.go", `package main\n${text}`);
const inside = (text: string, imports = "") => facts(`${imports}\nfunc main() {\n${text}\n}\n`);

describe("facts of Go", () => {
  it("follows imports, aliases, versions and packages that are called otherwise", async () => {
    const read = await facts(`
      import (
        "crypto/tls"
        pb "example.com/shop/genproto"
        _ "net/http/pprof"
        "github.com/golang-jwt/jwt/v5"
        "github.com/redis/go-redis/v9"
        "github.com/labstack/echo/v4/middleware"
        "gopkg.in/yaml.v3"
      )
      func f() {
        tls.Dial(); pb.NewShopClient(c); jwt.ParseUnverified(t); redis.NewClient(o)
        middleware.CORS(); yaml.Unmarshal(b); other.Do(); len(x)
      }`);
    assert.deepEqual(callees(read), [
      "crypto/tls:Dial",
      "example.com/shop/genproto:NewShopClient",
      "github.com/golang-jwt/jwt:ParseUnverified",
      "github.com/redis/go-redis:NewClient",
      "github.com/labstack/echo/middleware:CORS",
      "gopkg.in/yaml:Unmarshal",
      "?other.Do",
      "?len",
    ]);
    assert.deepEqual(
      read.imports.map((i) => `${i.local}=${i.module}`),
      [
        "tls=crypto/tls",
        "pb=example.com/shop/genproto",
        "=net/http/pprof",
        "jwt=github.com/golang-jwt/jwt/v5",
        "redis=github.com/redis/go-redis/v9",
        "middleware=github.com/labstack/echo/v4/middleware",
        "yaml=gopkg.in/yaml.v3",
      ],
    );
  });

  it("knows what methods are called on", async () => {
    const read = await facts(`
      import ("net/http"; "database/sql"; "github.com/gin-gonic/gin"; "google.golang.org/grpc")
      var shared = &http.Client{}
      type server struct { client *http.Client; inner store }
      type store struct { db *sql.DB }
      func newServer() *server { return nil }
      func (s *server) run(w http.ResponseWriter, r *http.Request) {
        s.client.Get(u); s.inner.db.Ping(); shared.Get(u)
        c := http.Client{}; c.Do(r)
        var t http.Client; t.Get(u)
        (&http.Client{}).Head(u); new(http.Client).Post(u)
        http.DefaultClient.Get(u)
        e := gin.Default(); e.Use(m); g := e.Group("/x"); g.GET("/y", h)
        conn, err := grpc.NewClient(a); conn.Close()
        w.Header().Set("a", "b"); r.URL.Query().Get("q")
        newServer().client.Get(u)
        http := thing(); http.Get(u)
      }`);
    assert.deepEqual(
      read.calls
        .filter(({ callee }) => callee.text.includes("."))
        .map(({ callee }) => `${callee.text} ${origin(callee)}`.trim()),
      [
        "s.client.Get net/http:Client.Get",
        "s.inner.db.Ping database/sql:DB.Ping",
        "shared.Get net/http:Client.Get",
        "c.Do net/http:Client.Do",
        "t.Get net/http:Client.Get",
        "new.Post net/http:Client.Post",
        "http.DefaultClient.Get net/http:DefaultClient.Get",
        "gin.Default github.com/gin-gonic/gin:Default",
        "e.Use github.com/gin-gonic/gin:Engine.Use",
        "e.Group github.com/gin-gonic/gin:Engine.Group",
        "g.GET github.com/gin-gonic/gin:RouterGroup.GET",
        "grpc.NewClient google.golang.org/grpc:NewClient",
        "conn.Close google.golang.org/grpc:ClientConn.Close",
        "w.Header net/http:ResponseWriter.Header",
        "w.Header.Set net/http:ResponseWriter.Header().Set",
        "r.URL.Query net/http:Request.URL.Query",
        "r.URL.Query.Get net/http:Request.URL.Query().Get",
        "newServer.client.Get net/http:Client.Get",
        "http.Get",
      ],
    );
    assert.equal(origin(read.calls.find((c) => c.callee.last === "Head")!.callee), "net/http:Client.Head");
  });

  it("reads struct literals, maps and lists", async () => {
    const read = await inside(
      `
      cfg := &tls.Config{InsecureSkipVerify: true, CipherSuites: []uint16{tls.TLS_RSA_WITH_RC4_128_SHA}}
      pool := []tls.Config{{ServerName: "x"}}
      env := map[string]string{"A": "b", key: "c"}
      claims := jwt.MapClaims{"sub": "x"}
      claims["exp"] = 1
      use(claims)
      n := 4 * 1024
      cfg.MinVersion = tls.VersionTLS10`,
      `import ("crypto/tls"; "github.com/golang-jwt/jwt/v5")`,
    );
    assert.equal(setTo(read, "cfg"), "{InsecureSkipVerify: true, CipherSuites: [tls.TLS_RSA_WITH_RC4_128_SHA]}");
    assert.equal(origin(read.options[0]!.type!), "crypto/tls:Config");
    assert.equal(setTo(read, "pool"), '[{ServerName: "x"}]');
    assert.equal(origin(read.options[1]!.type!), "crypto/tls:Config");
    assert.equal(setTo(read, "env"), '{A: "b", key: "c"}');
    assert.equal(briefCall(callTo(read, "use")), 'use({sub: "x", ...})');
    assert.equal(setTo(read, "claims.exp"), "1");
    assert.equal(setTo(read, "n"), "4096");
    const set = read.assignments.find((a) => a.target.last === "MinVersion")!;
    assert.equal(
      `${origin(set.target)} ${set.how} ${brief(set.value)}`,
      "crypto/tls:Config.MinVersion member tls.VersionTLS10",
    );
  });

  it("puts texts together", async () => {
    const read = await facts(`
      import ("fmt"; "net/http"; "net")
      const base = "http://catalog:" + port
      const port = "8080"
      var key = []byte("s3cr3t")
      func f(id string) {
        url := fmt.Sprintf("%s/items/%d", base, id)
        http.Get(url); http.Get("http://" + id); http.Get(fmt.Sprintf("https://%s:%d/%s", id, 80, "x"))
        sign(key); sign([]byte("raw\\n")); join(net.JoinHostPort("db", "5432"))
        later := "a"; later = "b"; use(later)
        use(\`raw "x"\`)
      }`);
    const calls = read.calls.map(briefCall);
    assert.ok(calls.includes('http.Get("http://catalog:8080/items/<id>")'));
    assert.ok(calls.includes('http.Get("http://<id>")'));
    assert.ok(calls.includes('http.Get("https://<id>:80/x")'));
    assert.ok(calls.includes('sign("s3cr3t")'));
    assert.ok(calls.includes('sign("raw\n")'));
    assert.ok(calls.includes('join("db:5432")'));
    assert.ok(calls.includes("use(later)"));
    assert.ok(calls.includes('use("raw "x"")'));
    assert.equal(useOf(read, "http://<"), "argument 0 of http.Get");
    assert.equal(useOf(read, "s3cr3t"), "value of key");
    const literal = read.literals.find((l) => l.text.whole === undefined && l.text.head !== undefined)!;
    assert.ok(literal.text.isLiteral);
  });

  it("takes helpers, flags and the environment for looks at the configuration", async () => {
    const read = await facts(`
      import ("os"; "flag"; "cmp"; "github.com/spf13/viper")
      func getenv(key, fallback string) string {
        if v, ok := os.LookupEnv(key); ok { return v }
        return fallback
      }
      func must(key string) string { return os.Getenv(key) }
      func f() {
        a := getenv("ADDR", "http://a"); b := os.Getenv("B"); c := must("C")
        d := flag.String("addr", ":80", "where"); e := cmp.Or(os.Getenv("E"), "x"); g := viper.GetString("g")
        h, ok := os.LookupEnv("H")
        use(a, "http://" + b, h)
      }`);
    for (const [name, value] of [
      ["a", 'env(ADDR|"http://a")'],
      ["b", "env(B)"],
      ["c", "env(C)"],
      ["d", 'env(addr|":80")'],
      ["e", 'env(E|"x")'],
      ["g", "env(g)"],
      ["h", "env(H)"],
    ] as const)
      assert.equal(setTo(read, name), value);
    assert.equal(briefCall(callTo(read, "use")), 'use(env(ADDR|"http://a"), "http://<env(B)>", env(H))');
    assert.equal(useOf(read, "http://a"), "fallback of ADDR for a");
  });

  it("sees what runs in development only, or behind a flag", async () => {
    const read = await inside(
      `
      if os.Getenv("ENV") == "dev" { one() } else { two() }
      if env := os.Getenv("ENV"); env != "production" { three() }
      if cfg.EnableReflection { four() }
      switch os.Getenv("APP_ENV") { case "development": five(); case "production": six(); default: seven() }
      if err != nil { eight() }
      if !debug { nine() } else { ten() }`,
      `import "os"`,
    );
    const guards = read.calls
      .filter((c) => !c.callee.text.includes("."))
      .map((c) => `${c.callee.text} ${c.scope.guard}`);
    assert.deepEqual(guards, [
      "one development",
      "two undefined",
      "three development",
      "four flag",
      "five development",
      "six undefined",
      "seven undefined",
      "eight undefined",
      "nine undefined",
      "ten development",
    ]);
  });

  it("tells functions, what they give and what literals are for", async () => {
    const read = await facts(`
      import ("net/http"; "log"; "strings")
      var up = websocket.Upgrader{CheckOrigin: func(r *http.Request) bool { return true }}
      func (s *server) h(w http.ResponseWriter, opts ...Option) error {
        dial("x", opts...)
        log.Printf("sending to http://x %s", w)
        if s.mode == "tls" || strings.HasPrefix(s.url, "http://") { return nil }
        return errors.New("http://no")
      }`);
    const [lambda, method] = read.functions;
    assert.equal(brief(lambda!.returns[0]), "true");
    assert.equal(lambda!.statements, 1);
    assert.deepEqual([method!.name, ...method!.parameters, method!.statements], ["h", "w", "opts", 4]);
    assert.equal(briefCall(callTo(read, "dial")), 'dial("x", opts, ...)');
    assert.equal(useOf(read, "sending"), "message");
    assert.equal(useOf(read, "tls"), "comparison");
    assert.equal(useOf(read, "http://"), "argument 1 of strings.HasPrefix");
    assert.equal(callTo(read, "errors.New").scope.function?.name, "h");
  });

  it("says where an import goes", async () => {
    const one = await facts('import (\n\t"os"\n)\n');
    assert.equal(one.importOf("os"), undefined);
    assert.equal(one.importOf("time")?.text, '\n\t"time"');
    assert.equal((await facts("func f() {}")).importOf("time")?.text, '\n\nimport "time"');
  });

  it("reads files that are being typed", async () => {
    for (const file of [
      "examples/shop/catalog/cmd/catalog/main.go",
      "examples/shop-hardened/catalog/cmd/catalog/main.go",
    ]) {
      const text = readFileSync(join(root, file), "utf8").split("\n").slice(0, 60).join("\n");
      let previous = await readCode(file, "");
      for (let end = 1; end <= text.length; end += 3) {
        previous = await readCode(file, text.slice(0, end), previous);
        for (const call of previous.facts.calls) assert.ok(call.start <= call.callee.start && call.end <= end);
      }
      assert.ok(previous.facts.calls.length > 0);
    }
  }).timeout(60_000);
});
