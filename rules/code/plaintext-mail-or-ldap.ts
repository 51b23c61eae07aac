import { fixIn, rule } from "../../engine/index";
import { plainLogins } from "../shared/code/mail-and-ldap";
import { weightOf } from "../shared/code/weight";

export default rule({
  id: "code/plaintext-mail-or-ldap",
  kind: "code",
  severity: "warning",
  principle: "encrypt",
  summary: "A login to a mail server or directory that is sent as plain text",
  why: `Servers of mail and directories take logins over connections that nobody encrypted, if clients let them. One packet seen on
the way is the password of the account that sends in the company's name, or the one that every user's login is checked with. Ask for
TLS before the login (\`starttls\`, \`ldaps://\`) and let the client refuse to go on without.`,
  refs: ["CWE-319", "CWE-287"],
  covers: ["sonar:S5332", "sonar:S4433", "semgrep:insecure-smtp-connection", "semgrep:anonymous-ldap-bind"],
  fix: "unsafe",
  examples: [
    {
      file: "app/mail.py",
      bad: `
        import os
        import smtplib

        def send(message):
            with smtplib.SMTP("smtp.acme.io", 587) as server:
                «server.login»("shop", os.environ["MAIL_PASSWORD"])
                server.send_message(message)
        `,
      fixed: `
        import os
        import smtplib

        def send(message):
            with smtplib.SMTP("smtp.acme.io", 587) as server:
                server.starttls()
                server.login("shop", os.environ["MAIL_PASSWORD"])
                server.send_message(message)
        `,
      note: "Python",
    },
    {
      file: "src/mail.ts",
      bad: `
        import nodemailer from "nodemailer";
        export const mail = nodemailer.createTransport({
          host: "smtp.acme.io",
          port: 587,
          «ignoreTLS: true»,
          auth: { user: "shop", pass: process.env.MAIL_PASSWORD },
        });
        `,
      fixed: `
        import nodemailer from "nodemailer";
        export const mail = nodemailer.createTransport({
          host: "smtp.acme.io",
          port: 587,
          requireTLS: true,
          auth: { user: "shop", pass: process.env.MAIL_PASSWORD },
        });
        `,
      note: "JavaScript: TLS is refused",
    },
    {
      file: "src/mail.ts",
      bad: `
        import nodemailer from "nodemailer";
        export const mail = nodemailer.createTransport({ host, «secure: false», auth: { user, pass } });
        `,
      fixed: `
        import nodemailer from "nodemailer";
        export const mail = nodemailer.createTransport({ host, secure: false, requireTLS: true, auth: { user, pass } });
        `,
      severity: "info",
      note: "JavaScript: TLS may be left out",
    },
    {
      file: "main.go",
      bad: `
        package main

        const directoryURL = "«ldap://directory.acme.io:389»"
        `,
      fixed: `
        package main

        const directoryURL = "ldaps://directory.acme.io:636"
        `,
      note: "Go: a directory",
    },
    {
      file: "src/main/java/shop/Mail.java",
      bad: `
        package shop;

        class Mail {
          void configure(Properties props, Hashtable<String, String> env) {
            props.put("mail.smtp.starttls.enable", "«false»");
            env.put(Context.SECURITY_AUTHENTICATION, «"none"»);
          }
        }
        `,
      fixed: `
        package shop;

        class Mail {
          void configure(Properties props, Hashtable<String, String> env) {
            props.put("mail.smtp.starttls.enable", "true");
            env.put(Context.SECURITY_AUTHENTICATION, "none");
          }
        }
        `,
      remains: "who may ask the directory is for its owner to say",
      note: "Java",
    },
    {
      file: "Program.cs",
      bad: `
        using System.Net.Mail;

        var client = new SmtpClient("smtp.acme.io", 587) { Credentials = credentials, «EnableSsl = false» };
        `,
      fixed: `
        using System.Net.Mail;

        var client = new SmtpClient("smtp.acme.io", 587) { Credentials = credentials, EnableSsl = true };
        `,
      note: "C#",
    },
    {
      file: "app/mail.py",
      good: `
        import smtplib

        def send(message):
            server = smtplib.SMTP("smtp.acme.io", 587)
            server.starttls()
            server.login("shop", password)

        def local(message):
            server = smtplib.SMTP("localhost", 1025)
            server.login("shop", password)

        def secure(message):
            server = smtplib.SMTP_SSL("smtp.acme.io")
            server.login("shop", password)

        if url.startswith("ldap://directory"):
            raise ValueError("ldap://directory")
        `,
      note: "Python: with TLS, this machine",
    },
    {
      file: "src/mail.ts",
      good: `
        import nodemailer from "nodemailer";
        nodemailer.createTransport({ host: "localhost", secure: false, auth });
        nodemailer.createTransport({ host, secure: false, requireTLS: true, auth });
        nodemailer.createTransport({ host, secure: true, auth });
        nodemailer.createTransport({ ...options, secure: false, auth });
        const client = ldap.createClient({ url: "ldaps://directory.acme.io" });
        `,
      note: "JavaScript",
    },
    {
      file: "main.go",
      good: `
        package main

        func dial() error {
        	connection, err := ldap.DialURL("ldap://directory.acme.io")
        	if err != nil {
        		return err
        	}
        	return connection.StartTLS(config)
        }
        `,
      note: "Go: TLS on the connection",
    },
    {
      file: "src/main/java/shop/Mail.java",
      good: `
        package shop;

        class Mail {
          void configure(Properties props) {
            props.put("mail.smtp.starttls.enable", "true");
            env.put(Context.SECURITY_AUTHENTICATION, "simple");
            env.put(Context.PROVIDER_URL, "ldap://localhost:389");
          }
        }
        `,
      note: "Java",
    },
    {
      file: "Program.cs",
      good: `
        using System.Net.Mail;

        var local = new SmtpClient("localhost", 25) { EnableSsl = false };
        var client = new SmtpClient("smtp.acme.io") { EnableSsl = useTls };
        var entry = new DirectoryEntry("LDAP://DC=acme,DC=io");
        `,
      note: "C#: this machine, a setting, paths",
    },
  ],
  check: {
    mentions: /smtp|mail|ldap|naming|transport/i,
    file(code, report, context) {
      for (const { start, end, message, severity, guard, title, edits } of plainLogins(code))
        report({ start, end }, message, {
          severity: weightOf(severity, code, guard),
          fix: () => edits && fixIn(context.file, title, "unsafe", [{ edits }]),
        });
    },
  },
});
