import { base62, crc16, crc32, fromBase32 } from "./bytes";
import type { Grade } from "./types";

/** A token that shows by itself who issued it. */
export interface TokenFormat {
  /** Stable, lower-case. */
  readonly provider: string;
  /** What to call it in a message. */
  readonly title: string;
  /** Texts of which every token of this format holds one; three characters at least. Case is checked by `pattern`. */
  readonly marks: readonly string[];
  /**
   * Without `lead`, read from the mark on, and matches the token. With it, read from that many characters before the
   * mark, and group 1 is the token; such a pattern sees to the start itself, where `\\[nrt]` is an escaped line end or tab.
   * Every repetition has an upper bound.
   */
  readonly pattern: RegExp;
  readonly lead?: number;
  /** How many characters from the mark on are read; 320 unless said. */
  readonly reach?: number;
  /** A checksum, or what else a random text does not have. A token that passes one needs no entropy. */
  readonly check?: (token: string) => boolean;
  /** The least Shannon entropy, in bits a character; 3 unless said. */
  readonly entropy?: number;
  /** `live` unless said. */
  readonly grade?: (token: string) => Grade;
}

/** A token that shows its issuer only together with the name it stands under. */
export interface NamedFormat {
  readonly provider: string;
  readonly title: string;
  /** Lower-case parts of names; compared without `-`, `_` and `.`. */
  readonly names: readonly string[];
  readonly value: RegExp;
  readonly entropy?: number;
}

/** GitHub's scheme, which npm took over: the last six characters are the CRC-32 of the rest in base 62. */
const base62Checksum = (token: string): boolean => {
  const body = token.slice(token.indexOf("_") + 1);
  return base62(crc32(body.slice(0, -6)), 6) === body.slice(-6);
};

/** Atlassian: the last eight characters are the CRC-32 of all before them, in hexadecimal. */
const atlassianChecksum = (token: string): boolean =>
  Number.parseInt(token.slice(-8), 16) === crc32(token.slice(0, -8));

/** Grafana service accounts: CRC-32 of all before the last `_`, little-endian, in hexadecimal. */
const grafanaChecksum = (token: string): boolean => {
  const end = token.lastIndexOf("_");
  const littleEndian =
    token
      .slice(end + 1)
      .match(/../g)
      ?.reverse()
      .join("") ?? "";
  return Number.parseInt(littleEndian, 16) === crc32(token.slice(0, end));
};

/** NATS keys: base32 whose last two bytes are the CRC-16/XMODEM of the others, little-endian. */
const natsChecksum = (token: string): boolean => {
  const bytes = fromBase32(token) ?? [];
  const [low = 0, high = 0] = bytes.slice(-2);
  return bytes.length === 36 && crc16(bytes.slice(0, -2)) === low + high * 256;
};

const clientSide = (): Grade => "client-side";
const testMode =
  (part: string) =>
  (token: string): Grade =>
    token.includes(part) ? "test-mode" : "live";

const token = (
  provider: string,
  title: string,
  marks: string,
  pattern: RegExp,
  more: Partial<TokenFormat> = {},
): TokenFormat => ({ provider, title, marks: marks.split(" "), pattern, ...more });

const named = (
  provider: string,
  title: string,
  names: string,
  value: RegExp,
  more: Partial<NamedFormat> = {},
): NamedFormat => ({ provider, title, names: names.split(" "), value, ...more });

/**
 * Formats that providers document or that public scanners agree on (gitleaks, secretlint and CredSweeper were compared).
 * The patterns are written anew. Formats without a mark of their own are in `namedFormats`.
 */
