/** Scalars as compose's YAML reader types them: YAML 1.1 numbers, but `yes`, `no`, `on` and `off` stay texts. */
import type { YamlScalar } from "../../languages/yaml/node";
import type { ScalarType } from "./datum";

export interface Typed {
  readonly type: ScalarType;
  /** As compose prints it. */
  readonly text: string;
}

const nullWord = /^(?:~|null|Null|NULL)?$/;
const trueWord = /^(?:true|True|TRUE)$/;
const falseWord = /^(?:false|False|FALSE)$/;
const whole = /^[-+]?(?:0b[01]+|0o?[0-7]+|0x[0-9a-fA-F]+|[1-9][0-9]*|0)$/;
const fraction = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const infinite = /^[-+]?\.(?:inf|Inf|INF)$/;
const notNumber = /^\.(?:nan|NaN|NAN)$/;
const date = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const largestWhole = 2n ** 64n;

/** Reads a scalar's value by style and tag. */
export function typed(node: YamlScalar): Typed {
  const tag = node.props.tag?.text;
  const { text } = node;
  if (tag === "!!str" || tag === "!") return { type: "string", text };
  if (node.style === "none") return { type: "null", text: "" };
  if (node.style === "plain" && (tag === undefined || tag.startsWith("!!"))) return typedPlain(text);
  return tag?.startsWith("!!") ? typedPlain(text) : { type: "string", text };
}

function typedPlain(text: string): Typed {
  if (nullWord.test(text)) return { type: "null", text: "" };
  if (trueWord.test(text)) return { type: "boolean", text: "true" };
  if (falseWord.test(text)) return { type: "boolean", text: "false" };
  if (!/^[-+.0-9]/.test(text)) return { type: "string", text };
  return typedNumber(text) ?? typedDate(text) ?? { type: "string", text };
}

function typedNumber(text: string): Typed | undefined {
  const digits = text.replaceAll("_", "");
  if (whole.test(digits)) {
    const value = wholeValue(digits);
    if (value < largestWhole && value >= -largestWhole / 2n) return { type: "int", text: String(value) };
  }
  if (fraction.test(digits)) return { type: "float", text: printFloat(Number(digits)) };
  if (infinite.test(text)) return { type: "float", text: text.startsWith("-") ? "-Inf" : "+Inf" };
  return notNumber.test(text) ? { type: "float", text: "NaN" } : undefined;
}

function wholeValue(digits: string): bigint {
  const isNegative = digits.startsWith("-");
  const bare = digits.replace(/^[-+]/, "");
  const isOctal = /^0[0-7]+$/.test(bare);
  const value = BigInt(isOctal ? `0o${bare.slice(1)}` : bare);
  return isNegative ? -value : value;
}

/** As Go's `%v`: an exponent from 1e21 on and below 1e-4. */
export function printFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e21)) {
    return value.toExponential().replace(/e([-+])(\d)$/, "e$10$2");
  }
  return String(value);
}

function typedDate(text: string): Typed | undefined {
  const [, year = "", month = "", day = ""] = date.exec(text) ?? [];
  const isReal = year !== "" && Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
  if (!isReal) return undefined;
  return { type: "time", text: `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")} 00:00:00 +0000 UTC` };
}
