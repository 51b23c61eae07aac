/** Consoles of clusters, databases and tools: what stands behind a Service's port, and whether it asks for a login. */
import { parseReference, type UnitPod } from "../../../engine/index";
import { planeOf, type ServiceImage, serviceImage } from "../images/services";
import { imagesOf } from "./exposure";

export interface Console {
  readonly name: string;
  /** It asks nobody who they are unless it is told to. */
  readonly isOpen: boolean;
}

interface Named extends Console {
  readonly services: RegExp;
}

const row = (services: string, name: string, isOpen: boolean): Named => ({
  name,
  isOpen,
  services: new RegExp(
    `^(?:[\\w-]{1,40}-)?(?:${services})(?:-(?:server|web|ui|app|http|service|svc|headless|nodeport|lb|external|public))?$`,
  ),
});

/** By the names that their own manifests and charts give to Services (2026-08). */
const known: readonly Named[] = [
  row("kubernetes-dashboard(?:-(?:web|kong-proxy))?", "Kubernetes Dashboard", true),
  row("weave-scope", "Weave Scope", true),
  row("kubeflow-dashboard|centraldashboard", "Kubeflow", true),
  row("argo(?:-workflows)?-server", "Argo Workflows", true),
  row("prometheus(?:-k8s|-operated)?", "Prometheus", true),
  row("alertmanager(?:-main|-operated)?", "Alertmanager", true),
  row("redis-commander", "Redis Commander", true),
  row("mongo-express", "mongo-express", false),
  row("jaeger-query", "Jaeger", true),
  row("kafka-ui|kafdrop|akhq", "the console of Kafka", true),
  row("kube-ops-view", "kube-ops-view", true),
  row("hubble-ui", "Hubble", true),
  row("longhorn-frontend", "Longhorn", true),
  row("ray-head|raycluster-[\\w-]{1,40}-head", "Ray", true),
  row("mlflow(?:-tracking)?", "MLflow", true),
  row("ollama", "Ollama", true),
  row("vllm", "vLLM", true),
  row("kibana", "Kibana", false),
  row("phpmyadmin", "phpMyAdmin", false),
  row("adminer", "Adminer", false),
  row("pgadmin4?", "pgAdmin", false),
  row("jupyter(?:lab|hub)?(?:-notebook)?", "Jupyter", false),
  row("jenkins", "Jenkins", false),
  row("nifi", "NiFi", false),
];

export const consoleNamed = (service: string): Console | undefined => known.find((k) => k.services.test(service));

/** Something in the pod asks for a login before the console does (2026-08). */
const guards =
  /(?:oauth2?-?proxy|kube-rbac-proxy|pomerium|authelia|keycloak-gatekeeper|gogatekeeper|cloudflared|oidc|vouch|forward-auth)/i;

/** The console that answers on a port of pods; undefined as well where a proxy beside it asks for a login. */
export function consoleIn(pods: readonly UnitPod[], port: number | undefined): Console | undefined {
  const images = imagesOf(pods);
  if (port === undefined || images.some((image) => guards.test(image))) return undefined;
  for (const image of images) {
    const reference = parseReference(image);
    const server = reference && serviceImage(reference);
    if (server !== undefined && isConsole(server, port)) return { name: server.name, isOpen: asksNobody(server) };
  }
  return undefined;
}

/** That Grafana shows itself to visitors is kubernetes/authentication-disabled's matter; it has its own login. */
const isConsole = (server: ServiceImage, port: number): boolean => {
  const plane = planeOf(server, port, "tcp");
  if (server.name === "Grafana" || plane === undefined) return false;
  if (plane === "admin") return server.kind !== "application" && server.kind !== "identity";
  return asksNobody(server) && (server.kind === "tool" || server.kind === "admin-ui");
};

const asksNobody = ({ openByDefault, authenticatedBy }: ServiceImage): boolean =>
  openByDefault === true && authenticatedBy.variables.length === 0;
