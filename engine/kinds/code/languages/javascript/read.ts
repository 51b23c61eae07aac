/** Facts of JavaScript and TypeScript, with or without JSX. */
import { child, childrenOf, firstOf, parts, type SyntaxNode } from "../../../../languages/tree/node";
import type { Span } from "../../../../text/span";
import { callOf, classDraft, type ClassDraft, Draft, functionDraft, type FunctionDraft } from "../../draft";
import type {
  Argument,
  Call,
  CodeFacts,
  Entry,
  FunctionFact,
  Hole,
  Lookup,
  Name,
  Options,
  Origin,
  Scope,
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
  memberOrigin,
  resultOrigin,
  topEnvironment,
} from "../environment";
import { both, either, type Guards, guardsOf, guardsOfEquality, noGuards, opposite } from "../guards";
import { globalObjects, globals } from "./names";
import { unescapeJavascript } from "./strings";

export const readJavascript = (root: SyntaxNode, text: string): CodeFacts => new JavascriptReader(root, text).read();

/** What stands around a value without changing it. */
const wrappers = new Set([
  "parenthesized_expression",
  "as_expression",
  "satisfies_expression",
  "non_null_expression",
  "type_assertion",
  "await_expression",
]);

const types = new Set([
  "type_annotation",
  "type_arguments",
  "type_parameters",
  "interface_declaration",
  "type_alias_declaration",
  "implements_clause",
  "comment",
]);

const functions = new Set([
  "function_declaration",
  "generator_function_declaration",
  "function_expression",
  "generator_function",
  "arrow_function",
  "method_definition",
]);
const classes = new Set(["class_declaration", "abstract_class_declaration", "class"]);
const equality = new Set(["==", "===", "!=", "!=="]);

const nameType = /^(?:identifier|this|super|import|meta_property|property_identifier|shorthand_.*|type_identifier)$/;

/** Names that follow each other further are not followed. */
const furthest = 24;

