import {
  choice,
  type CodeCall,
  type CodeFile,
  type Context,
  type Edit,
  fixIn,
  type Report,
  rule,
  type Span,
} from "../../engine/index";
import { loggedSecrets } from "../shared/code/logging";
import { weightOf } from "../shared/code/weight";

/** Words in the place of the value: within a text as they are, else as a text of their own. */
function withoutValue({ start, end }: Span, code: CodeFile): Edit | undefined {
  const before = code.text.slice(Math.max(0, start - 2), start);
  const after = code.text[end];
  const words = choice(1, "[redacted]");
  if (before.endsWith("${"))
    return after === "}" ? { span: { start: start - 2, end: end + 1 }, text: words } : undefined;
  if (before.endsWith("{") && (code.language === "python" || code.language === "csharp")) {
    return after === "}" ? { span: { start: start - 1, end: end + 1 }, text: words } : undefined;
  }
  const shorthand = code.facts.options
    .flatMap((o) => o.entries)
    .find((e) => e.nameSpan.start === start && e.nameSpan.end === end);
  const name = shorthand === undefined ? "" : `${shorthand.name}: `;
  return { span: { start, end }, text: `${name}"${words}"` };
}

const sensitiveData = "EnableSensitiveDataLogging";

/** Entity Framework then writes the values of all parameters into its log. */
function reportSensitiveData(call: CodeCall, code: CodeFile, report: Report, context: Context): void {
  const { callee, arguments: given, scope } = call;
  const [first] = given;
  if (code.language !== "csharp" || callee.last !== sensitiveData || scope.guard !== undefined) return;
  if (first !== undefined && !(first.value.kind === "flag" && first.value.value)) return;
  const at = { start: callee.end - sensitiveData.length, end: callee.end };
  report(at, "The values of all parameters are written into the log", {
    severity: weightOf("info", code, scope.guard),
    fix: () => {
      const { start, end } = call.argumentsSpan;
      return fixIn(context.file, "Leave the values out", "unsafe", [
        { edits: [{ span: { start, end }, text: "false" }] },
      ]);
    },
  });
}

