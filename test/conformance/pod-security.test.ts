/** The rules and the Pod Security Standards never differ: for every control a pod that it admits, and one it refuses. */
import assert from "node:assert/strict";
import { stringify } from "yaml";
import { project } from "../support/engine";
import { controlOf, type Level, levels, score, type Sample, type Score } from "./podSecurity";

// biome-ignore lint/suspicious/noExplicitAny: parts of a manifest as plain data
type Data = any;

const hardened = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const container = (name: string, own: Data = {}, context: Data = {}): Data => ({
  name,
  image: "acme/shop:1.2.3",
  ...own,
  securityContext: { ...hardened, ...context },
});

interface Parts {
  readonly pod?: Data;
  readonly context?: Data;
  readonly annotations?: Data;
  /** Of one container each: what it has beside the others, and in its security context. */
  readonly main?: readonly [own: Data, context?: Data];
  readonly init?: readonly [own: Data, context?: Data];
  readonly ephemeral?: readonly [own: Data, context?: Data];
}

function podOf({ pod = {}, context = {}, annotations, main = [{}], init = [{}], ephemeral = [{}] }: Parts): Data {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "shop", ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      ...pod,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" }, ...context },
      initContainers: [container("prepare", ...init)],
      containers: [container("shop", ...main)],
      ephemeralContainers: [container("look", ...ephemeral)],
    },
  };
}

/** The same in the container of each list. */
const inEach = (own: Data, context: Data = {}): readonly Parts[] => [
  { main: [own, context] },
  { init: [own, context] },
  { ephemeral: [own, context] },
];
const volume = (source: Data): Parts => ({ pod: { volumes: [{ name: "data", ...source }] } });
const nothing = undefined;

interface Cases {
  /** From here on the control is judged; the restricted level knows those of the baseline as well. */
  readonly level: Level;
  readonly admitted: readonly Parts[];
  readonly refused: readonly Parts[];
}

const probe = (host: Data): Data => ({ livenessProbe: { httpGet: { ...host, port: 8080 } } });
const privileged = { privileged: true, allowPrivilegeEscalation: nothing };

