/** What lies in the composers' trays of an account: attached, not sent. One small file, whole at any time; the bytes are on the shelf. */
import { readFile } from 'node:fs/promises';
import type { FileFacts, TrayFile } from '@matchbook/protocol/bridge/files';
import { FILES_PER_MESSAGE, FileReference } from '@matchbook/protocol/message-body';
import { Check } from 'typebox/value';
import { LocalError } from '../bridge/local-failure.ts';
import { writeDurably } from '../profile/durable-file.ts';

type Trays = Record<string, TrayFile[]>;

export class Tray {
  readonly #path: string;
  readonly #newId: () => string;
  #trays: Promise<Trays> | null = null;
  /** Changes one after the other. */
  #line: Promise<unknown> = Promise.resolve();

  constructor(path: string, newId: () => string) {
    this.#path = path;
    this.#newId = newId;
  }

  async list(conv: string): Promise<TrayFile[]> {
    return (await this.#read())[conv] ?? [];
  }

  /** Of every conversation. */
  async hashes(): Promise<Set<string>> {
    const trays = await this.#read();
    return new Set(Object.values(trays).flatMap((files) => files.map(({ hash }) => hash)));
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
      return [...files, { ...file, id: this.#newId() }];
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
    this.#trays ??= readFile(this.#path, 'utf8').then(
      (text) => parsed(text),
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return {};
        // What cannot be read just now is not empty: written over, and its files swept away, it would be. It is read anew with the next call.
        this.#trays = null;
        throw error;
      },
    );
    return this.#trays;
  }
}

/** What was recorded as sound is sound: by its first bytes alone it could be a film. */
function described(file: TrayFile, facts: FileFacts): TrayFile {
  const type = facts.waveform && file.type === 'video/webm' ? 'audio/webm' : file.type;
  return { ...file, ...(facts as Partial<FileReference>), type };
}

/** A damaged file is worth what can be read of it. */
function parsed(text: string): Trays {
  try {
    const trays = JSON.parse(text) as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(trays).map(([conv, files]) => [
        conv,
        (Array.isArray(files) ? files : []).filter(
          (file): file is TrayFile => Check(FileReference, file) && typeof (file as TrayFile).id === 'string',
        ),
      ]),
    );
  } catch {
    return {};
  }
}
