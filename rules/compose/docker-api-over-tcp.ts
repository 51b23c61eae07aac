import {
  choice,
  type Command,
  type Context,
  type FileEdits,
  type Fix,
  fixIn,
  type PublishedPort,
  type Report,
  rule,
  type Service,
  type ServiceVariable,
  type Span,
} from "../../engine/index";
import {
  certificatesOff,
  isEngine,
  isLoopback,
  isReachable,
  openlyListening,
  serviceAt,
  tcpAddress,
} from "../shared/compose/docker-api";
import { withoutListItem } from "../shared/compose/list-items";
import { protocolOf, reachOf, targetsOf } from "../shared/compose/publishing";
import { isSocketProxy } from "../shared/compose/sockets";
import { fixTogether } from "../shared/compose/top-level";

const offersApi = (port: PublishedPort, service: Service, context: Context): "plain" | "tls" | undefined => {
  const targets = targetsOf(port) ?? [];
  if (protocolOf(port) === "udp" || service.networkMode !== undefined || reachOf(port) === "loopback") return undefined;
  if (targets.includes(2375)) return "plain";
  const isTls = isEngine(service, context) && certificatesOff(service) === undefined;
  return targets.includes(2376) && isTls ? "tls" : undefined;
};

function reportPort(port: PublishedPort, service: Service, report: Report, context: Context): void {
  const offer = offersApi(port, service, context);
  if (offer === undefined) return;
  const number = offer === "plain" ? 2375 : 2376;
  const message =
    offer === "plain"
      ? `${service.name} offers the Docker API on port 2375 to whoever reaches the host`
      : `${service.name} offers the Docker API on port 2376: a client certificate is all that guards the host`;
  const reach = reachOf(port);
  const quiet = reach === "unknown" ? "info" : "warning";
  const off = certificatesOff(service);
  report(port.targetSpan, message, {
    severity: offer === "plain" && reach === "all" ? "error" : quiet,
    related: off === undefined ? [] : [{ file: off.file, span: off, note: "TLS is switched off here" }],
    fix: () => {
      const condemned = service.ports.filter((p) => offersApi(p, service, context) !== undefined);
      const removal = withoutListItem(service.part("ports"), port, condemned);
      const bound = port.bindTo("127.0.0.1");
      return [
        fixIn(context.file, `Stop publishing port ${number}`, "unsafe", [
          removal && { file: port.file, edits: removal },
        ]),
        fixIn(context.file, `Bind port ${number} to 127.0.0.1`, "unsafe", [bound && { file: port.file, edits: bound }]),
      ].filter((f) => f !== undefined);
    },
  });
}

function reportListening(command: Command, service: Service, report: Report, context: Context): void {
  const found = openlyListening(command, service, context);
  if (found === undefined) return;
  const { word, address, host } = found;
  const place = host === undefined || host === "" ? undefined : word.find(host);
  const isOut = isReachable(service, 2375);
  const who = isOut ? "the network" : "every service on its networks";
  report(
    (address === undefined ? undefined : word.find(address)) ?? word,
    `The engine in ${service.name} takes orders from ${who} and asks nobody who they are`,
    {
      severity: isOut ? "error" : "warning",
      fix: () => {
        if (place === undefined) return undefined;
        const edits = [{ span: { start: place.start, end: place.end }, text: "127.0.0.1" }];
        return { title: "Listen on 127.0.0.1 only", applicability: "unsafe", edits };
      },
    },
  );
}

/** The client asks on the port with TLS, and shows a certificate. */
function overTls(variable: ServiceVariable, service: Service, host: string, context: Context): Fix | undefined {
  const edits = variable.value?.rewrite(`tcp://${host}:2376`);
  const into = { file: variable.file, snippet: true };
  const added = (name: string, value: string): FileEdits | undefined =>
    service.set(["environment", name], value, into) ?? service.append(["environment"], `${name}=${value}`, into);
  return fixTogether(context.file, "Ask over TLS on port 2376", "guided", [
    edits && { file: variable.file, edits },
    added("DOCKER_TLS_VERIFY", "1"),
    added("DOCKER_CERT_PATH", choice(1, "/certs/client")),
  ]);
}

function reportClient(variable: ServiceVariable, service: Service, report: Report, context: Context): void {
  const { value } = variable;
  if (value === undefined || !value.value.known) return;
  const address = tcpAddress(value.value.value);
  if (address?.port !== "2375" || isLoopback(address.host) || address.host === "") return;
  const { host } = address;
  const other = serviceAt(host, service);
  // A name without a dot is a service of another project, a proxy as like as not.
  if (other === undefined ? /proxy/i.test(host) || !/[.:]/.test(host) : isSocketProxy(other, context)) return;
  const whole = other === undefined ? "can everybody on the way" : "can every service on its networks";
  report(value, `${service.name} gives orders to the engine on ${host} in clear, and so ${whole}`, {
    severity: other === undefined ? "error" : "warning",
    fix: () => overTls(variable, service, host, context),
  });
}

