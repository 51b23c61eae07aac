import { randomUUID } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import fastify, { type FastifyError, type FastifyInstance } from "fastify";
import type { Guard } from "./auth.js";
<%#broker%>
import type { Events } from "./events.js";
<%/broker%>
import type { Item, Items } from "./items.js";
import { log, reasonOf } from "./log.js";
import { Problem } from "./problem.js";
import { within } from "./within.js";

export interface Parts {
  readonly guard: Guard;
  readonly items: Items;
<%#broker%>
  readonly events: Events;
<%/broker%>
  /** While this is true, nobody should send more requests. */
  readonly stopping: () => boolean;
}

/** Only this gets through. Control characters are no use in a name, but do harm in terminals, logs and databases. */
const newItem = {
  type: "object",
  required: ["name"],
  additionalProperties: false,
  properties: { name: { type: "string", minLength: 1, maxLength: 100, pattern: "^[^\\p{Cc}\\p{Cs}]*$" } },
} as const;

/** An answer is for its caller alone, is what its type says, and loads nothing. */
const securityHeaders = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
};

/** The service without its port. Tests leave `serverOf` out and never listen. */
export function createApp(
  { guard, items<%#broker%>, events<%/broker%>, stopping }: Parts,
  serverOf: (listener: RequestListener) => Server = createServer,
): FastifyInstance {
  const app = fastify({
    serverFactory: serverOf,
    bodyLimit: 100_000,
    // What is not as asked is refused, not bent into shape.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  // JSON is the only language here: a form on another site can't send it without asking the browser.
  app.removeContentTypeParser("text/plain");

  app.addHook("onRequest", async (_, reply) => {
    reply.headers(securityHeaders);
  });
  app.addHook("onResponse", async (request, reply) => {
    log("info", "request", {
      method: request.method,
      // Without the query: people put secrets there.
      path: request.url.split("?", 1)[0] ?? "",
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });
  app.setNotFoundHandler(() => {
    throw new Problem(404, "There is nothing here.");
  });
  app.setErrorHandler((error: FastifyError | Problem, _, reply) => {
    const problem = problemOf(error);
    return reply.code(problem.status).headers(problem.headers).type("application/problem+json").send(problem.toJSON());
  });

  app.get("/healthz", async () => ({ status: "ok" }));

  app.get("/readyz", async () => {
    if (stopping()) throw new Problem(503, "The service is stopping.");
    await answered(Promise.all([items.check()<%#broker%>, events.check()<%/broker%>]), 1_000);
    return { status: "ok" };
  });

  // The guard comes before the body: who may not write is not listened to.
  app.get("/v1/items", { onRequest: guard("items:read") }, async () => ({ items: await answered(items.list()) }));

  app.post<{ Body: Pick<Item, "name"> }>(
    "/v1/items",
    { onRequest: guard("items:write"), schema: { body: newItem } },
    async (request, reply) => {
      const item = { id: randomUUID(), name: request.body.name, createdAt: new Date().toISOString() };
      await answered(items.add(item));
<%#broker%>
      // Two systems, two steps: where every event must come, write it to an outbox beside the item.
      await answered(events.publish({ type: "item.created", id: item.id }));
<%/broker%>
      return reply.code(201).send(item);
    },
  );

  return app;
}

/** What a database or broker answered. Where it doesn't in time: 503, and the log says why. */
async function answered<T>(work: Promise<T>, milliseconds = 3_000): Promise<T> {
  try {
    return await within(milliseconds, work);
  } catch (error) {
    log("error", "no answer from a dependency", { reason: reasonOf(error) });
    throw new Problem(503, "The service can't do this now.");
  }
}

function problemOf(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error;
  const status = error.statusCode ?? 500;
  // What the framework says of a bad request is about the request.
  if (status < 500) return new Problem(status, error.message);
  log("error", "request failed", { reason: reasonOf(error) });
  return new Problem(500, "Something went wrong.");
}
