/** Programs that only run another program, and how many words of their own stand before it. */

interface Wrapper {
  /** Short options that take a value. */
  readonly valued: string;
  /** Long options that take a value as the next word. */
  readonly valuedLong?: readonly string[];
  /** Words behind the options that are not yet the program. */
  readonly operands: number;
  /** Options with which the program runs nothing. */
  readonly inert?: readonly string[];
  /** `NAME=value` words stand before the program. */
  readonly assignments?: boolean;
}

const wrappers: Readonly<Record<string, Wrapper>> = {
  sudo: {
    valued: "CDghpRrTtUu",
    valuedLong: ["--user", "--group", "--host", "--prompt", "--chdir"],
    operands: 0,
    inert: ["-l", "-v", "-k"],
    assignments: true,
  },
  doas: { valued: "Cu", operands: 0 },
  env: { valued: "uCS", valuedLong: ["--unset", "--chdir"], operands: 0, assignments: true },
  exec: { valued: "a", operands: 0 },
  command: { valued: "", operands: 0, inert: ["-v", "-V"] },
  builtin: { valued: "", operands: 0 },
  time: { valued: "fo", operands: 0 },
  nice: { valued: "n", operands: 0 },
  ionice: { valued: "cnp", operands: 0 },
  nohup: { valued: "", operands: 0 },
  setsid: { valued: "", operands: 0 },
  stdbuf: { valued: "ioe", operands: 0 },
  timeout: { valued: "ks", valuedLong: ["--signal", "--kill-after"], operands: 1 },
  chroot: { valued: "", operands: 1 },
  xargs: { valued: "aEeIiLlnPsd", operands: 0 },
  gosu: { valued: "", operands: 1 },
  "su-exec": { valued: "", operands: 1 },
  tini: { valued: "pe", operands: 0 },
  "dumb-init": { valued: "r", operands: 0 },
  catatonit: { valued: "", operands: 0 },
  busybox: { valued: "", operands: 0 },
};

interface WordText {
  readonly source: string;
}

/** How many words belong to the wrapper `name` itself; undefined where `name` is none, or runs nothing here. */
export function wrapperOperands(name: string, words: readonly WordText[]): number | undefined {
  const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  if (wrapper === undefined) return undefined;
  let i = 1;
  for (; i < words.length; i++) {
    const source = words[i]?.source ?? "";
    if (source === "--") {
      i++;
      break;
    }
    if (wrapper.inert?.includes(source) === true) return undefined;
    if (source.startsWith("--")) {
      if (wrapper.valuedLong?.includes(source) === true) i++;
    } else if (source.startsWith("-") && source.length > 1) {
      const last = source[source.length - 1] ?? "";
      if (wrapper.valued.includes(last) && source.length === 2) i++;
    } else if (!(wrapper.assignments === true && /^[A-Za-z_]\w*=/.test(source))) break;
  }
  return i + wrapper.operands;
}
