import { fixIn, rule } from "../../engine/index";
import { insecureChannels, type InsecureChannel } from "../shared/code/grpc";
import { weightOf } from "../shared/code/weight";

export default rule({
  id: "code/grpc-insecure-transport",
  kind: "code",
  severity: "info",
  principle: "encrypt",
  summary: "A gRPC channel or server without TLS",
  why: `Without TLS the calls of gRPC, their metadata with tokens included, pass as plain text, and neither side knows who the other
is. One container that was broken into reads the tokens of all users from the traffic beside it, or answers in the place of the
payment service. That is fine only where a mesh encrypts between services; else give services certificates and channels the
credentials to check them.`,
  refs: ["CWE-319", "CWE-300"],
  covers: [
    "semgrep:grpc-client-insecure-connection",
    "semgrep:grpc-server-insecure-connection",
    "semgrep:grpc-nodejs-insecure-connection",
  ],
  fix: "unsafe",
  examples: [
    {
      file: "src/client.ts",
      bad: `
        import * as grpc from "@grpc/grpc-js";
        const orders = new Orders(process.env.ORDERS_ADDR, «grpc.credentials.createInsecure»());
        const server = new grpc.Server();
        server.bindAsync(\`0.0.0.0:\${port}\`, «grpc.ServerCredentials.createInsecure»(), done);
        `,
      fixed: `
        import * as grpc from "@grpc/grpc-js";
        const orders = new Orders(process.env.ORDERS_ADDR, grpc.credentials.createSsl());
        const server = new grpc.Server();
        server.bindAsync(\`0.0.0.0:\${port}\`, grpc.ServerCredentials.createInsecure(), done);
        `,
      remains: "a server needs a certificate",
      note: "JavaScript",
    },
    {
      file: "src/rates.js",
      bad: `
        const { credentials } = require("@grpc/grpc-js");
        const rates = new Rates("rates.acme.io:443", «credentials.createInsecure»());
        `,
      fixed: `
        const { credentials } = require("@grpc/grpc-js");
        const rates = new Rates("rates.acme.io:443", credentials.createSsl());
        `,
      severity: "warning",
      note: "JavaScript: across networks",
    },
    {
      file: "app/main.py",
      bad: `
        import os
        import grpc

        channel = «grpc.insecure_channel»(os.environ["CATALOG_ADDR"])

        async def stock():
            return «grpc.aio.insecure_channel»("stock:50051", options=[])
        `,
      fixed: `
        import os
        import grpc

        channel = grpc.secure_channel(os.environ["CATALOG_ADDR"], grpc.ssl_channel_credentials())

        async def stock():
            return grpc.aio.secure_channel("stock:50051", grpc.ssl_channel_credentials(), options=[])
        `,
      note: "Python: clients",
    },
    {
      file: "app/server.py",
      bad: `
        import grpc

        server = grpc.server(pool)
        «server.add_insecure_port»("[::]:" + port)
        `,
      note: "Python: a server",
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"os"

        	"google.golang.org/grpc"
        	"google.golang.org/grpc/credentials/insecure"
        )

        func dial() (*grpc.ClientConn, error) {
        	return grpc.NewClient(os.Getenv("CART_ADDR"), grpc.WithTransportCredentials(«insecure.NewCredentials()»))
        }
        `,
      fixed: `
        package main

        import (
        	"os"

        	"google.golang.org/grpc"
        	"crypto/tls"
        	"google.golang.org/grpc/credentials"
        )

        func dial() (*grpc.ClientConn, error) {
        	return grpc.NewClient(os.Getenv("CART_ADDR"), grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{})))
        }
        `,
      note: "Go: a client",
    },
    {
      file: "main.go",
      bad: `
        package main

        import "google.golang.org/grpc"

        func dial() (*grpc.ClientConn, error) {
        	return grpc.Dial("rates.acme.io:443", «grpc.WithInsecure()»)
        }
        `,
      fixed: `
        package main

        import "google.golang.org/grpc"
        import "crypto/tls"
        import "google.golang.org/grpc/credentials"

        func dial() (*grpc.ClientConn, error) {
        	return grpc.Dial("rates.acme.io:443", grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{})))
        }
        `,
      severity: "warning",
      note: "Go: across networks",
    },
    {
      file: "main.go",
      bad: `
        package main

        import "google.golang.org/grpc"

        var server = «grpc.NewServer»(grpc.StatsHandler(handler))
        `,
      note: "Go: a server",
    },
    {
      file: "src/main/java/shop/Client.java",
      bad: `
        package shop;

        import io.grpc.Grpc;
        import io.grpc.InsecureServerCredentials;
        import io.grpc.ManagedChannelBuilder;

        class Client {
          void open(String host, int port) {
            channel = ManagedChannelBuilder.forAddress(host, port).«usePlaintext»().build();
            server = Grpc.newServerBuilderForPort(9000, «InsecureServerCredentials.create»()).build();
          }
        }
        `,
      fixed: `
        package shop;

        import io.grpc.Grpc;
        import io.grpc.InsecureServerCredentials;
        import io.grpc.ManagedChannelBuilder;

        class Client {
          void open(String host, int port) {
            channel = ManagedChannelBuilder.forAddress(host, port).useTransportSecurity().build();
            server = Grpc.newServerBuilderForPort(9000, InsecureServerCredentials.create()).build();
          }
        }
        `,
      remains: "a server needs a certificate",
      note: "Java",
    },
    {
      file: "Program.cs",
      bad: `
        using Grpc.Net.Client;

        using var channel = GrpcChannel.ForAddress("«http://basket»");
        var old = new Channel("stock:50051", «ChannelCredentials.Insecure»);
        `,
      fixed: `
        using Grpc.Net.Client;

        using var channel = GrpcChannel.ForAddress("https://basket");
        var old = new Channel("stock:50051", ChannelCredentials.SecureSsl);
        `,
      note: "C#",
    },
    {
      file: "src/client.ts",
      good: `
        import * as grpc from "@grpc/grpc-js";
        const orders = new Orders("localhost:50051", grpc.credentials.createInsecure());
        const stock = new Stock(\`127.0.0.1:\${port}\`, grpc.credentials.createInsecure());
        const rates = new Rates(target, grpc.credentials.createSsl(ca));
        const local = new Rates("unix:/run/rates.sock", grpc.credentials.createInsecure());
        `,
      note: "JavaScript: this machine",
    },
    {
      file: "app/main.py",
      good: `
        import grpc

        channel = grpc.insecure_channel("localhost:50051")
        secure = grpc.secure_channel(target, grpc.ssl_channel_credentials())
        server.add_insecure_port("127.0.0.1:50051")
        server.add_secure_port("[::]:50051", credentials)
        `,
      note: "Python: this machine",
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"google.golang.org/grpc"
        	"google.golang.org/grpc/credentials/insecure"
        )

        func local() (*grpc.ClientConn, error) {
        	return grpc.NewClient("localhost:50051", grpc.WithTransportCredentials(insecure.NewCredentials()))
        }

        func buffered() (*grpc.ClientConn, error) {
        	return grpc.NewClient("passthrough:///bufnet", grpc.WithTransportCredentials(insecure.NewCredentials()))
        }

        func server(opts []grpc.ServerOption) *grpc.Server {
        	return grpc.NewServer(opts...)
        }

        var secure = grpc.NewServer(grpc.Creds(credentials))
        `,
      note: "Go: this machine, options from elsewhere",
    },
    {
      file: "src/main/java/shop/Client.java",
      good: `
        package shop;

        import io.grpc.ManagedChannelBuilder;

        class Client {
          void open() {
            channel = ManagedChannelBuilder.forAddress("localhost", 9000).usePlaintext().build();
            secure = ManagedChannelBuilder.forTarget(target).useTransportSecurity().build();
          }
        }
        `,
      note: "Java: this machine",
    },
    {
      file: "Program.cs",
      good: `
        using Grpc.Net.Client;

        using var local = GrpcChannel.ForAddress("http://localhost:5000");
        using var secure = GrpcChannel.ForAddress("https://basket");
        using var told = GrpcChannel.ForAddress(address);
        `,
      note: "C#: this machine",
    },
  ],
  check: {
    mentions: /grpc|plaintext|insecure|ServerBuilder/i,
    file(code, report, context) {
      for (const channel of insecureChannels(code)) {
        const { start, end, softer, guard, edits } = channel;
        const own = softer?.severity ?? (channel.class === "public" ? "warning" : "info");
        report({ start, end }, said(channel), {
          severity: weightOf(own, code, guard),
          ...(softer?.preset === undefined ? {} : { preset: softer.preset }),
          fix: () => edits && fixIn(context.file, "Use TLS", "unsafe", [{ edits }]),
        });
      }
    },
  },
});

function said({ side, host, class: found }: InsecureChannel): string {
  if (side === "server") return "This gRPC server takes calls without TLS: fine only where a mesh encrypts them";
  const who = host ?? "Another service";
  const unless = found === "public" ? "" : ": fine only where a mesh encrypts between services";
  return `${who} is called by gRPC without TLS${unless}`;
}
