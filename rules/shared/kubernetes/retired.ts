/** Components of clusters that nobody maintains any more (the projects' own notices to 2026-09). */
import type { ImageReference, Severity } from "../../../engine/index";
import { type ImagePattern, matchesImage } from "../images/match";

export interface Retired {
  readonly severity: Severity;
  readonly message: string;
}

interface Row extends Retired {
  readonly images: readonly ImagePattern[];
}

export const tiller: Retired = {
  severity: "error",
  message: "Tiller, the server of Helm 2, ended in 2020: whoever reaches it deploys what they like as its account",
};

const rows: readonly Row[] = [
  { images: ["kubernetes-helm/tiller", "helm/tiller", "rancher/tiller"], ...tiller },
  {
    images: ["ingress-nginx/controller*", "kubernetes-ingress-controller/nginx-ingress-controller*"],
    severity: "warning",
    message: "The ingress-nginx controller was retired in March 2026: take another controller, or the Gateway API",
  },
  {
    images: ["jetstack/kube-lego"],
    severity: "warning",
    message: "kube-lego ended in 2018, and Let's Encrypt refuses the protocol that it speaks: take cert-manager",
  },
  {
    images: [
      ...["k8s.gcr.io/heapster*", "google_containers/heapster*", "google-containers/heapster*"],
      ...["kubernetes/heapster*", "registry.k8s.io/heapster*"],
    ],
    severity: "warning",
    message: "Heapster ended in 2018: take the metrics server",
  },
];

export const retiredImage = (reference: ImageReference): Retired | undefined =>
  rows.find(({ images }) => matchesImage(reference, images));
