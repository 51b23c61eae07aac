/** As which user an image's instructions and its containers run. */
import { Arg, Env, type Instruction, type Stage, type User } from "../../engine/index";
import { accountsMade } from "./accounts";
import { baseUser, distribution } from "./images/users";

export type EffectiveUser =
  | {
      readonly kind: "root";
      /** The USER that says so; undefined where the base image does. */
      readonly by: User | undefined;
      /**
       * `written`: root or 0; `value`: a variable's value; `empty`: a variable that nothing sets; `number`: an account
       * that the file gives the number 0; `base`: no USER.
       */
      readonly why: "written" | "value" | "empty" | "number" | "base";
    }
  | {
      readonly kind: "nonroot";
      readonly by: User | undefined;
      /** Name or number, without a group. */
      readonly name: string;
    }
  | { readonly kind: "unknown"; readonly by: User | undefined };

/** Whether the stage's image is for Windows, where accounts have other names. */
export function onWindows(stage: Stage): boolean {
  if (stage.windows === true || stage.file.escape === "`") return true;
  const image = stage.rootImage;
  return image !== undefined && distribution(image).family === "windows";
}

/** The user just before `place`, an instruction of the stage; of the stage's image where it is left out. */
export function effectiveUser(stage: Stage, place?: Instruction): EffectiveUser {
  const user = stage.userAt(place);
  return user === undefined ? userOfBase(stage) : userOf(user);
}

function userOfBase(stage: Stage): EffectiveUser {
  const unknown: EffectiveUser = { kind: "unknown", by: undefined };
  const root: EffectiveUser = { kind: "root", by: undefined, why: "base" };
  if (onWindows(stage)) return unknown;
  if (stage.root.kind === "scratch") return root;
  const image = stage.rootImage;
  const base = image === undefined ? undefined : baseUser(image);
  if (base?.kind === "nonroot") return { kind: "nonroot", by: undefined, name: base.user };
  return base?.kind === "root" ? root : unknown;
}

/** What one USER makes of the user. */
export function userOf(user: User): EffectiveUser {
  const word = user.user;
  const unknown: EffectiveUser = { kind: "unknown", by: user };
  if (word === undefined || user.stage === undefined) return unknown;
  const { value, empty, undeclared, names } = user.expand(word);
  if (value.known) {
    const name = nameIn(value.value);
    const double = accountsMade(user.stage.history).some((a) => a.name === name && a.uid === 0);
    if (double) return { kind: "root", by: user, why: "number" };
    if (!isRoot(name, user.stage)) return { kind: "nonroot", by: user, name };
    return { kind: "root", by: user, why: names.length === 0 ? "written" : name === "" ? "empty" : "value" };
  }
  if (onWindows(user.stage)) return unknown;
  const root: EffectiveUser = { kind: "root", by: user, why: "empty" };
  if (undeclared.length > 0 && empty.known && isRoot(nameIn(empty.value), user.stage)) {
    const base = user.stage.rootImage === undefined ? undefined : baseUser(user.stage.rootImage);
    if (base?.kind === "root" && undeclared.some((name) => base.suitable === `$${name}`)) {
      return { kind: "nonroot", by: user, name: base.suitable ?? "" };
    }
    // Images of which little is known may set the variable themselves.
    return base?.kind === "root" || user.stage.root.kind === "scratch" ? root : unknown;
  }
  const given = names.every((name) => isLeftToTheCaller(user, name));
  return given && nameIn(word.text.replace(/\$\{?\w+\}?/g, "")) === "" ? root : unknown;
}

const nameIn = (text: string): string => text.replace(/:.*/s, "").trim();

/** An empty user is root to every engine. */
function isRoot(name: string, stage: Stage): boolean {
  if (onWindows(stage)) return /^(?:.*\\)?ContainerAdministrator$/i.test(name);
  return name === "" || name === "root" || /^0+$/.test(name);
}

/** An ARG without a default: empty unless the caller of the build sets it. */
function isLeftToTheCaller(place: Instruction, name: string): boolean {
  const history = (place.stage?.history ?? []).filter((i) => i.stage !== place.stage || i.start < place.start);
  const pair = [...history, ...place.file.globalArguments]
    .flatMap((i) => (i instanceof Arg || i instanceof Env ? i.pairs : []))
    .filter((p) => p.name.text === name);
  return pair.length > 0 && pair.every((p) => p.instruction instanceof Arg && p.value === undefined);
}
