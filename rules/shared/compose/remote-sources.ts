/** Addresses of code that compose fetches, and whether they name one state of it. */
import { isGitUrl, isPinned } from "../git-sources";

export interface RemoteSource {
  /** A git repository, an artifact of a registry, or a file or archive of a web server. */
  readonly kind: "git" | "artifact" | "file";
  /** The branch or tag of a repository; undefined where none is named. */
  readonly ref: string | undefined;
  /** The characters of the ref behind a `#`; undefined where there is no `#`. */
  readonly refAt: readonly [from: number, to: number] | undefined;
  /** Names one state for ever. */
  readonly isFixed: boolean;
  /** Anybody on the way may replace it. */
  readonly isPlaintext: boolean;
}

/** Git, ssh and web addresses, `github.com/…` and `oci://`; undefined for everything else. */
export function remoteSource(text: string): RemoteSource | undefined {
  const isPlaintext = /^(?:http|git):\/\//i.test(text);
  const hash = text.indexOf("#");
  const address = hash < 0 ? text : text.slice(0, hash);
  if (/^oci:\/\//i.test(text)) {
    const isFixed = /@sha256:\w+$/.test(text);
    return { kind: "artifact", ref: undefined, refAt: undefined, isFixed, isPlaintext: false };
  }
  if (isGitUrl(text) || /^github\.com\/[^/]+\/[^/]/.test(text) || isForge(address)) {
    const colon = hash < 0 ? -1 : text.indexOf(":", hash);
    const refEnd = colon < 0 ? text.length : colon;
    const inQuery = /[?&](?:ref|branch|tag)=([^&]*)/.exec(address)?.[1];
    const ref = (hash < 0 ? "" : text.slice(hash + 1, refEnd)) || inQuery;
    const isFixed = isCommit(ref ?? "") || /[?&](?:commit|checksum)=[0-9a-f]{7,64}(?:&|$)/i.test(address);
    const refAt = hash < 0 ? undefined : ([hash + 1, refEnd] as const);
    return { kind: "git", ref: ref === "" ? undefined : ref, refAt, isFixed, isPlaintext };
  }
  if (!/^https?:\/\//i.test(text)) return undefined;
  return { kind: "file", ref: undefined, refAt: undefined, isFixed: false, isPlaintext };
}

const isForge = (address: string): boolean =>
  /^https?:\/\/(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)\/[^/?]+\/[^/?]+\/?$/i.test(address);

const isCommit = (ref: string): boolean => /^[0-9a-f]{7,64}$/i.test(ref) && /\d/.test(ref);

/** The ref looks like the name of a release. */
export const isRelease = ({ ref }: RemoteSource): boolean => ref !== undefined && isPinned(ref);
