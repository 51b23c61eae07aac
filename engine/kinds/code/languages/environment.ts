/** Names of a file by block, as readers of languages with block or function scope keep them. */
import type { SyntaxNode } from "../../../languages/tree/node";
import type { ClassFact, FunctionFact, Origin, Scope } from "../facts";

/** What is known of a name. */
export interface Binding {
  /** What it is imported as, or the class that it is declared to be of. */
  readonly origin?: Origin | undefined;
  /** What it is set to where it is declared. */
  readonly value?: SyntaxNode | undefined;
  /** Which member of the value it is, from the outside in. */
  readonly path?: readonly string[] | undefined;
  /** What stands in for the member where it is missing. */
  readonly fallback?: SyntaxNode | undefined;
  /** It stays what it is declared as. */
  readonly isConstant: boolean;
  /** Where it is declared. */
  readonly environment: Environment;
}

/** The names of a block, and where the block stands. */
export interface Environment {
  readonly parent: Environment | undefined;
  readonly names: Map<string, Binding>;
  readonly scope: Scope;
  /** What is known of the members of the class around: those that are set once. */
  readonly members: ReadonlyMap<string, Binding> | undefined;
}

export function bindingOf(environment: Environment, name: string): Binding | undefined {
  for (let at: Environment | undefined = environment; at !== undefined; at = at.parent) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const topEnvironment = (): Environment => ({
  parent: undefined,
  names: new Map(),
  scope: { function: undefined, class: undefined, guard: undefined },
  members: undefined,
});

export const blockIn = (parent: Environment): Environment => ({ ...parent, parent, names: new Map() });

export const functionIn = (parent: Environment, fact: FunctionFact): Environment => ({
  ...blockIn(parent),
  scope: { ...parent.scope, function: fact },
});

export const classIn = (
  parent: Environment,
  fact: ClassFact,
  members: ReadonlyMap<string, Binding> | undefined,
): Environment => ({ ...blockIn(parent), scope: { ...parent.scope, class: fact }, members });

/** Inside an outer guard the stricter one counts. The names stay those of the block. */
export function guardedBy(environment: Environment, guard: Scope["guard"]): Environment {
  const before = environment.scope.guard;
  if (guard === undefined || before === guard || before === "development") return environment;
  return { ...environment, scope: { ...environment.scope, guard } };
}

/** Deeper chains of members are no names of a library. */
const longestMember = 160;

/** A member of what comes from there. */
export function memberOrigin(origin: Origin | undefined, member: string): Origin | undefined {
  if (origin === undefined || origin.member.length > longestMember) return undefined;
  if (member === "default") return origin;
  return { module: origin.module, member: origin.member === "" ? member : `${origin.member}.${member}` };
}

/** What a call of it gives: `create()`; the instance of a class is written like the class. */
export function resultOrigin(origin: Origin | undefined): Origin | undefined {
  if (origin === undefined || origin.member.length > longestMember) return undefined;
  return { module: origin.module, member: `${origin.member}()` };
}
