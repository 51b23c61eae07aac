import { choice, rule } from "../../engine/index";
import { isBelow, normalised } from "../shared/container-paths";
import { effectiveUser, onWindows } from "../shared/effective-user";

const folders = ["/proc", "/sys", "/dev", "/boot", "/etc", "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/lib"];
const libraries = /^\/lib(?:32|64|x32)?(?:\/|$)/;
/** An open directory of the runtime itself. */
const descriptor = /^\/(?:proc\/(?:self|thread-self|\d+)|dev)\/fd(?:\/|$)/;

export default rule({
  id: "dockerfile/system-workdir",
  kind: "dockerfile",
  severity: "warning",
  principle: "isolation",
  summary: "WORKDIR in a folder of the system",
  why: `Relative paths of later steps and of the program end up among the system's own files: a \`COPY . .\` or an upload then replaces
a configuration or a command. \`/proc/self/fd/8\` is worse: with a runc before 1.1.12 the process starts in a folder of the host and
walks out of the container from there (CVE-2024-21626).`,
  refs: ["CVE-2024-21626", "CWE-403"],
  covers: ["trivy:DS-0030"],
  fix: "guided",
  examples: [
    { bad: "FROM alpine:3.23\nWORKDIR «/usr/bin/app»\n", fixed: "FROM alpine:3.23\nWORKDIR /app\n" },
    {
      bad: "FROM alpine:3.23\nWORKDIR «/proc/self/fd/8»\n",
      fixed: "FROM alpine:3.23\nWORKDIR /app\n",
      severity: "error",
    },
    {
      bad: 'FROM alpine:3.23\nARG BASE=/etc\nWORKDIR «"${BASE}/my app"»\n',
      fixed: "FROM alpine:3.23\nARG BASE=/etc\nWORKDIR /app\n",
    },
    {
      bad: "FROM alpine:3.23\nWORKDIR «/root»\nUSER 10001\n",
      fixed: "FROM alpine:3.23\nWORKDIR /app\nUSER 10001\n",
      note: "the user of the container may not even enter it",
    },
    {
      good: "FROM alpine:3.23\nWORKDIR /usr/src/app\nWORKDIR /usr/local/bin\nWORKDIR /usr/share/app\nWORKDIR /usr/app\n",
    },
    { good: "FROM alpine:3.23\nWORKDIR /root\nRUN make\nWORKDIR /libs\nWORKDIR /etcd\n" },
    { good: "FROM alpine:3.23\nWORKDIR $WHERE\nWORKDIR proc\n" },
  ],
  check: {
    workdir(workdir, report) {
      const { path, stage } = workdir;
      const value = path === undefined ? undefined : workdir.expand(path).value;
      const folder = value?.known === true ? normalised(value.value) : undefined;
      if (path === undefined || stage === undefined || folder === undefined || onWindows(stage)) return;
      const foreign = isBelow(folder, "/root") && stage.shipped && effectiveUser(stage).kind === "nonroot";
      const open = descriptor.test(folder);
      if (!open && !foreign && !libraries.test(folder) && !folders.some((f) => isBelow(folder, f))) return;
      const message = open
        ? `WORKDIR ${folder} is an open file of the runtime: it may lead out of the container`
        : foreign
          ? `WORKDIR ${folder} belongs to root, but the container runs as another user`
          : `WORKDIR ${folder} lies among the system's own files`;
      report(path, message, {
        ...(open ? { severity: "error" } : {}),
        fix: () => ({
          title: "Use a folder of the program",
          applicability: "guided",
          edits: [{ span: { start: path.start, end: path.end }, text: choice(1, "/app") }],
        }),
      });
    },
  },
});
