/** Addresses of what kustomizations take in, and whether they name one state of it. */
import { isRemote } from "../../../engine/index";
import { isPinned } from "../git-sources";

export interface RemoteSource {
  /** A git repository, or a file of a web server. */
  readonly kind: "git" | "file";
  /** The branch, tag or commit; undefined where none is named. */
  readonly ref: string | undefined;
  /** The characters of the ref. */
  readonly refAt: readonly [from: number, to: number] | undefined;
  /** Names a version, or nobody can tell. */
  readonly isFixed: boolean;
  /** Anybody on the way may replace it. */
  readonly isPlaintext: boolean;
}

const thisMachine = /\/\/(?:[^/@]*@)?(?:localhost|127\.\d+\.\d+\.\d+)[:/]/;

/** Undefined for what stands in the project itself, or on the machine. */
export function remoteSource(text: string): RemoteSource | undefined {
  if (!isRemote(text) || thisMachine.test(text)) return undefined;
  const isPlaintext = /^(?:git::)?(?:http|git):\/\//i.test(text);
  const [, before = "", named] = /^([^?]*\?(?:[^#]*&)?(?:ref|version)=)([^&#]*)/.exec(text) ?? [];
  if (named !== undefined && named !== "") {
    const from = before.length;
    return { kind: "git", ref: named, refAt: [from, from + named.length], isFixed: isVersion(named), isPlaintext };
  }
  if (/^https?:\/\//i.test(text) && /\.(?:ya?ml|json)(?:\?|$)/i.test(text)) return fileOf(text, isPlaintext);
  return { kind: "git", ref: undefined, refAt: undefined, isFixed: /[${]/.test(text), isPlaintext };
}

/** Where the servers of repositories have the ref in the address of a file. */
const inPath = [
  /^(https?:\/\/raw\.githubusercontent\.com\/[^/]+\/[^/]+\/(?:refs\/(?:heads|tags)\/)?)([^/?]+)\//i,
  /^(https?:\/\/(?:www\.)?github\.com\/[^/]+\/[^/]+\/(?:raw|blob)\/(?:refs\/(?:heads|tags)\/)?)([^/?]+)\//i,
  /^(https?:\/\/(?:www\.)?github\.com\/[^/]+\/[^/]+\/releases\/download\/)([^/?]+)\//i,
  /^(https?:\/\/[^/?]+\/(?:[^/?]+\/){2,6}(?:-\/)?raw\/(?:branch\/|tag\/|commit\/)?)([^/?]+)\//i,
];

function fileOf(text: string, isPlaintext: boolean): RemoteSource {
  for (const place of inPath) {
    const [, before = "", ref] = place.exec(text) ?? [];
    if (ref === undefined) continue;
    const isBranch = /refs\/heads\/$/.test(before);
    const refAt = [before.length, before.length + ref.length] as const;
    return { kind: "file", ref, refAt, isFixed: !isBranch && isVersion(ref), isPlaintext };
  }
  // A number in the address is most often the version of what it leads to.
  const isFixed = /\/releases\/latest\//.test(text) ? false : /\d\.\d|[0-9a-f]{12}|[${]/.test(text.replace(host, "/"));
  return { kind: "file", ref: undefined, refAt: undefined, isFixed, isPlaintext };
}

const host = /^https?:\/\/[^/]+/i;

const isVersion = (ref: string): boolean => isPinned(ref) || /\d\.\d{1,9}\.\d/.test(ref) || /[${]/.test(ref);
