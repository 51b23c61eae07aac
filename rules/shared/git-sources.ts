/** Sources in git repositories, and whether they name one state of them. */

/** A commit, or a name that looks like a tag: unlike a branch it holds a version number. */
export function isPinned(ref: string): boolean {
  if (ref.includes("$")) return true;
  const name = ref.replace(/^refs\/(?:heads|tags)\//, "");
  if (ref.startsWith("refs/heads/")) return false;
  if (/^[0-9a-f]{7,64}$/i.test(name) && /\d/.test(name)) return true;
  if (/(?:^|[.\-_/])[xX](?:$|[.\-_])/.test(name) || /^(?:release|branch|stable|support|maint|hotfix)[/_-]/i.test(name))
    return false;
  return /\d/.test(name);
}

/** Whether a URL is one that the builder, or a package tool, clones. */
export const isGitUrl = (url: string): boolean =>
  /^(?:git|git\+\w+|ssh):\/\//.test(url) || /^git@[\w.-]+:/.test(url) || /^https?:\/\/[^?#]+\.git(?:[?#]|$)/.test(url);

/** Stands for a commit until somebody writes one. */
export const someCommit = "0000000000000000000000000000000000000000";
