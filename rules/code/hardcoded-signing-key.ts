import { rule } from "../../engine/index";
import { reportAll } from "../shared/code/frameworks";
import { signingKeys } from "../shared/code/signing-keys";

export default rule({
  id: "code/hardcoded-signing-key",
  kind: "code",
  severity: "error",
  principle: "secrets",
  summary: "A key that signs tokens, sessions or messages is written into the code",
  why: `A signature proves only that its maker has the key. Once the key stands in the code, everybody who has ever seen the
repository, an image or a stack trace has it, and makes a token with \`"role": "admin"\` that every service believes. Read the key
from the environment or a secret store, let the program stop where it is missing, and give it a new value: the old one stays in
the history.`,
  refs: ["CWE-321", "CWE-798"],
  covers: [
    "semgrep:hardcoded-jwt-secret",
    "semgrep:jwt-python-hardcoded-secret",
    "semgrep:java-jwt-hardcoded-secret",
    "semgrep:hardcoded-jwt-key",
    "semgrep:hardcoded-hmac-key",
    "semgrep:express-session-hardcoded-secret",
    "semgrep:express-jwt-hardcoded-secret",
    "semgrep:hardcoded-passport-secret",
    "semgrep:avoid_hardcoded_config_SECRET_KEY",
    "sonar:S6781",
  ],
  fix: "unsafe",
  marksSecrets: true,
  examples: [
    {
      file: "src/server.js",
      bad: `
        const jwt = require("jsonwebtoken");
        const session = require("express-session");
        app.use(session({ secret: «"weak-session-key"», resave: false, cookie: { secure: true } }));
        const token = jwt.sign({ sub: user.id }, «"weak-example-key"», { expiresIn: "15m" });
        `,
      fixed: `
        const jwt = require("jsonwebtoken");
        const session = require("express-session");
        app.use(session({ secret: process.env.SESSION_SECRET, resave: false, cookie: { secure: true } }));
        const token = jwt.sign({ sub: user.id }, process.env.JWT_SECRET, { expiresIn: "15m" });
        `,
    },
    {
      file: "src/auth.ts",
      bad: `
        import jwt from "jsonwebtoken";
        const TOKEN_SECRET = «"weak-example-key"»;
        export const issue = (payload: object) => jwt.sign(payload, TOKEN_SECRET);
        export const check = (token: string) => jwt.verify(token, TOKEN_SECRET);
        `,
      fixed: `
        import jwt from "jsonwebtoken";
        const TOKEN_SECRET = process.env.TOKEN_SECRET!;
        export const issue = (payload: object) => jwt.sign(payload, TOKEN_SECRET);
        export const check = (token: string) => jwt.verify(token, TOKEN_SECRET);
        `,
      note: "a constant, where it is written",
    },
    {
      file: "src/token.ts",
      bad: `
        import * as jwt from "jsonwebtoken";
        export const issue = (payload: object) => jwt.sign(payload, process.env.JWT_SECRET || «"devsecret"»);
        `,
      fixed: `
        import * as jwt from "jsonwebtoken";
        export const issue = (payload: object) => jwt.sign(payload, process.env.JWT_SECRET!);
        `,
      severity: "warning",
      note: "a fallback",
    },
    {
      file: "app/auth.py",
      bad: `
        import hmac
        import jwt

        def issue(claims):
            return jwt.encode(claims, «"weak-example-key"», algorithm="HS256")

        def mac(body):
            return hmac.new(«b"weak-example-key"», body, "sha256").hexdigest()
        `,
      fixed: `
        import hmac
        import jwt
        import os

        def issue(claims):
            return jwt.encode(claims, os.environ["JWT_SECRET"], algorithm="HS256")

        def mac(body):
            return hmac.new(os.environ["HMAC_KEY"].encode(), body, "sha256").hexdigest()
        `,
    },
    {
      file: "shop/settings.py",
      bad: `
        import os
        SECRET_KEY = os.getenv("SECRET_KEY", «"weak-example-key"»)
        INSTALLED_APPS = ["django.contrib.auth"]
        `,
      fixed: `
        import os
        SECRET_KEY = os.environ["SECRET_KEY"]
        INSTALLED_APPS = ["django.contrib.auth"]
        `,
      severity: "warning",
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"github.com/golang-jwt/jwt/v5"
        )

        var signingKey = []byte(«"weak-example-key"»)

        func issue(claims jwt.MapClaims) (string, error) {
        	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(signingKey)
        }
        `,
      fixed: `
        package main

        import (
        	"github.com/golang-jwt/jwt/v5"
        	"os"
        )

        var signingKey = []byte(os.Getenv("SIGNING_KEY"))

        func issue(claims jwt.MapClaims) (string, error) {
        	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(signingKey)
        }
        `,
    },
    {
      file: "src/main/java/shop/Tokens.java",
      bad: `
        package shop;

        import com.auth0.jwt.algorithms.Algorithm;
        import io.jsonwebtoken.Jwts;
        import io.jsonwebtoken.security.Keys;

        class Tokens {
            Algorithm algorithm() {
                return Algorithm.HMAC256(«"weak-example-key"»);
            }
            String issue(String user) {
                return Jwts.builder().subject(user).expiration(soon()).signWith(Keys.hmacShaKeyFor(«"another-weak-key"».getBytes())).compact();
            }
        }
        `,
      fixed: `
        package shop;

        import com.auth0.jwt.algorithms.Algorithm;
        import io.jsonwebtoken.Jwts;
        import io.jsonwebtoken.security.Keys;

        class Tokens {
            Algorithm algorithm() {
                return Algorithm.HMAC256(System.getenv("JWT_SECRET"));
            }
            String issue(String user) {
                return Jwts.builder().subject(user).expiration(soon()).signWith(Keys.hmacShaKeyFor(System.getenv("JWT_SECRET").getBytes())).compact();
            }
        }
        `,
    },
    {
      file: "Program.cs",
      bad: `
        using System;
        using System.Text;
        using Microsoft.IdentityModel.Tokens;
        var key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(«"weak-example-key"»));
        `,
      fixed: `
        using System;
        using System.Text;
        using Microsoft.IdentityModel.Tokens;
        var key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable("JWT_SECRET")));
        `,
    },
    {
      file: "src/server.ts",
      good: `
        import jwt from "jsonwebtoken";
        import crypto from "node:crypto";
        import { readFileSync } from "node:fs";
        const publicKey = "-----BEGIN PUBLIC KEY-----\\nMIIBIjANBgkq\\n-----END PUBLIC KEY-----";
        export const check = (token: string) => jwt.verify(token, publicKey, { algorithms: ["RS256"] });
        export const issue = (claims: object) => jwt.sign(claims, readFileSync("/run/secrets/key.pem"), { algorithm: "RS256" });
        export const other = (claims: object) => jwt.sign(claims, process.env.JWT_SECRET!);
        export const mac = (body: string) => crypto.createHmac("sha256", process.env.HMAC_KEY!).update(body).digest("hex");
        export const telegram = (token: string) => crypto.createHmac("sha256", "WebAppData").update(token).digest();
        export const names = { jwtSecret: "JWT_SECRET", jwtSecretName: "jwt/secret" };
        `,
      note: "a public key, a file, the environment, a text that a protocol fixes, names of settings",
    },
    {
      file: "src/server.ts",
      good: `
        import { sign } from "./sign";
        export const issue = (claims: object) => sign(claims, "orders", { kind: "receipt" });
        `,
      note: "another function of the same name",
    },
    {
      file: "app/main.py",
      good: `
        import os
        import hashlib
        import jwt
        from shop.config import settings

        def issue(claims):
            return jwt.encode(claims, settings.secret, algorithm="HS256")

        def check(token):
            return jwt.decode(token, os.environ["JWT_SECRET"], algorithms=["HS256"])

        digest = hashlib.new("sha256", b"orders").hexdigest()
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"crypto/hmac"
        	"crypto/sha256"
        	"os"

        	"github.com/golang-jwt/jwt/v5"
        )

        func issue(token *jwt.Token) (string, error) {
        	return token.SignedString([]byte(os.Getenv("JWT_SECRET")))
        }

        func mac(key []byte) []byte { return hmac.New(sha256.New, key).Sum(nil) }
        `,
    },
    {
      file: "src/main/java/shop/Cipher.java",
      good: `
        package shop;

        import com.auth0.jwt.algorithms.Algorithm;
        import org.springframework.beans.factory.annotation.Value;

        class Tokens {
            @Value("\${jwt.secret}") private String secret;
            Algorithm algorithm() { return Algorithm.HMAC256(secret); }
        }
        `,
    },
    {
      file: "Program.cs",
      good: `
        using System.Text;
        using Microsoft.IdentityModel.Tokens;
        var key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(builder.Configuration["Jwt:Key"]!));
        `,
    },
  ],
  check: {
    file(code, report, context) {
      reportAll(signingKeys(code), "error", code, report, context);
    },
  },
});
