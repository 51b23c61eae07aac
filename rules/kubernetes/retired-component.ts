import { type Container, type Manifest, type Report, rule } from "../../engine/index";
import { ifConditional, severityAt } from "../shared/kubernetes/pod-security";
import { retiredImage, tiller } from "../shared/kubernetes/retired";

function ofManifest(manifest: Manifest, report: Report): void {
  const { name } = manifest;
  if (manifest.is("PodSecurityPolicy", "policy", "extensions")) {
    const message = "PodSecurityPolicy left Kubernetes in 1.25 and restricts nothing any more: label the namespaces";
    if (!manifest.anchor.isForSomeClusters) report(manifest.root.get("kind") ?? manifest.anchor, message);
  }
  if (name === "tiller-deploy" && manifest.is("Service", ""))
    report(manifest.anchor, tiller.message, { severity: "error" });
}

/** git-sync v3 read it; v4 has `GITSYNC_REPO`. */
function ofGitSync(container: Container, report: Report): void {
  const field = container.env.find((variable) => variable.name === "GITSYNC_GIT")?.field.get("name");
  if (field === undefined) return;
  const message =
    "git-sync v3 gets no fixes, and runs whatever GITSYNC_GIT names as its git: take v4, which has no such setting";
  report(field, message, { severity: severityAt("warning", field, container.pod) });
}

export default rule({
  id: "kubernetes/retired-component",
  kind: "kubernetes",
  severity: "warning",
  principle: "supply-chain",
  summary: "A component of the cluster that nobody maintains any more",
  why: `What nobody maintains keeps each hole that is found from now on, and these run with wide rights or face the internet: a request with
crafted annotations to an old ingress controller has given away all Secrets of the cluster. Nothing replaces an update, so plan the move
to the successor that the message names.`,
  refs: ["NSA upg", "CWE-1104"],
  covers: [
    "checkov:CKV_K8S_34",
    "checkov:CKV_K8S_44",
    "checkov:CKV_K8S_45",
    "checkov:CKV_K8S_159",
    "trivy:KSV-0102",
    "kubescape:C-0292",
    "kubescape:C-0068",
    "kics:6d173be7",
    "kics:e17fa86a",
    "kics:8b862ca9",
    "kyverno:disallow-helm-tiller",
  ],
  fix: "none",
  examples: [
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
        spec:
          template:
            spec:
              containers:
                - name: controller
                  image: «registry.k8s.io/ingress-nginx/controller:v1.12.1»
                - { name: old, image: "«k8s.gcr.io/heapster-amd64:v1.5.4»" }
        `,
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: tiller }
        spec:
          template:
            metadata: { labels: { app: helm, name: tiller } }
            spec:
              containers:
                - { name: tiller, image: "«gcr.io/kubernetes-helm/tiller:v2.17.0»" }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: «tiller-deploy» }
        spec: { selector: { app: helm } }
        `,
      severity: "error",
    },
    {
      bad: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: helm }
        spec:
          template:
            metadata: { labels: { app: helm, name: «tiller» } }
            spec: { containers: [{ name: server, image: "registry.example.com/ops/helm-server:2.17.0" }] }
        `,
      severity: "error",
      note: "by the labels that its installation gives",
    },
    {
      bad: `
        apiVersion: policy/v1beta1
        kind: «PodSecurityPolicy»
        metadata: { name: restricted }
        spec: { privileged: false }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: site }
        spec:
          containers:
            - name: sync
              image: registry.k8s.io/git-sync/git-sync:v3.6.9
              env: [{ name: «GITSYNC_GIT», value: /usr/bin/git }]
        `,
    },
    {
      good: `
        {{- if .Capabilities.APIVersions.Has "policy/v1beta1/PodSecurityPolicy" }}
        apiVersion: policy/v1beta1
        kind: PodSecurityPolicy
        metadata: { name: shop }
        spec: { privileged: false }
        {{- end }}
        `,
      file: "chart/templates/policy.yaml",
      note: "only for clusters that still know it",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: ingress }
        spec:
          template:
            metadata: { labels: { app: helm, name: web } }
            spec:
              containers:
                - { name: a, image: "nginx/nginx-ingress:5.2.0" }
                - { name: b, image: "traefik:v3.5" }
                - { name: c, image: "registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.0" }
                - { name: d, image: "registry.k8s.io/git-sync/git-sync:v4.4.0", env: [{ name: GITSYNC_REPO, value: "https://example.com/site" }] }
        `,
      note: "successors, and other things of a like name",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: tiller }
        spec: { selector: { app: soil } }
        ---
        apiVersion: acme.example/v1
        kind: PodSecurityPolicy
        metadata: { name: own }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: tiller, labels: { name: tiller } }
        spec: { containers: [{ name: app, image: "acme/tiller-of-fields:1.2.3" }] }
        `,
      note: "other things of the same name",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: a }
        spec: { containers: [{ name: a, image: "{{ .Values.image }}" }] }
        `,
    },
  ],
  check: {
    manifest: ofManifest,
    pod(pod, report) {
      const images = pod.containers.flatMap(({ reference, image }) => {
        const retired = reference && retiredImage(reference);
        return image === undefined || retired === undefined ? [] : [{ image, retired }];
      });
      for (const { image, retired } of images) {
        const at = image.part(0, image.string?.length ?? 0);
        report(at, `${retired.message}${ifConditional(image)}`, { severity: severityAt(retired.severity, image, pod) });
      }
      for (const container of pod.containers) ofGitSync(container, report);
      const name = pod.metadata?.at("labels", "name");
      const isHelm = pod.metadata?.at("labels", "app")?.string === "helm" && name?.string === "tiller";
      if (name !== undefined && isHelm && images.length === 0)
        report(name, tiller.message, { severity: severityAt("error", name, pod) });
    },
  },
});
