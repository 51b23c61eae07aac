/** What a Java file says, from its syntax tree (tree-sitter-java 0.23). */
import type { Span } from "../../../../text/span";
import type { FunctionDraft } from "../../draft";
import type { Argument, Call, CodeFacts, Entry, Name, Origin, Scope, Text, Value } from "../../facts";
import { literalText, unknownAt, usedAt } from "../../fold";
import { type Guards, both, either, guardsOf, guardsOfEquality, noGuards, opposite } from "../guards";
import { type SyntaxNode, child, childOf, childrenIn, childrenOf, isComment, meaningful, walk } from "../node";
import {
  type DecoratorDraft,
  type Known,
  LazyKnown,
  type Type,
  Walk,
  amount,
  choice,
  filled,
  flag,
  formatted,
  list,
  nameAt,
  noType,
  nothing,
  spanOf,
  unescaped,
  variable,
} from "../walk";
import { hasClass, isLanguageClass, resultOf, split } from "./classes";

/** Never fails; what cannot be read says nothing. */
export function readJava(root: SyntaxNode, text: string): CodeFacts {
  return new JavaReader(text).file(root);
}

const classTypes: ReadonlySet<string> = new Set([
  "class_declaration",
  "interface_declaration",
  "enum_declaration",
  "record_declaration",
  "annotation_type_declaration",
]);
/** Methods that give the same text in another shape. */
const transparent = /^(?:getBytes|toCharArray|trim|strip|toString|intern|toLowerCase|toUpperCase|stripIndent)$/;
const lists = /^(?:List\.of|Set\.of|Arrays\.asList|Collections\.singletonList|Collections\.singleton|Stream\.of)$/;

class JavaReader {
  readonly #to: Walk;
  readonly #classes = new Map<string, Origin>();
  readonly #statics = new Map<string, Origin>();
  readonly #wildcards: string[] = [];
  /** Fields of the file's classes, by class and field. */
  readonly #fields = new Map<string, ReadonlyMap<string, Known>>();
  readonly #types = new Map<SyntaxNode, Type>();
  readonly #changed = new Set<string>();

  constructor(text: string) {
    this.#to = new Walk(text);
  }

  file(root: SyntaxNode): CodeFacts {
    for (const node of childrenOf(root, "import_declaration")) this.#import(node);
    walk(root, (node) => {
      if (isComment(node)) this.#to.comment(node);
      else this.#survey(node);
    });
    this.#to.block(() => this.#all(root.children));
    return this.#to.facts("java", (module, member) => this.#importOf(root, module, member));
  }

