import { rule } from "../../engine/index";
import { debugSwitches } from "../shared/code/debugging";
import { reportAll } from "../shared/code/frameworks";

export default rule({
  id: "code/debug-mode",
  kind: "code",
  severity: "warning",
  principle: "exposure",
  summary: "The program runs in debug mode, for everybody who calls it",
  why: `Debug modes answer an error with the source, the settings and the variables around it, keys and passwords among them.
Flask's goes further: its error page has a console, and whoever provokes an error and guesses a PIN runs Python inside the
container. Read the switch from the environment, off where nothing is said, or put it behind a check for development.`,
  refs: ["CWE-489", "CWE-94"],
  covers: [
    "bandit:B201",
    "semgrep:debug-enabled",
    "semgrep:avoid_hardcoded_config_DEBUG",
    "semgrep:stacktrace-disclosure",
    "sonar:S4507",
  ],
  fix: "unsafe",
  examples: [
    {
      file: "app/main.py",
      bad: `
        from flask import Flask
        app = Flask(__name__)
        if __name__ == "__main__":
            app.run(host="0.0.0.0", port=5000, «debug=True»)
        `,
      fixed: `
        from flask import Flask
        app = Flask(__name__)
        if __name__ == "__main__":
            app.run(host="0.0.0.0", port=5000, debug=False)
        `,
      severity: "error",
    },
    {
      file: "app/main.py",
      bad: `
        from fastapi import FastAPI
        from flask import Flask
        api = FastAPI(«debug=True», title="Orders")
        app = Flask(__name__)
        «app.config["DEBUG"] = True»
        «app.debug = True»
        `,
      fixed: `
        from fastapi import FastAPI
        from flask import Flask
        api = FastAPI(debug=False, title="Orders")
        app = Flask(__name__)
        app.config["DEBUG"] = False
        app.debug = False
        `,
    },
    {
      file: "shop/settings.py",
      bad: `
        «DEBUG = True»  # SECURITY WARNING
        INSTALLED_APPS = ["django.contrib.auth"]
        `,
      fixed: `
        DEBUG = False  # SECURITY WARNING
        INSTALLED_APPS = ["django.contrib.auth"]
        `,
    },
    {
      file: "shop/settings/dev.py",
      bad: `
        «DEBUG = True»
        INSTALLED_APPS = ["django.contrib.auth"]
        `,
      fixed: `
        DEBUG = False
        INSTALLED_APPS = ["django.contrib.auth"]
        `,
      severity: "info",
      note: "settings for development",
    },
    {
      file: "src/server.ts",
      bad: `
        import express from "express";
        import errorhandler from "errorhandler";
        const app = express();
        app.use(«errorhandler()»);
        `,
      fixed: `
        import express from "express";
        import errorhandler from "errorhandler";
        const app = express();
        if (process.env.NODE_ENV === "development") app.use(errorhandler());
        `,
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"github.com/gin-gonic/gin"
        	"github.com/labstack/echo/v4"
        )

        func main() {
        	gin.SetMode(«gin.DebugMode»)
        	e := echo.New()
        	«e.Debug = true»
        	e.Start(":8080")
        }
        `,
      fixed: `
        package main

        import (
        	"github.com/gin-gonic/gin"
        	"github.com/labstack/echo/v4"
        )

        func main() {
        	gin.SetMode(gin.ReleaseMode)
        	e := echo.New()
        	e.Debug = false
        	e.Start(":8080")
        }
        `,
    },
    {
      file: "src/main/java/shop/Security.java",
      bad: `
        package shop;

        import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;

        @EnableWebSecurity(«debug = true»)
        class Security {}
        `,
      fixed: `
        package shop;

        import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;

        @EnableWebSecurity(debug = false)
        class Security {}
        `,
    },
    {
      file: "Program.cs",
      bad: `
        using Microsoft.AspNetCore.Builder;
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSignalR(o => { «o.EnableDetailedErrors = true»; });
        var app = builder.Build();
        app.«UseDeveloperExceptionPage»();
        app.Run();
        `,
      fixed: `
        using Microsoft.AspNetCore.Builder;
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSignalR(o => { o.EnableDetailedErrors = false; });
        var app = builder.Build();
        if (app.Environment.IsDevelopment()) app.UseDeveloperExceptionPage();
        app.Run();
        `,
    },
    {
      file: "Startup.cs",
      bad: `
        using Microsoft.AspNetCore.Builder;
        class Startup
        {
            public void Configure(IApplicationBuilder app, IWebHostEnvironment env)
            {
                if (env.IsDevelopment())
                {
                    app.UseDeveloperExceptionPage();
                }
                else
                {
                    app.«UseDeveloperExceptionPage»();
                }
            }
        }
        `,
      fixed: `
        using Microsoft.AspNetCore.Builder;
        class Startup
        {
            public void Configure(IApplicationBuilder app, IWebHostEnvironment env)
            {
                if (env.IsDevelopment())
                {
                    app.UseDeveloperExceptionPage();
                }
                else
                {
                    if (env.IsDevelopment()) app.UseDeveloperExceptionPage();
                }
            }
        }
        `,
      note: "behind `else` as well",
    },
    {
      file: "app/main.py",
      good: `
        import asyncio
        import logging
        import os
        from flask import Flask
        DEBUG = True
        app = Flask(__name__)
        asyncio.run(main(), debug=True)
        logging.basicConfig(level=logging.DEBUG)
        if os.getenv("ENV") == "dev":
            app.run(debug=True)
        app.run(debug=os.getenv("FLASK_DEBUG") == "1")
        app.run(debug=DEBUG_MODE)
        app.debug = os.environ["DEBUG"] == "1"
        `,
      note: "no switch of a framework; a guard; the environment",
    },
    {
      file: "shop/settings.py",
      good: `
        import os
        DEBUG = os.getenv("DJANGO_DEBUG") == "1"
        INSTALLED_APPS = ["django.contrib.auth"]

        class Config:
            DEBUG = False
            SECRET_KEY = os.environ["SECRET_KEY"]

        class DevelopmentConfig(Config):
            DEBUG = True
        `,
    },
    {
      file: "src/server.ts",
      good: `
        import express from "express";
        import errorhandler from "errorhandler";
        import { errorhandler as ours } from "./errors";
        const app = express();
        if (process.env.NODE_ENV === "development") {
          app.use(errorhandler());
        }
        app.use(ours());
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"os"

        	"github.com/gin-gonic/gin"
        )

        func main() {
        	gin.SetMode(os.Getenv("GIN_MODE"))
        	if os.Getenv("ENV") == "dev" {
        		gin.SetMode(gin.DebugMode)
        	}
        	gin.SetMode(gin.ReleaseMode)
        }
        `,
    },
    {
      file: "src/main/java/shop/Security.java",
      good: `
        package shop;

        import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;

        @EnableWebSecurity
        class Security {}
        `,
    },
    {
      file: "Program.cs",
      good: `
        using Microsoft.AspNetCore.Builder;
        var app = builder.Build();
        if (app.Environment.IsDevelopment())
        {
            app.UseDeveloperExceptionPage();
        }
        builder.Services.AddSignalR(o => o.EnableDetailedErrors = builder.Environment.IsDevelopment());
        `,
    },
  ],
  check: {
    mentions: /debug|developer|error_?page|error_?handler|reload|run_simple|IncludeErrorDetails|detailed/i,
    file(code, report, context) {
      reportAll(debugSwitches(code), "warning", code, report, context);
    },
  },
});
