/** What a C# file says, from its syntax tree (tree-sitter-c-sharp 0.23). */
import type { Span } from "../../../../text/span";
import type { FunctionDraft } from "../../draft";
import type { Argument, Call, CodeFacts, Entry, Name, Options, Origin, Scope, Value } from "../../facts";
import { literalText, unknownAt, usedAt } from "../../fold";
import { type Guards, both, either, guardsOf, noGuards, opposite } from "../guards";
import { type SyntaxNode, child, childOf, childrenOf, isComment, meaningful, walk } from "../node";
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
  list,
  nameAt,
  noType,
  nothing,
  spanOf,
  unescaped,
  variable,
} from "../walk";
import { namespaceOf, resultOf, split } from "./types";

/** Never fails; what cannot be read says nothing. */
export function readCsharp(root: SyntaxNode, text: string): CodeFacts {
  return new CsharpReader(text).file(root);
}

const classTypes: ReadonlySet<string> = new Set([
  "class_declaration",
  "struct_declaration",
  "interface_declaration",
  "record_declaration",
  "record_struct_declaration",
  "enum_declaration",
]);
const functionTypes: ReadonlySet<string> = new Set([
  "method_declaration",
  "constructor_declaration",
  "destructor_declaration",
  "operator_declaration",
  "conversion_operator_declaration",
  "local_function_statement",
  "accessor_declaration",
]);
const predefined: Readonly<Record<string, string>> = Object.freeze({ string: "String", object: "Object" });
/** Methods that give the same text in another shape. */
const transparent =
  /^(?:ToString|Trim|TrimEnd|TrimStart|ToLower|ToUpper|ToLowerInvariant|ToUpperInvariant|ToCharArray)$/;
const configuration = /(?:^|[._])(?:config|configuration|cfg|appsettings|configurationManager)$/i;

class CsharpReader {
  readonly #to: Walk;
  readonly #used = new Set<string>();
  readonly #aliases = new Map<string, string>();
  readonly #fields = new Map<string, ReadonlyMap<string, Known>>();
  readonly #types = new Map<SyntaxNode, Type>();
  /** Assignments inside initialisers: they set members of what is made, and no variables. */
  readonly #entriesMade = new Set<SyntaxNode>();
  readonly #changed = new Set<string>();

  constructor(text: string) {
    this.#to = new Walk(text);
  }

  file(root: SyntaxNode): CodeFacts {
    walk(root, (node) => {
      if (isComment(node)) this.#to.comment(node);
      else if (node.type === "using_directive") this.#using(node);
    });
    walk(root, (node) => this.#survey(node));
    this.#to.block(() => this.#all(root.children));
    return this.#to.facts("csharp", (module) => this.#importOf(root, module));
  }

  #of(node: Span | undefined): string {
    return this.#to.of(node);
  }

  // Before the walk: what the file declares

