import { rule } from "../../engine/index";
import { reportAll } from "../shared/code/frameworks";
import { openPolicies } from "../shared/code/open-authorization";

export default rule({
  id: "code/open-authorization-policy",
  kind: "code",
  severity: "warning",
  principle: "authenticate",
  summary: "The service's policy lets every request in, whoever makes it",
  why: `Inside a cluster a service is reached by every other pod, so an attacker who holds the least of them calls it as well. A
policy that permits all requests leaves nothing in the way: orders are read and refunds are made without a login. Let the default
be that a login is needed, and name the few paths that are open, such as the login itself and the probes.`,
  refs: ["CWE-306", "CWE-862"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      file: "src/main/java/shop/Security.java",
      bad: `
        package shop;

        import org.springframework.context.annotation.Bean;
        import org.springframework.security.config.annotation.web.builders.HttpSecurity;

        class Security {
            @Bean
            SecurityFilterChain chain(HttpSecurity http) throws Exception {
                http.csrf(c -> c.disable()).authorizeHttpRequests(a -> a.anyRequest().«permitAll»());
                return http.build();
            }
            void older(HttpSecurity http) throws Exception {
                http.authorizeRequests().antMatchers("/**").«permitAll»();
            }
        }
        `,
      fixed: `
        package shop;

        import org.springframework.context.annotation.Bean;
        import org.springframework.security.config.annotation.web.builders.HttpSecurity;

        class Security {
            @Bean
            SecurityFilterChain chain(HttpSecurity http) throws Exception {
                http.csrf(c -> c.disable()).authorizeHttpRequests(a -> a.anyRequest().authenticated());
                return http.build();
            }
            void older(HttpSecurity http) throws Exception {
                http.authorizeRequests().antMatchers("/**").authenticated();
            }
        }
        `,
    },
    {
      file: "src/main/java/shop/Security.java",
      bad: `
        package shop;

        import org.springframework.security.config.annotation.web.builders.HttpSecurity;

        class Security {
            void chain(HttpSecurity http) throws Exception {
                http.authorizeHttpRequests(a -> a
                    .requestMatchers("/admin/**").hasRole("ADMIN")
                    .anyRequest().«permitAll»());
            }
        }
        `,
      fixed: `
        package shop;

        import org.springframework.security.config.annotation.web.builders.HttpSecurity;

        class Security {
            void chain(HttpSecurity http) throws Exception {
                http.authorizeHttpRequests(a -> a
                    .requestMatchers("/admin/**").hasRole("ADMIN")
                    .anyRequest().authenticated());
            }
        }
        `,
      severity: "info",
      note: "some paths are protected",
    },
    {
      file: "src/main/java/shop/Application.java",
      bad: `
        package shop;

        import org.springframework.boot.autoconfigure.SpringBootApplication;
        import org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration;

        @SpringBootApplication(exclude = { «SecurityAutoConfiguration».class })
        class Application {}
        `,
    },
    {
      file: "Program.cs",
      bad: `
        using Microsoft.AspNetCore.Authorization;
        builder.Services.AddAuthorization(o => o.AddPolicy("orders", p => p.«RequireAssertion(_ => true)»));
        app.MapControllers().«AllowAnonymous»();
        `,
      fixed: `
        using Microsoft.AspNetCore.Authorization;
        builder.Services.AddAuthorization(o => o.AddPolicy("orders", p => p.RequireAuthenticatedUser()));
        app.MapControllers().RequireAuthorization();
        `,
    },
    {
      file: "shop/settings.py",
      bad: `
        REST_FRAMEWORK = {
            "DEFAULT_PERMISSION_CLASSES": [
                «"rest_framework.permissions.AllowAny"»,
            ],
        }
        `,
      fixed: `
        REST_FRAMEWORK = {
            "DEFAULT_PERMISSION_CLASSES": [
                "rest_framework.permissions.IsAuthenticated",
            ],
        }
        `,
    },
    {
      file: "src/main/java/shop/Security.java",
      good: `
        package shop;

        import org.springframework.context.annotation.Profile;
        import org.springframework.http.HttpMethod;
        import org.springframework.security.config.annotation.web.builders.HttpSecurity;

        class Security {
            void chain(HttpSecurity http) throws Exception {
                http.authorizeHttpRequests(a -> a
                    .requestMatchers(HttpMethod.OPTIONS, "/**").permitAll()
                    .requestMatchers("/login", "/actuator/health", "/swagger-ui/**").permitAll()
                    .anyRequest().authenticated());
            }
            void assets(HttpSecurity http) throws Exception {
                http.securityMatcher("/assets/**").authorizeHttpRequests(a -> a.anyRequest().permitAll());
            }
        }

        @Profile("dev")
        class Open {
            void chain(HttpSecurity http) throws Exception {
                http.authorizeHttpRequests(a -> a.anyRequest().permitAll());
            }
        }
        `,
      note: "some paths, a chain for some paths, development",
    },
    {
      file: "Program.cs",
      good: `
        using Microsoft.AspNetCore.Authorization;
        builder.Services.AddAuthorization(o => o.AddPolicy("orders", p => p.RequireAssertion(c => c.User.IsInRole("clerk"))));
        app.MapControllers().RequireAuthorization();
        app.MapHealthChecks("/health").AllowAnonymous();
        `,
    },
    {
      file: "shop/settings.py",
      good: `
        REST_FRAMEWORK = {
            "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
            "DEFAULT_THROTTLE_CLASSES": [],
        }
        `,
    },
  ],
  check: {
    file(code, report, context) {
      reportAll(openPolicies(code), "warning", code, report, context);
    },
  },
});
