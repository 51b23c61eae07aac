import type { ManifestFile } from "./model";

/** What a file of manifests tells other files. */
export interface KubernetesSummary {
  readonly objects: readonly ObjectSummary[];
}

export interface ObjectSummary {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
}

export function summariseManifests(file: ManifestFile): KubernetesSummary {
  return {
    objects: file.manifests.map(({ apiVersion, kind, name, namespace }) => ({ apiVersion, kind, name, namespace })),
  };
}
