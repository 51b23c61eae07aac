import { basename } from "../../text/path";

/** Endings of `Dockerfile.<ending>` that name another kind of file. */
const otherFiles =
  /\.(?:md|rst|txt|json|ya?ml|toml|sh|bash|py|rb|js|mjs|cjs|ts|go|java|kt|cs|html?|lock|log|orig|rej|bak|swp|patch|diff|(?:docker|container)ignore)$/i;
const templates = /\.(?:j2|jinja2?|tpl|tmpl|gotmpl|template|erb|ejs|hbs|mustache|in|m4)$/i;
const usualNames = /^(?:docker|container)file(?:\..+)?$|\.(?:docker|container)file$/i;
const likelyNames = /(?:docker|container)file/i;
const templateMarks = /\{\{|\{%|<%|@@?[A-Z_]+@/;

/** Whether a file holds image build instructions, by its name and, where the name leaves doubt, its text. */
export function isDockerfile(file: string, text: string, languageId?: string): boolean {
  if (languageId === "dockerfile") return true;
  const name = basename(file);
  if (!likelyNames.test(name) || otherFiles.test(name)) return false;
  if (templates.test(name)) return !templateMarks.test(text) && beginsLikeOne(text);
  return usualNames.test(name) || beginsLikeOne(text);
}

/** Whether the name alone makes it worth reading the file. */
export function mayBeDockerfile(file: string): boolean {
  const name = basename(file);
  return likelyNames.test(name) && !otherFiles.test(name);
}

function beginsLikeOne(text: string): boolean {
  return /^\ufeff?(?:[ \t\r]*(?:#[^\n]*)?\n)*[ \t]*(?:FROM[ \t]+\S|ARG[ \t]+\w)/i.test(text.slice(0, 20_000));
}
