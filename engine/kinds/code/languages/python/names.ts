/** Names of Python that need no import, and packages whose parts are modules of their own. */
export const builtins: ReadonlySet<string> = new Set(
  (
    "open print eval exec input compile __import__ getattr setattr int str float bool bytes bytearray dict list set " +
    "tuple len range sorted map filter zip type object super isinstance hash id iter next max min sum any all repr " +
    "format vars globals locals dir breakpoint exit quit Exception ValueError TypeError RuntimeError KeyError " +
    "OSError IOError ConnectionError TimeoutError PermissionError NotImplementedError AssertionError __name__ __debug__"
  ).split(" "),
);

const modulesOf: Readonly<Record<string, readonly string[]>> = Object.freeze({
  urllib: ["request", "parse", "error", "response"],
  http: ["client", "server", "cookies", "cookiejar"],
  xmlrpc: ["client", "server"],
  os: ["path"],
  logging: ["config", "handlers"],
  concurrent: ["futures"],
  grpc: ["aio"],
  redis: ["asyncio", "sentinel", "cluster"],
  google: ["cloud"],
  "google.cloud": ["storage", "pubsub", "pubsub_v1", "secretmanager", "bigquery", "firestore", "logging"],
  azure: ["functions", "identity", "servicebus", "storage"],
  zmq: ["asyncio", "auth"],
  paho: ["mqtt"],
  "paho.mqtt": ["client", "publish", "subscribe"],
  kubernetes: ["client", "config"],
  xml: ["etree", "sax", "dom"],
  "xml.etree": ["ElementTree"],
  jose: ["jwt", "jws", "jwe", "jwk"],
  authlib: ["jose"],
  urllib3: ["util", "exceptions"],
});

/** However a program came to it, a module has one name: `urllib.request`. */
export const isModule = (module: string, name: string): boolean =>
  Object.hasOwn(modulesOf, module) && (modulesOf[module]?.includes(name) ?? false);
