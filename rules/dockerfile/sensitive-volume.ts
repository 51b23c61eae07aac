import { rule } from "../../engine/index";
import { normalised } from "../shared/container-paths";

const system = new Set([
  "/proc",
  "/sys",
  "/dev",
  "/boot",
  "/lib",
  "/lib64",
  "/bin",
  "/sbin",
  "/run",
  "/var/run",
  "/run/secrets",
  "/var/run/secrets",
]);
/** What users and programs keep here would be gone with the volume. */
const withData = new Set(["/", "/etc", "/root", "/home", "/usr", "/var"]);

export default rule({
  id: "dockerfile/sensitive-volume",
  kind: "dockerfile",
  severity: "warning",
  principle: "isolation",
  summary: "A system folder or a socket as a volume of the image",
  why: `Every container of the image gets this path as a volume: it outlives the container with everything in it, users' keys and
passwords included, and \`--volumes-from\` hands it to the next. A volume over a socket like \`/var/run/docker.sock\` invites people
to mount the engine's own, and with that the host. Declare the folders of the program's data, and no others.`,
  refs: ["CIS 5.6", "CWE-552"],
  covers: ["dockle:DKL-DI-0002", "semgrep:dockerfile-dockerd-socket-mount"],
  fix: "safe",
  examples: [
    { bad: "FROM alpine:3.23\nVOLUME /data «/proc/» /logs\n", fixed: "FROM alpine:3.23\nVOLUME /data /logs\n" },
    { bad: 'FROM alpine:3.23\nVOLUME [«"/etc"», "/data"]\n', fixed: 'FROM alpine:3.23\nVOLUME ["/data"]\n' },
    {
      bad: "FROM alpine:3.23\nENV H=/home\nVOLUME «$H/app/.ssh»\nUSER 10001\n",
      fixed: "FROM alpine:3.23\nENV H=/home\nUSER 10001\n",
    },
    {
      bad: "FROM alpine:3.23\nVOLUME «/var/run/docker.sock»\nUSER 10001\n",
      fixed: "FROM alpine:3.23\nUSER 10001\n",
      severity: "error",
    },
    { good: 'FROM alpine:3.23\nVOLUME ["/var/lib/app", "/etc/app", "/home/app/data"]\n' },
    { good: "FROM alpine:3.23\nVOLUME $DATA\n", note: "not known" },
    { good: "FROM alpine:3.23\nVOLUME /srv/run /usr/share/app /data/.sockets\n" },
  ],
  check: {
    volume(volume, report) {
      for (const path of volume.paths) {
        const { value } = volume.expand(path);
        const folder = value.known ? (normalised(value.value) ?? value.value) : undefined;
        if (folder === undefined) continue;
        const socket = folder.endsWith(".sock");
        const keys = /(?:^|\/)\.ssh$/.test(folder);
        if (!socket && !keys && !system.has(folder) && !withData.has(folder)) continue;
        const message = socket
          ? `The socket ${folder} is a volume of this image`
          : `The folder ${folder} is a volume of this image`;
        report(path, message, {
          ...(socket ? { severity: "error" } : {}),
          fix: () => ({
            title: `Remove ${folder} from VOLUME`,
            applicability: keys || withData.has(folder) ? "unsafe" : "safe",
            edits: [volume.removePath(path)],
          }),
        });
      }
    },
  },
});
