import { choice, Expose, literal, rule } from "../../engine/index";

const widestRange = 20;
const mostPorts = 10;
const usual = "8080";

export default rule({
  id: "dockerfile/excessive-expose",
  kind: "dockerfile",
  severity: "info",
  principle: "exposure",
  summary: "EXPOSE of more ports than a service needs",
  why: `\`docker run -P\`, and tools that read the image, publish every exposed port. A wide range publishes whatever listens in it as
well: a debugger, an admin page, a metrics endpoint that somebody adds later. Expose the ports that the program listens on.`,
  refs: ["CIS 5.9"],
  covers: [],
  fix: "guided",
  examples: [
    { bad: "FROM alpine:3.23\nEXPOSE 80 «8000-9000/udp»\n", fixed: "FROM alpine:3.23\nEXPOSE 80 8000/udp\n" },
    { bad: "FROM alpine:3.23\nEXPOSE «1-65535»\n", fixed: "FROM alpine:3.23\nEXPOSE 8080\n" },
    { bad: "FROM alpine:3.23\nEXPOSE 1 2 3 4 5 6 7 8 9\nEXPOSE 10 «11» 12\n" },
    { good: "FROM alpine:3.23\nEXPOSE 8000-8019 1 2 3 4 5 6 7 8 9\n" },
    { good: "FROM alpine:3.23\nEXPOSE 1 2 3 4 5 6 7 8 9\nEXPOSE 1 2 3 4\nEXPOSE 1\n", note: "the same ports" },
    { good: "FROM alpine:3.23 AS a\nEXPOSE 1-65535\nFROM alpine:3.23\nEXPOSE 80\n", note: "does not ship" },
  ],
  check: {
    shippedStage(stage, report) {
      const ports = stage.history.flatMap((i) => (i instanceof Expose ? i.ports : []));
      const single = new Set<string>();
      for (const { word, range, protocol } of ports) {
        if (range === undefined || range.last > 65535) continue;
        const count = range.last - range.first + 1;
        if (count > widestRange) {
          const rest = protocol === "tcp" ? "" : literal(`/${protocol}`);
          report(word, `${count} ports are exposed at once`, {
            fix: () => ({
              title: "Expose the one port that is used",
              applicability: "guided",
              edits: [
                {
                  span: { start: word.start, end: word.end },
                  text: choice(1, range.first < 1024 ? usual : String(range.first)) + rest,
                },
              ],
            }),
          });
        } else if (count === 1) {
          const before = single.size;
          single.add(`${range.first}/${protocol}`);
          if (single.size > mostPorts && before === mostPorts) report(word, `More than ${mostPorts} ports are exposed`);
        }
      }
    },
  },
});
