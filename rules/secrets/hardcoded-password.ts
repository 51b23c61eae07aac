import { rule } from "../../engine/index";
import { reporting } from "../shared/secrets/reporting";
import { namedAs } from "../shared/secrets/words";

export default rule({
  id: "secrets/hardcoded-password",
  kind: "text",
  severity: "warning",
  principle: "secrets",
  marksSecrets: true,
  summary: "Password written into a file",
  why: `Everybody with the repository has the password: past members, the CI service, whoever finds a laptop. It cannot be changed
without a new release, so nobody changes it, and the same one ends up in every environment; a leak of the test system opens
production. Take it from the environment or a secret store, and change it, for it is known by now.`,
  refs: ["CWE-259", "CWE-798"],
  covers: ["gosec:G101", "bandit:B105", "bandit:B106", "bandit:B107", "sonar:S2068", "semgrep:hardcoded-password"],
  fix: "unsafe",
  yieldsTo: ["code/hardcoded-signing-key"],
  examples: [
    {
      bad: `
        const pool = new Pool({ host: "db", user: "shop", password: "«tulip-Harbor-88»" });
        `,
      fixed: `
        const pool = new Pool({ host: "db", user: "shop", password: process.env.PASSWORD });
        `,
      file: "src/store.js",
    },
    {
      bad: `
        public class Store {
          private String dbPassword = "«tulip-Harbor-88»";
        }
        `,
      fixed: `
        public class Store {
          private String dbPassword = System.getenv("DB_PASSWORD");
        }
        `,
      file: "src/main/java/shop/Store.java",
    },
    {
      bad: `
        spring.mail.username=shop
        spring.mail.password=«river-Lantern-31»
        -- .env.example --
        PORT=8080
        -- .gitignore --
        /build/
        `,
      fixed: `
        spring.mail.username=shop
        spring.mail.password=\${SPRING_MAIL_PASSWORD}
        -- .env.example --
        PORT=8080
        SPRING_MAIL_PASSWORD=
        -- .gitignore --
        /build/
        .env
        `,
      file: "src/main/resources/application.properties",
      note: "whoever sets the project up is told of the variable",
    },
    {
      bad: `
        export PGPASSWORD='«tulip-Harbor-88»'
        mysql -h db -u shop -p«river-Lantern-31» shop < init.sql
        redis-cli -a «river-Lantern-31» ping
        ./load --db-password «tulip-Harbor-88»
        `,
      fixed: `
        export PGPASSWORD="\${PGPASSWORD:?set PGPASSWORD}"
        mysql -h db -u shop -p"$PASSWORD" shop < init.sql
        redis-cli -a "$PASSWORD" ping
        ./load --db-password "$DB_PASSWORD"
        `,
      file: "bin/init.sh",
    },
    {
      bad: `
        [database]
        user = "shop"
        password = "«tulip-Harbor-88»"
        cache = { host = "cache", password = '«river-Lantern-31»' }
        `,
      file: "config/app.toml",
    },
    {
      bad: `
        resource "aws_db_instance" "shop" {
          username = "shop"
          password = "«tulip-Harbor-88»"
          snapshot = var.snapshot
        }
        `,
      file: "infra/db.tf",
    },
    {
      bad: `
        <dataSource>
          <property name="username" value="shop" />
          <property name="password" value="«tulip-Harbor-88»" />
          <smtp><user>shop</user><password>«river-Lantern-31»</password></smtp>
        </dataSource>
        `,
      file: "src/main/webapp/context.xml",
    },
    {
      bad: `
        parameters:
          - name: DB_PASSWORD
            value: «tulip-Harbor-88»
        steps:
          - args: ["--smtp-password=«river-Lantern-31»"]
        `,
      file: "pipeline/deploy.yaml",
      note: "pairs of a name and a value, options",
    },
    {
      good: `
        const pool = new Pool({ password: process.env.DB_PASSWORD });
        if (typeof user.hashPassword !== "function") throw new TypeError("password is wrong");
        const rule = { password: "required|min:8", passwordField: "user_password", confirmPassword: "\${password}" };
        const PASSWORD_RESET_URL = "api/v2/user/reset-password";
        `,
      file: "src/users.js",
      note: "lookups, rules, names and addresses",
    },
    {
      good: `
        password = var.db_password
        password_hash = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
        secret_name = "shop/prod/database"
        `,
      file: "infra/main.tf",
    },
    {
      good: `
        db:
          password: !vault |
            $ANSIBLE_VAULT;1.1;AES256
            6162636465
          admin_password: "{{ vault_admin_password }}"
          passwordSecretRef: shop-database
        `,
      file: "group_vars/all.yaml",
    },
    {
      good: `
        var password = "tulip-Harbor-88";
        `,
      file: "src/test/java/shop/StoreTest.java",
      note: "a test",
    },
  ],
  check: reporting("hardcoded-password", (credential) => {
    const { found } = credential;
    const name = namedAs(credential);
    const what = name === undefined ? "A password" : `The value of ${name}`;
    return `${what} is in this file for everybody who can read it: ${found.masked}`;
  }),
});
