/** Whether a call sends a login or a token along. */
import {
  type CodeCall,
  type CodeFile,
  type CodeFunction,
  type CodeValue,
  contains,
  type Context,
  type Span,
} from "../../../engine/index";
import { type Endpoint, endpointsOf } from "./endpoints";
import { firstFrom } from "./values";

const header = /^(?:proxy-)?authorization$|^(?:x-)?(?:api|auth|access)[-_]?(?:key|token)$|^cookie$/i;
const option = /^(?:auth|authorization|httpAuth|basicAuth|bearer_?token|password|passwd)$/i;
const setter =
  /^(?:SetBasicAuth|SetAuthToken|setBasicAuth|setBearerAuth|basicAuth|basicAuthentication|basic_auth|auth|bearer)$/;
const headerSetter =
  /^(?:(?:set|add|with|default|append)?_?(?:request_?)?headers?|set|add|append|TryAddWithoutValidation)$/i;

/** Whether a login or token goes along with what is sent to the endpoint. */
export function sendsCredentials(endpoint: Endpoint, code: CodeFile, context: Context): boolean {
  const { call, hasLogin, literal } = endpoint;
  if (hasLogin) return true;
  if (call === undefined) return false;
  if (call.arguments.some((a) => isCredential(a.name ?? "", a.value, a.name !== undefined))) return true;
  // Links of the chain that the address stands in.
  if (callsAround(literal, code).some((c) => c.chain.some(setsCredentials))) return true;
  const { function: around } = literal.scope;
  if (around === undefined) return false;
  // With several endpoints nobody knows which of them gets it.
  const counts = context.once("endpoints of each function", () => countsOf(endpointsOf(code, context)));
  if (counts.get(around) !== 1) return false;
  return (
    around.calls.some((c) => c.scope.function === around && setsCredentials(c)) ||
    code.facts.assignments.some((a) => a.scope.function === around && header.test(a.target.last)) ||
    code.facts.options.some(
      (o) => around.start <= o.start && o.end <= around.end && o.entries.some((e) => header.test(e.name)),
    )
  );
}

function countsOf(all: readonly Endpoint[]): ReadonlyMap<CodeFunction | undefined, number> {
  const counts = new Map<CodeFunction | undefined, number>();
  for (const { literal } of all) counts.set(literal.scope.function, (counts.get(literal.scope.function) ?? 0) + 1);
  return counts;
}

/** Chains are not longer. */
const mostCalls = 100;

function callsAround(at: Span, { facts: { calls } }: CodeFile): readonly CodeCall[] {
  const end = firstFrom(calls, at.start + 1);
  return calls.slice(Math.max(0, end - mostCalls), end).filter((c) => contains(c, at));
}

function isCredential(name: string, value: CodeValue, isNamed: boolean): boolean {
  if (isNamed && option.test(name) && value.kind !== "nothing") return true;
  if (value.kind !== "options") return false;
  return value.entries.some(
    (e) =>
      header.test(e.name) ||
      (option.test(e.name) && e.value.kind !== "nothing" && e.value.kind !== "flag") ||
      (/^headers$/i.test(e.name) && isCredential("", e.value, false)),
  );
}

function setsCredentials({ callee, arguments: given }: CodeCall): boolean {
  if (setter.test(callee.last)) return given.length > 0;
  const first = given[0]?.value;
  if (!headerSetter.test(callee.last)) return false;
  if (first?.kind === "text") return first.whole !== undefined && header.test(first.whole);
  return first?.kind === "variable" && /^AUTHORIZATION$/i.test(first.name.last);
}
