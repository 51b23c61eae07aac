/** Which numbers the users of an image have. */
import type { Stage } from "../../engine/index";
import { accountsMade } from "./accounts";
import { officialName } from "./images/match";
import { baseUser, distribution } from "./images/users";

/** The number of a user that the file makes, or that its base image is known to have. */
export function uidOf(stage: Stage, name: string): string | undefined {
  const made = accountsMade(stage.history).find((a) => a.name === name);
  if (made !== undefined) return made.uid === undefined ? undefined : String(made.uid);
  const image = stage.rootImage;
  if (image === undefined) return undefined;
  const base = baseUser(image);
  if (base.kind === "nonroot" && base.user === name) return base.uid === undefined ? undefined : String(base.uid);
  // The images' own /etc/passwd, 2026-08.
  if (base.kind === "root" && base.suitable === name && (name === "node" || name === "bun")) return "1000";
  if (base.kind === "root" && base.suitable === "$APP_UID" && name === "app") return "1654";
  if (name === "nginx" && officialName(image) === "nginx") return "101";
  const { family } = distribution(image);
  if (name === "nobody" && (family === "debian" || family === "alpine")) return "65534";
  if (name === "www-data" && family === "debian") return "33";
  return name === "nonroot" && family === "distroless" ? "65532" : undefined;
}

/** The names and numbers by which the stage's files may call one user. */
export function namesOf(stage: Stage, user: string): ReadonlySet<string> {
  const known = [...accountsMade(stage.history).map((a) => a.name), "node", "bun", "www-data", "nobody", "nonroot"];
  const uid = uidOf(stage, user) ?? user;
  const same = known.filter((name) => uidOf(stage, name) === uid);
  return new Set([user, uid, ...same]);
}
