import express from "express";
import { logIn, session } from "./session";

const app = express();
const catalog = process.env.CATALOG_URL ?? "http://catalog:8080";

app.use(express.static("public"));
app.use(express.json());
app.use(session);

app.post("/login", async (request, response) => {
  const answer = await fetch("http://accounts.shop.example/verify", {
    method: "POST",
    body: JSON.stringify({ user: request.body.user, password: request.body.password }),
  });
  if (!answer.ok) return void response.status(401).end();
  logIn(response, request.body.user);
  response.json({ ok: true });
});

app.get("/products", async (_request, response) => {
  const answer = await fetch(`${catalog}/products`);
  response.set("Access-Control-Allow-Origin", "*");
  response.json(await answer.json());
});

app.listen(Number(process.env.PORT ?? 3000), () => console.log("storefront is up"));
