import { rule } from "../../engine/index";

/** What ADD unpacks by itself when it is a local file. */
const archive = /\.(?:tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz|zst|lzma|Z))$/i;
const remote = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@)/i;

/** A glob whose ending is open, or is an archive's. */
const mayMatchArchive = (source: string): boolean => /[*?[]/.test(source) && /\*$|\.(?:t|\*|\?|\[)[^/]*$/.test(source);

export default rule({
  id: "dockerfile/add-instead-of-copy",
  kind: "dockerfile",
  severity: "hint",
  principle: "supply-chain",
  summary: "ADD where COPY would do",
  why: `\`ADD\` also downloads URLs and unpacks archives. A file that is replaced by an archive of the same name is then unpacked
without a word, and whoever controls it writes where they like in the image. \`COPY\` copies, and nothing else.`,
  refs: ["CIS 4.9"],
  covers: [
    "hadolint:DL3020",
    "checkov:CKV_DOCKER_4",
    "trivy:DS-0005",
    "semgrep:prefer-copy-over-add",
    "dockle:CIS-DI-0009",
  ],
  fix: "safe",
  examples: [
    { bad: "FROM scratch\n«ADD» . /app\n", fixed: "FROM scratch\nCOPY . /app\n" },
    {
      bad: 'FROM scratch\n«add» --chown=1:1 ["a b.txt", "/app/"]\n',
      fixed: 'FROM scratch\ncopy --chown=1:1 ["a b.txt", "/app/"]\n',
      note: "keeps the letter case of the file",
    },
    { good: "FROM scratch\nADD rootfs.tar.xz /\n", note: "an archive that is unpacked" },
    { good: "FROM scratch\nADD https://example.com/a.txt /a\n", note: "a download is another rule's matter" },
    { good: "FROM scratch\nADD $FILES /app/\n", note: "not known what is added" },
    { good: "FROM scratch\nADD *.tar.* /app/\n", note: "may match archives" },
    { good: "FROM scratch\nADD --keep-git-dir=true https://github.com/a/b.git#v1 /b\n" },
    { good: "FROM scratch\nADD <<EOF /a\ntext\nEOF\n", note: "a heredoc" },
  ],
  check: {
    copy(copy, report) {
      if (!copy.isAdd || copy.sources.length === 0) return;
      if (copy.heredocs.length > 0 || copy.flag("unpack") !== undefined || copy.flag("keep-git-dir") !== undefined)
        return;
      const plain = copy.sources.every((word) => {
        const { value } = copy.expand(word);
        if (!value.known || remote.test(value.value) || archive.test(value.value)) return false;
        return !mayMatchArchive(value.value);
      });
      if (!plain) return;
      const keyword = copy.keywordSpan;
      report(keyword, "ADD copies local files here: COPY does the same and nothing more", {
        fix: () => {
          const lower = copy.node.text.startsWith("add");
          return {
            title: "Use COPY",
            applicability: "safe",
            edits: [{ span: { start: keyword.start, end: keyword.end }, text: lower ? "copy" : "COPY" }],
          };
        },
      });
    },
  },
});
