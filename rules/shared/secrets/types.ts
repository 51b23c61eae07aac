import type { Span } from "../../../engine/index";

export type { Span };

/** What a credential is; the order of `precedence` decides between two that overlap. */
export const precedence = [
  "provider-token",
  "private-key",
  "jwt",
  "authorization-header",
  "default-password",
  "url-credentials",
  "connection-string",
  "password",
  "generic",
] as const;
export type SecretKind = (typeof precedence)[number];

/**
 * What the owner of a find loses. `live`: everything it opens. `test-mode`: a sandbox of the provider. `client-side`: made
 * to be shipped to browsers, yet worth a restriction. `encrypted`: useless without its passphrase.
 */
export type Grade = "live" | "test-mode" | "client-side" | "encrypted";

/** One credential in a text. Offsets are UTF-16 offsets in the text that was given. */
export interface Classification {
  readonly kind: SecretKind;
  /** The credential alone: not its name, not the URL around it. */
  readonly span: Span;
  /** Fit for messages and reports; see `mask`. */
  readonly masked: string;
  readonly grade: Grade;
  /** Stable, lower-case: `github`, `aws`, `postgresql` (the scheme, for credentials in a URL). */
  readonly provider?: string;
  /** What to call it in a message: `GitHub personal access token`. */
  readonly title?: string;
  /** The user name that stands with it, where one does. */
  readonly user?: string;
  /** Seconds since 1970: the `exp` claim of a JSON web token. */
  readonly expires?: number;
  /** The text of a default inside a reference: `${NAME:-text}`. It counts only where NAME is not set. */
  readonly fallback?: true;
  /** A provider's token only by the name that it stands under. */
  readonly byName?: true;
}

/** Names that stand beside a credential; a password equal to one of them is as good as none. */
export interface Beside {
  readonly user?: string | undefined;
  readonly database?: string | undefined;
  readonly service?: string | undefined;
  /** An image reference, or only its name. */
  readonly image?: string | undefined;
}

export const rank = (kind: SecretKind): number => precedence.indexOf(kind);
