import { fixIn, rule } from "../../engine/index";
import { uncheckedTls } from "../shared/code/tls";
import { weightOf } from "../shared/code/weight";

export default rule({
  id: "code/tls-verification-disabled",
  kind: "code",
  severity: "error",
  principle: "encrypt",
  summary: "Code that accepts any TLS certificate or host name",
  why: `TLS without the check of the certificate encrypts for whoever answers. A container that was broken into, or a false name
server, takes the place of the payment provider with a certificate it made itself, and the service hands it tokens and customers'
data without a word in the log. Give the client the certificate of the authority that signed the other side's (\`ca\`, \`verify=\`,
\`RootCAs\`, a trust store) instead of turning the check off.`,
  refs: ["CWE-295", "CWE-297"],
  covers: [
    "sonar:S4830",
    "sonar:S5527",
    "gosec:G402",
    "gosec:G106",
    "bandit:B501",
    "bandit:B323",
    "bandit:B507",
    "semgrep:bypass-tls-verification",
    "semgrep:disabled-cert-validation",
    "semgrep:unverified-ssl-context",
    "semgrep:problem-based-packs-insecure-transport-js-node-bypass-tls-verification",
  ],
  fix: "unsafe",
  examples: [
    {
      file: "src/server.ts",
      bad: `
        import https from "node:https";
        import { Pool } from "pg";
        const agent = new https.Agent({ keepAlive: true, «rejectUnauthorized: false» });
        const pool = new Pool({
          host: "db.acme.io",
          ssl: { «rejectUnauthorized: false» },
        });
        «process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"»;
        request({ url, «strictSSL: false», json: true });
        tls.connect({ host, «checkServerIdentity: () => undefined» });
        `,
      fixed: `
        import https from "node:https";
        import { Pool } from "pg";
        const agent = new https.Agent({ keepAlive: true });
        const pool = new Pool({
          host: "db.acme.io",
          ssl: {},
        });
        process.env.NODE_TLS_REJECT_UNAUTHORIZED = "1";
        request({ url, json: true });
        tls.connect({ host });
        `,
      note: "JavaScript: options, the environment",
    },
    {
      file: "src/store.js",
      bad: `
        const client = new MongoClient(uri, {
          «tlsAllowInvalidCertificates: true»,
          maxPoolSize: 10,
        });
        `,
      fixed: `
        const client = new MongoClient(uri, {
          maxPoolSize: 10,
        });
        `,
      note: "JavaScript: a driver",
    },
    {
      file: "app/main.py",
      bad: `
        import aiohttp
        import requests

        def price(sku):
            return requests.get(f"https://stock/{sku}", «verify=False», timeout=3)

        session = requests.Session()
        «session.verify = False»
        client = MongoClient(uri, «tlsAllowInvalidCertificates=True»)

        async def stock(http: aiohttp.ClientSession):
            return await http.get(url, «ssl=False»)
        `,
      fixed: `
        import aiohttp
        import requests

        def price(sku):
            return requests.get(f"https://stock/{sku}", timeout=3)

        session = requests.Session()
        session.verify = True
        client = MongoClient(uri)

        async def stock(http: aiohttp.ClientSession):
            return await http.get(url)
        `,
      note: "Python: clients",
    },
    {
      file: "app/agent.py",
      bad: `
        import ssl
        import websocket
        def connect(url):
            options = {«"cert_reqs": ssl.CERT_NONE», "check_hostname": False}
            return websocket.create_connection(url, sslopt=options)
        `,
      fixed: `
        import ssl
        import websocket
        def connect(url):
            options = {"check_hostname": True}
            return websocket.create_connection(url, sslopt=options)
        `,
      note: "the names as well, which nobody compares once any certificate is accepted",
    },
    {
      file: "app/context.py",
      bad: `
        import ssl
        import urllib3

        context = ssl.create_default_context()
        context.check_hostname = False
        «context.verify_mode = ssl.CERT_NONE»
        other = «ssl._create_unverified_context»()
        pool = urllib3.PoolManager(«cert_reqs="CERT_NONE"», num_pools=4)
        `,
      fixed: `
        import ssl
        import urllib3

        context = ssl.create_default_context()
        context.check_hostname = True
        context.verify_mode = ssl.CERT_REQUIRED
        other = ssl.create_default_context()
        pool = urllib3.PoolManager(num_pools=4)
        `,
      note: "Python: contexts",
    },
    {
      file: "app/copy.py",
      bad: `
        import paramiko

        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(«paramiko.AutoAddPolicy»())
        `,
      fixed: `
        import paramiko

        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        `,
      severity: "warning",
      note: "Python: host keys",
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"crypto/tls"
        	"net/http"
        )

        var client = &http.Client{
        	Transport: &http.Transport{
        		TLSClientConfig: &tls.Config{«InsecureSkipVerify: true»},
        	},
        }

        func relaxed(cfg *tls.Config) {
        	«cfg.InsecureSkipVerify = true»
        }
        `,
      fixed: `
        package main

        import (
        	"crypto/tls"
        	"net/http"
        )

        var client = &http.Client{
        	Transport: &http.Transport{
        		TLSClientConfig: &tls.Config{},
        	},
        }

        func relaxed(cfg *tls.Config) {
        	cfg.InsecureSkipVerify = false
        }
        `,
      note: "Go",
    },
    {
      file: "main.go",
      bad: `
        package main

        import "crypto/tls"

        var cfg = &tls.Config{«InsecureSkipVerify: true», VerifyConnection: verify}
        `,
      fixed: `
        package main

        import "crypto/tls"

        var cfg = &tls.Config{VerifyConnection: verify}
        `,
      severity: "info",
      note: "Go: an own check takes its place",
    },
    {
      file: "main.go",
      bad: `
        package main

        import "golang.org/x/crypto/ssh"

        var settings = &ssh.ClientConfig{User: "deploy", HostKeyCallback: «ssh.InsecureIgnoreHostKey»()}
        `,
      severity: "warning",
      note: "Go: host keys",
    },
    {
      file: "src/main/java/shop/Trust.java",
      bad: `
        package shop;

        import java.security.cert.X509Certificate;
        import javax.net.ssl.HostnameVerifier;
        import javax.net.ssl.HttpsURLConnection;
        import javax.net.ssl.X509TrustManager;
        import org.apache.http.conn.ssl.NoopHostnameVerifier;

        class TrustAll implements X509TrustManager {
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          public void «checkServerTrusted»(X509Certificate[] chain, String type) {
            log.info("accepted {}", chain[0].getSubjectX500Principal());
          }

          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        }

        class AnyName implements HostnameVerifier {
          public boolean «verify»(String host, SSLSession session) {
            return true;
          }
        }

        class Clients {
          void open() {
            HttpsURLConnection.setDefaultHostnameVerifier(«(host, session) -> true»);
            builder.setSSLHostnameVerifier(«NoopHostnameVerifier.INSTANCE»);
          }
        }
        `,
      note: "Java: classes that check nothing",
    },
    {
      file: "Program.cs",
      bad: `
        using System.Net.Http;

        var first = new HttpClientHandler {
            AllowAutoRedirect = false,
            «ServerCertificateCustomValidationCallback = (message, certificate, chain, errors) => true»
        };
        var second = new HttpClientHandler();
        «second.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator»;
        `,
      fixed: `
        using System.Net.Http;

        var first = new HttpClientHandler {
            AllowAutoRedirect = false
        };
        var second = new HttpClientHandler();
        `,
      note: "C#: callbacks",
    },
    {
      file: "Program.cs",
      bad: `
        var connection = new SqlConnection("Server=sql,1433;Database=Shop;User Id=shop;«TrustServerCertificate=True»");
        `,
      fixed: `
        var connection = new SqlConnection("Server=sql,1433;Database=Shop;User Id=shop;TrustServerCertificate=False");
        `,
      severity: "warning",
      note: "C#: connection strings",
    },
    {
      file: "test/orders.test.ts",
      bad: `
        const agent = new https.Agent({ «rejectUnauthorized: false» });
        `,
      fixed: `
        const agent = new https.Agent({});
        `,
      severity: "hint",
      note: "a test",
    },
    {
      file: "src/dev.ts",
      bad: `
        if (process.env.NODE_ENV === "development") {
          «process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"»;
        }
        `,
      fixed: `
        if (process.env.NODE_ENV === "development") {
          process.env.NODE_TLS_REJECT_UNAUTHORIZED = "1";
        }
        `,
      severity: "warning",
      note: "in development only",
    },
    {
      file: "src/events.ts",
      bad: `
        import { KafkaJS } from "@confluentinc/kafka-javascript";

        const common = { "bootstrap.servers": "kafka.acme.io:9093", "security.protocol": "ssl" };
        export const first = new KafkaJS.Kafka({ ...common, «"enable.ssl.certificate.verification": false» });
        export const second = new KafkaJS.Kafka({ ...common, «"ssl.endpoint.identification.algorithm": "none"» });
        export const third = new KafkaJS.Kafka({ ...common, "ssl.endpoint.identification.algorithm": "https" });
        `,
      fixed: `
        import { KafkaJS } from "@confluentinc/kafka-javascript";

        const common = { "bootstrap.servers": "kafka.acme.io:9093", "security.protocol": "ssl" };
        export const first = new KafkaJS.Kafka({ ...common, "enable.ssl.certificate.verification": true });
        export const second = new KafkaJS.Kafka({ ...common, "ssl.endpoint.identification.algorithm": "https" });
        export const third = new KafkaJS.Kafka({ ...common, "ssl.endpoint.identification.algorithm": "https" });
        `,
      note: "librdkafka",
    },
    {
      file: "src/main/java/shop/Broker.java",
      bad: `
        package shop;

        import com.rabbitmq.client.ConnectionFactory;
        import javax.net.ssl.SSLContext;

        class Broker {
          void open(SSLContext context) throws Exception {
            ConnectionFactory first = new ConnectionFactory();
            «first.useSslProtocol»();
            ConnectionFactory second = new ConnectionFactory();
            second.useSslProtocol(context);
          }
        }
        `,
      note: "RabbitMQ's client trusts everybody unless it is given a context",
    },
    {
      file: "Broker.cs",
      bad: `
        using Confluent.Kafka;
        using RabbitMQ.Client;

        var ssl = new SslOption { Enabled = true, «AcceptablePolicyErrors = SslPolicyErrors.RemoteCertificateChainErrors» };
        var good = new SslOption { Enabled = true, AcceptablePolicyErrors = SslPolicyErrors.None };
        var kafka = new ProducerConfig { «SslEndpointIdentificationAlgorithm = SslEndpointIdentificationAlgorithm.None» };
        `,
      fixed: `
        using Confluent.Kafka;
        using RabbitMQ.Client;

        var ssl = new SslOption { Enabled = true };
        var good = new SslOption { Enabled = true, AcceptablePolicyErrors = SslPolicyErrors.None };
        var kafka = new ProducerConfig {};
        `,
    },
    {
      file: "Program.cs",
      severity: "warning",
      bad: `
        using Microsoft.AspNetCore.Server.Kestrel.Https;

        builder.WebHost.ConfigureKestrel(server => server.ConfigureHttpsDefaults(https =>
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            «https.ClientCertificateValidation = (certificate, _, _) => true»;
        }));
        `,
      fixed: `
        using Microsoft.AspNetCore.Server.Kestrel.Https;

        builder.WebHost.ConfigureKestrel(server => server.ConfigureHttpsDefaults(https =>
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        }));
        `,
    },
    {
      file: "src/server.ts",
      good: `
        import https from "node:https";
        const agent = new https.Agent({ rejectUnauthorized: true, ca });
        const other = new https.Agent({ rejectUnauthorized: process.env.INSECURE !== "1" });
        const strict = new https.Agent({ rejectUnauthorized });
        interface Options { rejectUnauthorized: false }
        tls.connect({ checkServerIdentity: (host, cert) => (cert.fingerprint256 === pin ? undefined : new Error("pin")) });
        jwt.verify(token, key, { verify: false });
        `,
      note: "JavaScript: values from elsewhere, types, pins",
    },
    {
      file: "app/main.py",
      good: `
        import jwt
        import requests
        import ssl
        import urllib3

        urllib3.disable_warnings()
        requests.get(url, verify="/etc/ssl/acme.pem", timeout=3)
        requests.get(url, verify=settings.VERIFY, timeout=3)
        claims = jwt.decode(token, verify=False)
        server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        server.verify_mode = ssl.CERT_NONE
        form.verify = False
        if context.verify_mode == ssl.CERT_NONE:
            raise ValueError("unchecked")

        def fetch(url, verify_ssl=False):
            return requests.get(url, verify=verify_ssl, timeout=3)
        `,
      note: "Python: an own authority, settings, servers, other libraries",
    },
    {
      file: "main.go",
      good: `
        package main

        import "crypto/tls"

        func config(insecure bool) *tls.Config {
        	return &tls.Config{InsecureSkipVerify: insecure}
        }

        var strict = &tls.Config{InsecureSkipVerify: false, MinVersion: tls.VersionTLS12}
        `,
      note: "Go: a value from elsewhere",
    },
    {
      file: "src/main/java/shop/Trust.java",
      good: `
        package shop;

        import javax.net.ssl.X509TrustManager;

        class Logging implements X509TrustManager {
          public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            log.info("checking {}", chain[0]);
            defaultTm.checkServerTrusted(chain, type);
          }
        }

        class Pinned implements X509TrustManager {
          public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            if (!pin.equals(chain[0])) {
              throw new CertificateException("pin");
            }
          }
        }

        class Names {
          void open() {
            connection.setHostnameVerifier((host, session) -> host.equals("orders"));
          }
        }
        `,
      note: "Java: managers that ask others, pins",
    },
    {
      file: "main.go",
      good: `
        package main

        import "github.com/coder/websocket"

        var options = &websocket.AcceptOptions{InsecureSkipVerify: true}
        `,
      note: "the origin of web sockets is another rule's",
    },
    {
      file: "Program.cs",
      good: `
        using System.Net.Http;

        var handler = new HttpClientHandler();
        handler.ServerCertificateCustomValidationCallback = (m, cert, chain, errors) => cert.Thumbprint == pin;
        handler.ServerCertificateCustomValidationCallback = (m, cert, chain, errors) => errors == SslPolicyErrors.None;
        var local = new SqlConnection("Server=localhost;Database=Shop;TrustServerCertificate=True");
        Console.WriteLine("Server=sql;TrustServerCertificate=True");
        `,
      note: "C#: pins, this machine, texts for people",
    },
  ],
  check: {
    mentions:
      /tls|ssl|verif|reject|cert|host_?name|host_?key|known_?hosts|trust|insecure|identity|AutoAdd|WarningPolicy/i,
    inTests: true,
    file(code, report, context) {
      for (const found of uncheckedTls(code)) {
        const { effect, severity, guard, start, end } = found;
        report({ start, end }, `Nobody checks who answers: ${effect}`, {
          // Somebody has to ask for it.
          severity: guard === "flag" ? "hint" : weightOf(severity, code, guard),
          fix: () => {
            const edits = found.checked?.();
            const known = edits?.filter((e) => e !== undefined);
            if (known === undefined || known.length === 0 || known.length !== edits?.length) return undefined;
            return fixIn(context.file, "Check the certificate", "unsafe", [{ edits: known }]);
          },
        });
      }
    },
  },
});
