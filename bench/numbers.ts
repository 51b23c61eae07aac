/** Order statistics of measured times, in milliseconds. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
  readonly count: number;
}

export function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: sorted[sorted.length - 1] ?? 0, count: sorted.length };
}

/** A Dockerfile of about `lines` lines, of the shapes that real ones have. */
export function dockerfileOf(lines: number): string {
  const stage = (n: number): string => `FROM node:24-slim AS build${n}
WORKDIR /src
ARG VERSION=1.${n}.0
ENV NODE_ENV=production \\
    APP_VERSION=\${VERSION}
RUN apt-get update \\
    && apt-get install -y --no-install-recommends ca-certificates curl git \\
    # the lists are not needed any more
    && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev
COPY src ./src
RUN set -eux; \\
    for name in api web worker; do \\
      node build.js --target "$name" --out "/out/\${name}"; \\
    done; \\
    test -d /out
RUN curl -fsSL "https://example.com/tool-\${VERSION}.tar.gz" -o /tmp/tool.tgz \\
    && echo "0a1b2c  /tmp/tool.tgz" | sha256sum -c - \\
    && tar -xzf /tmp/tool.tgz -C /usr/local/bin
LABEL org.opencontainers.image.source="https://example.com/shop" \\
      org.opencontainers.image.version="\${VERSION}"
`;
  let text = "# syntax=docker/dockerfile:1\n";
  for (let n = 0; text.split("\n").length < lines - 28; n++) text += `${stage(n)}\n`;
  text += `FROM node:24-slim
WORKDIR /app
COPY --from=build0 /out /app
RUN useradd -r -u 10001 app
USER 10001
EXPOSE 3000
HEALTHCHECK --interval=30s CMD ["node", "health.js"]
CMD ["node", "server.js"]
`;
  while (text.split("\n").length < lines) text += `ENV EXTRA_${text.length}=value\n`;
  return text;
}
