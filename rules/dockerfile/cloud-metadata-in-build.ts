import { Copy, rule, type Command, type RunningInstruction, type ShellWord } from "../../engine/index";
import { download } from "../shared/downloads";
import { runs, valueOf } from "../shared/environment";
import { interpreted } from "../shared/interpreters";

export default rule({
  id: "dockerfile/cloud-metadata-in-build",
  kind: "dockerfile",
  severity: "warning",
  principle: "secrets",
  summary: "Build asks the cloud's metadata service",
  why: `The metadata service hands out the credentials of the machine that builds. A step that fetches them leaves them in a
layer or a log, and works only on machines that give such credentials to every build. Whoever can start a build can do the
same. Hand the step what it needs as a build secret (\`RUN --mount=type=secret\`), and keep builds from that address.`,
  refs: ["CWE-918"],
  covers: [],
  fix: "none",
  examples: [
    { bad: "FROM alpine:3.23\nRUN curl -s «http://169.254.169.254/latest/meta-data/iam/security-credentials/»\n" },
    {
      bad: 'FROM alpine:3.23\nARG HOST=metadata.google.internal\nRUN wget --header "Metadata-Flavor: Google" -qO /t «"http://$HOST/computeMetadata/v1/"»\n',
      note: "by an argument's default",
    },
    { bad: "FROM alpine:3.23\nADD «http://100.100.100.200/latest/user-data» /data\n" },
    {
      bad: "FROM python:3.14-slim\nRUN python3 -c «'import urllib.request as u; u.urlopen(\"http://169.254.170.2/v2/credentials\")'»\n",
    },
    {
      good: "FROM alpine:3.23\nCMD curl -s http://169.254.169.254/latest/meta-data/instance-id\n",
      note: "in the running container",
    },
    {
      good: "FROM alpine:3.23\nENV NO_PROXY=169.254.169.254\nRUN echo '169.254.169.254 is closed' && iptables -A OUTPUT -d 169.254.169.254 -j DROP\n",
      note: "nothing is asked",
    },
    {
      good: "FROM alpine:3.23\nRUN curl -s https://example.com/?next=169.254.169.254 && curl --noproxy 169.254.169.254 https://example.com/\n",
    },
  ],
  check: {
    instruction(instruction, report) {
      if (instruction instanceof Copy && instruction.isAdd) {
        for (const source of instruction.sources) {
          const { value } = instruction.expand(source);
          const host = value.known ? metadataHost(value.value) : undefined;
          if (host !== undefined) report(source, `ADD asks the cloud's metadata service at ${host}`);
        }
      }
      if (!runs(instruction) || instruction.keyword !== "RUN") return;
      for (const command of instruction.commands) {
        for (const { word, host } of asked(command, instruction)) {
          report(word, `${command.name} asks the cloud's metadata service at ${host}`);
        }
      }
    },
  },
});

const service =
  "169\\.254\\.169\\.254|169\\.254\\.170\\.2|metadata\\.google\\.internal|100\\.100\\.100\\.200|\\[fd00:ec2::254\\]";
const address = new RegExp(`^(?:https?://)?(${service})(?=[/:?#$]|$)`, "i");
const addressInText = new RegExp(`https?://(${service})(?![\\w.-])`, "i");

const metadataHost = (url: string): string | undefined => address.exec(url)?.[1];

function asked(command: Command, instruction: RunningInstruction): { word: ShellWord; host: string }[] {
  const program = interpreted(command);
  if (program?.from === "text" && !isShellText(command)) {
    const match = addressInText.exec(program.word.source);
    return match?.[1] === undefined ? [] : [{ word: program.word, host: match[1] }];
  }
  const operands = download(command)?.urls ?? (/^(?:https?|curlie|xh)$/.test(command.name) ? command.args : []);
  return operands.flatMap((word) => {
    const value = valueOf(instruction, word);
    const host = metadataHost(value.known ? value.value : word.source);
    return host === undefined ? [] : [{ word, host }];
  });
}

/** Its text is read as commands of its own. */
const isShellText = (command: Command): boolean => !/^(?:python|perl|ruby|node|php|lua)/.test(command.name);
