/** Names that every JavaScript program has. */
export const globals: ReadonlySet<string> = new Set(
  (
    "process console Math JSON Buffer URL URLSearchParams WebSocket WebSocketStream EventSource XMLHttpRequest fetch " +
    "Request Response Headers setTimeout setInterval setImmediate eval Function crypto globalThis require module " +
    "exports Date Object Promise RegExp Error TypeError RangeError SyntaxError Number String Boolean Array Map Set " +
    "Symbol Reflect Proxy Intl navigator window document location localStorage sessionStorage alert Deno Bun atob " +
    "btoa encodeURIComponent decodeURIComponent structuredClone queueMicrotask TextEncoder TextDecoder self " +
    "parseInt parseFloat AbortSignal AbortController Blob File FormData importScripts postMessage Worker"
  ).split(" "),
);

/** Objects whose members are globals themselves. */
export const globalObjects: ReadonlySet<string> = new Set(["globalThis", "window", "self", "global"]);
