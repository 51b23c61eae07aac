/** Ports on which debuggers wait, by what a service says of them. */
import type { Program, Service } from "../../../engine/index";

/** Where debuggers listen unless they are told otherwise; their own documentation. */
const usual: ReadonlyMap<number, string> = new Map([
  [9229, "Node's inspector"],
  [9230, "Node's inspector"],
  [5005, "the JVM's debugger"],
  [5678, "debugpy"],
  [2345, "the Delve debugger"],
  [40000, "the Delve debugger"],
  [35729, "LiveReload"],
]);
/** Taken for the JVM's where it is told to listen and not on which port: those of Tomcat, WildFly and NetBeans. */
const usualForJvm: ReadonlySet<number> = new Set([5005, 8000, 8787, 1044]);

const debugging = /debug|inspect|jdwp|jpda|delve|\bdlv\b|livereload/i;
const jvm = /jdwp|jpda/i;
const jvmAddress = /address=(?:[^,:\s"']*:)?(\d+)/i;
const inspector = /--inspect(?:-brk|-wait|-port)?[= ](?:[^\s:"']*:)?(\d+)/;

/** What debugs the service on the port of its container; undefined where that is no debugger, as far as is known. */
export function debuggerOn(service: Service, port: number): string | undefined {
  const texts = textsOf(service);
  const told = texts.map((text) => toldIn(text, port)).find((what) => what !== undefined);
  if (told !== undefined) return told;
  const what = usual.get(port);
  return what === undefined || isServedOn(service, port, texts) ? undefined : what;
}

function toldIn(text: string, port: number): string | undefined {
  if (jvm.test(text)) {
    const address = jvmAddress.exec(text)?.[1];
    const isIt = address === undefined ? usualForJvm.has(port) : Number(address) === port;
    return isIt ? "the JVM's debugger" : undefined;
  }
  return Number(inspector.exec(text)?.[1]) === port ? "Node's inspector" : undefined;
}

/** Rasa's own port is the one that Java people debug on. */
const others: readonly (readonly [words: RegExp, port: number])[] = [[/rasa/i, 5005]];

/** The program itself listens there: it is told so outside of all debugging, is tested or called there. */
function isServedOn(service: Service, port: number, texts: readonly string[]): boolean {
  const words = `${service.name} ${service.image?.scalar.text ?? ""}`;
  if (others.some(([name, its]) => its === port && name.test(words))) return true;
  const number = new RegExp(`(?<![\\d.])${port}(?!\\d)`);
  if (texts.some((text) => number.test(text) && !debugging.test(text))) return true;
  const address = `${service.name}:${port}`;
  return service.project.services.some((other) =>
    other.environment.some((v) => v.value?.scalar.text.includes(address) && !debugging.test(v.name)),
  );
}

/** Its programs, each with all of its words, its variables and its labels. */
function textsOf(service: Service): readonly string[] {
  const programs = [service.entrypoint, service.command, service.healthTest].flatMap((p) => (p ? [wordsOf(p)] : []));
  const pairs = [...service.environment, ...service.labels].map((v) => `${v.name}=${v.value?.scalar.text ?? ""}`);
  return [...programs, ...pairs];
}

const wordsOf = ({ words }: Program): string => words.map((w) => w.scalar.text).join(" ");
