import { type AnalyserOptions, type CodeGrammar, codeGrammarOf, configNames, type Finding } from "../engine/index";
import { type Buffer, Folder, isHidden, isRead, lonely } from "./folder";
import type { Files } from "./host";
import type { Settings } from "./settings";
import { child, plain } from "./uri";

/** A file and the project that it is part of. */
export interface Place {
  readonly folder: Folder;
  readonly file: string;
}

/** A file that was looked into though nobody has it open. */
export interface Seen {
  readonly uri: string;
  readonly text: string;
  readonly findings: readonly Finding[];
}

export interface FileEvent {
  readonly uri: string;
  readonly change: "created" | "changed" | "deleted";
}

export interface WorkspaceOptions extends AnalyserOptions {
  filesOf(uri: string): Files | undefined;
  /** The editor's settings for a folder or a file. Never rejects. */
  settingsOf(uri: string): Promise<Settings>;
  /** Something changed that no document did: findings may be others now. */
  changed(): void;
  /** How many folders are being looked through for the first time. */
  busy(folders: number): void;
  /** Something went wrong on our side, behind the handlers' backs. */
  failed(error: unknown): void;
  /** Runs something soon, but lets waiting messages go first. */
  soon(run: () => void): void;
}

/** Files that are read at the same time. */
const readers = 16;

/**
 * The folders of the workspace, each a project of its own, and the open files outside them. Everything that waits for
 * the disk or the client does so here, behind the handlers' backs, and reports with `changed`.
 */
export class Workspace {
  private readonly folders: Folder[] = [];
  private readonly places = new Map<string, Place>();
  private readonly buffers = new Map<string, Buffer>();
  private readonly fetched = new Set<CodeGrammar>();
  private loading = 0;
  /** What was learned from the disk last: looks at one folder follow each other, so that the newest wins. */
  private readonly looks = new Map<Folder, Promise<void>>();

  constructor(private readonly options: WorkspaceOptions) {}

  addFolders(uris: readonly string[]): void {
    const fresh = uris.filter((uri) => !this.folders.some((f) => plain(f.uri) === plain(uri)));
    const added = fresh.map((uri) => new Folder(uri, undefined, this.options));
    this.folders.push(...added);
    this.rehome();
    for (const folder of added) {
      this.options.busy(++this.loading);
      this.look(folder, () => this.load(folder).finally(() => this.options.busy(--this.loading)));
    }
  }

  removeFolders(uris: readonly string[]): void {
    for (const uri of uris) {
      const index = this.folders.findIndex((f) => plain(f.uri) === plain(uri));
      if (index < 0) continue;
      const [folder] = this.folders.splice(index, 1);
      if (folder !== undefined) this.forget(folder);
    }
    this.rehome();
    this.options.changed();
  }

  /** An open document, new or with another text. */
  set(buffer: Buffer): void {
    this.buffers.set(buffer.uri, buffer);
    const place = this.places.get(buffer.uri) ?? this.findPlace(buffer.uri);
    this.places.set(buffer.uri, place);
    place.folder.open(place.file, buffer);
    this.fetchParser(place.file, buffer.languageId);
  }

  /** The parser of a programming language is loaded with its first document; nobody waits for it. */
  private fetchParser(file: string, languageId: string): void {
    const { code } = this.options.languages;
    const grammar = codeGrammarOf(file, languageId);
    if (code === undefined || grammar === undefined || this.fetched.has(grammar)) return;
    this.fetched.add(grammar);
    const fetch = async (): Promise<void> => {
      if (!(await code.load(grammar))) return this.options.failed(new Error(`no parser for ${grammar}`));
      for (const folder of this.all) folder.analyser.parserArrived();
      this.options.changed();
    };
    this.options.soon(() => void fetch());
  }

  close(uri: string): void {
    const place = this.places.get(uri);
    this.buffers.delete(uri);
    this.places.delete(uri);
    if (place !== undefined) this.leave(place, uri);
  }

  /** Where an open document is. */
  placeOf(uri: string): Place | undefined {
    return this.places.get(uri);
  }

  bufferOf(uri: string): Buffer | undefined {
    return this.buffers.get(uri);
  }

  get open(): Iterable<Buffer> {
    return this.buffers.values();
  }

  get all(): readonly Folder[] {
    return [...this.folders, ...[...this.places.values()].map((p) => p.folder).filter((f) => !f.isWhole)];
  }

  /** The folders of the workspace, lonely files left out. */
  get wholes(): readonly Folder[] {
    return this.folders;
  }

  /** Resolves when what is known of the folder by now has been read. */
  async settled(folder: Folder): Promise<void> {
    await this.looks.get(folder);
  }

