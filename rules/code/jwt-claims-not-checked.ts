import { rule } from "../../engine/index";
import { reportAll } from "../shared/code/frameworks";
import { uncheckedClaims } from "../shared/code/jwt";

export default rule({
  id: "code/jwt-claims-not-checked",
  kind: "code",
  severity: "warning",
  principle: "authenticate",
  summary: "A JSON web token is accepted whatever its expiry, issuer or audience",
  why: `A signature proves who issued a token, not that it is meant for this service and still good. Where the expiry is ignored,
a token out of an old log or backup opens the service for ever; where the audience is, a token for the newsletter opens the
payments. Check all of them; only a function that renews tokens has a reason to look at an expired one.`,
  refs: ["CWE-613", "CWE-345"],
  covers: ["semgrep:jwt-tokenvalidationparameters-no-expiry-validation"],
  fix: "unsafe",
  examples: [
    {
      file: "src/auth.ts",
      bad: `
        import jwt from "jsonwebtoken";
        export const check = (token: string) => jwt.verify(token, key, { algorithms: ["RS256"], «ignoreExpiration: true» });
        `,
      fixed: `
        import jwt from "jsonwebtoken";
        export const check = (token: string) => jwt.verify(token, key, { algorithms: ["RS256"], ignoreExpiration: false });
        `,
    },
    {
      file: "app/auth.py",
      bad: `
        import jwt

        def check(token):
            return jwt.decode(token, key, algorithms=["RS256"], options={«"verify_exp": False»})
        `,
      fixed: `
        import jwt

        def check(token):
            return jwt.decode(token, key, algorithms=["RS256"], options={"verify_exp": True})
        `,
    },
    {
      file: "app/auth.py",
      bad: `
        import jwt

        def check(token):
            return jwt.decode(token, key, algorithms=["RS256"], options={«"verify_aud": False»})
        `,
      fixed: `
        import jwt

        def check(token):
            return jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": True})
        `,
      severity: "info",
    },
    {
      file: "main.go",
      bad: `
        package main

        import "github.com/golang-jwt/jwt/v5"

        var parser = jwt.NewParser(«jwt.WithoutClaimsValidation()»)
        var older = &jwt.Parser{«SkipClaimsValidation: true»}
        `,
      fixed: `
        package main

        import "github.com/golang-jwt/jwt/v5"

        var parser = jwt.NewParser(jwt.WithoutClaimsValidation())
        var older = &jwt.Parser{SkipClaimsValidation: false}
        `,
      remains: "an option in a list of calls is left to the reader",
    },
    {
      file: "src/main/java/shop/Security.java",
      bad: `
        package shop;

        import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
        import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

        class Security {
            NimbusJwtDecoder decoder() {
                NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSetUri(uri).build();
                decoder.setJwtValidator(«token -> OAuth2TokenValidatorResult.success()»);
                return decoder;
            }
        }
        `,
    },
    {
      file: "Program.cs",
      bad: `
        using Microsoft.IdentityModel.Tokens;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidateIssuer = true,
            «ValidateLifetime = false», // TODO
        };
        `,
      fixed: `
        using Microsoft.IdentityModel.Tokens;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidateIssuer = true,
            ValidateLifetime = true, // TODO
        };
        `,
    },
    {
      file: "Program.cs",
      bad: `
        using Microsoft.IdentityModel.Tokens;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            «ValidateIssuer = false»,
            «ValidateAudience = false»,
        };
        `,
      fixed: `
        using Microsoft.IdentityModel.Tokens;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidateIssuer = true,
            ValidateAudience = true,
        };
        `,
      severity: "info",
    },
    {
      file: "src/auth.ts",
      good: `
        import jwt from "jsonwebtoken";
        export function refreshToken(old: string) {
          const { sub } = jwt.verify(old, key, { algorithms: ["RS256"], ignoreExpiration: true });
          return issue(sub);
        }
        router.post("/logout", (req, res) => {
          jwt.verify(req.cookies.token, key, { ignoreExpiration: true });
        });
        export const check = (token: string, lax: boolean) => jwt.verify(token, key, { ignoreExpiration: lax });
        `,
      note: "renewing, logging out; a variable",
    },
    {
      file: "app/auth.py",
      good: `
        import jwt

        def check(token):
            return jwt.decode(token, key, algorithms=["RS256"], audience="orders", options={"require": ["exp", "aud"]})
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import "github.com/golang-jwt/jwt/v5"

        var parser = jwt.NewParser(jwt.WithAudience("orders"), jwt.WithExpirationRequired())

        func proof(text string) error {
        	claims := jwt.RegisteredClaims{}
        	_, err := jwt.ParseWithClaims(text, &claims, keys.Find, jwt.WithoutClaimsValidation())
        	if err != nil || tooOld(claims.IssuedAt) {
        		return errStale
        	}
        	return nil
        }
        `,
      note: "the function looks at the time itself",
    },
    {
      file: "src/main/java/shop/Security.java",
      good: `
        package shop;

        import org.springframework.security.oauth2.jwt.JwtValidators;
        import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

        class Security {
            NimbusJwtDecoder decoder() {
                NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSetUri(uri).build();
                decoder.setJwtValidator(JwtValidators.createDefaultWithIssuer("https://login.shop.io"));
                return decoder;
            }
        }
        `,
    },
    {
      file: "src/Tokens.cs",
      good: `
        using Microsoft.IdentityModel.Tokens;
        class Tokens
        {
            ClaimsPrincipal GetPrincipalFromExpiredToken(string token)
            {
                var parameters = new TokenValidationParameters { ValidateIssuer = true, ValidateLifetime = false };
                return handler.ValidateToken(token, parameters, out _);
            }
        }
        `,
      note: "an expired token is what is asked for",
    },
  ],
  check: {
    file(code, report, context) {
      reportAll(uncheckedClaims(code), "warning", code, report, context);
    },
  },
});
