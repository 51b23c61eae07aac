import { type Container, type Context, type Field, type Fix, fixIn, rule } from "../../engine/index";
import { baseUser } from "../shared/images/users";
import { ifConditional, isForWindows, severityAt } from "../shared/kubernetes/pod-security";
import { someUser, withUserChoice } from "../shared/kubernetes/security-context";

const keys = ["runAsUser", "runAsGroup"] as const;

/** The image's own user: its files belong to it. */
function isOfImage({ reference }: Container, id: number): boolean {
  const user = reference && baseUser(reference);
  return user?.kind === "nonroot" && (user.uid === id || user.user === String(id));
}

function isLow(at: Field | undefined, users: readonly Container[]): at is Field {
  const id = at?.number;
  const isInRange = id !== undefined && id > 0 && id < 10_000;
  return isInRange && !(users.length > 0 && users.every((container) => isOfImage(container, id)));
}

function change(at: Field, context: Context): Fix | undefined {
  const edits = withUserChoice(at.replace(someUser));
  return fixIn(context.file, "Use a number above 10000", "guided", [edits && { edits }]);
}

export default rule({
  id: "kubernetes/low-user-id",
  kind: "kubernetes",
  severity: "hint",
  principle: "least-privilege",
  preset: "strict",
  summary: "A user or group number that accounts of the node have as well",
  why: `Without user namespaces a number means the same in the container and on its node. Distributions give the numbers below 10000 to
their own services and to people: who gets out of a container as 1000, or reaches a mounted folder of the node, has the rights of the
first person there. Take a number above 10000, and let the image's files belong to it or be readable by all.`,
  refs: [],
  covers: [
    "checkov:CKV_K8S_40",
    "trivy:KSV-0020",
    "trivy:KSV-0021",
    "kube-score:container-security-context-user-group-id",
    "kics:02323c00",
  ],
  fix: "guided",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          securityContext:
            runAsUser: «1000»
            runAsGroup: «3000»
          containers:
            - name: orders
              image: acme/orders:1.4.2
            - name: proxy
              image: acme/proxy:2.0.1
              securityContext: { runAsUser: «101» }
        `,
      fixed: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          securityContext:
            runAsUser: 10001
            runAsGroup: 10001
          containers:
            - name: orders
              image: acme/orders:1.4.2
            - name: proxy
              image: acme/proxy:2.0.1
              securityContext: { runAsUser: 10001 }
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          securityContext: { runAsUser: 1000, runAsGroup: 0 }
          containers:
            - { name: orders, image: "acme/orders:1.4.2", securityContext: { runAsUser: 10001 } }
            - { name: web, image: "nginxinc/nginx-unprivileged:1.29", securityContext: { runAsUser: 101 } }
        `,
      note: "every container says otherwise; the image's own user",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          securityContext: { runAsUser: 0, fsGroup: 2000 }
          containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        `,
      note: "root has its own rule",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: orders }
        spec:
          os: { name: windows }
          securityContext: { runAsUser: 1000 }
          containers: [{ name: orders, image: "acme/orders:1.4.2" }]
        `,
      note: "Windows has no such numbers",
    },
  ],
  check: {
    pod(pod, report, context) {
      if (isForWindows(pod)) return;
      const tell = (at: Field, key: string, who: string): void => {
        const what = key === "runAsUser" ? "user" : "group";
        const message = `${who} runs as ${what} ${at.number}, a number that an account of the node may have`;
        report(at, message + ifConditional(at), {
          severity: severityAt("hint", at, pod),
          fix: () => change(at, context),
        });
      };
      for (const key of keys) {
        const users = pod.containers.filter((c) => c.securityContext?.get(key) === undefined);
        const shared = pod.securityContext?.get(key);
        const isUsed = users.length > 0 || pod.containers.length === 0;
        if (isUsed && isLow(shared, users)) tell(shared, key, pod.manifest.title);
        for (const container of pod.containers) {
          const own = container.securityContext?.get(key);
          if (isLow(own, [container])) tell(own, key, container.name);
        }
      }
    },
  },
});
