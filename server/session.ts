import type { Connection, TextDocuments } from "vscode-languageserver";
import { type AnyRule, frameRules, type FrameRule, type RuleId } from "../engine/index";
import type { Client } from "./client";
import type { Document } from "./convert";
import type { Host } from "./host";
import type { Workspace } from "./workspace";

/** What the handlers of one connection share. */
export interface Session {
  readonly connection: Connection;
  readonly host: Host;
  readonly rules: readonly AnyRule[];
  readonly documents: TextDocuments<Document>;
  /** Known from `initialize` on. */
  client: Client;
  /** Settled soon after `initialized`, when the parsers are loaded. */
  readonly workspace: Promise<Workspace>;
}

export const describedRule = (session: Session, id: RuleId): AnyRule | FrameRule | undefined =>
  session.rules.find((r) => r.id === id) ?? frameRules.find((r) => r.id === id);
