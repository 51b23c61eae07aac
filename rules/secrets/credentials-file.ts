import { rule } from "../../engine/index";
import { reporting } from "../shared/secrets/reporting";
import { namedAs } from "../shared/secrets/words";

export default rule({
  id: "secrets/credentials-file",
  kind: "text",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "Login in a file of credentials",
  why: `Programs look for logins in files of fixed names: \`.npmrc\`, \`.netrc\`, \`settings.xml\`, docker's \`config.json\`. So do people who
search repositories, for the name alone tells what is inside: one registry token is enough to publish a version of your package that
every build installs. Take the login back, let the file refer to a variable where its format can, and keep your own copy in your
home folder.`,
  refs: ["CWE-522"],
  covers: ["gitleaks:nuget-config-password", "semgrep:detected-npm-registry-auth-token"],
  fix: "unsafe",
  yieldsTo: ["kubernetes/kubeconfig-credentials"],
  examples: [
    {
      bad: `
        registry=https://npm.shop.internal/
        //npm.shop.internal/:_authToken=«3f1c9a7e-52b8-4d0e-9c36-8a17e4b0d5f2»
        `,
      fixed: `
        registry=https://npm.shop.internal/
        //npm.shop.internal/:_authToken=\${NPM_TOKEN}
        `,
      file: ".npmrc",
    },
    { bad: "machine api.shop.internal login shop password «tulip-Harbor-88»\n", file: ".netrc" },
    { bad: "https://shop:«tulip-Harbor-88»@git.shop.internal\n", file: ".git-credentials" },
    { bad: "db.internal:5432:shop:shop:«tulip-Harbor-88»\n", file: ".pgpass" },
    {
      bad: '{ "auths": { "registry.shop.internal": { "auth": "«c2hvcDp0dWxpcC1IYXJib3ItODg=»" } } }\n',
      file: ".docker/config.json",
    },
    {
      bad: `
        <settings>
          <servers>
            <server>
              <id>shop</id>
              <username>deploy</username>
              <password>«tulip-Harbor-88»</password>
            </server>
          </servers>
        </settings>
        `,
      fixed: `
        <settings>
          <servers>
            <server>
              <id>shop</id>
              <username>deploy</username>
              <password>\${env.PASSWORD}</password>
            </server>
          </servers>
        </settings>
        `,
      file: ".mvn/settings.xml",
    },
    {
      bad: `
        [distutils]
        index-servers = shop

        [shop]
        username = deploy
        password = «tulip-Harbor-88»
        `,
      file: ".pypirc",
    },
    {
      good: `
        registry=https://npm.shop.internal/
        //npm.shop.internal/:_authToken=\${NPM_TOKEN}
        `,
      file: ".npmrc",
    },
    {
      good: `
        <settings>
          <servers>
            <server>
              <id>shop</id>
              <password>{COQLCE6DU6GtcS5P=}</password>
            </server>
            <server>
              <id>feed</id>
              <password>\${env.FEED_PASSWORD}</password>
            </server>
          </servers>
        </settings>
        `,
      file: "settings.xml",
      note: "encrypted by Maven, and a variable",
    },
    { good: "db:5432:*:shop:$PGPASSWORD\n# a comment of:four:parts:and:words\n", file: ".pgpass" },
  ],
  check: reporting("credentials-file", (credential) => {
    const { found } = credential;
    const name = namedAs(credential);
    const whose = found.user === undefined || found.user === "" ? "" : ` of ${found.user}`;
    const what = name === undefined ? `The login${whose}` : `The value of ${name}`;
    return `${what} is in this file for everybody who can read it: ${found.masked}`;
  }),
});
