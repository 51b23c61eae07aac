/** What a Go file says, from its syntax tree (tree-sitter-go 0.25). */
import type { Span } from "../../../../text/span";
import type { FunctionDraft } from "../../draft";
import type { Argument, Call, CodeFacts, Entry, Name, Origin, Text, Value } from "../../facts";
import { literalText, unknownAt, usedAt } from "../../fold";
import { type Guards, both, either, guardsOf, noGuards, opposite } from "../guards";
import { type SyntaxNode, child, childOf, childrenIn, childrenOf, isComment, meaningful, walk } from "../node";
import {
  type Known,
  type Type,
  Walk,
  amount,
  choice,
  flag,
  formatted,
  list,
  nameAt,
  noType,
  nothing,
  unescaped,
  variable,
} from "../walk";
import { packageNamesOf, resultOf, unversioned } from "./packages";

/** Never fails; what cannot be read says nothing. */
export function readGo(root: SyntaxNode, text: string): CodeFacts {
  return new GoReader(text).file(root);
}

/** Functions that give a text of the same meaning as their first argument. */
const transparent = new Set([
  "strings.TrimSpace",
  "strings.ToLower",
  "strings.TrimSuffix",
  "strings.TrimRight",
  "strconv.Itoa",
]);
const lookups = new Set(["os.Getenv", "os.LookupEnv", "syscall.Getenv"]);

interface Helper {
  readonly key: number;
  readonly fallback: number | undefined;
}

class GoReader {
  readonly #to: Walk;
  /** Local name of a package → its path without versions. */
  readonly #packages = new Map<string, string>();
  readonly #globals = new Map<string, () => Known>();
  /** Fields of the file's structs, by struct and field. */
  readonly #fields = new Map<string, Map<string, Type>>();
  readonly #results = new Map<string, SyntaxNode>();
  readonly #types = new Map<SyntaxNode, Type>();
  readonly #helpers = new Map<string, Helper>();
  /** Names that are set anew somewhere, and those that something is put into. */
  readonly #changed = new Set<string>();
  readonly #touched = new Set<string>();

  constructor(text: string) {
    this.#to = new Walk(text);
  }

  file(root: SyntaxNode): CodeFacts {
    for (const node of root.children) if (node.type === "import_declaration") this.#import(node);
    for (const node of root.children) this.#survey(node);
    walk(root, (node) => {
      this.#note(node);
      if (isComment(node)) this.#to.comment(node);
    });
    for (const node of root.children) this.#value(node);
    return this.#to.facts("go", (module) => this.#importOf(root, module));
  }

