import { basename, rule } from "../../engine/index";
import { ignoringInGit, isKept } from "../shared/secrets/git";
import { secretFileName } from "../shared/secrets";

export default rule({
  id: "secrets/key-file",
  kind: "text",
  severity: "warning",
  principle: "secrets",
  summary: "File of keys in the repository",
  why: `Key stores, PuTTY keys and SSH keys hold private keys, and their passphrase is often a word from the next configuration file, or
none. Whoever clones the repository may try it as often as he likes, without anybody noticing. Take the file out of the repository and
out of its history, make new keys, and let a secret store give them to the service.`,
  refs: ["CWE-538", "CWE-522"],
  covers: ["gitleaks:pkcs12-file"],
  fix: "unsafe",
  yieldsTo: ["secrets/private-key"],
  examples: [
    {
      bad: "«0\\x82\\x0a\\x3c made by keytool»\n-- .gitignore --\n/build/\n",
      fixed: "0\\x82\\x0a\\x3c made by keytool\n-- .gitignore --\n/build/\n/certs/store.p12\n",
      file: "certs/store.p12",
    },
    {
      bad: "«feedfeed»\n-- .gitignore --\n*.log\n",
      fixed: "feedfeed\n-- .gitignore --\n*.log\n/app/shop.jks\n",
      file: "app/shop.jks",
    },
    { good: "feedfeed\n-- .gitignore --\n*.jks\n", file: "app/shop.jks", note: "git leaves it out" },
    { good: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGk7 shop\n", file: "keys/id_ed25519.pub", note: "a public key" },
    { good: "feedfeed\n", file: "src/test/resources/store.p12", note: "of a test" },
    {
      good: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
      file: "certs/server.pem",
      note: "no key",
    },
  ],
  check: {
    file(text, report, context) {
      const { file } = text;
      const secret = secretFileName(file);
      const isStore = secret?.kind === "key-store";
      const isKey = secret?.kind === "private-key" && /\.ppk$|(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)$/i.test(file);
      if ((!isStore && !isKey) || text.isTest || text.isForeign || !isKept(file, context.project)) return;
      const newline = text.text.search(/\r?\n/);
      const end = newline < 0 ? Math.min(text.text.length, 200) : newline;
      const start = text.text.startsWith("\ufeff") ? 1 : 0;
      const what = isStore ? "is a key store" : "is a private key";
      report({ start, end }, `${basename(file)} ${what}, and git does not leave it out`, {
        fix: () => ignoringInGit(file, context),
      });
    },
  },
});
