/** Programs that serve while one develops: by their own words, and by the script of package.json that starts them. */
import { cover, type Command, type ShellWord, type Span } from "../../engine/index";

export interface DevelopmentServer {
  readonly at: Span;
  /** For a message: `flask run`. */
  readonly what: string;
  /** What could stand there instead; `reload`: without the option at `at`. */
  readonly instead: "gunicorn" | "script" | "reload" | undefined;
}

interface Row {
  readonly program: RegExp;
  /** What must stand behind it, words joined by blanks. */
  readonly words: RegExp;
  readonly instead?: DevelopmentServer["instead"];
}

/** After each tool's manual: what it calls its development server. */
const rows: readonly Row[] = [
  { program: /^flask$/, words: /^(?:-\S+ (?:(?!run |-)\S+ )?)*run(?= |$)/, instead: "gunicorn" },
  { program: /^(?:manage\.py|django-admin)$/, words: /^runserver(?:_plus)?(?= |$)/, instead: "gunicorn" },
  { program: /^(?:next|nuxt|nuxi|astro|remix|react-router|fastapi)$/, words: /^dev(?= |$)/ },
  { program: /^vite$/, words: /^(?:(?:dev|serve)(?= |$)|(?=-)|$)/ },
  { program: /^(?:ng|vue-cli-service|webpack|ember)$/, words: /^(?:serve|s)(?= |$)/ },
  { program: /^(?:webpack-dev-server|nodemon|ts-node-dev|tsnd|air)$/, words: /^/ },
  { program: /^react-scripts$/, words: /^start(?= |$)/ },
  { program: /^gatsby$/, words: /^develop(?= |$)/ },
  { program: /^(?:tsx|dotnet|cargo)$/, words: /^watch(?= |$)/ },
  { program: /^node$/, words: /^--watch(?:-path=\S+)?(?= |$)/ },
  { program: /^nest$/, words: /^start(?: \S+)* --watch(?= |$)/ },
  { program: /^php$/, words: /^(?:-S(?= |$)|artisan serve(?= |$))/ },
  { program: /^artisan$/, words: /^serve(?= |$)/ },
  { program: /^symfony$/, words: /^(?:local:)?(?:server:start|serve)(?= |$)/ },
  { program: /^rails$/, words: /^s(?:erver)?(?: \S+)* (?:-e |--environment[= ])development(?= |$)/ },
  { program: /^(?:http\.server|SimpleHTTPServer)$/, words: /^/ },
];

const runners: readonly (readonly [program: RegExp, words: RegExp])[] = [
  [/^(?:npx|bunx)$/, /^(?:-\S+ )*/],
  [/^(?:poetry|pipenv|uv|pdm|rye)$/, /^run (?:-- )?/],
  [/^(?:npm|pnpm|yarn|bun)$/, /^(?:exec|dlx|x) (?:-- )?/],
  [/^bundle$/, /^exec /],
  [/^python[\d.]*$/, /^(?:-[uBOIE]+ )*-m /],
  [/^python[\d.]*$/, /^(?:-[uBOIE]+ )*(?=\S*\.py\b)/],
];

const baseName = (word: string): string => word.slice(word.lastIndexOf("/") + 1);

/** The words of what runs in the end, runners such as `npx` and `python -m` left out. */
function programWords(command: Command): readonly ShellWord[] {
  let { words } = command;
  for (let depth = 0; depth < 3; depth++) {
    const name = baseName(words[0]?.source ?? "");
    const rest = `${words
      .slice(1)
      .map((w) => w.source)
      .join(" ")} `;
    const runner = runners.find(([program, own]) => program.test(name) && own.test(rest));
    const skipped = runner === undefined ? null : runner[1].exec(rest);
    if (skipped === null || words.length < 2) break;
    words = words.slice(1 + skipped[0].split(" ").length - 1);
  }
  return words;
}

const reloading = /^(?:uvicorn|gunicorn|hypercorn|granian|sanic|daphne)$/;

type Scripts = () => Readonly<Record<string, string>>;

/** `scripts`: those of the package.json that the image runs, where they are known. */
export function developmentServer(command: Command, scripts: Scripts): DevelopmentServer | undefined {
  const words = programWords(command);
  const [program] = words;
  if (program === undefined) return undefined;
  const name = baseName(program.source);
  const rest = words
    .slice(1)
    .map((w) => w.source)
    .join(" ");
  if (reloading.test(name)) {
    const option = words.find((w) => w.source === "--reload");
    return option === undefined ? undefined : { at: option, what: `${name} --reload`, instead: "reload" };
  }
  const row = rows.find((r) => r.program.test(name) && r.words.test(rest));
  if (row !== undefined) {
    const taken = row.words.exec(rest)?.[0].trim() ?? "";
    const last = words[taken === "" ? 0 : taken.split(" ").length] ?? program;
    return { at: cover(program, last), what: `${name} ${taken}`.trim(), instead: row.instead };
  }
  return /^(?:npm|pnpm|yarn|bun)$/.test(name) ? byScript(words, scripts) : undefined;
}

const developmentScript =
  /^(?:dev|develop|development|watch|(?:start|serve)[:.-](?:dev|develop|development|watch)|dev[:.-].*)$/;
const inScript =
  /(?:^|[\s;&|/])(?:react-scripts start|next dev|nuxt dev|nuxi dev|astro dev|vite(?=$|\s+(?:-|dev|serve|[;&|]))|ng serve|webpack serve|webpack-dev-server|vue-cli-service serve|gatsby develop|nodemon|ts-node-dev|tsnd|tsx watch|node --watch)(?=$|[\s;&|])/;

/** `npm run dev`, `yarn dev`, and `npm start` where the script is a development server. */
function byScript(words: readonly ShellWord[], scripts: Scripts): DevelopmentServer | undefined {
  const [manager, ...args] = words.filter((w, i) => i === 0 || !w.source.startsWith("-"));
  const isRun = args[0]?.source === "run" || args[0]?.source === "run-script";
  const script = isRun ? args[1] : args[0];
  if (manager === undefined || script === undefined) return undefined;
  const name = script.source;
  const all = scripts();
  const text = Object.hasOwn(all, name) ? all[name] : undefined;
  const called = `${baseName(manager.source)} ${isRun ? "run " : ""}${name}`;
  if (text !== undefined && inScript.test(text))
    return {
      at: cover(manager, script),
      what: `${called} (${inScript.exec(text)?.[0].replace(/^[\s;&|/]/, "")})`,
      instead: undefined,
    };
  if (!developmentScript.test(name) || (!isRun && baseName(manager.source) === "npm")) return undefined;
  return { at: cover(manager, script), what: called, instead: "script" };
}

/** The `scripts` of a package.json; nothing where it cannot be read. */
export function scriptsOf(text: string | undefined): Readonly<Record<string, string>> {
  try {
    const manifest: unknown = JSON.parse(text?.replace(/^\ufeff/, "") ?? "{}");
    const scripts =
      typeof manifest === "object" && manifest !== null && "scripts" in manifest ? manifest.scripts : undefined;
    if (typeof scripts !== "object" || scripts === null) return {};
    return Object.fromEntries(Object.entries(scripts).filter((e): e is [string, string] => typeof e[1] === "string"));
  } catch {
    return {};
  }
}