class JavascriptReader {
  private readonly draft = new Draft();
  private readonly values = new Map<SyntaxNode, Value>();
  /** Where the values of names come from, as far as that is known; it is asked at every use. */
  private readonly origins = new Map<Binding, Origin>();
  /** Values that are being worked out: one that rests on itself is unknown. */
  private readonly open = new Set<SyntaxNode>();
  /** Names that are set again after their declaration, with what they are set to; undefined for several. */
  private readonly setAgain = new Map<string, SyntaxNode | undefined>();
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
    this.block(this.root, top);
    return this.draft.facts("javascript", (module, member) => this.importOf(module, member));
  }

  private of(node: Span | undefined): string {
    return node === undefined ? "" : this.text.slice(node.start, node.end);
  }

  /** What must be known before the first name is looked up; comments on the way. */
  private prepare(node: SyntaxNode): void {
    if (node.type === "comment") {
      const raw = this.of(node);
      const text = raw.startsWith("/*")
        ? raw.replace(/^\/\*+/, "").replace(/\*\/$/, "")
        : raw.replace(/^(?:\/\/+|#!|<!--)/, "");
      this.draft.comments.push({ start: node.start, end: node.end, text: text.trim() });
      return;
    }
    if (node.type === "assignment_expression" || node.type === "augmented_assignment_expression") {
      const left = child(node, "left");
      if (left?.type === "identifier") {
        const name = this.of(left);
        this.setAgain.set(name, this.setAgain.has(name) ? undefined : child(node, "right"));
      } else if (left !== undefined) this.changes(left);
    } else if (node.type === "update_expression") {
      const name = this.of(child(node, "argument"));
      this.setAgain.set(name, undefined);
    } else if (node.type === "call_expression") {
      const callee = child(node, "function");
      const isChange =
        callee?.type === "member_expression" &&
        /^(?:push|unshift|splice|assign|merge|set|defineProperty|extend)$/.test(this.of(child(callee, "property")));
      if (isChange && callee !== undefined) {
        this.changes(callee);
        const first = parts(child(node, "arguments") ?? node)[0];
        if (first?.type === "identifier") this.changed.add(this.of(first));
      }
    } else if (node.type === "unary_expression" && this.of(child(node, "operator")) === "delete") {
      const argument = child(node, "argument");
      if (argument !== undefined) this.changes(argument);
    }
    for (const inner of node.children) this.prepare(inner);
  }

  private changes(target: SyntaxNode): void {
    let node: SyntaxNode | undefined = target;
    while (node?.type === "member_expression" || node?.type === "subscript_expression") node = child(node, "object");
    if (node?.type === "identifier") this.changed.add(this.of(node));
  }

  // Declarations

  private block(node: SyntaxNode, environment: Environment): void {
    for (const statement of parts(node)) this.declare(statement, environment);
    let at = environment;
    for (const statement of parts(node)) {
      this.visit(statement, at);
      if (statement.type === "if_statement" && child(statement, "alternative") === undefined) {
        if (this.leaves(child(statement, "consequence"))) {
          at = guardedBy(at, this.guards(child(statement, "condition"), at).no);
        }
      }
    }
  }

  private leaves(node: SyntaxNode | undefined): boolean {
    const last = node?.type === "statement_block" ? parts(node).at(-1) : node;
    return last?.type === "return_statement" || last?.type === "throw_statement";
  }

  /** Puts down the names that a statement makes, before anything in its block is read. */
  private declare(statement: SyntaxNode, environment: Environment): void {
    switch (statement.type) {
      case "export_statement": {
        const declaration = child(statement, "declaration");
        if (declaration !== undefined) this.declare(declaration, environment);
        return;
      }
      case "import_statement":
        return this.import(statement, environment);
      case "lexical_declaration":
      case "variable_declaration":
        for (const declarator of parts(statement)) {
          if (declarator.type === "variable_declarator") this.declareVariable(declarator, environment);
        }
        return;
      case "function_declaration":
      case "generator_function_declaration":
      case "class_declaration":
      case "abstract_class_declaration":
      case "enum_declaration":
      case "internal_module":
      case "module": {
        const name = child(statement, "name");
        if (name !== undefined) environment.names.set(this.of(name), { isConstant: false, environment });
        return;
      }
    }
  }

  private declareVariable(declarator: SyntaxNode, environment: Environment): void {
    const name = child(declarator, "name");
    const value = child(declarator, "value");
    if (name === undefined) return;
    if (name.type !== "identifier") {
      this.pattern(name, value, [], environment);
      if (value !== undefined) this.importsOf(name, value);
      return;
    }
    const local = this.of(name);
    const isSetAgain = this.setAgain.has(local);
    const isEmpty = value === undefined || /^(?:null|undefined)$/.test(value.type);
    const type = firstOf(declarator, "type_annotation");
    environment.names.set(local, {
      value: !isSetAgain ? value : isEmpty ? this.setAgain.get(local) : undefined,
      origin: type === undefined ? undefined : this.typeOrigin(type, environment),
      isConstant: value !== undefined && !isSetAgain,
      environment,
    });
    if (value !== undefined) this.importsOf(name, value);
  }

  /** Names of a destructuring pattern. */
  private pattern(
    node: SyntaxNode,
    value: SyntaxNode | undefined,
    path: readonly string[] | undefined,
    environment: Environment,
    fallback?: SyntaxNode,
  ): void {
    switch (node.type) {
      case "identifier":
      case "shorthand_property_identifier_pattern": {
        const name = this.of(node);
        const own = node.type === "identifier" ? path : path && [...path, name];
        const isKnown = own !== undefined && !this.setAgain.has(name);
        const known = isKnown ? { value, path: own, fallback } : {};
        environment.names.set(name, { ...known, isConstant: isKnown, environment });
        return;
      }
      case "object_assignment_pattern":
      case "assignment_pattern": {
        const left = child(node, "left");
        if (left !== undefined) this.pattern(left, value, path, environment, child(node, "right"));
        return;
      }
      case "pair_pattern": {
        const key = child(node, "key");
        const inner = child(node, "value");
        const name = key === undefined ? undefined : this.keyOf(key);
        if (inner !== undefined) {
          this.pattern(
            inner,
            value,
            name === undefined || path === undefined ? undefined : [...path, name],
            environment,
          );
        }
        return;
      }
      case "object_pattern":
        for (const part of parts(node)) this.pattern(part, value, path, environment);
        return;
      case "array_pattern":
      case "rest_pattern":
        for (const part of parts(node)) this.pattern(part, undefined, undefined, environment);
    }
  }

  private import(statement: SyntaxNode, environment: Environment): void {
    const require = firstOf(statement, "import_require_clause");
    const source = child(statement, "source") ?? (require === undefined ? undefined : child(require, "source"));
    if (source === undefined) return;
    const module = moduleOf(unescapeJavascript(this.of(source).slice(1, -1)));
    const clause = firstOf(statement, "import_clause");
    const add = (at: Span, local: string, member: string): void => {
      this.draft.imports.push({ start: at.start, end: at.end, module, member, local });
      environment.names.set(local, {
        origin: { module, member: member === "default" || member === "*" ? "" : member },
        isConstant: false,
        environment,
      });
    };
    if (require !== undefined) add(statement, this.of(firstOf(require, "identifier")), "");
    else if (clause === undefined) {
      this.draft.imports.push({ start: statement.start, end: statement.end, module, member: "", local: "" });
    }
    for (const part of clause === undefined ? [] : parts(clause)) {
      if (part.type === "identifier") add(part, this.of(part), "");
      else if (part.type === "namespace_import") add(part, this.of(parts(part)[0]), "");
      else {
        for (const specifier of parts(part)) {
          const name = this.of(child(specifier, "name"));
          add(
            specifier,
            this.of(child(specifier, "alias") ?? child(specifier, "name")),
            name === "default" ? "" : name,
          );
        }
      }
    }
  }

  /** `const x = require("y")`, also awaited, also of one member or of several. */
  private importsOf(name: SyntaxNode, value: SyntaxNode): void {
    let node = this.bare(value);
    const members: string[] = [];
    while (node.type === "member_expression") {
      members.unshift(this.of(child(node, "property")));
      node = this.bare(child(node, "object") ?? node);
      if (members.length > 3) return;
    }
    const module = this.required(node);
    if (module === undefined) return;
    const add = (at: Span, local: string, member: string): void => {
      this.draft.imports.push({ start: at.start, end: at.end, module, member, local });
    };
    if (name.type === "identifier") add(value, this.of(name), members.join("."));
    if (name.type !== "object_pattern") return;
    for (const part of parts(name)) {
      const inner = part.type === "pair_pattern" ? child(part, "value") : (child(part, "left") ?? part);
      const key = part.type === "pair_pattern" ? this.of(child(part, "key")) : this.of(inner);
      add(part, this.of(inner), [...members, key].join("."));
    }
  }

  /** The module of `require("x")` and `import("x")`. */
  private required(node: SyntaxNode): string | undefined {
    if (node.type !== "call_expression") return undefined;
    const callee = child(node, "function");
    if (callee?.type !== "import" && this.of(callee) !== "require") return undefined;
    const first = parts(child(node, "arguments") ?? node)[0];
    return first?.type === "string" ? moduleOf(this.of(first).slice(1, -1)) : undefined;
  }

  private bare(node: SyntaxNode): SyntaxNode {
    let at = node;
    while (wrappers.has(at.type)) {
      const inner = at.type === "type_assertion" ? parts(at).at(-1) : parts(at)[0];
      if (inner === undefined) return at;
      at = inner;
    }
    return at;
  }

  // Where names come from

  private typeOrigin(annotation: SyntaxNode, environment: Environment): Origin | undefined {
    let type = parts(annotation)[0];
    if (type?.type === "generic_type") type = child(type, "name") ?? parts(type)[0];
    if (type?.type === "union_type") {
      const real = parts(type).filter((t) => !/^(?:null|undefined)$/.test(this.of(t)));
      type = real.length === 1 ? real[0] : undefined;
    }
    if (type?.type === "type_identifier") return bindingOf(environment, this.of(type))?.origin;
    if (type?.type !== "nested_type_identifier") return undefined;
    const [module = "", ...members] = this.of(type).split(".");
    return members.reduce(memberOrigin, bindingOf(environment, module)?.origin);
  }

  private originOf(given: SyntaxNode, environment: Environment): Origin | undefined {
    if (this.depth > furthest) return undefined;
    this.depth++;
    try {
      return this.originWithin(this.bare(given), environment);
    } finally {
      this.depth--;
    }
  }

  private originWithin(node: SyntaxNode, environment: Environment): Origin | undefined {
    switch (node.type) {
      case "identifier":
      case "shorthand_property_identifier": {
        const name = this.of(node);
        const binding = bindingOf(environment, name);
        if (binding === undefined) return globals.has(name) ? { module: "", member: name } : undefined;
        return this.originOfBinding(binding);
      }
      case "member_expression": {
        const object = child(node, "object");
        const member = this.of(child(node, "property"));
        if (object === undefined) return undefined;
        if (object.type === "this") {
          const binding = environment.members?.get(member);
          return binding === undefined ? undefined : this.originOfBinding(binding);
        }
        if (globalObjects.has(this.of(object)) && globals.has(member)) return { module: "", member };
        return memberOrigin(this.originOf(object, environment), member);
      }
      case "subscript_expression": {
        const object = child(node, "object");
        const index = child(node, "index");
        if (object === undefined || index?.type !== "string") return undefined;
        return memberOrigin(this.originOf(object, environment), this.of(index).slice(1, -1));
      }
      case "call_expression": {
        const module = this.required(node);
        if (module !== undefined) return { module, member: "" };
        const callee = child(node, "function");
        return callee === undefined ? undefined : resultOrigin(this.originOf(callee, environment));
      }
      case "new_expression": {
        const made = child(node, "constructor");
        return made === undefined ? undefined : this.originOf(made, environment);
      }
      default:
        return undefined;
    }
  }

  private originOfBinding(binding: Binding): Origin | undefined {
    const { origin, value, path = [], environment } = binding;
    if (origin !== undefined) return origin;
    if (value === undefined) return undefined;
    const known = this.origins.get(binding);
    if (known !== undefined) return known;
    const found = path.reduce(memberOrigin, this.originOf(value, environment));
    if (found !== undefined) this.origins.set(binding, found);
    return found;
  }

  /** A callee, a target, a base: as written, and where it comes from. */
  private name(node: SyntaxNode, environment: Environment): Name {
    const words = this.words(node);
    const text = words.join(".");
    const { start, end } = node;
    return { start, end, text, last: words.at(-1) ?? text, origin: this.originOf(node, environment) };
  }

  private words(given: SyntaxNode): readonly string[] {
    const words: string[] = [];
    let node: SyntaxNode | undefined = this.bare(given);
    while (node !== undefined) {
      const object: SyntaxNode | undefined =
        child(node, "object") ?? child(node, "function") ?? child(node, "constructor");
      if (node.type === "member_expression") words.unshift(this.of(child(node, "property")));
      else if (node.type === "subscript_expression") {
        const index = child(node, "index");
        if (index?.type === "string") words.unshift(unescapeJavascript(this.of(index).slice(1, -1)));
      } else if (node.type !== "call_expression" && node.type !== "new_expression") {
        words.unshift(nameType.test(node.type) ? this.of(node) : "");
        break;
      }
      node = object === undefined ? undefined : this.bare(object);
    }
    return words.filter((word, i) => word !== "" || i > 0);
  }

  // Statements

  private visit(node: SyntaxNode, environment: Environment): void {
    if (types.has(node.type)) return;
    switch (node.type) {
      case "import_statement":
        return;
      case "statement_block":
        return this.block(node, blockIn(environment));
      case "export_statement":
        return this.exported(node, environment);
      case "lexical_declaration":
      case "variable_declaration":
        for (const declarator of parts(node)) this.variable(declarator, environment);
        return;
      case "if_statement":
        return this.condition(node, environment);
      case "return_statement": {
        const inner = parts(node)[0];
        const value = inner === undefined ? undefined : this.value(inner, environment);
        if (value !== undefined) (environment.scope.function as FunctionDraft | undefined)?.returns.push(value);
        return;
      }
      case "throw_statement": {
        const { function: around } = environment.scope;
        if (around !== undefined) (around as FunctionDraft).throws = true;
        for (const inner of parts(node)) this.value(inner, environment);
        return;
      }
      case "switch_statement":
        return this.switch(node, environment);
      case "for_statement":
      case "for_in_statement": {
        const inner = blockIn(environment);
        for (const part of parts(node)) this.declare(part, inner);
        const left = child(node, "left");
        if (node.type === "for_in_statement" && left !== undefined) this.pattern(left, undefined, undefined, inner);
        for (const part of parts(node)) this.visit(part, inner);
        return;
      }
      case "catch_clause": {
        const inner = blockIn(environment);
        const parameter = child(node, "parameter");
        if (parameter !== undefined) this.pattern(parameter, undefined, undefined, inner);
        const body = child(node, "body");
        if (body !== undefined) this.visit(body, inner);
        return;
      }
      case "class_declaration":
      case "abstract_class_declaration":
        this.class(node, environment, []);
        return;
      case "enum_declaration":
        return this.enum(node, environment);
      case "function_declaration":
      case "generator_function_declaration":
        this.function(node, environment, child(node, "name"));
        return;
      default:
        this.value(node, environment);
    }
  }

  private exported(node: SyntaxNode, environment: Environment): void {
    const decorators = childrenOf(node, "decorator");
    for (const part of parts(node)) {
      if (part.type === "decorator" || part.type === "export_clause" || part.field === "source") continue;
      if (classes.has(part.type)) this.class(part, environment, decorators);
      else this.visit(part, environment);
    }
  }

  private variable(declarator: SyntaxNode, environment: Environment): void {
    const name = child(declarator, "name");
    const node = child(declarator, "value");
    if (name === undefined || declarator.type !== "variable_declarator") return;
    if (name.type !== "identifier") {
      if (node !== undefined) this.value(node, environment);
      this.defaults(name, environment, "variable");
      return;
    }
    if (node === undefined) return;
    const value = this.value(node, environment, name);
    const isTop = environment.parent === undefined;
    const how = isTop && !this.setAgain.has(this.of(name)) ? "constant" : "variable";
    this.assign(declarator, { ...this.plainName(name), origin: undefined }, value, environment.scope, how);
  }

  private plainName(node: SyntaxNode): Name {
    const text = this.of(node);
    return { start: node.start, end: node.end, text, last: text, origin: undefined };
  }

  private assign(
    at: Span,
    target: Name,
    value: Value,
    scope: Scope,
    how: "variable" | "member" | "constant" | "parameter",
  ): void {
    this.draft.assignment({ start: at.start, end: at.end, target, value, scope, how });
  }

  /** Defaults in a pattern are assignments. */
  private defaults(node: SyntaxNode, environment: Environment, how: "variable" | "parameter"): void {
    if (node.type === "object_assignment_pattern" || node.type === "assignment_pattern") {
      const left = child(node, "left");
      const right = child(node, "right");
      if (left === undefined || right === undefined) return;
      const value = this.value(right, environment);
      if (/identifier/.test(left.type)) this.assign(node, this.plainName(left), value, environment.scope, how);
      else this.defaults(left, environment, how);
      return;
    }
    for (const part of parts(node)) if (!types.has(part.type)) this.defaults(part, environment, how);
  }

  private condition(node: SyntaxNode, environment: Environment): void {
    const condition = child(node, "condition");
    const consequence = child(node, "consequence");
    const alternative = child(node, "alternative");
    if (condition !== undefined) this.value(condition, environment);
    const { yes, no } = this.guards(condition, environment);
    if (consequence !== undefined) this.visit(consequence, guardedBy(environment, yes));
    for (const part of alternative === undefined ? [] : parts(alternative)) {
      this.visit(part, guardedBy(environment, no));
    }
  }

  private switch(node: SyntaxNode, environment: Environment): void {
    const subject = child(node, "value");
    const of = subject === undefined ? unknownAt(node) : this.value(subject, environment);
    const inner = blockIn(environment);
    const cases = parts(child(node, "body") ?? node);
    for (const part of cases) for (const statement of childrenOf(part, "body")) this.declare(statement, inner);
    for (const part of cases) {
      const test = child(part, "value");
      const value = test === undefined ? undefined : this.value(test, inner);
      this.draft.give(value, { kind: "comparison", other: of });
      const guards = value === undefined ? noGuards : guardsOfEquality(of, value);
      for (const statement of childrenOf(part, "body")) this.visit(statement, guardedBy(inner, guards.yes));
    }
  }

  private enum(node: SyntaxNode, environment: Environment): void {
    const own = this.of(child(node, "name"));
    for (const part of parts(child(node, "body") ?? node)) {
      const name = child(part, "name");
      const value = child(part, "value");
      if (part.type !== "enum_assignment" || name === undefined || value === undefined) continue;
      const last = this.keyOf(name) ?? this.of(name);
      const target: Name = { start: name.start, end: name.end, text: `${own}.${last}`, last, origin: undefined };
      this.assign(part, target, this.value(value, environment), environment.scope, "constant");
    }
  }

  /** What a condition says about where the code runs. */
  private guards(given: SyntaxNode | undefined, environment: Environment): Guards {
    if (given === undefined) return noGuards;
    const node = this.bare(given);
    if (node.type === "unary_expression" && this.of(child(node, "operator")) === "!") {
      return opposite(this.guards(child(node, "argument"), environment));
    }
    if (node.type === "binary_expression") {
      const operator = this.of(child(node, "operator"));
      const left = child(node, "left");
      const right = child(node, "right");
      if (left === undefined || right === undefined) return noGuards;
      if (operator === "&&") return both(this.guards(left, environment), this.guards(right, environment));
      if (operator === "||") return either(this.guards(left, environment), this.guards(right, environment));
      if (!equality.has(operator)) return noGuards;
      const guards = guardsOfEquality(this.value(left, environment), this.value(right, environment));
      return operator.startsWith("!") ? opposite(guards) : guards;
    }
    const binding = node.type === "identifier" ? bindingOf(environment, this.of(node)) : undefined;
    if (binding?.isConstant === true && binding.value !== undefined && this.depth < furthest) {
      this.depth++;
      const known = this.guards(binding.value, binding.environment);
      this.depth--;
      if (known.yes !== undefined || known.no !== undefined) return known;
    }
    return guardsOf(this.asNamed(node, environment));
  }

  /** A name stays a name, though it be a constant. */
  private asNamed(node: SyntaxNode, environment: Environment): Value {
    const value = this.value(node, environment);
    if (node.type !== "identifier" || value.kind === "lookup") return value;
    return { kind: "variable", start: node.start, end: node.end, name: this.name(node, environment) };
  }

  // Functions and classes

  private function(
    node: SyntaxNode,
    environment: Environment,
    name: Span | undefined,
    decorators: readonly SyntaxNode[] = [],
  ): FunctionFact {
    const fact = functionDraft(node, environment.scope);
    const body = child(node, "body");
    this.draft.functions.push(fact);
    fact.name = name === undefined ? undefined : this.of(name).replace(/^["'#]|["']$/g, "");
    fact.nameSpan = name === undefined ? undefined : { start: name.start, end: name.end };
    fact.body = body === undefined ? undefined : { start: body.start, end: body.end };
    const inner = functionIn(environment, fact);
    for (const decorator of decorators) fact.decorators.push(this.decorator(decorator, environment, fact));
    this.parameters(node, inner, fact);
    if (body?.type === "statement_block") {
      fact.statements = parts(body).length;
      this.block(body, inner);
    } else if (body !== undefined) {
      fact.statements = 1;
      fact.returns.push(this.value(body, inner));
    }
    return fact;
  }

  private parameters(node: SyntaxNode, inner: Environment, fact: FunctionDraft): void {
    const single = child(node, "parameter");
    const list = child(node, "parameters");
    const all = single !== undefined ? [single] : list === undefined ? [] : parts(list);
    for (const parameter of all) {
      const pattern = child(parameter, "pattern") ?? child(parameter, "left") ?? parameter;
      fact.parameters.push(this.of(pattern));
      const type = firstOf(parameter, "type_annotation");
      this.pattern(pattern, undefined, undefined, inner);
      if (pattern.type === "identifier") {
        const origin = type === undefined ? undefined : this.typeOrigin(type, inner);
        inner.names.set(this.of(pattern), { origin, isConstant: false, environment: inner });
      }
      for (const part of parts(parameter)) {
        if (part.type === "decorator") fact.decorators.push(this.decorator(part, inner, fact));
      }
      const value = child(parameter, "value") ?? child(parameter, "right");
      if (value !== undefined) {
        const read = this.value(value, inner);
        if (pattern.type === "identifier") {
          this.assign(parameter, this.plainName(pattern), read, inner.scope, "parameter");
        }
      }
      if (pattern.type !== "identifier") this.defaults(pattern, inner, "parameter");
    }
  }

  private class(node: SyntaxNode, environment: Environment, outer: readonly SyntaxNode[]): ClassDraft {
    const name = child(node, "name");
    const fact = classDraft(node, name === undefined ? undefined : this.of(name), environment.scope);
    this.draft.classes.push(fact);
    const heritage = firstOf(node, "class_heritage");
    for (const part of heritage === undefined ? [] : parts(heritage)) {
      const bases =
        part.type === "extends_clause"
          ? childrenOf(part, "value")
          : part.type === "implements_clause"
            ? parts(part)
            : [part];
      for (const base of bases) {
        const named = base.type === "generic_type" ? (child(base, "name") ?? base) : base;
        fact.bases.push({ ...this.name(named, environment), ...this.typeName(named, environment) });
        if (base.type === "call_expression") this.value(base, environment);
      }
    }
    for (const decorator of [...outer, ...childrenOf(node, "decorator")]) {
      fact.decorators.push(this.decorator(decorator, environment, fact));
    }
    const body = child(node, "body");
    if (body === undefined) return fact;
    const members = new Map<string, Binding>();
    const inner = classIn(environment, fact, members);
    this.members(body, inner, members);
    let decorators: SyntaxNode[] = [];
    for (const part of parts(body)) {
      if (part.type === "decorator") {
        decorators.push(part);
        continue;
      }
      if (part.type === "method_definition") {
        const method = this.function(part, inner, child(part, "name"), decorators) as FunctionDraft;
        method.owner = fact;
        fact.functions.push(method);
      } else if (part.type === "public_field_definition" || part.type === "field_definition") {
        this.field(part, inner, decorators);
      } else this.visit(part, inner);
      decorators = [];
    }
    return fact;
  }

  private typeName(node: SyntaxNode, environment: Environment): Partial<Name> {
    if (node.type !== "type_identifier") return {};
    const text = this.of(node);
    return { text, last: text, origin: bindingOf(environment, text)?.origin };
  }

  private field(node: SyntaxNode, environment: Environment, decorators: readonly SyntaxNode[]): void {
    const name = child(node, "name") ?? child(node, "property");
    const value = child(node, "value");
    for (const decorator of [...decorators, ...childrenOf(node, "decorator")]) {
      this.decorator(decorator, environment, undefined);
    }
    if (name === undefined || value === undefined) return;
    const last = this.keyOf(name) ?? this.of(name);
    const target: Name = { start: name.start, end: name.end, text: last, last, origin: undefined };
    const read = this.value(value, environment, name);
    this.assign(node, target, read, environment.scope, "member");
    if (read.kind === "lambda" && environment.scope.class !== undefined) {
      const fact = read.function as FunctionDraft;
      fact.owner = environment.scope.class;
      (environment.scope.class as ClassDraft).functions.push(fact);
    }
  }

  /** What `this.x` is: its declared type, its one value, or the type of the constructor's parameter. */
  private members(body: SyntaxNode, environment: Environment, members: Map<string, Binding>): void {
    const assigned = new Map<string, { readonly value: SyntaxNode; readonly method: SyntaxNode } | undefined>();
    const look = (node: SyntaxNode, method: SyntaxNode): void => {
      if (classes.has(node.type)) return;
      const left = node.type === "assignment_expression" ? child(node, "left") : undefined;
      if (left?.type === "member_expression" && child(left, "object")?.type === "this") {
        const name = this.of(child(left, "property"));
        const value = child(node, "right");
        assigned.set(name, assigned.has(name) || value === undefined ? undefined : { value, method });
      }
      for (const inner of node.children) look(inner, method);
    };
    for (const part of parts(body)) {
      look(part, part);
      if (part.type === "method_definition" && this.of(child(part, "name")) === "constructor") {
        const list = child(part, "parameters");
        for (const parameter of list === undefined ? [] : parts(list)) {
          if (!parameter.children.some((c) => c.type === "accessibility_modifier")) continue;
          const type = firstOf(parameter, "type_annotation");
          if (type === undefined) continue;
          const name = this.of(child(parameter, "pattern"));
          members.set(name, { origin: this.typeOrigin(type, environment), isConstant: false, environment });
        }
      }
      if (part.type !== "public_field_definition" && part.type !== "field_definition") continue;
      const name = this.of(child(part, "name") ?? child(part, "property"));
      const type = firstOf(part, "type_annotation");
      const value = child(part, "value");
      const origin = type === undefined ? undefined : this.typeOrigin(type, environment);
      members.set(name, { origin, value, isConstant: false, environment });
    }
    for (const [name, found] of assigned) {
      const declared = members.get(name);
      if (declared?.origin !== undefined) continue;
      if (found === undefined || declared?.value !== undefined) {
        members.set(name, { isConstant: false, environment });
        continue;
      }
      // Parameters of the constructor with their types.
      const inner = blockIn(environment);
      const list = child(found.method, "parameters");
      for (const parameter of list === undefined ? [] : parts(list)) {
        const type = firstOf(parameter, "type_annotation");
        const pattern = child(parameter, "pattern") ?? parameter;
        const origin = type === undefined ? undefined : this.typeOrigin(type, environment);
        inner.names.set(this.of(pattern), { origin, isConstant: false, environment: inner });
      }
      members.set(name, { value: found.value, isConstant: false, environment: inner });
    }
  }

  private decorator(node: SyntaxNode, environment: Environment, on: FunctionFact | ClassDraft | undefined) {
    const inner = parts(node)[0] ?? node;
    const isCall = inner.type === "call_expression";
    const list = isCall ? child(inner, "arguments") : undefined;
    const callee = (isCall ? child(inner, "function") : undefined) ?? inner;
    const { start, end } = node;
    const name = this.name(callee, environment);
    const given = this.given(list, environment).values;
    return this.draft.decorator({ start, end, name, arguments: given, on, scope: environment.scope });
  }

  // Values

  /** `name`: what the value is given as a name, where it is a function. */
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
    if (types.has(node.type)) return unknownAt(node);
    if (wrappers.has(node.type)) {
      const inner = node.type === "type_assertion" ? parts(node).at(-1) : parts(node)[0];
      return inner === undefined ? unknownAt(node) : this.value(inner, environment, name);
    }
    if (functions.has(node.type)) {
      const own = node.type === "method_definition" ? child(node, "name") : child(node, "name");
      return { kind: "lambda", start, end, function: this.function(node, environment, own ?? name) };
    }
    switch (node.type) {
      case "string":
        return this.draft.literal(this.string(node), environment.scope);
      case "template_string":
        return this.draft.literal(this.template(node, environment), environment.scope);
      case "number": {
        const amount = Number(this.of(node).replace(/_/g, ""));
        return Number.isNaN(amount) ? unknownAt(node) : { kind: "amount", start, end, value: amount };
      }
      case "true":
      case "false":
        return { kind: "flag", start, end, value: node.type === "true" };
      case "null":
      case "undefined":
        return { kind: "nothing", start, end };
      case "identifier":
      case "shorthand_property_identifier":
        return this.named(node, environment);
      case "member_expression":
      case "subscript_expression":
        return this.member(node, environment);
      case "this":
      case "super":
      case "meta_property":
        return { kind: "variable", start, end, name: this.name(node, environment) };
      case "call_expression":
      case "new_expression":
        return this.call(node, environment);
      case "object":
        return this.object(node, environment);
      case "array": {
        const items = parts(node);
        const values = items.filter((i) => i.type !== "spread_element").map((i) => this.value(i, environment));
        const spread = items.filter((i) => i.type === "spread_element");
        for (const item of spread) this.inside(item, environment);
        return { kind: "list", start, end, items: values, isOpen: spread.length > 0 };
      }
      case "binary_expression":
        return this.binary(node, environment);
      case "unary_expression":
        return this.unary(node, environment);
      case "ternary_expression": {
        const condition = child(node, "condition");
        const yes = child(node, "consequence");
        const no = child(node, "alternative");
        if (condition === undefined || yes === undefined || no === undefined) return this.inside(node, environment);
        this.value(condition, environment);
        const guards = this.guards(condition, environment);
        const options = [
          this.value(yes, guardedBy(environment, guards.yes)),
          this.value(no, guardedBy(environment, guards.no)),
        ];
        return { kind: "choice", start, end, options };
      }
      case "assignment_expression":
      case "augmented_assignment_expression":
        return this.assignment(node, environment);
      case "sequence_expression": {
        const values = parts(node).map((part) => this.value(part, environment));
        return values.at(-1) ?? unknownAt(node);
      }
      case "class":
        this.class(node, environment, []);
        return unknownAt(node);
      case "jsx_attribute": {
        for (const part of parts(node)) {
          const value = part.type === "property_identifier" ? undefined : this.value(part, environment);
          if (part.type === "string") this.draft.give(value, { kind: "markup" });
        }
        return unknownAt(node);
      }
      case "statement_block":
      case "class_declaration":
      case "function_declaration":
      case "lexical_declaration":
      case "if_statement":
        this.visit(node, environment);
        return unknownAt(node);
      default:
        return this.inside(node, environment);
    }
  }

  /** Reads what stands in a node whose own value nobody can tell. */
  private inside(node: SyntaxNode, environment: Environment): Value {
    const inner = node.type === "ERROR" || node.type === "program" ? blockIn(environment) : environment;
    if (inner !== environment) for (const part of parts(node)) this.declare(part, inner);
    for (const part of parts(node)) this.visit(part, inner);
    return unknownAt(node);
  }

  private string(node: SyntaxNode): Text {
    const raw = this.text.slice(node.start + 1, node.end - 1);
    const inner = raw.includes("\\") ? undefined : { start: node.start + 1, end: node.end - 1 };
    return literalText(node, unescapeJavascript(raw), inner);
  }

  private template(node: SyntaxNode, environment: Environment): Text {
    const pieces: (string | Hole)[] = [];
    let at = node.start + 1;
    const end = Math.max(at, node.end - 1);
    let head: Span | undefined;
    let isPlain = true;
    const add = (to: number): void => {
      const raw = this.text.slice(at, to);
      if (raw.includes("\\")) isPlain = false;
      else if (at === node.start + 1 && raw !== "") head = { start: at, end: to };
      pieces.push(unescapeJavascript(raw));
    };
    for (const part of parts(node)) {
      if (part.type !== "template_substitution") continue;
      add(part.start);
      const inner = parts(part)[0];
      const value = inner === undefined ? unknownAt(part) : this.value(inner, environment);
      pieces.push(...partsOf(value));
      this.draft.absorb(value);
      at = part.end;
    }
    add(end);
    // Where a constant comes first, its characters are not those behind the quote.
    const inner = isPlain && (head !== undefined || pieces.length === 1) ? { start: node.start + 1, end } : undefined;
    return joinedText(node, pieces, { inner, head });
  }

  private named(node: SyntaxNode, environment: Environment): Value {
    const name = this.of(node);
    const variable: Value = {
      kind: "variable",
      start: node.start,
      end: node.end,
      name: this.name(node, environment),
    };
    if (name === "undefined") return { kind: "nothing", start: node.start, end: node.end };
    const binding = bindingOf(environment, name);
    if (binding?.isConstant !== true || binding.value === undefined || this.depth > furthest) return variable;
    this.depth++;
    const value = this.constant(binding);
    this.depth--;
    const used = value === undefined ? undefined : usedAt(node, value);
    if (used === undefined) return variable;
    if (this.changed.has(name) && (used.kind === "options" || used.kind === "list")) return { ...used, isOpen: true };
    return used;
  }

  private constant({ value: node, path = [], fallback, environment }: Binding): Value | undefined {
    if (node === undefined || functions.has(node.type)) return undefined;
    if (this.isEnvironment(node, environment)) {
      const key = path.length === 1 ? path[0] : undefined;
      const otherwise = fallback === undefined ? undefined : this.value(fallback, environment);
      if (key === undefined) return undefined;
      const lookup: Lookup = { kind: "lookup", start: node.start, end: node.end, key, fallback: otherwise };
      return lookup;
    }
    let value: Value | undefined = this.value(node, environment);
    for (const member of path) value = value === undefined ? undefined : memberOf(value, member);
    return value;
  }

  /** `process.env` and its like. */
  private isEnvironment(given: SyntaxNode, environment: Environment): boolean {
    const node = this.bare(given);
    if (node.type !== "member_expression") return false;
    const text = this.of(node).replace("?.", ".");
    if (text === "import.meta.env" || text === "Bun.env") return true;
    if (!text.endsWith(".env")) return text === "process.env";
    const origin = this.originOf(node, environment);
    return (origin?.module === "" || origin?.module === "process") && /^(?:process\.)?env$/.test(origin.member);
  }

  private member(node: SyntaxNode, environment: Environment): Value {
    const { start, end } = node;
    const object = child(node, "object");
    const index = child(node, "index");
    const property = child(node, "property");
    if (object === undefined) return this.inside(node, environment);
    const key = property === undefined ? this.indexText(index, environment) : this.of(property);
    if (this.isEnvironment(object, environment)) return { kind: "lookup", start, end, key, fallback: undefined };
    const known = this.value(object, environment);
    if (index !== undefined) this.value(index, environment);
    if (key !== undefined && (known.kind === "options" || known.kind === "list")) {
      const found = memberOf(known, key);
      const used = found === undefined ? undefined : usedAt(node, found);
      if (used !== undefined) return used;
    }
    return { kind: "variable", start, end, name: this.name(node, environment) };
  }

  private indexText(index: SyntaxNode | undefined, environment: Environment): string | undefined {
    const value = index === undefined ? undefined : this.value(index, environment);
    return value?.kind === "text" ? value.whole : undefined;
  }

  private call(node: SyntaxNode, environment: Environment): Value {
    const { start, end } = node;
    const isNew = node.type === "new_expression";
    const callee = child(node, isNew ? "constructor" : "function");
    const list = child(node, "arguments");
    if (callee === undefined) return this.inside(node, environment);
    const bare = this.bare(callee);
    const object = child(bare, "object");
    const receiver = object === undefined ? undefined : this.value(object, environment);
    if (object === undefined && !/^(?:identifier|import|super)$/.test(bare.type)) this.value(callee, environment);
    const { values: given, isOpen } = this.given(list, environment);
    const argumentsSpan =
      list?.type === "arguments"
        ? { start: list.start + 1, end: Math.max(list.start + 1, list.end - 1) }
        : { start: end, end };
    const { scope } = environment;
    const name = this.name(callee, environment);
    const call = callOf(node, { callee: name, isNew, receiver, arguments: given, isOpen, argumentsSpan }, scope);
    const looked = this.lookedUp(call, start, end);
    if (looked !== undefined) this.draft.give(looked.fallback, { kind: "fallback", lookup: looked, name: undefined });
    this.draft.call(call, scope);
    return looked ?? call;
  }

  /** What stands between the parentheses; behind a tag, its template. */
  private given(list: SyntaxNode | undefined, environment: Environment): { values: Argument[]; isOpen: boolean } {
    const values: Argument[] = [];
    let isOpen = false;
    const nodes = list === undefined ? [] : list.type === "template_string" ? [list] : parts(list);
    for (const part of nodes) {
      if (part.type === "spread_element") {
        isOpen = true;
        this.inside(part, environment);
        continue;
      }
      const value = this.value(part, environment);
      values.push({ name: undefined, value, span: { start: part.start, end: part.end } });
    }
    return { values, isOpen };
  }

  /** `config.get("KEY", "default")`, `Deno.env.get("KEY")`. */
  private lookedUp(call: Call, start: number, end: number): Lookup | undefined {
    if (!/^(?:get|getOrThrow)$/.test(call.callee.last)) return undefined;
    const words = call.callee.text.split(".");
    if (words.length < 2) return undefined;
    const on = words.at(-2) ?? "";
    const { origin } = call.callee;
    const isConfiguration =
      /^(?:_?config(?:Service|uration)?|env)$/i.test(on) &&
      (origin === undefined ||
        /^(?:config|nconf|@nestjs\/config|)$/.test(origin.module) ||
        origin.module.startsWith("."));
    const [first, second] = call.arguments;
    if (!isConfiguration || first?.value.kind !== "text" || call.arguments.length > 2) return undefined;
    const fallback = second?.value.kind === "options" ? undefined : second?.value;
    return { kind: "lookup", start, end, key: first.value.whole, fallback };
  }

  private keyOf(node: SyntaxNode): string | undefined {
    if (node.type === "string") return unescapeJavascript(this.of(node).slice(1, -1));
    if (node.type !== "computed_property_name") return this.of(node);
    const inner = parts(node)[0];
    return inner?.type === "string" ? unescapeJavascript(this.of(inner).slice(1, -1)) : undefined;
  }

  private object(node: SyntaxNode, environment: Environment): Options {
    const entries: Entry[] = [];
    let isOpen = false;
    for (const part of parts(node)) {
      if (part.type === "spread_element") {
        const inner = parts(part)[0];
        const spread = inner === undefined ? undefined : this.value(inner, environment);
        // What a constant brings is known.
        if (spread?.kind === "options" && !spread.isOpen) entries.push(...spread.entries);
        else isOpen = true;
        continue;
      }
      if (part.type === "shorthand_property_identifier") {
        const value = this.value(part, environment);
        entries.push({ start: part.start, end: part.end, name: this.of(part), nameSpan: spanOf(part), value });
        continue;
      }
      const key = child(part, "key") ?? child(part, "name");
      const inner = part.type === "method_definition" ? part : child(part, "value");
      if (key === undefined || inner === undefined) {
        this.inside(part, environment);
        continue;
      }
      const name = this.keyOf(key) ?? this.computed(key, environment);
      const value = this.value(inner, environment, key);
      if (name === undefined) isOpen = true;
      else entries.push({ start: part.start, end: part.end, name, nameSpan: spanOf(key), value });
    }
    return this.draft.option({ kind: "options", start: node.start, end: node.end, type: undefined, entries, isOpen });
  }

  private computed(key: SyntaxNode, environment: Environment): string | undefined {
    const inner = parts(key)[0];
    const value = inner === undefined ? undefined : this.value(inner, environment);
    return value?.kind === "text" ? value.whole : undefined;
  }

  private unary(node: SyntaxNode, environment: Environment): Value {
    const { start, end } = node;
    const argument = child(node, "argument");
    const operator = this.of(child(node, "operator"));
    const value = argument === undefined ? unknownAt(node) : this.value(argument, environment);
    if (operator === "-" && value.kind === "amount") return { kind: "amount", start, end, value: -value.value };
    if (operator === "!" && value.kind === "flag") return { kind: "flag", start, end, value: !value.value };
    if (operator === "!" && value.kind === "amount") return { kind: "flag", start, end, value: value.value === 0 };
    if (operator === "void") return { kind: "nothing", start, end };
    return unknownAt(node);
  }

  private binary(node: SyntaxNode, environment: Environment): Value {
    const { start, end } = node;
    const left = child(node, "left");
    const right = child(node, "right");
    const operator = this.of(child(node, "operator"));
    if (left === undefined || right === undefined) return this.inside(node, environment);
    const first = this.value(left, environment);
    if (operator === "&&") {
      const guard = this.guards(left, environment).yes;
      return { kind: "choice", start, end, options: [first, this.value(right, guardedBy(environment, guard))] };
    }
    const guard = operator === "||" ? this.guards(left, environment).no : undefined;
    const second = this.value(right, guardedBy(environment, guard));
    if (equality.has(operator)) {
      this.draft.give(first, { kind: "comparison", other: second });
      this.draft.give(second, { kind: "comparison", other: first });
      return unknownAt(node);
    }
    if (operator === "||" || operator === "??") return this.otherwise(node, first, second);
    if (first.kind === "amount" && second.kind === "amount") {
      const value = reckon(operator, first.value, second.value);
      return value === undefined ? unknownAt(node) : { kind: "amount", start, end, value };
    }
    if (operator !== "+" || (first.kind !== "text" && second.kind !== "text")) return unknownAt(node);
    this.draft.absorb(first);
    this.draft.absorb(second);
    const joined = concatenated(node, first, second);
    return joined.isLiteral ? this.draft.literal(joined, environment.scope) : joined;
  }

  private otherwise(node: SyntaxNode, first: Value, second: Value): Value {
    const { start, end } = node;
    if (first.kind === "lookup" && first.fallback === undefined) {
      const lookup: Lookup = { kind: "lookup", start, end, key: first.key, fallback: second };
      this.draft.give(second, { kind: "fallback", lookup, name: undefined });
      return lookup;
    }
    const options = [first, second].flatMap((v) => (v.kind === "choice" ? v.options : [v]));
    return { kind: "choice", start, end, options };
  }

  private assignment(node: SyntaxNode, environment: Environment): Value {
    const left = child(node, "left");
    const right = child(node, "right");
    if (left === undefined || right === undefined) return this.inside(node, environment);
    const target = this.bare(left);
    const isPattern = /pattern$/.test(target.type);
    const index = child(target, "index");
    const object = child(target, "object");
    if (object !== undefined && !/^(?:identifier|this|member_expression)$/.test(object.type))
      this.value(object, environment);
    if (index !== undefined && index.type !== "string") this.value(index, environment);
    const value = this.value(right, environment, child(target, "property") ?? (isPattern ? undefined : target));
    if (isPattern) {
      this.defaults(target, environment, "variable");
      return value;
    }
    const how = target.type === "identifier" ? "variable" : "member";
    this.assign(node, this.name(target, environment), value, environment.scope, how);
    return value;
  }

  // Imports for fixes

  private importOf(module: string, member?: string): { readonly at: number; readonly text: string } | undefined {
    const imports = parts(this.root).filter((n) => n.type === "import_statement");
    const requires = parts(this.root).filter(
      (n) => /^(?:lexical|variable)_declaration$/.test(n.type) && /\brequire\(/.test(this.of(n)),
    );
    const isModule = imports.length > 0 || requires.length === 0;
    const last = (isModule ? imports : requires).at(-1);
    const quote = this.of(last).includes("'") ? "'" : '"';
    const from = `${quote}${module}${quote}`;
    const local = /(?<![\w$])[\w$]+$/.exec(module)?.[0] ?? module;
    const what = member === undefined ? (isModule ? `* as ${local}` : local) : `{ ${member} }`;
    const line = isModule ? `import ${what} from ${from};` : `const ${what} = require(${from});`;
    const newline = this.text.includes("\r\n") ? "\r\n" : "\n";
    if (last === undefined) {
      const first = parts(this.root).find((n) => n.type !== "hash_bang_line");
      return { at: first?.start ?? 0, text: `${line}${newline}` };
    }
    return { at: last.end, text: `${newline}${line}` };
  }
}

const spanOf = ({ start, end }: Span): Span => ({ start, end });

/** Node's own modules have one name, with and without `node:`. */
const moduleOf = (specifier: string): string => specifier.replace(/^(?:node|npm|jsr):/, "");

function reckon(operator: string, a: number, b: number): number | undefined {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return b === 0 ? undefined : a / b;
    default:
      return undefined;
  }
}
