/** Texts of snippets in whole files, each at its place. */
import { parse } from "yaml";
import { type Place, snippetFiles } from "../../snippets/index";
import { expand } from "./snippet";

export interface Placed {
  /** The first is the one with the snippet. */
  readonly files: readonly { readonly file: string; readonly text: string }[];
  /** Files that exist beside these. */
  readonly others?: readonly string[];
  /** The files without the snippet, where it is a part only: what is found there is not its fault. */
  readonly around?: readonly { readonly file: string; readonly text: string }[];
}

/** One or several ways to place a text: code may be declarations of a file, members of a class, or statements. */
export function placed(place: Place, text: string): readonly Placed[] {
  switch (place) {
    case "dockerfile":
      return [
        {
          files: [
            { file: "Dockerfile", text },
            { file: ".dockerignore", text: leftOut() },
          ],
          others: unwanted,
        },
      ];
    case "dockerfile-instruction":
      return [partly("Dockerfile", (part) => dockerfileWith(part), text)];
    case "compose-root":
      return [composed(text)];
    case "compose-resource":
      return [composed(`${text}\n${serviceOn(text)}`)];
    case "compose-service":
      return [composed(`services:\n${indented(text, 2)}\n${resourcesOf(text)}`)];
    case "compose-entry":
      return [partOfService(text)];
    case "kubernetes-document":
      return [{ files: [{ file: "deploy/service.yaml", text }] }];
    case "kubernetes-pod":
      return [partly("deploy/service.yaml", (part) => deployment(part, ""), text)];
    case "kubernetes-container":
      return [partly("deploy/service.yaml", (part) => deployment("", part), text)];
    case "dockerignore":
      return [{ files: [{ file: ".dockerignore", text }, wholeContext], others: unwanted }];
    case "dotenv":
      // What an example is forgiven, a file of values is not.
      return [
        {
          files: [
            { file: ".env.example", text },
            { file: "config/service.env", text },
          ],
        },
      ];
    case "daemon-json":
      return [{ files: [{ file: "daemon.json", text }] }];
    default:
      return inCode[place](text).map((whole) => ({ files: [{ file: codeFile[place], text: whole }] }));
  }
}

export type CodePlace = "javascript" | "typescript" | "python" | "go" | "java" | "csharp";

const codeFile: Readonly<Record<CodePlace, string>> = {
  javascript: "src/service.js",
  typescript: "src/service.ts",
  python: "service/main.py",
  go: "service/main.go",
  java: "src/main/java/Service.java",
  csharp: "Service/Program.cs",
};

const inCode: Readonly<Record<CodePlace, (text: string) => readonly string[]>> = {
  javascript: (text) => [text, `async function main() {\n${indented(text, 2)}\n}\n`],
  typescript: (text) => [text, `async function main() {\n${indented(text, 2)}\n}\n`],
  python: (text) => [text, `def main():\n${indented(text, 4)}\n`],
  go: (text) => [text, `package main\n\n${text}\n`, `package main\n\nfunc main() {\n${text}\n}\n`],
  java: (text) => [
    text,
    `class Service {\n${indented(text, 4)}\n}\n`,
    `class Service {\n    void main() throws Exception {\n${indented(text, 8)}\n    }\n}\n`,
  ],
  csharp: (text) => [
    text,
    `class Service\n{\n${indented(text, 4)}\n}\n`,
    `class Service\n{\n    void Main()\n    {\n${indented(text, 8)}\n    }\n}\n`,
  ],
};

export const isCode = (place: Place): place is CodePlace => place in codeFile;

/** As an editor indents what it inserts: empty lines stay empty. */
export function indented(text: string, columns: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(columns));
}

function partly(file: string, whole: (part: string) => string, text: string): Placed {
  return { files: [{ file, text: whole(text) }], around: [{ file, text: whole("") }] };
}

const dockerfileWith = (part: string): string =>
  `# syntax=docker/dockerfile:1\nFROM debian:13-slim\n${part}\nUSER 10001:10001\nENTRYPOINT ["/app/service"]\n`;

const wholeContext = {
  file: "Dockerfile",
  text: `# syntax=docker/dockerfile:1
FROM scratch
ARG REVISION=unknown
LABEL org.opencontainers.image.source="https://github.com/example/service" \\
      org.opencontainers.image.revision="\${REVISION}"
COPY . /app
USER 10001:10001
ENTRYPOINT ["/app/service"]
`,
};

/** The ignore file that snippets of Dockerfiles count on. */
const leftOut = (): string => {
  const all = snippetFiles.flatMap(({ snippets }) => Object.values(snippets));
  return expand(all.find(({ prefix }) => prefix === "bh-dockerignore")?.body ?? []);
};

