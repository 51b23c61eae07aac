import { rule } from "../../engine/index";
import { generatorOf, guessableSecrets, stronger } from "../shared/code/randomness";
import { weightOf } from "../shared/code/weight";

export default rule({
  id: "code/weak-random-token",
  kind: "code",
  severity: "warning",
  principle: "authenticate",
  summary: "A token, password or code drawn from a generator that can be foretold",
  why: `Generators for games and statistics repeat a known sequence: whoever sees a few of their numbers works out the next ones.
With that an attacker asks for a reset of their own password, then computes the link that was sent to somebody else. Draw whatever
must not be guessed from the generator for cryptography: \`crypto\`, \`secrets\`, \`crypto/rand\`, \`SecureRandom\`,
\`RandomNumberGenerator\`.`,
  refs: ["CWE-330", "CWE-338"],
  covers: ["gosec:G404", "bandit:B311", "sonar:S2245", "semgrep:math-random-used", "semgrep:weak-random"],
  fix: "safe",
  examples: [
    {
      file: "src/server.ts",
      bad: `
        import express from "express";

        const chars = "abcdefghijklmnopqrstuvwxyz0123456789";

        export function generateOtp(): string {
          return String(100000 + Math.floor(«Math.random»() * 900000));
        }

        export function invite(user: { inviteToken?: string }) {
          user.inviteToken = Array.from({ length: 32 }, () => chars[Math.floor(«Math.random»() * chars.length)]).join("");
          return express();
        }
        `,
      fixed: `
        import express from "express";
        import { randomInt } from "node:crypto";

        const chars = "abcdefghijklmnopqrstuvwxyz0123456789";

        export function generateOtp(): string {
          return String(100000 + randomInt(900000));
        }

        export function invite(user: { inviteToken?: string }) {
          user.inviteToken = Array.from({ length: 32 }, () => chars[randomInt(chars.length)]).join("");
          return express();
        }
        `,
    },
    {
      file: "src/sessions.js",
      bad: `
        const crypto = require("crypto");

        module.exports.open = (user) => {
          const sessionId = «Math.random»().toString(36).slice(2) + Math.random().toString(36).slice(2);
          return { user, sessionId, digest: crypto.createHash("sha256") };
        };
        module.exports.makePassword = () => «Math.random»().toString(36);
        `,
      fixed: `
        const crypto = require("crypto");

        module.exports.open = (user) => {
          const sessionId = crypto.randomUUID();
          return { user, sessionId, digest: crypto.createHash("sha256") };
        };
        module.exports.makePassword = () => crypto.randomUUID();
        `,
    },
    {
      file: "src/server.ts",
      good: `
        import { randomUUID } from "node:crypto";

        const colours = ["red", "green"];

        export async function retry(token: string, attempts: number) {
          const delay = Math.random() * 100 * attempts;
          const tokenTimeout = 1000 + Math.random() * 50;
          const colour = colours[Math.floor(Math.random() * colours.length)];
          const key = Math.random().toString(36);
          const statusCode = Math.random() < 0.1 ? 500 : 200;
          const hasToken = Math.random() > 0.5 ? token : undefined;
          const sessionId = randomUUID();
          return { token, delay, tokenTimeout, colour, key, statusCode, hasToken, sessionId };
        }

        export const pickToken = (tokens: string[]) => {
          const token = tokens[Math.floor(Math.random() * tokens.length)];
          return token;
        };
        `,
      note: "jitter, colours, keys of lists, one of several that are there",
    },
    {
      file: "app/main.py",
      bad: `
        import random
        import string
        from random import randint

        def reset(user):
            user.reset_token = "".join(«random.choice»(string.ascii_letters) for _ in range(32))
            user.save(otp=«randint»(100000, 999999))

        def generate_password(length):
            alphabet = string.ascii_letters + string.digits
            return "".join(«random.choices»(alphabet, k=length))
        `,
      fixed: `
        import random
        import string
        from random import randint
        import secrets

        def reset(user):
            user.reset_token = "".join(secrets.choice(string.ascii_letters) for _ in range(32))
            user.save(otp=secrets.SystemRandom().randint(100000, 999999))

        def generate_password(length):
            alphabet = string.ascii_letters + string.digits
            return "".join(secrets.SystemRandom().choices(alphabet, k=length))
        `,
    },
    {
      file: "app/main.py",
      good: `
        import random
        import secrets
        import time
        from faker import random as other

        def pick(users, tokens):
            token = secrets.token_urlsafe(32)
            delay = random.uniform(0, 1)
            user = random.choice(users)
            test_token = random.choice(tokens)
            session_token = random.choice(tokens)
            otp = random.SystemRandom().randint(100000, 999999)
            password = other.choice("abc")
            time.sleep(delay)
            return user, token, otp, test_token, session_token, password
        `,
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"fmt"
        	"math/rand"
        )

        const letters = "abcdefghijklmnopqrstuvwxyz"

        func newSessionToken(n int) string {
        	b := make([]byte, n)
        	for i := range b {
        		b[i] = letters[«rand.Intn»(len(letters))]
        	}
        	return string(b)
        }

        func send(to string) string {
        	otp := fmt.Sprintf("%06d", «rand.Intn»(1000000))
        	return otp
        }
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"crypto/rand"
        	"encoding/hex"
        	mrand "math/rand/v2"
        	"time"
        )

        func newToken() (string, error) {
        	token := make([]byte, 32)
        	if _, err := rand.Read(token); err != nil {
        		return "", err
        	}
        	return hex.EncodeToString(token), nil
        }

        func wait() {
        	time.Sleep(time.Duration(mrand.IntN(100)) * time.Millisecond)
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      bad: `
        package shop;

        import java.util.Random;

        class Config {
          private final Random random = new Random();

          String load() {
            StringBuilder otp = new StringBuilder();
            otp.append(«random.nextInt»(10));
            return otp.toString();
          }

          String generateResetCode() {
            StringBuilder sb = new StringBuilder();
            for (int i = 0; i < 6; i++) {
              sb.append(«random.nextInt»(10));
            }
            return sb.toString();
          }

          void invite(User user) {
            user.setInviteToken(Long.toHexString(«random.nextLong»()));
          }
        }
        `,
      fixed: `
        package shop;

        import java.util.Random;
        import java.security.SecureRandom;

        class Config {
          private final Random random = new SecureRandom();

          String load() {
            StringBuilder otp = new StringBuilder();
            otp.append(random.nextInt(10));
            return otp.toString();
          }

          String generateResetCode() {
            StringBuilder sb = new StringBuilder();
            for (int i = 0; i < 6; i++) {
              sb.append(random.nextInt(10));
            }
            return sb.toString();
          }

          void invite(User user) {
            user.setInviteToken(Long.toHexString(random.nextLong()));
          }
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      good: `
        package shop;

        import java.security.SecureRandom;
        import java.util.Random;

        class Config {
          private final Random random = new SecureRandom();
          private final Random jitter = new Random();

          String generateToken() {
            return Long.toHexString(random.nextLong());
          }

          long delay() {
            return jitter.nextInt(100);
          }
        }
        `,
    },
    {
      file: "Program.cs",
      bad: `
        using System;

        public class Codes
        {
            private readonly Random _random = new Random();

            public string GenerateOtp() => «_random.Next»(100000, 999999).ToString();

            public void Invite(User user)
            {
                user.InviteToken = «Random.Shared.Next»(1, 1000000).ToString();
            }
        }
        `,
      fixed: `
        using System;
        using System.Security.Cryptography;

        public class Codes
        {
            private readonly Random _random = new Random();

            public string GenerateOtp() => RandomNumberGenerator.GetInt32(100000, 999999).ToString();

            public void Invite(User user)
            {
                user.InviteToken = RandomNumberGenerator.GetInt32(1, 1000000).ToString();
            }
        }
        `,
    },
    {
      file: "Program.cs",
      good: `
        using System;
        using System.Security.Cryptography;

        var otp = RandomNumberGenerator.GetInt32(100000, 1000000);
        var token = Guid.NewGuid().ToString();
        var delay = Random.Shared.Next(100);
        `,
    },
  ],
  check: {
    mentions: /random|rand\b|rand\.|uniqid/i,
    file(code, report) {
      for (const found of guessableSecrets(code)) {
        const [call] = found.calls;
        if (call === undefined) continue;
        const { callee } = call;
        report(
          { start: callee.start, end: callee.end },
          `${found.name} comes from ${generatorOf(callee)}, whose numbers can be foretold`,
          {
            severity: weightOf("warning", code),
            fix: () => {
              const made = stronger(found, code);
              if (made === undefined) return undefined;
              return { title: made.title, applicability: made.isSame ? "safe" : "unsafe", edits: made.edits };
            },
          },
        );
      }
    },
  },
});
