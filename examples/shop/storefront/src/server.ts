import express from "express";

const app = express();
const catalog = process.env.CATALOG_URL ?? "http://catalog:8080";

app.use(express.static("public"));

app.get("/products", async (_request, response) => {
  const answer = await fetch(`${catalog}/products`);
  response.set("Access-Control-Allow-Origin", "*");
  response.json(await answer.json());
});

app.listen(Number(process.env.PORT ?? 3000), () => console.log("storefront is up"));