function reportVariable(variable: ServiceVariable, service: Service, report: Report, context: Context): void {
  if (variable.name === "DOCKER_HOST") return reportClient(variable, service, report, context);
  if (variable.name !== "DOCKER_TLS_CERTDIR" || certificatesOff(service) === undefined) return;
  const mode = service.networkMode?.value;
  if (mode?.known !== true || mode.value !== "host" || !isEngine(service, context)) return;
  const message = `Without TLS the engine in ${service.name} takes orders on port 2375 of the host from everybody`;
  const { start, end } = variable.nameSpan;
  report({ start, end, file: variable.file } as Span, message, {
    fix: () => {
      const edits = variable.remove();
      return fixIn(context.file, "Let the engine use TLS", "unsafe", [edits && { file: variable.file, edits }]);
    },
  });
}

export default rule({
  id: "compose/docker-api-over-tcp",
  kind: "compose",
  severity: "error",
  principle: "authenticate",
  summary: "The Docker API offered or used over the network without TLS",
  why: `The Docker API knows no users: whoever reaches port 2375 starts \`docker run --privileged -v /:/host\` and is root on the
machine. Bots look for that port day and night and put miners on it within minutes of its opening. Use the local socket, SSH
(\`DOCKER_HOST=ssh://…\`), or TLS with client certificates on 2376, and never publish the port.`,
  refs: ["CIS 2.7", "CWE-306", "OWASP D1"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      bad: `
        services:
          engine:
            image: acme/engine:1.2.3
            ports:
              - 127.0.0.1:8080:8080
              - 2375:«2375»
              - target: «2375»
                published: "12375"
        `,
      fixed: `
        services:
          engine:
            image: acme/engine:1.2.3
            ports:
              - 127.0.0.1:8080:8080
        `,
    },
    {
      bad: `
        services:
          engine: { image: "acme/engine:1.2.3", ports: ["\${BIND:-0.0.0.0}:2375:«2375»"], restart: "no" }
        `,
      fixed: `
        services:
          engine: { image: "acme/engine:1.2.3", restart: "no" }
        `,
    },
    {
      bad: `
        services:
          engine:
            image: acme/engine:1.2.3
            network_mode: host
            command: [dockerd, -H, "«tcp://0.0.0.0:2375»"]
          other:
            image: acme/engine:1.2.3
            network_mode: host
            command: ["sh", "-c", "dockerd --host=«tcp://0.0.0.0» & wait"]
        `,
      fixed: `
        services:
          engine:
            image: acme/engine:1.2.3
            network_mode: host
            command: [dockerd, -H, "tcp://127.0.0.1:2375"]
          other:
            image: acme/engine:1.2.3
            network_mode: host
            command: ["sh", "-c", "dockerd --host=tcp://127.0.0.1 & wait"]
        `,
    },
    {
      bad: `
        services:
          engine:
            image: docker:29.1-dind
            environment:
              DOCKER_TLS_CERTDIR: ""
            command: ["--host=«tcp://0.0.0.0:2375»"]
          job:
            image: acme/job:1.2.3
            environment:
              - DOCKER_HOST=«tcp://engine:2375»
        `,
      fixed: `
        services:
          engine:
            image: docker:29.1-dind
            environment:
              DOCKER_TLS_CERTDIR: ""
            command: ["--host=tcp://127.0.0.1:2375"]
          job:
            image: acme/job:1.2.3
            environment:
              - DOCKER_HOST=tcp://engine:2376
              - DOCKER_TLS_VERIFY=1
              - DOCKER_CERT_PATH=/certs/client
        `,
      severity: "warning",
      note: "inside of the project",
    },
    {
      bad: `
        services:
          job:
            image: acme/job:1.2.3
            environment:
              DOCKER_HOST: «tcp://build.example.com:2375»
          engine:
            image: docker:29.1-dind
            network_mode: host
            environment:
              «DOCKER_TLS_CERTDIR»: ""
        `,
      fixed: `
        services:
          job:
            image: acme/job:1.2.3
            environment:
              DOCKER_HOST: tcp://build.example.com:2376
              DOCKER_TLS_VERIFY: "1"
              DOCKER_CERT_PATH: /certs/client
          engine:
            image: docker:29.1-dind
            network_mode: host
            environment: {}
        `,
    },
    {
      good: `
        services:
          engine:
            image: docker:29.1-dind
            ports: ["127.0.0.1:2376:2376"]
          job:
            image: acme/job:1.2.3
            environment:
              DOCKER_HOST: tcp://engine:2376
              DOCKER_TLS_VERIFY: "1"
          other:
            image: acme/job:1.2.3
            environment: { DOCKER_HOST: "unix:///var/run/docker.sock" }
        `,
      note: "TLS with certificates, and the local socket",
    },
    {
      good: `
        services:
          docker-proxy:
            image: tecnativa/docker-socket-proxy:v0.4.2
            environment: { CONTAINERS: 1 }
          job:
            image: acme/job:1.2.3
            environment:
              - DOCKER_HOST=tcp://docker-proxy:2375
          other:
            image: acme/job:1.2.3
            environment:
              - DOCKER_HOST=tcp://\${ENGINE}:2375
        `,
      note: "a socket proxy; a host that nobody knows",
    },
    {
      good: `
        services:
          engine:
            image: acme/engine:1.2.3
            command: dockerd -H tcp://0.0.0.0:2376 --tlsverify --tlscacert=/ca.pem
            ports: ["127.0.0.1:2375:2375", "12375:80"]
            expose: [2375]
        `,
    },
  ],
  check: { port: reportPort, command: reportListening, variable: reportVariable },
});
