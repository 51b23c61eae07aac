/** Seeded damage to texts: what typing, merging and broken tools do to files. */

/** A small generator of numbers in [0, 1), the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const fragments = [
  "RUN <<EOF\n",
  "EOF\n",
  "\\\n",
  "`",
  '"',
  "'",
  "$(",
  "${",
  "}",
  "[",
  "]",
  "|",
  "&&",
  "# escape=`\n",
  "# bulkhead-ignore x\n",
  "FROM ",
  "\r\n",
  "\0",
  "\ud800",
  "\ufeff",
  "COPY --from=",
  "ENV ",
  "USER $X",
  "--mount=type=secret,",
  "ONBUILD ONBUILD RUN x",
  "HEALTHCHECK CMD [",
  "services:\n",
  "  <<: *a\n",
  "&a ",
  "*a",
  "!reset ",
  "!override\n",
  "\n---\n",
  "- ",
  ": ",
  "extends: { service: a }\n",
  "${A:-${B}}",
  "|\n",
  ">-\n",
  "\t",
  "{{ .Values.a }}",
  "{{- if .Values.a }}\n",
  "{{- end }}\n",
  "kind: List\nitems:\n",
  "$patch: delete\n",
  "- op: replace\n",
];

export function mutate(text: string, others: readonly string[], next: () => number): string {
  const at = (): number => Math.floor(next() * (text.length + 1));
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)];
  const lines = text.split("\n");
  switch (Math.floor(next() * 8)) {
    case 0:
      return text.slice(0, at());
    case 1: {
      const [a, b] = [at(), at()].sort((x, y) => x - y) as [number, number];
      return text.slice(0, a) + text.slice(b);
    }
    case 2: {
      const [a, b] = [at(), at()].sort((x, y) => x - y) as [number, number];
      return text.slice(0, b) + text.slice(a, Math.min(b, a + 2000)) + text.slice(b);
    }
    case 3: {
      for (let i = 0; i < 5; i++) {
        const [a, b] = [Math.floor(next() * lines.length), Math.floor(next() * lines.length)];
        [lines[a], lines[b]] = [lines[b] ?? "", lines[a] ?? ""];
      }
      return lines.join("\n");
    }
    case 4: {
      const place = at();
      return text.slice(0, place) + (pick(fragments) ?? "") + text.slice(place);
    }
    case 5: {
      let noise = "";
      for (let i = 0; i < 12; i++) noise += String.fromCharCode(Math.floor(next() * 256));
      const place = at();
      return text.slice(0, place) + noise + text.slice(place + 6);
    }
    case 6:
      return text + (pick(others) ?? "").slice(0, at());
    default:
      return lines.filter(() => next() > 0.1).join(next() > 0.5 ? "\n" : "\r\n");
  }
}
