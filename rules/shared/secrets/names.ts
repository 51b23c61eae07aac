/**
 * What a name promises about its value. `login`: a user and a password in one text. `connection`: secret only where the
 * text holds a password. `key-id`: goes with a secret, and is itself one only in a known format. `salt`: secret in some
 * programs, stored openly in others.
 */
export type CredentialKind =
  | "password"
  | "secret"
  | "token"
  | "key"
  | "key-id"
  | "salt"
  | "login"
  | "connection"
  | "webhook"
  | "authorization";

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Whole names, words joined by `_`, whose last word says nothing or the wrong thing. Null: no credential. */
const wholeNames: ReadonlyMap<string, CredentialKind | null> = new Map<string, CredentialKind | null>([
  ["pwd", null],
  ["oldpwd", null],
  ["google_application_credentials", null],
  ["vault_dev_root_token_id", "token"],
  ["auth", null],
  ["_auth", "secret"],
  ["npm_config_auth", "secret"],
  ["composer_auth", "secret"],
  ["docker_auth_config", "secret"],
  ["rabbitmq_erlang_cookie", "secret"],
  ["erlang_cookie", "secret"],
  ["secrets_system", "secret"],
  ["authentication_apikey_allowed_keys", "key"],
  ["init_admin_api_tokens", "token"],
  ["neo4j_auth", "login"],
  ["flower_basic_auth", "login"],
  ["mp_ui_auth", "login"],
  ["kafka_sasl_jaas_config", "connection"],
  ["sasl_jaas_config", "connection"],
  ["data_source_name", "connection"],
  // Kafka's images: names of files in /etc/kafka/secrets.
  ["kafka_ssl_key_credentials", null],
  ["kafka_ssl_keystore_credentials", null],
  ["kafka_ssl_truststore_credentials", null],
]);

const passwordWords = set(`password passwords passwd passwds passphrase passcode pwd psw pswd senha passwort kennwort
  contrasena dbpass userpass rootpass adminpass mysqlpass smtppass controlpass`);
const passwordEndings = ["password", "passwd", "passphrase"] as const;
const secretWords = set("secret credential credentials creds");
const tokenWords = set(`token apitoken authtoken accesstoken bearertoken refreshtoken sessiontoken bottoken githubtoken
  gitlabtoken npmtoken idtoken admintoken roottoken usertoken deploytoken`);
const keyWords = set("apikey apikeys accesskey accesskeys privatekey authkey accountkey sharedkey servicekey");
const secretKeyWords = set(
  "secretkey signingkey encryptionkey masterkey sessionkey hmackey fernetkey cookiekey jwtkey",
);
const connectionWords = set("dsn connectionstring connstring connstr");

/** Before `key`: what makes it a credential. The second set is of keys that their owner makes up. */
const beforeKey = set("api access private prv priv auth account shared");
const beforeSecretKey = set("secret signing encryption encrypt master session hmac fernet jwt cookie cipher");

const notBeforePass = set("by first second third single multi one two render post");
const notBeforeSecret = set("kubernetes k8s tls pull sealed external");
const notBeforeToken =
  set(`csrf xsrf next continuation page pagination sync cancellation cancel eos bos pad unk sep mask
  stop special max min num total count prompt completion input output`);
const beforePat = set("github gitlab gh gl git azure devops ado ext bitbucket");

/** Anywhere in the name: it is public, or about a credential rather than one. */
const disclaimers =
  set(`public pub publishable allow allowed enable enabled disable disabled use uses require required no
  not without empty random has is need needs show hide reset forgot forgotten update generate generated hashed
  encrypted csrf xsrf foreign primary nonce verifier challenge cors fake dummy mock placeholder example sample prompt skip
  ask force validate confirm with`);

/** After the credential's word: which one it is. Any other word there (`…_FILE`, `…_URL`, `…_TTL`) speaks of something else. */
const owners = set(`prod production stage staging dev development qa uat test testing local live sandbox old new current
  previous main backup base64 b64 plain plaintext cleartext value default root admin db database postgres postgresql mysql
  mariadb mongo mongodb redis rabbitmq github gitlab npm slack stripe aws gcp azure jwt smtp`);

/**
 * The words of a name, lower-case: split at everything but letters and digits, and at the humps of camelCase. Names are
 * cut at 200 characters.
 */
export function nameWords(name: string): readonly string[] {
  return /[^ -~]/.test(name) ? foreignWords(name) : plainWords(name);
}

