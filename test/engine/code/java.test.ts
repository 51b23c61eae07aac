import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brief, briefCall, callees, callTo, factsOf, origin, readCode, setTo, useOf } from "../../support/code";
import { root } from "../../support/engine";

const facts = (text: string) => factsOf("src/main/java/a/A.java", text);
const inside = (text: string, imports = "") =>
  facts(`package a;\n${imports}\nclass A {\n void f(String id) {\n${text}\n}\n}\n`);

describe("facts of Java", () => {
  it("follows imports, wildcards, static ones and full names", async () => {
    const read = await inside(
      `
      new RestTemplate(); new Random(); List.of(); of(); new Helper(); new Unknown();
      org.apache.http.impl.client.HttpClients.createDefault(); new java.net.URL(id); System.getenv(id);
      new OkHttpClient.Builder();`,
      `import org.springframework.web.client.RestTemplate; import java.util.*; import static java.util.Set.of;
       import okhttp3.OkHttpClient; class Helper {}`,
    );
    assert.deepEqual(callees(read), [
      "org.springframework.web.client:RestTemplate",
      "java.util:Random",
      "java.util:List.of",
      "java.util:Set.of",
      "?Helper",
      "?Unknown",
      "org.apache.http.impl.client:HttpClients.createDefault",
      "java.net:URL",
      "java.lang:System.getenv",
      "okhttp3:OkHttpClient.Builder",
    ]);
    assert.deepEqual(
      read.imports.map((i) => `${i.local}=${i.module}:${i.member}`),
      [
        "RestTemplate=org.springframework.web.client:RestTemplate",
        "*=java.util:*",
        "of=java.util:Set.of",
        "OkHttpClient=okhttp3:OkHttpClient",
      ],
    );
  });

  it("knows what methods are called on, and chains", async () => {
    const read = await facts(`
      package a;
      import org.springframework.web.client.RestTemplate;
      import org.springframework.core.env.Environment;
      import io.jsonwebtoken.Jwts;
      import okhttp3.OkHttpClient;
      class A {
        private final RestTemplate rest = new RestTemplate();
        A(Environment env) { env.getProperty("a"); }
        void f() {
          RestTemplate t; t.getForObject(u); rest.exchange(u); this.rest.delete(u);
          var c = new OkHttpClient.Builder().readTimeout(0, s).build(); c.newCall(r);
          Jwts.builder().subject("x").signWith(k).compact();
          other.go().on();
        }
      }`);
    assert.deepEqual(callees(read), [
      "org.springframework.web.client:RestTemplate",
      "org.springframework.core.env:Environment.getProperty",
      "org.springframework.web.client:RestTemplate.getForObject",
      "org.springframework.web.client:RestTemplate.exchange",
      "org.springframework.web.client:RestTemplate.delete",
      "okhttp3:OkHttpClient.Builder",
      "okhttp3:OkHttpClient.Builder.readTimeout",
      "okhttp3:OkHttpClient.Builder.build",
      "okhttp3:OkHttpClient.newCall",
      "io.jsonwebtoken:Jwts.builder",
      "io.jsonwebtoken:Jwts.builder().subject",
      "io.jsonwebtoken:Jwts.builder().signWith",
      "io.jsonwebtoken:Jwts.builder().compact",
      "?other.go",
      "?other.go.on",
    ]);
    const end = callTo(read, "Jwts.builder.subject.signWith.compact");
    assert.deepEqual(
      end.chain.map((c) => c.callee.last),
      ["builder", "subject", "signWith", "compact"],
    );
  });

  it("puts texts together", async () => {
    const read = await facts(`
      class A {
        static final String HOST = "http://inventory", URL = HOST + ":" + PORT;
        static final int PORT = 8080;
        void f(String id) {
          get(URL + "/items/" + id); get(String.format("http://%s/x/%d", id, 3)); get("a-%s".formatted(id));
          key("secret".getBytes()); get(Other.X); get("tab\\t");
          String block = """
              {"a": 1}
                x
              """;
        }
      }
      class B { void g() { get(A.HOST); } }`);
    const calls = read.calls.map(briefCall);
    assert.ok(calls.includes('get("http://inventory:8080/items/<id>")'));
    assert.ok(calls.includes('get("http://<id>/x/3")'));
    assert.ok(calls.includes('get("a-<id>")'));
    assert.ok(calls.includes('key("secret")'));
    assert.ok(calls.includes('get("http://inventory")'));
    assert.ok(calls.includes('get("tab\t")'));
    assert.equal(setTo(read, "block"), '"{"a": 1}\n  x\n"');
    assert.equal(useOf(read, "secret"), "argument 0 of key");
    assert.equal(read.assignments[0]!.how, "constant");
  });

  it("takes injected values and the environment for looks at the configuration", async () => {
    const read = await facts(`
      import java.util.*;
      import org.springframework.beans.factory.annotation.Value;
      class A {
        @Value("\${catalog.url:http://catalog:8080}") private String url;
        A(@Value("\${k}") String k, Environment env) {
          String a = System.getenv("A"); String b = System.getProperty("B", "b");
          String c = env.getProperty("c", "cc"); String d = Optional.ofNullable(System.getenv("D")).orElse("dd");
          String e = System.getenv("E") != null ? System.getenv("E") : "ee";
          String f = System.getenv().getOrDefault("F", "ff");
          get(url, k, "http://" + a);
        }
      }`);
    for (const [name, value] of [
      ["url", 'env(catalog.url|"http://catalog:8080")'],
      ["k", "env(k)"],
      ["a", "env(A)"],
      ["b", 'env(B|"b")'],
      ["c", 'env(c|"cc")'],
      ["d", 'env(D|"dd")'],
      ["e", 'env(E|"ee")'],
      ["f", 'env(F|"ff")'],
    ] as const)
      assert.equal(setTo(read, name), value);
    assert.equal(
      briefCall(callTo(read, "get")),
      'get(env(catalog.url|"http://catalog:8080"), env(k), "http://<env(A)>")',
    );
    assert.equal(useOf(read, "http://catalog"), "fallback of catalog.url for url");
    const inner = read.literals.find((l) => l.text.whole === "http://catalog:8080")!.text.inner!;
    assert.equal(inner.end - inner.start, "http://catalog:8080".length);
    assert.equal(useOf(read, "dd"), "fallback of D for d");
  });

  it("reads annotations and what they stand at", async () => {
    const read = await facts(`
      import org.springframework.web.bind.annotation.*;
      @SpringBootApplication(exclude = {SecurityAutoConfiguration.class}) @CrossOrigin(origins = "*", allowedHeaders = {"a", "b"})
      class A { @PostMapping("/x") public void f(@RequestParam String u) {} @Autowired Thing thing; }`);
    assert.deepEqual(
      read.decorators.map((d) => {
        const given = d.arguments.map((a) => `${a.name ?? ""}=${brief(a.value)}`).join(" ");
        return `${d.name.last}(${given}) ${d.on?.name ?? d.subject ?? "-"}`;
      }),
      [
        "SpringBootApplication(exclude=[SecurityAutoConfiguration]) A",
        'CrossOrigin(origins="*" allowedHeaders=["a", "b"]) A',
        'PostMapping(="/x") f',
        "RequestParam() u",
        "Autowired() thing",
      ],
    );
    assert.equal(origin(read.decorators[1]!.name), "org.springframework.web.bind.annotation:CrossOrigin");
    assert.equal(useOf(read, "*"), "decorator");
  });

  it("reads classes, anonymous ones and lambdas", async () => {
    const read = await facts(`
      import javax.net.ssl.*;
      class TrustAll extends Base implements X509TrustManager {
        public void checkServerTrusted(X509Certificate[] chain, String type) { }
        public void checkClientTrusted(X509Certificate[] chain, String type) { throw new CertificateException("no"); }
        void f() {
          c.setHostnameVerifier((h, s) -> true);
          c.setHostnameVerifier(new HostnameVerifier() { public boolean verify(String h, SSLSession s) { return true; } });
          List<String> all = List.of("*"); cors(Arrays.asList("a"));
        }
      }`);
    const [outer, inner] = read.classes;
    assert.deepEqual(outer!.bases.map(origin), ["", "javax.net.ssl:X509TrustManager"]);
    assert.deepEqual(
      outer!.functions.map((f) => [f.name, f.statements, f.throws, f.calls.length]),
      [
        ["checkServerTrusted", 0, false, 0],
        ["checkClientTrusted", 1, true, 1],
        ["f", 4, false, 6],
      ],
    );
    assert.deepEqual([inner!.name, ...inner!.bases.map(origin)], [undefined, "javax.net.ssl:HostnameVerifier"]);
    assert.equal(brief(inner!.functions[0]!.returns[0]), "true");
    assert.equal(briefCall(callTo(read, "c.setHostnameVerifier")), "c.setHostnameVerifier(fn(h, s) => true)");
  });

  it("sees what runs in development only", async () => {
    const read = await facts(`
      @Configuration @Profile({"dev", "test"}) class Dev { void a() { one(); } }
      @Profile("!prod") class NotProd { void a() { two(); } }
      @Profile("prod") class Prod { void a() { three(); } }
      class A { void f() {
        if ("dev".equals(System.getenv("ENV"))) { four(); } else { five(); }
        if (!env.acceptsProfiles("prod")) six();
        if (debugEnabled && x) { seven(); }
        log.info("http://x"); throw new IllegalStateException("http://y");
      } }`);
    const guards = read.calls.filter((c) => /^(?:one|two|three|four|five|six|seven)$/.test(c.callee.text));
    assert.deepEqual(
      guards.map((c) => `${c.callee.text} ${c.scope.guard}`),
      [
        "one development",
        "two development",
        "three undefined",
        "four development",
        "five undefined",
        "six development",
        "seven development",
      ],
    );
    assert.equal(useOf(read, "http://x"), "message");
    assert.equal(useOf(read, "http://y"), "message");
    assert.equal(useOf(read, "dev"), "decorator");
  });

  it("says where an import goes", async () => {
    const read = await facts("package a;\nimport java.util.List;\nclass A {}\n");
    assert.equal(read.importOf("java.util", "List"), undefined);
    assert.equal(read.importOf("java.time", "Duration")?.text, "\nimport java.time.Duration;");
  });

  it("reads files that are being typed", async () => {
    for (const file of [
      "examples/shop/payment/src/main/java/shop/payment/Bank.java",
      "examples/shop-hardened/payment/src/main/java/shop/payment/Charges.java",
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
