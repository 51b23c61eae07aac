/** Facts of Python. */
import { child, childrenOf, firstOf, parts, type SyntaxNode } from "../../../../languages/tree/node";
import type { Span } from "../../../../text/span";
import { callOf, classDraft, type ClassDraft, Draft, functionDraft, type FunctionDraft } from "../../draft";
import type {
  Argument,
  Assignment,
  Call,
  CodeFacts,
  Entry,
  FunctionFact,
  Hole,
  Lookup,
  Name,
  Options,
  Origin,
  Text,
  Value,
} from "../../facts";
import { concatenated, joinedText, literalText, memberOf, partsOf, unknownAt, usedAt } from "../../fold";
import {
  type Binding,
  bindingOf,
  blockIn,
  classIn,
  type Environment,
  functionIn,
  guardedBy,
  memberOrigin as memberOriginOf,
  resultOrigin as resultOriginOf,
  topEnvironment,
} from "../environment";
import { both, either, type Guards, guardsOf, guardsOfEquality, noGuards, opposite } from "../guards";
import { builtins, isModule } from "./names";
import { unescapePython } from "./strings";

export const readPython = (root: SyntaxNode, text: string): CodeFacts => new PythonReader(root, text).read();

const definitions = new Set(["function_definition", "class_definition", "lambda"]);
const comprehensions = new Set([
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
  "generator_expression",
]);

/** Names that follow each other further are not followed. */
const furthest = 24;

function memberOrigin(origin: Origin | undefined, member: string): Origin | undefined {
  if (origin?.member === "" && isModule(origin.module, member)) {
    return { module: `${origin.module}.${member}`, member: "" };
  }
  return origin === undefined ? undefined : memberOriginOf(origin, member);
}

/** A class is named with a capital letter; what it makes is written like the class. */
const isClassName = (name: string): boolean => /^_*[A-Z]/.test(name);

function resultOrigin(origin: Origin | undefined): Origin | undefined {
  const last = origin?.member.slice(origin.member.lastIndexOf(".") + 1) ?? "";
  return isClassName(last) ? origin : resultOriginOf(origin);
}

class PythonReader {
  private readonly draft = new Draft();
  private readonly values = new Map<SyntaxNode, Value>();
  /** Values that are being worked out: one that rests on itself is unknown. */
  private readonly open = new Set<SyntaxNode>();
  /** Names whose members are set, or that are handed to what sets them. */
  private readonly changed = new Set<string>();
  private depth = 0;

  constructor(
    private readonly root: SyntaxNode,
    private readonly text: string,
  ) {}

  read(): CodeFacts {
    const top = topEnvironment();
    this.prepare(this.root);
    this.declare(this.root, top);
    this.block(this.root, top);
    return this.draft.facts("python", (module, member) => this.importOf(module, member));
  }

  private of(node: Span | undefined): string {
    return node === undefined ? "" : this.text.slice(node.start, node.end);
  }