const controls: Readonly<Record<string, Cases>> = {
  privileged: { level: "baseline", admitted: inEach({}, { privileged: false }), refused: inEach({}, privileged) },
  hostnamespaces: {
    level: "baseline",
    admitted: [{ pod: { hostNetwork: false, hostPID: false, hostIPC: false } }],
    refused: [{ pod: { hostNetwork: true } }, { pod: { hostPID: true } }, { pod: { hostIPC: true } }],
  },
  windowshostprocess: {
    level: "baseline",
    admitted: [{ context: { windowsOptions: { hostProcess: false } } }],
    refused: [
      { pod: { hostNetwork: true }, context: { windowsOptions: { hostProcess: true } } },
      { pod: { hostNetwork: true }, main: [{}, { windowsOptions: { hostProcess: true } }] },
    ],
  },
  hostpathvolumes: {
    level: "baseline",
    admitted: [volume({}), volume({ hostPath: null }), volume({ emptyDir: {} })],
    refused: [
      volume({ hostPath: { path: "/srv" } }),
      volume({ hostPath: { path: "/var/run/docker.sock" } }),
      volume({ hostPath: { path: "/etc/kubernetes" } }),
      volume({ hostPath: { path: "/etc/localtime" } }),
      volume({ hostPath: {} }),
    ],
  },
  hostports: {
    level: "baseline",
    admitted: inEach({ ports: [{ containerPort: 80, hostPort: 0 }, { containerPort: 81 }] }),
    refused: [
      ...inEach({ ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }] }),
      ...inEach({ ports: [{ containerPort: 80, hostPort: 8080 }] }),
    ],
  },
  capabilities_baseline: {
    level: "baseline",
    admitted: inEach({}, { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } }),
    refused: ["SYS_ADMIN", "NET_RAW", "chown", "CAP_CHOWN", "ALL"].flatMap((name) =>
      inEach({}, { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE", name] } }),
    ),
  },
  procmount: {
    level: "baseline",
    admitted: inEach({}, { procMount: "Default" }),
    refused: inEach({}, { procMount: "Unmasked" }),
  },
  sysctls: {
    level: "baseline",
    admitted: [{ context: { sysctls: [{ name: "net.ipv4.tcp_notsent_lowat", value: "1" }] } }],
    refused: [
      { context: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } },
      { context: { sysctls: [{ name: "net/ipv4/tcp_syncookies", value: "1" }] } },
    ],
  },
  seccompprofile_baseline: {
    level: "baseline",
    admitted: inEach({}, { seccompProfile: { type: "Localhost", localhostProfile: "a" } }),
    refused: [
      { context: { seccompProfile: { type: "Unconfined" } } },
      ...inEach({}, { seccompProfile: { type: "Unconfined" } }),
    ],
  },
  apparmorprofile: {
    level: "baseline",
    admitted: [
      { context: { appArmorProfile: { type: "RuntimeDefault" } } },
      { annotations: { "container.apparmor.security.beta.kubernetes.io/shop": "localhost/a" } },
    ],
    refused: [
      ...inEach({}, { appArmorProfile: { type: "Unconfined" } }),
      { annotations: { "container.apparmor.security.beta.kubernetes.io/nobody": "unconfined" } },
    ],
  },
  selinuxoptions: {
    level: "baseline",
    admitted: inEach({}, { seLinuxOptions: { type: "container_engine_t", level: "s0" } }),
    refused: [{ type: "spc_t" }, { user: "a" }, { role: "a" }].flatMap((seLinuxOptions) => [
      { context: { seLinuxOptions } },
      ...inEach({}, { seLinuxOptions }),
    ]),
  },
  hostprobesandhostlifecycle: {
    level: "baseline",
    admitted: [...inEach(probe({ host: "" })), ...inEach({ readinessProbe: { exec: { command: ["a"] } } })],
    refused: [
      ...inEach(probe({ host: "10.0.0.1" })),
      ...inEach({ lifecycle: { postStart: { tcpSocket: { host: "10.0.0.1", port: 1 } } } }),
      { pod: { hostNetwork: false }, main: [probe({ host: "127.0.0.1" })] },
    ],
  },
  allowprivilegeescalation: {
    level: "restricted",
    admitted: [{ pod: { os: { name: "windows" } }, main: [{}, { allowPrivilegeEscalation: nothing }] }],
    refused: [
      ...inEach({}, { allowPrivilegeEscalation: nothing }),
      ...inEach({}, { allowPrivilegeEscalation: true }),
      { context: { allowPrivilegeEscalation: false }, main: [{}, { allowPrivilegeEscalation: nothing }] },
    ],
  },
  capabilities_restricted: {
    level: "restricted",
    admitted: [
      { main: [{}, { capabilities: { drop: ["NET_RAW", "ALL"] } }] },
      { pod: { os: { name: "windows" } }, main: [{}, { capabilities: nothing }] },
    ],
    refused: [
      ...inEach({}, { capabilities: nothing }),
      ...inEach({}, { capabilities: { drop: ["all"] } }),
      ...inEach({}, { capabilities: { drop: ["NET_RAW"] } }),
      ...inEach({}, { capabilities: { drop: ["ALL"], add: ["CHOWN"] } }),
      { context: { capabilities: { drop: ["ALL"] } }, main: [{}, { capabilities: nothing }] },
    ],
  },
  procmount_restricted: {
    level: "restricted",
    admitted: [{ pod: { hostUsers: false }, main: [{}, { procMount: "Default" }] }],
    refused: [{ pod: { hostUsers: false }, main: [{}, { procMount: "Unmasked" }] }],
  },
  restrictedvolumes: {
    level: "restricted",
    admitted: [volume({ csi: {} }), volume({ image: { reference: "a" } }), volume({ nfs: null, configMap: {} })],
    refused: [volume({ nfs: { server: "a", path: "/" } }), volume({ gitRepo: { repository: "a" } })],
  },
  runasnonroot: {
    level: "restricted",
    admitted: [
      {
        context: { runAsNonRoot: nothing },
        main: [{}, { runAsNonRoot: true }],
        init: [{}, { runAsNonRoot: true }],
        ephemeral: [{}, { runAsNonRoot: true }],
      },
      { pod: { hostUsers: false }, context: { runAsNonRoot: nothing } },
    ],
    refused: [
      { context: { runAsNonRoot: nothing } },
      { context: { runAsNonRoot: nothing, runAsUser: 1000 } },
      { context: { runAsNonRoot: false } },
      { pod: { os: { name: "windows" } }, context: { runAsNonRoot: nothing } },
      ...inEach({}, { runAsNonRoot: false }),
    ],
  },
  runasuser: {
    level: "restricted",
    admitted: [{ context: { runAsUser: 1000 } }, { pod: { hostUsers: false }, context: { runAsUser: 0 } }],
    refused: [{ context: { runAsUser: 0 } }, ...inEach({}, { runAsUser: 0 })],
  },
  seccompprofile_restricted: {
    level: "restricted",
    admitted: [
      {
        context: { seccompProfile: nothing },
        main: [{}, { seccompProfile: { type: "RuntimeDefault" } }],
        init: [{}, { seccompProfile: { type: "RuntimeDefault" } }],
        ephemeral: [{}, { seccompProfile: { type: "Localhost", localhostProfile: "a" } }],
      },
      { pod: { os: { name: "windows" } }, context: { seccompProfile: nothing } },
    ],
    refused: [
      { context: { seccompProfile: nothing } },
      {
        context: { seccompProfile: nothing },
        annotations: { "seccomp.security.alpha.kubernetes.io/pod": "runtime/default" },
      },
      { context: { seccompProfile: nothing }, main: [{}, { seccompProfile: { type: "RuntimeDefault" } }] },
    ],
  },
};

