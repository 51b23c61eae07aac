<%#broker%>
export interface ItemEvent {
  readonly type: "item.created";
  readonly id: string;
}

/** Where others hear what happened. Every call rejects when the broker does not answer. */
export interface Events {
  publish(event: ItemEvent): Promise<void>;
  check(): Promise<void>;
  close(): Promise<void>;
}
<%/broker%>
