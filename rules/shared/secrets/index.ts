/** The one classifier of credentials: every rule about secrets asks here, whatever the kind of file. */
export { classify, classifyText, type NamedValue } from "./classify";
export { connectionCredentials } from "./connections";
export { isDefaultPassword } from "./defaults";
export { globMayMatchSecret, type SecretFile, type SecretFileKind, secretFileName } from "./files";
export { mask } from "./mask";
export { type CredentialKind, credentialName, nameWords } from "./names";
export { findTokens } from "./tokens";
export type { Beside, Classification, Grade, SecretKind } from "./types";
export { type Credentials, type UrlCredentials, urlCredentials } from "./urls";
export { fallback, isPath, isPlaceholder, isPublic, isReference, isSetting, looksGenerated } from "./values";
