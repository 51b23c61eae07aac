import { isShell, overlaps, rule, Run, type Command, type Edit, type Fix } from "../../engine/index";
import { packageCommand, packageCommands, type PackageCommand } from "../shared/packages";

/** Where the managers keep their lists. */
const lists: Readonly<Record<PackageCommand["manager"], RegExp>> = {
  apt: /^\/var(?:\/lib(?:\/apt(?:\/lists)?)?)?\/?$/,
  apk: /^\/(?:var\/cache(?:\/apk)?|etc\/apk\/cache)\/?$/,
  dnf: /^\/var\/cache(?:\/(?:dnf|yum|libdnf5|tdnf))?\/?$/,
  zypper: /^\/var\/cache(?:\/zypp)?\/?$/,
  pacman: /^\/var\/(?:lib|cache)(?:\/pacman)?(?:\/(?:sync|pkg))?\/?$/,
};

/** May install packages in a way that cannot be seen from here. */
function mayInstall(command: Command): boolean {
  const { program } = command;
  if (program?.text === undefined) return true;
  if (
    isShell(command.name) ||
    /^(?:\.|source|eval|make|python[\d.]*|perl|ruby|node|npx|npm|yarn|pnpm|ansible[\w-]*)$/.test(command.name)
  )
    return true;
  if (/install|apt|dpkg|deb|setup|script/i.test(command.name) && packageCommand(command) === undefined) return true;
  if (program.text.includes("/") && !/^\/(?:usr\/)?(?:local\/)?s?bin\//.test(program.text)) return true;
  return command.args.some((a) => /^(?:install|add|upgrade|dist-upgrade|full-upgrade)$/.test(a.source));
}

function isUsed(refresh: PackageCommand, run: Run): boolean {
  const later = run.commands.filter((c) => c.start > refresh.command.start);
  if (later.some((c) => packageCommand(c) === undefined && mayInstall(c))) return true;
  const using = packageCommands(run).some((p) => {
    if (p.manager !== refresh.manager) return false;
    if (p.verb === "install" || p.verb === "upgrade") return true;
    return p.command.start > refresh.command.start && p.verb === "other" && p.word !== undefined;
  });
  return (
    using ||
    run.mounts.some((m) => /^(?:cache|bind|tmpfs)$/.test(m.type) && lists[refresh.manager].test(m.target ?? ""))
  );
}

/** Moves the refresh into the RUN right behind, where that one installs. */
function merge(refresh: PackageCommand, run: Run): Fix | undefined {
  const siblings = run.stage?.instructions ?? [];
  const next = siblings[siblings.indexOf(run) + 1];
  if (run.onbuild !== undefined || !(next instanceof Run) || next.form !== "shell" || next.heredocs.length > 0)
    return undefined;
  const there = packageCommands(next).filter((p) => p.manager === refresh.manager);
  const install = there.find((p) => p.verb === "install")?.command;
  if (install === undefined || install.position !== "script" || install.pipeline.length > 1) return undefined;
  const { file } = run;
  if (file.comments.some((c) => overlaps(run, { start: c.at, end: c.at + c.text.length }))) return undefined;
  const { command } = refresh;
  const removed =
    run.commands.length === 1 ? (run.heredocs.length === 0 ? [run.remove()] : undefined) : command.remove();
  if (removed === undefined || run.form !== "shell" || command.position !== "script" || command.pipeline.length > 1)
    return undefined;
  const text = `${file.text.slice(command.start, command.end)} && `;
  const added: readonly Edit[] = there.some((p) => p.verb === "refresh") ? [] : [install.insertBefore(text)];
  return {
    title: "Refresh the package lists where they are used",
    applicability: "safe",
    edits: [...removed, ...added],
  };
}

export default rule({
  id: "dockerfile/update-without-install",
  kind: "dockerfile",
  severity: "warning",
  principle: "supply-chain",
  summary: "Package lists refreshed in a layer of their own",
  why: `The builder keeps the layer with the lists for as long as its line does not change. A later installation then takes packages
from lists that may be months old, known holes included, though the file seems to refresh them. Refresh and install in one \`RUN\`.`,
  refs: ["CIS 4.7"],
  covers: ["checkov:CKV_DOCKER_5", "trivy:DS-0017", "kics:update_instruction_alone", "dockle:CIS-DI-0007"],
  fix: "safe",
  examples: [
    {
      bad: `
        FROM debian:13-slim
        RUN apt-get «update»
        # tools
        RUN apt-get install -y --no-install-recommends curl \\
            && rm -rf /var/lib/apt/lists/*`,
      fixed: `
        FROM debian:13-slim
        # tools
        RUN apt-get update && apt-get install -y --no-install-recommends curl \\
            && rm -rf /var/lib/apt/lists/*`,
    },
    { bad: "FROM alpine:3.23\nRUN apk «update» && rm -rf /tmp/*\nCOPY . .\nRUN apk add curl\n", note: "not adjacent" },
    {
      bad: 'FROM debian:13-slim\nRUN <<EOF\nset -e\napt-get «update» -qq\nEOF\nRUN ["apt-get", «"update"»]\n',
      note: "heredoc and JSON form",
    },
    {
      bad: "FROM alpine:3.23\nRUN mkdir /x && apk «update»\nRUN apk update && apk add curl\n",
      fixed: "FROM alpine:3.23\nRUN mkdir /x\nRUN apk update && apk add curl\n",
    },
    {
      good: "FROM debian:13-slim\nRUN apt-get update \\\n # now\n && apt-get install -y --no-install-recommends curl\n",
    },
    { good: "FROM rockylinux/rockylinux:10\nRUN yum update -y\nRUN dnf upgrade -y\n", note: "these install" },
    {
      good: "FROM debian:13-slim\nRUN apt-get update && ./install.sh && npm update\n",
      note: "a script that may install",
    },
    {
      good: "FROM debian:13-slim\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\n",
      note: "lists outside the layers",
    },
    { good: 'FROM alpine:3.23\nRUN apk update && sh -c "apk add curl" && echo "apt-get update"\n' },
  ],
  check: {
    run(run, report) {
      for (const refresh of packageCommands(run)) {
        if (refresh.verb !== "refresh" || refresh.word === undefined || isUsed(refresh, run)) continue;
        const { name } = refresh.command;
        report(
          refresh.word,
          `${name} ${refresh.word.source} stands in a RUN that installs nothing: its layer goes stale in the cache`,
          {
            fix: () => merge(refresh, run),
          },
        );
      }
    },
  },
});
