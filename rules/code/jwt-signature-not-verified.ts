import { rule } from "../../engine/index";
import { reportAll } from "../shared/code/frameworks";
import { unsignedTokens } from "../shared/code/jwt";

export default rule({
  id: "code/jwt-signature-not-verified",
  kind: "code",
  severity: "error",
  principle: "authenticate",
  summary: "What a JSON web token says is believed without a valid signature",
  why: `A token is a text that the caller brings along; only its signature says who wrote it. A service that decodes without
verifying, or takes the algorithm \`none\`, believes a token that somebody typed by hand: \`{"sub": "admin"}\`, base64, done. Verify
with the issuer's key and name the algorithms that you accept, in every service, behind a gateway as well.`,
  refs: ["CWE-347"],
  covers: [
    "semgrep:jwt-none-alg",
    "semgrep:jwt-python-none-alg",
    "semgrep:java-jwt-none-alg",
    "semgrep:jjwt-none-alg",
    "semgrep:jwt-go-none-algorithm",
    "semgrep:jwt-go-parse-unverified",
    "semgrep:unverified-jwt-decode",
    "semgrep:jwt-simple-noverify",
    "semgrep:jwt-decode-without-verify",
    "semgrep:java-jwt-decode-without-verify",
    "sonar:S5659",
  ],
  fix: "unsafe",
  examples: [
    {
      file: "app/tokens.py",
      bad: `
        import jwt

        keys = jwt.PyJWKClient("https://login.acme.io/jwks.json")

        def user_of(token):
            key = keys.get_signing_key_from_jwt(token)
            return jwt.decode(token, key, algorithms=["ES256"])["sub"]

        def load(token):
            return jwt.decode(
                token,
                keys.get_signing_key_from_jwt(token),
                algorithms=["ES256"],
                options={«"verify_signature": False»},
            )["sub"]
        `,
      fixed: `
        import jwt

        keys = jwt.PyJWKClient("https://login.acme.io/jwks.json")

        def user_of(token):
            key = keys.get_signing_key_from_jwt(token)
            return jwt.decode(token, key, algorithms=["ES256"])["sub"]

        def load(token):
            return jwt.decode(
                token,
                keys.get_signing_key_from_jwt(token),
                algorithms=["ES256"],
                options={"verify_signature": True},
            )["sub"]
        `,
      note: "a key is fetched, and not used",
    },
    {
      file: "src/auth.ts",
      bad: `
        import jwt from "jsonwebtoken";
        export function authenticate(req: Request, res: Response, next: Next) {
          const token = req.headers.authorization?.split(" ")[1];
          req.user = «jwt.decode»(token);
          next();
        }
        `,
      fixed: `
        import jwt from "jsonwebtoken";
        export function authenticate(req: Request, res: Response, next: Next) {
          const token = req.headers.authorization?.split(" ")[1];
          req.user = jwt.verify(token, publicKey, { algorithms: ["RS256"] });
          next();
        }
        `,
      severity: "warning",
    },
    {
      file: "src/auth.js",
      bad: `
        const jwt = require("jsonwebtoken");
        const simple = require("jwt-simple");
        const a = jwt.verify(token, key, { algorithms: ["HS256", «"none"»] });
        const b = simple.decode(token, key, «true»);
        `,
      fixed: `
        const jwt = require("jsonwebtoken");
        const simple = require("jwt-simple");
        const a = jwt.verify(token, key, { algorithms: ["HS256", "RS256"] });
        const b = simple.decode(token, key, false);
        `,
    },
    {
      file: "app/auth.py",
      bad: `
        import jwt

        def current_user(token):
            claims = jwt.decode(token, options={«"verify_signature": False»})
            return claims["sub"]

        def older(token):
            return jwt.decode(token, key, «verify=False»)
        `,
      fixed: `
        import jwt

        def current_user(token):
            claims = jwt.decode(token, options={"verify_signature": True})
            return claims["sub"]

        def older(token):
            return jwt.decode(token, key, verify=True)
        `,
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"net/http"

        	"github.com/golang-jwt/jwt/v5"
        )

        func user(r *http.Request) (string, error) {
        	token, _, err := jwt.NewParser().«ParseUnverified»(r.Header.Get("X-Token"), jwt.MapClaims{})
        	if err != nil {
        		return "", err
        	}
        	return token.Claims.GetSubject()
        }

        func issue(claims jwt.MapClaims) (string, error) {
        	return jwt.NewWithClaims(«jwt.SigningMethodNone», claims).SignedString(«jwt.UnsafeAllowNoneSignatureType»)
        }
        `,
    },
    {
      file: "src/main/java/shop/Tokens.java",
      bad: `
        package shop;

        import com.auth0.jwt.JWT;
        import com.auth0.jwt.algorithms.Algorithm;
        import io.jsonwebtoken.Claims;
        import io.jsonwebtoken.Jwts;

        class Tokens {
            String user(String token) {
                return «JWT.decode»(token).getSubject();
            }
        }
        `,
      severity: "warning",
    },
    {
      file: "src/main/java/shop/Tokens.java",
      bad: `
        package shop;

        import com.auth0.jwt.algorithms.Algorithm;
        import io.jsonwebtoken.Claims;
        import io.jsonwebtoken.Jwts;

        class Tokens {
            private final Algorithm algorithm = «Algorithm.none()»;
            Claims claims(String token) {
                return (Claims) Jwts.parser().setSigningKey(key).«parse»(token).getBody();
            }
        }
        `,
      fixed: `
        package shop;

        import com.auth0.jwt.algorithms.Algorithm;
        import io.jsonwebtoken.Claims;
        import io.jsonwebtoken.Jwts;

        class Tokens {
            private final Algorithm algorithm = Algorithm.none();
            Claims claims(String token) {
                return (Claims) Jwts.parser().setSigningKey(key).parseClaimsJws(token).getBody();
            }
        }
        `,
      remains: "nobody but the owner can say which algorithm it shall be",
    },
    {
      file: "Program.cs",
      bad: `
        using Microsoft.IdentityModel.Tokens;
        var parameters = new TokenValidationParameters
        {
            «RequireSignedTokens = false»,
            ValidIssuer = "https://login.shop.io",
        };
        parameters.SignatureValidator = null;
        `,
      fixed: `
        using Microsoft.IdentityModel.Tokens;
        var parameters = new TokenValidationParameters
        {
            RequireSignedTokens = true,
            ValidIssuer = "https://login.shop.io",
        };
        parameters.SignatureValidator = null;
        `,
    },
    {
      file: "Program.cs",
      bad: `
        using Microsoft.IdentityModel.Tokens;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            «SignatureValidator = (token, _) => new JwtSecurityToken(token)»,
        };
        `,
    },
    {
      file: "src/components/Session.tsx",
      good: `
        import { jwtDecode } from "jwt-decode";
        export function Session({ token }) {
          const claims = jwtDecode(token);
          return <p>{claims.sub}: {claims.exp}</p>;
        }
        `,
      note: "in a browser, for display",
    },
    {
      file: "src/keys.ts",
      good: `
        import jwt from "jsonwebtoken";
        export async function check(token: string) {
          const decoded = jwt.decode(token, { complete: true });
          const key = await keys.get(decoded.header.kid);
          return jwt.verify(token, key, { algorithms: ["RS256"] });
        }
        export function lifetime(token: string) {
          const { exp } = jwt.decode(token);
          return exp - Date.now() / 1000;
        }
        `,
      note: "the header first, then the signature; the lifetime of a token that one holds oneself",
    },
    {
      file: "app/auth.py",
      good: `
        import jwt
        import base64
        from shop.codec import decode

        def check(token):
            issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
            return jwt.decode(token, keys[issuer], algorithms=["RS256"])

        def other(data):
            return decode(data, verify=False)

        def lifetime(token):
            return jwt.decode(token, options={"verify_signature": False})["exp"]

        def remote(token):
            answer = requests.post(settings.IDENTITY_VERIFY, json={"token": token}, timeout=5)
            if answer.status_code == 200:
                return jwt.decode(token, options={"verify_signature": False})["sub"]
        `,
      note: "the issuer first, then the signature; another decode; a lifetime; another service checks it",
    },
    {
      file: "main.go",
      good: `
        package main

        import "github.com/golang-jwt/jwt/v5"

        func user(text string) (*jwt.Token, error) {
        	return jwt.Parse(text, keys.Find, jwt.WithValidMethods([]string{"RS256"}))
        }

        func expiryOf(token string) (*jwt.NumericDate, error) {
        	claims := jwt.RegisteredClaims{}
        	_, _, err := jwt.NewParser().ParseUnverified(token, &claims)
        	return claims.ExpiresAt, err
        }
        `,
      note: "a look into a token that the program itself was given",
    },
    {
      file: "src/main/java/shop/Tokens.java",
      good: `
        package shop;

        import com.auth0.jwt.JWT;
        import io.jsonwebtoken.Claims;
        import io.jsonwebtoken.Jwts;

        class Tokens {
            Claims claims(String token) {
                return Jwts.parser().verifyWith(key).build().parseSignedClaims(token).getPayload();
            }
            String user(String token) {
                verifier.verify(token);
                return JWT.decode(token).getSubject();
            }
        }
        `,
    },
    {
      file: "Program.cs",
      good: `
        using Microsoft.IdentityModel.Tokens;
        var parameters = new TokenValidationParameters { RequireSignedTokens = true, IssuerSigningKey = key };
        var token = new JwtSecurityTokenHandler().ReadJwtToken(text);
        `,
    },
  ],
  check: {
    file(code, report, context) {
      reportAll(unsignedTokens(code), "error", code, report, context);
    },
  },
});