  #of(node: Span | undefined): string {
    return this.#to.of(node);
  }

  // Before the walk: what the file declares

  #import(node: SyntaxNode): void {
    const path = this.#of(childOf(node, "scoped_identifier", "identifier"));
    if (path === "") return;
    const isStatic = /^import\s+static\s/.test(this.#of(node));
    const isWhole = childOf(node, "asterisk") !== undefined;
    const at = spanOf(node);
    if (isWhole) {
      if (!isStatic) this.#wildcards.push(path);
      this.#to.draft.imports.push({ ...at, module: path, member: "*", local: "*" });
      return;
    }
    const origin = split(path);
    const local = path.slice(path.lastIndexOf(".") + 1);
    (isStatic ? this.#statics : this.#classes).set(local, origin);
    this.#to.draft.imports.push({ ...at, ...origin, local });
  }

  #survey(node: SyntaxNode): void {
    if (classTypes.has(node.type)) {
      const called = this.#of(child(node, "name"));
      const before = this.#fields.get(called) ?? new Map<string, Known>();
      this.#fields.set(called, new Map([...before, ...this.#fieldsOf(node)]));
    } else if (node.type === "assignment_expression") this.#noteTarget(child(node, "left"));
    else if (node.type === "update_expression") this.#noteTarget(meaningful(node)[0]);
  }

  #noteTarget(target: SyntaxNode | undefined): void {
    if (target?.type === "identifier") this.#changed.add(this.#of(target));
    if (target?.type === "field_access" && child(target, "object")?.type === "this") {
      this.#changed.add(this.#of(child(target, "field")));
    }
  }

  /** Their values are read when somebody asks. */
  #fieldsOf(node: SyntaxNode): ReadonlyMap<string, Known> {
    const fields = new Map<string, Known>();
    const called = this.#of(child(node, "name"));
    for (const parameter of childrenOf(child(node, "parameters"), "formal_parameter")) {
      fields.set(
        this.#of(child(parameter, "name")),
        this.#lazy(called, child(parameter, "type"), undefined, undefined),
      );
    }
    const body = child(node, "body");
    const members = [...meaningful(body), ...meaningful(childOf(body, "enum_body_declarations"))];
    for (const member of members) {
      if (member.type !== "field_declaration" && member.type !== "constant_declaration") continue;
      for (const declarator of childrenIn(member, "declarator")) {
        const value = child(declarator, "value");
        const known = this.#lazy(called, child(member, "type"), value, childOf(member, "modifiers"));
        fields.set(this.#of(child(declarator, "name")), known);
      }
    }
    return fields;
  }

  #lazy(
    owner: string,
    type: SyntaxNode | undefined,
    value: SyntaxNode | undefined,
    modifiers: SyntaxNode | undefined,
  ): Known {
    return new LazyKnown(() => {
      const names = this.#fields.get(owner);
      const found =
        value === undefined ? this.#injected(modifiers) : this.#to.elsewhere(names, () => this.#value(value));
      return { type: this.#type(type), value: found };
    });
  }

  /** What `@Value("${key:fallback}")` puts into a field or parameter. */
  #injected(modifiers: SyntaxNode | undefined): Value | undefined {
    const annotation = modifiers?.children.find(
      (one) => one.type === "annotation" && /(?:^|\.)Value$/.test(this.#of(child(one, "name"))),
    );
    const given = meaningful(child(annotation, "arguments"))[0];
    const node = given?.type === "element_value_pair" ? child(given, "value") : given;
    if (node === undefined) return undefined;
    const text = this.#to.elsewhere(undefined, () => this.#value(node));
    if (text?.kind !== "text" || text.whole === undefined) return undefined;
    const match = /^\$\{([^:{}]{1,200})(?::([\s\S]*))?\}$/.exec(text.whole);
    if (match === null) return undefined;
    const [, key = "", other] = match;
    if (other === undefined) return { kind: "lookup", ...spanOf(node), key, fallback: undefined };
    const inner = text.inner && { start: text.inner.start + 3 + key.length, end: text.inner.end - 1 };
    const isNested = other.includes("${");
    const fallback = isNested ? unknownAt(inner ?? node) : literalText(inner ?? node, other, inner);
    return { kind: "lookup", ...spanOf(node), key, fallback };
  }

  // Types and names

  #type(node: SyntaxNode | undefined): Type {
    switch (node?.type) {
      case "type_identifier":
      case "identifier":
      case "scoped_type_identifier":
      case "scoped_identifier":
      case "field_access": {
        const text = this.#of(node)
          .replace(/<[\s\S]*/, "")
          .replaceAll(/\s/g, "");
        return { origin: this.#class(text), local: this.#fields.has(text) ? text : undefined };
      }
      case "generic_type":
      case "annotated_type":
        return this.#type(node.children.find((inner) => inner.type.endsWith("type_identifier")));
      default:
        return noType;
    }
  }

  /** Where a class comes from: `RestTemplate`, `Map.Entry`, `java.util.List`. */
  #class(text: string): Origin | undefined {
    const dot = text.indexOf(".");
    const first = dot < 0 ? text : text.slice(0, dot);
    if (this.#fields.has(first)) return undefined;
    const rest = dot < 0 ? "" : text.slice(dot);
    const imported = this.#classes.get(first);
    if (imported !== undefined) return { module: imported.module, member: imported.member + rest };
    if (/^[a-z]/.test(first)) {
      const origin = split(text);
      return dot > 0 && /^[A-Z]/.test(origin.member) && origin.module.includes(".") ? origin : undefined;
    }
    const module = this.#wildcards.find((one) => hasClass(one, first));
    if (module !== undefined) return { module, member: text };
    return isLanguageClass(first) ? { module: "java.lang", member: text } : undefined;
  }

  #known(called: string): Known | undefined {
    return this.#to.known(called);
  }

  #typeOf(node: SyntaxNode | undefined): Type {
    if (node === undefined) return noType;
    const known = this.#types.get(node);
    if (known !== undefined) return known;
    const type = this.#typeAnew(node);
    this.#types.set(node, type);
    return type;
  }

  #typeAnew(node: SyntaxNode): Type {
    switch (node.type) {
      case "identifier":
        return this.#known(this.#of(node))?.type ?? noType;
      case "this":
        return { origin: undefined, local: this.#to.scope.class?.name };
      case "parenthesized_expression":
        return this.#typeOf(meaningful(node)[0]);
      case "cast_expression":
      case "object_creation_expression":
        return this.#type(child(node, "type"));
      case "string_literal":
        return { origin: { module: "java.lang", member: "String" }, local: undefined };
      case "field_access": {
        const owner = this.#typeOf(child(node, "object"));
        const field =
          owner.local === undefined ? undefined : this.#fields.get(owner.local)?.get(this.#of(child(node, "field")));
        if (field !== undefined) return field.type;
        const origin = this.#origin(node);
        return origin === undefined ? noType : { origin, local: undefined };
      }
      case "method_invocation": {
        const origin = this.#origin(node);
        return origin === undefined ? noType : { origin: resultOf(origin), local: undefined };
      }
      default:
        return noType;
    }
  }

  /** Of a member that is used or called: where it comes from. */
  #origin(node: SyntaxNode): Origin | undefined {
    const object = child(node, "object");
    const member = this.#of(child(node, node.type === "field_access" ? "field" : "name"));
    if (object === undefined) return this.#statics.get(member);
    if (object.type === "identifier" || object.type === "field_access") {
      const text = this.#flat(object);
      if (this.#known(text.split(".")[0]!) === undefined) {
        const origin = this.#class(text);
        if (origin !== undefined) return { module: origin.module, member: `${origin.member}.${member}` };
      }
    }
    const type = this.#typeOf(object).origin;
    return type === undefined ? undefined : { module: type.module, member: `${type.member}.${member}` };
  }

  #flat(node: SyntaxNode | undefined): string {
    switch (node?.type) {
      case "field_access":
        return dotted(this.#flat(child(node, "object")), this.#of(child(node, "field")));
      case "method_invocation":
        return dotted(this.#flat(child(node, "object")), this.#of(child(node, "name")));
      case "array_access":
        return this.#flat(child(node, "array"));
      case "parenthesized_expression":
        return this.#flat(meaningful(node)[0]);
      case "cast_expression":
        return this.#flat(child(node, "value"));
      case "object_creation_expression":
        return this.#of(child(node, "type")).replace(/<[\s\S]*/, "");
      case "generic_type":
        return this.#flat(node.children[0]);
      case "identifier":
      case "type_identifier":
      case "scoped_identifier":
      case "scoped_type_identifier":
      case "this":
      case "super":
        return this.#of(node).replaceAll(/\s/g, "");
      default:
        return "";
    }
  }

  #typeName(node: SyntaxNode): Name {
    return nameAt(
      node.type === "generic_type" ? (node.children[0] ?? node) : node,
      this.#flat(node),
      this.#type(node).origin,
    );
  }

  // The walk

  #all(nodes: readonly SyntaxNode[]): void {
    for (const node of nodes) this.#value(node);
  }

  /** Reads an expression, a statement or a declaration; of the latter nothing is known as a value. */
  #value(node: SyntaxNode | undefined): Value {
    if (node === undefined) return unknownAt({ start: 0, end: 0 });
    switch (node.type) {
      case "string_literal":
        return this.#to.literal(this.#text(node));
      case "character_literal":
        return { ...literalText(node, unquoted(this.#of(node)), undefined), isLiteral: false };
      case "decimal_integer_literal":
      case "hex_integer_literal":
      case "octal_integer_literal":
      case "binary_integer_literal":
      case "decimal_floating_point_literal":
        return this.#number(node);
      case "true":
      case "false":
        return flag(node, node.type === "true");
      case "null_literal":
        return nothing(node);
      case "identifier":
        return this.#identifier(node);
      case "field_access":
        return this.#member(node);
      case "this":
        return variable(nameAt(node, "this", undefined));
      case "class_literal": {
        const type = meaningful(node)[0];
        return type === undefined ? unknownAt(node) : variable(this.#typeName(type));
      }
      case "parenthesized_expression":
        return this.#value(meaningful(node)[0]);
      case "cast_expression":
        return this.#value(child(node, "value"));
      case "unary_expression":
        return this.#unary(node);
      case "binary_expression":
        return this.#binary(node);
      case "ternary_expression":
        return this.#ternary(node);
      case "assignment_expression":
        return this.#assignment(node);
      case "method_invocation":
        return this.#call(node);
      case "object_creation_expression":
        return this.#creation(node);
      case "array_creation_expression": {
        const given = child(node, "value");
        return given === undefined ? unknownAt(node) : this.#value(given);
      }
      case "array_initializer":
      case "element_value_array_initializer":
        return list(
          node,
          meaningful(node).map((item) => this.#value(item)),
          false,
        );
      case "lambda_expression":
        return { kind: "lambda", ...spanOf(node), function: this.#lambda(node) };
      case "method_reference":
        return variable(nameAt(node, this.#of(node).replace("::", ".").replaceAll(/\s/g, ""), undefined));
      case "package_declaration":
      case "import_declaration":
      case "line_comment":
      case "block_comment":
        return unknownAt(node);
      default:
        this.#statement(node);
        return unknownAt(node);
    }
  }

  #statement(node: SyntaxNode): void {
    switch (node.type) {
      case "class_declaration":
      case "interface_declaration":
      case "enum_declaration":
      case "record_declaration":
      case "annotation_type_declaration":
        return this.#class_(node);
      case "method_declaration":
      case "constructor_declaration":
      case "compact_constructor_declaration":
      case "annotation_type_element_declaration":
        this.#method(node);
        return;
      case "field_declaration":
      case "constant_declaration":
        return this.#field(node);
      case "local_variable_declaration":
        return this.#locals(node);
      case "resource":
      case "enhanced_for_statement":
        return this.#scoped(node);
      case "if_statement":
        return this.#if(node);
      case "switch_expression":
        return this.#switch(node);
      case "return_statement":
        if (meaningful(node)[0] !== undefined) this.#to.returns(this.#value(meaningful(node)[0]));
        return;
      case "throw_statement":
        this.#all(meaningful(node));
        return this.#to.throws();
      case "block":
      case "for_statement":
      case "try_with_resources_statement":
      case "catch_clause":
        return this.#to.block(() => this.#all(meaningful(node)));
      case "catch_formal_parameter":
        return this.#to.declare(this.#of(child(node, "name")), {
          type: this.#type(meaningful(childOf(node, "catch_type"))[0]),
          value: undefined,
        });
      default:
        this.#all(meaningful(node));
    }
  }

  #text(node: SyntaxNode): Text {
    const source = this.#of(node);
    if (source.startsWith('"""')) {
      const raw = source.replace(/^"""[ \t\f]*\r?\n?/, "").replace(/"""$/, "");
      return literalText(node, unescapedAll(outdented(raw)), undefined);
    }
    const inner = { start: node.start + 1, end: Math.max(node.start + 1, node.end - 1) };
    if (childOf(node, "escape_sequence") === undefined) return literalText(node, this.#of(inner), inner);
    return literalText(node, unescapedAll(this.#of(inner)), undefined);
  }

  #number(node: SyntaxNode): Value {
    const text = this.#of(node)
      .replaceAll("_", "")
      .replace(/[lLdD]$/, "");
    const value = Number(/^0\d+$/.test(text) ? `0o${text.slice(1)}` : text);
    return Number.isNaN(value) ? unknownAt(node) : amount(node, value);
  }

  #identifier(node: SyntaxNode): Value {
    const called = this.#of(node);
    const known = this.#known(called);
    const value = known?.value === undefined || this.#changed.has(called) ? undefined : usedAt(node, known.value);
    if (value !== undefined) return value;
    const origin = known === undefined ? (this.#statics.get(called) ?? this.#class(called)) : undefined;
    return variable(nameAt(node, called, origin));
  }

  #member(node: SyntaxNode): Value {
    const object = child(node, "object");
    const text = this.#flat(node);
    const field = this.#of(child(node, "field"));
    const owner =
      object?.type === "this"
        ? this.#typeOf(object).local
        : object?.type === "identifier"
          ? this.#of(object)
          : undefined;
    const known = owner === undefined ? undefined : this.#fields.get(owner)?.get(field);
    const value = known?.value === undefined || this.#changed.has(field) ? undefined : usedAt(node, known.value);
    if (value !== undefined) return value;
    if (object?.type === "method_invocation" || object?.type === "object_creation_expression") this.#value(object);
    return variable(nameAt(node, text, this.#origin(node)));
  }

  #unary(node: SyntaxNode): Value {
    const value = this.#value(child(node, "operand"));
    const operator = this.#of(child(node, "operator"));
    if (operator === "-" && value.kind === "amount") return amount(node, -value.value);
    if (operator === "!" && value.kind === "flag") return flag(node, !value.value);
    return unknownAt(node);
  }

  #binary(node: SyntaxNode): Value {
    const operator = this.#of(child(node, "operator"));
    if (operator === "==" || operator === "!=") {
      this.#equality(node);
      return unknownAt(node);
    }
    const left = this.#value(child(node, "left"));
    const right = this.#value(child(node, "right"));
    return this.#to.reckoned(node, operator, left, right);
  }

  #equality(node: SyntaxNode): Guards {
    return this.#to.compare(this.#value(child(node, "left")), this.#value(child(node, "right")));
  }

  /** `x != null ? x : "y"` is `x` with a fallback where `x` is a look at the environment. */
  #ternary(node: SyntaxNode): Value {
    this.#condition(child(node, "condition"));
    const yes = this.#value(child(node, "consequence"));
    const no = this.#value(child(node, "alternative"));
    if (yes.kind === "lookup" && yes.fallback === undefined) return this.#fallingBack(node, yes, no);
    if (no.kind === "lookup" && no.fallback === undefined) return this.#fallingBack(node, no, yes);
    return choice(node, [yes, no]);
  }

  #fallingBack(at: Span, lookup: Value, fallback: Value | undefined): Value {
    if (lookup.kind !== "lookup") return unknownAt(at);
    return this.#to.fallback({ ...lookup, start: at.start, end: at.end, fallback });
  }

  #condition(node: SyntaxNode | undefined): Guards {
    if (node === undefined) return noGuards;
    if (node.type === "parenthesized_expression") return this.#condition(meaningful(node)[0]);
    const operator = this.#of(child(node, "operator"));
    if (node.type === "unary_expression" && operator === "!") return opposite(this.#condition(child(node, "operand")));
    if (node.type === "binary_expression") {
      if (operator === "==") return this.#equality(node);
      if (operator === "!=") return opposite(this.#equality(node));
      if (operator === "&&") return both(this.#condition(child(node, "left")), this.#condition(child(node, "right")));
      if (operator === "||") return either(this.#condition(child(node, "left")), this.#condition(child(node, "right")));
    }
    const value = this.#value(node);
    if (value.kind === "call" && /^equals(?:IgnoreCase)?$/.test(value.callee.last) && value.receiver !== undefined) {
      const other = value.arguments[0]?.value;
      return other === undefined ? noGuards : guardsOfEquality(value.receiver, other);
    }
    return guardsOf(value);
  }

  #assignment(node: SyntaxNode): Value {
    const target = child(node, "left");
    const isSet = this.#of(child(node, "operator")) === "=";
    const value = this.#value(child(node, "right"));
    if (target === undefined) return value;
    if (target.type === "array_access") this.#all(meaningful(target));
    else if (child(target, "object")?.type === "method_invocation") this.#value(child(target, "object"));
    const text = this.#flat(target);
    if (!isSet || text === "") return unknownAt(node);
    const origin = target.type === "field_access" ? this.#origin(target) : undefined;
    const isMember = target.type !== "identifier" || (this.#to.scope.class !== undefined && this.#isField(text));
    this.#to.assign(node, nameAt(target, text, origin), value, isMember ? "member" : "variable");
    return value;
  }

  #isField(called: string): boolean {
    const own = this.#to.scope.class?.name;
    const known = this.#known(called);
    return own !== undefined && known !== undefined && this.#fields.get(own)?.get(called) === known;
  }

  #arguments(node: SyntaxNode | undefined): { readonly arguments: readonly Argument[]; readonly argumentsSpan: Span } {
    const at = node === undefined ? 0 : node.start + 1;
    return {
      arguments: meaningful(node).map((given) => ({ name: undefined, value: this.#value(given), span: spanOf(given) })),
      argumentsSpan: { start: at, end: node === undefined ? at : Math.max(at, node.end - 1) },
    };
  }

  #call(node: SyntaxNode): Value {
    const object = child(node, "object");
    const called = child(node, "name");
    if (called === undefined) {
      this.#all(meaningful(node));
      return unknownAt(node);
    }
    const receiver = object === undefined || this.#isClass(object) ? undefined : this.#value(object);
    const given = this.#arguments(child(node, "arguments"));
    const isLink = object !== undefined && hasCall(object);
    const span = this.#to.calleeSpan({ start: node.start, end: called.end }, called, isLink);
    const callee = nameAt(span, this.#flat(node), this.#origin(node));
    return this.#to.call(node, { callee, receiver, isOpen: false, ...given }, (call) => this.#meaning(call));
  }

  #isClass(object: SyntaxNode): boolean {
    if (object.type !== "identifier" && object.type !== "field_access") return object.type === "super";
    const text = this.#flat(object);
    if (this.#known(text.split(".")[0]!) !== undefined) return false;
    return this.#class(text) !== undefined || this.#fields.has(text);
  }

  /** Calls that are a text, a list or a look at the environment. */
  #meaning(call: Call): Value | undefined {
    const { callee, receiver } = call;
    const values = call.arguments.map((argument) => argument.value);
    const [first, second] = values;
    const { last, origin } = callee;
    if (receiver?.kind === "text" || receiver?.kind === "lookup") {
      if (transparent.test(last)) return receiver;
      if (receiver.kind === "text" && last === "concat" && first !== undefined)
        return this.#to.sum(call, receiver, first);
      if (receiver.kind === "text" && last === "formatted" && receiver.whole !== undefined) {
        return this.#to.joined(call, formatted(receiver.whole, values), receiver);
      }
      if (/^(?:equals|equalsIgnoreCase|contentEquals)$/.test(last) && first !== undefined)
        this.#to.compare(receiver, first);
    } else if (/^(?:equals|equalsIgnoreCase)$/.test(last) && receiver !== undefined && first !== undefined) {
      this.#to.compare(receiver, first);
    }
    const inside = receiver?.kind === "call" ? receiver : undefined;
    if (/^orElse(?:Get)?$/.test(last) && inside !== undefined) {
      const asked = inside.chain.find((link) => link.callee.last === "ofNullable")?.arguments[0]?.value;
      const other = first?.kind === "lambda" ? first.function.returns[0] : first;
      if (asked?.kind === "lookup") return this.#fallingBack(call, asked, other);
    }
    if (last === "getOrDefault" && inside?.callee.origin?.member === "System.getenv")
      return this.#to.lookup(call, first, second);
    if (/^get(?:Required)?Property$/.test(last) && isEnvironment(callee)) return this.#to.lookup(call, first, second);
    if (origin === undefined || first === undefined) return undefined;
    if (origin.module === "java.lang") {
      if (/^System\.get(?:env|Property)$/.test(origin.member)) return this.#to.lookup(call, first, second);
      if (origin.member === "String.format" && first.kind === "text" && first.whole !== undefined) {
        return this.#to.joined(call, formatted(first.whole, values.slice(1)), first);
      }
      if (origin.member === "String.valueOf" && first.kind === "text") return first;
      return undefined;
    }
    if (origin.module === "java.text" && origin.member === "MessageFormat.format" && first.kind === "text") {
      return first.whole === undefined ? undefined : this.#to.joined(call, filled(first.whole, values.slice(1)), first);
    }
    if (origin.module.startsWith("java.util")) {
      if (lists.test(origin.member)) return list(call, values, false);
      if (origin.member === "Objects.requireNonNullElse")
        return first.kind === "lookup" ? this.#fallingBack(call, first, second) : choice(call, values);
      if (origin.member === "Map.of") return this.#map(call);
    }
    if (
      /\.StringUtils$/.test(`${origin.module}.${origin.member.split(".")[0]}`) &&
      /^default/.test(last) &&
      first.kind === "lookup"
    ) {
      return this.#fallingBack(call, first, second);
    }
    return undefined;
  }

  #map(call: Call): Value {
    const entries: Entry[] = [];
    let isOpen = false;
    for (let i = 0; i + 1 < call.arguments.length; i += 2) {
      const key = call.arguments[i]!;
      const value = call.arguments[i + 1]!;
      const called =
        key.value.kind === "text" ? key.value.whole : key.value.kind === "variable" ? key.value.name.last : undefined;
      if (called === undefined) isOpen = true;
      else
        entries.push({
          start: key.span.start,
          end: value.span.end,
          name: called,
          nameSpan: key.span,
          value: value.value,
        });
    }
    return this.#to.options(call, undefined, entries, isOpen);
  }

  #creation(node: SyntaxNode): Value {
    const type = child(node, "type");
    const outer = meaningful(node)[0];
    if (outer !== undefined && outer !== type && outer.field === undefined && outer.type.includes("expression"))
      this.#value(outer);
    const given = this.#arguments(child(node, "arguments"));
    const callee = type === undefined ? nameAt(node, "", undefined) : this.#typeName(type);
    const call = this.#to.call(node, { callee, isNew: true, receiver: undefined, isOpen: false, ...given });
    const body = childOf(node, "class_body");
    if (body !== undefined && type !== undefined) {
      this.#to.class(node, { name: undefined, bases: [callee] }, () => {
        for (const [called, known] of this.#fieldsOf({ ...node, children: [{ ...body, field: "body" }] }))
          this.#to.declare(called, known);
        this.#all(meaningful(body));
      });
    }
    return call;
  }

  #lambda(node: SyntaxNode): FunctionDraft {
    const parameters = child(node, "parameters");
    const names = parameters?.type === "identifier" ? [this.#of(parameters)] : this.#parameterNames(parameters);
    const body = child(node, "body");
    const isBlock = body?.type === "block";
    const statements = isBlock ? meaningful(body).length : 1;
    return this.#to.function(node, { name: undefined, parameters: names, body, statements }, () => {
      this.#parameters(parameters);
      for (const called of names)
        if (parameters?.type !== "formal_parameters") this.#to.declare(called, { type: noType, value: undefined });
      const value = this.#value(body);
      if (!isBlock && body !== undefined) this.#to.returns(value);
    });
  }

  #parameterNames(node: SyntaxNode | undefined): readonly string[] {
    return meaningful(node).flatMap((parameter) => {
      if (parameter.type === "identifier") return [this.#of(parameter)];
      const called = child(parameter, "name") ?? child(childOf(parameter, "variable_declarator"), "name");
      return called === undefined || parameter.type === "receiver_parameter" ? [] : [this.#of(called)];
    });
  }

  #parameters(node: SyntaxNode | undefined): void {
    for (const parameter of meaningful(node)) {
      const called = child(parameter, "name") ?? child(childOf(parameter, "variable_declarator"), "name");
      if (called === undefined) continue;
      const modifiers = childOf(parameter, "modifiers");
      this.#annotations(modifiers, this.#of(called));
      const type = parameter.type === "spread_parameter" ? noType : this.#type(child(parameter, "type"));
      const value = this.#injected(modifiers);
      this.#to.declare(this.#of(called), { type, value });
      if (value !== undefined) this.#inject(parameter, called, value, "parameter");
    }
  }

  /** Records what `@Value` gives. */
  #inject(at: SyntaxNode, called: SyntaxNode, value: Value, how: "member" | "parameter"): void {
    if (value.kind === "lookup" && value.fallback?.kind === "text") this.#to.literal(value.fallback);
    if (value.kind === "lookup") this.#to.fallback(value);
    this.#to.assign(at, nameAt(called, this.#of(called), undefined), value, how);
  }

  // Declarations

  #annotations(modifiers: SyntaxNode | undefined, subject?: string): readonly DecoratorDraft[] {
    return childrenOf(modifiers, "annotation", "marker_annotation").map((node) => {
      const called = child(node, "name");
      const args = meaningful(child(node, "arguments")).map((given): Argument => {
        const isNamed = given.type === "element_value_pair";
        return {
          name: isNamed ? this.#of(child(given, "key")) : undefined,
          value: this.#value(isNamed ? child(given, "value") : given),
          span: spanOf(given),
        };
      });
      const text = this.#of(called);
      return this.#to.decorator(node, nameAt(called ?? node, text, this.#class(text)), args, subject);
    });
  }

  #guard(decorators: readonly DecoratorDraft[]): Scope["guard"] {
    for (const { name, arguments: args } of decorators) {
      if (name.last === "ConditionalOnProperty") return "flag";
      if (name.last !== "Profile" && name.last !== "ActiveProfiles") continue;
      const given = args.find((argument) => argument.name === undefined || argument.name === "value")?.value;
      const profiles = given?.kind === "list" ? given.items : given === undefined ? [] : [given];
      const isLocal = profiles.every((profile) => profile.kind === "text" && isDevelopmentProfile(profile.whole ?? ""));
      if (profiles.length > 0 && isLocal) return "development";
    }
    return undefined;
  }

  #class_(node: SyntaxNode): void {
    const decorators = this.#annotations(childOf(node, "modifiers"));
    const called = child(node, "name");
    const parents = [
      ...meaningful(child(node, "superclass")),
      ...meaningful(childOf(child(node, "interfaces") ?? childOf(node, "extends_interfaces"), "type_list")),
    ];
    const about = {
      name: called === undefined ? undefined : this.#of(called),
      bases: parents.map((parent) => this.#typeName(parent)),
      decorators,
      guard: this.#guard(decorators),
    };
    this.#to.class(node, about, () => {
      for (const [field, known] of this.#fields.get(this.#of(called)) ?? []) this.#to.declare(field, known);
      this.#parameters(child(node, "parameters"));
      this.#all(meaningful(child(node, "body")));
    });
  }

  #method(node: SyntaxNode): void {
    const decorators = this.#annotations(childOf(node, "modifiers"));
    const parameters = child(node, "parameters");
    const body = child(node, "body");
    const about = {
      name: child(node, "name"),
      parameters: this.#parameterNames(parameters),
      decorators,
      body,
      statements: meaningful(body).length,
      guard: this.#guard(decorators),
    };
    this.#to.function(node, about, () => {
      this.#parameters(parameters);
      this.#all(meaningful(body));
      if (child(node, "value") !== undefined) this.#value(child(node, "value"));
    });
  }

  #field(node: SyntaxNode): void {
    const modifiers = childOf(node, "modifiers");
    const isConstant = /\bfinal\b/.test(this.#of(modifiers)) && /\bstatic\b/.test(this.#of(modifiers));
    const declarators = childrenIn(node, "declarator");
    this.#annotations(modifiers, this.#of(child(declarators[0], "name")));
    for (const declarator of declarators) {
      const called = child(declarator, "name");
      const given = child(declarator, "value");
      if (called === undefined) continue;
      if (given === undefined) {
        const value = this.#injected(modifiers);
        if (value !== undefined) this.#inject(node, called, value, "member");
        continue;
      }
      const value = this.#value(given);
      const how = isConstant || node.type === "constant_declaration" ? "constant" : "member";
      this.#to.assign(declarator, nameAt(called, this.#of(called), undefined), value, how);
    }
  }

  #locals(node: SyntaxNode): void {
    this.#annotations(childOf(node, "modifiers"));
    const type = child(node, "type");
    const isInferred = this.#of(type) === "var";
    for (const declarator of childrenIn(node, "declarator")) {
      const called = child(declarator, "name");
      const given = child(declarator, "value");
      const own = isInferred ? this.#typeOf(given) : this.#type(type);
      const value = given === undefined ? undefined : this.#value(given);
      if (called === undefined) continue;
      this.#to.declare(this.#of(called), { type: own, value });
      if (value !== undefined)
        this.#to.assign(declarator, nameAt(called, this.#of(called), undefined), value, "variable");
    }
  }

  #scoped(node: SyntaxNode): void {
    const read = (): void => {
      const given = child(node, "value");
      const type = child(node, "type");
      const called = child(node, "name");
      const own = this.#of(type) === "var" && node.type === "resource" ? this.#typeOf(given) : this.#type(type);
      const value = given === undefined ? undefined : this.#value(given);
      const isResource = node.type === "resource";
      if (called !== undefined)
        this.#to.declare(this.#of(called), { type: own, value: isResource ? value : undefined });
      if (called !== undefined && value !== undefined && isResource) {
        this.#to.assign(node, nameAt(called, this.#of(called), undefined), value, "variable");
      }
      if (!isResource) this.#value(child(node, "body"));
    };
    if (node.type === "resource") read();
    else this.#to.block(read);
  }

  #if(node: SyntaxNode): void {
    const guards = this.#condition(child(node, "condition"));
    this.#to.guarded(guards.yes, () => this.#value(child(node, "consequence")));
    const alternative = child(node, "alternative");
    if (alternative !== undefined) this.#to.guarded(guards.no, () => this.#value(alternative));
  }

  #switch(node: SyntaxNode): void {
    const asked = this.#value(child(node, "condition"));
    for (const group of meaningful(child(node, "body"))) {
      let guard: Guards | undefined;
      for (const label of childrenOf(group, "switch_label")) {
        for (const option of meaningful(label)) {
          const value = this.#value(option);
          const own = this.#to.compare(asked, value);
          guard = guard === undefined ? own : either(guard, own);
        }
        if (meaningful(label).length === 0) guard = noGuards;
      }
      const inside = meaningful(group).filter((inner) => inner.type !== "switch_label");
      this.#to.guarded(guard?.yes, () => this.#to.block(() => this.#all(inside)));
    }
  }

  #importOf(
    root: SyntaxNode,
    module: string,
    member: string | undefined,
  ): { readonly at: number; readonly text: string } | undefined {
    if (module === "" || module === "java.lang") return undefined;
    const isThere = this.#to.draft.imports.some(
      (one) => one.module === module && (one.member === member || one.member === "*"),
    );
    if (isThere) return undefined;
    const line = `import ${module}${member === undefined || member === "" ? ".*" : `.${member}`};`;
    const { newline } = this.#to;
    const last = childrenOf(root, "import_declaration").at(-1);
    if (last !== undefined) return { at: last.end, text: `${newline}${line}` };
    const first = childOf(root, "package_declaration");
    if (first === undefined) return { at: 0, text: `${line}${newline}${newline}` };
    return { at: first.end, text: `${newline}${newline}${line}` };
  }
}