  /** What is found in a file that nobody has open; undefined where it is open, or no text. It is let go again. */
  async lookInto(folder: Folder, file: string): Promise<Seen | undefined> {
    if (folder.isOpen(file)) return undefined;
    const files = this.options.filesOf(folder.uri);
    const text = await files?.read(child(folder.uri, file));
    const grammar = codeGrammarOf(file);
    if (grammar !== undefined) await this.options.languages.code?.load(grammar);
    if (text === undefined || text.includes("\0") || folder.isOpen(file) || folder.gone) return undefined;
    const { analyser } = folder;
    // What is known by its summary is not read a second time.
    if (!isRead(file)) analyser.setFile(file, text);
    else if (analyser.text(file) !== text) folder.setDisk(file, text);
    const findings = analyser.findings(file);
    if (isRead(file)) analyser.release(file);
    else analyser.removeFile(file);
    return { uri: folder.uriOf(file), text, findings };
  }

  /** Asks for the settings of every folder and file anew. */
  reconfigure(): void {
    for (const folder of this.all) {
      this.look(folder, async () => {
        folder.configure(await this.options.settingsOf(folder.uri));
      });
    }
  }

  /** What happened on the disk. */
  disk(events: readonly FileEvent[]): void {
    for (const folder of this.folders) {
      const mine = events.flatMap(({ uri, change }) => {
        const file = folder.fileOf(uri);
        return file === undefined || isHidden(file) ? [] : [{ uri, change, file }];
      });
      if (mine.length === 0) continue;
      this.look(folder, async () => {
        for (const event of mine) await this.learn(folder, event);
      });
    }
  }

  private findPlace(uri: string): Place {
    let best: Place | undefined;
    for (const folder of this.folders) {
      const file = folder.fileOf(uri);
      if (file !== undefined && (best === undefined || file.length < best.file.length)) best = { folder, file };
    }
    if (best !== undefined) return best;
    const folder = lonely(uri, this.options);
    this.look(folder, () => this.load(folder));
    return { folder, file: folder.fileOf(uri) ?? "" };
  }

  /** Moves open documents to the projects that they are part of now. */
  private rehome(): void {
    for (const [uri, buffer] of this.buffers) {
      const before = this.places.get(uri);
      const inside = this.folders.some((f) => f.fileOf(uri) !== undefined);
      if (before !== undefined && !before.folder.isWhole && !inside) continue;
      const place = this.findPlace(uri);
      if (before?.folder === place.folder) continue;
      if (before !== undefined) this.leave(before, uri);
      this.places.set(uri, place);
      place.folder.open(place.file, buffer);
    }
  }

  private leave({ folder, file }: Place, uri: string): void {
    folder.close(file);
    if (!folder.isWhole) this.forget(folder);
    else if (isRead(file)) this.look(folder, () => this.learn(folder, { uri, change: "changed", file }));
  }

  private forget(folder: Folder): void {
    folder.gone = true;
    this.looks.delete(folder);
  }

  /** Puts a look at the disk, or a question to the client, behind those of the folder that are under way. */
  private look(folder: Folder, work: () => Promise<void>): void {
    const before = this.looks.get(folder) ?? Promise.resolve();
    const now = before
      .then(() => (folder.gone ? undefined : work()))
      .then(() => (folder.gone ? undefined : this.options.changed()))
      .catch((error: unknown) => this.options.failed(error));
    this.looks.set(folder, now);
  }

  private async load(folder: Folder): Promise<void> {
    const files = folder.isWhole ? this.options.filesOf(folder.uri) : undefined;
    const configs = files === undefined ? [] : configNames.map((name) => this.refresh(folder, files, name));
    const [settings] = await Promise.all([this.options.settingsOf(folder.uri), ...configs]);
    folder.configure(settings);
    folder.ready = true;
    this.options.changed();
    if (files === undefined) return;
    const names = await files.list(folder.uri);
    if (names === undefined || folder.gone) return;
    await this.readAll(folder, files, names.filter(isRead));
    folder.setListing(names);
  }

  private async readAll(folder: Folder, files: Files, names: readonly string[]): Promise<void> {
    const left = names[Symbol.iterator]();
    const reader = async (): Promise<void> => {
      for (const name of left) {
        if (folder.gone) return;
        await this.refresh(folder, files, name);
        await new Promise<void>((resume) => this.options.soon(resume));
      }
    };
    await Promise.all(Array.from({ length: readers }, reader));
  }

  private async refresh(folder: Folder, files: Files, file: string): Promise<void> {
    folder.setDisk(file, await files.read(child(folder.uri, file)));
  }

  private async learn(folder: Folder, event: FileEvent & { readonly file: string }): Promise<void> {
    const { uri, change, file } = event;
    const files = this.options.filesOf(folder.uri);
    if (files === undefined) return;
    if (change === "deleted") return folder.deleted(file);
    if (change === "changed") return isRead(file) ? this.refresh(folder, files, file) : undefined;
    const below = await files.list(uri);
    const names = below === undefined ? [file] : below.map((name) => `${file}/${name}`);
    for (const name of names) folder.created(name);
    await this.readAll(folder, files, names.filter(isRead));
  }
}
