import type { Call } from "../facts";

const speaking = new Set(
  (
    "print println printf fprint fprintln fprintf log logf trace tracef debug debugf info infof warn warnf warning " +
    "warningf error errorf fatal fatalf fatalln panic panicf panicln critical exception notice verbose write writeline " +
    "append msg msgf infow warnw errorw debugw fatalw infocontext warncontext errorcontext debugcontext logtrace " +
    "logdebug loginformation logwarning logerror logcritical information"
  ).split(" "),
);

/** What calls that speak are made on, by its last word. */
const speaker =
  /^_*(?:console|log|logs|slog|zap|sugar|winston|pino|bunyan|logrus|klog|glog|fmt|out|err|debug|trace|entry)$|log(?:ger|ging)?$/i;

/** Whether the texts that a call is given are for people to read: logs, prints, errors. */
export function isMessage({ callee: { last, text, origin } }: Call): boolean {
  if (/(?:Exception|Error|Warning)$/.test(last)) return true;
  if (/^(?:panic|print|println|alert)$/.test(text)) return true;
  if (origin?.module === "errors") return true;
  if (!speaking.has(last.toLowerCase())) return false;
  const words = text.split(".").slice(0, -1);
  return words.some((word) => speaker.test(word));
}
