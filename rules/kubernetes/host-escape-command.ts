import { type Container, rule, type Severity, type Span } from "../../engine/index";
import { normalPath } from "../shared/kubernetes/host-paths";
import { severityAt } from "../shared/kubernetes/pod-security";
import { nameOf, type Program, type ProgramWord, programsOf } from "../shared/kubernetes/programs";

/** A folder of the node, and where the container has it. */
interface HostMount {
  readonly host: string;
  readonly inside: string;
}

interface Escape {
  readonly at: ProgramWord;
  readonly deed: string;
  readonly severity: Severity;
}

function hostMounts({ mounts, pod }: Container): readonly HostMount[] {
  return mounts.flatMap((mount) => {
    const volume = pod.volumes.find((v) => v.get("name")?.string === mount.get("name")?.string);
    const host = volume?.at("hostPath", "path")?.string;
    const inside = mount.get("mountPath")?.string;
    return host === undefined || inside === undefined ? [] : [{ host: normalPath(host), inside: normalPath(inside) }];
  });
}

const isBelow = (path: string, folder: string): boolean =>
  folder === "/" || path === folder || path.startsWith(`${folder}/`);

function escapeIn(program: Program, mounts: readonly HostMount[], seesNode: boolean): Escape | undefined {
  const [first, ...rest] = program;
  const name = nameOf(first);
  if (first === undefined) return undefined;
  if (name === "sudo") {
    const at = rest.findIndex(({ text }) => !text.startsWith("-"));
    const inner = at < 0 ? undefined : escapeIn(rest.slice(at), mounts, seesNode);
    return inner ?? { at: first, deed: "runs sudo: its image hands out the rights of root", severity: "info" };
  }
  if (name === "nsenter" && entersNode(rest, mounts, seesNode))
    return { at: first, deed: "enters the namespaces of its node and is root there", severity: "error" };
  const root = rest.find(({ text }) => !text.startsWith("-"))?.text ?? "";
  if (name === "chroot" && root.startsWith("/") && mounts.some(({ inside }) => isBelow(normalPath(root), inside)))
    return { at: first, deed: "makes its node's disk its own root", severity: "error" };
  return written(program, mounts);
}

function entersNode(rest: Program, mounts: readonly HostMount[], seesNode: boolean): boolean {
  const texts = rest.map(({ text }) => text);
  const isFirst = texts.some((t, i) =>
    /^(?:-t|--target)$/.test(t) ? texts[i + 1] === "1" : /^(?:-t=?1|--target=1)$/.test(t),
  );
  const paths = texts.flatMap((t) => /^(?:-[a-zA-Z]|--[a-z]+)?=?(\/.*\/1\/ns\/\w+)$/.exec(t)?.[1] ?? []);
  return (seesNode && (isFirst || paths.length > 0)) || paths.some((p) => mounts.some((m) => isBelow(p, m.inside)));
}

/** What the node starts by itself, or lets in by. */
const doors =
  /^\/(?:etc\/cron[\w./-]*|var\/spool\/cron(?:\/.*)?|(?:root|home\/[^/]+)\/\.ssh(?:\/.*)?|etc\/systemd\/system\/.+)$/;
const writers = new Set(["tee", "cp", "mv", "install", "ln"]);