  private prepare(node: SyntaxNode): void {
    if (node.type === "comment") {
      const text = this.of(node).replace(/^#+!?/, "").trim();
      this.draft.comments.push({ start: node.start, end: node.end, text });
      return;
    }
    const left = /^(?:augmented_)?assignment$/.test(node.type) ? child(node, "left") : undefined;
    if (left?.type === "attribute" || left?.type === "subscript") this.changes(left);
    if (node.type === "delete_statement") for (const part of parts(node)) this.changes(part);
    if (node.type === "call") {
      const callee = child(node, "function");
      const isChange =
        callee?.type === "attribute" &&
        /^(?:append|extend|insert|update|setdefault|pop|add|remove|clear)$/.test(this.of(child(callee, "attribute")));
      if (isChange && callee !== undefined) this.changes(callee);
    }
    for (const inner of node.children) this.prepare(inner);
  }

  private changes(target: SyntaxNode): void {
    let node: SyntaxNode | undefined = target;
    while (node?.type === "attribute" || node?.type === "subscript")
      node = child(node, "object") ?? child(node, "value");
    if (node?.type === "identifier") this.changed.add(this.of(node));
  }

  // Declarations

  /** Puts down the names of a scope: those that anything in it sets, but not in functions and classes inside. */
  private declare(node: SyntaxNode, environment: Environment): void {
    for (const part of parts(node)) {
      switch (part.type) {
        case "import_statement":
        case "import_from_statement":
          this.import(part, environment);
          continue;
        case "assignment":
          this.declareAssignment(part, environment);
          break;
        case "augmented_assignment":
          this.opaque(child(part, "left"), environment);
          break;
        case "named_expression":
          this.bind(child(part, "name"), child(part, "value"), environment);
          break;
        case "as_pattern": {
          const [value, alias] = parts(part);
          const name = alias === undefined ? undefined : parts(alias)[0];
          if (name?.type === "identifier") this.bind(name, value, environment);
          break;
        }
        case "for_statement":
        case "for_in_clause":
        case "except_clause":
          this.opaque(child(part, "left") ?? firstOf(part, "as_pattern"), environment);
          break;
        case "function_definition":
        case "class_definition":
          this.opaque(child(part, "name"), environment);
          continue;
        case "lambda":
          continue;
      }
      this.declare(part, environment);
    }
  }

  private declareAssignment(node: SyntaxNode, environment: Environment): void {
    const left = child(node, "left");
    const right = child(node, "right");
    const type = child(node, "type");
    if (left?.type !== "identifier") {
      const names = left === undefined ? [] : parts(left);
      const values = right?.type === "expression_list" || right?.type === "tuple" ? parts(right) : [];
      if (left?.type !== "pattern_list" && left?.type !== "tuple_pattern") return;
      for (const [i, name] of names.entries()) {
        if (name.type === "identifier" && values.length === names.length) this.bind(name, values[i], environment);
        else this.opaque(name, environment);
      }
      return;
    }
    const origin = type === undefined ? undefined : this.typeOrigin(type, environment);
    if (right !== undefined || origin !== undefined) this.bind(left, right, environment, origin);
  }

  private bind(
    name: SyntaxNode | undefined,
    value: SyntaxNode | undefined,
    environment: Environment,
    origin?: Origin,
  ): void {
    if (name === undefined) return;
    const local = this.of(name);
    const before = environment.names.get(local);
    if (before?.origin !== undefined && before.value === undefined) return;
    const isEmpty = before?.value?.type === "none";
    const isFirst = before === undefined || isEmpty;
    environment.names.set(local, {
      origin,
      value: isFirst ? value : undefined,
      isConstant: before === undefined && value !== undefined,
      environment,
    });
  }

  private opaque(node: SyntaxNode | undefined, environment: Environment): void {
    if (node === undefined) return;
    if (node.type === "identifier") environment.names.set(this.of(node), { isConstant: false, environment });
    else for (const part of parts(node)) if (!definitions.has(part.type)) this.opaque(part, environment);
  }

  private import(node: SyntaxNode, environment: Environment): void {
    const from = child(node, "module_name");
    const module = from === undefined ? undefined : this.of(from).replace(/\s/g, "");
    const { start, end } = node;
    if (firstOf(node, "wildcard_import") !== undefined && module !== undefined) {
      this.draft.imports.push({ start, end, module, member: "*", local: "" });
    }
    for (const part of childrenOf(node, "name")) {
      const alias = child(part, "alias");
      const dotted = part.type === "aliased_import" ? child(part, "name") : part;
      const name = this.of(dotted).replace(/\s/g, "");
      if (module === undefined) {
        const local = alias === undefined ? (name.split(".")[0] ?? name) : this.of(alias);
        this.draft.imports.push({ start, end, module: name, member: "", local });
        const origin = { module: alias === undefined ? local : name, member: "" };
        environment.names.set(local, { origin, isConstant: false, environment });
        // `import a.b` makes `a` known, and `a.b` a module.
        if (alias === undefined && name !== local) this.modules.add(name);
        continue;
      }
      const local = alias === undefined ? name : this.of(alias);
      this.draft.imports.push({ start: part.start, end: part.end, module, member: name, local });
      const origin = memberOrigin({ module, member: "" }, name) ?? { module, member: name };
      environment.names.set(local, { origin, isConstant: false, environment });
    }
  }

  /** Modules that are imported under their whole names. */
  private readonly modules = new Set<string>();

  // Where names come from

  private member(origin: Origin | undefined, member: string): Origin | undefined {
    if (origin?.member === "" && this.modules.size > 0) {
      const module = `${origin.module}.${member}`;
      for (const known of this.modules)
        if (known === module || known.startsWith(`${module}.`)) return { module, member: "" };
    }
    return memberOrigin(origin, member);
  }

  private typeOrigin(given: SyntaxNode, environment: Environment): Origin | undefined {
    let node: SyntaxNode | undefined = given.type === "type" ? parts(given)[0] : given;
    if (node?.type === "string") return undefined;
    if (node?.type === "generic_type" && /^(?:typing\.)?(?:Optional|Annotated)\b/.test(this.of(node))) {
      const parameter = firstOf(node, "type_parameter");
      node = parameter === undefined ? undefined : parts(parameter)[0];
      if (node?.type === "type") node = parts(node)[0];
    }
    if (node?.type === "binary_operator") {
      const left = child(node, "left");
      node = this.of(child(node, "right")) === "None" ? left : undefined;
    }
    if (node?.type !== "identifier" && node?.type !== "attribute") return undefined;
    const origin = this.originOf(node, environment);
    return origin?.module === "" ? undefined : origin;
  }

  private originOf(given: SyntaxNode, environment: Environment): Origin | undefined {
    if (this.depth > furthest) return undefined;
    this.depth++;
    try {
      return this.originWithin(bare(given), environment);
    } finally {
      this.depth--;
    }
  }

  private originWithin(node: SyntaxNode, environment: Environment): Origin | undefined {
    switch (node.type) {
      case "identifier": {
        const name = this.of(node);
        const binding = bindingOf(environment, name);
        if (binding === undefined) return builtins.has(name) ? { module: "", member: name } : undefined;
        return this.originOfBinding(binding);
      }
      case "attribute": {
        const object = child(node, "object");
        const member = this.of(child(node, "attribute"));
        if (object === undefined) return undefined;
        if (/^(?:self|cls)$/.test(this.of(object))) {
          const binding = environment.members?.get(member);
          return binding === undefined ? undefined : this.originOfBinding(binding);
        }
        return this.member(this.originOf(object, environment), member);
      }
      case "subscript": {
        const object = child(node, "value");
        const index = child(node, "subscript");
        const key = index?.type === "string" ? this.plain(index) : undefined;
        if (object === undefined || key === undefined) return undefined;
        return this.member(this.originOf(object, environment), key);
      }
      case "call": {
        const callee = child(node, "function");
        return callee === undefined ? undefined : resultOrigin(this.originOf(callee, environment));
      }
      default:
        return undefined;
    }
  }

  private originOfBinding({ origin, value, environment }: Binding): Origin | undefined {
    return origin ?? (value === undefined ? undefined : this.originOf(value, environment));
  }

  private name(node: SyntaxNode, environment: Environment): Name {
    const words = this.words(node);
    const text = words.join(".");
    const { start, end } = node;
    return { start, end, text, last: words.at(-1) ?? text, origin: this.originOf(node, environment) };
  }

  private words(given: SyntaxNode): readonly string[] {
    const words: string[] = [];
    let node: SyntaxNode | undefined = bare(given);
    while (node !== undefined) {
      let object: SyntaxNode | undefined;
      if (node.type === "attribute") {
        words.unshift(this.of(child(node, "attribute")));
        object = child(node, "object");
      } else if (node.type === "subscript") {
        const index = child(node, "subscript");
        const key = index?.type === "string" ? this.plain(index) : undefined;
        if (key !== undefined) words.unshift(key);
        object = child(node, "value");
      } else if (node.type === "call") object = child(node, "function");
      else words.unshift(node.type === "identifier" ? this.of(node) : "");
      node = object === undefined ? undefined : bare(object);
    }
    return words.filter((word, i) => word !== "" || i > 0);
  }

  // Statements

  private block(node: SyntaxNode, environment: Environment): void {
    let at = environment;
    for (const statement of parts(node)) {
      this.visit(statement, at);
      if (statement.type === "if_statement" && child(statement, "alternative") === undefined) {
        const last = parts(child(statement, "consequence") ?? statement).at(-1);
        if (last?.type === "return_statement" || last?.type === "raise_statement") {
          at = guardedBy(at, this.guards(child(statement, "condition"), at).no);
        }
      }
    }
  }

  private visit(node: SyntaxNode, environment: Environment): void {
    switch (node.type) {
      case "comment":
      case "import_statement":
      case "import_from_statement":
      case "future_import_statement":
      case "global_statement":
      case "type_alias_statement":
        return;
      case "block":
        return this.block(node, environment);
      case "expression_statement": {
        const only = parts(node);
        for (const part of only) {
          const value = this.value(part, environment);
          // What stands for itself is a description.
          if (only.length === 1) this.draft.give(value, { kind: "message" });
        }
        return;
      }
      case "decorated_definition": {
        const definition = child(node, "definition");
        const decorators = parts(node).filter((n) => n.type === "decorator");
        if (definition?.type === "class_definition") this.class(definition, environment, decorators);
        else if (definition !== undefined) this.method(definition, environment, decorators);
        return;
      }
      case "class_definition":
        this.class(node, environment, []);
        return;
      case "function_definition":
        this.method(node, environment, []);
        return;
      case "if_statement":
        return this.condition(node, environment);
      case "return_statement": {
        const inner = parts(node)[0];
        if (inner === undefined) return;
        const value = this.value(inner, environment);
        (environment.scope.function as FunctionDraft | undefined)?.returns.push(value);
        return;
      }
      case "raise_statement": {
        const around = environment.scope.function as FunctionDraft | undefined;
        if (around !== undefined) around.throws = true;
        for (const part of parts(node)) this.value(part, environment);
        return;
      }
      case "match_statement": {
        const subject = child(node, "subject");
        const other = subject === undefined ? unknownAt(node) : this.value(subject, environment);
        for (const part of parts(child(node, "body") ?? node)) this.case(part, other, environment);
        return;
      }
      default:
        this.value(node, environment);
    }
  }

  private case(node: SyntaxNode, other: Value, environment: Environment): void {
    let guard: Guards = noGuards;
    for (const part of parts(node)) {
      if (part.type !== "case_pattern") {
        this.visit(part, guardedBy(environment, guard.yes));
        continue;
      }
      for (const inner of parts(part)) {
        if (inner.type !== "string") continue;
        const value = this.value(inner, environment);
        this.draft.give(value, { kind: "comparison", other });
        guard = guardsOfEquality(other, value);
      }
    }
  }

  private condition(node: SyntaxNode, environment: Environment): void {
    let at = environment;
    for (const part of [node, ...childrenOf(node, "alternative")]) {
      const condition = child(part, "condition");
      if (condition !== undefined) this.value(condition, at);
      const { yes, no } = this.guards(condition, at);
      const body = child(part, "consequence") ?? child(part, "body");
      if (body !== undefined) this.visit(body, guardedBy(at, yes));
      at = guardedBy(at, no);
    }
  }

  /** What a condition says about where the code runs. */
  private guards(given: SyntaxNode | undefined, environment: Environment): Guards {
    if (given === undefined) return noGuards;
    const node = bare(given);
    if (node.type === "not_operator") return opposite(this.guards(child(node, "argument"), environment));
    if (node.type === "boolean_operator") {
      const left = this.guards(child(node, "left"), environment);
      const right = this.guards(child(node, "right"), environment);
      return this.of(child(node, "operator")) === "and" ? both(left, right) : either(left, right);
    }
    if (node.type === "comparison_operator") {
      const [left, right] = parts(node).filter((n) => n.field !== "operators");
      const operator = childrenOf(node, "operators")
        .map((n) => this.of(n))
        .join(" ");
      if (left === undefined || right === undefined) return noGuards;
      const first = this.value(left, environment);
      const second = this.value(right, environment);
      if (operator === "==" || operator === "is") return guardsOfEquality(first, second);
      if (operator === "!=" || operator === "is not") return opposite(guardsOfEquality(first, second));
      if (second.kind !== "list" || second.items.length === 0 || !/^(?:not\s*)?in$/.test(operator.replace(/ /g, ""))) {
        return noGuards;
      }
      const all = second.items.map((item) => guardsOfEquality(first, item)).reduce(either);
      return operator === "in" ? all : opposite(all);
    }
    const name = this.of(node);
    if (name === "__debug__") return { yes: "development", no: undefined };
    const binding = node.type === "identifier" ? bindingOf(environment, name) : undefined;
    if (binding?.isConstant === true && binding.value !== undefined && this.depth < furthest) {
      this.depth++;
      const known = this.guards(binding.value, binding.environment);
      this.depth--;
      if (known.yes !== undefined || known.no !== undefined) return known;
    }
    const value = this.value(node, environment);
    if (node.type !== "identifier" || value.kind === "lookup") return guardsOf(value);
    return guardsOf({ kind: "variable", start: node.start, end: node.end, name: this.name(node, environment) });
  }

  // Functions and classes

  private method(node: SyntaxNode, environment: Environment, decorators: readonly SyntaxNode[]): void {
    const fact = this.function(node, environment, child(node, "name"), decorators);
    const owner = environment.scope.class as ClassDraft | undefined;
    if (owner === undefined || environment.scope.function !== owner.scope.function) return;
    fact.owner = owner;
    owner.functions.push(fact);
  }

  private function(
    node: SyntaxNode,
    environment: Environment,
    name: Span | undefined,
    decorators: readonly SyntaxNode[] = [],
  ): FunctionDraft {
    const fact = functionDraft(node, environment.scope);
    const body = child(node, "body");
    this.draft.functions.push(fact);
    fact.name = name === undefined ? undefined : this.of(name);
    fact.nameSpan = name === undefined ? undefined : { start: name.start, end: name.end };
    fact.body = body === undefined ? undefined : { start: body.start, end: body.end };
    for (const decorator of decorators) fact.decorators.push(this.decorator(decorator, environment, fact));
    const inner = this.functionEnvironment(node, environment, fact);
    this.parameters(node, environment, inner, fact);
    if (body?.type === "block") {
      fact.statements = parts(body).filter((s) => s.type !== "pass_statement" && !isDocstring(s)).length;
      this.block(body, inner);
    } else if (body !== undefined) {
      fact.statements = 1;
      fact.returns.push(this.value(body, inner));
    }
    return fact;
  }

  /** The names of a function. Those of the class around are not seen from within. */
  private functionEnvironment(node: SyntaxNode, environment: Environment, fact: FunctionFact): Environment {
    const isMethod =
      environment.scope.class !== undefined && environment.scope.function === environment.scope.class.scope.function;
    const outer = isMethod && environment.parent !== undefined ? environment.parent : environment;
    const inner = { ...functionIn(environment, fact), parent: outer };
    const list = child(node, "parameters");
    for (const parameter of list === undefined ? [] : parts(list)) {
      const name = child(parameter, "name") ?? (parameter.type === "identifier" ? parameter : parts(parameter)[0]);
      const type = child(parameter, "type");
      const origin = type === undefined ? undefined : this.typeOrigin(type, outer);
      if (name !== undefined) inner.names.set(this.of(name), { origin, isConstant: false, environment: inner });
    }
    const body = child(node, "body");
    if (body !== undefined) this.declare(body, inner);
    return inner;
  }

  private parameters(node: SyntaxNode, environment: Environment, inner: Environment, fact: FunctionDraft): void {
    const list = child(node, "parameters");
    for (const parameter of list === undefined ? [] : parts(list)) {
      const name = child(parameter, "name") ?? (parameter.type === "identifier" ? parameter : parts(parameter)[0]);
      if (name === undefined) continue;
      fact.parameters.push(this.of(name));
      const type = child(parameter, "type");
      if (type !== undefined) this.value(type, environment);
      const value = child(parameter, "value");
      if (value === undefined) continue;
      const { start, end } = parameter;
      const read = this.value(value, environment);
      const target = this.plainName(name);
      this.draft.assignment({ start, end, target, value: read, scope: inner.scope, how: "parameter" });
    }
  }

  private plainName(node: SyntaxNode): Name {
    const text = this.of(node);
    return { start: node.start, end: node.end, text, last: text, origin: undefined };
  }

  private class(node: SyntaxNode, environment: Environment, decorators: readonly SyntaxNode[]): void {
    const name = child(node, "name");
    const fact = classDraft(node, name === undefined ? undefined : this.of(name), environment.scope);
    this.draft.classes.push(fact);
    for (const base of parts(child(node, "superclasses") ?? { ...node, children: [] })) {
      if (base.type === "keyword_argument" || base.type.endsWith("splat")) continue;
      const named = base.type === "subscript" ? (child(base, "value") ?? base) : base;
      fact.bases.push(this.name(named, environment));
    }
    for (const decorator of decorators) fact.decorators.push(this.decorator(decorator, environment, fact));
    const body = child(node, "body");
    if (body === undefined) return;
    const members = new Map<string, Binding>();
    const inner = classIn(environment, fact, members);
    this.declare(body, inner);
    for (const [member, binding] of inner.names) members.set(member, binding);
    this.members(body, inner, members);
    this.block(body, inner);
  }

  /** What `self.x` is, where it is set once. */
  private members(body: SyntaxNode, environment: Environment, members: Map<string, Binding>): void {
    const outer = environment.parent ?? environment;
    const set = (method: SyntaxNode, node: SyntaxNode, inner: Environment): void => {
      const left = node.type === "assignment" ? child(node, "left") : undefined;
      if (left?.type === "attribute" && this.of(child(left, "object")) === "self") {
        const name = this.of(child(left, "attribute"));
        const before = members.get(name);
        const type = child(node, "type");
        const origin = type === undefined ? undefined : this.typeOrigin(type, outer);
        const isFirst = before === undefined || before.value?.type === "none";
        const value = child(node, "right");
        members.set(name, { origin, value: isFirst ? value : undefined, isConstant: false, environment: inner });
      }
      for (const part of node.children) if (!definitions.has(part.type)) set(method, part, inner);
    };
    for (const part of parts(body)) {
      const method = part.type === "decorated_definition" ? child(part, "definition") : part;
      const block = method?.type === "function_definition" ? child(method, "body") : undefined;
      if (method === undefined || block === undefined || !/\bself\./.test(this.of(block))) continue;
      const inner = this.functionEnvironment(method, environment, functionDraft(method, environment.scope));
      set(method, block, inner);
    }
  }

  private decorator(node: SyntaxNode, environment: Environment, on: FunctionDraft | ClassDraft) {
    const inner = parts(node)[0] ?? node;
    const isCall = inner.type === "call";
    const callee = (isCall ? child(inner, "function") : undefined) ?? inner;
    const { start, end } = node;
    const name = this.name(callee, environment);
    const { values } = this.given(isCall ? child(inner, "arguments") : undefined, environment);
    return this.draft.decorator({ start, end, name, arguments: values, on, scope: environment.scope });
  }

  // Values

  private value(node: SyntaxNode, environment: Environment, name?: Span): Value {
    const known = this.values.get(node);
    if (known !== undefined) return known;
    if (this.open.has(node)) return unknownAt(node);
    this.open.add(node);
    const value = this.work(node, environment, name);
    this.open.delete(node);
    this.values.set(node, value);
    return value;
  }

  private work(node: SyntaxNode, environment: Environment, name: Span | undefined): Value {
    const { start, end } = node;
    switch (node.type) {
      case "comment":
        return unknownAt(node);
      case "await":
      case "parenthesized_expression": {
        const inner = parts(node)[0];
        return inner === undefined ? unknownAt(node) : this.value(inner, environment, name);
      }
      case "string":
        return this.draft.literal(this.string(node, environment), environment.scope);
      case "concatenated_string":
        return this.concatenation(node, environment);
      case "integer":
      case "float": {
        const amount = Number(this.of(node).replace(/_/g, ""));
        return Number.isNaN(amount) ? unknownAt(node) : { kind: "amount", start, end, value: amount };
      }
      case "true":
      case "false":
        return { kind: "flag", start, end, value: node.type === "true" };
      case "none":
        return { kind: "nothing", start, end };
      case "identifier":
        return this.named(node, environment);
      case "attribute":
      case "subscript":
        return this.part(node, environment);
      case "call":
        return this.call(node, environment);
      case "dictionary":
        return this.dictionary(node, environment);
      case "list":
      case "tuple":
      case "set":
      case "expression_list": {
        const items = parts(node);
        const isOpen = items.some((i) => i.type === "list_splat");
        for (const item of items) if (item.type === "list_splat") this.inside(item, environment);
        const values = items.filter((i) => i.type !== "list_splat").map((i) => this.value(i, environment));
        return { kind: "list", start, end, items: values, isOpen };
      }
      case "lambda":
        return { kind: "lambda", start, end, function: this.function(node, environment, name) };
      case "binary_operator":
        return this.binary(node, environment);
      case "boolean_operator":
        return this.either(node, environment);
      case "comparison_operator": {
        const values = parts(node)
          .filter((n) => n.field !== "operators")
          .map((n) => this.value(n, environment));
        const [first, second] = values;
        if (first === undefined || second === undefined) return unknownAt(node);
        this.draft.give(first, { kind: "comparison", other: second });
        this.draft.give(second, { kind: "comparison", other: first });
        return unknownAt(node);
      }
      case "conditional_expression": {
        const [yes, condition, no] = parts(node);
        if (yes === undefined || condition === undefined || no === undefined) return this.inside(node, environment);
        this.value(condition, environment);
        const guards = this.guards(condition, environment);
        const options = [
          this.value(yes, guardedBy(environment, guards.yes)),
          this.value(no, guardedBy(environment, guards.no)),
        ];
        return { kind: "choice", start, end, options };
      }
      case "not_operator": {
        const argument = child(node, "argument");
        const value = argument === undefined ? undefined : this.value(argument, environment);
        return value?.kind === "flag" ? { kind: "flag", start, end, value: !value.value } : unknownAt(node);
      }
      case "unary_operator": {
        const argument = child(node, "argument");
        const value = argument === undefined ? undefined : this.value(argument, environment);
        const isMinus = this.of(child(node, "operator")) === "-";
        return isMinus && value?.kind === "amount"
          ? { kind: "amount", start, end, value: -value.value }
          : unknownAt(node);
      }
      case "assignment":
      case "augmented_assignment":
        return this.assignment(node, environment);
      case "named_expression": {
        const target = child(node, "name");
        const right = child(node, "value");
        if (target === undefined || right === undefined) return this.inside(node, environment);
        const value = this.value(right, environment);
        this.assign(node, this.plainName(target), value, environment, "variable");
        return value;
      }
      case "expression_statement":
      case "if_statement":
      case "function_definition":
      case "class_definition":
      case "decorated_definition":
      case "block":
        this.visit(node, environment);
        return unknownAt(node);
      default:
        return this.inside(node, environment);
    }
  }

  /** Reads what stands in a node whose own value nobody can tell. */
  private inside(node: SyntaxNode, environment: Environment): Value {
    let inner = environment;
    if (comprehensions.has(node.type)) {
      inner = blockIn(environment);
      for (const clause of parts(node)) {
        if (clause.type === "for_in_clause") this.opaque(child(clause, "left"), inner);
      }
    }
    for (const part of parts(node)) this.visit(part, inner);
    return unknownAt(node);
  }

  /** The characters of a literal without places in it. */
  private plain(node: SyntaxNode): string | undefined {
    if (firstOf(node, "interpolation") !== undefined) return undefined;
    const begin = firstOf(node, "string_start");
    const end = firstOf(node, "string_end");
    if (begin === undefined || end === undefined) return undefined;
    const raw = this.text.slice(begin.end, end.start);
    return /r/i.test(this.of(begin)) ? raw : unescapePython(raw);
  }

  private string(node: SyntaxNode, environment: Environment): Text {
    const begin = firstOf(node, "string_start");
    const from = begin?.end ?? node.start;
    const to = Math.max(from, firstOf(node, "string_end")?.start ?? node.end);
    const prefix = this.of(begin).toLowerCase();
    const isRaw = prefix.includes("r");
    const isFormat = /[ft]/.test(prefix);
    const plain = (raw: string): string => {
      const unescaped = isRaw ? raw : unescapePython(raw);
      return isFormat ? unescaped.replace(/\{\{/g, "{").replace(/\}\}/g, "}") : unescaped;
    };
    const holes = isFormat ? parts(node).filter((n) => n.type === "interpolation") : [];
    const whole = this.text.slice(from, to);
    const isAsWritten = (isRaw || !whole.includes("\\")) && !(isFormat && /\{\{|\}\}/.test(whole));
    if (holes.length === 0) return literalText(node, plain(whole), isAsWritten ? { start: from, end: to } : undefined);
    const pieces: (string | Hole)[] = [];
    let at = from;
    const first = holes[0]?.start ?? from;
    const head =
      first > from && plain(this.text.slice(from, first)) === this.text.slice(from, first)
        ? { start: from, end: first }
        : undefined;
    for (const hole of holes) {
      pieces.push(plain(this.text.slice(at, hole.start)));
      const inner = child(hole, "expression") ?? parts(hole)[0];
      const value = inner === undefined ? unknownAt(hole) : this.value(inner, environment);
      const isFormatted = parts(hole).length > 1;
      pieces.push(...(isFormatted && value.kind !== "text" ? [{ value }] : partsOf(value)));
      this.draft.absorb(value);
      at = hole.end;
    }
    pieces.push(plain(this.text.slice(at, to)));
    return joinedText(node, pieces, {
      inner: isAsWritten && head !== undefined ? { start: from, end: to } : undefined,
      head,
    });
  }

  private concatenation(node: SyntaxNode, environment: Environment): Text {
    const texts = parts(node).map((part) => this.value(part, environment));
    for (const text of texts) this.draft.absorb(text);
    const first = texts[0];
    const head = first?.kind === "text" ? first.head : undefined;
    return this.draft.literal(joinedText(node, texts.flatMap(partsOf), { head }), environment.scope);
  }

  private named(node: SyntaxNode, environment: Environment): Value {
    const name = this.of(node);
    const variable: Value = { kind: "variable", start: node.start, end: node.end, name: this.name(node, environment) };
    const binding = bindingOf(environment, name);
    if (binding?.isConstant !== true || binding.value === undefined || this.depth > furthest) return variable;
    if (definitions.has(binding.value.type)) return variable;
    this.depth++;
    const used = usedAt(node, this.value(binding.value, binding.environment));
    this.depth--;
    if (used === undefined) return variable;
    if (this.changed.has(name) && (used.kind === "options" || used.kind === "list")) return { ...used, isOpen: true };
    return used;
  }

  private part(node: SyntaxNode, environment: Environment): Value {
    const { start, end } = node;
    const object = child(node, "object") ?? child(node, "value");
    if (object === undefined) return this.inside(node, environment);
    const known = this.value(object, environment);
    const variable: Value = { kind: "variable", start, end, name: this.name(node, environment) };
    if (node.type === "attribute") return variable;
    const indexes = childrenOf(node, "subscript").map((index) => this.value(index, environment));
    const [index] = indexes;
    const key = index?.kind === "text" ? index.whole : undefined;
    if (isEnvironment(this.originOf(object, environment))) {
      return { kind: "lookup", start, end, key, fallback: undefined };
    }
    const found = key === undefined ? undefined : memberOf(known, key);
    return (found === undefined ? undefined : usedAt(node, found)) ?? variable;
  }

  private given(list: SyntaxNode | undefined, environment: Environment): { values: Argument[]; isOpen: boolean } {
    const values: Argument[] = [];
    let isOpen = false;
    const nodes = list === undefined ? [] : list.type === "generator_expression" ? [list] : parts(list);
    for (const part of nodes) {
      const span = { start: part.start, end: part.end };
      if (part.type === "keyword_argument") {
        const value = child(part, "value");
        if (value === undefined) continue;
        values.push({ name: this.of(child(part, "name")), value: this.value(value, environment), span });
      } else if (part.type === "dictionary_splat") {
        const inner = parts(part)[0];
        const value = inner === undefined ? undefined : this.value(inner, environment);
        if (value?.kind !== "options") isOpen = true;
        else {
          isOpen ||= value.isOpen;
          for (const entry of value.entries) values.push({ name: entry.name, value: entry.value, span });
        }
      } else if (part.type === "list_splat") {
        isOpen = true;
        this.inside(part, environment);
      } else values.push({ name: undefined, value: this.value(part, environment), span });
    }
    return { values, isOpen };
  }

  private call(node: SyntaxNode, environment: Environment): Value {
    const { end } = node;
    const callee = child(node, "function");
    const list = child(node, "arguments");
    if (callee === undefined) return this.inside(node, environment);
    const object = child(bare(callee), "object");
    const receiver = object === undefined ? undefined : this.value(object, environment);
    if (object === undefined && bare(callee).type !== "identifier") this.value(callee, environment);
    const { values, isOpen } = this.given(list, environment);
    const { scope } = environment;
    const name = this.name(callee, environment);
    const argumentsSpan =
      list?.type === "argument_list"
        ? { start: list.start + 1, end: Math.max(list.start + 1, list.end - 1) }
        : { start: end, end };
    const isNew = isClassName(name.last);
    const call = callOf(node, { callee: name, isNew, receiver, arguments: values, isOpen, argumentsSpan }, scope);
    const looked = this.lookedUp(call);
    if (looked !== undefined) this.draft.give(looked.fallback, { kind: "fallback", lookup: looked, name: undefined });
    this.draft.call(call, scope);
    return looked ?? this.made(node, call, environment) ?? call;
  }

  /** Looks at the environment. */
  private lookedUp({ callee, arguments: given, start, end }: Call): Lookup | undefined {
    const { origin } = callee;
    if (origin === undefined) return undefined;
    const path = `${origin.module}.${origin.member}`;
    if (
      !/^(?:os\.getenv|os\.environ\.get|decouple\.config|starlette\.config\.Config|environs?\.(?:Env|env)(?:\.\w+)?(?:\(\))?)$/.test(
        path,
      )
    ) {
      return undefined;
    }
    const [first, second] = given;
    if (first?.value.kind !== "text" || first.name !== undefined) return undefined;
    const named = given.find((a) => a.name === "default") ?? (second?.name === undefined ? second : undefined);
    const isOs = path.startsWith("os.");
    const fallback = isOs || named?.name !== undefined || /\.(?:Env|env)\./.test(path) ? named?.value : undefined;
    const isNothing = fallback?.kind === "nothing";
    return { kind: "lookup", start, end, key: first.value.whole, fallback: isNothing ? undefined : fallback };
  }

  /** Calls whose result is known: `dict(a=1)`, `"…".format(x)`, `"…".encode()`. */
  private made(node: SyntaxNode, call: Call, environment: Environment): Value | undefined {
    const { callee, receiver, arguments: given, isOpen, start, end } = call;
    if (callee.text === "dict" && callee.origin?.module === "" && given.every((a) => a.name !== undefined)) {
      const entries = given.map(({ name = "", value, span }): Entry => {
        return { ...span, name, nameSpan: { start: span.start, end: span.start + name.length }, value };
      });
      return this.draft.option({ kind: "options", start, end, type: undefined, entries, isOpen });
    }
    if (receiver?.kind !== "text") return undefined;
    if (callee.last === "encode" || callee.last === "decode") return receiver;
    if (callee.last !== "format" || receiver.parts.length !== 1 || receiver.whole === undefined) return undefined;
    const pieces: (string | Hole)[] = [];
    let from = 0;
    let next = 0;
    for (const match of receiver.whole.matchAll(/\{\{|\}\}|\{(\w{0,60})(?:[.[!:][^{}]{0,60})?\}/g)) {
      pieces.push(receiver.whole.slice(from, match.index));
      from = match.index + match[0].length;
      const key = match[1];
      if (key === undefined) pieces.push(match[0][0] ?? "");
      else {
        const place = key === "" ? next++ : Number(key);
        const value = Number.isNaN(place)
          ? given.find((a) => a.name === key)?.value
          : given.filter((a) => a.name === undefined)[place]?.value;
        pieces.push(...partsOf(value ?? unknownAt(node)));
      }
    }
    pieces.push(receiver.whole.slice(from));
    return this.formatted(node, receiver, pieces, environment);
  }

  private formatted(node: SyntaxNode, left: Text, pieces: readonly (string | Hole)[], environment: Environment): Text {
    this.draft.absorb(left);
    const first = pieces[0];
    const { head } = left;
    const isHere = head !== undefined && typeof first === "string" && first !== "";
    const isAsWritten = isHere && this.text.startsWith(first, head.start);
    const text = joinedText(
      node,
      pieces,
      isAsWritten ? { head: { start: head.start, end: head.start + first.length } } : {},
    );
    return left.isLiteral ? this.draft.literal(text, environment.scope) : { ...text, isLiteral: false };
  }

  private dictionary(node: SyntaxNode, environment: Environment): Options {
    const entries: Entry[] = [];
    let isOpen = false;
    for (const part of parts(node)) {
      if (part.type === "dictionary_splat") {
        const inner = parts(part)[0];
        const spread = inner === undefined ? undefined : this.value(inner, environment);
        if (spread?.kind === "options" && !spread.isOpen) entries.push(...spread.entries);
        else isOpen = true;
        continue;
      }
      const key = child(part, "key");
      const right = child(part, "value");
      if (key === undefined || right === undefined) {
        this.inside(part, environment);
        continue;
      }
      const named = this.value(key, environment);
      const value = this.value(right, environment, key);
      if (named.kind === "text") this.draft.absorb(named);
      const name = named.kind === "text" ? named.whole : named.kind === "variable" ? named.name.text : undefined;
      const inner = named.kind === "text" ? (named.inner ?? named) : key;
      const nameSpan = { start: inner.start, end: inner.end };
      if (name === undefined) isOpen = true;
      else entries.push({ start: part.start, end: part.end, name, nameSpan, value });
    }
    return this.draft.option({ kind: "options", start: node.start, end: node.end, type: undefined, entries, isOpen });
  }

  private binary(node: SyntaxNode, environment: Environment): Value {
    const { start, end } = node;
    const left = child(node, "left");
    const right = child(node, "right");
    const operator = this.of(child(node, "operator"));
    if (left === undefined || right === undefined) return this.inside(node, environment);
    const first = this.value(left, environment);
    const second = this.value(right, environment);
    if (first.kind === "amount" && second.kind === "amount") {
      const value = reckon(operator, first.value, second.value);
      return value === undefined ? unknownAt(node) : { kind: "amount", start, end, value };
    }
    if (operator === "%" && first.kind === "text" && first.whole !== undefined) {
      return this.percent(node, first, first.whole, second, environment);
    }
    if (operator !== "+" || (first.kind !== "text" && second.kind !== "text")) return unknownAt(node);
    this.draft.absorb(first);
    this.draft.absorb(second);
    const joined = concatenated(node, first, second);
    return joined.isLiteral ? this.draft.literal(joined, environment.scope) : joined;
  }

  private percent(node: SyntaxNode, left: Text, format: string, right: Value, environment: Environment): Value {
    const given = right.kind === "list" ? right.items : [right];
    const pieces: (string | Hole)[] = [];
    let from = 0;
    let next = 0;
    for (const match of format.matchAll(/%(?:\((\w{1,60})\))?[-+# 0]{0,5}\d{0,5}(?:\.\d{1,5})?([a-zA-Z%])/g)) {
      pieces.push(format.slice(from, match.index));
      from = match.index + match[0].length;
      if (match[2] === "%") pieces.push("%");
      else {
        const key = match[1];
        const value = key === undefined ? given[next++] : memberOf(right, key);
        pieces.push(...partsOf(value ?? unknownAt(node)));
      }
    }
    pieces.push(format.slice(from));
    return this.formatted(node, left, pieces, environment);
  }

  private either(node: SyntaxNode, environment: Environment): Value {
    const { start, end } = node;
    const left = child(node, "left");
    const right = child(node, "right");
    if (left === undefined || right === undefined) return this.inside(node, environment);
    const first = this.value(left, environment);
    const guards = this.guards(left, environment);
    const isAnd = this.of(child(node, "operator")) === "and";
    const second = this.value(right, guardedBy(environment, isAnd ? guards.yes : guards.no));
    if (!isAnd && first.kind === "lookup" && first.fallback === undefined) {
      const lookup: Lookup = { kind: "lookup", start, end, key: first.key, fallback: second };
      this.draft.give(second, { kind: "fallback", lookup, name: undefined });
      return lookup;
    }
    const options = isAnd ? [first, second] : [first, second].flatMap((v) => (v.kind === "choice" ? v.options : [v]));
    return { kind: "choice", start, end, options };
  }

  private assignment(node: SyntaxNode, environment: Environment): Value {
    const left = child(node, "left");
    const right = child(node, "right");
    if (left === undefined || right === undefined) return unknownAt(node);
    const object = child(left, "object") ?? child(left, "value");
    if (object !== undefined && object.type !== "identifier") this.value(object, environment);
    for (const index of childrenOf(left, "subscript")) if (index.type !== "string") this.value(index, environment);
    const value = this.value(right, environment, left.type === "identifier" ? left : undefined);
    if (left.type === "pattern_list" || left.type === "tuple_pattern") {
      const names = parts(left);
      const values = value.kind === "list" && !value.isOpen && value.items.length === names.length ? value.items : [];
      for (const [i, name] of names.entries()) {
        const own = values[i];
        if (own !== undefined && /^(?:identifier|attribute|subscript)$/.test(name.type)) {
          this.assign(name, this.name(name, environment), own, environment, this.how(name, environment));
        }
      }
      return value;
    }
    const { isHere, target } =
      left.type === "identifier"
        ? { isHere: true, target: this.plainName(left) }
        : { isHere: /^(?:attribute|subscript)$/.test(left.type), target: this.name(left, environment) };
    if (isHere) this.assign(node, target, value, environment, this.how(left, environment));
    return value;
  }

  private how(target: SyntaxNode, { scope }: Environment): Assignment["how"] {
    if (target.type !== "identifier") return "member";
    if (scope.class !== undefined && scope.function === scope.class.scope.function) return "member";
    return scope.function === undefined ? "constant" : "variable";
  }

  private assign(at: Span, target: Name, value: Value, { scope }: Environment, how: Assignment["how"]): void {
    this.draft.assignment({ start: at.start, end: at.end, target, value, scope, how });
  }

  // Imports for fixes

  private importOf(module: string, member?: string): { readonly at: number; readonly text: string } {
    const statements = parts(this.root);
    const last = statements.findLast((n) =>
      /^(?:future_)?import_(?:from_)?statement$|^future_import_statement$/.test(n.type),
    );
    const line = member === undefined ? `import ${module}` : `from ${module} import ${member}`;
    const newline = this.text.includes("\r\n") ? "\r\n" : "\n";
    if (last !== undefined) return { at: last.end, text: `${newline}${line}` };
    const first = statements.find((n) => !isDocstring(n));
    return { at: first?.start ?? this.text.length, text: `${line}${newline}` };
  }
}

function bare(node: SyntaxNode): SyntaxNode {
  let at = node;
  while (at.type === "await" || at.type === "parenthesized_expression") {
    const inner = parts(at)[0];
    if (inner === undefined) return at;
    at = inner;
  }
  return at;
}

const isDocstring = (node: SyntaxNode): boolean =>
  node.type === "expression_statement" &&
  parts(node).length === 1 &&
  /^(?:concatenated_)?string$/.test(parts(node)[0]?.type ?? "");

const isEnvironment = (origin: Origin | undefined): boolean => origin?.module === "os" && origin.member === "environ";

function reckon(operator: string, a: number, b: number): number | undefined {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "**":
      return Math.abs(b) <= 64 ? a ** b : undefined;
    case "/":
      return b === 0 ? undefined : a / b;
    default:
      return undefined;
  }
}
