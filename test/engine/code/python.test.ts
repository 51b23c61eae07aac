import assert from "node:assert/strict";
import { brief, briefCall, callees, callTo, factsOf, origin, setTo, useOf } from "../../support/code";

const facts = (text: string) => factsOf("app/main.py", text);

describe("facts of Python", () => {
  it("follows imports, relative ones too", async () => {
    const read = await facts(`
import os, ssl
import requests as rq
import urllib.request
from urllib import request as ur
from flask import Flask, request
from .clients import session
from grpc import aio
import grpc
rq.get(u)
urllib.request.urlopen(u)
ur.urlopen(u)
Flask(x)
session.get(u)
aio.insecure_channel(t)
grpc.aio.insecure_channel(t)
`);
    assert.deepEqual(callees(read), [
      "requests:get",
      "urllib.request:urlopen",
      "urllib.request:urlopen",
      "flask:Flask",
      ".clients:session.get",
      "grpc.aio:insecure_channel",
      "grpc.aio:insecure_channel",
    ]);
  });

  it("keeps names of the file apart from those of libraries", async () => {
    const read = await facts(`
import requests
def f(requests):
    requests.get(u)
def g():
    requests = make()
    requests.get(u)
ssl.create_default_context()
open(p)
`);
    assert.deepEqual(callees(read), [
      "?requests.get",
      "?make",
      "?requests.get",
      "?ssl.create_default_context",
      ":open",
    ]);
  });

  it("follows instances: assignments, with, self, types", async () => {
    const read = await facts(`
import boto3, requests, httpx
s3 = boto3.client("s3")
s3.get_object(Bucket=b)
with requests.Session() as s:
    s.get(u)
async def f(client: httpx.AsyncClient):
    async with httpx.AsyncClient() as c:
        await c.get(u)
    await client.post(u)
class Orders:
    def __init__(self, other: requests.Session):
        self.session = requests.Session()
        self.session.verify = False
        self.other = other
    def run(self):
        self.session.get(u)
        self.other.put(u)
`);
    assert.deepEqual(callees(read), [
      "boto3:client",
      "boto3:client().get_object",
      "requests:Session",
      "requests:Session.get",
      "httpx:AsyncClient",
      "httpx:AsyncClient.get",
      "httpx:AsyncClient.post",
      "requests:Session",
      "requests:Session.get",
      "requests:Session.put",
    ]);
    const verify = read.assignments.find((a) => a.target.last === "verify");
    assert.equal(verify && origin(verify.target), "requests:Session.verify");
  });

  it("puts texts together", async () => {
    const read = await facts(`
HOST = "orders"
a = f"http://{HOST}/{path!r}"
b = "http://" "one" f"/{x}"
c = "http://%s:%d" % (HOST, 80)
d = "http://{}:{port}".format(host, port=80)
e = "http://" + HOST
g = b"secret".decode()
h = r"a\\d"
`);
    assert.equal(setTo(read, "a"), '"http://orders/<path>"');
    assert.equal(setTo(read, "b"), '"http://one/<x>"');
    assert.equal(setTo(read, "c"), '"http://orders:80"');
    assert.equal(setTo(read, "d"), '"http://<host>:80"');
    assert.equal(setTo(read, "e"), '"http://orders"');
    assert.equal(setTo(read, "g"), '"secret"');
    assert.equal(setTo(read, "h"), '"a\\d"');
  });

  it("tells where the first characters of a literal stand", async () => {
    const text = 'f(f"http://{a}")\nf("ws://%s" % b)\nf("amqp://" + c)\n';
    const read = await facts(text);
    const heads = read.literals.map(({ text: t }) => t.head && text.slice(t.head.start, t.head.end));
    assert.deepEqual(heads, ["http://", "ws://", "amqp://"]);
  });

  it("reads the environment with what stands in for it", async () => {
    const read = await facts(`
import os
from os import environ, getenv
a = os.environ["A"]
b = os.environ.get("B", "x")
c = getenv("C") or "y"
d = environ.get("D", None)
f(b)
`);
    assert.equal(setTo(read, "a"), "env(A)");
    assert.equal(setTo(read, "b"), 'env(B|"x")');
    assert.equal(setTo(read, "c"), 'env(C|"y")');
    assert.equal(setTo(read, "d"), "env(D)");
    assert.equal(briefCall(callTo(read, "f")), 'f(env(B|"x"))');
    assert.equal(useOf(read, "x"), "fallback of B for b");
    assert.equal(useOf(read, "y"), "fallback of C for c");
  });

  it("reads keyword arguments, and what is spread into them", async () => {
    const read = await facts(`
OPTIONS = {"verify": False}
f(u, timeout=2 * 30, **OPTIONS)
g(**kwargs)
h(dict(verify_exp=False), {**OPTIONS, "a": [1, *more]})
`);
    assert.equal(briefCall(callTo(read, "f")), "f(u, timeout=60, verify=false)");
    assert.equal(briefCall(callTo(read, "g")), "g(...)");
    assert.equal(briefCall(callTo(read, "h")), "h({verify_exp: false}, {verify: false, a: [1, ...]})");
  });

  it("says under what condition code runs", async () => {
    const read = await facts(`
import os
if os.getenv("ENV") == "dev":
    a1()
else:
    b1()
if os.environ.get("APP_ENV") in ("dev", "local"):
    a2()
if __debug__:
    a3()
if not is_production:
    a4()
if settings.DEBUG:
    a5()
if __name__ == "__main__":
    b2()
if os.getenv("ENABLE_REFLECTION"):
    c1()
def f():
    if os.getenv("ENV") == "production":
        return
    a6()
`);
    const guards = read.calls.map((c) => `${c.callee.text} ${c.scope.guard ?? "none"}`);
    for (let i = 1; i <= 6; i++) assert.ok(guards.includes(`a${i} development`), `a${i}`);
    for (let i = 1; i <= 2; i++) assert.ok(guards.includes(`b${i} none`), `b${i}`);
    assert.ok(guards.includes("c1 flag"));
  });

  it("reads functions, classes and decorators", async () => {
    const read = await facts(`
from flask import Flask
app = Flask(__name__)
@app.route("/a", methods=["POST"])
def create(a, b: str = "x", *args, **kw):
    """http://doc"""
    if not a:
        raise ValueError("no")
    return b
class View(APIView):
    permission_classes = [AllowAny]
    def post(self, request):
        pass
`);
    assert.deepEqual(
      read.functions.map((f) => [f.name, f.owner?.name, f.parameters.join(), f.throws, f.statements]),
      [
        ["create", undefined, "a,b,args,kw", true, 2],
        ["post", "View", "self,request", false, 0],
      ],
    );
    const [route] = read.decorators;
    assert.equal(route && origin(route.name), "flask:Flask.route");
    assert.equal(brief(route?.arguments[1]?.value), '["POST"]');
    assert.equal(setTo(read, "permission_classes"), "[AllowAny]");
    assert.equal(read.assignments.find((a) => a.target.text === "permission_classes")?.scope.class?.name, "View");
    assert.equal(useOf(read, "http://doc"), "message");
    assert.equal(useOf(read, "x"), "value of b");
  });

  it("reads settings, members and keys", async () => {
    const read = await facts(`
from flask import Flask
app = Flask(__name__)
DEBUG = True
app.config["SECRET_KEY"] = "abc"
app.secret_key = "def"
user, password = "u", "p"
print("http://log")
logger.info("http://log2 %s", x)
`);
    assert.deepEqual(
      read.assignments.map((a) => `${a.how} ${a.target.text} = ${brief(a.value)}`),
      [
        "constant app = new Flask(__name__)",
        "constant DEBUG = true",
        'member app.config.SECRET_KEY = "abc"',
        'member app.secret_key = "def"',
        'constant user = "u"',
        'constant password = "p"',
      ],
    );
    assert.equal(useOf(read, "http://log"), "message");
    assert.equal(useOf(read, "http://log2"), "message");
  });

  it("says where an import goes", async () => {
    assert.deepEqual((await facts('"""Doc."""\nimport a\nf()\n')).importOf("os"), { at: 19, text: "\nimport os" });
    assert.deepEqual((await facts('"""Doc."""\nf()\n')).importOf("os", "getenv"), {
      at: 11,
      text: "from os import getenv\n",
    });
  });
});
