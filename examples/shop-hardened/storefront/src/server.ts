import { readFileSync } from "node:fs";
import { createServer as createHealthServer } from "node:http";
import { createServer } from "node:https";
import express from "express";
import { newCart, readCart } from "./session.js";

const app = express();
app.disable("x-powered-by");

app.get("/session", (request, response) => {
  const cart = readCart(request.headers.cookie);
  if (cart === undefined) {
    response.sendStatus(401);
    return;
  }
  response.set("X-Shop-Cart", cart).sendStatus(204);
});

app.use((request, response, next) => {
  if (readCart(request.headers.cookie) === undefined) {
    response.cookie("cart", newCart(), { secure: true, httpOnly: true, sameSite: "strict", maxAge: 86_400_000 });
  }
  next();
});
app.use(express.static("public"));

// Only a client with a certificate of the shop's own CA may call: that is the gateway.
const tls = {
  cert: readFileSync("/run/secrets/tls/tls.crt"),
  key: readFileSync("/run/secrets/tls/tls.key"),
  ca: readFileSync("/run/secrets/tls/ca.crt"),
  requestCert: true,
  rejectUnauthorized: true,
};
const server = createServer(tls, app).listen(8443);
const health = createHealthServer((_, response) => response.writeHead(204).end()).listen(8081, "127.0.0.1");

process.on("SIGTERM", () => {
  server.close();
  health.close();
});
