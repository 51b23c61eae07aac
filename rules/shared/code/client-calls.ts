/** Calls that speak to the address they are given. From the libraries' own documentation, 2026-11. */
import type { Library } from "./origins";

export interface ClientCall extends Library {
  /** Places of arguments that may be the address. */
  readonly at: readonly number[];
}

const javascript: readonly ClientCall[] = [
  {
    modules: /^$/,
    members: /^(?:(?:window|globalThis|self)\.)?(?:fetch|WebSocket|EventSource|WebTransport)$/,
    at: [0],
  },
  { modules: /^$/, members: /^XMLHttpRequest\.open$/, at: [1] },
  { modules: /^$|^jquery$/, members: /^(?:(?:\$|jQuery)\.)?(?:ajax|get|post|getJSON)$/, at: [0] },
  { modules: /^https?$/, members: /^(?:default\.)?(?:get|request)$/, at: [0] },
  {
    modules:
      /^(?:axios|got|ky|superagent|request(?:-promise(?:-native)?)?|needle|node-fetch|cross-fetch|isomorphic-(?:fetch|unfetch|ws)|undici|phin|bent|wretch|ofetch|make-fetch-happen|graphql-request|ws|socket\.io-client|eventsource|reconnecting-websocket|sockjs-client|express-http-proxy|k6\/http|soap|@microsoft\/signalr)$/,
    at: [0, 1],
  },
  { modules: /^@angular\/common\/http$/, members: /^HttpClient\./, at: [0, 1] },
  { modules: /^@nestjs\/axios$/, members: /^HttpService\./, at: [0, 1] },
];

const python: readonly ClientCall[] = [
  {
    modules:
      /^(?:requests(?:\.sessions)?|httpx|urllib\.request|urllib[23]?|aiohttp(?:\.client)?|websockets?(?:\..*)?|xmlrpc\.client|zeep|grequests|requests_futures\.sessions|niquests|treq|tornado\.httpclient|http\.client)$/,
    members: /^(?!.*(?:Error|Exception)$)(?!.*\.mount$)(?!urllib\.parse)/,
    at: [0, 1],
  },
];

const go: readonly ClientCall[] = [
  {
    modules: /^net\/http$/,
    members: /^(?:Get|Post|Head|PostForm|NewRequest|NewRequestWithContext|(?:Default)?Client\.\w+)$/,
    at: [0, 1, 2],
  },
  { modules: /^net\/url$/, members: /^(?:Parse|ParseRequestURI)$/, at: [0] },
  {
    modules:
      /^(?:github\.com\/(?:go-resty\/resty|imroc\/req|dghubble\/sling|levigross\/grequests|parnurzeal\/gorequest|gorilla\/websocket|coder\/websocket|valyala\/fasthttp|hashicorp\/go-retryablehttp)|nhooyr\.io\/websocket|golang\.org\/x\/net\/websocket)(?:\/|$)/,
    at: [0, 1, 2],
  },
];

const java: readonly ClientCall[] = [
  {
    modules: /^org\.springframework\.(?:web\.client|web\.reactive\.function\.client|boot\.web\.client|web\.util)$/,
    members: /^(?:RestTemplate|RestClient|WebClient|TestRestTemplate|UriComponentsBuilder|RestTemplateBuilder)\b/,
    at: [0],
  },
  { modules: /^java\.net$/, members: /^(?:URI|URL)(?:\.create)?$/, at: [0] },
  { modules: /^java\.net\.http$/, at: [0, 1] },
  {
    modules:
      /^(?:org\.apache\.(?:http|hc)\.[\w.]+|okhttp3|retrofit2|feign|kong\.unirest(?:\.core)?|com\.mashape\.unirest\.http|(?:javax|jakarta)\.ws\.rs\.client|org\.jsoup)$/,
    at: [0, 1],
  },
];

const csharp: readonly ClientCall[] = [
  { modules: /^System\.Net\.Http(?:\.Json)?$/, at: [0, 1] },
  { modules: /^System$/, members: /^Uri$/, at: [0] },
  { modules: /^System\.Net$/, members: /^(?:WebRequest|HttpWebRequest|WebClient)\./, at: [0] },
  { modules: /^(?:System\.Net\.WebSockets|RestSharp|Flurl|Flurl\.Http|Refit)$/, at: [0] },
  { modules: /^Microsoft\.AspNetCore\.SignalR\.Client$/, at: [0] },
];

/** Those whose callee comes from a library. */
export const clientCalls: readonly ClientCall[] = [...javascript, ...python, ...go, ...java, ...csharp];

/** Those of which nobody knows where they come from. */
export const speakingCalls = {
  /** Words that only clients have. */
  unique:
    /^(?:getForObject|getForEntity|postForObject|postForEntity|postForLocation|GetStringAsync|GetFromJsonAsync|PostAsJsonAsync|PutAsJsonAsync|GetByteArrayAsync|GetStreamAsync|urlopen|ws_connect|baseUrl|base_url|NewSingleHostReverseProxy)$/,
  verb: /^(?:get|post|put|patch|delete|head|request|exchange|fetch|uri|target|Get|Post|Put|Delete|GetAsync|PostAsync|PutAsync|PatchAsync|DeleteAsync|SendAsync)$/,
  speaker: /(?:http|axios|rest|rest_?template|client|api|session|fetcher|requests)$|^https?|^\$$|^jQuery$/i,
  /** Routes of the program's own. */
  no: /(?:^|\.)(?:app|router|server|route|routes|cache|map|headers|params|query|test|mock\w*)\.[a-zA-Z]+$/,
} as const;

/** Decorators that are given the address of another service. */
export const endpointDecorators = /^(?:FeignClient|Value|HttpExchange|RegisterRestClient|Client)$/;
