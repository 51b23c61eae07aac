/** URIs as clients write them, compared by what they mean, and the names of files relative to a folder. */

/** The URI with its escapes decoded and a drive letter in lower case; only good for comparing. */
export function plain(uri: string): string {
  const decoded = decode(uri).replace(
    /^file:\/\/\/([A-Za-z]):/,
    (_, drive: string) => `file:///${drive.toLowerCase()}:`,
  );
  return decoded.endsWith("/") ? decoded.slice(0, -1) : decoded;
}

function decode(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

/** The name of a file relative to a folder, decoded and with `/`; undefined where it is not below it. */
export function relative(folder: string, uri: string): string | undefined {
  const root = plain(folder);
  const file = plain(uri);
  return file.startsWith(`${root}/`) ? file.slice(root.length + 1) : undefined;
}

/** The URI of a file named relative to a folder. */
export function child(folder: string, file: string): string {
  const root = folder.endsWith("/") ? folder.slice(0, -1) : folder;
  return `${root}/${file.split("/").map(encodeURIComponent).join("/")}`;
}

/** The last part, decoded: what a file is named by where there is no folder. */
export function lastName(uri: string): string {
  const path = plain(uri).replace(/^[a-z][a-z0-9+.-]*:/i, "");
  return path.slice(path.lastIndexOf("/") + 1);
}
