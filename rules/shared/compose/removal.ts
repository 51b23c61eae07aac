import type { FileEdits, Part, Service } from "../../../engine/index";

/** Takes a part of a service away where it is effective, together with the mappings around it that would be empty then. */
export function withoutPart(service: Service, written: Part): FileEdits | undefined {
  let part = written;
  for (let length = written.path.length - 1; length > service.path.length; length--) {
    const outer = service.part(...written.path.slice(service.path.length, length));
    if (outer === undefined || !holdsOnly(outer, written.file)) break;
    part = outer;
  }
  const edits = part.remove();
  return edits && { file: part.file, edits };
}

/** The mapping has one entry, and nobody else reads it through an anchor. */
function holdsOnly({ datum, routes }: Part, file: string): boolean {
  if (datum.kind !== "mapping" || datum.entries.size > 1 || datum.sources.length > 1) return false;
  return datum.source.file === file && !routes.includes("anchor");
}
