/** Which files are worth reading as text, judged by their names; whether they are text, only their bytes tell. */

/** Pictures, sound, archives, programs, fonts, documents: their bytes are no text. Keystores are known by their names. */
const binary =
  /\.(?:png|jpe?g|gif|webp|avif|bmp|ico|icns|tiff?|psd|heic|mp[34]|m4[av]|ogg|opus|wav|flac|avi|mov|mkv|webm|zip|gz|tgz|bz2|xz|zst|lz4|7z|rar|tar|whl|egg|jar|war|ear|class|pyc|pyo|o|a|so|dylib|dll|exe|pdb|obj|lib|wasm|bin|dat|db|sqlite3?|mdb|parquet|avro|orc|onnx|pt|pth|npy|npz|h5|pkl|ttf|otf|woff2?|eot|pdf|docx?|xlsx?|pptx?|od[tsp]|deb|rpm|apk|dmg|iso|img|vsix|nupkg|snap|tfstate\.backup|gpg|sig|der|mo)$/i;

/** Stores of keys: their names say it all, their bytes nothing. */
export const isKeyStoreName = (file: string): boolean => /\.(?:p12|pfx|jks|jceks|bcfks|keystore|kdbx)$/i.test(file);

export const isTextName = (file: string): boolean => !binary.test(file);
