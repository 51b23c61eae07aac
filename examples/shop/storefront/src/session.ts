import type { NextFunction, Request, Response } from "express";
import jwt from "jsonwebtoken";

const key = process.env.SESSION_SECRET || "shop-session-2024";

/** Remembers who logged in. */
export function logIn(response: Response, user: string): void {
  const token = jwt.sign({ sub: user, role: "customer" }, key);
  console.log(`session for ${user}`, token);
  response.cookie("session", token, { httpOnly: false, secure: false });
}

/** Puts the customer on the request. */
export function session(request: Request, response: Response, next: NextFunction): void {
  const token = /(?:^|; )session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
  const user = token && jwt.decode(token);
  response.locals.user = typeof user === "object" ? user?.sub : undefined;
  response.locals.isStaff = typeof user === "object" && user?.role === "staff";
  next();
}
