/** Commands that make or change accounts. Options of shadow-utils, Debian's adduser and busybox, from their manuals. */
import {
  readOptions,
  Run,
  type Command,
  type Edit,
  type Instruction,
  type Option,
  type Options,
  type ShellWord,
  type Span,
} from "../../engine/index";

export interface AccountCommand {
  readonly command: Command;
  /** `create` a user, `change` one, put one into a group (`join`), or make a `group`. */
  readonly verb: "create" | "change" | "join" | "group";
  /** The user, of `group` the group. */
  readonly name: ShellWord | undefined;
  readonly uid: Option | undefined;
  readonly gid: Option | undefined;
  /** The groups that the user gets besides a primary one, several joined by commas in an option's value. */
  readonly groups: readonly (Option | ShellWord)[];
  readonly password: Option | undefined;
  readonly options: Options;
}

const valuedLong = [
  "--base-dir",
  "--comment",
  "--conf",
  "--expiredate",
  "--firstgid",
  "--firstuid",
  "--gecos",
  "--gid",
  "--groups",
  "--home",
  "--home-dir",
  "--inactive",
  "--ingroup",
  "--key",
  "--lastgid",
  "--lastuid",
  "--login",
  "--password",
  "--prefix",
  "--root",
  "--selinux-user",
  "--shell",
  "--skel",
  "--uid",
];

/** Undefined where the command is none of them. */
export function accountCommand(command: Command): AccountCommand | undefined {
  const { name } = command;
  if (name === "useradd" || name === "adduser") {
    // On Red Hat adduser is useradd; busybox has the same letters for the same things, `-h` for the home.
    const options = readOptions(command, {
      short: name === "useradd" ? "bcdefgGkKpsuRPZ" : "bcdefghGkKpsuRPZ",
      long: valuedLong,
    });
    const [user, group] = options.operands;
    const joins = name === "adduser" && user !== undefined && group !== undefined;
    const extra = options.all("-G", "--groups", "--ingroup");
    return make(command, joins ? "join" : "create", user, options, joins ? [group, ...extra] : extra);
  }
  if (name === "usermod") {
    const options = readOptions(command, { short: "cdefgGlpsuRPZvVwW", long: valuedLong });
    return make(command, "change", options.operands[0], options, options.all("-G", "--groups"));
  }
  if (name === "groupadd" || name === "addgroup") {
    const options = readOptions(command, { short: "gKpRPU", long: [...valuedLong, "--users"] });
    const [first, second] = options.operands;
    if (name === "addgroup" && first !== undefined && second !== undefined) {
      return make(command, "join", first, options, [second]);
    }
    return make(command, "group", first, options, []);
  }
  if (name === "gpasswd") {
    const options = readOptions(command, {
      short: "adAM",
      long: ["--add", "--delete", "--administrators", "--members"],
    });
    const added = options.find("-a", "--add");
    const [group] = options.operands;
    if (added === undefined || group === undefined) return undefined;
    return make(command, "join", added.valueWord, options, [group]);
  }
  return undefined;
}

function make(
  command: Command,
  verb: AccountCommand["verb"],
  name: ShellWord | undefined,
  options: Options,
  groups: AccountCommand["groups"],
): AccountCommand {
  const takesPassword = command.name === "useradd" || command.name === "usermod";
  return {
    command,
    verb,
    name,
    uid: verb === "group" ? undefined : options.find("-u", "--uid"),
    gid: options.find("-g", "--gid"),
    groups,
    password: takesPassword ? options.find("-p", "--password") : undefined,
    options,
  };
}

export interface GroupGiven {
  readonly name: string;
  readonly at: Span;
  /** Leaves the user out of this group; undefined where the command then does nothing. */
  readonly edits: readonly Edit[] | undefined;
}

/** The groups, one by one. */
export function groupsGiven(account: AccountCommand): readonly GroupGiven[] {
  return account.groups.flatMap((given): GroupGiven[] => {
    if (!("value" in given)) return [{ name: given.text ?? "", at: given, edits: undefined }];
    const value = given.value ?? "";
    const place = given.valueWord?.find(value);
    const names = value.split(",");
    return names.map((name) => {
      const rest = names.filter((n) => n !== name).join(",");
      const shorter = place === undefined ? undefined : [{ span: { start: place.start, end: place.end }, text: rest }];
      const appends = account.options.find("-a", "--append") !== undefined;
      const edits = rest !== "" ? shorter : appends ? undefined : [given.remove()];
      return { name, at: given.valueWord?.find(name) ?? given, edits };
    });
  });
}

export interface Account {
  readonly name: string;
  /** Undefined where it is left to the system or not known. */
  readonly uid: number | undefined;
}

/** The users that RUN instructions make or renumber, the latest last, variables of the Dockerfile expanded. */
export function accountsMade(instructions: readonly Instruction[]): readonly Account[] {
  const accounts = new Map<string, Account>();
  for (const run of instructions) {
    if (!(run instanceof Run)) continue;
    for (const command of run.commands) {
      const account = accountCommand(command);
      if (account === undefined || account.verb === "group" || account.verb === "join") continue;
      const name = valueOf(run, account.name?.source);
      const uid = valueOf(run, account.uid?.value);
      if (name === undefined || !/^[\w.-]+$/.test(name)) continue;
      if (account.verb === "change" && (uid === undefined || !accounts.has(name))) continue;
      accounts.delete(name);
      accounts.set(name, { name, uid: uid !== undefined && /^\d{1,9}$/.test(uid) ? Number(uid) : undefined });
    }
  }
  return [...accounts.values()];
}

/** A word of a command with the Dockerfile's variables; undefined where it is not known or the script sets them. */
export function valueOf(run: Run, source: string | undefined): string | undefined {
  if (source === undefined) return undefined;
  const { value, names } = run.expand(source);
  if (!value.known || (run.script?.assignments ?? []).some((a) => names.includes(a.name))) return undefined;
  return value.value;
}
