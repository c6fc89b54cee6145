/**
 * What lies in the composers' trays of an account: attached, not sent. One small file, whole at any time; the bytes are on the shelf. One that was damaged is set aside, never
 * overwritten; what can be read of it stays in the trays, and whatever it names stays on the shelf.
 */
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileFacts, TrayFile } from '@matchbook/protocol/bridge/files';
import { FILES_PER_MESSAGE, FileReference } from '@matchbook/protocol/message-body';
import { Check } from 'typebox/value';
import { LocalError } from '../bridge/local-failure.ts';
import { alsoAs, writeDurably } from '../profile/durable-file.ts';

type Trays = Record<string, TrayFile[]>;

const HASHES = /\b[0-9a-f]{64}\b/g;

export interface TrayParts {
  newId(): string;
  /** The file was damaged, and is there now. */
  setAside(place: string): void;
}

export class Tray {
  readonly #path: string;
  readonly #parts: TrayParts;
  #trays: Promise<Trays> | null = null;
  /** Named by files that were set aside. */
  #aside: Promise<readonly string[]> | null = null;
  /** Changes one after the other. */
  #line: Promise<unknown> = Promise.resolve();

  constructor(path: string, parts: TrayParts) {
    this.#path = path;
    this.#parts = parts;
  }

  async list(conv: string): Promise<TrayFile[]> {
    return (await this.#read())[conv] ?? [];
  }

  /** Of every conversation, and of what was set aside. */
  async hashes(): Promise<Set<string>> {
    const trays = await this.#read();
    const aside = await this.#namedAside();
    return new Set([...Object.values(trays).flatMap((files) => files.map(({ hash }) => hash)), ...aside]);
  }

  /** Of what lies in the trays, each file once. */
  async bytes(): Promise<number> {
    const files = Object.values(await this.#read()).flat();
    return [...new Map(files.map(({ hash, size }) => [hash, size])).values()].reduce((a, b) => a + b, 0);
  }

  /** @throws LocalError `too_many_files` */
  add(conv: string, file: FileReference): Promise<TrayFile[]> {
    return this.#change(conv, (files) => {
      if (files.length >= FILES_PER_MESSAGE)
        throw new LocalError('too_many_files', `A message has at most ${FILES_PER_MESSAGE} files.`, {
          limit: FILES_PER_MESSAGE,
        });
      return [...files, { ...file, id: this.#parts.newId() }];
    });
  }

  describe(conv: string, id: string, facts: FileFacts): Promise<TrayFile[]> {
    return this.#change(conv, (files) =>
      files.map((file) => (file.id === id ? described(file, facts) : file)),
    );
  }

  remove(conv: string, ids: readonly string[]): Promise<TrayFile[]> {
    return this.#change(conv, (files) => files.filter(({ id }) => !ids.includes(id)));
  }

  /** Those of these ids, in the order of the tray. @throws LocalError `file_missing` where one is not in it */
  async named(conv: string, ids: readonly string[]): Promise<FileReference[]> {
    const files = (await this.list(conv)).filter(({ id }) => ids.includes(id));
    if (files.length !== new Set(ids).size)
      throw new LocalError('file_missing', 'A file is not in the tray any more.', { field: 'attached' });
    return files.map(({ id: _, ...file }) => file);
  }

  #change(conv: string, change: (files: TrayFile[]) => TrayFile[]): Promise<TrayFile[]> {
    const run = this.#line.then(async () => {
      const before = await this.#read();
      const files = change(before[conv] ?? []);
      const { [conv]: _, ...others } = before;
      const after: Trays = files.length === 0 ? others : { ...others, [conv]: files };
      await writeDurably(this.#path, JSON.stringify(after));
      this.#trays = Promise.resolve(after);
      return files;
    });
    this.#line = run.catch(() => {});
    return run;
  }

  #read(): Promise<Trays> {
    this.#trays ??= this.#inFile().catch((error: unknown) => {
      // What cannot be read just now is not empty: written over, and its files swept away, it would be. It is read anew with the next call.
      this.#trays = null;
      throw error;
    });
    return this.#trays;
  }

  async #inFile(): Promise<Trays> {
    const text = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}';
      throw error;
    });
    const { trays, damaged } = parsed(text);
    if (!damaged) return trays;
    const aside = `${this.#path}.damaged-${randomUUID().slice(0, 8)}`;
    await alsoAs(this.#path, aside);
    await writeDurably(this.#path, JSON.stringify(trays));
    this.#aside = null;
    this.#parts.setAside(aside);
    return trays;
  }

  #namedAside(): Promise<readonly string[]> {
    this.#aside ??= hashesIn(dirname(this.#path), `${basename(this.#path)}.damaged-`).catch(
      (error: unknown) => {
        this.#aside = null;
        throw error;
      },
    );
    return this.#aside;
  }
}

async function hashesIn(folder: string, beginning: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = names.filter((name) => name.startsWith(beginning));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.match(HASHES) ?? []);
}

/** What was recorded as sound is sound: by its first bytes alone it could be a film. */
function described(file: TrayFile, facts: FileFacts): TrayFile {
  const type = facts.waveform && file.type === 'video/webm' ? 'audio/webm' : file.type;
  return { ...file, ...(facts as Partial<FileReference>), type };
}

/** A damaged file is worth what can be read of it. */
function parsed(text: string): { trays: Trays; damaged: boolean } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { trays: {}, damaged: true };
  let damaged = false;
  const trays: Trays = {};
  for (const [conv, files] of Object.entries(value) as [string, unknown][]) {
    const all: unknown[] = Array.isArray(files) ? files : [];
    const whole = all.filter(isTrayFile);
    damaged ||= !Array.isArray(files) || whole.length < all.length;
    if (whole.length > 0) trays[conv] = whole;
  }
  return { trays, damaged };
}

const isTrayFile = (file: unknown): file is TrayFile =>
  Check(FileReference, file) && typeof (file as Partial<TrayFile>).id === 'string';