function written(program: Program, mounts: readonly HostMount[]): Escape | undefined {
  const isWriter = writers.has(nameOf(program[0]));
  for (const [i, word] of program.entries()) {
    const isTarget = isWriter ? i > 0 : /^>{1,2}$/.test(program[i - 1]?.text ?? "") || /^>{1,2}\//.test(word.text);
    const path = normalPath(word.text.replace(/^>{1,2}|["']/g, ""));
    const mount = mounts.find(({ inside }) => isBelow(path, inside));
    if (!isTarget || mount === undefined) continue;
    const onHost = normalPath(mount.host + path.slice(mount.inside === "/" ? 0 : mount.inside.length));
    if (doors.test(onHost)) return { at: word, deed: `writes ${onHost} of its node`, severity: "error" };
  }
  return undefined;
}

const spanOf = ({ field, from, text }: ProgramWord): Span => field.part(from, from + text.length);

export default rule({
  id: "kubernetes/host-escape-command",
  kind: "kubernetes",
  severity: "error",
  principle: "isolation",
  summary: "A command that leaves the container for its node",
  why: `\`nsenter -t 1\`, a \`chroot\` into the node's disk, or a line written into its crontab make the container's program root on the
node, past all limits of the pod. Whoever changes the image, the script or an argument of it does the same, on every node that runs
it. Let a tool that is made for it manage nodes, or their image, and keep the pod apart from them.`,
  refs: ["NSA pod", "CWE-250"],
  covers: ["kubescape:C-0062", "kubescape:C-0002"],
  fix: "none",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: tuner }
        spec:
          hostPID: true
          containers:
            - name: tuner
              image: acme/tuner:1.4.2
              command: [«nsenter», -t, "1", -m, --, sysctl, -w, vm.max_map_count=262144]
            - name: setup
              image: acme/setup:1.4.2
              command: [sh, -c]
              args:
                - |
                  # nsenter -t 1 would do as well
                  set -e
                  if «nsenter» --target 1 --mount -- true; then echo ok; fi
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: installer }
        spec:
          volumes:
            - { name: root, hostPath: { path: / } }
            - { name: cron, hostPath: { path: /etc/cron.d/ } }
          containers:
            - name: installer
              image: acme/installer:1.4.2
              volumeMounts:
                - { name: root, mountPath: /host }
                - { name: cron, mountPath: /jobs }
              command: [sh, -c, "«chroot» /host systemctl restart kubelet && cp job «/jobs/tuner»"]
              lifecycle:
                preStop:
                  exec: { command: [sh, -c, 'echo "$KEY" >> «/host/root/.ssh/authorized_keys»'] }
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Pod
        metadata: { name: app }
        spec:
          containers:
            - name: app
              image: acme/app:1.4.2
              command: [bash, -c, "«sudo» chown app /data && exec app"]
        `,
      severity: "info",
      note: "rights that the image should not hand out",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: app }
        spec:
          containers:
            - { name: a, image: "acme/app:1.4.2", command: [nsenter, -t, "1", -m, "true"] }
            - { name: b, image: "acme/app:1.4.2", command: [chroot, /srv/jail, app] }
            - { name: c, image: "acme/app:1.4.2", command: [sh, -c, "cp job /etc/cron.d/job; echo nsenter -t 1"] }
        `,
      note: "its own processes, its own disk",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: app }
        spec:
          hostPID: true
          volumes: [{ name: logs, hostPath: { path: /var/log } }]
          containers:
            - name: app
              image: acme/app:1.4.2
              volumeMounts: [{ name: logs, mountPath: /logs }]
              command:
                - sh
                - -c
                - |
                  # sudo nsenter -t 1
                  nsenter -t "$PID" -n ss
                  date > /logs/started
        `,
      note: "a comment; the process of another container; a log",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: app }
        spec:
          containers:
            - { name: app, image: "acme/app:1.4.2", args: [--user, sudo, --group=sudo], env: [{ name: RUN, value: "nsenter -t 1" }] }
        `,
      note: "words that start nothing",
    },
  ],
  check: {
    container(container, report) {
      const { pod, name } = container;
      const mounts = hostMounts(container);
      const shares = pod.spec.get("hostPID");
      const seesNode = shares !== undefined && shares.boolean !== false;
      for (const program of programsOf(container)) {
        const found = escapeIn(program, mounts, seesNode);
        if (found === undefined) continue;
        report(spanOf(found.at), `${name} ${found.deed}`, {
          severity: severityAt(found.severity, found.at.field, pod),
        });
      }
    },
  },
});
