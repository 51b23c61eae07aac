import { rule } from "../../engine/index";
import { reportAll } from "../shared/code/frameworks";
import { endlessTokens } from "../shared/code/jwt";

export default rule({
  id: "code/jwt-without-expiry",
  kind: "code",
  severity: "warning",
  principle: "rotation",
  summary: "A JSON web token is issued that never expires",
  why: `A token cannot be taken back: whoever has it is the user, until it expires. One that never does, copied out of a log, a
browser's history or an old telephone, opens the account years later, after the password was changed and after the employee left.
Issue tokens for minutes, and let a refresh token that can be revoked renew them.`,
  refs: ["CWE-613"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      file: "src/login.ts",
      bad: `
        import jwt from "jsonwebtoken";
        const a = «jwt.sign»({ sub: user.id, role: user.role }, process.env.JWT_SECRET!);
        const b = «jwt.sign»({ sub: user.id }, key, { algorithm: "RS256" });
        `,
      fixed: `
        import jwt from "jsonwebtoken";
        const a = jwt.sign({ sub: user.id, role: user.role }, process.env.JWT_SECRET!, { expiresIn: "15m" });
        const b = jwt.sign({ sub: user.id }, key, { expiresIn: "15m", algorithm: "RS256" });
        `,
    },
    {
      file: "src/login.ts",
      bad: `
        import { SignJWT } from "jose";
        const token = await new «SignJWT»({ sub: user.id })
          .setProtectedHeader({ alg: "RS256" })
          .setIssuedAt()
          .sign(key);
        `,
      fixed: `
        import { SignJWT } from "jose";
        const token = await new SignJWT({ sub: user.id })
          .setProtectedHeader({ alg: "RS256" })
          .setIssuedAt()
          .setExpirationTime("15m")
          .sign(key);
        `,
    },
    {
      file: "app/login.py",
      bad: `
        import jwt

        def issue(user):
            return «jwt.encode»({"sub": user.id, "role": user.role}, key, algorithm="RS256")
        `,
      fixed: `
        import jwt
        import time

        def issue(user):
            return jwt.encode({"sub": user.id, "role": user.role, "exp": int(time.time()) + 900}, key, algorithm="RS256")
        `,
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"github.com/golang-jwt/jwt/v5"
        )

        func issue(user string) (string, error) {
        	token := «jwt.NewWithClaims»(jwt.SigningMethodRS256, jwt.MapClaims{"sub": user})
        	return token.SignedString(key)
        }

        func registered(user string) *jwt.Token {
        	return «jwt.NewWithClaims»(jwt.SigningMethodRS256, jwt.RegisteredClaims{Subject: user})
        }
        `,
      fixed: `
        package main

        import (
        	"github.com/golang-jwt/jwt/v5"
        	"time"
        )

        func issue(user string) (string, error) {
        	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{"exp": time.Now().Add(15 * time.Minute).Unix(), "sub": user})
        	return token.SignedString(key)
        }

        func registered(user string) *jwt.Token {
        	return jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.RegisteredClaims{ExpiresAt: jwt.NewNumericDate(time.Now().Add(15 * time.Minute)), Subject: user})
        }
        `,
    },
    {
      file: "src/main/java/shop/Tokens.java",
      bad: `
        package shop;

        import com.auth0.jwt.JWT;
        import io.jsonwebtoken.Jwts;

        class Tokens {
            String issue(String user) {
                return «Jwts.builder»()
                    .setSubject(user)
                    .signWith(key)
                    .compact();
            }
            String other(String user) {
                return «JWT.create»().withSubject(user).sign(algorithm);
            }
        }
        `,
      fixed: `
        package shop;

        import com.auth0.jwt.JWT;
        import io.jsonwebtoken.Jwts;

        class Tokens {
            String issue(String user) {
                return Jwts.builder()
                    .setSubject(user)
                    .signWith(key)
                    .setExpiration(new java.util.Date(System.currentTimeMillis() + 900_000))
                    .compact();
            }
            String other(String user) {
                return JWT.create().withSubject(user).withExpiresAt(new java.util.Date(System.currentTimeMillis() + 900_000)).sign(algorithm);
            }
        }
        `,
    },
    {
      file: "src/Tokens.cs",
      bad: `
        using System;
        using System.IdentityModel.Tokens.Jwt;
        class Tokens
        {
            JwtSecurityToken Issue() => new «JwtSecurityToken»(issuer: "shop", claims: claims, signingCredentials: credentials);
        }
        `,
      fixed: `
        using System;
        using System.IdentityModel.Tokens.Jwt;
        class Tokens
        {
            JwtSecurityToken Issue() => new JwtSecurityToken(issuer: "shop", claims: claims, signingCredentials: credentials, expires: DateTime.UtcNow.AddMinutes(15));
        }
        `,
    },
    {
      file: "src/login.ts",
      good: `
        import jwt from "jsonwebtoken";
        const a = jwt.sign({ sub: user.id }, key, { expiresIn: "1h" });
        const b = jwt.sign({ sub: user.id, exp: Math.floor(Date.now() / 1000) + 900 }, key);
        const c = jwt.sign(payload, process.env.JWT_SECRET || "devsecret");
        const d = jwt.sign({ ...payload }, key);
        const e = jwt.sign({ sub: user.id }, key, options);
        const f = jwt.sign({ sub: user.id }, key, { ...options, algorithm: "RS256" });
        const g = signer.sign({ sub: user.id }, key);
        `,
      note: "payloads and options that are made elsewhere",
    },
    {
      file: "src/login.ts",
      good: `
        import jwt from "jsonwebtoken";
        export function issue(user: User) {
          const payload = { sub: user.id };
          payload.exp = soon();
          return jwt.sign(payload, key);
        }
        `,
    },
    {
      file: "app/login.py",
      good: `
        import jwt

        def issue(user):
            payload = {"sub": user.id}
            payload["exp"] = soon()
            return jwt.encode(payload, key, algorithm="RS256")

        def other(claims):
            return jwt.encode({**claims, "iss": "shop"}, key, algorithm="RS256")

        def third(user):
            return jwt.encode({"sub": user.id, "exp": soon()}, key, algorithm="RS256")
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import "github.com/golang-jwt/jwt/v5"

        func issue(user string, claims jwt.Claims) *jwt.Token {
        	own := jwt.MapClaims{"sub": user}
        	own["exp"] = soon()
        	jwt.NewWithClaims(jwt.SigningMethodRS256, own)
        	return jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
        }
        `,
    },
    {
      file: "src/main/java/shop/Tokens.java",
      good: `
        package shop;

        import io.jsonwebtoken.Jwts;

        class Tokens {
            String issue(String user) {
                return Jwts.builder().subject(user).expiration(soon()).signWith(key).compact();
            }
            String other(Map<String, Object> claims) {
                return Jwts.builder().setClaims(claims).signWith(key).compact();
            }
            JwtBuilder begin() { return Jwts.builder().issuer("shop"); }
        }
        `,
    },
    {
      file: "src/Tokens.cs",
      good: `
        using System.IdentityModel.Tokens.Jwt;
        using Microsoft.IdentityModel.Tokens;
        class Tokens
        {
            JwtSecurityToken Issue() => new JwtSecurityToken(issuer: "shop", expires: soon, signingCredentials: credentials);
            JwtSecurityToken Read(string text) => new JwtSecurityToken(text);
            SecurityTokenDescriptor Descriptor() => new SecurityTokenDescriptor { Subject = subject, SigningCredentials = credentials };
        }
        `,
      note: "the handler gives a descriptor an hour where nobody says more",
    },
  ],
  check: {
    file(code, report, context) {
      reportAll(endlessTokens(code), "warning", code, report, context);
    },
  },
});
