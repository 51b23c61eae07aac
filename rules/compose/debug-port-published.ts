import { rule } from "../../engine/index";
import { debuggerOn } from "../shared/compose/debug-ports";
import { listeningServer } from "../shared/compose/listening-server";
import {
  closings,
  falseCureIn,
  isNarrow,
  numberOf,
  publicationOf,
  severityOf,
  tcpTargets,
} from "../shared/compose/ports";
import { planeOf } from "../shared/images/services";

export default rule({
  id: "compose/debug-port-published",
  kind: "compose",
  severity: "warning",
  principle: "exposure",
  summary: "The port of a debugger published to other machines",
  why: `A debugger asks for no password and runs whatever it is told inside the program: one \`Runtime.exec\` over JDWP, or one line
typed into Node's inspector, is a shell with the program's rights and secrets. Scanners look for these ports. Bind the port to
127.0.0.1, where the editor of the same machine still finds it, and keep it in a file that only serves development.`,
  refs: ["CWE-489", "CWE-668"],
  covers: [],
  fix: "safe",
  yieldsTo: ["compose/docker-api-over-tcp", "compose/published-database-port", "compose/published-admin-port"],
  examples: [
    {
      bad: `
        services:
          api:
            image: acme/api:1.2.3
            ports:
              - "3000:3000"
              - «"9229:9229"»
              - «9230»
          shop:
            image: acme/shop:1.2.3
            ports: ["8080:8080", {target: 5005, published: «5005»}]
        `,
      fixed: `
        services:
          api:
            image: acme/api:1.2.3
            ports:
              - "3000:3000"
              - "127.0.0.1:9229:9229"
              - 127.0.0.1::9230
          shop:
            image: acme/shop:1.2.3
            ports: ["8080:8080", {target: 5005, published: 5005, host_ip: 127.0.0.1}]
        `,
    },
    {
      bad: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              - JAVA_TOOL_OPTIONS=-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:8000
            ports:
              - «8000:8000»
              - 8080:8080
        `,
      fixed: `
        services:
          shop:
            image: acme/shop:1.2.3
            environment:
              - JAVA_TOOL_OPTIONS=-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:8000
            ports:
              - 127.0.0.1:8000:8000
              - 8080:8080
        `,
      note: "the service says where its debugger listens",
    },
    {
      bad: `
        services:
          old:
            image: acme/old:1.2.3
            command: ["catalina.sh", "jpda", "run"]
            ports: [«"18000:8000"»]
        `,
      fixed: `
        services:
          old:
            image: acme/old:1.2.3
            command: ["catalina.sh", "jpda", "run"]
            ports: ["127.0.0.1:18000:8000"]
        `,
      note: "Tomcat's own way",
    },
    {
      bad: "services:\n  api:\n    ports:\n      - «'9229:9229'»\n-- compose.yaml --\nservices:\n  api:\n    image: acme/api:1.2.3\n",
      fixed: "services:\n  api:\n    ports:\n      - '127.0.0.1:9229:9229'\n",
      file: "compose.override.yaml",
      severity: "info",
      note: "a file of development",
    },
    {
      bad: "services:\n  web:\n    image: acme/web:1.2.3\n    ports: ['3000:3000', «'35729:35729'»]\n",
      fixed: "services:\n  web:\n    image: acme/web:1.2.3\n    ports: ['3000:3000', '127.0.0.1:35729:35729']\n",
      severity: "hint",
      note: "LiveReload tells what changes, and runs nothing",
    },
    {
      good: "services:\n  api:\n    image: acme/api:1.2.3\n    ports: ['127.0.0.1:9229:9229', '9229:3000', '8000:8000', '8787:8787', '9229:9229/udp']\n",
    },
    {
      good: `
        services:
          bot:
            image: acme/bot:1.2.3
            environment:
              PORT: 5005
            ports: ["5005:5005"]
          web:
            image: acme/web:1.2.3
            environment:
              SEARCH_URL: http://search:5678
          search:
            image: acme/search:1.2.3
            ports: ["5678:5678"]
        `,
      note: "the programs' own ports",
    },
    {
      good: "services:\n  files:\n    image: acme/files:1.2.3\n    ports: ['30000-40100:30000-40100']\n",
      note: "a range holds it by chance",
    },
    {
      good: "services:\n  flows:\n    image: n8nio/n8n:1.120.4\n    ports: ['5678:5678']\n",
      note: "the console of n8n: a rule of its own",
    },
  ],
  check: {
    port(port, service, report, context) {
      const publication = isNarrow(port) ? publicationOf(port, service) : undefined;
      if (publication === undefined) return;
      const server = listeningServer(service, context);
      const isKnown = (n: number): boolean => server !== undefined && planeOf(server, n, "tcp") !== undefined;
      const [target] = tcpTargets(port, (n) => !isKnown(n) && debuggerOn(service, n) !== undefined);
      const what = target === undefined ? undefined : debuggerOn(service, target);
      if (target === undefined || what === undefined) return;
      const message = `${service.name} publishes port ${numberOf(port, target)}, that of ${what}, ${publication.where}`;
      report(publication.at, message + falseCureIn(publication), {
        severity: severityOf(publication, what === "LiveReload" ? "hint" : "warning"),
        fix: () => closings(publication, context),
      });
    },
  },
});
