import { rule } from "../../engine/index";
import { reporting } from "../shared/secrets/reporting";
import { namedAs } from "../shared/secrets/words";

export default rule({
  id: "secrets/connection-string-password",
  kind: "text",
  severity: "error",
  principle: "secrets",
  marksSecrets: true,
  summary: "Password in a URL or a connection string",
  why: `A connection string has everything that a login takes: the host, the user and the password. Whoever reads the file needs
nothing else, and the string ends up in logs and error messages as well, since programs print the address they could not reach.
Change the password, and put it together from the environment where the connection is made.`,
  refs: ["CWE-798", "CWE-256"],
  covers: ["sonar:S6697", "sonar:S6698", "sonar:S2115", "semgrep:detected-username-and-password-in-uri"],
  fix: "unsafe",
  takesFix: true,
  yieldsTo: [
    "dockerfile/default-password",
    "compose/default-password",
    "kubernetes/default-password",
    "helm/default-password",
  ],
  examples: [
    {
      bad: `
        const pool = connect("postgres://shop:«tulip-Harbor-88»@db.internal/shop");
        const cache = { url: "redis://:«river-Lantern-31»@cache.internal:6379" };
        `,
      fixed: `
        const pool = connect("postgres://shop:" + process.env.DB_PASSWORD + "@db.internal/shop");
        const cache = { url: "redis://:" + process.env.DB_PASSWORD + "@cache.internal:6379" };
        `,
      file: "src/store.js",
    },
    {
      bad: `
        spring:
          datasource:
            # the shop's own
            url: jdbc:postgresql://db.internal/shop?user=shop&password=«tulip-Harbor-88»
          rabbitmq:
            addresses: amqp://shop:«river-Lantern-31»@queue.internal:5672
        `,
      fixed: `
        spring:
          datasource:
            # the shop's own
            url: jdbc:postgresql://db.internal/shop?user=shop&password=\${SPRING_DATASOURCE_URL_PASSWORD}
          rabbitmq:
            addresses: amqp://shop:\${SPRING_RABBITMQ_ADDRESSES_PASSWORD}@queue.internal:5672
        `,
      file: "src/main/resources/application.yml",
      note: "Spring",
    },
    {
      bad: `
        {
          "ConnectionStrings": {
            "Shop": "Server=db.internal;Database=shop;User Id=shop;Password=«tulip-Harbor-88»;Encrypt=True"
          }
        }
        `,
      file: "appsettings.json",
    },
    {
      bad: `
        package store

        import "fmt"

        func open() {
        	connect("shop:«tulip-Harbor-88»@tcp(db.internal:3306)/shop")
        }
        `,
      fixed: `
        package store

        import "fmt"
        import "os"

        func open() {
        	connect("shop:" + os.Getenv("DB_PASSWORD") + "@tcp(db.internal:3306)/shop")
        }
        `,
      file: "store/open.go",
    },
    {
      bad: `
        FROM alpine:3.23
        ENV DATABASE_URL="postgres://shop:«tulip-Harbor-88»@db/shop"
        `,
      fixed: `
        FROM alpine:3.23
        # DATABASE_URL is set at run time, from a secret
        `,
      file: "Dockerfile",
      note: "the fix of dockerfile/embedded-secret",
    },
    {
      bad: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              DATABASE_URL: "postgres://shop:«tulip-Harbor-88»@db/shop"
        `,
      fixed: `
        services:
          web:
            image: acme/web:1.2.3
            environment:
              DATABASE_URL: "postgres://shop:\${DATABASE_PASSWORD:?set DATABASE_PASSWORD}@db/shop"
        `,
      file: "compose.yaml",
      note: "the fix of compose/embedded-secret",
    },
    {
      bad: `
        DATABASE_URL=postgres://shop:«tulip-Harbor-88»@db.internal/shop
        `,
      file: ".env",
    },
    {
      bad: `
        package shop;

        import java.util.Properties;

        class Broker {
          static void login(Properties settings) {
            settings.put("sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required "
                + "username=\\"orders\\" password=\\"«kR7vQ2mXw9Lp»\\";");
          }
        }
        `,
      file: "src/main/java/shop/Broker.java",
      note: "quotes that code escapes",
    },
    {
      good: `
        class Broker {
          String login(String user, String pass) {
            return "username=\\"%s\\" password=\\"%s\\";".formatted(user, pass) + "username=\\"me\\" password=\\"" + pass;
          }
        }
        `,
      file: "src/main/java/shop/Broker.java",
      note: "the value comes from elsewhere",
    },
    {
      good: `
        url: postgres://shop:\${DB_PASSWORD}@db/shop
        other: postgres://shop@db/shop
        manual: https://user:password@example.com/
        template: "Server={host};User Id={user};Password={password}"
        filler: postgres://<user>:<password>@<host>/shop
        `,
      file: "config/store.yaml",
      note: "references, no password, placeholders",
    },
    {
      good: `
        Connect with \`postgres://shop:secretword@localhost/shop\`.
        `,
      file: "docs/setup.md",
      note: "an illustration in prose",
    },
  ],
  check: reporting("connection-string-password", (credential) => {
    const { user, masked } = credential.found;
    const name = namedAs(credential);
    const whose = user === undefined || user === "" ? "" : ` of ${user}`;
    const where = name === undefined ? "this connection string" : name;
    return `The password${whose} in ${where} is there for everybody who can read the file: ${masked}`;
  }),
});
