import { rule } from "../../engine/index";
import { broadCopy, buildsReading } from "../shared/ignore-files";

export default rule({
  id: "dockerignore/git-directory-not-ignored",
  kind: "dockerignore",
  severity: "info",
  principle: "secrets",
  summary: "The Git directory goes into the image",
  why: `\`.git\` holds every version of every file that was ever committed, deleted secrets and private code among them, and often the
login of the remote in its configuration. Copied into an image, the whole history is there for everybody who can pull it, or who
finds \`/.git/\` served by the web server. It also spoils the build cache with every commit.`,
  refs: ["CWE-527", "CWE-538"],
  covers: ["dockle:DKL-LI-0003"],
  fix: "safe",
  examples: [
    {
      bad: "«node_modules»\n*.log\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- .git/HEAD --\n-- main.c --\n",
      fixed: "node_modules\n*.log\n.git\n",
    },
    {
      bad: "«»# later: everything but the sources\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- .git/HEAD --\n-- main.c --\n",
      fixed: "# later: everything but the sources\n.git\n",
      note: "no pattern yet",
    },
    {
      bad: "«node_modules»\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\nRUN git describe > /version\n-- .git/HEAD --\n",
      fixed: "node_modules\n.git\n",
      severity: "hint",
      note: "the build reads it",
    },
    { good: ".git\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- .git/HEAD --\n" },
    {
      good: "*\n!src\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- .git/HEAD --\n-- src/main.c --\n",
      note: "all but what is named",
    },
    { good: "**/.git*\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- .git/HEAD --\n" },
    {
      good: "a\n-- Dockerfile --\nFROM alpine:3.23\nCOPY src /app\n-- .git/HEAD --\n-- src/main.c --\n",
      note: "no whole context copied",
    },
    {
      good: "a\n-- Dockerfile --\nFROM alpine:3.23\nCOPY . /app\n-- main.c --\n",
      note: "the repository's root is elsewhere",
    },
  ],
  check: {
    file(file, report, context) {
      if (file.ignores(".git") || file.ignores(".git/HEAD")) return;
      const builds = buildsReading(context.file, context.project).filter(
        (build) => build.files.some((f) => f.startsWith(".git/")) && broadCopy(build, ".git/HEAD") !== undefined,
      );
      const [build] = builds;
      if (build === undefined) return;
      const isRead = builds.some((b) => b.summary.usesGit);
      report(
        file.patterns[0] ?? { start: 0, end: 0 },
        `.git goes into the image of ${build.dockerfile}: no pattern keeps it out`,
        {
          severity: isRead ? "hint" : "info",
          fix: () => ({
            title: "Ignore .git",
            applicability: isRead ? "unsafe" : "safe",
            edits: [file.append(".git")],
          }),
        },
      );
    },
  },
});
