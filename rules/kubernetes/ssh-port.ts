import { type Context, type Field, type Manifest, parseReference, rule } from "../../engine/index";
import { imagesOf, isService, podsBehind, servicePorts, targetNumber } from "../shared/kubernetes/exposure";
import { ifConditional } from "../shared/kubernetes/pod-security";

const sshPort = 22;

/** Programs that speak SSH for files and repositories, and give nobody a shell (2026-08). */
const withoutShell =
  /(?:git(?:ea|lab|ness|olite|bucket)?|forgejo|gogs|gerrit|bitbucket|soft-serve|sftp(?:go)?|onedev|gitblit)(?![a-z])/i;

const isForFiles = (...names: readonly (string | undefined)[]): boolean =>
  names.some((name) => withoutShell.test(name ?? ""));

const isTcp = (port: Field): boolean => (port.get("protocol")?.string ?? "TCP") === "TCP";

/** The number of a Service's port that is SSH's, on its own side or behind it. */
function portsOf(manifest: Manifest, context: Context): readonly Field[] {
  const pods = podsBehind(manifest, context) ?? [];
  const images = imagesOf(pods).map((image) => parseReference(image)?.repository);
  if (isForFiles(manifest.name, ...images)) return [];
  return servicePorts(manifest).flatMap((port) => {
    const target = port.get("targetPort");
    const isSsh = targetNumber(port, pods) === sshPort || port.get("port")?.number === sshPort;
    if (!isSsh || !isTcp(port) || isForFiles(port.get("name")?.string)) return [];
    return (target?.number === sshPort ? target : port.get("port")) ?? [];
  });
}

export default rule({
  id: "kubernetes/ssh-port",
  kind: "kubernetes",
  severity: "info",
  principle: "exposure",
  summary: "A container or Service that lets people log in by SSH",
  why: `An SSH server in a container is one more door: it has keys and passwords of its own that nobody renews, what is done
through it stands in no audit log of the cluster, and it usually runs as root. A stolen key is enough to be inside for months.
Use \`kubectl exec\` or \`kubectl debug\`, which ask the cluster who one is.`,
  refs: ["CWE-1327"],
  covers: ["kube-linter:ssh-port", "kubescape:C-0042"],
  fix: "none",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata:
          name: tool
        spec:
          containers:
            - name: tool
              image: acme/tool:1.2.3
              ports:
                - containerPort: «22»
                - containerPort: 22
                  protocol: UDP
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Service
        metadata: { name: tool }
        spec: { ports: [{ name: shell, port: 2222, targetPort: «22» }, { name: http, port: 80 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: jump }
        spec: { ports: [{ port: «22», targetPort: 2222 }] }
        `,
    },
    {
      bad: `
        apiVersion: batch/v1
        kind: Job
        metadata: { name: tool }
        spec:
          template:
            spec:
              containers:
                - name: tool
                  image: acme/tool:1.2.3
                  command: [«/usr/sbin/sshd», -D]
        `,
    },
    {
      good: `
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: git }
        spec:
          selector: { matchLabels: { app: git } }
          template:
            metadata: { labels: { app: git } }
            spec: { containers: [{ name: main, image: "gitea/gitea:1.25.1", ports: [{ containerPort: 22 }] }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: code }
        spec: { selector: { app: git }, ports: [{ port: 22 }] }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: uploads-sftp }
        spec: { ports: [{ port: 22 }] }
        `,
      note: "repositories and files",
    },
    {
      good: `
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec: { ports: [{ port: 2222 }, { port: 80, targetPort: ssh }, { port: 22, protocol: UDP }] }
        `,
      note: "other numbers, a port that nobody knows, UDP",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tool }
        spec:
          containers:
            - { name: tool, image: "acme/tool:1.2.3", command: [ssh, -p, "22", host], args: [sshd.acme.io] }
            - { name: other, image: "acme/tool:1.2.3", ports: [{ containerPort: {{ .Values.port }} }] }
        `,
      file: "chart/templates/tool.yaml",
      note: "a client, a value",
    },
    {
      good: `
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata: { name: web }
        spec: { ports: [{ port: 22 }] }
        `,
      note: "a Service of Knative",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      if (!isService(manifest)) return;
      for (const at of portsOf(manifest, context))
        report(at, `${manifest.title} lets people log in by SSH: port ${at.number}${ifConditional(at)}`);
    },
    container(container, report) {
      const { name, reference, words, ports } = container;
      if (isForFiles(reference?.repository, name)) return;
      for (const port of ports) {
        const at = port.get("containerPort");
        if (at?.number !== sshPort || !isTcp(port) || isForFiles(port.get("name")?.string)) continue;
        report(at, `${name} lets people log in by SSH: port 22${ifConditional(at)}`);
      }
      const [first] = words;
      if (first?.string !== undefined && /^(?:\/[\w./-]*\/)?sshd$/.test(first.string))
        report(first, `${name} runs an SSH server${ifConditional(first)}`);
    },
  },
});
