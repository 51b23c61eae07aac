/** Conditions that let something run in development only, or only where a flag is set. */
import type { Scope, Value } from "../facts";

type Guard = Scope["guard"];

/** What a condition says of the code that runs where it holds, and where it does not. */
export interface Guards {
  readonly yes: Guard;
  readonly no: Guard;
}

export const noGuards: Guards = Object.freeze({ yes: undefined, no: undefined });

export const opposite = ({ yes, no }: Guards): Guards => ({ yes: no, no: yes });

/** Of `a && b`. */
export const both = (a: Guards, b: Guards): Guards => ({ yes: stronger(a.yes, b.yes), no: common(a.no, b.no) });

/** Of `a || b`. */
export const either = (a: Guards, b: Guards): Guards => ({ yes: common(a.yes, b.yes), no: stronger(a.no, b.no) });

const stronger = (a: Guard, b: Guard): Guard => (a === "development" || b === "development" ? "development" : (a ?? b));

const common = (a: Guard, b: Guard): Guard => (a === undefined || b === undefined ? undefined : a === b ? a : "flag");

const development = /^(?:dev|devel|develop|development|local|localhost|test|tests|testing|debug)$/i;
const production = /^(?:prod|production|release|live|staging|stage|preprod)$/i;
const developmentName =
  /^_*(?:is|in|use|run)?_?(?:dev|devel|development|debug|local|localdev|localhost)_?(?:mode|env|environment|build|only|enabled)?_*$/i;
const productionName = /^_*(?:is|in)?_?(?:prod|production|release)_?(?:mode|env|environment)?_*$/i;
const flagName =
  /enable|disable|flag|feature|allow|insecure|skip|reflection|profil|pprof|introspect|playground|verbose|trace|debug|toggle|plaintext|opt_?in/i;
/** What is compared with names of environments. */
const environmentName = /(?:env|environment|stage|mode|profile|tier|deployment)(?:_?name)?s?$/i;
const on = /^(?:true|1|on|yes|y|enabled)$/i;
const off = /^(?:false|0|off|no|n|disabled|)$/i;

/** A condition that is one value: `env.IsDevelopment()`, `cfg.Debug`, `os.Getenv("DEBUG")`. */
export function guardsOf(value: Value): Guards {
  switch (value.kind) {
    case "variable":
      return guardsOfName(value.name.last);
    case "lookup":
      return guardsOfKey(value.key);
    case "call":
      return guardsOfCall(value.callee.last, value.arguments[0]?.value);
    default:
      return noGuards;
  }
}

function guardsOfName(last: string): Guards {
  if (developmentName.test(last)) return { yes: "development", no: undefined };
  if (productionName.test(last)) return { yes: undefined, no: "development" };
  return flagName.test(last) ? { yes: "flag", no: undefined } : noGuards;
}

function guardsOfKey(key: string | undefined): Guards {
  const named = key === undefined ? noGuards : guardsOfName(key);
  return named.yes === undefined && named.no === undefined ? { yes: "flag", no: undefined } : named;
}

/** Calls that ask for the environment by its name: `env.IsEnvironment("Development")`. */
const asks = /^(?:IsEnvironment|acceptsProfiles|matchesProfiles)$/;
/** Calls that read a text as a flag. */
const reads =
  /^(?:parseBoolean|ParseBool|ToBoolean|Parse|getBoolean|[iI]sEnabled|valueOf|Boolean|bool|int|Atoi|Number)$/;

function guardsOfCall(last: string, first: Value | undefined): Guards {
  if (asks.test(last)) return guardsOfAsked(first);
  if (first?.kind === "lookup" && reads.test(last)) return guardsOfKey(first.key);
  return first === undefined ? guardsOfName(last) : noGuards;
}

/** `"dev"`, `Profiles.of("dev")`, `Constants.PROFILE_DEVELOPMENT`. */
function guardsOfAsked(asked: Value | undefined): Guards {
  if (asked?.kind === "text") return guardsOfText(asked.whole);
  if (asked?.kind === "variable") return guardsOfText(asked.name.last.slice(asked.name.last.lastIndexOf("_") + 1));
  return asked?.kind === "call" && asked.callee.last === "of" ? guardsOfAsked(asked.arguments[0]?.value) : noGuards;
}

function guardsOfText(text: string | undefined): Guards {
  if (text === undefined) return noGuards;
  if (development.test(text)) return { yes: "development", no: undefined };
  return production.test(text) ? { yes: undefined, no: "development" } : noGuards;
}

/** `left == right`. */
export function guardsOfEquality(left: Value, right: Value): Guards {
  const isTurned = left.kind === "text" || left.kind === "flag" || left.kind === "nothing";
  const asked = isTurned ? right : left;
  const given = isTurned ? left : right;
  if (given.kind === "flag") return given.value ? guardsOf(asked) : opposite(guardsOf(asked));
  if (given.kind === "variable" && /(?:Debug|Dev|Development)(?:Mode)?$/.test(given.name.last)) {
    return { yes: "development", no: undefined };
  }
  if (given.kind === "nothing") return asked.kind === "lookup" ? opposite(guardsOfKey(asked.key)) : noGuards;
  if (given.kind !== "text" || given.whole === undefined) return noGuards;
  if (asked.kind === "lookup") {
    if (on.test(given.whole)) return guardsOfKey(asked.key);
    return off.test(given.whole) ? opposite(guardsOfKey(asked.key)) : guardsOfText(given.whole);
  }
  const subject = asked.kind === "variable" ? asked.name.last : asked.kind === "call" ? asked.callee.last : "";
  return environmentName.test(subject) ? guardsOfText(given.whole) : noGuards;
}
