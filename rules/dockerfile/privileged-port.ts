import { choice, Expose, literal, rule, Run, type Dockerfile } from "../../engine/index";
import { effectiveUser } from "../shared/effective-user";

/** Some program of the build may listen on low ports. */
const allowsLowPorts = (file: Dockerfile): boolean =>
  file.instructions
    .flatMap((i) => (i instanceof Run ? i.commands : []))
    .some((c) => c.name === "setcap" && c.args.some((a) => /cap_net_bind_service/i.test(a.source)));

export default rule({
  id: "dockerfile/privileged-port",
  kind: "dockerfile",
  severity: "hint",
  principle: "least-privilege",
  preset: "strict",
  summary: "A port below 1024 for a container that does not run as root",
  why: `Kubernetes before 1.22, Podman and older Docker engines let only root, or a process with \`NET_BIND_SERVICE\`, listen below 1024.
People then give the container that capability, or root again, and an intruder has it too. Inside the container any port does: the
engine publishes 8080 as 80.`,
  refs: ["CIS 5.8"],
  covers: [],
  fix: "guided",
  examples: [
    {
      bad: "FROM alpine:3.23\nEXPOSE «80» 9000\nUSER 10001\n",
      fixed: "FROM alpine:3.23\nEXPOSE 8080 9000\nUSER 10001\n",
    },
    {
      bad: "FROM nginxinc/nginx-unprivileged:1.30-alpine\nARG PORT=443\nEXPOSE «$PORT/tcp»\n",
      fixed: "FROM nginxinc/nginx-unprivileged:1.30-alpine\nARG PORT=443\nEXPOSE 8443/tcp\n",
      note: "the base image's user is not root either",
    },
    { good: "FROM alpine:3.23\nEXPOSE 80\n", note: "runs as root" },
    { good: "FROM alpine:3.23\nEXPOSE 8080 1024\nUSER 10001\n" },
    { good: "FROM alpine:3.23\nRUN setcap cap_net_bind_service=+ep /srv/web\nEXPOSE 80\nUSER 10001\n" },
    { good: "FROM alpine:3.23 AS web\nEXPOSE 80\nUSER 10001\nFROM alpine:3.23\nUSER 10001\n", note: "does not ship" },
  ],
  check: {
    shippedStage(stage, report) {
      const user = effectiveUser(stage);
      if (user.kind !== "nonroot" || allowsLowPorts(stage.file)) return;
      for (const expose of stage.history) {
        if (!(expose instanceof Expose)) continue;
        for (const { word, text, range } of expose.ports) {
          if (range === undefined || range.first >= 1024 || range.first < 1 || !text.known) continue;
          const higher = (port: number): string =>
            choice(port === range.first ? 1 : 2, String(port < 1024 ? port + 8000 : port));
          const ports =
            range.first === range.last ? higher(range.first) : `${higher(range.first)}-${higher(range.last)}`;
          const protocol = /\/.*/s.exec(text.value)?.[0] ?? "";
          report(
            word,
            `Older engines keep ports below 1024, such as ${range.first}, for root: the container runs as ${user.name}`,
            {
              fix: () => ({
                title: "Use a port above 1023",
                applicability: "guided",
                edits: [{ span: { start: word.start, end: word.end }, text: ports + literal(protocol) }],
              }),
            },
          );
        }
      }
    },
  },
});
