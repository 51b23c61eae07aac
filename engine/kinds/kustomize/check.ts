import type { Context, Report } from "../../rule";
import type { Generator, Kustomization, Source } from "./kustomization";
import type { Patch } from "./patch";

/** What a rule of kustomizations may look at. */
export interface KustomizeCheck {
  kustomization?(kustomization: Kustomization, report: Report, context: Context): void;
  /** Each file, folder or address that is taken in. */
  source?(source: Source, report: Report, context: Context): void;
  /** Each patch, in the file or in one of its own. */
  patch?(patch: Patch, report: Report, context: Context): void;
  /** Each ConfigMap and Secret that is made. */
  generator?(generator: Generator, report: Report, context: Context): void;
}
