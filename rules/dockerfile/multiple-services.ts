import { rule, type Run, type Severity, type Span } from "../../engine/index";
import { daemons, startedTogether, supervisor, supervisorPackages } from "../shared/daemons";
import { languageCommand } from "../shared/language-packages";
import { packageCommand, packageName } from "../shared/packages";
import { isDevelopmentStage, runsOf } from "../shared/stages";

function installed(run: Run): readonly { at: Span; name: string }[] {
  return run.commands.flatMap((command) => {
    const found = packageCommand(command);
    const language = found === undefined ? languageCommand(command) : undefined;
    const words = found?.verb === "install" ? found.packages : language?.action === "add" ? language.packages : [];
    return words.map((word) => ({
      at: word,
      name: (found === undefined ? word.text?.replace(/[=<>~@].*/s, "") : packageName(found.manager, word)) ?? "",
    }));
  });
}

const isPhpPair = (kinds: ReadonlySet<string>): boolean => kinds.size === 2 && kinds.has("web") && kinds.has("php");

export default rule({
  id: "dockerfile/multiple-services",
  kind: "dockerfile",
  severity: "info",
  principle: "isolation",
  summary: "Several services in one container",
  why: `What shares a container shares files, users, network and secrets: a flaw in the cron job or the SSH server is a flaw in the
database beside it. An attacker also hides longer, since the platform sees one healthy supervisor whatever dies below it. Give each
service an image of its own, and let the orchestrator start, watch and limit them.`,
  refs: [],
  covers: [],
  fix: "none",
  examples: [
    {
      bad: 'FROM debian:13-slim\nCOPY app.conf /etc/\nUSER 10001\nCMD [«"/usr/bin/supervisord"», "-c", "/etc/app.conf"]\n',
    },
    {
      bad: "FROM debian:13-slim\nUSER 10001\nCMD service nginx start && service «redis-server» start && tail -f /dev/null\n",
    },
    { bad: "FROM node:24-slim\nUSER node\nCMD redis-server --daemonize yes && «node» server.js\n" },
    {
      bad: "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends nginx «mariadb-server» && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      bad: 'FROM debian:13-slim\nUSER 10001\nCMD ["sh", "-c", "php-fpm -D && «nginx» -g \'daemon off;\'"]\n',
      severity: "hint",
      note: "a web server and its PHP",
    },
    {
      good: 'FROM alpine:3.23\nENTRYPOINT ["tini", "--"]\nCMD ["nginx", "-g", "daemon off;"]\n',
      note: "an init is no second service",
    },
    { good: "FROM debian:13-slim\nCMD nginx -t && rsyslogd & exec nginx -g 'daemon off;'\n", note: "a log forwarder" },
    {
      good: "FROM debian:13-slim\nRUN apt-get install -y nginx postgresql-client redis-tools && pip install redis\nCMD python manage.py migrate && python manage.py runserver\n",
      note: "clients, and one after the other",
    },
    { good: "FROM debian:13-slim AS test\nCMD service nginx start && service redis-server start && npm test\n" },
    {
      good: 'FROM debian:13-slim\nRUN echo "supervisord" && service nginx start && service mysql start\nCMD ["/app"]\n',
      note: "nothing of it runs in the container",
    },
  ],
  check: {
    shippedStage(stage, report, context) {
      if (isDevelopmentStage(stage, context.file)) return;
      const runs = supervisor(stage);
      if (runs !== undefined) return report(runs, "The container runs several services below one supervisor");
      const together = startedTogether(stage);
      const kinds = new Set(together.map((d) => d.kind));
      const [first, second] = together;
      if (first !== undefined && second !== undefined) {
        const severity: Severity = isPhpPair(kinds) ? "hint" : "info";
        const related = [{ file: context.file, span: first.at, note: `${first.name} starts here` }];
        return report(second.at, `${second.name} runs beside ${first.name} in one container`, { severity, related });
      }
      const packages = runsOf(stage).flatMap(installed);
      const supervising = packages.find((p) => supervisorPackages.test(p.name));
      if (supervising !== undefined)
        return report(supervising.at, `${supervising.name} is there to run several services in one container`);
      const servers = packages.flatMap((p) =>
        daemons.filter((d) => d.packages.test(p.name)).map(({ kind }) => ({ ...p, kind })),
      );
      const other = servers.find((s) => s.kind !== servers[0]?.kind);
      const [one] = servers;
      if (one === undefined || other === undefined) return;
      report(other.at, `${other.name} and ${one.name} are services of their own, installed into one image`, {
        severity: isPhpPair(new Set(servers.map((s) => s.kind))) ? "hint" : "info",
        related: [{ file: context.file, span: one.at, note: `${one.name} is installed here` }],
      });
    },
  },
});
