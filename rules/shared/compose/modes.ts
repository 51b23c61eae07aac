/** What a compose file is there for: to develop with, or to run the product. */
import { basename, type Context, dirname, join, type Service, type ServiceMount } from "../../../engine/index";
import { isLanguageImage } from "../images/roles";
import { isForDevelopment } from "./development";

const developmentFolder = /(?:^|\/)(?:\.devcontainer|dev|devel|develop|development|local|tests?|e2e|ci)\//i;
const developmentName = /(?:^|[-_.])(?:dev|devel|develop|development|debug|local|tests?|e2e)(?:$|[-_.])/i;
const productionFile = /compose.*[._-](?:prod|production|live|release|deploy|deployment|staging)\b.*\.ya?ml$/i;

/**
 * Whether what a file says of a service is there to develop with: so the file or the service is called, the service is
 * rebuilt when its source changes (`develop`), or another file beside this one is for production.
 */
export function isDevelopmentArrangement(service: Service, file: string, { project }: Context): boolean {
  if (isForDevelopment(service, file) || service.has("develop") === true) return true;
  if (developmentFolder.test(file) || developmentName.test(service.name)) return true;
  if (productionFile.test(basename(file))) return false;
  const folder = dirname(file);
  return project.under(folder)?.some((f) => dirname(f) === folder && productionFile.test(basename(f))) === true;
}

const sourceFolder = /^(?:src|source|sources|code|app|lib|public|www|html)$/;
const dataFolder = /^\/(?:etc|config|data|backups?|tmp|run|var\/(?:lib|log|run|tmp)|docker-entrypoint[^/]*)(?:\/|$)/;

/** The folder that the image is built from, or a part of it with source, takes the place of what the image has. */
export function isSourceMount(mount: ServiceMount, service: Service): boolean {
  const { type, hostPath, readOnly, target } = mount;
  if (!type.known || type.value !== "bind" || !readOnly.known || readOnly.value) return false;
  if (hostPath === undefined || hostPath.startsWith("/") || target?.value.known !== true) return false;
  if (dataFolder.test(target.value.value) || basename(hostPath).slice(1).includes(".")) return false;
  const root = rootOf(service);
  if (root === undefined) return false;
  const isBelow = root === "" || hostPath.startsWith(`${root}/`);
  return hostPath === root || (isBelow && sourceFolder.test(basename(hostPath)));
}

/** Where the source of a service lies: where it is built, or beside its file where an image of its language runs it. */
function rootOf({ build, image, provider, file }: Service): string | undefined {
  if (build !== undefined) return build.folder;
  const reference = provider === undefined ? image?.reference : undefined;
  return reference !== undefined && isLanguageImage(reference) ? dirname(file) : undefined;
}

const bases: readonly (readonly [base: RegExp, override: string])[] = [
  [/^compose\.(ya?ml)$/, "compose.override."],
  [/^docker-compose\.(ya?ml)$/, "docker-compose.override."],
];

/** The name of the override file that compose would read with `file`; undefined where there is one, or cannot be one. */
export function newOverride(file: string, { project }: Context): string | undefined {
  const name = basename(file);
  const [base, override] = bases.find(([pattern]) => pattern.test(name)) ?? [];
  const suffix = base?.exec(name)?.[1];
  if (override === undefined || suffix === undefined) return undefined;
  const folder = dirname(file);
  const all = project.under(folder);
  if (all === undefined || all.some((f) => dirname(f) === folder && /compose\.override\.ya?ml$/.test(f)))
    return undefined;
  return join(folder, `${override}${suffix}`);
}
