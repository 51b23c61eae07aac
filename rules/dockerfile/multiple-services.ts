import { rule, type Command, type Located, type Run, type Severity, type Span, type Stage } from "../../engine/index";
import { languageCommand } from "../shared/language-packages";
import { packageCommand, packageName } from "../shared/packages";
import { isDevelopmentStage, runsOf, startCommands } from "../shared/stages";

/** Programs whose purpose is to run several others. */
const supervisors = /^(?:supervisord|runsvdir|runit|runit-init|circusd|s6-svscan|forego|foreman|honcho|overmind|monit)$/;
const supervisorPackages = /^(?:supervisor|runit|s6|s6-overlay|circus|monit|honcho)$/;

type Kind = "web" | "php" | "database" | "cache" | "broker" | "cron" | "ssh" | "mail";

const daemons: readonly { readonly kind: Kind; readonly names: RegExp; readonly packages: RegExp }[] = [
  { kind: "web", names: /^(?:nginx|apache2|apache2ctl|apachectl|apache2-foreground|httpd|lighttpd|caddy)$/, packages: /^(?:nginx|apache2|httpd|lighttpd|caddy)$/ },
  { kind: "php", names: /^php-fpm[\d.]*$|^php[\d.]*-fpm$/, packages: /^php[\d.]*-fpm[\d.]*$/ },
  {
    kind: "database",
    names: /^(?:mysql|mysqld|mysqld_safe|mariadb|mariadbd|mariadbd-safe|postgres|postgresql|mongod)$/,
    packages: /^(?:(?:mysql|mariadb)-server(?:-[\d.]+)?|postgresql(?:-?\d+)?(?:-server)?|mongodb-org(?:-server)?)$/,
  },
  { kind: "cache", names: /^(?:redis|redis-server|valkey-server|memcached)$/, packages: /^(?:redis-server|valkey-server|memcached)$/ },
  { kind: "broker", names: /^(?:rabbitmq-server|mosquitto|activemq|beanstalkd)$/, packages: /^(?:rabbitmq-server|mosquitto|activemq|beanstalkd)$/ },
  { kind: "cron", names: /^(?:cron|crond|anacron)$/, packages: /^(?:cron|cronie|dcron)$/ },
  { kind: "ssh", names: /^(?:ssh|sshd|dropbear)$/, packages: /^(?:openssh-server|dropbear)$/ },
  { kind: "mail", names: /^(?:postfix|exim4?|dovecot)$/, packages: /^(?:postfix|exim4|dovecot-core)$/ },
];

/** Programs that usually are the service itself. */
const applications = /^(?:node|java|gunicorn|uvicorn|uwsgi|puma|celery|dotnet|php|python[\d.]*|ruby)$/;

interface Daemon {
  readonly at: Span;
  readonly kind: string;
  readonly name: string;
  /** Tells one from another: the program, of an application its arguments too. */
  readonly text: string;
}

/** The long-running program that a start command starts, `service x start` included. */
function started(command: Command): Daemon | undefined {
  const program = command.program;
  if (program?.text === undefined) return undefined;
  const [first, second] = command.args;
  const starts = (word: { source: string } | undefined): boolean => /^(?:re)?start$/.test(word?.source ?? "");
  const script = /\/init\.d\/[\w.-]+$/.test(program.text) && starts(first);
  const service = command.name === "service" && first !== undefined && starts(second) ? first : undefined;
  const at = service ?? program;
  const name = service?.source ?? command.name;
  const isProbe = command.args.some((a) => /^(?:-t|-v|-V|--version|--help|-T|stop|configtest)$/.test(a.source));
  const known = daemons.find((d) => d.names.test(name));
  if (known !== undefined) return isProbe || (name === "ssh" && service === undefined) ? undefined : clientOf(command, { at, kind: known.kind, name, text: known.kind + name });
  if (service !== undefined || script) return { at, kind: name, name, text: name };
  const isApplication = applications.test(name) && command.args.length > 0 && !isProbe;
  return isApplication ? { at, kind: "application", name, text: command.words.map((w) => w.source).join(" ") } : undefined;
}

