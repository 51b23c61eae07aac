import { rule } from "../../engine/index";
import { insecureCookies } from "../shared/code/cookies";
import { reportAll } from "../shared/code/frameworks";

export default rule({
  id: "code/insecure-cookie",
  kind: "code",
  severity: "warning",
  principle: "encrypt",
  summary: "A cookie of a login is sent without TLS, or given to scripts",
  why: `Whoever has the cookie of a session is logged in. Without \`Secure\` the browser sends it over plain http as well: one image
from http://shop.example, and the wireless network's owner has it. Without \`HttpOnly\` a single foreign script reads it. Set both,
and \`SameSite\`; where TLS ends at a proxy the cookie is Secure all the same.`,
  refs: ["CWE-614", "CWE-1004"],
  covers: [
    "gosec:G124",
    "semgrep:session-cookie-missing-secure",
    "semgrep:secure-set-cookie",
    "semgrep:cookie-setSecure",
    "semgrep:express-cookie-session-no-secure",
    "sonar:S2092",
    "sonar:S3330",
  ],
  fix: "unsafe",
  examples: [
    {
      file: "src/server.ts",
      bad: `
        import session from "express-session";
        app.use(session({ secret: process.env.SECRET!, cookie: { «secure: false», maxAge: 60000 } }));
        res.cookie("auth_token", token, { «httpOnly: false», secure: true });
        res.cookie("session", id, { «sameSite: "none"» });
        `,
      fixed: `
        import session from "express-session";
        app.use(session({ secret: process.env.SECRET!, cookie: { secure: true, maxAge: 60000 } }));
        res.cookie("auth_token", token, { httpOnly: true, secure: true });
        res.cookie("session", id, { sameSite: "none" });
        `,
      remains: "whether other websites need the cookie is for the owner to say",
    },
    {
      file: "src/server.ts",
      bad: `
        import session from "express-session";
        app.use(«session»({ secret: process.env.SECRET!, resave: false }));
        «res.cookie»("jwt", token);
        «res.cookie»("session", id, { httpOnly: true });
        `,
      fixed: `
        import session from "express-session";
        app.use(session({ cookie: { secure: true, sameSite: "lax" }, secret: process.env.SECRET!, resave: false }));
        res.cookie("jwt", token, { secure: true, httpOnly: true, sameSite: "lax" });
        res.cookie("session", id, { secure: true, httpOnly: true });
        `,
      severity: "info",
      note: "nothing is said",
    },
    {
      file: "app/main.py",
      bad: `
        def login(response):
            response.set_cookie("session", token, «secure=False», httponly=True)

        app.config.update(«SESSION_COOKIE_SECURE=False»)
        «SESSION_COOKIE_HTTPONLY = False»
        `,
      fixed: `
        def login(response):
            response.set_cookie("session", token, secure=True, httponly=True)

        app.config.update(SESSION_COOKIE_SECURE=True)
        SESSION_COOKIE_HTTPONLY = True
        `,
    },
    {
      file: "app/main.py",
      bad: `
        def login(response):
            «response.set_cookie»("access_token", token)
        `,
      fixed: `
        def login(response):
            response.set_cookie("access_token", token, secure=True, httponly=True)
        `,
      severity: "info",
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"net/http"

        	"github.com/gin-gonic/gin"
        )

        func login(w http.ResponseWriter, c *gin.Context) {
        	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, «Secure: false», HttpOnly: true})
        	c.SetCookie("token", token, 3600, "/", "", «false», true)
        }
        `,
      fixed: `
        package main

        import (
        	"net/http"

        	"github.com/gin-gonic/gin"
        )

        func login(w http.ResponseWriter, c *gin.Context) {
        	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Secure: true, HttpOnly: true})
        	c.SetCookie("token", token, 3600, "/", "", true, true)
        }
        `,
    },
    {
      file: "main.go",
      bad: `
        package main

        import "net/http"

        func login(w http.ResponseWriter) {
        	http.SetCookie(w, &«http.Cookie»{
        		Name:  "session",
        		Value: id,
        	})
        }
        `,
      fixed: `
        package main

        import "net/http"

        func login(w http.ResponseWriter) {
        	http.SetCookie(w, &http.Cookie{
        		Secure: true, HttpOnly: true,
        		Name:  "session",
        		Value: id,
        	})
        }
        `,
      severity: "info",
    },
    {
      file: "src/main/java/shop/Login.java",
      bad: `
        package shop;

        import jakarta.servlet.http.Cookie;
        import org.springframework.http.ResponseCookie;

        class Login {
            void login(String id) {
                Cookie cookie = new Cookie("session", id);
                cookie.«setSecure(false)»;
                cookie.«setHttpOnly(false)»;
            }
            ResponseCookie other(String token) {
                return ResponseCookie.from("jwt", token).«secure(false)».httpOnly(true).build();
            }
        }
        `,
      fixed: `
        package shop;

        import jakarta.servlet.http.Cookie;
        import org.springframework.http.ResponseCookie;

        class Login {
            void login(String id) {
                Cookie cookie = new Cookie("session", id);
                cookie.setSecure(true);
                cookie.setHttpOnly(true);
            }
            ResponseCookie other(String token) {
                return ResponseCookie.from("jwt", token).secure(true).httpOnly(true).build();
            }
        }
        `,
    },
    {
      file: "src/main/java/shop/Login.java",
      bad: `
        package shop;

        import jakarta.servlet.http.Cookie;
        import org.springframework.http.ResponseCookie;

        class Login {
            void login(String id) {
                response.addCookie(new «Cookie»("session", id));
            }
            ResponseCookie other(String token) {
                return «ResponseCookie.from»("jwt", token).httpOnly(true).build();
            }
        }
        `,
      fixed: `
        package shop;

        import jakarta.servlet.http.Cookie;
        import org.springframework.http.ResponseCookie;

        class Login {
            void login(String id) {
                response.addCookie(new Cookie("session", id));
            }
            ResponseCookie other(String token) {
                return ResponseCookie.from("jwt", token).secure(true).httpOnly(true).build();
            }
        }
        `,
      severity: "info",
      remains: "a servlet's cookie is told so in statements of its own",
    },
    {
      file: "Program.cs",
      bad: `
        using Microsoft.AspNetCore.Http;
        Response.Cookies.Append("session", id, new CookieOptions { «Secure = false», HttpOnly = true });
        builder.Services.ConfigureApplicationCookie(o => { «o.Cookie.SecurePolicy = CookieSecurePolicy.None»; «o.Cookie.HttpOnly = false»; });
        `,
      fixed: `
        using Microsoft.AspNetCore.Http;
        Response.Cookies.Append("session", id, new CookieOptions { Secure = true, HttpOnly = true });
        builder.Services.ConfigureApplicationCookie(o => { o.Cookie.SecurePolicy = CookieSecurePolicy.Always; o.Cookie.HttpOnly = true; });
        `,
    },
    {
      file: "src/Login.cs",
      bad: `
        using Microsoft.AspNetCore.Http;
        class Login
        {
            void In(HttpResponse response) => «response.Cookies.Append»("auth", token);
        }
        `,
      fixed: `
        using Microsoft.AspNetCore.Http;
        class Login
        {
            void In(HttpResponse response) => response.Cookies.Append("auth", token, new CookieOptions { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax });
        }
        `,
      severity: "info",
    },
    {
      file: "src/server.ts",
      good: `
        import session from "express-session";
        app.use(session({ secret: process.env.SECRET!, cookie: { secure: process.env.NODE_ENV === "production" } }));
        app.use(session({ ...options }));
        res.cookie("theme", "dark", { secure: false });
        res.cookie("XSRF-TOKEN", token, { httpOnly: false, secure: true });
        res.cookie("session", id, { secure: app.isProd, httpOnly: true });
        res.cookie("token", "", { maxAge: 0 });
        map.set("session", id);
        `,
      note: "the environment, another purpose, a cookie against forgery, a removal",
    },
    {
      file: "app/main.py",
      good: `
        def login(response):
            response.set_cookie("session", token, secure=True, httponly=True, samesite="lax")
            response.set_cookie("theme", "dark")
            response.set_cookie("session", token, **options)

        CSRF_COOKIE_HTTPONLY = False
        SESSION_COOKIE_SECURE = not DEBUG
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import "net/http"

        func login(w http.ResponseWriter, r *http.Request) {
        	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Secure: r.TLS != nil, HttpOnly: true})
        	http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark"})
        	http.SetCookie(w, &http.Cookie{Name: "session", Value: "", MaxAge: -1})
        }
        `,
    },
    {
      file: "src/main/java/shop/Login.java",
      good: `
        package shop;

        import jakarta.servlet.http.Cookie;

        class Login {
            void login(String id) {
                Cookie cookie = new Cookie("session", id);
                cookie.setSecure(true);
                cookie.setHttpOnly(true);
            }
            void theme() {
                Cookie cookie = new Cookie("theme", "dark");
                cookie.setHttpOnly(false);
            }
        }
        `,
    },
    {
      file: "Program.cs",
      good: `
        using Microsoft.AspNetCore.Http;
        Response.Cookies.Append("session", id, new CookieOptions { Secure = true, HttpOnly = true });
        Response.Cookies.Append("theme", "dark", new CookieOptions { Secure = false });
        Response.Cookies.Append("XSRF-TOKEN", token, new CookieOptions { HttpOnly = false, Secure = true });
        Response.Cookies.Append("session", id, options);
        `,
    },
  ],
  check: {
    file(code, report, context) {
      reportAll(insecureCookies(code), "warning", code, report, context);
    },
  },
});
