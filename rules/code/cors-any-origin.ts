import { rule } from "../../engine/index";
import { openOrigins } from "../shared/code/cors";
import { reportAll } from "../shared/code/frameworks";

export default rule({
  id: "code/cors-any-origin",
  kind: "code",
  severity: "warning",
  principle: "exposure",
  summary: "Any website may call the service from its visitors' browsers",
  why: `Browsers keep one website from reading another's answers; CORS takes that wall down for the origins that a service names.
Where it names all of them, a page that an employee happens to open reads the internal service that only the company's network can
reach, and where credentials are allowed as well it acts as the user who is logged in. Name the websites that need it; a service
that only other services call needs no CORS at all.`,
  refs: ["CWE-942", "CWE-1385"],
  covers: [
    "semgrep:cors-misconfiguration",
    "semgrep:permissive-cors",
    "semgrep:wildcard-cors",
    "semgrep:nestjs-header-cors-any",
    "sonar:S5122",
  ],
  fix: "guided",
  examples: [
    {
      file: "src/server.ts",
      bad: `
        import express from "express";
        import cors from "cors";
        const app = express();
        app.use(«cors»());
        app.use("/api", cors({ origin: «"*"», methods: ["GET"] }));
        `,
      fixed: `
        import express from "express";
        import cors from "cors";
        const app = express();
        app.use(cors({ origin: "https://app.example.com" }));
        app.use("/api", cors({ origin: "https://app.example.com", methods: ["GET"] }));
        `,
    },
    {
      file: "src/server.js",
      bad: `
        const cors = require("cors");
        const options = { origin: «true», credentials: true };
        app.use(cors(options));
        app.use((req, res, next) => {
          res.setHeader("Access-Control-Allow-Origin", «req.headers.origin»);
          next();
        });
        app.use((req, res, next) => {
          const asked = req.get("Origin");
          if (asked) res.setHeader("Access-Control-Allow-Origin", «asked»);
          next();
        });
        `,
      fixed: `
        const cors = require("cors");
        const options = { origin: "https://app.example.com", credentials: true };
        app.use(cors(options));
        app.use((req, res, next) => {
          res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
          next();
        });
        app.use((req, res, next) => {
          const asked = req.get("Origin");
          if (asked) res.setHeader("Access-Control-Allow-Origin", asked);
          next();
        });
        `,
      severity: "error",
      remains: "what a request names has to be compared with a list first",
    },
    {
      file: "src/main.ts",
      bad: `
        import { NestFactory } from "@nestjs/core";
        import fastifyCors from "@fastify/cors";
        import { Server } from "socket.io";
        const app = await NestFactory.create(AppModule, { cors: «true» });
        app.«enableCors»();
        await server.register(«fastifyCors», { credentials: false });
        const io = new Server(http, { cors: { origin: «"*"» } });
        export const handler = async () => ({ statusCode: 200, headers: { "Access-Control-Allow-Origin": «"*"» } });
        `,
      fixed: `
        import { NestFactory } from "@nestjs/core";
        import fastifyCors from "@fastify/cors";
        import { Server } from "socket.io";
        const app = await NestFactory.create(AppModule, { cors: { origin: "https://app.example.com" } });
        app.enableCors({ origin: "https://app.example.com" });
        await server.register(fastifyCors, { origin: "https://app.example.com", credentials: false });
        const io = new Server(http, { cors: { origin: "https://app.example.com" } });
        export const handler = async () => ({ statusCode: 200, headers: { "Access-Control-Allow-Origin": "https://app.example.com" } });
        `,
    },
    {
      file: "src/server.ts",
      bad: `
        import cors from "cors";
        app.use(cors({ origin: process.env.CORS_ORIGIN || «"*"» }));
        `,
      fixed: `
        import cors from "cors";
        app.use(cors({ origin: process.env.CORS_ORIGIN || "https://app.example.com" }));
        `,
      severity: "info",
      note: "where nothing is set",
    },
    {
      file: "app/main.py",
      bad: `
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware
        from flask_cors import CORS
        app = FastAPI()
        app.add_middleware(CORSMiddleware, allow_origins=[«"*"»], allow_methods=["*"])
        «CORS»(flask_app)
        CORS(flask_app, resources={r"/api/*": {"origins": «"*"»}})
        `,
      fixed: `
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware
        from flask_cors import CORS
        app = FastAPI()
        app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"], allow_methods=["*"])
        CORS(flask_app, origins=["https://app.example.com"])
        CORS(flask_app, resources={r"/api/*": {"origins": "https://app.example.com"}})
        `,
    },
    {
      file: "app/main.py",
      bad: `
        from starlette.middleware.cors import CORSMiddleware
        origins = [«"*"»]
        app.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)
        `,
      fixed: `
        from starlette.middleware.cors import CORSMiddleware
        origins = ["https://app.example.com"]
        app.add_middleware(CORSMiddleware, allow_origins=origins, allow_credentials=True)
        `,
      severity: "error",
    },
    {
      file: "shop/settings.py",
      bad: `
        INSTALLED_APPS = ["corsheaders"]
        «CORS_ALLOW_ALL_ORIGINS = True»
        `,
      fixed: `
        INSTALLED_APPS = ["corsheaders"]
        CORS_ALLOWED_ORIGINS = ["https://app.example.com"]
        `,
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"net/http"

        	"github.com/gorilla/websocket"
        	"github.com/rs/cors"
        )

        var upgrader = websocket.Upgrader{
        	«CheckOrigin: func(r *http.Request) bool { return true }»,
        }

        func handler(mux http.Handler) http.Handler {
        	c := cors.New(cors.Options{AllowedOrigins: []string{«"*"»}})
        	_ = «cors.AllowAll()»
        	return c.Handler(mux)
        }

        func write(w http.ResponseWriter) {
        	w.Header().Set("Access-Control-Allow-Origin", «"*"»)
        }
        `,
      fixed: `
        package main

        import (
        	"net/http"

        	"github.com/gorilla/websocket"
        	"github.com/rs/cors"
        )

        var upgrader = websocket.Upgrader{
        	CheckOrigin: func(r *http.Request) bool { return true },
        }

        func handler(mux http.Handler) http.Handler {
        	c := cors.New(cors.Options{AllowedOrigins: []string{"https://app.example.com"}})
        	_ = cors.New(cors.Options{AllowedOrigins: []string{"https://app.example.com"}})
        	return c.Handler(mux)
        }

        func write(w http.ResponseWriter) {
        	w.Header().Set("Access-Control-Allow-Origin", "https://app.example.com")
        }
        `,
      remains: "a function that compares the origin is left to the reader",
    },
    {
      file: "src/main/java/shop/Config.java",
      bad: `
        package shop;

        import org.springframework.web.cors.CorsConfiguration;
        import org.springframework.web.servlet.config.annotation.CorsRegistry;
        import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
        import java.util.List;

        class Config implements WebMvcConfigurer {
            public void addCorsMappings(CorsRegistry registry) {
                registry.addMapping("/api/**").allowedOrigins(«"*"»).allowedMethods("GET");
            }
            CorsConfiguration cors() {
                CorsConfiguration cors = new CorsConfiguration();
                cors.setAllowedOrigins(List.of(«"*"»));
                cors.addAllowedOriginPattern(«"*"»);
                return cors;
            }
        }
        `,
      fixed: `
        package shop;

        import org.springframework.web.cors.CorsConfiguration;
        import org.springframework.web.servlet.config.annotation.CorsRegistry;
        import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
        import java.util.List;

        class Config implements WebMvcConfigurer {
            public void addCorsMappings(CorsRegistry registry) {
                registry.addMapping("/api/**").allowedOrigins("https://app.example.com").allowedMethods("GET");
            }
            CorsConfiguration cors() {
                CorsConfiguration cors = new CorsConfiguration();
                cors.setAllowedOrigins(List.of("https://app.example.com"));
                cors.addAllowedOriginPattern("https://app.example.com");
                return cors;
            }
        }
        `,
    },
    {
      file: "src/main/java/shop/OrderController.java",
      bad: `
        package shop;

        import org.springframework.web.bind.annotation.*;

        @RestController
        class OrderController {
            «@CrossOrigin(origins = "*")»
            @PostMapping("/orders")
            Order add(@RequestBody Order order) { return store.add(order); }

            @CrossOrigin(origins = "*")
            @GetMapping("/orders")
            List<Order> all() { return store.all(); }
        }
        `,
      note: "one finding for all of a file",
    },
    {
      file: "src/main/java/shop/OrderController.java",
      bad: `
        package shop;

        import org.springframework.web.bind.annotation.*;

        «@CrossOrigin»
        @RestController
        class OrderController {
            @GetMapping("/orders")
            List<Order> all() { return store.all(); }
        }
        `,
      fixed: `
        package shop;

        import org.springframework.web.bind.annotation.*;

        @CrossOrigin(origins = "https://app.example.com")
        @RestController
        class OrderController {
            @GetMapping("/orders")
            List<Order> all() { return store.all(); }
        }
        `,
      severity: "info",
      note: "only reads",
    },
    {
      file: "Program.cs",
      bad: `
        using Microsoft.AspNetCore.Builder;
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddCors(o => o.AddPolicy("all", p => p.«AllowAnyOrigin()».AllowAnyHeader()));
        `,
      fixed: `
        using Microsoft.AspNetCore.Builder;
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddCors(o => o.AddPolicy("all", p => p.WithOrigins("https://app.example.com").AllowAnyHeader()));
        `,
    },
    {
      file: "Program.cs",
      bad: `
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddCors(o => o.AddPolicy("all", p => p.«SetIsOriginAllowed(_ => true)».AllowCredentials()));
        `,
      fixed: `
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddCors(o => o.AddPolicy("all", p => p.WithOrigins("https://app.example.com").AllowCredentials()));
        `,
      severity: "error",
    },
    {
      file: "src/server.ts",
      good: `
        import cors from "cors";
        import { cors as ours } from "./cors";
        const allowed = ["https://app.example.com"];
        app.use(cors({ origin: allowed, credentials: true }));
        app.use(cors({ origin: process.env.CORS_ORIGIN }));
        app.use(cors({ ...options }));
        app.use(cors(options));
        app.use(ours());
        app.use(cors({ origin: (origin, callback) => callback(null, allowed.includes(origin)) }));
        if (process.env.NODE_ENV !== "production") app.use(cors());
        app.use((req, res, next) => {
          if (allowed.includes(req.headers.origin)) res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
          next();
        });
        `,
      note: "named websites, the environment, options made elsewhere, development, another function of the name",
    },
    {
      file: "src/api.ts",
      good: `
        import axios from "axios";
        export const orders = () => axios.get("/orders", { headers: { "Access-Control-Allow-Origin": "*" } });
        `,
      note: "the header in a request does nothing",
    },
    {
      file: "app/main.py",
      good: `
        import os
        from fastapi import FastAPI
        from fastapi.middleware.cors import CORSMiddleware
        from flask_cors import CORS
        app.add_middleware(CORSMiddleware, allow_origins=os.environ["ORIGINS"].split(","), allow_methods=["*"], allow_headers=["*"])
        CORS(flask_app, origins=["https://app.example.com"])
        CORS(flask_app, **options)
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"net/http"

        	"github.com/gorilla/websocket"
        	"github.com/rs/cors"
        )

        var upgrader = websocket.Upgrader{
        	CheckOrigin: func(r *http.Request) bool { return r.Header.Get("Origin") == "https://app.example.com" },
        }

        func write(w http.ResponseWriter, r *http.Request) {
        	origin := r.Header.Get("Origin")
        	if allowed[origin] {
        		w.Header().Set("Access-Control-Allow-Origin", origin)
        	}
        	cors.New(cors.Options{AllowedOrigins: []string{"https://app.example.com"}, AllowedHeaders: []string{"*"}})
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      good: `
        package shop;

        import org.springframework.context.annotation.Profile;
        import org.springframework.web.bind.annotation.CrossOrigin;
        import org.springframework.web.servlet.config.annotation.CorsRegistry;
        import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

        @CrossOrigin(origins = "\${shop.origin}")
        class Config implements WebMvcConfigurer {
            public void addCorsMappings(CorsRegistry registry) {
                registry.addMapping("/api/**").allowedOrigins("https://app.example.com").allowedHeaders("*");
            }
        }

        @Profile("dev")
        class Open implements WebMvcConfigurer {
            public void addCorsMappings(CorsRegistry registry) {
                registry.addMapping("/**").allowedOrigins("*");
            }
        }
        `,
    },
    {
      file: "Program.cs",
      good: `
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddCors(o => o.AddPolicy("app", p => p.WithOrigins("https://app.example.com").AllowAnyHeader()));
        if (app.Environment.IsDevelopment())
        {
            app.UseCors(p => p.AllowAnyOrigin());
        }
        `,
    },
  ],
  check: {
    file(code, report, context) {
      reportAll(openOrigins(code), "warning", code, report, context);
    },
  },
});