/** `mysql`, `mariadb` and `redis` alone are clients; as names of services they are servers. */
const clientOf = (command: Command, daemon: Daemon): Daemon | undefined =>
  command.name !== "service" && /^(?:mysql|mariadb|postgresql|redis)$/.test(command.name) ? undefined : daemon;

/** Servers go to the background by themselves unless they are told not to. */
const staysInFront = ({ args }: Command, kind: string): boolean =>
  args.some(({ source }) => {
    if (/daemon off|^-DFOREGROUND$|^(?:-F|--nodaemonize|--foreground|FOREGROUND)$/.test(source)) return true;
    return (kind === "ssh" && source === "-D") || (kind === "cron" && source === "-f");
  });

/** What runs at once when the container starts: what goes to the background, and the last one. */
function startedTogether(stage: Stage): readonly Daemon[] {
  const commands = startCommands(stage).filter((c) => c.position === "script" || c.position === "nested");
  const found = commands.flatMap((command, i) => {
    const daemon = started(command);
    if (daemon === undefined) return [];
    const isLast = i === commands.length - 1;
    const forks = command.background || command.name === "service" || /\/init\.d\//.test(command.program?.source ?? "");
    const returns = daemon.kind !== "application" && !staysInFront(command, daemon.kind);
    return forks || isLast || returns ? [daemon] : [];
  });
  return found.filter((d, i) => found.findIndex((o) => o.text === d.text) === i);
}

function supervisor(stage: Stage): Located | undefined {
  for (const command of startCommands(stage)) {
    const word = command.words.find((w) => supervisors.test(w.source.slice(w.source.lastIndexOf("/") + 1)));
    if (word !== undefined && (word === command.program || !word.source.startsWith("-"))) return word;
    const overlay = command.program?.text === "/init" && stage.history.some((i) => /s6-overlay|just-containers/.test(i.node.text));
    if (overlay) return command.program;
  }
  return undefined;
}

function installed(run: Run): readonly { at: Span; name: string }[] {
  return run.commands.flatMap((command) => {
    const found = packageCommand(command);
    const language = found === undefined ? languageCommand(command) : undefined;
    const words = found?.verb === "install" ? found.packages : language?.action === "add" ? language.packages : [];
    return words.map((word) => ({ at: word, name: (found === undefined ? word.text?.replace(/[=<>~@].*$/, "") : packageName(found.manager, word)) ?? "" }));
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
    { bad: 'FROM debian:13-slim\nCOPY app.conf /etc/\nUSER 10001\nCMD [«"/usr/bin/supervisord"», "-c", "/etc/app.conf"]\n' },
    { bad: "FROM debian:13-slim\nUSER 10001\nCMD service nginx start && service «redis-server» start && tail -f /dev/null\n" },
    { bad: "FROM node:24-slim\nUSER node\nCMD redis-server --daemonize yes && «node» server.js\n" },
    { bad: "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends nginx «mariadb-server» && rm -rf /var/lib/apt/lists/*\n" },
    { bad: 'FROM debian:13-slim\nUSER 10001\nCMD ["sh", "-c", "php-fpm -D && «nginx» -g \'daemon off;\'"]\n', severity: "hint", note: "a web server and its PHP" },
    { good: 'FROM alpine:3.23\nENTRYPOINT ["tini", "--"]\nCMD ["nginx", "-g", "daemon off;"]\n', note: "an init is no second service" },
    { good: "FROM debian:13-slim\nCMD nginx -t && rsyslogd & exec nginx -g 'daemon off;'\n", note: "a log forwarder" },
    { good: "FROM debian:13-slim\nRUN apt-get install -y nginx postgresql-client redis-tools && pip install redis\nCMD python manage.py migrate && python manage.py runserver\n", note: "clients, and one after the other" },
    { good: "FROM debian:13-slim AS test\nCMD service nginx start && service redis-server start && npm test\n" },
    { good: 'FROM debian:13-slim\nRUN echo "supervisord" && service nginx start && service mysql start\nCMD ["/app"]\n', note: "nothing of it runs in the container" },
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
      if (supervising !== undefined) return report(supervising.at, `${supervising.name} is there to run several services in one container`);
      const servers = packages.flatMap((p) => daemons.filter((d) => d.packages.test(p.name)).map(({ kind }) => ({ ...p, kind })));
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
