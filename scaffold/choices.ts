/** What somebody who starts a service can choose. */

export interface ServiceChoices {
  /** Lower-case words joined by hyphens, at most {@link longestName} characters. */
  readonly name: string;
  readonly language: "typescript" | "python" | "go" | "java";
  readonly database: "none" | "postgres" | "mysql" | "redis";
  readonly broker: "none" | "kafka" | "rabbitmq";
  /** A gateway with TLS in front; only it is published. */
  readonly gateway: boolean;
  readonly manifests: "kubernetes" | "helm" | "none";
  readonly ci: "github" | "gitlab" | "none";
}

/** One value of a choice, for people. */
export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  /** One line, no full stop. */
  readonly description: string;
}

/** A DNS label has 63 characters; names such as `NAME-gateway-default-deny` must fit. */
export const longestName = 40;

/** Every value of every choice, the default first where there is one; `language` has none. */
export const choices: {
  readonly [K in Exclude<keyof ServiceChoices, "name">]: readonly Choice<ServiceChoices[K]>[];
} = {
  language: [
    { value: "typescript", label: "TypeScript", description: "Fastify on Node" },
    { value: "python", label: "Python", description: "FastAPI on uvicorn" },
    { value: "go", label: "Go", description: "The standard library's server, on an empty image" },
    { value: "java", label: "Java", description: "Spring Boot" },
  ],
  database: [
    { value: "none", label: "No database", description: "Items are kept in memory" },
    { value: "postgres", label: "PostgreSQL", description: "An account of its own, TLS with a checked certificate" },
    { value: "mysql", label: "MySQL", description: "An account of its own, TLS with a checked certificate" },
    { value: "redis", label: "Redis", description: "A user with few commands, TLS with a checked certificate" },
  ],
  broker: [
    { value: "none", label: "No broker", description: "Nothing is published" },
    { value: "kafka", label: "Kafka", description: "A topic over TLS with a SCRAM login" },
    { value: "rabbitmq", label: "RabbitMQ", description: "A topic exchange over TLS with a login" },
  ],
  gateway: [
    { value: false, label: "No gateway", description: "Others reach the service over its network" },
    { value: true, label: "Gateway", description: "nginx with TLS in front; only it is published" },
  ],
  manifests: [
    { value: "none", label: "No manifests", description: "Compose only" },
    { value: "kubernetes", label: "Kubernetes", description: "Restricted manifests with a kustomization" },
    { value: "helm", label: "Helm", description: "The same manifests as a chart" },
  ],
  ci: [
    { value: "none", label: "No pipeline", description: "Nothing runs by itself" },
    { value: "github", label: "GitHub Actions", description: "Test, check, build and image scan with pinned actions" },
    { value: "gitlab", label: "GitLab CI", description: "Test, check, build and image scan" },
  ],
};

/** The defaults of everything but the name and the language. */
export const defaultChoices: Omit<ServiceChoices, "name" | "language"> = {
  database: "none",
  broker: "none",
  gateway: false,
  manifests: "none",
  ci: "none",
};

/**
 * Why the text is no name of a service, as a sentence; undefined where it is one. Without a language only what is wrong
 * in every one of them.
 */
export function faultOfName(name: string, language?: ServiceChoices["language"]): string | undefined {
  if (name === "") return "A service needs a name.";
  if (!/^[a-z][a-z0-9-]*$/.test(name) || name.endsWith("-") || name.includes("--"))
    return `\`${name}\` is no name for a service: use lower-case letters and digits, words joined by single hyphens, a letter first.`;
  if (name.length > longestName) return `\`${name}\` is too long: a name has at most ${longestName} characters.`;
  const isTaken = reserved.has(name) || (language === "python" && pythonModules.has(name));
  return isTaken ? `\`${name}\` has a meaning of its own: choose a name that says what the service does.` : undefined;
}

/** Words that a language or a repository keeps for itself. */
const reserved: ReadonlySet<string> = new Set(
  (
    "abstract and as assert async await boolean break byte case catch chan char charts class const continue def " +
    "default defer del deploy do docs double elif else enum except extends fallthrough false final finally float " +
    "for from func global go goto if implements import in init instanceof int interface is java lambda localhost " +
    "long main map native new node-modules nonlocal not null or package pass private protected public raise range " +
    "return scripts secrets select short static strictfp struct super switch synchronized test this throw throws " +
    "transient true try type var void volatile while with yield"
  ).split(" "),
);

/** Modules that a package of that name would hide: Python's own, and those that services use. */
const pythonModules: ReadonlySet<string> = new Set(
  (
    "abc aifc aiokafka aiomysql aiopika antigravity anyio argparse array ast asynchat asyncio asyncmy asyncore " +
    "asyncpg atexit audioop base64 bdb binascii bisect builtins bz2 calendar cgi cgitb chunk click cmath cmd code " +
    "codecs codeop collections colorsys compileall concurrent configparser contextlib contextvars copy copyreg " +
    "crypt cryptography csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email " +
    "encodings ensurepip errno fastapi faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc " +
    "genericpath getopt getpass gettext glob graphlib grp gzip h11 hashlib heapq hmac html http httpx idlelib " +
    "idna imaplib imghdr imp importlib inspect io ipaddress itertools json jwt keyword lib2to3 linecache locale " +
    "logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc " +
    "nis nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev pamqp pathlib pdb pickle " +
    "pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats psycopg pty pwd " +
    "pyclbr pydantic pydoc pyexpat pymysql pytest queue quopri random re readline redis reprlib resource " +
    "rlcompleter runpy sched selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver " +
    "spwd sqlite3 ssl starlette stat statistics string stringprep subprocess sunau symtable sys sysconfig syslog " +
    "tabnanny tarfile telnetlib tempfile termios tests textwrap threading time timeit tkinter token tokenize " +
    "tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid " +
    "uvicorn venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile " +
    "zipimport zlib zoneinfo"
  ).split(" "),
);
