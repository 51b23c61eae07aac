import { rule } from "../../engine/index";
import { reporting } from "../shared/secrets/reporting";
import { namedAs } from "../shared/secrets/words";

export default rule({
  id: "secrets/default-password",
  kind: "text",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "Default or well-known password in a file",
  why: `\`admin\`, \`postgres\`, \`changeme\`, the user's own name: these are the first words that every scanner tries, so such a
password is no obstacle for whoever reaches the port, from the next container or from the internet. It does not even have to leak.
Let the value be set where the service runs, with no default, so that it fails to start rather than starting open. A default inside
a reference is reported softer, since it counts only where nobody set the variable.`,
  refs: ["CWE-1392", "CWE-521", "CWE-1393"],
  covers: ["sonar:S2068", "bandit:B105"],
  fix: "unsafe",
  yieldsTo: ["code/hardcoded-signing-key"],
  examples: [
    {
      bad: `
        spring:
          datasource:
            username: shop
            password: «shop123» # the same as everywhere
        `,
      fixed: `
        spring:
          datasource:
            username: shop
            password: \${SPRING_DATASOURCE_PASSWORD} # the same as everywhere
        `,
      file: "src/main/resources/application.yaml",
      note: "Spring",
    },
    {
      bad: `
        spring.data.redis.password=\${REDIS_PASSWORD:«changeme»}
        `,
      fixed: `
        spring.data.redis.password=\${REDIS_PASSWORD}
        `,
      file: "src/main/resources/application.properties",
      severity: "warning",
      note: "the default of a reference",
    },
    {
      bad: `
        MONGODB_USER=root
        MONGODB_PASSWORD=«password»
        `,
      file: "deploy/mongo.env",
    },
    {
      bad: `
        import os
        password = os.getenv("DB_PASSWORD", "«postgres»")
        `,
      fixed: `
        import os
        password = os.environ["DB_PASSWORD"]
        `,
      file: "shop/store.py",
      severity: "warning",
    },
    {
      bad: `
        import os
        db = connect("mysql://root:«root»@localhost/shop")
        `,
      fixed: `
        import os
        db = connect("mysql://root:" + os.environ["DB_PASSWORD"] + "@localhost/shop")
        `,
      file: "shop/database.py",
    },
    {
      bad: `
        <connectionStrings>
          <add name="Shop" connectionString="Server=db;User Id=sa;Password=«Pass@word1»" />
        </connectionStrings>
        `,
      file: "Web.config",
    },
    {
      bad: `
        variable "db_password" {
          type    = string
          default = "«postgres»"
        }
        `,
      file: "variables.tf",
    },
    {
      bad: `
        { "Database": { "User": "shop", "Password": "«shop_password»" } }
        `,
      file: "appsettings.Development.json",
      severity: "warning",
      note: "of a developer's machine",
    },
    {
      good: `
        DB_PASSWORD=changeme
        `,
      file: ".env.example",
      note: "to be filled in",
    },
    {
      good: `
        password: \${DB_PASSWORD}
        old_password: ""
        password_file: /run/secrets/db
        password_policy: default
        `,
      file: "config/app.yaml",
    },
    {
      good: `
        {
          "login": { "password": "Password", "passwordLabel": "Password", "forgot": "Forgot password" }
        }
        `,
      file: "src/i18n/en.json",
      note: "a label",
    },
    {
      good: `
        export const PASSWORD = "password";
        const field = { name: "password", type: "password" };
        const labels = { password: "Passwort" };
        `,
      file: "src/form.ts",
      note: "names of fields",
    },
    {
      good: `
        spring.datasource.password=postgres
        `,
      file: "src/test/resources/application.properties",
      note: "a test",
    },
  ],
  check: reporting("default-password", (credential) => {
    const { found, value } = credential;
    const { user } = found;
    const name = namedAs(credential);
    const isFallback = found.fallback === true || value?.use === "fallback";
    const whose = user === undefined || user === "" ? "" : ` of ${user}`;
    const what =
      name === undefined ? `The password${whose}` : isFallback ? `The default of ${name}` : `The value of ${name}`;
    return `${what} is one of the first that are tried: ${found.masked}`;
  }),
});
