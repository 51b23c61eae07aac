import assert from "node:assert/strict";
import { brief, briefCall, callees, callTo, factsOf, origin, setTo, useOf } from "../../support/code";

const facts = (text: string, file = "src/a.ts") => factsOf(file, text);

describe("facts of JavaScript", () => {
  it("follows imports, required modules and destructured ones", async () => {
    const read = await facts(`
      import express, { Router as R } from "express";
      import * as https from "node:https";
      import jwt, { sign } from "jsonwebtoken";
      import fs = require("fs");
      const { verify: check } = require("jsonwebtoken");
      const Pool = require("pg").Pool;
      express(); R(); https.get(u); jwt.verify(t); sign(p); check(t); fs.readFileSync(f); new Pool();
    `);
    assert.deepEqual(
      callees(read).filter((c) => !c.startsWith(":require")),
      [
        "express:",
        "express:Router",
        "https:get",
        "jsonwebtoken:verify",
        "jsonwebtoken:sign",
        "jsonwebtoken:verify",
        "fs:readFileSync",
        "pg:Pool",
      ],
    );
    assert.deepEqual(
      read.imports.map((i) => `${i.local}=${i.module}.${i.member}`),
      ["express=express.", "R=express.Router", "https=https.", "jwt=jsonwebtoken.", "sign=jsonwebtoken.sign"].concat([
        "fs=fs.",
        "check=jsonwebtoken.verify",
        "Pool=pg.Pool",
      ]),
    );
  });

  it("keeps names of the file apart from those of libraries", async () => {
    const read = await facts(`
      import { fetch } from "./mine";
      function axios() {}
      axios(); fetch(u); unknownThing.get(u);
      function f(https) { https.get(u); }
    `);
    assert.deepEqual(callees(read), ["?axios", "./mine:fetch", "?unknownThing.get", "?https.get"]);
  });

  it("follows instances one assignment back, also of a class and by declared types", async () => {
    const read = await facts(`
      import axios from "axios";
      import { HttpService } from "@nestjs/axios";
      import { Pool } from "pg";
      const client = axios.create({ timeout: 3 });
      client.get(a);
      let pool: Pool | null = null;
      pool = new Pool();
      pool.query(a);
      let twice = new Pool();
      twice = other();
      twice.query(b);
      class Users {
        private pool = new Pool();
        constructor(private readonly http: HttpService) { this.agent = axios.create(); }
        run() { this.pool.query(a); this.http.get(b); this.agent.get(c); this.nothing.get(d); }
      }
    `);
    const found = callees(read);
    for (const expected of ["axios:create().get", "pg:Pool.query", "@nestjs/axios:HttpService.get", "?twice.query"]) {
      assert.ok(found.includes(expected), expected);
    }
    assert.equal(origin(callTo(read, "this.pool.query").callee), "pg:Pool.query");
    assert.equal(origin(callTo(read, "this.agent.get").callee), "axios:create().get");
    assert.equal(origin(callTo(read, "this.nothing.get").callee), "");
  });

  it("puts texts together, with constants of the file", async () => {
    const read = await facts(`
      const HOST = "orders";
      const url = \`http://\${HOST}/\${id}\`;
      fetch("http://" + HOST + ":80");
      fetch("http://" + host);
      fetch(HOST);
      const config = { url: "http://a" };
      fetch(config.url);
      fetch(\`http://\${a}\`);
    `);
    assert.equal(setTo(read, "url"), '"http://orders/<id>"');
    const texts = read.calls.map((c) => c.arguments[0]?.value);
    assert.deepEqual(texts.map(brief), [
      '"http://orders:80"',
      '"http://<host>"',
      '"orders"',
      '"http://a"',
      '"http://<a>"',
    ]);
    assert.deepEqual(
      texts.map((t) => t?.kind === "text" && t.isLiteral),
      [true, true, false, false, true],
    );
  });

  it("tells where the first characters of a literal stand", async () => {
    const text = 'fetch("http://" + a); fetch(`ws://${b}`); fetch("a\\n" + c);';
    const read = await facts(text);
    const heads = read.literals.map(({ text: t }) => t.head && text.slice(t.head.start, t.head.end));
    assert.deepEqual(heads, ["http://", "ws://", undefined]);
  });

  it("reads the environment with what stands in for it", async () => {
    const read = await facts(`
      const a = process.env.A || "x";
      const b = process.env["B"] ?? 5;
      const { C = "y", D: d } = process.env;
      use(a, b, C, d, process.env.E, Deno.env.get("F"));
      const g = configService.get<string>("G", "z");
      const h = process.env.H ? "p" : "q";
    `);
    assert.equal(setTo(read, "a"), 'env(A|"x")');
    assert.equal(setTo(read, "b"), "env(B|5)");
    assert.equal(briefCall(callTo(read, "use")), 'use(env(A|"x"), env(B|5), env(C|"y"), env(D), env(E), env(F))');
    assert.equal(setTo(read, "g"), 'env(G|"z")');
    assert.equal(setTo(read, "h"), '"p" | "q"');
    assert.equal(useOf(read, "x"), "fallback of A for a");
    assert.equal(useOf(read, "z"), "fallback of G for g");
  });

  it("folds options, and leaves those open that nobody can know", async () => {
    const read = await facts(`
      const base = { a: 1 };
      const more = { b: 2 };
      more.c = 3;
      f({ ...base, "x-y": true, n: 2 * 30_000 }, { ...rest }, more, { [key]: 1 }, [1, ...others], { s });
      f(...all);
    `);
    assert.equal(
      briefCall(callTo(read, "f")),
      "f({a: 1, x-y: true, n: 60000}, {...}, {b: 2, ...}, {...}, [1, ...], {s: s})",
    );
    assert.equal(read.calls[1]?.isOpen, true);
  });

  it("sees through casts, awaits and optional chains", async () => {
    const read = await facts(`
      import got from "got";
      const r = await (got!.get("http://a" as any));
      (got as any)?.post?.("b");
    `);
    assert.deepEqual(callees(read), ["got:get", "got:post"]);
    assert.equal(setTo(read, "r"), 'got.get("http://a")');
  });

  it("says under what condition code runs", async () => {
    const read = await facts(`
      const isProd = process.env.NODE_ENV === "production";
      if (process.env.NODE_ENV !== "production") { a1(); } else { b1(); }
      if (isProd) { b2(); } else { a2(); }
      isProd || a3();
      !isProd && a4();
      process.env.ENABLE_DOCS && c1();
      isDev ? a5() : b3();
      switch (process.env.NODE_ENV) { case "development": a6(); break; default: b4(); }
      function setUp() { if (isProd) return; a7(); }
      if (app.get("env") === "development") a8();
    `);
    const guards = read.calls.map((c) => `${c.callee.text} ${c.scope.guard ?? "none"}`);
    for (let i = 1; i <= 7; i++) assert.ok(guards.includes(`a${i} development`), `a${i}`);
    for (let i = 1; i <= 4; i++) assert.ok(guards.includes(`b${i} none`), `b${i}`);
    assert.ok(guards.includes("c1 flag"));
  });

  it("knows what functions give back, and what they do", async () => {
    const read = await facts(`
      const agent = { checkServerIdentity: () => undefined, verify(a, b) { return true; } };
      const f = async (x) => { if (!x) throw new Error("no"); return g(x); };
      function empty() {}
    `);
    assert.deepEqual(
      read.functions.map((f) => [f.name, f.returns.map(brief).join(), f.throws, f.statements]),
      [
        ["checkServerIdentity", "null", false, 1],
        ["verify", "true", false, 1],
        ["f", "g(x)", true, 2],
        ["empty", "", false, 0],
      ],
    );
    assert.equal(callTo(read, "g").scope.function?.name, "f");
  });

  it("reads classes and decorators", async () => {
    const read = await facts(`
      import { Controller, Post, Query } from "@nestjs/common";
      @Controller({ path: "users" })
      export class Users extends Base implements OnInit {
        @Post(":id") create(@Query("url") url: string) { return url; }
        handler = (a) => true;
      }
    `);
    assert.deepEqual(
      read.decorators.map((d) => [origin(d.name), d.arguments.map((a) => brief(a.value)).join(), d.on?.name]),
      [
        ["@nestjs/common:Controller", '{path: "users"}', "Users"],
        ["@nestjs/common:Post", '":id"', "create"],
        ["@nestjs/common:Query", '"url"', "create"],
      ],
    );
    const [users] = read.classes;
    assert.deepEqual(
      users?.bases.map((b) => b.text),
      ["Base", "OnInit"],
    );
    assert.deepEqual(
      users?.functions.map((f) => f.name),
      ["create", "handler"],
    );
    assert.equal(users?.functions[0]?.owner, users);
  });

  it("tells what literals are for", async () => {
    const read = await facts(
      `
      const endpoint = "http://1";
      f(1, ["http://2"]);
      console.log("http://3");
      throw new Error("http://4");
      const o = { url: cond ? "http://5" : "http://6" };
      if (x === "http://7") {}
      const j = <a href="http://8">http://9</a>;
      headers["Authorization"] = "Bearer 1";
      function g({ url = "http://10" }, target = "http://11") {}
      this.url = "http://12";
    `,
      "src/a.tsx",
    );
    const uses = ["http://1", "http://2", "http://3", "http://4", "http://5", "http://6", "http://7", "http://8"];
    assert.deepEqual(
      uses.map((u) => useOf(read, u)),
      [
        "value of endpoint",
        "argument 1 of f",
        "message",
        "message",
        "value of url",
        "value of url",
        "comparison",
        "markup",
      ],
    );
    assert.equal(useOf(read, "Bearer"), "value of Authorization");
    assert.equal(useOf(read, "http://10"), "value of url");
    assert.equal(useOf(read, "http://11"), "value of target");
    assert.equal(useOf(read, "http://12"), "value of url");
    assert.equal(
      read.literals.some(({ text }) => text.whole === "http://9"),
      false,
    );
  });

  it("lists the calls of a chain", async () => {
    const read = await facts('new SignJWT({ a: 1 }).setIssuer("x").setExpirationTime("2h").sign(key);');
    const last = callTo(read, "SignJWT.setIssuer.setExpirationTime.sign");
    assert.deepEqual(
      last.chain.map((c) => c.callee.last),
      ["SignJWT", "setIssuer", "setExpirationTime", "sign"],
    );
  });

  it("says where an import goes", async () => {
    const module = 'import a from "a";\nfetch(u);\n';
    assert.deepEqual((await facts(module)).importOf("crypto", "randomUUID"), {
      at: 18,
      text: '\nimport { randomUUID } from "crypto";',
    });
    const required = "const a = require('a');\nf();\n";
    assert.deepEqual((await facts(required)).importOf("crypto"), {
      at: 23,
      text: "\nconst crypto = require('crypto');",
    });
  });
});