export default rule({
  id: "code/secret-in-log",
  kind: "code",
  severity: "warning",
  principle: "secrets",
  summary: "A password, token or key that is written into a log",
  why: `Logs go where secrets never should: to a shared search, to the disks of nodes, to a provider, into tickets. Everybody who
may read them, or breaks into any of those places, then signs in with what stands there, long after it was written. Log who did
what instead, or a part of a digest that tells two values apart, and renew what was logged already.`,
  refs: ["CWE-532"],
  covers: ["semgrep:logger-credential-leak", "semgrep:python-logger-credential-disclosure"],
  fix: "unsafe",
  examples: [
    {
      file: "src/server.ts",
      bad: `
        import { logger } from "./logger";

        export function signIn(user: { name: string; password: string }, apiKey: string) {
          console.log("signs in", user.name, «user.password»);
          logger.debug(\`key \${«apiKey»}\`);
          logger.info({ user: user.name, token: «process.env.API_TOKEN», «apiKey» });
        }
        `,
      fixed: `
        import { logger } from "./logger";

        export function signIn(user: { name: string; password: string }, apiKey: string) {
          console.log("signs in", user.name, "[redacted]");
          logger.debug(\`key [redacted]\`);
          logger.info({ user: user.name, token: "[redacted]", apiKey: "[redacted]" });
        }
        `,
    },
    {
      file: "src/server.js",
      bad: `
        const express = require("express");
        const app = express();

        app.use((req, res, next) => {
          console.log(JSON.stringify(«req.headers»));
          next();
        });
        console.log(«process.env»);
        `,
      fixed: `
        const express = require("express");
        const app = express();

        app.use((req, res, next) => {
          console.log(JSON.stringify("[redacted]"));
          next();
        });
        console.log("[redacted]");
        `,
      note: "all headers, the whole environment",
    },
    {
      file: "src/server.ts",
      good: `
        import { mask } from "./mask";

        export function signIn(user: { password: string; tokenCount: number }, token: string, hasToken: boolean) {
          console.log("password is wrong", user.tokenCount, user.password.length, hasToken);
          console.log("token:", mask(token), token ? "set" : "missing", !!token, token.slice(-4));
          console.log(response.headers, passwordLength, tokenExpiry, ErrorCode.INVALID_TOKEN);
          return catalog.info(token) ?? Math.log(token);
        }
        `,
      note: "lengths, masks, words about secrets",
    },
    {
      file: "src/parser.ts",
      good: `
        export function parse(tokens: string[]) {
          for (const token of tokens) console.log("unexpected", token);
        }
        `,
    },
    {
      file: "app/main.py",
      bad: `
        import logging
        import os

        logger = logging.getLogger(__name__)

        def sign_in(user, password, token):
            logger.info("signs in with %s", «password»)
            logging.debug(f"token={«token»}")
            print("key", «os.environ["API_KEY"]»)
            logger.debug("environment: %s", «os.environ»)
            print("password: {}".format(«user.password»))
        `,
      fixed: `
        import logging
        import os

        logger = logging.getLogger(__name__)

        def sign_in(user, password, token):
            logger.info("signs in with %s", "[redacted]")
            logging.debug(f"token=[redacted]")
            print("key", "[redacted]")
            logger.debug("environment: %s", "[redacted]")
            print("password: {}".format("[redacted]"))
        `,
    },
    {
      file: "app/main.py",
      good: `
        import logging

        logger = logging.getLogger(__name__)

        def sign_in(user, password, token, headers, cancel_token):
            logger.info("password of %s is %d long", user, len(password))
            logger.info("token %s", redact(token))
            logger.info("password accepted" if check(password) else "wrong password")
            print(token_count, password_hash, headers, file=user.report)
            with open("out") as out:
                print(password, file=out)
        `,
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"fmt"
        	"log"
        	"log/slog"
        	"os"

        	"go.uber.org/zap"
        )

        func signIn(user, password, apiToken string, logger *zap.Logger) {
        	log.Printf("signs in: %s %s", user, «password»)
        	fmt.Println("token", «apiToken»)
        	slog.Info("signs in", "user", user, "token", «apiToken»)
        	logger.Info("signs in", zap.String("password", «password»))
        	log.Println(«os.Getenv("DB_PASSWORD")»)
        }
        `,
      fixed: `
        package main

        import (
        	"fmt"
        	"log"
        	"log/slog"
        	"os"

        	"go.uber.org/zap"
        )

        func signIn(user, password, apiToken string, logger *zap.Logger) {
        	log.Printf("signs in: %s %s", user, "[redacted]")
        	fmt.Println("token", "[redacted]")
        	slog.Info("signs in", "user", user, "token", "[redacted]")
        	logger.Info("signs in", zap.String("password", "[redacted]"))
        	log.Println("[redacted]")
        }
        `,
    },
    {
      file: "app/main.py",
      bad: `
        import logging

        def check(request, token):
            body = {"token": token}
            logging.debug(«f"body: {body}"»)
        `,
      note: "inside of what is logged",
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"fmt"
        	"log"
        )

        func signIn(user, password string, tokens int) string {
        	log.Printf("password of %s: %d characters, %d tokens", user, len(password), tokens)
        	return fmt.Sprintf("%s:%s", user, password)
        }
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"fmt"

        	"github.com/spf13/cobra"
        )

        func run(command *cobra.Command, token string) {
        	fmt.Println(token)
        }
        `,
      note: "what a command was asked for",
    },
    {
      file: "src/main/java/shop/Config.java",
      bad: `
        package shop;

        import org.slf4j.Logger;
        import org.slf4j.LoggerFactory;

        class Config {
          private static final Logger log = LoggerFactory.getLogger(Config.class);

          void signIn(User user, String password) {
            log.info("signs in {} {}", user.getName(), «password»);
            log.debug("password " + «user.getPassword()»);
            System.out.println(«password»);
          }
        }
        `,
      fixed: `
        package shop;

        import org.slf4j.Logger;
        import org.slf4j.LoggerFactory;

        class Config {
          private static final Logger log = LoggerFactory.getLogger(Config.class);

          void signIn(User user, String password) {
            log.info("signs in {} {}", user.getName(), "[redacted]");
            log.debug("password " + "[redacted]");
            System.out.println("[redacted]");
          }
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      good: `
        package shop;

        import org.slf4j.Logger;
        import org.slf4j.LoggerFactory;

        class Config {
          private static final Logger log = LoggerFactory.getLogger(Config.class);

          void signIn(User user, String password) {
            log.info("signs in {} {}", user.getName(), password.length());
            log.warn("refused: {}", ErrorCode.WRONG_PASSWORD);
            log.info("token {}", mask(user.getToken()));
          }
        }
        `,
    },
    {
      file: "Program.cs",
      bad: `
        using Microsoft.Extensions.Logging;

        public class Accounts
        {
            private readonly ILogger<Accounts> _logger;

            public void SignIn(User user, string password)
            {
                _logger.LogInformation("Signs in {User} {Password}", user.Name, «password»);
                Console.WriteLine($"password {«user.Password»}");
            }
        }
        `,
      fixed: `
        using Microsoft.Extensions.Logging;

        public class Accounts
        {
            private readonly ILogger<Accounts> _logger;

            public void SignIn(User user, string password)
            {
                _logger.LogInformation("Signs in {User} {Password}", user.Name, "[redacted]");
                Console.WriteLine($"password [redacted]");
            }
        }
        `,
    },
    {
      file: "Program.cs",
      severity: "info",
      bad: `
        builder.Services.AddDbContext<Shop>(options => options.UseNpgsql(connection).«EnableSensitiveDataLogging»());
        `,
      fixed: `
        builder.Services.AddDbContext<Shop>(options => options.UseNpgsql(connection).EnableSensitiveDataLogging(false));
        `,
    },
    {
      file: "Program.cs",
      good: `
        if (builder.Environment.IsDevelopment())
        {
            options.EnableSensitiveDataLogging();
        }
        options.EnableSensitiveDataLogging(builder.Environment.IsDevelopment());
        logger.LogInformation("Password of {User} changed", user.Name);
        async Task Wait(CancellationToken token) => logger.LogInformation("Stopped {Token}", token);
        `,
    },
  ],
  check: {
    mentions: /sensitive|pass|pwd|secret|token|key|authorization|cookie|credential|card|cvv|ssn|env|headers/i,
    file(code, report, context) {
      for (const { at, name, isWhole, guard, isHere } of loggedSecrets(code)) {
        const message = isWhole
          ? `All of ${name} is logged, with the secrets in it`
          : `${name} is written into the log`;
        report(at, message, {
          severity: weightOf("warning", code, guard),
          fix: () => {
            const edit = isHere ? withoutValue(at, code) : undefined;
            return fixIn(context.file, "Log other words in its place", "guided", [edit && { edits: [edit] }]);
          },
        });
      }
    },
    call: reportSensitiveData,
  },
});
