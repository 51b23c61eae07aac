import { rule } from "../../engine/index";
import { reportAll } from "../shared/code/frameworks";
import { openManagement } from "../shared/code/management";

export default rule({
  id: "code/management-endpoint-exposed",
  kind: "code",
  severity: "warning",
  principle: "exposure",
  summary: "A profiler, console or dashboard for operators is open on the service",
  why: `Doors for operators show what a program keeps to itself: a heap dump holds the passwords and tokens of the moment, a profile
takes the processor for half a minute for each call, a database console runs whatever is typed. Serve them on a port of their own
that listens on 127.0.0.1 or that only operators reach, or ask for a login.`,
  refs: ["CWE-200", "CWE-215"],
  covers: ["gosec:G108", "semgrep:pprof-debug-exposure"],
  fix: "unsafe",
  examples: [
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"net/http"
        	«_ "net/http/pprof"»
        )

        func main() {
        	http.ListenAndServe(":8080", nil)
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      bad: `
        package shop;

        import org.h2.server.web.WebServlet;
        import org.springframework.boot.SpringApplication;
        import org.springframework.security.config.annotation.web.builders.HttpSecurity;

        class Config {
            ServletRegistrationBean<WebServlet> console() {
                return new ServletRegistrationBean<>(new «WebServlet»(), "/console/*");
            }
            void chain(HttpSecurity http) throws Exception {
                http.authorizeHttpRequests(a -> a.requestMatchers(«"/h2-console/**"»).permitAll().anyRequest().authenticated());
            }
            void settings(java.util.Properties properties) {
                properties.put("management.endpoints.web.exposure.include", «"*"»);
            }
        }
        `,
      fixed: `
        package shop;

        import org.h2.server.web.WebServlet;
        import org.springframework.boot.SpringApplication;
        import org.springframework.security.config.annotation.web.builders.HttpSecurity;

        class Config {
            ServletRegistrationBean<WebServlet> console() {
                return new ServletRegistrationBean<>(new WebServlet(), "/console/*");
            }
            void chain(HttpSecurity http) throws Exception {
                http.authorizeHttpRequests(a -> a.requestMatchers("/h2-console/**").permitAll().anyRequest().authenticated());
            }
            void settings(java.util.Properties properties) {
                properties.put("management.endpoints.web.exposure.include", "health,info,prometheus");
            }
        }
        `,
      remains: "whether the console goes is for the owner to say",
    },
    {
      file: "src/main/java/shop/Security.java",
      bad: `
        package shop;

        import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
        import org.springframework.security.config.annotation.web.builders.HttpSecurity;

        class Security {
            void chain(HttpSecurity http) throws Exception {
                http.authorizeHttpRequests(a -> a
                    .requestMatchers(«EndpointRequest.toAnyEndpoint()»).permitAll()
                    .requestMatchers(«"/actuator/**"», "/login").permitAll()
                    .anyRequest().authenticated());
            }
        }
        `,
      severity: "info",
    },
    {
      file: "src/server.ts",
      bad: `
        import monitor from "express-status-monitor";
        app.use(«monitor»());
        `,
    },
    {
      file: "app/main.py",
      bad: `
        from flask_debugtoolbar import DebugToolbarExtension
        toolbar = «DebugToolbarExtension»(app)
        `,
    },
    {
      file: "src/Everybody.cs",
      bad: `
        using Hangfire.Dashboard;
        class Everybody : IDashboardAuthorizationFilter
        {
            public bool «Authorize»(DashboardContext context) => true;
        }
        `,
    },
    {
      file: "Program.cs",
      bad: `
        using Hangfire;
        app.UseHangfireDashboard("/jobs", new DashboardOptions { «Authorization = new IDashboardAuthorizationFilter[] { }» });
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"net/http"
        	_ "net/http/pprof"
        )

        func main() {
        	go http.ListenAndServe("localhost:6060", nil)
        	http.ListenAndServe(":8080", routes())
        }
        `,
      note: "the profiler on 127.0.0.1, the service with routes of its own",
    },
    {
      file: "src/main/java/shop/Security.java",
      good: `
        package shop;

        import org.springframework.security.config.annotation.web.builders.HttpSecurity;

        class Security {
            void chain(HttpSecurity http) throws Exception {
                http.authorizeHttpRequests(a -> a
                    .requestMatchers("/actuator/health", "/actuator/info").permitAll()
                    .requestMatchers("/actuator/**").hasRole("OPERATOR")
                    .anyRequest().authenticated());
            }
            void settings(java.util.Properties properties) {
                properties.put("management.endpoints.web.exposure.include", "health,info,prometheus");
            }
        }
        `,
    },
    {
      file: "src/server.ts",
      good: `
        import monitor from "express-status-monitor";
        if (process.env.NODE_ENV === "development") app.use(monitor());
        `,
    },
    {
      file: "app/main.py",
      good: `
        import os
        from flask_debugtoolbar import DebugToolbarExtension
        if os.getenv("ENV") == "dev":
            DebugToolbarExtension(app)
        `,
    },
    {
      file: "Program.cs",
      good: `
        using Hangfire;
        app.UseHangfireDashboard();
        app.UseHangfireDashboard("/jobs", new DashboardOptions { Authorization = new[] { new OperatorsOnly() } });
        app.MapHealthChecksUI();
        `,
      note: "Hangfire itself lets in only requests of the same machine",
    },
  ],
  check: {
    mentions:
      /pprof|expvar|actuator|inspect|status-monitor|toolbar|hangfire|quartz|statsviz|management|jolokia|h2|monitor|dashboard/i,
    file(code, report, context) {
      reportAll(openManagement(code), "warning", code, report, context);
    },
  },
});
