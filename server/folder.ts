import {
  Analyser,
  type AnalyserOptions,
  type Config,
  configNames,
  ignoreGlobMatches,
  isWanted,
  parseConfig,
  type Problem,
} from "../engine/index";
import { defaultSettings, type Settings } from "./settings";
import { child, lastName, relative } from "./uri";

/** The newest text of a file that is open in the editor. */
export interface Buffer {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
}

const isConfig = (file: string): boolean => (configNames as readonly string[]).includes(file);

/** Whether anything is to be learned from the text of a file of this name. */
export const isRead = (file: string): boolean => isConfig(file) || isWanted(file);

/** Whether a file lies where nobody looks: in what a package manager or git keeps. `.git/HEAD` says that git is used. */
export function isHidden(file: string): boolean {
  const parts = file.split("/");
  const kept = parts.findIndex((part) => part === "node_modules" || part === ".git");
  return kept >= 0 && parts.slice(kept).join("/") !== ".git/HEAD";
}

/**
 * One project: a folder of the workspace with its `bulkhead.yaml`, or a single file outside all of them. Texts come from
 * the disk, and from open buffers, which go before the disk's.
 */
export class Folder {
  readonly analyser: Analyser;
  /** The settings and the configuration are known: what is found may be shown. */
  ready = false;
  /** It left the workspace: whatever still arrives for it is dropped. */
  gone = false;
  settings: Settings = defaultSettings;
  private config: Config = defaultSettings.config;
  private readonly buffers = new Map<string, Buffer>();
  private readonly configTexts = new Map<string, string>();
  private names: Set<string> | undefined;
  private faults: { readonly file: string; readonly problems: readonly Problem[] } | undefined;

  /** `uri` is that of the folder, or of the single file where `single` is its name. */
  constructor(
    readonly uri: string,
    private readonly single: string | undefined,
    private readonly options: AnalyserOptions,
  ) {
    this.analyser = new Analyser(options);
  }

  /** Without a single file: one that has a listing and a configuration. */
  get isWhole(): boolean {
    return this.single === undefined;
  }

  /** The name under which the analyser knows a file; undefined where it is not of this folder. */
  fileOf(uri: string): string | undefined {
    if (this.single === undefined) return relative(this.uri, uri);
    return uri === this.uri ? this.single : undefined;
  }

  uriOf(file: string): string {
    const buffer = this.buffers.get(file);
    if (buffer !== undefined) return buffer.uri;
    return this.single === undefined ? child(this.uri, file) : this.uri;
  }

  /** The version of the open buffer, null for a file on the disk. */
  versionOf(file: string): number | null {
    return this.buffers.get(file)?.version ?? null;
  }

  textOf(file: string): string | undefined {
    return this.buffers.get(file)?.text ?? this.configTexts.get(file) ?? this.analyser.text(file);
  }

  open(file: string, buffer: Buffer): void {
    this.buffers.set(file, buffer);
    this.analyser.setFile(file, buffer.text, buffer.languageId);
    if (this.isWhole && isConfig(file)) this.setConfig(file, buffer.text);
  }

  /** The buffer's text stands in until the disk's is known. */
  close(file: string): void {
    this.buffers.delete(file);
    if (this.isWhole && isRead(file)) this.analyser.release(file);
    else this.analyser.removeFile(file);
  }

  /** What the disk has; undefined for a file that is not there, or that cannot be read. */
  setDisk(file: string, text: string | undefined): void {
    if (this.buffers.has(file)) return;
    if (isConfig(file)) this.setConfig(file, text);
    else if (text === undefined) this.analyser.removeFile(file);
    else {
      this.analyser.setFile(file, text);
      // Summaries are made now, not while somebody types.
      this.analyser.release(file);
    }
  }

  /** Every file, whatever it is; undefined as long as nobody knows. */
  get listing(): ReadonlySet<string> | undefined {
    return this.names;
  }

  isOpen(file: string): boolean {
    return this.buffers.has(file);
  }

  setListing(names: readonly string[]): void {
    this.names = new Set(names);
    this.analyser.setListing(names);
  }

  created(file: string): void {
    this.names?.add(file);
    this.analyser.listed(file, true);
  }

  /** The file, or everything below what was a folder, is gone. */
  deleted(file: string): void {
    const below = this.names?.has(file) === false ? [...this.names].filter((n) => n.startsWith(`${file}/`)) : [];
    for (const name of [file, ...below]) {
      this.names?.delete(name);
      this.analyser.listed(name, false);
      if (isRead(name)) this.setDisk(name, undefined);
    }
  }

  configure(settings: Settings): void {
    this.settings = settings;
    this.readConfig();
  }

  /** Whether anything found in the file is to be shown. */
  speaksOf(file: string): boolean {
    return this.ready && this.settings.enable && !this.config.ignore.some((glob) => ignoreGlobMatches(glob, file));
  }

  /** The configuration in force, where there is one, and what is wrong with it. */
  get configFaults(): { readonly file: string; readonly problems: readonly Problem[] } | undefined {
    return this.settings.enable ? this.faults : undefined;
  }

  /** The name of the configuration in force, or of the one to create. */
  get configFile(): string {
    return this.faults?.file ?? configNames[0];
  }

  private setConfig(file: string, text: string | undefined): void {
    if (this.configTexts.get(file) === text) return;
    if (text === undefined) this.configTexts.delete(file);
    else this.configTexts.set(file, text);
    this.readConfig();
  }

  private readConfig(): void {
    const file = configNames.find((name) => this.configTexts.has(name));
    const base = this.settings.config;
    if (file === undefined) {
      this.faults = undefined;
      this.config = base;
    } else {
      const parsed = parseConfig(file, this.configTexts.get(file) ?? "", this.options.rules, base);
      this.faults = { file, problems: parsed.problems };
      this.config = parsed.config;
    }
    this.analyser.configure(this.config);
  }
}

/** The project of a file that is in no folder of the workspace. */
export const lonely = (uri: string, options: AnalyserOptions): Folder => new Folder(uri, lastName(uri), options);
