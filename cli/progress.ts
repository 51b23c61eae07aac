/** Tells a person at a terminal that a long run is alive. */

export interface Progress {
  (message: string): void;
  /** Wipes the line. */
  done(): void;
}

const quietFor = 700;
const pause = 80;

/** Speaks on standard error, only to a terminal, and only once a run has taken a while. Times are in milliseconds. */
export function progressTo(stream: NodeJS.WriteStream, output: "full" | "quiet"): Progress {
  const silent: Progress = Object.assign(() => {}, { done: () => {} });
  if (!stream.isTTY || output === "quiet") return silent;
  const begun = Date.now();
  let last = 0;
  const show = (message: string): void => {
    const now = Date.now();
    if (now - begun < quietFor || now - last < pause) return;
    last = now;
    stream.write(`\r\u001b[K${message}`);
  };
  const done = (): void => {
    if (last > 0) stream.write("\r\u001b[K");
  };
  return Object.assign(show, { done });
}