export const tokenFormats: readonly TokenFormat[] = [
  // Clouds
  token("aws", "AWS access key id", "AKIA ASIA ABIA ACCA", /^A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}(?![A-Za-z0-9_])/),
  token("aws", "Amazon Bedrock API key", "ABSK", /^ABSK[A-Za-z0-9+/]{109,269}={0,2}(?![A-Za-z0-9+/=])/),
  token("google", "Google API key", "AIza", /^AIza[\w-]{35}(?![\w-])/, { grade: clientSide }),
  token("google", "Google OAuth client secret", "GOCSPX-", /^GOCSPX-[\w-]{28}(?![\w-])/),
  token("google", "Google OAuth access token", "ya29.", /^ya29\.[\w-]{30,280}/),
  token("azure", "Azure AD client secret", "Q~", /(?:^|\\[nrt]|[^\w~.-])([\w~.]{3}\dQ~[\w~.-]{31,34})(?![\w~.-])/, {
    lead: 6,
  }),
  token("azure", "Azure storage account key", "AccountKey=", /^AccountKey=([A-Za-z0-9+/]{86}==)/, { lead: 0 }),
  token("azure", "Azure shared access key", "SharedAccessKey=", /^SharedAccessKey=([A-Za-z0-9+/]{43}=)/, { lead: 0 }),
  token("alibaba", "Alibaba Cloud access key id", "LTAI", /^LTAI[A-Za-z0-9]{20}(?![A-Za-z0-9_])/),
  token("digitalocean", "DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", /^do[opr]_v1_[a-f0-9]{64}(?![A-Za-z0-9_])/),
  token("heroku", "Heroku API key", "HRKU-", /^HRKU-AA[\w-]{58}(?![\w-])/),
  token("fly", "Fly.io token", "fo1_", /^fo1_[\w-]{43}(?![\w-])/),
  token("netlify", "Netlify token", "nfp_", /^nfp_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/),
  token("cloudflare", "Cloudflare origin CA key", "v1.0-", /^v1\.0-[a-f0-9]{24}-[a-f0-9]{146}(?![a-f0-9])/),
  token(
    "cloudflare",
    "Cloudflare API token",
    "cfut_ cfat_ cfk_",
    /^cf(?:ut|at|k)_[A-Za-z0-9]{40}[0-9a-f]{8}(?![A-Za-z0-9_])/,
  ),
  token("tailscale", "Tailscale key", "tskey-", /^tskey-[a-z]{2,12}-\w{8,40}-\w{16,60}(?![\w-])/),

  // Source code and packages
  token("github", "GitHub personal access token", "ghp_", /^ghp_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/, {
    check: base62Checksum,
  }),
  token("github", "GitHub OAuth token", "gho_", /^gho_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/, { check: base62Checksum }),
  token("github", "GitHub app token", "ghu_ ghs_", /^gh[us]_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/, {
    check: base62Checksum,
  }),
  token("github", "GitHub refresh token", "ghr_", /^ghr_(?:[A-Za-z0-9]{76}|[A-Za-z0-9]{36})(?![A-Za-z0-9_])/, {
    check: base62Checksum,
  }),
  token(
    "github",
    "GitHub fine-grained personal access token",
    "github_pat_",
    /^github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9_])/,
  ),
  token(
    "gitlab",
    "GitLab personal access token",
    "glpat-",
    /^glpat-(?:[\w-]{27,300}\.[0-9a-z]{2}\.?[0-9a-z]{7}|[\w-]{20})(?![\w-])/,
  ),
  token("gitlab", "GitLab pipeline trigger token", "glptt-", /^glptt-[a-f0-9]{40}(?![A-Za-z0-9_])/),
  token("gitlab", "GitLab deploy token", "gldt-", /^gldt-[\w-]{20}(?![\w-])/),
  token("gitlab", "GitLab runner token", "glrt- GR1348941", /^(?:glrt-(?:t\d_)?|GR1348941)[\w-]{20}(?![\w-])/),
  token("gitlab", "GitLab job token", "glcbt-", /^glcbt-[0-9a-zA-Z]{1,5}_[\w-]{20}(?![\w-])/),
  token("gitlab", "GitLab token", "glft- glimt- glsoat- glffct-", /^gl(?:ft|imt|soat|ffct)-[\w-]{20,25}(?![\w-])/),
  token("gitlab", "GitLab agent token", "glagent-", /^glagent-[\w-]{50}(?![\w-])/),
  token("gitlab", "GitLab OAuth application secret", "gloas-", /^gloas-[\w-]{64}(?![\w-])/),
  token("atlassian", "Atlassian API token", "ATATT3 ATCTT3", /^AT[AC]TT3[\w-]{20,260}=[0-9A-F]{8}(?![A-Za-z0-9_])/, {
    check: atlassianChecksum,
  }),
  token("atlassian", "Bitbucket app password", "ATBB", /^ATBB[A-Za-z0-9]{24}[0-9A-F]{8}(?![A-Za-z0-9_])/, {
    check: atlassianChecksum,
  }),
  token("sourcegraph", "Sourcegraph token", "sgp_", /^sgp_(?:(?:[a-f0-9]{16}|local)_)?[a-f0-9]{40}(?![A-Za-z0-9_])/),
  token("npm", "npm access token", "npm_", /^npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/, { check: base62Checksum }),
  token("pypi", "PyPI upload token", "pypi-AgE", /^pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[\w-]{50,250}/),
  token("rubygems", "RubyGems API key", "rubygems_", /^rubygems_[a-f0-9]{48}(?![A-Za-z0-9_])/),
  token("nuget", "NuGet API key", "oy2", /^oy2[a-z0-9]{43}(?![A-Za-z0-9_])/),
  token("clojars", "Clojars deploy token", "CLOJARS_", /^CLOJARS_[a-z0-9]{60}(?![A-Za-z0-9_])/i),
  token("jfrog", "JFrog API key", "AKCp cmVmd", /^(?:AKCp[A-Za-z0-9]{69}|cmVmd[A-Za-z0-9]{59})(?![A-Za-z0-9_])/),
  token("docker", "Docker Hub access token", "dckr_pat_ dckr_oat_", /^dckr_(?:pat_[\w-]{27}|oat_[\w-]{32})(?![\w-])/),
  token("docker", "Docker Swarm join token", "SWMTKN-1-", /^SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}(?![0-9a-z])/),

  // Messaging and mail
  token("slack", "Slack bot token", "xoxb-", /^xoxb-\d{10,13}-\d{10,13}-[A-Za-z0-9]{20,34}(?![\w-])/),
  token("slack", "Slack user token", "xoxp- xoxe-", /^xox[pe](?:-\d{10,13}){3}-[A-Za-z0-9]{28,34}(?![\w-])/),
  token("slack", "Slack legacy token", "xoxa- xoxr- xoxs- xoxo-", /^xox[aros]-(?:\d-)?[\w-]{12,80}/, { entropy: 3.2 }),
  token("slack", "Slack app token", "xapp-", /^xapp-\d-[A-Z0-9]{8,16}-\d{10,16}-[a-f0-9]{60,70}(?![\w-])/),
  token(
    "slack",
    "Slack webhook",
    "hooks.slack.com/",
    /^hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w+/]{43,56}/,
  ),
  token(
    "discord",
    "Discord webhook",
    "discord.com/api/webhooks/ discordapp.com/api/webhooks/",
    /^discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60,80}/,
  ),
  token("telegram", "Telegram bot token", ":AA", /(?:^|\\[nrt]|[^\w-])(?:bot)?(\d{8,10}:AA[\w-]{33})(?![\w-])/, {
    lead: 15,
  }),
  token(
    "microsoft-teams",
    "Microsoft Teams webhook",
    "webhook.office.com/webhookb2/",
    /^webhook\.office\.com\/webhookb2\/[0-9a-f-]{36}@[0-9a-f-]{36}\/IncomingWebhook\/[0-9a-f]{32}\/[0-9a-f-]{36}/,
  ),
  token("sendgrid", "SendGrid API key", "SG.", /^SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/),
  token("mailgun", "Mailgun API key", "key-", /^key-[a-f0-9]{32}(?![A-Za-z0-9_-])/),
  token("mailchimp", "Mailchimp API key", "-us", /(?:^|\\[nrt]|[^A-Za-z0-9_-])([a-f0-9]{32}-us\d{1,2})(?![\w-])/, {
    lead: 34,
  }),
  token("brevo", "Brevo API key", "xkeysib-", /^xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}(?![A-Za-z0-9])/),

  // Payment and shops
  token(
    "stripe",
    "Stripe secret key",
    "sk_live_ sk_test_ rk_live_ rk_test_ sk_prod_ rk_prod_",
    /^[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16,120}(?![A-Za-z0-9_])/,
    { grade: testMode("_test_") },
  ),
  token("stripe", "Stripe webhook secret", "whsec_", /^whsec_[A-Za-z0-9+/]{32,64}={0,2}(?![A-Za-z0-9+/])/),
  token("square", "Square token", "sq0atp- sq0csp-", /^sq0(?:atp-[\w-]{22}|csp-[\w-]{43})(?![\w-])/),
  token(
    "braintree",
    "PayPal Braintree access token",
    "access_token$",
    /^access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}(?![a-f0-9])/,
    { grade: testMode("$sandbox$") },
  ),
  token(
    "shopify",
    "Shopify token",
    "shpat_ shpca_ shppa_ shpss_",
    /^shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}(?![A-Za-z0-9_])/,
  ),

  // Artificial intelligence
  token(
    "openai",
    "OpenAI API key",
    "T3BlbkFJ",
    /(?:^|\\[nrt]|[^\w-])(sk-(?:proj-|svcacct-|admin-|None-)?[\w-]{20,110}T3BlbkFJ[\w-]{20,110})(?![\w-])/,
    { lead: 131 },
  ),
  token("anthropic", "Anthropic API key", "sk-ant-", /^sk-ant-[a-z]{3,5}\d{2}-[\w-]{80,110}(?![\w-])/),
  token("huggingface", "Hugging Face token", "hf_ api_org_", /^(?:hf_|api_org_)[A-Za-z]{34}(?![A-Za-z0-9_])/),
  token("groq", "Groq API key", "gsk_", /^gsk_[A-Za-z0-9]{52}(?![A-Za-z0-9_])/),
  token("perplexity", "Perplexity API key", "pplx-", /^pplx-[A-Za-z0-9]{48}(?![A-Za-z0-9_])/),
  token("xai", "xAI API key", "xai-", /^xai-[A-Za-z0-9]{80}(?![A-Za-z0-9_])/),
  token("replicate", "Replicate token", "r8_", /^r8_[A-Za-z0-9]{37}(?![A-Za-z0-9_])/),

  // Secret stores and infrastructure
  token(
    "vault",
    "Vault token",
    "hvs. hvb. hvr.",
    /^hv(?:s\.[\w-]{90,120}|b\.[\w-]{138,300}|r\.[\w-]{90,300})(?![\w-])/,
  ),
  token(
    "terraform",
    "HCP Terraform token",
    ".atlasv1.",
    /(?:^|\\[nrt]|[^\w.-])([A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70})(?![\w-])/,
    { lead: 16 },
  ),
  token(
    "doppler",
    "Doppler token",
    "dp.pt. dp.st. dp.sa. dp.ct. dp.scim. dp.audit.",
    /^dp\.(?:pt|sa|ct|scim|audit|st(?:\.[a-z0-9_-]{2,35})?)\.[A-Za-z0-9]{40,44}(?![A-Za-z0-9])/,
  ),
  token("1password", "1Password service account token", "ops_eyJ", /^ops_eyJ[\w+/-]{250,1100}={0,3}/, { reach: 1200 }),
  token(
    "age",
    "age secret key",
    "AGE-SECRET-KEY-1",
    /^AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}(?![A-Za-z0-9])/,
  ),
  token("nats", "NATS seed", "SAA SCA SNA SOA SPA SUA SXA", /^S[ACNOPUX][A-Z2-7]{56}(?![A-Za-z0-9_])/, {
    check: natsChecksum,
  }),
  token("pulumi", "Pulumi access token", "pul-", /^pul-[a-f0-9]{40}(?![A-Za-z0-9_-])/),
  token("openshift", "OpenShift token", "sha256~", /^sha256~[\w-]{43}(?![\w-])/),
  token("harness", "Harness token", "pat. sat.", /^[ps]at\.[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}(?![A-Za-z0-9])/),

  // Observability
  token("grafana", "Grafana service account token", "glsa_", /^glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}(?![A-Za-z0-9_])/, {
    check: grafanaChecksum,
  }),
  token("grafana", "Grafana Cloud token", "glc_eyJ", /^glc_eyJ[A-Za-z0-9+/]{40,300}={0,2}/),
  token("newrelic", "New Relic key", "NRAK- NRII-", /^(?:NRAK-[A-Z0-9]{27}|NRII-[\w-]{32})(?![\w-])/),
  token(
    "newrelic",
    "New Relic license key",
    "NRAL",
    /(?:^|\\[nrt]|[^A-Za-z0-9_])((?:eu01xx)?[a-f0-9]{30,36}(?:FFFF)?NRAL)(?![A-Za-z0-9_])/,
    { lead: 48 },
  ),
  token(
    "sentry",
    "Sentry token",
    "sntrys_eyJ sntryu_",
    /^sntry(?:s_eyJ[\w+/=-]{60,400}|u_[a-f0-9]{64})(?![A-Za-z0-9_])/,
    { reach: 500 },
  ),
  token("dynatrace", "Dynatrace token", "dt0c01.", /^dt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}(?![A-Za-z0-9])/),
  token("sonar", "Sonar token", "sqp_ squ_ sqa_", /^sq[pua]_[a-f0-9]{40}(?![A-Za-z0-9_])/),

  // Data
  token("databricks", "Databricks token", "dapi", /^dapi[a-f0-9]{32}(?:-\d)?(?![A-Za-z0-9_])/),
  token("planetscale", "PlanetScale credential", "pscale_", /^pscale_(?:tkn|pw|oauth)_[\w=.-]{32,64}(?![\w=.-])/),
  token("supabase", "Supabase access token", "sbp_", /^sbp_[a-f0-9]{40}(?![A-Za-z0-9_])/),
  token("clickhouse", "ClickHouse Cloud key", "4b1d", /^4b1d[A-Za-z0-9]{38}(?![A-Za-z0-9_])/, { entropy: 3.8 }),
  token("airtable", "Airtable token", "pat", /^pat[A-Za-z0-9]{14}\.[a-f0-9]{64}(?![A-Za-z0-9])/),

  // Work and design
  token("linear", "Linear API key", "lin_api_", /^lin_api_[A-Za-z0-9]{40}(?![A-Za-z0-9_])/),
  token("notion", "Notion token", "ntn_", /^ntn_\d{11}[A-Za-z0-9]{35}(?![A-Za-z0-9_])/),
  token("figma", "Figma token", "figd_ figo_ figu_ figr_", /^fig[dour]_[\w-]{40,60}(?![\w-])/),
  token("postman", "Postman API key", "PMAK-", /^PMAK-[a-f0-9]{24}-[a-f0-9]{34}(?![A-Za-z0-9])/),
  token("prefect", "Prefect API key", "pnu_", /^pnu_[A-Za-z0-9]{36}(?![A-Za-z0-9_])/),
  token("dropbox", "Dropbox token", "sl.", /^sl\.(?:u\.)?[\w-]{130,300}/),
  token(
    "hubspot",
    "HubSpot private app token",
    "pat-na1- pat-eu1- pat-na2-",
    /^pat-(?:na|eu)\d-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/,
  ),
  token("mapbox", "Mapbox secret token", "sk.eyJ", /^sk\.eyJ[\w-]{20,240}\.[\w-]{22}(?![\w-])/),
];

