import { STATUS_CODES } from "node:http";

/** An answer that is an error. `detail` is for the caller: say nothing of the inside, no path, no query, no library. */
export class Problem extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }

  /** The body after RFC 9457. */
  toJSON() {
    return { type: "about:blank", title: STATUS_CODES[this.status], status: this.status, detail: this.message };
  }
}