function plainWords(name: string): readonly string[] {
  const words: string[] = [];
  const end = Math.min(name.length, 200);
  const lower = name.toLowerCase();
  let from = 0;
  for (let at = 0; at < end; at++) {
    const code = name.charCodeAt(at);
    if (!isLetterOrDigit(code)) {
      if (at > from) words.push(lower.slice(from, at));
      from = at + 1;
    } else if (at > from && isHump(name, at, end)) {
      words.push(lower.slice(from, at));
      from = at;
    }
  }
  if (end > from) words.push(lower.slice(from, end));
  return words;
}

const isUpper = (code: number): boolean => code >= 65 && code <= 90;
const isLower = (code: number): boolean => code >= 97 && code <= 122;
const isLetterOrDigit = (code: number): boolean => isLower(code) || isUpper(code) || (code >= 48 && code <= 57);

/** A capital behind a small letter, or the last of several capitals: `dbPass`, `DBPass`. */
function isHump(name: string, at: number, end: number): boolean {
  if (!isUpper(name.charCodeAt(at))) return false;
  return isLower(name.charCodeAt(at - 1)) || (at + 1 < end && isLower(name.charCodeAt(at + 1)));
}

function foreignWords(name: string): readonly string[] {
  return name
    .slice(0, 200)
    .replaceAll("ñ", "n")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z0-9])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** Whether a value of that name is worth a look: keys and tokens are many things, and their values tell. */
export const mayNameCredential = (name: string): boolean =>
  credentialName(name) !== undefined || /(?:key|token)$/i.test(name);

/**
 * What credential a variable, key, label or argument of that name holds; undefined where it holds none, or where the name
 * does not tell. Words count, never parts of words: `MONKEY`, `KEYCLOAK_URL` and `TOKENIZER` are no credentials.
 */
export function credentialName(name: string): CredentialKind | undefined {
  if (!mayBeCredential.test(name)) return undefined;
  const words = nameWords(name);
  if (words.length === 0) return undefined;
  const whole = wholeNames.get(/^_?auth$/i.test(name) ? name.toLowerCase() : words.join("_"));
  if (whole !== undefined) return whole ?? undefined;
  if (words.some((word) => disclaimers.has(word))) return undefined;

  let last = words.length - 1;
  while (last > 0 && isOwner(words[last] ?? "")) last--;
  return endsIn(words, last) ?? (last < words.length - 1 ? endsIn(words, words.length - 1) : undefined);
}

/** A piece of every name that is one, or a foreign letter: most names are refused without cutting them up. */
const mayBeCredential =
  /pass|secret|token|key|auth|cred|pwd|pw|psw|pat|salt|conn|dsn|hook|senha|kennwort|contrase|cookie|jaas|source|rsa|[^ -~]/i;

const isOwner = (word: string): boolean => owners.has(word) || /^v?\d+$/.test(word);

function endsIn(words: readonly string[], last: number): CredentialKind | undefined {
  const word = (words[last] ?? "").replace(/\d{1,3}$/, "");
  const before = words[last - 1] ?? "";
  const earlier = words[last - 2] ?? "";

  if (word === "pass") return notBeforePass.has(before) ? undefined : "password";
  if (word === "word" && before === "pass") return "password";
  if (word === "pw") return before === "" ? undefined : "password";
  if (passwordWords.has(word)) return "password";
  if (word !== "htpasswd" && passwordEndings.some((ending) => word.endsWith(ending))) return "password";

  if (secretWords.has(word) || word.endsWith("secret")) return notBeforeSecret.has(before) ? undefined : "secret";
  if (tokenWords.has(word)) return notBeforeToken.has(before) ? undefined : "token";
  if (word === "tokens") return before === "api" || before === "access" || before === "auth" ? "token" : undefined;
  if (word === "pat") return beforePat.has(before) ? "token" : undefined;

  if (keyWords.has(word)) return "key";
  if (secretKeyWords.has(word)) return "secret";
  if (word === "key" || word === "keys") {
    if (beforeSecretKey.has(before)) return "secret";
    if (beforeKey.has(before)) return "key";
    return undefined;
  }
  if (word === "base" && before === "key" && earlier === "secret") return "secret";
  if (word === "id" && before === "key" && earlier === "access") return "key-id";
  if (word === "rsa" && before === "id") return "key";
  if (word === "salt") return "salt";

  if (connectionWords.has(word)) return "connection";
  if (word === "string" && (before === "connection" || before === "conn")) return "connection";
  if (word === "url" && before === "webhook") return "webhook";
  if (word === "authorization") return "authorization";
  return undefined;
}
