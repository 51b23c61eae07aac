import { type Container, type Context, type Extra, type Fix, fixIn, type Pod, rule } from "../../engine/index";
import { baseUser } from "../shared/images/users";
import { builtImageOf, pointToUser, userOf } from "../shared/kubernetes/built-images";
import { harden } from "../shared/kubernetes/harden";
import { breaches, breachOverlaid, hasPodLevel, isPrivileged } from "../shared/kubernetes/pod-security";
import { secure, someUser, withUserChoice } from "../shared/kubernetes/security-context";

/** Some container of the pod is to run as root, so that the others have to say for themselves that they do not. */
const hasRoot = (pod: Pod): boolean =>
  pod.containers.some((c) => {
    const own = c.securityContext;
    return isPrivileged(c) || own?.get("runAsUser")?.number === 0 || own?.get("runAsNonRoot")?.boolean === false;
  });

function fixesOf(container: Container, pod: Pod, context: Context): readonly Fix[] {
  const owner = hasRoot(pod) ? container.field : pod.spec;
  const flag = secure(owner, [[["runAsNonRoot"], true]]);
  const user = withUserChoice(
    secure(owner, [
      [["runAsNonRoot"], true],
      [["runAsUser"], someUser],
    ]),
  );
  const hasUser = container.effective("runAsUser") !== undefined;
  return [
    fixIn(context.file, "Set runAsNonRoot: true", "unsafe", [flag && { edits: flag }]),
    hasUser ? undefined : fixIn(context.file, "Run as a user of your choice", "guided", [user && { edits: user }]),
    harden(pod, context),
  ].filter((fix) => fix !== undefined);
}

/** Its image is known to run as an ordinary user, by number. */
function hasOrdinaryUser({ reference }: Container): boolean {
  const user = reference === undefined ? undefined : baseUser(reference);
  return user?.kind === "nonroot" && /^\d+(?::|$)/.test(user.user);
}

type Judgement = Pick<Extra, "severity" | "preset" | "related"> & { readonly message: string };

/** What is said of a container for which nobody in the manifest names a user, by the user of its image. */
function judge(container: Container, context: Context): Judgement {
  const message = `Nothing keeps ${container.name} from running as root`;
  const built = container.effective("runAsUser") === undefined ? builtImageOf(container, context) : undefined;
  if (built === undefined) return { message, severity: hasOrdinaryUser(container) ? "hint" : "info" };
  const user = userOf(built, context);
  const related = pointToUser(built, context);
  // The Dockerfile that this rests on may not be what runs in the end: only the strict want to hear of it.
  if (user.kind === "number") return { message, related, severity: "hint", preset: "strict" };
  if (user.kind === "root") return { message: `${message}: ${built.file} makes ${user.user} its user`, related };
  if (user.kind === "none") return { message: `${message}: ${built.file} sets no USER`, related };
  return { message };
}

