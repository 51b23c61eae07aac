/** The instructions that run something, and the shell that reads them. */
import type { Heredoc } from "../../languages/dockerfile/syntax";
import { jsonStrings, Word } from "../../languages/dockerfile/words";
import { execScript } from "../../languages/shell/exec";
import { type Command, type GivenDocument, isShell, readScript, type Script } from "../../languages/shell/script";
import type { ShellParser } from "../../languages/shell/syntax";
import { Excerpt } from "../../text/located";
import { type Flag, type ImageUse, Instruction } from "./instruction";
import type { Dockerfile } from "./model";

/** `RUN --mount=…`. */
export interface Mount {
  readonly flag: Flag;
  /** `bind` where none is written. */
  readonly type: string;
  readonly id: string | undefined;
  readonly target: string | undefined;
  readonly source: string | undefined;
  readonly env: string | undefined;
  readonly from: ImageUse | undefined;
}

/** `exec`: a JSON array; `shell`: a text that the stage's shell runs. */
export type Form = "exec" | "shell";

/** The shell of shell forms at one place. */
export interface ShellSetting {
  readonly family: "posix" | "powershell" | "cmd" | "unknown";
  /** `sh`, `bash`, `ash` …: the program's name. */
  readonly program: string;
  /** Set by a SHELL instruction. */
  readonly instruction: ShellInstruction | undefined;
  readonly options: readonly string[];
}

export const defaultShell: ShellSetting = { family: "posix", program: "sh", instruction: undefined, options: ["-c"] };

export const windowsShell: ShellSetting = {
  family: "cmd",
  program: "cmd",
  instruction: undefined,
  options: ["/S", "/C"],
};

function shellSetting(instruction: ShellInstruction): ShellSetting {
  const [program, ...options] = instruction.words.map((w) => w.text);
  const name =
    (program ?? "")
      .replace(/\\/g, "/")
      .split("/")
      .pop()
      ?.toLowerCase()
      .replace(/\.exe$/, "") ?? "";
  const family = isShell(name)
    ? "posix"
    : /^(?:pwsh|powershell)$/.test(name)
      ? "powershell"
      : name === "cmd"
        ? "cmd"
        : "unknown";
  return { family, program: name, instruction, options };
}

export class ShellInstruction extends Instruction {
  #setting: ShellSetting | undefined;

  /** What it makes of the shell forms behind it. */
  get setting(): ShellSetting {
    this.#setting ??= shellSetting(this);
    return this.#setting;
  }
}

/** An instruction that runs something: RUN, CMD, ENTRYPOINT, HEALTHCHECK. */
abstract class Running extends Instruction {
  get form(): Form {
    return this.json === undefined ? "shell" : "exec";
  }

  /** The arguments that are run. */
  protected get running(): Excerpt {
    return this.rest;
  }

  protected get execWords(): readonly { word: Word; value: Excerpt }[] | undefined {
    return this.json;
  }

  /** The shell that runs a shell form here. */
  get shell(): ShellSetting {
    return this.stage?.shellAt(this) ?? defaultShell;
  }

  #read: { parser: ShellParser; script: Script | undefined } | undefined;
  #script: { file: Dockerfile; script: Script | undefined } | undefined;

  /** What it runs; undefined where no POSIX shell reads it, or no parser is at hand. */
  get script(): Script | undefined {
    const { file } = this;
    if (this.#script?.file !== file) this.#script = { file, script: this.scriptIn(file) };
    return this.#script.script;
  }

  /** The text stays while other lines of the file change; which shell reads it may not. */
  private scriptIn({ shellParser: parser }: Dockerfile): Script | undefined {
    if (parser === undefined) return undefined;
    if (this.execWords === undefined && this.shell.family !== "posix") return undefined;
    if (this.#read?.parser !== parser) this.#read = { parser, script: this.readScript(parser) };
    return this.#read.script;
  }

  /** Every command that it runs, nested ones included. */
  get commands(): readonly Command[] {
    return this.script?.commands ?? [];
  }

  private readScript(parser: ShellParser): Script | undefined {
    const exec = this.execWords;
    if (exec !== undefined) return execScript(parser, exec, this.node);
    let { running } = this;
    const documents = this.heredocs.map((heredoc): { heredoc: Heredoc; body: Excerpt } => ({
      heredoc,
      body: new Excerpt(this.node.text.slice(heredoc.body.from, heredoc.body.to), heredoc.body.from),
    }));
    for (const { heredoc } of documents) running = running.blank(heredoc.opening.from, heredoc.opening.to);
    const [first] = documents;
    if (first !== undefined && running.text.trim() === "") {
      const interpreter = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(first.body.text.trimStart());
      const program = (interpreter?.[1] ?? "sh").split("/").pop() ?? "";
      if (!isShell(program === "env" ? (interpreter?.[2] ?? "") : program)) return undefined;
      return readScript(parser, first.body, this.node);
    }
    const given = documents.map(({ heredoc, body }): GivenDocument => {
      let at = 0;
      while (at < running.text.length && running.startOf(at) < heredoc.opening.from) at++;
      return { at, body, quoted: heredoc.quoted };
    });
    return readScript(parser, running, this.node, given);
  }
}

export class Run extends Running {
  #mounts: { file: Dockerfile; mounts: readonly Mount[] } | undefined;

  get mounts(): readonly Mount[] {
    const { file } = this;
    if (this.#mounts?.file !== file) this.#mounts = { file, mounts: this.readMounts() };
    return this.#mounts.mounts;
  }

  private readMounts(): readonly Mount[] {
    return this.flags
      .filter((f) => f.name === "mount")
      .map((flag) => {
        const from = flag.option("from");
        const span = flag.options.find((o) => o.key === "from")?.span;
        const word =
          span === undefined ? undefined : new Word(span.origin, span.from + 5, span.to, from ?? "", from ?? "");
        return {
          flag,
          type: flag.option("type") ?? "bind",
          id: flag.option("id"),
          target: flag.option("target") ?? flag.option("dst") ?? flag.option("destination"),
          source: flag.option("source") ?? flag.option("src"),
          env: flag.option("env"),
          from: word === undefined ? undefined : this.file.imageUse(this, word, "mount-from"),
        };
      });
  }
}

export class Cmd extends Running {}

export class Entrypoint extends Running {}

export class Healthcheck extends Running {
  /** `HEALTHCHECK NONE`. */
  get none(): boolean {
    return /^none$/i.test(this.rest.text);
  }

  protected override get running(): Excerpt {
    const match = /^CMD\s+/i.exec(this.rest.text);
    return match === null ? this.rest.slice(0, 0) : this.rest.slice(match[0].length, this.rest.text.length);
  }

  #exec: readonly { word: Word; value: Excerpt }[] | undefined | null = null;

  protected override get execWords(): readonly { word: Word; value: Excerpt }[] | undefined {
    if (this.#exec === null) this.#exec = jsonStrings(this.running, this.node);
    return this.#exec;
  }

  override get form(): Form {
    return this.execWords === undefined ? "shell" : "exec";
  }
}
