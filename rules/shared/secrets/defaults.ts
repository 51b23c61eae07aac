import type { Beside } from "./types";

const list = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Weak whatever they are meant to protect: common passwords, and values that projects' own manuals show. Lower-case. */
const weakAnywhere = list(`
  password password1 password12 password123 password1234 password! password@123 passw0rd p@ssw0rd p@ssword pa$$word
  pa$$w0rd p@$$w0rd pass@word pass@word1 passwd pass123 pass1234 mysecretpassword my-secret-pw secret s3cret not-so-secret
  insecure dev-only-insecure changeme changeme1 changeme123 changeit changethis letmein welcome welcome1 qwerty qwerty123
  1q2w3e4r 1qaz2wsx abc123 iloveyou monkey dragon sunshine hunter2 admin administrator root toor rootpw 1234 12345 123456
  1234567 12345678 123456789 1234567890 111111 11111111 000000 00000000 123123 654321 minioadmin minio123 harbor12345
  prom-operator whalehello yourstrong(!)password yourweak(!)password yourstrong@passw0rd unleash4all crapisecretpassword
  keyboard_cat sw2ycwtib9zpoohopsmm edd1c9f034335f136f87ad84b625c8f1 4054f7cf07e344346cd3f287985e76a2
  352d20ee67be67f6340b4c0605b044b7 3avvhmflus0kta3kprsdag== kph+bixk5d2deziixcaaaa==`);

/** Weak as a password; as a key or token they only hold a place. */
const weakAsPassword: ReadonlySet<string> = new Set(["public"]);

/** Roles and products whose names are tried as passwords, with the usual endings too. */
const names = list(`
  admin administrator root user username guest example test tester testing demo default pass sa postgres postgresql mysql mariadb
  mongo mongodb redis rabbitmq rabbit elastic elasticsearch kibana grafana minio neo4j keycloak airflow jenkins tomcat
  oracle nexus zabbix couchbase couchdb cassandra sonar sonarqube vagrant ubuntu pi raspberry alpine docker master
  wordpress nextcloud joomla drupal ghost odoo kafka superset artemis activemq nacos guacadmin pulsar seata sentinel hivemq`);

/** As written, and without the `-`, `_` and blanks that people put in or leave out. */
const spellings = (value: string): readonly string[] => {
  const lower = value.trim().toLowerCase();
  return [lower, lower.replaceAll(/[-_ ]/g, ""), lower.replaceAll(" ", "_")];
};

/** Whether the value is weak under any credential's name, a key's and a token's too. */
export const isWeakAnywhere = (value: string): boolean =>
  spellings(value).some((spelling) => weakAnywhere.has(spelling)) ||
  /^(?:admin|root)[@!#]?\d{0,4}$/i.test(value) ||
  value.startsWith("django-insecure-");

/**
 * Whether the value is a password that an attacker tries first: a known weak or factory word; the name of a role, a
 * product, or of the user, database, service or image beside it, also with the usual ending (`shop123`, `shop_password`).
 */
export function isWeakWord(value: string, beside: Beside = {}): boolean {
  const text = value.trim().toLowerCase();
  if (text === "") return false;
  if (isWeakAnywhere(text) || spellings(text).some((spelling) => weakAsPassword.has(spelling))) return true;
  return names.has(withoutEnding(text)) || neighbours(beside).some((name) => isBuiltOn(text, name));
}

/** `isWeakWord`, or a value of fewer than six characters. */
export function isDefaultPassword(value: string, beside: Beside = {}): boolean {
  const text = value.trim();
  return text !== "" && (text.length < 6 || isWeakWord(text, beside));
}

/** The last component of an image's name: `bitnami/postgresql:16` gives `postgresql`. */
export function imageName(image: string): string {
  const path = image.replace(/@.*/s, "");
  return path.slice(path.lastIndexOf("/") + 1).replace(/:.*/s, "");
}

const neighbours = ({ user, database, service, image }: Beside): readonly string[] =>
  [user, database, service, image === undefined ? undefined : imageName(image)]
    .map((name) => (name ?? "").trim().toLowerCase())
    .filter((name) => name.length >= 2);

const ending = /^[-_]?(?:pass|passw|passwd|password|pw|pwd|secret)?[@!#]?\d{0,4}!?$/;

const isBuiltOn = (password: string, name: string): boolean =>
  password.startsWith(name) && ending.test(password.slice(name.length));

/** The leading letters that an ending follows; the text itself where none does. */
function withoutEnding(text: string): string {
  if (text.length > 40) return text;
  for (let length = 2; length <= text.length; length++) {
    if (names.has(text.slice(0, length)) && ending.test(text.slice(length))) return text.slice(0, length);
  }
  return text;
}