export default rule({
  id: "kubernetes/non-root-not-enforced",
  kind: "kubernetes",
  severity: "info",
  principle: "least-privilege",
  summary: "Nothing keeps a container from running as root",
  why: `Without \`runAsNonRoot: true\` a container runs as whoever its image names, and most images name nobody, which is root. Root in the
container is root on the node as soon as one wall gives way. With the flag the kubelet refuses to start a container as root, also
when a later version of the image forgets its user. The image then needs a user given by number, or the pod a \`runAsUser\`.`,
  refs: ["PSS restricted", "CIS 5.2.7", "NSA pod"],
  covers: [
    "kube-linter:run-as-non-root",
    "checkov:CKV_K8S_23",
    "trivy:KSV-0012",
    "kubescape:C-0013",
    "polaris:runAsRootAllowed",
    "kics:cf34805e",
    "kyverno:require-run-as-nonroot",
  ],
  fix: "unsafe",
  options: {
    acceptNumericUser: {
      type: "boolean",
      description: "Whether a `runAsUser` above 0 is enough without `runAsNonRoot: true`.",
      default: true,
    },
  },
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: shop
          namespace: shop
        spec:
          securityContext:
            seccompProfile:
              type: RuntimeDefault
          automountServiceAccountToken: false
          containers:
            - name: «shop»
              image: acme/shop:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: shop
          namespace: shop
        spec:
          securityContext:
            seccompProfile:
              type: RuntimeDefault
            runAsNonRoot: true
          automountServiceAccountToken: false
          containers:
            - name: shop
              image: acme/shop:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          initContainers:
            - { name: owner, image: "acme/owner:1.2.3", securityContext: { runAsUser: 0 } }
          containers:
            - name: «shop»
              image: acme/shop:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          initContainers:
            - { name: owner, image: "acme/owner:1.2.3", securityContext: { runAsUser: 0 } }
          containers:
            - name: shop
              image: acme/shop:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] }, runAsNonRoot: true }
        `,
      note: "another container has to be root",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault }, runAsUser: 1000 }
          automountServiceAccountToken: false
          containers:
            - name: «shop»
              image: acme/shop:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault }, runAsUser: 1000, runAsNonRoot: true }
          automountServiceAccountToken: false
          containers:
            - name: shop
              image: acme/shop:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      config: `
        rules: { kubernetes/non-root-not-enforced: { acceptNumericUser: false } }
        `,
      note: "a user alone is not enough for the restricted level",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          containers:
            - name: «shop»
              image: gcr.io/distroless/static-debian12:nonroot
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault }, runAsNonRoot: true }
          automountServiceAccountToken: false
          containers:
            - name: shop
              image: gcr.io/distroless/static-debian12:nonroot
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      severity: "hint",
      note: "the image names an ordinary user",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          containers:
            - name: «catalog»
              image: registry.example.com/shop/catalog:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        -- catalog/Dockerfile --
        FROM golang:1.26 AS build
        USER 10001
        FROM alpine:3.23
        COPY --from=build /app /app
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault }, runAsNonRoot: true }
          automountServiceAccountToken: false
          containers:
            - name: catalog
              image: registry.example.com/shop/catalog:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      note: "the Dockerfile that builds the image sets no user",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          containers:
            - name: «catalog»
              image: registry.example.com/shop/catalog:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        -- services/api/Dockerfile --
        FROM node:24-slim
        USER root
        -- compose.yaml --
        services:
          catalog: { build: services/api }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault }, runAsNonRoot: true }
          automountServiceAccountToken: false
          containers:
            - name: catalog
              image: registry.example.com/shop/catalog:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      note: "compose says which Dockerfile builds the image",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          containers:
            - name: «catalog»
              image: registry.example.com/shop/catalog:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        -- catalog/Dockerfile --
        FROM node:24-slim
        USER 10001:10001
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault }, runAsNonRoot: true }
          automountServiceAccountToken: false
          containers:
            - name: catalog
              image: registry.example.com/shop/catalog:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      severity: "hint",
      config: "preset: strict",
      note: "the Dockerfile has a user, which the strict have enforced as well",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          containers:
            - name: «catalog»
              image: registry.example.com/shop/catalog:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        -- catalog/Dockerfile --
        FROM node:24-slim
        USER 10001
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault }, runAsNonRoot: true }
          automountServiceAccountToken: false
          containers:
            - name: catalog
              image: registry.example.com/shop/catalog:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      severity: "error",
      config: "preset: pss-restricted",
      note: "a standard is judged to the letter",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          containers:
            - name: «catalog»
              image: registry.example.com/shop/catalog:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        -- catalog/Dockerfile --
        FROM node:24-slim
        USER 10001
        -- old/catalog/Dockerfile --
        FROM node:24-slim
        USER 10001
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault }, runAsNonRoot: true }
          automountServiceAccountToken: false
          containers:
            - name: catalog
              image: registry.example.com/shop/catalog:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      note: "two Dockerfiles may be meant",
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault } }
          automountServiceAccountToken: false
          containers:
            - name: «catalog»
              image: registry.example.com/shop/catalog:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        -- catalog/Dockerfile --
        FROM node:24-slim
        USER node
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog, namespace: shop }
        spec:
          securityContext: { seccompProfile: { type: RuntimeDefault }, runAsNonRoot: true }
          automountServiceAccountToken: false
          containers:
            - name: catalog
              image: registry.example.com/shop/catalog:1.2.3
              resources: { requests: { cpu: 50m, memory: 64Mi }, limits: { memory: 64Mi } }
              livenessProbe: { httpGet: { path: /healthz, port: 8080 } }
              readinessProbe: { httpGet: { path: /ready, port: 8080 } }
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        `,
      note: "the kubelet cannot tell whether a user without a number is root",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog }
        spec:
          containers: [{ name: catalog, image: "registry.example.com/shop/catalog:1.2.3" }]
        -- src/catalog/Dockerfile --
        FROM node:24-slim
        USER 10001:10001
        `,
      config: "preset: recommended",
      note: "the Dockerfile that builds the image has a user by number",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: catalog }
        spec:
          containers: [{ name: catalog, image: "registry.example.com/shop/catalog:1.2.3" }]
        -- catalog/Dockerfile --
        FROM gcr.io/distroless/static-debian13:nonroot
        `,
      config: "preset: recommended",
      note: "the base of the image built here has a user by number",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          securityContext: { runAsNonRoot: true }
          containers: [{ name: shop, image: "acme/shop:1.2.3" }]
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          securityContext: { runAsUser: 1000 }
          containers:
            - { name: a, image: "acme/shop:1.2.3" }
            - { name: b, image: "acme/shop:1.2.3", securityContext: { runAsUser: 2000 } }
        `,
      note: "a user above 0",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          securityContext: { runAsNonRoot: true }
          containers:
            - { name: a, image: "acme/shop:1.2.3", securityContext: { runAsNonRoot: false } }
            - { name: b, image: "acme/shop:1.2.3", securityContext: { runAsUser: 0 } }
        `,
      note: "another rule speaks of what is written",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop }
        spec:
          hostUsers: false
          containers: [{ name: shop, image: "acme/shop:1.2.3" }]
        `,
      note: "in a user namespace of its own",
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: shop }
        spec:
          template:
            spec:
              containers: [{ name: shop, image: {{ .Values.image }} }]
        -- chart/Chart.yaml --
        name: shop
        `,
      file: "chart/templates/shop.yaml",
      note: "a template may leave it to a value",
    },
  ],
  check: {
    pod(pod, report, context) {
      const { isExact } = context.kubernetes;
      if (!hasPodLevel(pod)) return;
      for (const breach of breaches(pod, context, "runAsNonRoot")) {
        const { container } = breach;
        if (!breach.isMissing || container === undefined) continue;
        const user = container.effective("runAsUser");
        const isEnough = user !== undefined && user.number !== 0 && context.options["acceptNumericUser"] === true;
        // What is root by order is reported there.
        const isOrdered = user?.number === 0 || isPrivileged(container);
        if (!isExact && (isEnough || isOrdered)) continue;
        const { message, related = [], ...rest } = judge(container, context);
        report(container.anchor, message, {
          ...rest,
          related: [...related, ...breachOverlaid(pod, breach, context).related],
          fix: () => fixesOf(container, pod, context),
        });
      }
    },
  },
});