  #using(node: SyntaxNode): void {
    const alias = child(node, "name");
    const path = node.children.findLast((inner) => inner !== alias && inner.type !== "comment");
    if (path === undefined) return;
    const text = this.#of(path).replaceAll(/\s/g, "");
    const at = spanOf(node);
    if (alias !== undefined) {
      const local = this.#of(alias);
      this.#aliases.set(local, text);
      const dot = text.lastIndexOf(".");
      this.#to.draft.imports.push({
        ...at,
        module: text.slice(0, Math.max(dot, 0)),
        member: text.slice(dot + 1),
        local,
      });
      return;
    }
    const isStatic = /^(?:global\s+)?using\s+static\b/.test(this.#of(node));
    if (!isStatic) this.#used.add(text);
    this.#to.draft.imports.push({ ...at, module: text, member: "*", local: "*" });
  }

  #survey(node: SyntaxNode): void {
    if (classTypes.has(node.type)) {
      const called = this.#of(child(node, "name"));
      const before = this.#fields.get(called) ?? new Map<string, Known>();
      this.#fields.set(called, new Map([...before, ...this.#fieldsOf(node)]));
      return;
    }
    if (node.type === "initializer_expression") for (const entry of node.children) this.#entriesMade.add(entry);
    else if (node.type === "assignment_expression" && !this.#entriesMade.has(node))
      this.#noteTarget(child(node, "left"));
    else if (node.type === "postfix_unary_expression" || node.type === "prefix_unary_expression") {
      if (/^(?:\+\+|--)|(?:\+\+|--)$/.test(this.#of(node))) this.#noteTarget(meaningful(node)[0]);
    } else if (node.type === "argument" && /^(?:out|ref)\b/.test(this.#of(node).slice(0, 4)))
      this.#noteTarget(meaningful(node)[0]);
  }

  #noteTarget(target: SyntaxNode | undefined): void {
    if (target?.type === "identifier") this.#changed.add(this.#of(target));
    if (target?.type === "member_access_expression" && child(target, "expression")?.type === "this") {
      this.#changed.add(this.#of(child(target, "name")));
    }
  }

  /** Their values are read when somebody asks. */
  #fieldsOf(node: SyntaxNode): ReadonlyMap<string, Known> {
    const fields = new Map<string, Known>();
    const called = this.#of(child(node, "name"));
    for (const parameter of childrenOf(childOf(node, "parameter_list"), "parameter")) {
      fields.set(this.#of(child(parameter, "name")), this.#lazy(called, child(parameter, "type"), undefined));
    }
    const members = (inside: readonly SyntaxNode[]): readonly SyntaxNode[] =>
      inside.flatMap((member) => (member.type.startsWith("preproc_") ? members(member.children) : [member]));
    for (const member of members(meaningful(child(node, "body")))) {
      const modifiers = childrenOf(member, "modifier").map((modifier) => this.#of(modifier));
      const isConstant = modifiers.includes("const") || modifiers.includes("readonly");
      const isOpen = modifiers.some((modifier) => /^(?:public|internal|protected)$/.test(modifier));
      if (member.type === "field_declaration") {
        const declaration = childOf(member, "variable_declaration");
        for (const declarator of childrenOf(declaration, "variable_declarator")) {
          const value = isConstant || !isOpen ? valueOf(declarator) : undefined;
          fields.set(this.#of(child(declarator, "name")), this.#lazy(called, child(declaration, "type"), value));
        }
      } else if (member.type === "property_declaration") {
        const given = child(member, "value");
        const value = given?.type === "arrow_expression_clause" ? meaningful(given)[0] : undefined;
        fields.set(this.#of(child(member, "name")), this.#lazy(called, child(member, "type"), value));
      }
    }
    return fields;
  }

  #lazy(owner: string, type: SyntaxNode | undefined, value: SyntaxNode | undefined): Known {
    return new LazyKnown(() => {
      const names = this.#fields.get(owner);
      const found = value === undefined ? undefined : this.#to.elsewhere(names, () => this.#value(value));
      return { type: this.#type(type), value: found };
    });
  }

  // Types and names

  #type(node: SyntaxNode | undefined): Type {
    switch (node?.type) {
      case "identifier":
      case "qualified_name":
      case "alias_qualified_name":
      case "generic_name":
      case "predefined_type": {
        const text = this.#flat(node);
        return { origin: this.#class(text), local: this.#fields.has(text) ? text : undefined };
      }
      case "nullable_type":
      case "array_type":
      case "ref_type":
        return node.type === "array_type" ? noType : this.#type(child(node, "type") ?? meaningful(node)[0]);
      default:
        return noType;
    }
  }

  /** Where a type, or a member of one, comes from: `HttpClient`, `Encoding.UTF8`, `System.Net.Http.HttpClient`. */
  #class(text: string): Origin | undefined {
    const dot = text.indexOf(".");
    const first = dot < 0 ? text : text.slice(0, dot);
    if (first === "" || this.#fields.has(first)) return undefined;
    const rest = dot < 0 ? "" : text.slice(dot);
    const alias = this.#aliases.get(first);
    if (alias !== undefined) {
      const known = split(alias + rest);
      if (known !== undefined) return known;
      const at = alias.lastIndexOf(".");
      return at < 0 ? undefined : { module: alias.slice(0, at), member: alias.slice(at + 1) + rest };
    }
    const plain = predefined[first] ?? first;
    const namespace = namespaceOf(plain, this.#used);
    if (namespace !== undefined) return { module: namespace, member: plain + rest };
    return dot < 0 ? undefined : split(text);
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
        return this.#to.known(this.#of(node))?.type ?? noType;
      case "this":
        return { origin: undefined, local: this.#to.scope.class?.name };
      case "parenthesized_expression":
      case "await_expression":
      case "postfix_unary_expression":
        return this.#typeOf(meaningful(node)[0]);
      case "cast_expression":
      case "object_creation_expression":
        return this.#type(child(node, "type"));
      case "as_expression":
        return this.#type(child(node, "right"));
      case "member_access_expression": {
        const owner = this.#typeOf(child(node, "expression"));
        const field =
          owner.local === undefined ? undefined : this.#fields.get(owner.local)?.get(lastOf(this.#flat(node)));
        if (field !== undefined) return field.type;
        const origin = this.#origin(node);
        return origin === undefined ? noType : { origin: resultOf(origin, "read"), local: undefined };
      }
      case "conditional_access_expression": {
        const origin = this.#origin(node);
        return origin === undefined ? noType : { origin: resultOf(origin, "read"), local: undefined };
      }
      case "invocation_expression": {
        const origin = this.#origin(child(node, "function"));
        return origin === undefined ? noType : { origin: resultOf(origin, "called"), local: undefined };
      }
      default:
        return noType;
    }
  }

  /** Of a member that is used or called: where it comes from. */
  #origin(node: SyntaxNode | undefined): Origin | undefined {
    if (node?.type !== "member_access_expression" && node?.type !== "conditional_access_expression") return undefined;
    const object = child(node, node.type === "member_access_expression" ? "expression" : "condition");
    const member = lastOf(this.#flat(node));
    if (object === undefined) return undefined;
    const path = this.#path(object);
    if (path !== undefined && this.#to.known(path.split(".")[0]!) === undefined) {
      const origin = this.#class(path);
      if (origin !== undefined) {
        const from = object.type === "member_access_expression" ? resultOf(origin, "read") : origin;
        return { module: from.module, member: `${from.member}.${member}` };
      }
    }
    const type = this.#typeOf(object).origin;
    return type === undefined ? undefined : { module: type.module, member: `${type.member}.${member}` };
  }

  /** A path of names alone, such as a namespace and a type. */
  #path(node: SyntaxNode): string | undefined {
    if (/^(?:identifier|predefined_type|qualified_name|alias_qualified_name|generic_name)$/.test(node.type))
      return this.#flat(node);
    if (node.type !== "member_access_expression") return undefined;
    const object = child(node, "expression");
    const before = object === undefined ? undefined : this.#path(object);
    return before === undefined ? undefined : `${before}.${this.#flat(child(node, "name"))}`;
  }

  #flat(node: SyntaxNode | undefined): string {
    switch (node?.type) {
      case "member_access_expression":
        return dotted(this.#flat(child(node, "expression")), this.#flat(child(node, "name")));
      case "conditional_access_expression":
        return dotted(
          this.#flat(child(node, "condition")),
          this.#flat(node.children.find((inner) => inner.field !== "condition")),
        );
      case "member_binding_expression":
        return this.#flat(child(node, "name"));
      case "invocation_expression":
        return this.#flat(child(node, "function"));
      case "element_access_expression":
        return this.#flat(child(node, "expression"));
      case "object_creation_expression":
        return this.#flat(child(node, "type"));
      case "cast_expression":
        return this.#flat(child(node, "value"));
      case "alias_qualified_name":
        return this.#flat(child(node, "name"));
      case "generic_name":
      case "parenthesized_expression":
      case "await_expression":
      case "postfix_unary_expression":
      case "nullable_type":
        return this.#flat(meaningful(node)[0]);
      case "identifier":
      case "qualified_name":
      case "predefined_type":
      case "this":
      case "base":
        return this.#of(node).replaceAll(/\s|<[^>]{0,200}>|^global::/g, "");
      default:
        return "";
    }
  }

  #typeName(node: SyntaxNode): Name {
    return nameAt(
      node.type === "generic_name" ? (node.children[0] ?? node) : node,
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
      case "verbatim_string_literal":
      case "raw_string_literal":
        return this.#text(node);
      case "interpolated_string_expression":
        return this.#template(node);
      case "character_literal":
        return { ...literalText(node, unescapedAll(this.#of(node).slice(1, -1)), undefined), isLiteral: false };
      case "integer_literal":
      case "real_literal": {
        const digits = this.#of(node)
          .replaceAll("_", "")
          .replace(/[uUlL]{1,2}$/, "");
        const value = Number(/^0[xX]/.test(digits) ? digits : digits.replace(/[fFdDmM]$/, ""));
        return Number.isNaN(value) ? unknownAt(node) : amount(node, value);
      }
      case "boolean_literal":
        return flag(node, this.#of(node) === "true");
      case "null_literal":
        return nothing(node);
      case "identifier":
        return this.#identifier(node);
      case "member_access_expression":
        return this.#member(node);
      case "conditional_access_expression":
        return this.#conditionalAccess(node);
      case "element_access_expression":
        return this.#element(node);
      case "this":
        return variable(nameAt(node, "this", undefined));
      case "parenthesized_expression":
      case "await_expression":
      case "postfix_unary_expression":
      case "checked_expression":
        return this.#value(meaningful(node)[0]);
      case "cast_expression":
        return this.#value(child(node, "value"));
      case "as_expression":
        return this.#value(child(node, "left"));
      case "prefix_unary_expression":
        return this.#unary(node);
      case "binary_expression":
        return this.#binary(node);
      case "conditional_expression":
        return this.#ternary(node);
      case "assignment_expression":
        return this.#assignment(node);
      case "invocation_expression":
        return this.#call(node);
      case "object_creation_expression":
      case "implicit_object_creation_expression":
        return this.#creation(node, undefined);
      case "anonymous_object_creation_expression":
        return this.#anonymous(node);
      case "array_creation_expression":
      case "implicit_array_creation_expression":
      case "stackalloc_expression": {
        const given = childOf(node, "initializer_expression");
        return given === undefined ? unknownAt(node) : this.#items(node, given);
      }
      case "initializer_expression":
        return this.#items(node, node);
      case "collection_expression":
        return this.#collection(node);
      case "lambda_expression":
      case "anonymous_method_expression":
        return { kind: "lambda", ...spanOf(node), function: this.#lambda(node) };
      case "throw_expression":
        this.#all(meaningful(node));
        this.#to.throws();
        return unknownAt(node);
      case "using_directive":
      case "comment":
        return unknownAt(node);
      default:
        this.#statement(node);
        return unknownAt(node);
    }
  }

  #statement(node: SyntaxNode): void {
    if (classTypes.has(node.type)) return this.#class_(node);
    if (functionTypes.has(node.type)) {
      this.#function(node);
      return;
    }
    switch (node.type) {
      case "variable_declaration":
        return this.#variables(node);
      case "field_declaration":
        return this.#field(node);
      case "property_declaration":
      case "indexer_declaration":
        return this.#property(node);
      case "attribute_list":
        this.#attributesIn(node, undefined);
        return;
      case "preproc_if":
      case "preproc_elif":
        return this.#preprocessed(node);
      case "if_statement":
        return this.#if(node);
      case "switch_statement":
        return this.#switch(node);
      case "switch_expression":
        return this.#switchExpression(node);
      case "foreach_statement":
        return this.#foreach(node);
      case "return_statement":
        if (meaningful(node)[0] !== undefined) this.#to.returns(this.#value(meaningful(node)[0]));
        return;
      case "throw_statement":
        this.#all(meaningful(node));
        return this.#to.throws();
      case "arrow_expression_clause":
        return this.#to.returns(this.#value(meaningful(node)[0]));
      case "block":
      case "for_statement":
      case "using_statement":
      case "catch_clause":
        return this.#to.block(() => this.#all(meaningful(node)));
      case "declaration_expression":
      case "declaration_pattern":
      case "catch_declaration":
        return this.#to.declare(this.#of(child(node, "name")), {
          type: this.#type(child(node, "type")),
          value: undefined,
        });
      default:
        this.#all(meaningful(node));
    }
  }

  #text(node: SyntaxNode): Value {
    const source = this.#of(node);
    if (node.type === "raw_string_literal") {
      const content = childOf(node, "raw_string_content");
      const isOneLine = content !== undefined && !this.#of(content).includes("\n");
      const text = content === undefined ? "" : this.#of(content);
      return this.#to.literal(
        literalText(node, isOneLine ? text : outdented(text), isOneLine ? spanOf(content) : undefined),
      );
    }
    if (node.type === "verbatim_string_literal") {
      const inner = { start: node.start + 2, end: Math.max(node.start + 2, node.end - 1) };
      const raw = this.#of(inner);
      const hasQuote = raw.includes('""');
      return this.#to.literal(literalText(node, raw.replaceAll('""', '"'), hasQuote ? undefined : inner));
    }
    const end = source.lastIndexOf('"');
    const inner = { start: node.start + 1, end: node.start + Math.max(1, end) };
    if (childOf(node, "escape_sequence") === undefined)
      return this.#to.literal(literalText(node, this.#of(inner), inner));
    return this.#to.literal(literalText(node, unescapedAll(this.#of(inner)), undefined));
  }

  #template(node: SyntaxNode): Value {
    const isVerbatim = this.#of(childOf(node, "interpolation_start")).includes("@");
    const quote = childOf(node, "interpolation_quote");
    const isRaw = this.#of(quote).startsWith('"""');
    const pieces: (string | Value)[] = [];
    let head: Span | undefined;
    let isPlain = true;
    for (const part of node.children) {
      if (part.type === "interpolation") {
        const inside = meaningful(part).find((inner) => !inner.type.startsWith("interpolation_"));
        pieces.push(inside === undefined ? unknownAt(part) : this.#value(inside));
      } else if (part.type === "string_content") {
        const source = this.#of(part);
        const isOwn = isRaw || !/["{}]/.test(source);
        if (pieces.length === 0 && isOwn) head = spanOf(part);
        isPlain &&= isOwn;
        const plain = isRaw ? source : source.replaceAll("{{", "{").replaceAll("}}", "}");
        pieces.push(isVerbatim ? plain.replaceAll('""', '"') : plain);
      } else if (part.type === "escape_sequence") {
        pieces.push(unescaped(this.#of(part)));
        isPlain = false;
      }
    }
    const isWhole = head !== undefined && isPlain && !isRaw && this.#of(node).endsWith('"');
    const inner = isWhole ? { start: head!.start, end: node.end - 1 } : undefined;
    return this.#to.template(node, pieces, { head, inner });
  }

  #identifier(node: SyntaxNode): Value {
    const called = this.#of(node);
    const known = this.#to.known(called);
    const value = known?.value === undefined || this.#changed.has(called) ? undefined : usedAt(node, known.value);
    if (value !== undefined) return value;
    return variable(nameAt(node, called, known === undefined ? this.#class(called) : undefined));
  }

  #member(node: SyntaxNode): Value {
    const object = child(node, "expression");
    const field = this.#flat(child(node, "name"));
    const owner =
      object?.type === "this"
        ? this.#typeOf(object).local
        : object?.type === "identifier"
          ? this.#of(object)
          : undefined;
    const known = owner === undefined ? undefined : this.#fields.get(owner)?.get(field);
    const value = known?.value === undefined || this.#changed.has(field) ? undefined : usedAt(node, known.value);
    if (value !== undefined) return value;
    if (object !== undefined && hasCall(object)) {
      const before = this.#value(object);
      if (before.kind === "lookup" && field === "Value") return { ...before, ...spanOf(node) };
    }
    return variable(nameAt(node, this.#flat(node), this.#origin(node)));
  }

  #conditionalAccess(node: SyntaxNode): Value {
    const before = this.#value(child(node, "condition"));
    const inside = node.children.find((inner) => inner.field !== "condition");
    if (inside?.type === "element_binding_expression") this.#all(meaningful(inside));
    const text = this.#flat(node);
    if (before.kind === "lookup") return { ...before, ...spanOf(node) };
    return text === "" ? unknownAt(node) : variable(nameAt(node, text, this.#origin(node)));
  }

  /** `Configuration["Key"]` is a look at the configuration. */
  #element(node: SyntaxNode): Value {
    const object = child(node, "expression");
    const before = object === undefined ? undefined : this.#value(object);
    const keys = this.#arguments(child(node, "subscript")).arguments;
    const key = keys[0]?.value;
    if (before?.kind === "lookup" && key !== undefined) return this.#under(node, before.key, key);
    if (object !== undefined && this.#isConfiguration(object)) return this.#to.lookup(node, key, undefined);
    const target = this.#indexed(node, key);
    return target.text.includes(".") ? variable(target) : unknownAt(node);
  }

  #under(at: Span, section: string | undefined, key: Value): Value {
    const own = key.kind === "text" ? key.whole : undefined;
    return {
      kind: "lookup",
      ...spanOf(at),
      key: own === undefined ? undefined : section === undefined ? own : `${section}:${own}`,
      fallback: undefined,
    };
  }

  #isConfiguration(object: SyntaxNode): boolean {
    const type = this.#typeOf(object).origin;
    if (type !== undefined) return /^(?:IConfiguration(?:Root|Section)?|ConfigurationManager)$/.test(type.member);
    return configuration.test(this.#flat(object));
  }

  #unary(node: SyntaxNode): Value {
    const value = this.#value(meaningful(node)[0]);
    const operator = this.#first(node);
    if (operator === "-" && value.kind === "amount") return amount(node, -value.value);
    if (operator === "!" && value.kind === "flag") return flag(node, !value.value);
    return unknownAt(node);
  }

  /** The character that an expression begins with. */
  #first(node: SyntaxNode): string {
    return this.#to.text[node.start] ?? "";
  }

  #binary(node: SyntaxNode): Value {
    const operator = this.#of(child(node, "operator"));
    if (operator === "==" || operator === "!=") {
      this.#equality(node);
      return unknownAt(node);
    }
    const left = this.#value(child(node, "left"));
    const other = child(node, "right");
    const right = this.#value(other);
    if (operator === "??") {
      if (other?.type === "throw_expression") return left;
      if (left.kind === "lookup" && left.fallback === undefined)
        return this.#to.fallback({ ...left, ...spanOf(node), fallback: right });
      return choice(node, [left, right]);
    }
    if (operator === "|" && (left.kind === "variable" || left.kind === "choice") && right.kind === "variable")
      return choice(node, [left, right]);
    return this.#to.reckoned(node, operator, left, right);
  }

  #equality(node: SyntaxNode): Guards {
    return this.#to.compare(this.#value(child(node, "left")), this.#value(child(node, "right")));
  }

  #ternary(node: SyntaxNode): Value {
    this.#condition(child(node, "condition"));
    const yes = this.#value(child(node, "consequence"));
    const no = this.#value(child(node, "alternative"));
    if (yes.kind === "lookup" && yes.fallback === undefined)
      return this.#to.fallback({ ...yes, ...spanOf(node), fallback: no });
    if (no.kind === "lookup" && no.fallback === undefined)
      return this.#to.fallback({ ...no, ...spanOf(node), fallback: yes });
    return choice(node, [yes, no]);
  }

  #condition(node: SyntaxNode | undefined): Guards {
    if (node === undefined) return noGuards;
    if (node.type === "parenthesized_expression") return this.#condition(meaningful(node)[0]);
    if (node.type === "prefix_unary_expression" && this.#first(node) === "!")
      return opposite(this.#condition(meaningful(node)[0]));
    if (node.type === "binary_expression") {
      const operator = this.#of(child(node, "operator"));
      if (operator === "==") return this.#equality(node);
      if (operator === "!=") return opposite(this.#equality(node));
      if (operator === "&&") return both(this.#condition(child(node, "left")), this.#condition(child(node, "right")));
      if (operator === "||") return either(this.#condition(child(node, "left")), this.#condition(child(node, "right")));
    }
    return guardsOf(this.#value(node));
  }

  #target(node: SyntaxNode): Name {
    if (node.type !== "element_access_expression") {
      const object = child(node, "expression");
      const span = object !== undefined && hasCall(object) ? (child(node, "name") ?? node) : node;
      return nameAt(span, this.#flat(node), this.#origin(node));
    }
    const given = meaningful(child(node, "subscript"))[0];
    return this.#indexed(
      node,
      this.#to.quietly(() => this.#value(meaningful(given)[0])),
    );
  }

  /** `headers["Key"]` as a member. */
  #indexed(node: SyntaxNode, key: Value | undefined): Name {
    const object = child(node, "expression");
    const before = this.#flat(object);
    if (key?.kind !== "text" || key.whole === undefined || before === "") return nameAt(node, before, undefined);
    const origin = this.#typeOf(object).origin;
    const own = origin && { module: origin.module, member: `${origin.member}.${key.whole}` };
    return { ...nameAt(node, `${before}.${key.whole}`, own), last: key.whole };
  }

  #assignment(node: SyntaxNode): Value {
    const target = child(node, "left");
    const operator = this.#of(child(node, "operator"));
    const given = child(node, "right");
    const value = this.#valueAs(given, undefined);
    if (target === undefined) return value;
    if (target.type === "element_access_expression") this.#all(meaningful(target));
    else if (target.type === "member_access_expression") {
      const object = child(target, "expression");
      if (object !== undefined && hasCall(object)) this.#value(object);
    }
    const isSet = operator === "=" || operator === "??=" || (operator === "+=" && value.kind === "lambda");
    const called = this.#target(target);
    if (!isSet || called.text === "") return unknownAt(node);
    const isMember = target.type !== "identifier" || this.#isField(called.text);
    this.#to.assign(node, called, value, isMember ? "member" : "variable");
    return value;
  }

  #isField(called: string): boolean {
    const own = this.#to.scope.class?.name;
    const known = this.#to.known(called);
    return own !== undefined && known !== undefined && this.#fields.get(own)?.get(called) === known;
  }

  #arguments(node: SyntaxNode | undefined): { readonly arguments: readonly Argument[]; readonly argumentsSpan: Span } {
    const at = node === undefined ? 0 : node.start + 1;
    const given = meaningful(node).map((argument): Argument => {
      if (argument.type !== "argument" && argument.type !== "attribute_argument") {
        return { name: undefined, value: this.#value(argument), span: spanOf(argument) };
      }
      const called = child(argument, "name");
      const value = meaningful(argument).find((inner) => inner !== called);
      return { name: called && this.#of(called), value: this.#valueAs(value, undefined), span: spanOf(argument) };
    });
    return {
      arguments: given,
      argumentsSpan: { start: at, end: node === undefined ? at : Math.max(at, node.end - 1) },
    };
  }

  #call(node: SyntaxNode): Value {
    const called = child(node, "function");
    const inside = child(node, "arguments");
    if (called === undefined) {
      this.#all(meaningful(node));
      return unknownAt(node);
    }
    const isMember = called.type === "member_access_expression" || called.type === "conditional_access_expression";
    const object = isMember
      ? child(called, called.type === "member_access_expression" ? "expression" : "condition")
      : undefined;
    if (!isMember && called.type !== "identifier" && called.type !== "generic_name") this.#value(called);
    const receiver = object === undefined || this.#isClass(object) ? undefined : this.#value(object);
    const given = this.#arguments(inside);
    const isLink = object !== undefined && hasCall(object);
    const last = child(called, "name") ?? child(childOf(called, "member_binding_expression"), "name") ?? called;
    const word = last.type === "generic_name" ? (meaningful(last)[0] ?? last) : last;
    const span = this.#to.calleeSpan({ start: called.start, end: word.end }, word, isLink);
    const callee = nameAt(span, this.#flat(called), this.#origin(called));
    return this.#to.call(node, { callee, receiver, isOpen: false, ...given }, (call) => this.#meaning(call, object));
  }

  #isClass(object: SyntaxNode): boolean {
    if (object.type === "predefined_type" || object.type === "base") return true;
    const path = this.#path(object);
    if (path === undefined || this.#to.known(path.split(".")[0]!) !== undefined) return false;
    return this.#class(path) !== undefined || this.#fields.has(path);
  }

  /** Calls that are a text or a look at the environment. */
  #meaning(call: Call, object: SyntaxNode | undefined): Value | undefined {
    const { callee, receiver } = call;
    const values = call.arguments.map((argument) => argument.value);
    const [first, second] = values;
    const { last, origin } = callee;
    if (receiver?.kind === "text" || receiver?.kind === "lookup") {
      if (transparent.test(last)) return receiver;
      if (last === "Equals" && first !== undefined) this.#to.compare(receiver, first);
      if (receiver.kind === "lookup" && last === "GetSection" && first !== undefined)
        return this.#under(call, receiver.key, first);
    }
    if (receiver?.kind === "lookup" && /^GetValue$/.test(last) && first?.kind === "text") {
      const under = this.#under(call, receiver.key, first);
      return under.kind === "lookup" ? this.#to.fallback({ ...under, fallback: second }) : undefined;
    }
    if (
      object !== undefined &&
      /^Get(?:Value|Section|RequiredSection|ConnectionString)$/.test(last) &&
      this.#isConfiguration(object)
    ) {
      if (last === "GetConnectionString" && first !== undefined) return this.#under(call, "ConnectionStrings", first);
      return this.#to.lookup(call, first, last === "GetValue" ? second : undefined);
    }
    if (origin === undefined || first === undefined) return undefined;
    const full = `${origin.module}.${origin.member}`;
    if (full === "System.Environment.GetEnvironmentVariable") return this.#to.lookup(call, first, undefined);
    if (full === "System.String.Format" && first.kind === "text" && first.whole !== undefined) {
      return this.#to.joined(call, filled(first.whole, values.slice(1)), first);
    }
    if (full === "System.String.Concat") return this.#to.joined(call, values, first);
    if (/^System\.Text\.Encoding\.\w+\.GetBytes$/.test(full)) {
      return first.kind === "text" || first.kind === "lookup" ? first : undefined;
    }
    return undefined;
  }

  #valueAs(node: SyntaxNode | undefined, type: SyntaxNode | undefined): Value {
    return node?.type === "implicit_object_creation_expression" ? this.#creation(node, type) : this.#value(node);
  }

  /** `new X(…) { A = 1 }`; of `new()` the type is the one that is declared. */
  #creation(node: SyntaxNode, declared: SyntaxNode | undefined): Value {
    const type = child(node, "type") ?? declared;
    const initialiser = childOf(node, "initializer_expression");
    if (type?.type === "array_type")
      return initialiser === undefined ? unknownAt(node) : this.#items(node, initialiser);
    const given = this.#arguments(childOf(node, "argument_list"));
    const word = { start: node.start, end: Math.min(node.end, node.start + 3) };
    const made = type === undefined ? nameAt(word, "", undefined) : this.#typeName(type);
    const callee: Name = child(node, "type") === undefined ? { ...made, ...word } : made;
    const elements = meaningful(initialiser);
    const isSequence = elements.length > 0 && elements.every((element) => !isEntry(element));
    const parts = { callee, isNew: true, receiver: undefined, isOpen: false, ...given };
    if (initialiser !== undefined && isSequence) {
      const items = this.#items(node, initialiser);
      return this.#to.call(node, parts, () => items);
    }
    const options = initialiser === undefined ? undefined : this.#entries(initialiser, initialiser, callee);
    return this.#to.call(node, { ...parts, initialiser: options });
  }

  #items(at: Span, node: SyntaxNode): Value {
    const elements = meaningful(node);
    if (elements.some(isEntry)) return this.#entries(at, node, undefined);
    return list(
      at,
      elements.map((item) => this.#value(item)),
      false,
    );
  }

  #entries(at: Span, node: SyntaxNode, type: Name | undefined): Options {
    const entries: Entry[] = [];
    let isOpen = false;
    for (const element of meaningful(node)) {
      const isPair = element.type === "initializer_expression";
      const [first, second] = meaningful(element);
      const key = isPair ? first : child(element, "left");
      const given = isPair ? second : child(element, "right");
      const index =
        key?.type === "element_binding_expression" ? meaningful(meaningful(key)[0])[0] : isPair ? key : undefined;
      const called = index === undefined ? this.#flat(key) : this.#key(index);
      const value = given === undefined ? unknownAt(element) : this.#valueAs(given, undefined);
      if (key === undefined || called === undefined || called === "") isOpen = true;
      else entries.push({ ...spanOf(element), name: called, nameSpan: spanOf(index ?? key), value });
    }
    return this.#to.options(at, type, entries, isOpen);
  }

  #key(node: SyntaxNode): string | undefined {
    const value = this.#to.quietly(() => this.#value(node));
    if (value.kind === "text") return value.whole;
    return value.kind === "variable" ? value.name.last : undefined;
  }

  /** `new { A = 1, b }`: names and values stand side by side. */
  #anonymous(node: SyntaxNode): Value {
    const entries: Entry[] = [];
    const inside = meaningful(node);
    for (let i = 0; i < inside.length; i++) {
      const key = inside[i]!;
      const next = inside[i + 1];
      const isNamed = next !== undefined && /^\s*=\s*$/.test(this.#to.text.slice(key.end, next.start));
      const value = this.#value(isNamed ? next : key);
      if (isNamed) i++;
      const called = lastOf(this.#flat(key));
      if (called !== "")
        entries.push({
          start: key.start,
          end: isNamed ? next.end : key.end,
          name: called,
          nameSpan: spanOf(key),
          value,
        });
    }
    return this.#to.options(node, undefined, entries, false);
  }

  #collection(node: SyntaxNode): Value {
    let isOpen = false;
    const items: Value[] = [];
    for (const element of meaningful(node)) {
      const inner = element.type === "collection_element" ? meaningful(element)[0] : element;
      if (inner?.type === "spread_element") {
        isOpen = true;
        this.#all(meaningful(inner));
      } else if (inner !== undefined)
        items.push(this.#value(inner.type === "expression_element" ? meaningful(inner)[0] : inner));
    }
    return list(node, items, isOpen);
  }

  #lambda(node: SyntaxNode): FunctionDraft {
    const parameters = child(node, "parameters");
    const body = child(node, "body") ?? childOf(node, "block");
    const isBlock = body?.type === "block";
    const names = this.#parameterNames(parameters);
    return this.#to.function(
      node,
      { name: undefined, parameters: names, body, statements: isBlock ? meaningful(body).length : 1 },
      () => {
        if (parameters?.type === "parameter_list") this.#parameters(parameters);
        else for (const called of names) this.#to.declare(called, { type: noType, value: undefined });
        const value = this.#value(body);
        if (!isBlock && body !== undefined) this.#to.returns(value);
      },
    );
  }

  #parameterNames(node: SyntaxNode | undefined): readonly string[] {
    if (node === undefined) return [];
    if (node.type === "implicit_parameter" || node.type === "identifier") return [this.#of(node)];
    return meaningful(node).flatMap((parameter) => {
      const called = child(parameter, "name") ?? (parameter.type === "implicit_parameter" ? parameter : undefined);
      return called === undefined ? [] : [this.#of(called)];
    });
  }

  #parameters(node: SyntaxNode | undefined): void {
    for (const parameter of meaningful(node)) {
      const called = child(parameter, "name");
      const text = this.#of(called);
      for (const attributes of childrenOf(parameter, "attribute_list")) this.#attributesIn(attributes, text);
      if (called === undefined) continue;
      this.#to.declare(text, { type: this.#type(child(parameter, "type")), value: undefined });
      const fallback = parameter.children.find(
        (inner) => inner.field === undefined && !/^(?:attribute_list|modifier|comment)$/.test(inner.type),
      );
      if (fallback !== undefined)
        this.#to.assign(parameter, nameAt(called, text, undefined), this.#value(fallback), "parameter");
    }
  }

  // Declarations

  #attributes(node: SyntaxNode, subject?: string): readonly DecoratorDraft[] {
    return childrenOf(node, "attribute_list").flatMap((attributes) => this.#attributesIn(attributes, subject));
  }

  #attributesIn(node: SyntaxNode, subject: string | undefined): readonly DecoratorDraft[] {
    return childrenOf(node, "attribute").map((attribute) => {
      const called = child(attribute, "name") ?? attribute;
      const text = this.#flat(called);
      const given = this.#arguments(childOf(attribute, "attribute_argument_list"));
      const origin = this.#class(text) ?? this.#class(text.replace(/Attribute$/, ""));
      return this.#to.decorator(attribute, nameAt(called, text, origin), given.arguments, subject);
    });
  }

  #guard(decorators: readonly DecoratorDraft[]): Scope["guard"] {
    for (const { name, arguments: args } of decorators) {
      const given = args[0]?.value;
      if (/^Conditional(?:Attribute)?$/.test(name.last) && given?.kind === "text" && given.whole === "DEBUG")
        return "development";
    }
    return undefined;
  }

  #class_(node: SyntaxNode): void {
    const decorators = this.#attributes(node);
    const called = child(node, "name");
    const parents = meaningful(childOf(node, "base_list")).filter((parent) => parent.type !== "argument_list");
    const about = {
      name: called === undefined ? undefined : this.#of(called),
      bases: parents.map((parent) =>
        this.#typeName(parent.type === "primary_constructor_base_type" ? (meaningful(parent)[0] ?? parent) : parent),
      ),
      decorators,
      guard: this.#guard(decorators),
    };
    this.#to.class(node, about, () => {
      for (const [field, known] of this.#fields.get(this.#of(called)) ?? []) this.#to.declare(field, known);
      for (const parameter of meaningful(childOf(node, "parameter_list"))) {
        for (const attributes of childrenOf(parameter, "attribute_list"))
          this.#attributesIn(attributes, this.#of(child(parameter, "name")));
      }
      this.#all(meaningful(childOf(childOf(node, "base_list"), "argument_list")));
      this.#all(meaningful(child(node, "body")));
    });
  }

  #function(node: SyntaxNode): void {
    const decorators = this.#attributes(node);
    const parameters = child(node, "parameters");
    const body = child(node, "body");
    const isArrow = body?.type === "arrow_expression_clause";
    const isAccessor = node.type === "accessor_declaration";
    if (body === undefined && isAccessor) return;
    const about = {
      name: isAccessor ? undefined : child(node, "name"),
      parameters: this.#parameterNames(parameters),
      decorators,
      body,
      statements: isArrow ? 1 : meaningful(body).length,
      guard: this.#guard(decorators),
    };
    this.#to.function(node, about, () => {
      this.#parameters(parameters);
      this.#all(meaningful(childOf(node, "constructor_initializer")));
      this.#value(body);
    });
  }

  #variables(node: SyntaxNode): void {
    const type = child(node, "type");
    const isInferred = type?.type === "implicit_type";
    for (const declarator of childrenOf(node, "variable_declarator")) {
      const called = child(declarator, "name");
      const given = valueOf(declarator);
      const own = isInferred ? this.#typeOf(given) : this.#type(type);
      const value = given === undefined ? undefined : this.#valueAs(given, type);
      if (called === undefined) continue;
      this.#to.declare(this.#of(called), { type: own, value });
      if (value !== undefined)
        this.#to.assign(declarator, nameAt(called, this.#of(called), undefined), value, "variable");
    }
  }

  #field(node: SyntaxNode): void {
    const declaration = childOf(node, "variable_declaration");
    const declarators = childrenOf(declaration, "variable_declarator");
    this.#attributes(node, this.#of(child(declarators[0], "name")));
    const modifiers = childrenOf(node, "modifier").map((modifier) => this.#of(modifier));
    const isConstant = modifiers.includes("const") || (modifiers.includes("static") && modifiers.includes("readonly"));
    for (const declarator of declarators) {
      const called = child(declarator, "name");
      const given = valueOf(declarator);
      if (called === undefined || given === undefined) continue;
      const value = this.#valueAs(given, child(declaration, "type"));
      this.#to.assign(
        declarator,
        nameAt(called, this.#of(called), undefined),
        value,
        isConstant ? "constant" : "member",
      );
    }
  }

  #property(node: SyntaxNode): void {
    const called = child(node, "name");
    this.#attributes(node, this.#of(called));
    const given = child(node, "value");
    this.#all(meaningful(child(node, "accessors")));
    if (given === undefined) return;
    const own = given.type === "arrow_expression_clause" ? meaningful(given)[0] : given;
    const value = this.#valueAs(own, child(node, "type"));
    if (called !== undefined) this.#to.assign(node, nameAt(called, this.#of(called), undefined), value, "member");
  }

  #preprocessed(node: SyntaxNode): void {
    const condition = this.#of(child(node, "condition")).replaceAll(/[\s()]/g, "");
    const debug: Guards = { yes: "development", no: undefined };
    const guards = condition === "DEBUG" ? debug : condition === "!DEBUG" ? opposite(debug) : noGuards;
    const inside = node.children.filter((inner) => inner.field === undefined && !isComment(inner));
    this.#to.guarded(guards.yes, () => this.#all(inside));
    const alternative = child(node, "alternative");
    if (alternative !== undefined) this.#to.guarded(guards.no, () => this.#value(alternative));
  }

  #if(node: SyntaxNode): void {
    const guards = this.#condition(child(node, "condition"));
    this.#to.guarded(guards.yes, () => this.#value(child(node, "consequence")));
    const alternative = child(node, "alternative");
    if (alternative !== undefined) this.#to.guarded(guards.no, () => this.#value(alternative));
  }

  #switch(node: SyntaxNode): void {
    const asked = this.#value(child(node, "value"));
    for (const section of meaningful(child(node, "body"))) {
      let guard: Guards | undefined;
      const labels = childrenOf(section, "constant_pattern");
      for (const label of labels) {
        const value = this.#value(meaningful(label)[0]);
        const own = this.#to.compare(asked, value);
        guard = guard === undefined ? own : either(guard, own);
      }
      const inside = meaningful(section).filter((inner) => inner.type !== "constant_pattern");
      const labelled = this.#to.text.slice(section.start, inside[0]?.start ?? section.start);
      const isElse = /\bdefault\s*:/.test(labelled);
      this.#to.guarded(isElse ? undefined : guard?.yes, () => this.#to.block(() => this.#all(inside)));
    }
  }

  #switchExpression(node: SyntaxNode): void {
    const [subject, ...arms] = meaningful(node);
    const asked = this.#value(subject);
    for (const arm of arms) {
      for (const inner of meaningful(arm)) {
        const value = this.#value(inner.type === "constant_pattern" ? meaningful(inner)[0] : inner);
        if (inner.type === "constant_pattern") this.#to.compare(asked, value);
      }
    }
  }

  #foreach(node: SyntaxNode): void {
    this.#to.block(() => {
      this.#value(child(node, "right"));
      const called = child(node, "left");
      if (called?.type === "identifier") {
        this.#to.declare(this.#of(called), { type: this.#type(child(node, "type")), value: undefined });
      }
      this.#value(child(node, "body"));
    });
  }

  #importOf(root: SyntaxNode, module: string): { readonly at: number; readonly text: string } | undefined {
    if (module === "" || this.#used.has(module)) return undefined;
    const last = childrenOf(root, "using_directive").at(-1);
    if (last !== undefined) return { at: last.end, text: `${this.#to.newline}using ${module};` };
    return { at: root.children[0]?.start ?? 0, text: `using ${module};${this.#to.newline}` };
  }
}