const dotted = (before: string, last: string): string => (before === "" ? last : `${before}.${last}`);

const unquoted = (source: string): string => unescapedAll(source.slice(1, -1));

const unescapedAll = (source: string): string =>
  source.replaceAll(/\\(?:u+[0-9a-fA-F]{4}|[0-7]{1,3}|\r?\n|[\s\S])/g, (escape) =>
    /^\\\r?\n$/.test(escape) ? "" : unescaped(escape.replace(/^\\u+/, "\\u")),
  );

/** A text block without the indentation that all of its lines have. */
function outdented(raw: string): string {
  const lines = raw.split(/\r?\n/);
  const meant = lines.filter((line, index) => line.trim() !== "" || index === lines.length - 1);
  const least = Math.min(...meant.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(least).trimEnd()).join("\n");
}

function isDevelopmentProfile(profile: string): boolean {
  return (
    /^(?:dev|develop|development|local|test|tests|testing|debug|it|integration)$/i.test(profile) ||
    /^!\s*prod/i.test(profile)
  );
}

/** Spring's `Environment`, by its type or, where that is not known, by the name of the variable. */
function isEnvironment({ text, origin }: Name): boolean {
  if (origin !== undefined) return /^(?:Configurable)?Environment\./.test(origin.member);
  return /(?:^|\.)_?env(?:ironment)?\.\w+$/i.test(text);
}

/** Whether a call stands in the path of a name. */
function hasCall(node: SyntaxNode): boolean {
  if (node.type === "method_invocation" || node.type === "object_creation_expression") return true;
  const inner = child(node, "object") ?? (node.type === "parenthesized_expression" ? meaningful(node)[0] : undefined);
  return inner !== undefined && hasCall(inner);
}
