import { fixIn, rule } from "../../engine/index";
import { plainDatabases } from "../shared/code/databases";
import { weightOf } from "../shared/code/weight";

export default rule({
  id: "code/plaintext-database-connection",
  kind: "code",
  severity: "warning",
  principle: "encrypt",
  summary: "A connection to a database or cache that is not encrypted",
  why: `Everything that a service knows passes between it and its database: the password of the account, customers' records, session
tokens in the cache. Whoever takes over one container on that network, or mirrors its traffic, reads all of it and can answer in
the database's name. Turn TLS on in the client and let it check the certificate; where a mesh or a tunnel encrypts that way, say so
in a suppression.`,
  refs: ["CWE-319"],
  covers: ["sonar:S5332", "semgrep:sequelize-enforce-tls"],
  fix: "unsafe",
  examples: [
    {
      file: "src/server.ts",
      bad: `
        import { Pool } from "pg";

        export const pool = new Pool({ connectionString: \`postgres://shop@db/orders?«sslmode=disable»\` });
        export const other = new Pool({ host: "db.acme.io", «ssl: false» });
        const legacy = "jdbc:mysql://db:3306/shop?«useSSL=false»&serverTimezone=UTC";
        const open = (pw: string) => new Pool({ connectionString: \`postgres://u:\${pw}@db/app?«sslmode=disable»\` });
        export default [legacy, open];
        `,
      fixed: `
        import { Pool } from "pg";

        export const pool = new Pool({ connectionString: \`postgres://shop@db/orders?sslmode=verify-full\` });
        export const other = new Pool({ host: "db.acme.io", ssl: true });
        const legacy = "jdbc:mysql://db:3306/shop?useSSL=true&requireSSL=true&serverTimezone=UTC";
        const open = (pw: string) => new Pool({ connectionString: \`postgres://u:\${pw}@db/app?sslmode=verify-full\` });
        export default [legacy, open];
        `,
    },
    {
      file: "src/server.ts",
      bad: `
        import { DataSource } from "typeorm";
        import { Sequelize } from "sequelize";

        export const source = new DataSource({ type: "postgres", host: process.env.DB_HOST, database: "shop", «ssl: false» });
        export const orm = new Sequelize("shop", "shop", undefined, {
          dialect: "mssql",
          host: "sql.acme.io",
          dialectOptions: { options: { «encrypt: false» } },
        });
        `,
      fixed: `
        import { DataSource } from "typeorm";
        import { Sequelize } from "sequelize";

        export const source = new DataSource({ type: "postgres", host: process.env.DB_HOST, database: "shop", ssl: true });
        export const orm = new Sequelize("shop", "shop", undefined, {
          dialect: "mssql",
          host: "sql.acme.io",
          dialectOptions: { options: { encrypt: true } },
        });
        `,
    },
    {
      file: "src/server.ts",
      severity: "info",
      bad: `
        import Redis from "ioredis";
        import { createClient } from "redis";
        import mongoose from "mongoose";

        const cache = new Redis(process.env.REDIS_URL ?? "«redis://cache:6379»/0");
        const other = new Redis({ host: "«redis»", port: 6379 });
        const third = createClient({ socket: { host: "«redis.internal»" } });
        await mongoose.connect("«mongodb://mongo-0,mongo-1:27017»/shop");
        await mongoose.connect(\`«mongodb://orders:27017»\`);
        export { cache, other, third };
        `,
      fixed: `
        import Redis from "ioredis";
        import { createClient } from "redis";
        import mongoose from "mongoose";

        const cache = new Redis(process.env.REDIS_URL ?? "rediss://cache:6379/0");
        const other = new Redis({ tls: {}, host: "redis", port: 6379 });
        const third = createClient({ socket: { tls: true, host: "redis.internal" } });
        await mongoose.connect("mongodb://mongo-0,mongo-1:27017/shop?tls=true");
        await mongoose.connect(\`mongodb://orders:27017/?tls=true\`);
        export { cache, other, third };
        `,
      note: "the scheme alone, a host alone",
    },
    {
      file: "src/server.ts",
      good: `
        import { Pool } from "pg";

        export const pool = new Pool({ connectionString: "postgres://shop@db/orders", ssl: { ca: process.env.CA } });
        export const local = new Pool({ connectionString: "postgres://shop@localhost/orders?sslmode=disable" });
        export const third = new Pool({ host: "127.0.0.1", ssl: false });
        export const mine = "mysql://root:root@localhost/db?ssl=false";
        export const fourth = new Pool({ ssl: process.env.NODE_ENV === "production" ? { ca: "x" } : false });
        `,
      note: "encrypted, on this machine, chosen elsewhere",
    },
    {
      file: "src/server.ts",
      good: `
        import Redis from "ioredis";
        import mongoose from "mongoose";

        export const cache = new Redis("rediss://cache:6380");
        export const near = new Redis("redis://localhost:6379");
        await mongoose.connect("mongodb+srv://cluster0.acme.io/shop");
        await mongoose.connect(process.env.MONGO_URL as string);
        if (process.env.DB?.startsWith("redis://cache")) console.log("sslmode=disable is not for production");
        export const server = { port: 8080, ssl: false };
        `,
      note: "encrypted, on this machine, compared, no database",
    },
    {
      file: "src/cache.js",
      good: `
        const Redis = require("ioredis");
        const cache = new Redis("redis://cache:6379", { tls: {} });
        module.exports = { cache, other: new Redis({ host: "cache", tls: {} }), open: (o) => new Redis({ ...o, host: "cache" }) };
        `,
    },
    {
      file: "app/main.py",
      bad: `
        import os
        import psycopg2
        import pymysql
        from sqlalchemy import create_engine

        DATABASES = {"default": {"HOST": "db", "NAME": "shop", "OPTIONS": {«"sslmode": "disable"»}}}

        def connect():
            first = psycopg2.connect(host="db", dbname="shop", «sslmode="allow"»)
            second = psycopg2.connect(f"host=db dbname=shop user={os.environ['DB_USER']} «sslmode=disable»")
            third = create_engine("postgresql+psycopg://shop@db.acme.io/shop?«sslmode=disable»")
            return first, second, third, pymysql.connect(host="db", «ssl_disabled=True»)
        `,
      fixed: `
        import os
        import psycopg2
        import pymysql
        from sqlalchemy import create_engine

        DATABASES = {"default": {"HOST": "db", "NAME": "shop", "OPTIONS": {"sslmode": "verify-full"}}}

        def connect():
            first = psycopg2.connect(host="db", dbname="shop", sslmode="verify-full")
            second = psycopg2.connect(f"host=db dbname=shop user={os.environ['DB_USER']} sslmode=verify-full")
            third = create_engine("postgresql+psycopg://shop@db.acme.io/shop?sslmode=verify-full")
            return first, second, third, pymysql.connect(host="db", ssl_disabled=False)
        `,
    },
    {
      file: "app/main.py",
      severity: "info",
      bad: `
        import os
        import redis
        from pymongo import MongoClient

        SSL_MODE = os.getenv("DB_SSLMODE", "require")
        sslmode = os.getenv("PGSSLMODE", "«disable»")
        cache = redis.Redis(host="«cache»", port=6379)
        other = redis.from_url("«redis://cache:6379»/0")
        orders = MongoClient("«mongo»", 27017)
        `,
      fixed: `
        import os
        import redis
        from pymongo import MongoClient

        SSL_MODE = os.getenv("DB_SSLMODE", "require")
        sslmode = os.getenv("PGSSLMODE", "verify-full")
        cache = redis.Redis(host="cache", port=6379, ssl=True)
        other = redis.from_url("rediss://cache:6379/0")
        orders = MongoClient("mongo", 27017, tls=True)
        `,
    },
    {
      file: "app/main.py",
      good: `
        import os
        import aiohttp
        import psycopg2
        import redis

        def connect(url, **options):
            """Connects; add sslmode=disable on your own machine."""
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=5))
            psycopg2.connect(host="localhost", sslmode="disable")
            psycopg2.connect(host="db", sslmode="verify-full")
            redis.Redis(host="cache", ssl=True)
            redis.Redis(host="cache", **options)
            redis.Redis(host=os.environ["REDIS_HOST"])
            return redis.from_url(url)
        `,
    },
    {
      file: "main.go",
      bad: `
        package main

        import (
        	"database/sql"
        	"fmt"
        	"os"
        )

        func open(host string) (*sql.DB, error) {
        	dsn := fmt.Sprintf("host=%s user=shop dbname=shop «sslmode=disable»", host)
        	if _, err := sql.Open("postgres", dsn); err != nil {
        		return nil, err
        	}
        	if _, err := sql.Open("mysql", "shop@tcp(db:3306)/shop?«tls=false»"); err != nil {
        		return nil, err
        	}
        	return sql.Open("postgres", "postgres://shop:"+os.Getenv("PW")+"@db/app?«sslmode=disable»")
        }
        `,
      fixed: `
        package main

        import (
        	"database/sql"
        	"fmt"
        	"os"
        )

        func open(host string) (*sql.DB, error) {
        	dsn := fmt.Sprintf("host=%s user=shop dbname=shop sslmode=verify-full", host)
        	if _, err := sql.Open("postgres", dsn); err != nil {
        		return nil, err
        	}
        	if _, err := sql.Open("mysql", "shop@tcp(db:3306)/shop?tls=true"); err != nil {
        		return nil, err
        	}
        	return sql.Open("postgres", "postgres://shop:"+os.Getenv("PW")+"@db/app?sslmode=verify-full")
        }
        `,
    },
    {
      file: "main.go",
      severity: "info",
      bad: `
        package main

        import "github.com/redis/go-redis/v9"

        func cache() *redis.Client {
        	return redis.NewClient(&redis.Options{
        		Addr: "«cache:6379»",
        		DB:   0,
        	})
        }
        `,
      fixed: `
        package main

        import "github.com/redis/go-redis/v9"
        import "crypto/tls"

        func cache() *redis.Client {
        	return redis.NewClient(&redis.Options{
        		TLSConfig: &tls.Config{},
        		Addr: "cache:6379",
        		DB:   0,
        	})
        }
        `,
    },
    {
      file: "main.go",
      good: `
        package main

        import (
        	"crypto/tls"
        	"database/sql"
        	"os"

        	"github.com/redis/go-redis/v9"
        )

        func open() *redis.Client {
        	sql.Open("postgres", "host=localhost dbname=shop sslmode=disable")
        	sql.Open("postgres", "host=db dbname=shop sslmode=verify-full")
        	sql.Open("mysql", "shop@tcp(127.0.0.1:3306)/shop?tls=false")
        	redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")})
        	return redis.NewClient(&redis.Options{Addr: "cache:6379", TLSConfig: &tls.Config{}})
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      bad: `
        package shop;

        import com.mysql.cj.jdbc.MysqlDataSource;
        import java.sql.Connection;
        import java.sql.DriverManager;
        import java.util.Properties;

        class Config {
          Connection open(Properties properties, String host) throws Exception {
            properties.setProperty("sslmode", «"disable"»);
            MysqlDataSource source = new MysqlDataSource();
            source.setUseSSL(«false»);
            DriverManager.getConnection("jdbc:sqlserver://sql.acme.io;databaseName=shop;«encrypt=false»");
            return DriverManager.getConnection("jdbc:postgresql://" + host + "/shop?«sslmode=disable»", properties);
          }
        }
        `,
      fixed: `
        package shop;

        import com.mysql.cj.jdbc.MysqlDataSource;
        import java.sql.Connection;
        import java.sql.DriverManager;
        import java.util.Properties;

        class Config {
          Connection open(Properties properties, String host) throws Exception {
            properties.setProperty("sslmode", "verify-full");
            MysqlDataSource source = new MysqlDataSource();
            source.setUseSSL(true);
            DriverManager.getConnection("jdbc:sqlserver://sql.acme.io;databaseName=shop;encrypt=true");
            return DriverManager.getConnection("jdbc:postgresql://" + host + "/shop?sslmode=verify-full", properties);
          }
        }
        `,
    },
    {
      file: "src/main/java/shop/Config.java",
      good: `
        package shop;

        import java.sql.DriverManager;
        import redis.clients.jedis.Jedis;

        class Config {
          void open(String url) throws Exception {
            DriverManager.getConnection("jdbc:mysql://localhost:3306/shop?useSSL=false");
            DriverManager.getConnection("jdbc:postgresql://db/shop?sslmode=verify-full");
            DriverManager.getConnection(url);
            new Jedis("localhost", 6379);
          }
        }
        `,
    },
    {
      file: "Program.cs",
      bad: `
        using Microsoft.Data.SqlClient;
        using Npgsql;

        var first = new SqlConnection("Server=sql.acme.io;Database=shop;«Encrypt=False»;");
        var second = new NpgsqlConnection("Host=db;Database=shop;«SSL Mode=Disable»");
        var third = new NpgsqlConnectionStringBuilder { Host = "db", «SslMode = SslMode.Disable» };
        `,
      fixed: `
        using Microsoft.Data.SqlClient;
        using Npgsql;

        var first = new SqlConnection("Server=sql.acme.io;Database=shop;Encrypt=True;");
        var second = new NpgsqlConnection("Host=db;Database=shop;SSL Mode=VerifyFull");
        var third = new NpgsqlConnectionStringBuilder { Host = "db", SslMode = SslMode.VerifyFull };
        `,
    },
    {
      file: "Program.cs",
      severity: "info",
      bad: `
        using StackExchange.Redis;

        var cache = ConnectionMultiplexer.Connect("«cache:6379»");
        var orders = new MongoDB.Driver.MongoClient("«mongodb://orders:27017»");
        `,
      fixed: `
        using StackExchange.Redis;

        var cache = ConnectionMultiplexer.Connect("cache:6379,ssl=true");
        var orders = new MongoDB.Driver.MongoClient("mongodb://orders:27017/?tls=true");
        `,
    },
    {
      file: "Program.cs",
      good: `
        using Microsoft.Data.SqlClient;
        using StackExchange.Redis;

        var first = new SqlConnection("Server=localhost;Database=shop;Encrypt=False");
        var second = new SqlConnection("Server=(localdb)\\\\mssqllocaldb;Database=shop;Encrypt=False");
        var third = new SqlConnection(builder.Configuration.GetConnectionString("Shop"));
        var cache = ConnectionMultiplexer.Connect("cache:6380,ssl=true");
        `,
    },
  ],
  check: {
    mentions:
      /postgres|psycopg|pg|mysql|maria|mongo|redis|sql|jdbc|ssl|tls|memcache|clickhouse|cassandra|encrypt|dsn|database|datasource/i,
    file(code, report, context) {
      for (const { at, message, severity, guard, edits } of plainDatabases(code, context)) {
        report(at, message, {
          severity: weightOf(severity, code, guard),
          fix: () => {
            const made = edits();
            return fixIn(context.file, "Encrypt the connection", "unsafe", [made && { edits: made }]);
          },
        });
      }
    },
  },
});
