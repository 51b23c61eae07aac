/** What may stand in a manifest without being seen. */
import type { Manifest } from "../../../engine/index";

export const hidesAnnotations = ({ metadata }: Manifest): boolean =>
  metadata?.isOpen === true || metadata?.written("annotations")?.isOpen === true;

/** Whether its spec, or an annotation, may say more than is written: nothing can be said to be missing then. */
export const mayHideMore = (manifest: Manifest): boolean =>
  manifest.isPartial || manifest.spec?.isOpen === true || hidesAnnotations(manifest);
