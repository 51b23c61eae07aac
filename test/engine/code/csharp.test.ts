import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brief, briefCall, callees, callTo, factsOf, origin, readCode, setTo, useOf } from "../../support/code";
import { root } from "../../support/engine";

const facts = (text: string) => factsOf("src/Program.cs", text);

describe("facts of C#", () => {
  it("follows usings, aliases, full names and what is used without saying so", async () => {
    const read = await facts(`
      using Grpc.Net.Client;
      using Kafka = Confluent.Kafka;
      new HttpClient(); GrpcChannel.ForAddress(u); new Kafka.ProducerConfig(); new System.Net.Http.HttpClient();
      Environment.Exit(1); string.Format(f); new MongoClient(u); new Mine(); Results.Ok();
      class Mine {}`);
    assert.deepEqual(callees(read), [
      "System.Net.Http:HttpClient",
      "Grpc.Net.Client:GrpcChannel.ForAddress",
      "Confluent.Kafka:ProducerConfig",
      "System.Net.Http:HttpClient",
      "System:Environment.Exit",
      "System:String.Format",
      "?MongoClient",
      "?Mine",
      "Microsoft.AspNetCore.Http:Results.Ok",
    ]);
    assert.deepEqual(
      read.imports.map((i) => `${i.local}=${i.module}:${i.member}`),
      ["*=Grpc.Net.Client:*", "Kafka=Confluent:Kafka"],
    );
  });

  it("knows what methods are called on, and chains of extensions", async () => {
    const read = await facts(`
      var builder = WebApplication.CreateBuilder(args);
      builder.Services.AddCors(o => o.AddPolicy("all", p => p.AllowAnyOrigin().AllowAnyHeader()));
      builder.Services.AddAuthentication(s).AddJwtBearer(o => { o.RequireHttpsMetadata = false; });
      var app = builder.Build();
      app.MapPost("/login", () => Results.Ok()).AllowAnonymous();
      class A(IHttpClientFactory factory) {
        private readonly HttpClient _http;
        async Task F(HttpClient own) { await _http.GetAsync(u); own?.Dispose(); factory.CreateClient("x").GetAsync(u); this._http.Send(m); }
      }`);
    const origins = read.calls.map(({ callee }) => `${callee.last} ${origin(callee)}`.trim());
    for (const expected of [
      "AddCors Microsoft.Extensions.DependencyInjection:IServiceCollection.AddCors",
      "AllowAnyOrigin",
      "AddJwtBearer Microsoft.Extensions.DependencyInjection:IServiceCollection.AddAuthentication().AddJwtBearer",
      "MapPost Microsoft.AspNetCore.Builder:WebApplication.MapPost",
      "AllowAnonymous Microsoft.AspNetCore.Builder:WebApplication.MapPost().AllowAnonymous",
      "GetAsync System.Net.Http:HttpClient.GetAsync",
      "Dispose System.Net.Http:HttpClient.Dispose",
      "Send System.Net.Http:HttpClient.Send",
    ])
      assert.ok(origins.includes(expected), expected);
    assert.equal(origins.filter((o) => o.startsWith("GetAsync System.Net.Http:HttpClient")).length, 2);
    assert.equal(setTo(read, "o.RequireHttpsMetadata"), "false");
    assert.deepEqual(
      callTo(read, "app.MapPost.AllowAnonymous").chain.map((c) => c.callee.last),
      ["MapPost", "AllowAnonymous"],
    );
  });

  it("reads initialisers, anonymous objects, lists and typed new()", async () => {
    const read = await facts(`
      var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (m, c, ch, e) => true };
      handler.ServerCertificateCustomValidationCallback += delegate { return true; };
      var d = new Dictionary<string, string> { ["a"] = "b", { "c", "d" } };
      List<string> hosts = new List<string> { "a:1" }; string[] more = ["x", ..hosts]; var arr = new[] { "y" };
      View(new { token = key, n });
      class A { private readonly HttpClient _http = new() { BaseAddress = new Uri("http://x"), Options = { A = 1 } }; }`);
    const made = callTo(read, "HttpClientHandler");
    assert.equal(brief(made.initialiser), "{ServerCertificateCustomValidationCallback: fn(m, c, ch, e) => true}");
    assert.equal(origin(made.initialiser!.type!), "System.Net.Http:HttpClientHandler");
    assert.equal(setTo(read, "handler.ServerCertificateCustomValidationCallback"), "fn() => true");
    assert.equal(brief(callTo(read, "Dictionary").initialiser), '{a: "b", c: "d"}');
    assert.equal(setTo(read, "hosts"), '["a:1"]');
    assert.equal(setTo(read, "more"), '["x", ...]');
    assert.equal(setTo(read, "arr"), '["y"]');
    assert.equal(briefCall(callTo(read, "View")), "View({token: key, n: n})");
    const typed = callTo(read, "HttpClient");
    assert.equal(
      `${origin(typed.callee)} ${brief(typed.initialiser)}`,
      'System.Net.Http:HttpClient {BaseAddress: new Uri("http://x"), Options: {A: 1}}',
    );
    assert.equal(useOf(read, "a:1"), "value of hosts");
  });

  it("puts texts together", async () => {
    const read = await facts(`
      class A {
        private const string Host = "http://inventory";
        void F(string id) {
          Get($"{Host}/items/{id:N}"); Get($"http://{id}/x"); Get(string.Format("http://{0}/{1}", id, 3)); Get("a" + id);
          var path = @"C:\\a" + "\\t" + """raw "x" """;
          Key(Encoding.UTF8.GetBytes("secret")); Get(A.Host, timeout: 3); Get($"{{x}}");
        }
      }`);
    const calls = read.calls.map(briefCall);
    assert.ok(calls.includes('Get("http://inventory/items/<id>")'));
    assert.ok(calls.includes('Get("http://<id>/x")'));
    assert.ok(calls.includes('Get("http://<id>/3")'));
    assert.ok(calls.includes('Key("secret")'));
    assert.ok(calls.includes('Get("http://inventory", timeout=3)'));
    assert.ok(calls.includes('Get("{x}")'));
    assert.equal(setTo(read, "path"), '"C:\\a\traw "x" "');
    assert.equal(useOf(read, "secret"), "argument 0 of Key");
    const template = read.literals.find((l) => brief(l.text) === '"http://<id>/x"')!;
    assert.ok(template.text.head !== undefined && template.text.inner !== undefined);
  });

  it("takes configuration and the environment for what they are", async () => {
    const read = await facts(`
      var builder = WebApplication.CreateBuilder(args);
      var a = Environment.GetEnvironmentVariable("A") ?? "http://a"; var b = builder.Configuration["B:C"] ?? throw new X("no");
      var c = builder.Configuration.GetValue<string>("C", "cc"); var d = builder.Configuration.GetConnectionString("D");
      var e = configuration.GetSection("Jwt")["Key"]; var f = _config["F"]!; var g = f?.Trim() ?? "gg";
      Get(a, "http://" + d);`);
    for (const [name, value] of [
      ["a", 'env(A|"http://a")'],
      ["b", "env(B:C)"],
      ["c", 'env(C|"cc")'],
      ["d", "env(ConnectionStrings:D)"],
      ["e", "env(Jwt:Key)"],
      ["f", "env(F)"],
      ["g", 'env(F|"gg")'],
    ] as const)
      assert.equal(setTo(read, name), value);
    assert.equal(briefCall(callTo(read, "Get")), 'Get(env(A|"http://a"), "http://<env(ConnectionStrings:D)>")');
    assert.equal(useOf(read, "http://a"), "fallback of A for a");
  });

  it("reads attributes, functions and flags", async () => {
    const read = await facts(`
      namespace Shop;
      [ApiController, Route("api", Name = "x")]
      public class Orders : ControllerBase, IThing {
        [HttpPost("orders")] [AllowAnonymous]
        public async Task<IActionResult> Create([FromQuery] string url, string region = "eu") {
          ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls | SecurityProtocolType.Tls11;
          _logger.LogInformation("token {T}", url);
          if (mode == "x") throw new InvalidOperationException("no");
          return Ok();
        }
        public int One() => 1;
      }`);
    assert.deepEqual(
      read.decorators.map((d) => `${origin(d.name)} ${d.on?.name ?? d.subject}`),
      [
        "Microsoft.AspNetCore.Mvc:ApiController Orders",
        "Microsoft.AspNetCore.Mvc:Route Orders",
        "Microsoft.AspNetCore.Mvc:HttpPost Create",
        "Microsoft.AspNetCore.Authorization:AllowAnonymous Create",
        "Microsoft.AspNetCore.Mvc:FromQuery url",
      ],
    );
    assert.deepEqual(
      read.decorators[1]!.arguments.map((a) => a.name),
      [undefined, "Name"],
    );
    assert.deepEqual(
      read.classes[0]!.bases.map((b) => b.text),
      ["ControllerBase", "IThing"],
    );
    const [create, one] = read.functions;
    assert.deepEqual([create!.owner?.name, create!.throws, create!.statements], ["Orders", true, 4]);
    assert.equal(brief(one!.returns[0]), "1");
    assert.equal(
      setTo(read, "ServicePointManager.SecurityProtocol"),
      "SecurityProtocolType.Tls | SecurityProtocolType.Tls11",
    );
    assert.equal(setTo(read, "region"), '"eu"');
    assert.equal(useOf(read, "token"), "message");
    assert.equal(useOf(read, "x"), "decorator");
  });

  it("sees what runs in development only", async () => {
    const read = await facts(`
      if (app.Environment.IsDevelopment()) { One(); } else { Two(); }
      if (!env.IsDevelopment()) { Three(); }
      if (env.EnvironmentName == "Development") Four();
      #if DEBUG
      Five();
      #else
      Six();
      #endif
      if (env.IsProduction()) { Seven(); } else { Eight(); }
      if (options.EnableSwagger) { Nine(); }
      switch (env.EnvironmentName) { case "Development": Ten(); break; default: Eleven(); break; }`);
    assert.deepEqual(
      read.calls.filter((c) => !c.callee.text.includes(".")).map((c) => `${c.callee.text} ${c.scope.guard}`),
      [
        "One development",
        "Two undefined",
        "Three undefined",
        "Four development",
        "Five development",
        "Six undefined",
        "Seven undefined",
        "Eight development",
        "Nine flag",
        "Ten development",
        "Eleven undefined",
      ],
    );
  });

  it("says where a using goes", async () => {
    const read = await facts("using System.Text;\nclass A {}\n");
    assert.equal(read.importOf("System.Text"), undefined);
    assert.equal(read.importOf("System.Net")?.text, "\nusing System.Net;");
  });

  it("reads files that are being typed", async () => {
    for (const file of ["examples/shop/inventory/Program.cs", "examples/shop-hardened/inventory/Program.cs"]) {
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
