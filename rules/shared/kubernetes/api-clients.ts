/** Programs whose work is to talk to the API server: operators, controllers, tools of deployment. */
import { type ContainerSummary, parseReference } from "../../../engine/index";

/** General knowledge, 2026-08. */
const words = [
  ...[
    "operator",
    "controller",
    "manager",
    "provisioner",
    "autoscaler",
    "scheduler",
    "descheduler",
    "injector",
    "webhook",
  ],
  ...[
    "argocd",
    "argo-cd",
    "argoexec",
    "argocli",
    "workflow-controller",
    "flux",
    "fluxcd",
    "cert-manager",
    "external-secrets",
  ],
  ...["external-dns", "ingress-nginx", "traefik", "kong", "contour", "haproxy-ingress", "ambassador", "emissary"],
  ...["istiod", "pilot", "linkerd", "consul-k8s", "cilium", "calico", "flannel", "weave-npc", "multus", "kube-proxy"],
  ...[
    "kube-state-metrics",
    "metrics-server",
    "prometheus",
    "node-exporter",
    "promtail",
    "fluent-bit",
    "fluentd",
    "filebeat",
  ],
  ...[
    "metricbeat",
    "otel",
    "opentelemetry-collector",
    "otel-collector",
    "datadog",
    "vector",
    "alloy",
    "karpenter",
    "keda",
  ],
  ...[
    "velero",
    "kyverno",
    "gatekeeper",
    "crossplane",
    "sealed-secrets",
    "reloader",
    "kubed",
    "dashboard",
    "k8sgpt",
    "headlamp",
  ],
  ...[
    "tekton",
    "knative",
    "spinnaker",
    "jenkins",
    "gitlab-runner",
    "actions-runner",
    "rancher",
    "kubectl",
    "helm",
    "k9s",
  ],
  ...[
    "kubeflow",
    "airflow",
    "spark",
    "dask",
    "jupyterhub",
    "kubespawner",
    "vault-k8s",
    "csi",
    "kured",
    "kubewatch",
    "botkube",
  ],
  ...[
    "nats-box",
    "strimzi",
    "zalando",
    "patroni",
    "spilo",
    "stolon",
    "cloudnative-pg",
    "k8s-sidecar",
    "config-reloader",
    "tiller",
  ],
];
const known = new RegExp(`(?:^|[/_.-])(?:${words.join("|")})s?(?:$|[/_.-])|(?:operator|controller)(?:$|[/_.-])`);

/** Told by an image of the pod. */
export const talksToApi = (containers: readonly ContainerSummary[]): boolean =>
  containers.some(({ image }) => {
    const reference = typeof image === "string" ? parseReference(image) : undefined;
    return reference !== undefined && known.test(reference.repository);
  });
