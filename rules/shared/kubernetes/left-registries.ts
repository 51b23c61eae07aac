/** Registries and folders of them that their projects have left (the projects' own notices to 2026-09). */
import { choice, type ImageReference } from "../../../engine/index";
import { versionOf } from "../images/tag";

export interface LeftRegistry {
  /** What of the written name is to be replaced, and by what. */
  readonly from: string;
  readonly to: string;
  /** The same images are there under the same tags. */
  readonly isSame: boolean;
  readonly message: string;
}

interface Row extends LeftRegistry {
  readonly only?: (reference: ImageReference) => boolean;
}

const rows: readonly Row[] = [
  {
    from: "k8s.gcr.io/",
    to: "registry.k8s.io/",
    isSame: true,
    message: "k8s.gcr.io gets no new images since April 2023, and may be switched off: they are at registry.k8s.io",
  },
  {
    from: "gcr.io/google_containers/",
    to: "registry.k8s.io/",
    isSame: false,
    message: "gcr.io/google_containers was left years ago: what is still kept is at registry.k8s.io",
  },
  {
    from: "gcr.io/google-containers/",
    to: "registry.k8s.io/",
    isSame: false,
    message: "gcr.io/google-containers was left years ago: what is still kept is at registry.k8s.io",
  },
  {
    from: "quay.io/kubernetes-ingress-controller/",
    to: "registry.k8s.io/ingress-nginx/",
    isSame: false,
    message: "quay.io/kubernetes-ingress-controller gets no images since 2020",
  },
  {
    from: "registry.opensource.zalan.do/",
    to: "ghcr.io/zalando/",
    isSame: false,
    message: "registry.opensource.zalan.do gets no new images: Zalando's are at ghcr.io/zalando",
  },
  {
    from: "bitnami/",
    to: "bitnamilegacy/",
    isSame: false,
    message:
      "Bitnami took its versions from docker.io/bitnami in 2025: they are frozen, without fixes, in bitnamilegacy",
    only: (reference) => reference.registry === "docker.io" && versionOf(reference) !== undefined,
  },
];

/** Undefined for registries that are still in use. */
export function leftRegistry(text: string, reference: ImageReference): LeftRegistry | undefined {
  const start = /^(?:index\.|registry-1\.)?docker\.io\//.exec(text)?.[0].length ?? 0;
  return rows.find((row) => text.startsWith(row.from, start) && (row.only?.(reference) ?? start === 0));
}

/** The new place, as a choice where somebody must look. */
export const newPlace = ({ to, isSame }: LeftRegistry): string => (isSame ? to : choice(1, to));
