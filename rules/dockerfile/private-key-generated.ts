import { Run, rule, type Command, type Instruction, type Span } from "../../engine/index";
import { isCarriedOn, removes } from "../shared/image-files";
import { absoluteAt } from "../shared/container-paths";

/** What a command makes: in words for the message, and where it puts it. */
interface Made {
  readonly what: string;
  readonly at: Span;
  /** As written; where none is known, what the program makes by itself. */
  readonly files: readonly string[];
}

const valueAfter = ({ args }: Command, ...options: readonly string[]): string | undefined => {
  const at = args.findIndex((a) => options.includes(a.source));
  return at < 0 ? undefined : args[at + 1]?.source;
};
const has = ({ args }: Command, ...options: readonly string[]): boolean => args.some((a) => options.includes(a.source));

/** From the manuals of each program: what makes a new key, not what reads or converts one. */
const makers: Readonly<Record<string, (command: Command) => string | undefined>> = {
  openssl(command) {
    const verb = command.args[0]?.source ?? "";
    if (verb === "genrsa" || verb === "gendsa") return "a private key";
    if (verb === "genpkey") return has(command, "-genparam") ? undefined : "a private key";
    if (verb === "ecparam") return has(command, "-genkey") ? "a private key" : undefined;
    if (verb !== "req") return undefined;
    return has(command, "-newkey") || (has(command, "-new", "-x509") && !has(command, "-key"))
      ? "a private key"
      : undefined;
  },
  "ssh-keygen"(command) {
    const others = command.args.some((a) => /^-[a-zA-Z]*[lyRFHieBpcQDLsKMYI]/.test(a.source));
    const makes = has(command, "-A") || !others;
    return makes && command.args.length > 0 ? "SSH keys" : undefined;
  },
  keytool: (command) =>
    has(command, "-genkey", "-genkeypair", "-genseckey") ? "a key store with a private key" : undefined,
  mkcert: (command) =>
    command.args.some((a) => !a.source.startsWith("-"))
      ? "a private key"
      : has(command, "-install")
        ? "a certificate authority"
        : undefined,
  gpg: (command) =>
    command.args.some((a) => /^--(?:quick-|full-)?gen(?:erate)?-key$/.test(a.source)) ? "a GPG key" : undefined,
  gpg2: (command) => makers["gpg"]?.(command),
  htpasswd: (command) => (command.args.some((a) => /^-[a-zA-Z]*b/.test(a.source)) ? "a login" : undefined),
  php: (command) => (has(command, "key:generate") && !has(command, "--show") ? "the application's key" : undefined),
  rails: (command) => (command.args[0]?.source === "secret" && writes(command) ? "the application's key" : undefined),
  rake: (command) => (command.args[0]?.source === "secret" && writes(command) ? "the application's key" : undefined),
  certtool: (command) => (has(command, "--generate-privkey", "-p") ? "a private key" : undefined),
  wg: (command) => (command.args[0]?.source === "genkey" && writes(command) ? "a private key" : undefined),
};

const writes = (command: Command): boolean =>
  command.pipeline.some((c) => c.redirects.some((r) => /^1?>/.test(r.operator)) || c.name === "tee");

function made(command: Command): Made | undefined {
  const what = Object.hasOwn(makers, command.name) ? makers[command.name]?.(command) : undefined;
  const { program } = command;
  if (what === undefined || program === undefined) return undefined;
  const [first] = command.args;
  const at = { start: program.start, end: command.name === "openssl" ? (first ?? program).end : program.end };
  const written = valueAfter(command, "-keyout", "-out", "-f", "-keystore", "--outfile", "-key-file");
  const redirected = command.redirects.find((r) => /^1?>/.test(r.operator))?.target?.source;
  const file = written ?? redirected;
  if (file !== undefined) return { what, at, files: [file] };
  return {
    what,
    at,
    files: command.name === "ssh-keygen" ? ["/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_ed25519_key"] : [],
  };
}

/** Whether every container gets it: the stage ships, or a stage that does copies it. */
function isShared({ files }: Made, place: Instruction): boolean {
  const { stage } = place;
  return stage?.shipped === true || files.some((f) => isCarriedOn(stage, absoluteAt(place, f)));
}

export default rule({
  id: "dockerfile/private-key-generated",
  kind: "dockerfile",
  severity: "warning",
  principle: "secrets",
  summary: "A private key is generated while the image is built",
  why: `A key that a build step makes is in the image, and every container that runs it has the same. Whoever pulls the image has it
too, and can read the TLS traffic of all of them or pose as the server that their clients trust. Make keys when the container
starts (in its entrypoint, where none is there yet), or let the orchestrator or a certificate authority hand them out.`,
  refs: ["CWE-321", "CWE-1394"],
  covers: [],
  fix: "none",
  examples: [
    {
      bad: "FROM alpine:3.23\nRUN mkdir /tls && «openssl req» -x509 -nodes -newkey rsa:4096 -subj /CN=shop -keyout /tls/key.pem -out /tls/cert.pem\n",
    },
    { bad: "FROM alpine:3.23\nRUN «ssh-keygen» -A\n" },
    {
      bad: "FROM alpine:3.23 AS certs\nWORKDIR /certs\nRUN «openssl genrsa» -out shop.key 4096\nFROM alpine:3.23\nCOPY --from=certs /certs /etc/tls\n",
      note: "made in a build stage, and copied on",
    },
    { bad: "FROM eclipse-temurin:25-jre\nRUN «keytool» -genkeypair -alias shop -keyalg RSA -keystore /app/shop.p12\n" },
    {
      good: "FROM alpine:3.23 AS test\nRUN openssl genrsa -out /t/test.key 2048\nFROM alpine:3.23\n",
      note: "left in a build stage",
    },
    {
      good: "FROM alpine:3.23\nRUN openssl dgst -sha256 a && openssl dhparam -out /dh.pem 2048 && openssl rsa -in k -pubout -out p\n",
    },
    {
      good: "FROM alpine:3.23\nRUN openssl req -x509 -key /run/secrets/ca -subj /CN=shop -out /tls/cert.pem\n",
      note: "with a key from elsewhere",
    },
    { good: "FROM eclipse-temurin:25-jre\nRUN keytool -importcert -noprompt -cacerts -file /ca.crt\n" },
    {
      good: "FROM alpine:3.23\nRUN ssh-keygen -lf /k.pub && ssh-keygen -R host && ssh-keygen -A && rm -f /etc/ssh/ssh_host_*_key*\n",
      note: "deleted again",
    },
    {
      good: 'FROM alpine:3.23\nENTRYPOINT ["sh", "-c", "ssh-keygen -A && exec ./server"]\n',
      note: "when the container starts",
    },
  ],
  check: {
    command(command, instruction, report) {
      if (!(instruction instanceof Run)) return;
      const found = made(command);
      if (found === undefined || !isShared(found, instruction)) return;
      const isGone = (file: string): boolean =>
        instruction.commands.some((c) => c.start > command.start && removes(c, file, instruction));
      if (found.files.length > 0 && found.files.every(isGone)) return;
      report(found.at, `The build makes ${found.what}: every container of the image has the same`);
    },
  },
});