/** Formats that say nothing without a name. `names` are compared as parts of the whole name. */
export const namedFormats: readonly NamedFormat[] = [
  named("aws", "AWS secret access key", "secret_access_key secretaccesskey aws_secret", /^[A-Za-z0-9/+]{40}$/, {
    entropy: 4,
  }),
  named("aws", "AWS access key id", "aws_access_key_id awsaccesskeyid", /^A(?:KIA|SIA)[A-Z0-9]{16}$/),
  named("aws", "AWS session token", "aws_session_token awssessiontoken", /^(?:FwoG|IQoJ)[A-Za-z0-9/+=]{200,2000}$/),
  named(
    "azure",
    "Azure storage account key",
    "account_key accountkey azure_storage_key storage_access_key",
    /^[A-Za-z0-9+/]{86}==$/,
  ),
  named(
    "azure",
    "Azure DevOps token",
    "azure_devops devops_ext_pat ado_pat",
    /^(?:[a-z2-7]{52}|[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4})$/,
  ),
  named("twilio", "Twilio auth token", "twilio", /^(?:SK)?[0-9a-f]{32}$/),
  named("heroku", "Heroku API key", "heroku", /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i),
  named("cloudflare", "Cloudflare API key", "cloudflare cf_api cf_dns_api", /^(?:[a-f0-9]{37}|[\w-]{40})$/),
  named("datadog", "Datadog key", "datadog dd_api_key dd_app_key", /^(?:[a-f0-9]{32}|[a-f0-9]{40})$/),
  named("npm", "npm registry token", "_authtoken", /^(?:[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{20,200})$/),
  named("laravel", "Laravel application key", "app_key", /^base64:[A-Za-z0-9+/]{43}=$/),
  named("vault", "Vault token", "vault_token", /^[sbr]\.[A-Za-z0-9]{24}$/),
  named("discord", "Discord bot token", "discord", /^[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,40}$/),
  named("okta", "Okta API token", "okta", /^00[\w-]{40}$/),
  named(
    "snyk",
    "Snyk token",
    "snyk_token snyk_api",
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  ),
  named("airflow", "Airflow Fernet key", "fernet_key", /^[\w-]{43}=$/),
];
