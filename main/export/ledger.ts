/**
 * What an export has written so far, one line a file, each synced after the file it names: whoever goes on after a failure takes what is whole and writes the rest.
 * The last step turns it into the manifest; where the server did not answer for all of it, the notes stay beside it.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeDurably } from '../profile/durable-file.ts';

export const PROGRESS = 'progress.jsonl';
export const MANIFEST = 'manifest.json';

/** Bytes that are put together before they are written: a line alone is not worth a call. */
const AT_ONCE = 256 * 1024;

/** Of a conversation, up to a place. */
export interface Counts {
  messages: number;
  entries: number;
  upTo: number;
  /** Places that could not be had. Absent where an older version wrote it. */
  missing?: number;
}

export interface Written {
  /** From the folder of the export, with slashes. */
  path: string;
  bytes: number;
  sha256: string;
  /** Messages and entries of a conversation that it is the whole of; absent for other files. */
  counts?: Counts;
}

export interface Header {
  format: 'matchbook-export';
  version: 1;
  /** ISO 8601 */
  created: string;
  account: string;
  user: string;
  name: string;
  server: string;
}

export class ExportLedger {
  readonly folder: string;
  header: Header;
  readonly written = new Map<string, Written>();
  readonly #handle: FileHandle;

  private constructor(folder: string, header: Header, handle: FileHandle) {
    this.folder = folder;
    this.header = header;
    this.#handle = handle;
  }

  /** An export that was not finished; null where there is none in this folder. */
  static async unfinished(folder: string): Promise<ExportLedger | null> {
    const text = await readFile(join(folder, PROGRESS), 'utf8').catch(() => null);
    if (text === null) return null;
    const lines = text.split('\n').flatMap((line) => parsed(line) ?? []);
    const [header, ...rest] = lines as [Header | undefined, ...Written[]];
    if (header?.format !== 'matchbook-export' || header.version !== 1) return null;
    const ledger = new ExportLedger(folder, header, await open(join(folder, PROGRESS), 'a'));
    for (const one of rest) {
      // A line may be there whose file was cut by what ended the other one.
      const about = await stat(join(folder, one.path)).catch(() => null);
      if (about?.size === one.bytes) ledger.written.set(one.path, one);
    }
    return ledger;
  }

  static async begin(folder: string, header: Header): Promise<ExportLedger> {
    await mkdir(folder, { recursive: true });
    await writeDurably(join(folder, PROGRESS), `${JSON.stringify(header)}\n`);
    return new ExportLedger(folder, header, await open(join(folder, PROGRESS), 'a'));
  }

  /** Writes a file piece by piece and notes it. Only a bounded part of it is in memory. */
  async write(
    path: string,
    pieces: AsyncIterable<string | Uint8Array>,
    counts?: () => Counts,
  ): Promise<Written> {
    const place = join(this.folder, path);
    await mkdir(dirname(place), { recursive: true });
    const handle = await open(place, 'w', 0o600);
    const hash = createHash('sha256');
    let bytes = 0;
    let waiting: Uint8Array[] = [];
    let size = 0;
    const flush = async () => {
      const data = Buffer.concat(waiting);
      [waiting, size] = [[], 0];
      hash.update(data);
      bytes += data.length;
      await handle.writeFile(data);
    };
    try {
      for await (const piece of pieces) {
        const data = typeof piece === 'string' ? Buffer.from(piece) : piece;
        waiting.push(data);
        size += data.length;
        if (size >= AT_ONCE) await flush();
      }
      await flush();
      await handle.sync();
    } finally {
      await handle.close();
    }
    const written: Written = {
      ...{ path, bytes, sha256: hash.digest('hex') },
      ...(counts ? { counts: counts() } : {}),
    };
    await this.#handle.appendFile(`${JSON.stringify(written)}\n`);
    await this.#handle.sync();
    this.written.set(path, written);
    return written;
  }

  /** Takes away what an earlier run wrote and this one did not: of a conversation that is called something else by now. */
  async keepOnly(paths: readonly string[]): Promise<void> {
    const kept = new Set(paths);
    for (const path of [...this.written.keys()].filter((one) => !kept.has(one))) {
      await rm(join(this.folder, path), { force: true });
      this.written.delete(path);
    }
  }

  /** It is written to, and no manifest says more of it than there is. @param created what it has then is as of that moment, ISO 8601 */
  async goOn(created: string): Promise<void> {
    this.header = { ...this.header, created };
    await rm(join(this.folder, MANIFEST), { force: true });
  }

  /** The manifest takes the place of the notes. @param whole the notes stay where it may be gone on with: the server has not answered for all of it */
  async finish(more: object, whole: boolean): Promise<void> {
    const files = [...this.written.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    await writeDurably(
      join(this.folder, MANIFEST),
      `${JSON.stringify({ ...this.header, ...more, files }, null, 1)}\n`,
    );
    await this.close();
    if (whole) await rm(join(this.folder, PROGRESS), { force: true });
  }

  close(): Promise<void> {
    return this.#handle.close().catch(() => {});
  }
}

function parsed(line: string): object | null {
  try {
    return line === '' ? null : (JSON.parse(line) as object);
  } catch {
    return null;
  }
}

/** Of a file of any size. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    hash.update(piece as Buffer);
  return hash.digest('hex');
}
