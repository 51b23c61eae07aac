/** Long-running programs, and what starts them when a container starts. */
import type { Command, Located, Stage } from "../../engine/index";
import { startCommands } from "./stages";

/** Programs whose purpose is to run several others. */
const supervisors =
  /^(?:supervisord|runsvdir|runit|runit-init|circusd|s6-svscan|forego|foreman|honcho|overmind|monit)$/;
export const supervisorPackages = /^(?:supervisor|runit|s6|s6-overlay|circus|monit|honcho)$/;

export type DaemonKind = "web" | "php" | "database" | "cache" | "broker" | "cron" | "ssh" | "mail";

export const daemons: readonly { readonly kind: DaemonKind; readonly names: RegExp; readonly packages: RegExp }[] = [
  {
    kind: "web",
    names: /^(?:nginx|apache2|apache2ctl|apachectl|apache2-foreground|httpd|lighttpd|caddy)$/,
    packages: /^(?:nginx|apache2|httpd|lighttpd|caddy)$/,
  },
  { kind: "php", names: /^php-fpm[\d.]*$|^php[\d.]*-fpm$/, packages: /^php[\d.]*-fpm[\d.]*$/ },
  {
    kind: "database",
    names: /^(?:mysql|mysqld|mysqld_safe|mariadb|mariadbd|mariadbd-safe|postgres|postgresql|mongod)$/,
    packages: /^(?:(?:mysql|mariadb)-server(?:-[\d.]+)?|postgresql(?:-?\d+)?(?:-server)?|mongodb-org(?:-server)?)$/,
  },
  {
    kind: "cache",
    names: /^(?:redis|redis-server|valkey-server|memcached)$/,
    packages: /^(?:redis-server|valkey-server|memcached)$/,
  },
  {
    kind: "broker",
    names: /^(?:rabbitmq-server|mosquitto|activemq|beanstalkd)$/,
    packages: /^(?:rabbitmq-server|mosquitto|activemq|beanstalkd)$/,
  },
  { kind: "cron", names: /^(?:cron|crond|anacron)$/, packages: /^(?:cron|cronie|dcron)$/ },
  { kind: "ssh", names: /^(?:ssh|sshd|dropbear)$/, packages: /^(?:openssh-server|dropbear)$/ },
  { kind: "mail", names: /^(?:postfix|exim4?|dovecot)$/, packages: /^(?:postfix|exim4|dovecot-core)$/ },
];

/** Programs that usually are the service itself. */
const applications = /^(?:node|java|gunicorn|uvicorn|uwsgi|puma|celery|dotnet|php|python[\d.]*|ruby)$/;

export interface Daemon {
  readonly at: Located;
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
  if (known !== undefined)
    return isProbe || (name === "ssh" && service === undefined)
      ? undefined
      : clientOf(command, { at, kind: known.kind, name, text: known.kind + name });
  if (service !== undefined || script) return { at, kind: name, name, text: name };
  const isApplication = applications.test(name) && command.args.length > 0 && !isProbe;
  return isApplication
    ? { at, kind: "application", name, text: command.words.map((w) => w.source).join(" ") }
    : undefined;
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
export function startedTogether(stage: Stage): readonly Daemon[] {
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

export function supervisor(stage: Stage): Located | undefined {
  for (const command of startCommands(stage)) {
    const word = command.words.find((w) => supervisors.test(w.source.slice(w.source.lastIndexOf("/") + 1)));
    if (word !== undefined && (word === command.program || !word.source.startsWith("-"))) return word;
    const overlay =
      command.program?.text === "/init" && stage.history.some((i) => /s6-overlay|just-containers/.test(i.node.text));
    if (overlay) return command.program;
  }
  return undefined;
}
