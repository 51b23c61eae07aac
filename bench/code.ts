/** Files of service code of about as many lines as wanted, of the shapes that real ones have; none of it has a finding. */

const shapes: Readonly<Record<string, { readonly head: string; readonly part: (n: number) => string }>> = {
  "src/server.ts": {
    head: `import express from "express";
import { readFileSync } from "node:fs";
import axios from "axios";

const app = express();
const http = axios.create({ timeout: 10_000 });
const catalog = process.env.CATALOG_URL;
`,
    part: (n) => `
/** The orders of one customer. */
app.get("/orders${n}/:customer", async (request, response) => {
  const { customer } = request.params;
  const answer = await http.get(\`\${catalog}/orders/\${encodeURIComponent(customer)}\`, {
    headers: { accept: "application/json", "x-request-id": request.get("x-request-id") ?? "" },
  });
  const orders = answer.data.filter((order: { open: boolean }) => order.open);
  if (orders.length === 0) {
    response.status(404).json({ error: "none", customer });
    return;
  }
  console.info("orders", { count: orders.length, part: ${n} });
  response.json({ orders, total: orders.length });
});
`,
  },
  "app/main.py": {
    head: `import os
import logging
import requests
from fastapi import FastAPI, HTTPException

app = FastAPI()
log = logging.getLogger(__name__)
catalog = os.environ["CATALOG_URL"]
`,
    part: (n) => `

@app.get("/orders${n}/{customer}")
def orders${n}(customer: str, limit: int = 20):
    """The orders of one customer."""
    answer = requests.get(f"{catalog}/orders/{customer}", params={"limit": limit}, timeout=10)
    if answer.status_code != 200:
        raise HTTPException(status_code=502, detail="the catalog did not answer")
    found = [order for order in answer.json() if order["open"]]
    log.info("orders of %s: %d", customer, len(found))
    total = 0
    for order in found:
        total += order["cents"] * order.get("count", 1)
    return {"orders": found, "total": total, "part": ${n}}
`,
  },
  "main.go": {
    head: `package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"time"
)

var client = &http.Client{Timeout: 10 * time.Second}
var catalog = os.Getenv("CATALOG_URL")
`,
    part: (n) => `
// orders${n} answers with the orders of one customer.
func orders${n}(w http.ResponseWriter, r *http.Request) {
	customer := r.PathValue("customer")
	answer, err := client.Get(catalog + "/orders/" + customer)
	if err != nil {
		log.Printf("orders of %s: %v", customer, err)
		http.Error(w, "the catalog did not answer", http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	var found []map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil {
		http.Error(w, "unreadable", http.StatusBadGateway)
		return
	}
	json.NewEncoder(w).Encode(map[string]any{"orders": found, "part": ${n}})
}
`,
  },
  "src/main/java/shop/Orders.java": {
    head: `package shop;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class Orders {
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String catalog = System.getenv("CATALOG_URL");
`,
    part: (n) => `
  /** The orders of one customer. */
  @GetMapping("/orders${n}/{customer}")
  public List<String> orders${n}(@PathVariable String customer) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(catalog + "/orders/" + customer))
            .timeout(Duration.ofSeconds(10))
            .header("accept", "application/json")
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the catalog did not answer");
    }
    return List.of(answer.body().split(","));
  }
`,
  },
  "Program.cs": {
    head: `using System.Net.Http.Json;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddHttpClient("catalog", client => client.Timeout = TimeSpan.FromSeconds(10));
var app = builder.Build();
var catalog = builder.Configuration["CATALOG_URL"];
`,
    part: (n) => `
// The orders of one customer.
app.MapGet("/orders${n}/{customer}", async (string customer, IHttpClientFactory clients, ILogger<Program> log) =>
{
    var client = clients.CreateClient("catalog");
    var found = await client.GetFromJsonAsync<List<Order>>($"{catalog}/orders/{customer}");
    if (found is null || found.Count == 0)
    {
        log.LogInformation("no orders of {Customer}", customer);
        return Results.NotFound(new { customer });
    }
    var total = found.Where(order => order.Open).Sum(order => order.Cents);
    return Results.Ok(new { orders = found, total, part = ${n} });
});
`,
  },
};

export const codeFiles: readonly string[] = Object.keys(shapes);

export function codeOf(file: string, lines: number): string {
  const shape = shapes[file];
  if (shape === undefined) throw new Error(`no shape for ${file}`);
  let text = shape.head;
  for (let n = 0; text.split("\n").length < lines - 8; n++) text += shape.part(n);
  return file.endsWith(".java") ? `${text}}\n` : text;
}
