import { choice, type CodeFile, type Context, fixIn, literal, rule } from "../../engine/index";
import { importing, insertAt } from "../shared/code/insertions";
import { weightOf } from "../shared/code/weight";
import { type OpenSocket, openSockets } from "../shared/code/zeromq";

/** pyzmq: keys before the line on which the socket is bound or connected. */
function withKeys({ call, socket, isServer }: OpenSocket, code: CodeFile, context: Context) {
  if (code.language !== "python" || socket === undefined) return undefined;
  const line = code.text.lastIndexOf("\n", call.start - 1) + 1;
  const indent = code.text.slice(line, call.start);
  if (indent.trim() !== "") return undefined;
  const variable = (number: number, name: string): string => `os.environ["${choice(number, name)}"].encode()`;
  const on = literal(socket);
  const lines = isServer
    ? [
        `${on}.curve_publickey = ${variable(1, "ZMQ_PUBLIC_KEY")}`,
        `${on}.curve_secretkey = ${variable(2, "ZMQ_SECRET_KEY")}`,
        `${on}.curve_server = True`,
      ]
    : [
        `${on}.curve_publickey = ${variable(1, "ZMQ_PUBLIC_KEY")}`,
        `${on}.curve_secretkey = ${variable(2, "ZMQ_SECRET_KEY")}`,
        `${on}.curve_serverkey = ${variable(3, "ZMQ_SERVER_KEY")}`,
      ];
  const newline = code.text.includes("\r\n") ? "\r\n" : "\n";
  const imports = importing(code, "os").map((edit) => ({ ...edit, text: literal(edit.text) }));
  const text = lines.map((l) => `${l}${newline}${literal(indent)}`).join("");
  return fixIn(context.file, "Use CURVE with keys from the environment", "guided", [
    { edits: [...imports, insertAt(call.start, text)] },
  ]);
}

export default rule({
  id: "code/zeromq-without-curve",
  kind: "code",
  severity: "warning",
  principle: "encrypt",
  summary: "A ZeroMQ socket on the network without encryption and authentication",
  why: `ZeroMQ has no broker that would check who connects: a socket on TCP takes messages from whoever finds the port and sends
what it publishes to them as well. An attacker in the next container feeds the workers tasks of their own. Give both sides CURVE
keys, which encrypt and tell who is there, or keep the socket on \`ipc://\`, \`inproc://\` or this machine.`,
  refs: ["CWE-306", "CWE-319"],
  covers: [],
  fix: "guided",
  examples: [
    {
      file: "app/main.py",
      bad: `
        import zmq

        context = zmq.Context()
        socket = context.socket(zmq.PULL)
        socket.bind("«tcp://*:5555»")
        `,
      fixed: `
        import zmq
        import os

        context = zmq.Context()
        socket = context.socket(zmq.PULL)
        socket.curve_publickey = os.environ["ZMQ_PUBLIC_KEY"].encode()
        socket.curve_secretkey = os.environ["ZMQ_SECRET_KEY"].encode()
        socket.curve_server = True
        socket.bind("tcp://*:5555")
        `,
    },
    {
      file: "app/main.py",
      severity: "info",
      bad: `
        import os
        import zmq

        def work(port):
            sender = zmq.Context.instance().socket(zmq.PUSH)
            sender.connect("«tcp://sink:5558»")
            return sender
        `,
      fixed: `
        import os
        import zmq

        def work(port):
            sender = zmq.Context.instance().socket(zmq.PUSH)
            sender.curve_publickey = os.environ["ZMQ_PUBLIC_KEY"].encode()
            sender.curve_secretkey = os.environ["ZMQ_SECRET_KEY"].encode()
            sender.curve_serverkey = os.environ["ZMQ_SERVER_KEY"].encode()
            sender.connect("tcp://sink:5558")
            return sender
        `,
    },
    {
      file: "app/main.py",
      good: `
        import socket as net
        import zmq

        def serve(keys):
            context = zmq.Context()
            first = context.socket(zmq.REP)
            first.curve_secretkey = keys.secret
            first.curve_publickey = keys.public
            first.curve_server = True
            first.bind("tcp://*:5555")
            second = context.socket(zmq.REP)
            second.bind("ipc:///tmp/work")
            second.bind("inproc://work")
            second.connect("tcp://127.0.0.1:5556")
            return net.socket().bind(("0.0.0.0", 80))
        `,
    },
    {
      file: "app/client.py",
      good: `
        import zmq
        from zmq.auth import load_certificate

        def connect(context, keys):
            client = context.socket(zmq.REQ)
            client.curve_publickey, client.curve_secretkey = load_certificate(keys / "client.key_secret")
            client.curve_serverkey, _ = load_certificate(keys / "server.key")
            client.connect("tcp://orders.acme.io:5555")
            return client
        `,
      note: "several keys at once",
    },
    {
      file: "src/server.ts",
      bad: `
        import * as zmq from "zeromq";

        const receiver = new zmq.Pull();
        await receiver.bind("«tcp://0.0.0.0:5555»");
        export { receiver };
        `,
    },
    {
      file: "src/server.ts",
      good: `
        import { Pull, Push } from "zeromq";

        const receiver = new Pull({ curveServer: true, curveSecretKey: process.env.ZMQ_SECRET_KEY });
        await receiver.bind("tcp://0.0.0.0:5555");
        const sender = new Push();
        sender.connect("tcp://localhost:5556");
        export { receiver };
        `,
    },
    {
      file: "main.go",
      bad: `
        package main

        import zmq "github.com/pebbe/zmq4"

        func serve() error {
        	socket, err := zmq.NewSocket(zmq.REP)
        	if err != nil {
        		return err
        	}
        	return socket.Bind("«tcp://*:5555»")
        }
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import zmq "github.com/pebbe/zmq4"

        func serve(secret string) error {
        	socket, err := zmq.NewSocket(zmq.REP)
        	if err != nil {
        		return err
        	}
        	socket.ServerAuthCurve("global", secret)
        	return socket.Bind("tcp://*:5555")
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      bad: `
        package shop;

        import org.zeromq.SocketType;
        import org.zeromq.ZContext;
        import org.zeromq.ZMQ;

        class Config {
          void serve(ZContext context) {
            ZMQ.Socket socket = context.createSocket(SocketType.REP);
            socket.bind("«tcp://*:5555»");
          }
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      good: `
        package shop;

        import org.zeromq.SocketType;
        import org.zeromq.ZContext;
        import org.zeromq.ZMQ;

        class Config {
          void serve(ZContext context, byte[] secret) {
            ZMQ.Socket socket = context.createSocket(SocketType.REP);
            socket.setCurveServer(true);
            socket.setCurveSecretKey(secret);
            socket.bind("tcp://*:5555");
          }
        }
        `,
    },
    {
      file: "Program.cs",
      bad: `
        using NetMQ;
        using NetMQ.Sockets;

        using var server = new ResponseSocket("«@tcp://*:5555»");
        `,
    },
    {
      file: "Program.cs",
      good: `
        using NetMQ;
        using NetMQ.Sockets;

        using var server = new ResponseSocket("@tcp://localhost:5555");
        using var client = new RequestSocket(">tcp://127.0.0.1:5555");
        `,
    },
  ],
  check: {
    mentions: /zmq|zeromq|netmq/i,
    file(code, report, context) {
      for (const found of openSockets(code, context)) {
        report(found.at, found.message, {
          severity: weightOf(found.severity, code, found.guard),
          fix: () => withKeys(found, code, context),
        });
      }
    },
  },
});