  #of(node: Span | undefined): string {
    return this.#to.of(node);
  }

  // Before the walk: what the file declares

  #import(node: SyntaxNode): void {
    const specs = childrenOf(childOf(node, "import_spec_list") ?? node, "import_spec");
    for (const spec of specs) {
      const path = child(spec, "path");
      if (path === undefined) continue;
      const module = this.#of(path).slice(1, -1);
      const given = child(spec, "name");
      const alias = given === undefined ? undefined : this.#of(given);
      const locals = alias === undefined ? packageNamesOf(module) : [alias];
      const isEffect = alias === "_";
      this.#to.draft.imports.push({
        start: spec.start,
        end: spec.end,
        module,
        member: alias === "." ? "*" : "",
        local: isEffect ? "" : alias === "." ? "*" : (locals[0] ?? ""),
      });
      if (isEffect || alias === ".") continue;
      for (const local of locals) if (!this.#packages.has(local)) this.#packages.set(local, unversioned(module));
    }
  }

  #survey(node: SyntaxNode): void {
    switch (node.type) {
      case "const_declaration":
        for (const spec of childrenOf(node, "const_spec")) this.#surveySpec(spec);
        return;
      case "var_declaration":
        for (const spec of specsOf(node)) this.#surveySpec(spec);
        return;
      case "function_declaration": {
        const result = child(node, "result");
        const called = child(node, "name");
        if (called === undefined) return;
        if (result !== undefined) this.#results.set(this.#of(called), result);
        const helper = this.#helperOf(node);
        if (helper !== undefined) this.#helpers.set(this.#of(called), helper);
        return;
      }
      case "type_declaration":
        for (const spec of childrenOf(node, "type_spec")) {
          const fields = childOf(child(spec, "type"), "field_declaration_list");
          const types = new Map<string, Type>();
          for (const field of childrenOf(fields, "field_declaration")) {
            const type = child(field, "type");
            for (const called of childrenIn(field, "name")) types.set(this.#of(called), this.#type(type));
          }
          this.#fields.set(this.#of(child(spec, "name")), types);
        }
        return;
    }
  }

  #surveySpec(spec: SyntaxNode): void {
    const names = childrenIn(spec, "name");
    const values = meaningful(child(spec, "value"));
    names.forEach((called, index) => {
      let known: Known | undefined;
      let isRunning = false;
      const value = names.length === values.length || index === 0 ? values[index] : undefined;
      this.#globals.set(this.#of(called), () => {
        if (known !== undefined || isRunning) return known ?? { type: noType, value: undefined };
        isRunning = true;
        const own = child(spec, "type");
        const isPaired = names.length === values.length;
        const found = this.#to.elsewhere(undefined, () => ({
          type: own === undefined ? this.#typeOf(value) : this.#type(own),
          value: value === undefined || !isPaired ? undefined : this.#value(value),
        }));
        known = found ?? { type: noType, value: undefined };
        isRunning = false;
        return known;
      });
    });
  }

  /** `getenv(key, fallback)`: a function of the file that looks at the variable named by a parameter. */
  #helperOf(node: SyntaxNode): Helper | undefined {
    const parameters = parameterNames(this.#to, child(node, "parameters"));
    const body = child(node, "body");
    if (parameters.length === 0 || parameters.length > 3 || body === undefined) return undefined;
    let key: number | undefined;
    let fallback: number | undefined;
    walk(body, (inner) => {
      if (
        inner.type === "call_expression" &&
        /^(os|syscall)\.(Getenv|LookupEnv)$/.test(this.#of(child(inner, "function")))
      ) {
        const first = meaningful(child(inner, "arguments"))[0];
        const index = first?.type === "identifier" ? parameters.indexOf(this.#of(first)) : -1;
        if (index >= 0) key = index;
      }
      if (inner.type === "return_statement") {
        for (const value of meaningful(childOf(inner, "expression_list"))) {
          const index = value.type === "identifier" ? parameters.indexOf(this.#of(value)) : -1;
          if (index >= 0) fallback = index;
        }
      }
    });
    return key === undefined ? undefined : { key, fallback: fallback === key ? undefined : fallback };
  }

  #note(node: SyntaxNode): void {
    switch (node.type) {
      case "assignment_statement":
        for (const target of meaningful(child(node, "left"))) this.#noteTarget(target);
        return;
      case "inc_statement":
      case "dec_statement":
        for (const target of node.children) this.#noteTarget(target);
        return;
      case "range_clause":
        for (const target of meaningful(child(node, "left"))) this.#noteTarget(target);
        return;
      case "unary_expression": {
        const operand = child(node, "operand");
        if (this.#of(child(node, "operator")) !== "&" || operand === undefined) return;
        if (operand.type === "identifier") this.#changed.add(this.#of(operand));
        return;
      }
    }
  }

  #noteTarget(target: SyntaxNode): void {
    if (target.type === "identifier") this.#changed.add(this.#of(target));
    else if (target.type === "selector_expression" || target.type === "index_expression") {
      this.#touched.add(this.#flat(target).split(".")[0]!);
    }
  }

  // Types and names

  /** What a node of a type means. */
  #type(node: SyntaxNode | undefined): Type {
    if (node === undefined) return noType;
    switch (node.type) {
      case "pointer_type":
      case "parenthesized_type":
        return this.#type(node.children[0]);
      case "generic_type":
        return this.#type(child(node, "type"));
      case "qualified_type": {
        const module = this.#packages.get(this.#of(child(node, "package")));
        const member = this.#of(child(node, "name"));
        return { origin: module === undefined ? undefined : { module, member }, local: undefined };
      }
      case "type_identifier":
        return { origin: undefined, local: this.#of(node) };
      case "parameter_list":
        return this.#type(child(childOf(node, "parameter_declaration"), "type"));
      default:
        return noType;
    }
  }

  /** The type of an expression. */
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
      case "identifier": {
        const known = this.#known(this.#of(node));
        return known?.type ?? noType;
      }
      case "parenthesized_expression":
        return this.#typeOf(node.children[0]);
      case "unary_expression":
        return this.#typeOf(child(node, "operand"));
      case "type_assertion_expression":
      case "composite_literal":
        return this.#type(child(node, "type"));
      case "selector_expression": {
        const origin = this.#origin(node);
        if (origin !== undefined) return { origin, local: undefined };
        const owner = this.#typeOf(child(node, "operand"));
        return (
          (owner.local === undefined
            ? undefined
            : this.#fields.get(owner.local)?.get(this.#of(child(node, "field")))) ?? noType
        );
      }
      case "call_expression": {
        const called = child(node, "function");
        if (called?.type === "identifier") {
          if (this.#of(called) === "new") return this.#type(meaningful(child(node, "arguments"))[0]);
          return this.#known(this.#of(called)) === undefined ? this.#type(this.#results.get(this.#of(called))) : noType;
        }
        const origin = this.#origin(called);
        return origin === undefined ? noType : { origin: resultOf(origin), local: undefined };
      }
      default:
        return noType;
    }
  }

  #known(called: string): Known | undefined {
    return this.#to.known(called) ?? this.#globals.get(called)?.();
  }

  /** Where `pkg.Name` or a member of a typed value comes from. */
  #origin(node: SyntaxNode | undefined): Origin | undefined {
    if (node === undefined) return undefined;
    if (node.type === "parenthesized_expression") return this.#origin(node.children[0]);
    if (node.type === "type_instantiation_expression") return this.#origin(child(node, "type") ?? node.children[0]);
    if (node.type !== "selector_expression") return undefined;
    const operand = child(node, "operand");
    const member = this.#of(child(node, "field"));
    if (operand === undefined) return undefined;
    if (operand.type === "identifier" && this.#known(this.#of(operand)) === undefined) {
      const module = this.#packages.get(this.#of(operand));
      if (module !== undefined) return { module, member };
    }
    const type = this.#typeOf(operand).origin;
    return type === undefined ? undefined : { module: type.module, member: `${type.member}.${member}` };
  }

  /** A dotted name without arguments and indexes. */
  #flat(node: SyntaxNode | undefined): string {
    switch (node?.type) {
      case undefined:
        return "";
      case "selector_expression": {
        const before = this.#flat(child(node, "operand"));
        const field = this.#of(child(node, "field"));
        return before === "" ? field : `${before}.${field}`;
      }
      case "call_expression":
        return this.#flat(child(node, "function"));
      case "index_expression":
      case "type_assertion_expression":
      case "slice_expression":
      case "unary_expression":
        return this.#flat(child(node, "operand"));
      case "parenthesized_expression":
      case "type_instantiation_expression":
        return this.#flat(node!.children[0]);
      case "identifier":
      case "field_identifier":
      case "type_identifier":
      case "package_identifier":
      case "blank_identifier":
        return this.#of(node);
      case "qualified_type":
        return `${this.#of(child(node, "package"))}.${this.#of(child(node, "name"))}`;
      case "generic_type":
        return this.#flat(child(node, "type"));
      default:
        return "";
    }
  }

  #name(node: SyntaxNode): Name {
    const operand = child(node, "operand");
    const isLink = node.type === "selector_expression" && operand !== undefined && hasCall(operand);
    const span = this.#to.calleeSpan(node, child(node, "field") ?? node, isLink);
    return nameAt(span, this.#flat(node), this.#origin(node));
  }

  #typeName(node: SyntaxNode): Name {
    return nameAt(node, this.#flat(node), this.#type(node).origin);
  }

  // The walk

  #all(nodes: readonly SyntaxNode[]): void {
    for (const node of nodes) this.#value(node);
  }

  /** Reads an expression or a statement; of a statement nothing is known as a value. */
  #value(node: SyntaxNode | undefined): Value {
    if (node === undefined) return unknownAt({ start: 0, end: 0 });
    switch (node.type) {
      case "interpreted_string_literal":
      case "raw_string_literal":
        return this.#to.literal(this.#text(node));
      case "int_literal":
      case "float_literal":
        return this.#number(node);
      case "true":
      case "false":
        return flag(node, node.type === "true");
      case "nil":
        return nothing(node);
      case "identifier":
        return this.#identifier(node);
      case "selector_expression":
        this.#value(child(node, "operand"));
        return variable(this.#name(node));
      case "index_expression":
        return this.#index(node);
      case "parenthesized_expression":
        return this.#value(meaningful(node)[0]);
      case "type_conversion_expression":
        return this.#conversion(node, child(node, "operand"));
      case "unary_expression":
        return this.#unary(node);
      case "binary_expression":
        return this.#binary(node);
      case "call_expression":
        return this.#call(node);
      case "composite_literal":
        return this.#composite(node);
      case "func_literal":
        return { kind: "lambda", start: node.start, end: node.end, function: this.#function(node, undefined) };
      case "type_assertion_expression":
        return this.#value(child(node, "operand"));
      case "function_declaration":
      case "method_declaration":
        this.#function(node, child(node, "name"));
        return unknownAt(node);
      case "const_declaration":
        for (const spec of childrenOf(node, "const_spec")) this.#spec(spec, "constant");
        return unknownAt(node);
      case "var_declaration":
        for (const spec of specsOf(node)) this.#spec(spec, "variable");
        return unknownAt(node);
      case "short_var_declaration":
        this.#short(node);
        return unknownAt(node);
      case "assignment_statement":
        this.#assignment(node);
        return unknownAt(node);
      case "if_statement":
        this.#if(node);
        return unknownAt(node);
      case "expression_switch_statement":
        this.#switch(node);
        return unknownAt(node);
      case "for_statement":
        this.#to.block(() => this.#for(node));
        return unknownAt(node);
      case "block":
      case "communication_case":
      case "type_case":
      case "default_case":
        this.#to.block(() => this.#all(meaningful(node)));
        return unknownAt(node);
      case "return_statement":
        this.#return(node);
        return unknownAt(node);
      case "import_declaration":
      case "package_clause":
      case "type_declaration":
      case "comment":
        return unknownAt(node);
      case "ERROR":
        this.#all(meaningful(node));
        return unknownAt(node);
      default:
        this.#all(meaningful(node));
        return unknownAt(node);
    }
  }

  #text(node: SyntaxNode): Text {
    const content = { start: node.start + 1, end: Math.max(node.start + 1, node.end - 1) };
    if (node.type === "raw_string_literal") return literalText(node, this.#of(content).replaceAll("\r", ""), content);
    if (childOf(node, "escape_sequence") === undefined) return literalText(node, this.#of(content), content);
    const parts = node.children.map((part) =>
      part.type === "escape_sequence" ? unescaped(this.#of(part)) : this.#of(part),
    );
    return literalText(node, parts.join(""), undefined);
  }

  #number(node: SyntaxNode): Value {
    const value = Number(
      this.#of(node)
        .replaceAll("_", "")
        .replace(/^0([0-7]+)$/, "0o$1"),
    );
    return Number.isNaN(value) ? unknownAt(node) : amount(node, value);
  }

  #identifier(node: SyntaxNode): Value {
    const called = this.#of(node);
    const known = this.#known(called);
    const value = known?.value === undefined || this.#changed.has(called) ? undefined : usedAt(node, known.value);
    if (value?.kind === "options" && this.#touched.has(called)) return { ...value, isOpen: true };
    if (value?.kind === "list" && this.#touched.has(called)) return { ...value, isOpen: true };
    return value ?? variable(nameAt(node, called, undefined));
  }

  #index(node: SyntaxNode): Value {
    this.#value(child(node, "operand"));
    const target = this.#indexed(node, this.#value(child(node, "index")));
    return target.text.includes(".") ? variable(target) : unknownAt(node);
  }

  #conversion(node: SyntaxNode, operand: SyntaxNode | undefined): Value {
    const value = this.#value(operand);
    return value.kind === "text" || value.kind === "lookup" || value.kind === "choice" ? value : unknownAt(node);
  }

  #unary(node: SyntaxNode): Value {
    const value = this.#value(child(node, "operand"));
    switch (this.#of(child(node, "operator"))) {
      case "-":
        return value.kind === "amount" ? amount(node, -value.value) : unknownAt(node);
      case "!":
        return value.kind === "flag" ? flag(node, !value.value) : unknownAt(node);
      case "&":
      case "*":
        return value;
      default:
        return unknownAt(node);
    }
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
    return guardsOf(this.#value(node));
  }

  #call(node: SyntaxNode): Value {
    const called = child(node, "function");
    const inside = child(node, "arguments");
    if (called === undefined || inside === undefined) {
      this.#all(meaningful(node));
      return unknownAt(node);
    }
    const receiver = called.type === "selector_expression" ? this.#receiver(child(called, "operand")) : undefined;
    if (called.type === "func_literal" || called.type === "call_expression") this.#value(called);
    if (called.type === "parenthesized_expression") this.#value(called);
    const args: Argument[] = [];
    let isOpen = false;
    for (const argument of meaningful(inside)) {
      if (argument.type === "variadic_argument") isOpen = true;
      const value = argument.type === "variadic_argument" ? this.#value(argument.children[0]) : this.#value(argument);
      args.push({ name: undefined, value, span: { start: argument.start, end: argument.end } });
    }
    const callee = called.type === "func_literal" ? nameAt(called, "", undefined) : this.#name(called);
    const isConversion = called.type === "identifier" && called.start === node.start && this.#of(called) === "string";
    if (isConversion && args.length === 1) return args[0]!.value.kind === "text" ? args[0]!.value : unknownAt(node);
    const argumentsSpan = { start: inside.start + 1, end: Math.max(inside.start + 1, inside.end - 1) };
    return this.#to.call(node, { callee, receiver, isOpen, arguments: args, argumentsSpan }, (call) =>
      this.#meaning(call),
    );
  }

  #receiver(operand: SyntaxNode | undefined): Value | undefined {
    if (operand === undefined) return undefined;
    if (operand.type === "identifier" && this.#known(this.#of(operand)) === undefined) {
      if (this.#packages.has(this.#of(operand))) return undefined;
    }
    return this.#value(operand);
  }

  /** Calls that are a text or a look at the environment. */
  #meaning(call: Call): Value | undefined {
    const { origin, text } = call.callee;
    const values = call.arguments.map((argument) => argument.value);
    const helper = text.includes(".") || this.#to.known(text) !== undefined ? undefined : this.#helpers.get(text);
    if (helper !== undefined) {
      if (values[helper.key] === undefined) return undefined;
      return this.#lookup(call, helper.key, helper.fallback);
    }
    const first = values[0];
    if (origin === undefined || first === undefined) return undefined;
    const full = `${origin.module}.${origin.member}`;
    if (lookups.has(full)) return this.#lookup(call, 0, undefined);
    if (full === "fmt.Sprintf" && first.kind === "text" && first.whole !== undefined) {
      return this.#to.joined(call, formatted(first.whole, values.slice(1)), first);
    }
    if (full === "fmt.Sprint") return this.#to.joined(call, values, first);
    if (full === "net.JoinHostPort" && values[1] !== undefined) {
      return this.#to.joined(call, [first, ":", values[1]], undefined);
    }
    if (transparent.has(full))
      return first.kind === "amount" ? this.#to.joined(call, [first], undefined) : usedAt(call, first);
    if (full === "cmp.Or") {
      if (first.kind === "lookup" && values.length === 2)
        return { ...first, start: call.start, end: call.end, fallback: values[1] };
      return choice(call, values);
    }
    if (/^(?:flag|github\.com\/spf13\/pflag)$/.test(origin.module) && /^(?:String|Bool|Int)P?$/.test(origin.member)) {
      return this.#lookup(call, 0, origin.member.endsWith("P") ? 2 : 1);
    }
    if (origin.module === "github.com/spf13/viper" && /^(?:Viper\.)?Get(?:String|Bool|Int)?$/.test(origin.member)) {
      return this.#lookup(call, 0, undefined);
    }
    return undefined;
  }

  #lookup(call: Call, key: number, fallback: number | undefined): Value {
    const other = fallback === undefined ? undefined : call.arguments[fallback]?.value;
    return this.#to.lookup(call, call.arguments[key]?.value, other);
  }

  #composite(node: SyntaxNode): Value {
    const type = child(node, "type");
    const body = child(node, "body");
    if (body === undefined) return unknownAt(node);
    return this.#body(node, body, type);
  }

  /** `{…}` behind a type, or where an element's type is understood. */
  #body(whole: Span, body: SyntaxNode, type: SyntaxNode | undefined): Value {
    const elements = meaningful(body);
    const isSequence =
      type?.type === "slice_type" || type?.type === "array_type" || type?.type === "implicit_length_array_type";
    const element = isSequence ? child(type, "element") : type?.type === "map_type" ? child(type, "value") : undefined;
    const isKeyed = elements.length > 0 && elements[0]!.type === "keyed_element";
    if (isSequence && !isKeyed) {
      return list(
        whole,
        elements.map((item) => this.#element(item, element)),
        false,
      );
    }
    const typeName = type === undefined || isSequence || type.type === "map_type" ? undefined : this.#typeName(type);
    if (elements.length > 0 && !isKeyed) {
      const items = elements.map((item) => this.#element(item, undefined));
      if (typeName?.origin === undefined) return list(whole, items, false);
      return this.#to.options(whole, typeName, [], true);
    }
    const entries: Entry[] = [];
    let isOpen = false;
    for (const pair of elements) {
      const key = child(pair, "key");
      const given = child(pair, "value");
      const label = key === undefined ? undefined : this.#key(key);
      const value = given === undefined ? unknownAt(pair) : this.#element(given, element);
      if (label === undefined || key === undefined) isOpen = true;
      else
        entries.push({
          start: pair.start,
          end: pair.end,
          name: label,
          nameSpan: { start: key.start, end: key.end },
          value,
        });
    }
    return this.#to.options(whole, typeName, entries, isOpen);
  }

  #element(item: SyntaxNode, type: SyntaxNode | undefined): Value {
    const inner = item.type === "literal_element" ? meaningful(item)[0] : item;
    if (inner?.type === "literal_value") return this.#body(inner, inner, type);
    return this.#value(inner);
  }

  /** The name that a key gives: of a field, or a text. */
  #key(key: SyntaxNode): string | undefined {
    const inner = meaningful(key)[0];
    if (inner?.type === "identifier") {
      const known = this.#known(this.#of(inner));
      return known?.value?.kind === "text" && known.value.whole !== undefined ? known.value.whole : this.#of(inner);
    }
    const value = this.#to.quietly(() => this.#value(inner));
    if (value.kind === "text") return value.whole;
    return value.kind === "variable" ? value.name.last : undefined;
  }

  #function(node: SyntaxNode, called: SyntaxNode | undefined): FunctionDraft {
    const body = child(node, "body");
    const statements = childOf(body, "statement_list") ?? body;
    return this.#to.function(
      node,
      {
        name: called,
        parameters: parameterNames(this.#to, child(node, "parameters")),
        body,
        statements: meaningful(statements).length,
      },
      () => {
        this.#parameters(child(node, "receiver"));
        this.#parameters(child(node, "parameters"));
        this.#parameters(child(node, "result"));
        this.#value(body);
      },
    );
  }

  #parameters(node: SyntaxNode | undefined): void {
    if (node?.type !== "parameter_list") return;
    for (const parameter of meaningful(node)) {
      const type = parameter.type === "variadic_parameter_declaration" ? noType : this.#type(child(parameter, "type"));
      for (const called of childrenIn(parameter, "name"))
        this.#to.declare(this.#of(called), { type, value: undefined });
    }
  }

  #spec(spec: SyntaxNode, how: "constant" | "variable"): void {
    const names = childrenIn(spec, "name");
    const values = meaningful(child(spec, "value"));
    const type = child(spec, "type");
    this.#declareAll(spec, names, values, type, how);
  }

  #short(node: SyntaxNode): void {
    this.#declareAll(node, meaningful(child(node, "left")), meaningful(child(node, "right")), undefined, "variable");
  }

  #declareAll(
    span: SyntaxNode,
    names: readonly SyntaxNode[],
    values: readonly SyntaxNode[],
    type: SyntaxNode | undefined,
    how: "constant" | "variable",
  ): void {
    const isTop = this.#to.scope.function === undefined;
    const isPaired = names.length === values.length;
    const read: { readonly value: Value; readonly type: Type }[] = [];
    for (const value of values) read.push({ type: this.#typeOf(value), value: this.#value(value) });
    names.forEach((called, index) => {
      const own = read[index];
      const text = this.#of(called);
      // `v, ok := os.LookupEnv("X")` and `client, err := pkg.New()`: the first name is what is asked for.
      const value = isPaired ? own?.value : index === 0 && own?.value.kind === "lookup" ? own.value : undefined;
      if (!isTop && text !== "_") {
        const given = type === undefined ? (isPaired || index === 0 ? own?.type : undefined) : this.#type(type);
        this.#to.declare(text, { type: given ?? noType, value });
      }
      if (value !== undefined && text !== "_") {
        this.#to.assign(names.length === 1 ? span : called, nameAt(called, text, undefined), value, how);
      }
    });
  }

  #target(node: SyntaxNode): Name {
    if (node.type !== "index_expression") return this.#name(node);
    return this.#indexed(
      node,
      this.#to.quietly(() => this.#value(child(node, "index"))),
    );
  }

  /** `m["key"]` as a member. */
  #indexed(node: SyntaxNode, key: Value): Name {
    const operand = child(node, "operand");
    const before = this.#flat(operand);
    const origin = this.#typeOf(operand).origin;
    if (key.kind !== "text" || key.whole === undefined || before === "") return nameAt(node, before, undefined);
    return {
      ...nameAt(
        node,
        `${before}.${key.whole}`,
        origin && { module: origin.module, member: `${origin.member}.${key.whole}` },
      ),
      last: key.whole,
    };
  }

  #assignment(node: SyntaxNode): void {
    const targets = meaningful(child(node, "left"));
    const values = meaningful(child(node, "right"));
    const isSet = this.#of(child(node, "operator")) === "=";
    const isPaired = targets.length === values.length;
    for (const target of targets) {
      if (target.type === "identifier") continue;
      if (target.type === "selector_expression") this.#value(child(target, "operand"));
      else if (target.type === "index_expression") this.#index(target);
      else this.#value(target);
    }
    values.forEach((given, index) => {
      const target = targets[index];
      const type = this.#typeOf(given);
      const value = this.#value(given);
      if (target === undefined || !isSet) return;
      const called = this.#target(target);
      if (target.type === "identifier") {
        const known = this.#to.known(called.text);
        if (known?.type === noType) this.#to.declare(called.text, { type, value: undefined });
      }
      if (!isPaired || called.text === "" || called.text === "_") return;
      this.#to.assign(
        targets.length === 1 ? node : target,
        called,
        value,
        target.type === "identifier" ? "variable" : "member",
      );
    });
  }

  #if(node: SyntaxNode): void {
    this.#to.block(() => {
      const initializer = child(node, "initializer");
      if (initializer !== undefined) this.#value(initializer);
      const guards = this.#condition(child(node, "condition"));
      this.#to.guarded(guards.yes, () => this.#value(child(node, "consequence")));
      const alternative = child(node, "alternative");
      if (alternative !== undefined) this.#to.guarded(guards.no, () => this.#value(alternative));
    });
  }

  #switch(node: SyntaxNode): void {
    this.#to.block(() => {
      const initializer = child(node, "initializer");
      if (initializer !== undefined) this.#value(initializer);
      const subject = child(node, "value");
      const asked = subject === undefined ? undefined : this.#value(subject);
      for (const branch of childrenOf(node, "expression_case")) {
        const list = child(branch, "value");
        let guard: Guards | undefined;
        for (const option of meaningful(list)) {
          if (asked === undefined) {
            const own = this.#condition(option);
            guard = guard === undefined ? own : either(guard, own);
            continue;
          }
          const value = this.#value(option);
          const own = this.#to.compare(asked, value);
          guard = guard === undefined ? own : either(guard, own);
        }
        this.#to.guarded(guard?.yes, () =>
          this.#to.block(() => this.#all(meaningful(branch).filter((inner) => inner !== list))),
        );
      }
      for (const rest of childrenOf(node, "default_case")) this.#value(rest);
    });
  }

  #for(node: SyntaxNode): void {
    for (const part of meaningful(node)) {
      if (part.type !== "range_clause") {
        this.#value(part);
        continue;
      }
      this.#value(child(part, "right"));
      for (const called of meaningful(child(part, "left"))) {
        if (called.type === "identifier") this.#to.declare(this.#of(called), { type: noType, value: undefined });
      }
    }
  }

  #return(node: SyntaxNode): void {
    for (const given of meaningful(childOf(node, "expression_list") ?? node)) this.#to.returns(this.#value(given));
  }

  #importOf(root: SyntaxNode, module: string): { readonly at: number; readonly text: string } | undefined {
    if (this.#to.draft.imports.some((found) => found.module === module && found.local !== "")) return undefined;
    const { newline } = this.#to;
    const declaration = childrenOf(root, "import_declaration")[0];
    const last = childOf(declaration, "import_spec_list")?.children.at(-1);
    if (last !== undefined) return { at: last.end, text: `${newline}\t"${module}"` };
    if (declaration !== undefined) return { at: declaration.end, text: `${newline}import "${module}"` };
    const first = childOf(root, "package_clause");
    return first === undefined ? undefined : { at: first.end, text: `${newline}${newline}import "${module}"` };
  }
}

function specsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return childrenOf(childOf(node, "var_spec_list") ?? node, "var_spec");
}

function parameterNames(to: Walk, node: SyntaxNode | undefined): readonly string[] {
  return meaningful(node).flatMap((parameter) => childrenIn(parameter, "name").map((called) => to.of(called)));
}

/** Whether a call stands in the path of a name. */
function hasCall(node: SyntaxNode): boolean {
  if (node.type === "call_expression") return true;
  const inner = child(node, "operand") ?? (node.type === "parenthesized_expression" ? node.children[0] : undefined);
  return inner !== undefined && hasCall(inner);
}