/** What every ignore file of an image has to leave out. */
export const unwanted: readonly string[] = [
  ".git/config",
  ".env",
  "service/.env.production",
  "id_rsa",
  "certs/server.key",
  "certs/store.p12",
  ".npmrc",
  ".aws/credentials",
  ".kube/config",
  "kubeconfig",
  ".docker/config.json",
  ".ssh/id_ed25519",
  "secrets/db_password.txt",
  "deploy/terraform.tfstate",
];

/** A compose project in a repository that keeps its secrets out of git. */
function composed(text: string): Placed {
  return {
    files: [
      { file: "compose.yaml", text },
      { file: ".gitignore", text: "secrets/\n.env\n" },
    ],
  };
}

/** What a service says that nobody complains about, by key. */
const serviceEntries: Readonly<Record<string, string>> = {
  image: "ghcr.io/example/service:1.4.2",
  user: '"10001:10001"',
  restart: "on-failure:5",
  read_only: "true",
  tmpfs: '["/tmp:size=16m,mode=1777"]',
  cap_drop: "[ALL]",
  security_opt: '["no-new-privileges:true"]',
  deploy: '{ resources: { limits: { memory: 256M, cpus: "0.50", pids: 100 } } }',
  logging: '{ driver: json-file, options: { max-size: 10m, max-file: "3" } }',
  healthcheck: '{ test: ["CMD", "/service", "-probe"], interval: 15s, timeout: 3s, retries: 3 }',
};

/** Such a service with the text, which replaces what has the same key. */
function partOfService(text: string): Placed {
  const own = new Set(Object.keys(parse(text) as object));
  const others = Object.entries(serviceEntries).filter(([key]) => !own.has(key));
  const service = `service:\n${others.map(([key, value]) => `  ${key}: ${value}\n`).join("")}${indented(text, 2)}\n`;
  return composed(`services:\n${indented(service, 2)}${resourcesOf(service)}`);
}

/** A service on every network, with every secret and volume that the text declares. */
function serviceOn(text: string): string {
  const root = (parse(text) ?? {}) as Record<string, Record<string, unknown>>;
  const names = (key: string): string => JSON.stringify(Object.keys(root[key] ?? {}));
  const volumes = Object.keys(root["volumes"] ?? {}).map((name) => `${name}:/data/${name}`);
  const resources = [
    `networks: ${names("networks")}`,
    `secrets: ${names("secrets")}`,
    `configs: ${names("configs")}`,
    `volumes: ${JSON.stringify(volumes)}`,
  ];
  return `services:\n  service:\n${[
    ...Object.entries(serviceEntries).map(([key, value]) => `${key}: ${value}`),
    ...resources,
  ]
    .map((line) => `    ${line}\n`)
    .join("")}`;
}

/** The networks, secrets, configs and volumes that services name; only `edge` has a way out. */
function resourcesOf(text: string): string {
  const services = Object.values((parse(text) ?? {}) as Record<string, Record<string, unknown>>);
  const used = (key: string): readonly string[] => [...new Set(services.flatMap((s) => namesIn(s[key])))];
  const block = (key: string, names: readonly string[], of: (name: string) => string): string =>
    names.length === 0 ? "" : `${key}:\n${names.map((name) => `  ${name}: ${of(name)}\n`).join("")}`;
  const volumes = used("volumes").flatMap((v) => /^([A-Za-z0-9][\w.-]*)(?::|$)/.exec(v)?.[1] ?? []);
  return [
    block("networks", used("networks"), (name) => (name === "edge" ? "{}" : "{ internal: true }")),
    block("secrets", used("secrets"), (name) => `{ file: ./secrets/${name}.txt }`),
    block("configs", used("configs"), (name) => `{ file: ./config/${name}.conf }`),
    block("volumes", [...new Set(volumes)], () => "{}"),
  ].join("");
}

function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => (typeof item === "string" ? item : ((item as { source?: string }).source ?? [])));
  }
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

/** A hardened workload; the parts come after what it says itself, so they must not repeat it. */
function deployment(ofPod: string, ofContainer: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: service
  namespace: shop
  labels: { app.kubernetes.io/name: service }
spec:
  replicas: 2
  selector:
    matchLabels: { app.kubernetes.io/name: service }
  template:
    metadata:
      labels: { app.kubernetes.io/name: service }
    spec:
${indented(ofPod, 6)}
      containers:
        - name: service
          image: ghcr.io/example/service:1.4.2
${indented(ofContainer, 10)}
`;
}
