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

/** A compose file of 40 services and about 800 lines, two files that change it, and the variables of all. */
export function composeProject(): Readonly<Record<string, string>> {
  const service = (n: number): string => `  service${n}:
    <<: *common
    image: registry.example.com/shop/service${n}:\${TAG:-1.${n}.0}
    command: ["node", "server.js", "--port", "80${n}"]
    ports:
      - "127.0.0.1:80${n}:80${n}"
    environment:
      LOG_LEVEL: info # what operators want to see
      DATABASE_URL: postgres://shop@db/shop?sslmode=verify-full
      DATABASE_PASSWORD_FILE: /run/secrets/database
    volumes:
      - ./config/service${n}:/etc/shop:ro
      - data${n}:/var/lib/shop
    depends_on:
      db: { condition: service_healthy }
    healthcheck:
      test: ["CMD", "node", "health.js"]
      interval: 10s
`;
  const count = 40;
  const numbers = Array.from({ length: count - 1 }, (_, i) => i + 10);
  const base = `x-common: &common
  restart: unless-stopped
  networks: [front, data]
  secrets: [database]
  security_opt: ["no-new-privileges:true"]
services:
  db:
    image: postgres:18.1
    networks: [data]
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/database
    secrets: [database]
${numbers.map((n) => service(n)).join("\n")}
networks:
  front: {}
  data: { internal: true }
secrets:
  database: { file: ./secrets/database.txt }
volumes:
${numbers.map((n) => `  data${n}: {}`).join("\n")}
`;
  const override = `services:
${numbers.map((n) => `  service${n}:\n    environment:\n      LOG_LEVEL: debug\n    volumes: ["./src:/src"]`).join("\n")}
`;
  const production = `services:
${numbers.map((n) => `  service${n}:\n    read_only: true\n    cap_drop: [ALL]\n    deploy: { resources: { limits: { memory: 256M } } }`).join("\n")}
`;
  return {
    "compose.yaml": base,
    "compose.override.yaml": override,
    "compose.production.yaml": production,
    ".env": "COMPOSE_FILE=compose.yaml:compose.override.yaml:compose.production.yaml\nTAG=1.0.0\n",
  };
}

/** The objects of one application in its namespace, as five documents of about 100 lines. */
export const applicationOf = (name: string, namespace: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
  labels: { app: ${name} }
spec:
  replicas: 2
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      serviceAccountName: ${name}
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: ${name}
          image: registry.example.com/shop/${name}:1.4.0
          args: ["--port", "8080"]
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info # what operators want to see
            - name: DATABASE_URL
              value: postgres://shop@orders-db/shop?sslmode=verify-full
            - name: DATABASE_PASSWORD
              valueFrom:
                secretKeyRef: { name: ${name}, key: password }
          resources:
            requests: { cpu: 100m, memory: 128Mi }
            limits: { memory: 256Mi }
          readinessProbe:
            httpGet: { path: /ready, port: http }
          livenessProbe:
            httpGet: { path: /alive, port: http }
          securityContext:
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          volumeMounts:
            - name: temporary
              mountPath: /tmp
      volumes:
        - name: temporary
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector: { app: ${name} }
  ports:
    - name: http
      port: 80
      targetPort: http
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  podSelector:
    matchLabels: { app: ${name} }
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector:
            matchLabels: { app: gateway }
      ports:
        - port: 8080
  egress:
    - to:
        - podSelector:
            matchLabels: { app: orders-db }
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  namespace: ${namespace}
automountServiceAccountToken: false
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: ${namespace}
data:
  features.yaml: |
    search: true
    payments: [card, transfer]
`;

/** One file of manifests of about `lines` lines. */
export function manifestsOf(lines: number): string {
  const each = applicationOf("x", "shop").split("\n").length;
  const count = Math.max(1, Math.round(lines / each));
  return Array.from({ length: count }, (_, i) => applicationOf(`service${i}`, "shop")).join("---\n");
}

/** As many files of manifests, one object each: five to an application, ten applications to a folder with a namespace of its own. */
export function manifestWorkspace(count: number): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (let n = 0; files.size < count; n++) {
    const namespace = `team${Math.floor(n / 10)}`;
    for (const text of applicationOf(`service${n}`, namespace).split("---\n")) {
      const kind = /^kind: (\w+)/m.exec(text)?.[1]?.toLowerCase() ?? "object";
      if (files.size < count) files.set(`${namespace}/service${n}/${kind}.yaml`, text);
    }
  }
  return files;
}