/** Pods whose refusal at the restricted level has two reasons by their nature. */
const named = (control: string, index: number): string =>
  control === "privileged" || control === "windowshostprocess" ? `${control}${index % 2}` : `${control}${index}`;

const written = (parts: Parts): string => stringify(JSON.parse(JSON.stringify(podOf(parts))));

/** The only pod that one level admits and the other refuses by a control of the same name. */
const unmasked: Sample = {
  name: "procmount0",
  level: "baseline",
  isAdmitted: true,
  text: written({ pod: { hostUsers: false }, main: [{}, { procMount: "Unmasked" }] }),
};

const ofControls = Object.entries(controls).flatMap(([control, { level: from, admitted, refused }]) =>
  levels.slice(levels.indexOf(from)).flatMap((level) => {
    const write = (isAdmitted: boolean) => (parts: Parts, index: number) => ({
      name: named(control, index),
      level,
      isAdmitted,
      text: written(parts),
    });
    return [...admitted.map(write(true)), ...refused.map(write(false))];
  }),
);

const samples: readonly Sample[] = [...ofControls, unmasked];

describe("Pod Security Standards", () => {
  let result: Score;
  before(async function () {
    this.timeout(120_000);
    result = await score(samples);
  });

  it("has a pod for every control and verdict", () => {
    for (const isAdmitted of [true, false]) {
      const seen = new Set(samples.filter((s) => s.isAdmitted === isAdmitted).map((s) => controlOf(s.name)));
      assert.deepEqual([...seen].sort(), Object.keys(controls).sort());
    }
  });

  it("are judged by the rules as by admission", () => {
    assert.deepEqual(result.wrong, []);
  });

  it("are asked in every way", () => {
    const all = [...result.rows.values()].map((row) => row.all);
    assert.ok(all.length >= 12 && all.every((n) => n >= 20), [...result.rows.keys()].join("; "));
  });
});

describe("what is said of a pod", () => {
  const said = async (text: string, at: string): Promise<string | undefined> => {
    const analyser = await project([{ file: "app.yaml", text }]);
    return analyser.explain("app.yaml", text.indexOf(at))?.text;
  };
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      securityContext: { runAsNonRoot: true }
      containers:
        - name: shop
          image: acme/shop:1.2.3
`;
  const verdict = [
    "**Pod Security Standards 1.37**: allowed at baseline, refused at restricted: 3 controls",
    "",
    "- gaining rights: `shop`, line 10",
    "- capabilities that are not dropped: `shop`, line 10",
    "- no seccomp profile: `shop`, line 10",
  ].join("\n");

  for (const at of ["Deployment", "shop", "spec:\n      sec"])
    it(`at ${JSON.stringify(at)}`, async () => assert.equal(await said(deployment, at), verdict));

  it("nothing elsewhere", async () => {
    for (const at of ["apps/v1", "template", "image", "spec:\n  template"])
      assert.equal(await said(deployment, at), undefined);
  });

  it("what is refused at baseline", async () => {
    const text = deployment.replace("{ runAsNonRoot: true }", "{ runAsNonRoot: true }\n      hostPID: true");
    const [heading, ...lines] = (await said(text, "Deployment"))?.split("\n") ?? [];
    assert.match(heading ?? "", /: refused at baseline: 1 control; at restricted: 4 controls$/);
    assert.ok(lines.includes("- the node's network, processes and memory segments: line 9"));
  });

  it("nothing is missing in a part", async () => {
    const text = deployment.replace("image: acme", "image: {{ .Values.registry }}/acme");
    const shaped = `{{- if .Values.shop }}\n${text}{{- end }}\n`;
    assert.equal(await said(shaped, "Deployment"), undefined);
    const refused = shaped.replace("containers:", "hostIPC: true\n      containers:");
    assert.match((await said(refused, "Deployment")) ?? "", /1.37\*\*: refused at baseline: 1 control/);
  });
});
