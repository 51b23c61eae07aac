/** What is said of a credential; never more of it than its mask. */
import type { Credential } from "./scan";

/** `a GitHub token`, with the article that its sound wants. */
export const withArticle = (title: string): string =>
  `${/^(?:[aeio]|npm|HCP|SendGrid$)/i.test(title) ? "An" : "A"} ${title}`;

/** The name that the user wrote, where it says more than the kind. */
export const namedAs = ({ name }: Credential): string | undefined =>
  name === undefined || /^(?:password|passwd|pwd|pass|secret|token|key|default|value)$/i.test(name) ? undefined : name;

/** Where leaked credentials are taken back, for providers whose page stays where it is. */
const revocation: Readonly<Record<string, string>> = {
  github: "https://github.com/settings/tokens",
  gitlab: "https://gitlab.com/-/user_settings/personal_access_tokens",
  aws: "https://console.aws.amazon.com/iam/home#/security_credentials",
  google: "https://console.cloud.google.com/apis/credentials",
  atlassian: "https://id.atlassian.com/manage-profile/security/api-tokens",
  npm: "https://www.npmjs.com/settings/~/tokens",
  pypi: "https://pypi.org/manage/account/token/",
  docker: "https://app.docker.com/settings/personal-access-tokens",
  slack: "https://api.slack.com/apps",
  stripe: "https://dashboard.stripe.com/apikeys",
  sendgrid: "https://app.sendgrid.com/settings/api_keys",
  openai: "https://platform.openai.com/api-keys",
  anthropic: "https://console.anthropic.com/settings/keys",
  huggingface: "https://huggingface.co/settings/tokens",
  digitalocean: "https://cloud.digitalocean.com/account/api/tokens",
  cloudflare: "https://dash.cloudflare.com/profile/api-tokens",
  heroku: "https://dashboard.heroku.com/account",
  telegram: "https://t.me/BotFather",
  linear: "https://linear.app/settings/api",
  figma: "https://www.figma.com/settings",
};

export const revocationPage = (provider: string | undefined): string | undefined =>
  provider !== undefined && Object.hasOwn(revocation, provider) ? revocation[provider] : undefined;