const dotted = (before: string, last: string): string =>
  before === "" ? last : last === "" ? before : `${before}.${last}`;

const lastOf = (text: string): string => text.slice(text.lastIndexOf(".") + 1);

/** What a declared variable is set to. */
const valueOf = (declarator: SyntaxNode): SyntaxNode | undefined =>
  meaningful(declarator).find((inner) => inner.field === undefined && inner.type !== "bracketed_argument_list");

/** Of an initialiser: `A = 1`, `["a"] = 1`, `{ "a", 1 }`. */
const isEntry = (node: SyntaxNode): boolean =>
  (node.type === "assignment_expression" &&
    /^(?:identifier|element_binding_expression)$/.test(child(node, "left")?.type ?? "")) ||
  (node.type === "initializer_expression" && meaningful(node).length === 2);

const unescapedAll = (source: string): string =>
  source.replaceAll(/\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{1,4}|[\s\S])/g, unescaped);

/** A raw text without its first and last line break and the indentation of its last line. */
function outdented(raw: string): string {
  const lines = raw.split(/\r?\n/);
  const margin = lines.at(-1)?.length ?? 0;
  return lines
    .slice(1, -1)
    .map((line) => line.slice(margin))
    .join("\n");
}

/** Whether a call stands in the path of a name. */
function hasCall(node: SyntaxNode): boolean {
  if (/^(?:invocation|object_creation|element_access|implicit_object_creation)_expression$/.test(node.type))
    return true;
  const inner =
    child(node, "expression") ??
    child(node, "condition") ??
    (/^(?:parenthesized|await|postfix_unary)_expression$/.test(node.type) ? meaningful(node)[0] : undefined);
  return inner !== undefined && hasCall(inner);
}
