/** What templates can ask for. */
import type { ServiceChoices } from "./choices";

export type View = Readonly<Record<string, string | boolean>>;

export interface Surroundings {
  /** Between the words of names of networks and volumes. */
  readonly separator: "-" | "_";
  /** The gateway's port on the host. */
  readonly port: number;
  /** The compose file that the services stand in. */
  readonly compose: string;
}

export function viewOf(choices: ServiceChoices, { separator, port, compose }: Surroundings): View {
  const { name, language, database, broker, gateway, manifests, ci } = choices;
  const words = name.split("-");
  const pascal = words.map((w) => w.slice(0, 1).toUpperCase() + w.slice(1)).join("");
  const snake = words.join("_");
  return {
    name,
    snake,
    pascal,
    camel: pascal.slice(0, 1).toLowerCase() + pascal.slice(1),
    flat: words.join(""),
    upper: snake.toUpperCase(),
    separator,
    port: String(port),
    compose,
    typescript: language === "typescript",
    python: language === "python",
    go: language === "go",
    java: language === "java",
    postgres: database === "postgres",
    mysql: database === "mysql",
    redis: database === "redis",
    database: database !== "none",
    sql: database === "postgres" || database === "mysql",
    kafka: broker === "kafka",
    rabbitmq: broker === "rabbitmq",
    broker: broker !== "none",
    accounts: database !== "none" || broker !== "none",
    gateway,
    kubernetes: manifests === "kubernetes",
    helm: manifests === "helm",
    manifests: manifests !== "none",
    github: ci === "github",
    gitlab: ci === "gitlab",
    ci: ci !== "none",
  };
}
