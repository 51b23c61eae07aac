import type { Context, Report } from "../../rule";
import type { Manifest } from "./manifest";
import type { ManifestFile } from "./model";
import type { Container, Pod } from "./pod";

/** What a rule of manifests may look at. */
export interface KubernetesCheck {
  file?(file: ManifestFile, report: Report, context: Context): void;
  /** Every object, those of lists one by one. */
  manifest?(manifest: Manifest, report: Report, context: Context): void;
  /** Every pod and pod template, wherever it stands. */
  pod?(pod: Pod, report: Report, context: Context): void;
  /** Every container of every pod, init and ephemeral containers included. */
  container?(container: Container, report: Report, context: Context): void;
}
