/** Uploads by the tus protocol (tus.io/protocols/resumable-upload, 1.0.0), spoken by its maintained library; here is who may, how much, and what becomes of one. */
import { mkdirSync } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FAILURES, FailureError } from '@matchbook/protocol/failures';
import type { FileRoom, StoredFile } from '@matchbook/protocol/http/files';
import { FileStore } from '@tus/file-store';
import { Metadata, Server, type Upload } from '@tus/server';
import type { Request, Response } from 'express';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Database, UploadRow } from '../db/schema.ts';
import type { Store } from '../db/store.ts';
import { problem } from '../problems.ts';
import type { Files } from './files.ts';
import { withProblems } from './tus-problems.ts';
import { UploadLocker } from './upload-locker.ts';

/** An upload that is not complete by then is forgotten, ms. */
export const UPLOAD_LIFE = 24 * 60 * 60_000;
/** Uploads that one person may have open. */
const OPEN_AT_ONCE = 50;
export const UPLOADS_PATH = '/api/files/uploads';
const ID = /^[0-9a-f]{32}$/;
const HASH = /^[0-9a-f]{64}$/;
/** Of the checksum extension, which tells a client that its bytes were damaged on the way. */
const CHECKSUM_MISMATCH = 460;

/** What it says it has, it has: after a power cut the offset is not beyond the bytes. */
class DurableStaging extends FileStore {
  constructor(directory: string) {
    super({ directory });
    // What clients are told: a length is needed at once, and when an upload expires is not said.
    this.extensions = ['creation', 'creation-with-upload', 'termination'];
  }

  override async write(...[stream, id, offset]: Parameters<FileStore['write']>): Promise<number> {
    try {
      return await super.write(stream, id, offset);
    } finally {
      const handle = await open(join(this.directory, id), 'r+').catch(() => null);
      await handle?.sync().finally(() => handle.close());
    }
  }
}

export interface UploadLimits {
  fileBytes: number;
  quotaBytes: number;
}

export class Uploads {
  readonly #store: Store;
  readonly #files: Files;
  readonly #folder: string;
  /** As they are now: an admin may change them. */
  readonly #limits: () => UploadLimits;
  readonly #now: () => number;
  /** Made with the first request: it looks at its folder in the background, and a server that stops at once may have taken that away. */
  readonly #makeTus: () => Server;
  #tus: Server | null = null;
  /** Who asks, while the library works on it. */
  readonly #asking = new WeakMap<object, string>();
  readonly #completing = new Map<string, Promise<void>>();

  constructor(parts: {
    store: Store;
    files: Files;
    /** For bytes of uploads under way, on this machine. */
    folder: string;
    limits: () => UploadLimits;
    origins: readonly string[];
    log: Logger;
    now: () => number;
  }) {
    this.#store = parts.store;
    this.#files = parts.files;
    this.#folder = parts.folder;
    this.#limits = parts.limits;
    this.#now = parts.now;
    mkdirSync(parts.folder, { recursive: true, mode: 0o700 });
    this.#makeTus = () => {
      const tus = new Server({
        path: UPLOADS_PATH,
        datastore: new DurableStaging(parts.folder),
        relativeLocation: true,
        maxSize: () => parts.limits().fileBytes,
        locker: new UploadLocker(),
        allowedOrigins: [...parts.origins],
        onUploadCreate: async (request, upload) => {
          const node = request.runtime?.node?.req;
          const user = node && this.#asking.get(node);
          if (!user) throw new Error('an upload without anybody');
          await this.#note(user, upload).catch((error: unknown) => {
            // The library knows no headers of refusals.
            if (error instanceof FailureError && error.failure.retryAfter !== undefined)
              request.runtime?.node?.res?.setHeader('Retry-After', String(error.failure.retryAfter));
            throw asTus(error, 413);
          });
          return {};
        },
        onResponseError: async (request, error) => {
          // Its bytes went to their place while this request waited: it asks again where it stands.
          const id = new URL(request.url).pathname.split('/').at(-1) ?? '';
          if (await this.#isComplete(id)) return { status_code: 409, body: 'The upload is complete.' };
          if ('status_code' in error) return undefined;
          parts.log.warn({ err: error }, 'an upload failed');
          return { status_code: 503, body: 'The server cannot take it now.' };
        },
        onUploadFinish: async (_request, { id }) => {
          await this.complete(id).catch((error: unknown) => {
            throw asTus(error, CHECKSUM_MISMATCH);
          });
          return {};
        },
      });
      return withProblems(tus, async (id) => (await this.#row(id))?.size);
    };
  }

  /** One request of the protocol, of somebody who is signed in. */
  async handle(user: string, request: Request, response: Response): Promise<void> {
    const id = request.params.id;
    if (id === undefined) {
      if (request.method === 'POST') await this.#checkCreation(user, request);
    } else if (await this.#answered(await this.#mine(user, String(id)), request, response)) return;
    this.#asking.set(request, user);
    this.#tus ??= this.#makeTus();
    await this.#tus.handle(request, response);
  }

  /** Before anything is brought. */
  async room(user: string): Promise<FileRoom> {
    const { fileBytes, quotaBytes } = this.#limits();
    return { used: await this.#files.used(this.#store.db, user), most: quotaBytes, fileBytes };
  }

  /** What became of a complete upload; makes up for a completion that a crash prevented. */
  async result(user: string, id: string): Promise<StoredFile> {
    const row = await this.#mine(user, id);
    if (row.hash === null) {
      const staged = await stat(join(this.#folder, id)).catch(() => null);
      if (staged?.size === row.size) await this.complete(id);
    }
    // Also where it was completed between the two looks.
    const { hash } = await this.#mine(user, id);
    if (hash === null) throw problem('not_found', 'The upload is not complete.', { field: 'id' });
    const file = await this.#files.about(hash);
    if (!file) throw problem('not_found', 'There is no such upload.', { field: 'id' });
    return file;
  }

  /** @throws FailureError `invalid_field`; the upload is gone then */
  complete(id: string): Promise<void> {
    let completing = this.#completing.get(id);
    if (!completing) {
      completing = this.#complete(id).finally(() => this.#completing.delete(id));
      this.#completing.set(id, completing);
    }
    return completing;
  }

  /** Uploads whose time is over. */
  async sweep(): Promise<void> {
    const over = await this.#store.db
      .selectFrom('upload')
      .select('id')
      .where('expires', '<=', this.#now())
      .limit(1_000)
      .execute();
    for (const { id } of over) await this.#forget(id);
  }

  async #complete(id: string): Promise<void> {
    const row = await this.#row(id);
    if (!row || row.hash !== null) return;
    try {
      await this.#files.take(join(this.#folder, id), row.user, row.sha256, id);
    } catch (error) {
      if (error instanceof FailureError && error.failure.kind === 'invalid_field') await this.#forget(id);
      throw error;
    }
    await this.#unstage(id);
  }

  async #checkCreation(user: string, request: Request): Promise<void> {
    const { fileBytes } = this.#limits();
    const text = request.get('upload-length') ?? '';
    const size = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isNaN(size))
      throw problem('invalid_field', 'Upload-Length: the bytes of the file.', { field: 'Upload-Length' });
    if (size > fileBytes)
      throw problem('body_too_large', `Upload-Length: at most ${fileBytes} bytes.`, {
        field: 'Upload-Length',
        limit: fileBytes,
      });
    const { sha256 } = metadataOf(request.get('upload-metadata'));
    if (!sha256 || !HASH.test(sha256))
      throw problem('invalid_field', 'Upload-Metadata: sha256, in hex.', { field: 'sha256' });
    await this.#checkRoom(this.#store.db, user, size);
  }

  async #checkRoom(db: Kysely<Database>, user: string, size: number): Promise<void> {
    const { quotaBytes } = this.#limits();
    if ((await this.#files.used(db, user)) + size > quotaBytes)
      throw problem('body_too_large', 'Your files would take more room than you have.', {
        field: 'quota',
        limit: quotaBytes,
      });
    const { open: count } = await db
      .selectFrom('upload')
      .select(({ fn }) => fn.countAll<number>().as('open'))
      .where('user', '=', user)
      .where('hash', 'is', null)
      .where('expires', '>', this.#now())
      .executeTakeFirstOrThrow();
    if (Number(count) >= OPEN_AT_ONCE)
      throw problem('rate_limited', 'Finish or end other uploads first.', {
        limit: OPEN_AT_ONCE,
        retryAfter: 60,
      });
  }

  async #note(user: string, { id, size, metadata }: Upload): Promise<void> {
    const createdAt = this.#now();
    await this.#store.write(async (trx) => {
      // Again, where nobody else comes between: of many at once only those come in for which there is room.
      await this.#checkRoom(trx, user, size ?? 0);
      await trx
        .insertInto('upload')
        .values({
          ...{ id, user, size: size ?? 0, hash: null, createdAt },
          sha256: metadata?.sha256 ?? '',
          expires: createdAt + UPLOAD_LIFE,
        })
        .execute();
    });
  }

  /** The bytes of a complete upload are elsewhere by now; what the library would say of them is said here. */
  async #answered({ hash, size, id }: UploadRow, request: Request, response: Response): Promise<boolean> {
    if (hash === null && request.method !== 'DELETE') return false;
    if (request.method === 'DELETE') await this.#forget(id);
    response.set({ 'Tus-Resumable': '1.0.0', 'Upload-Offset': String(size), 'Upload-Length': String(size) });
    switch (request.method) {
      case 'HEAD':
        response.status(200).end();
        return true;
      case 'PATCH':
        response.status(request.get('upload-offset') === String(size) ? 204 : 409).end();
        return true;
      case 'DELETE':
        response.status(204).end();
        return true;
      default:
        return false;
    }
  }

  async #isComplete(id: string): Promise<boolean> {
    await this.#completing.get(id)?.catch(() => {});
    return typeof (await this.#row(id))?.hash === 'string';
  }

  #row(id: string): Promise<UploadRow | undefined> {
    return this.#store.db.selectFrom('upload').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async #mine(user: string, id: string): Promise<UploadRow> {
    const row = ID.test(id)
      ? await this.#store.db
          .selectFrom('upload')
          .selectAll()
          .where('id', '=', id)
          .where('user', '=', user)
          .where('expires', '>', this.#now())
          .executeTakeFirst()
      : undefined;
    if (!row) throw problem('not_found', 'There is no such upload.', { field: 'id' });
    return row;
  }

  /** Bytes first: on a disk that they filled no row can be changed before they are gone. */
  async #forget(id: string): Promise<void> {
    await this.#unstage(id);
    await this.#store.write((trx) => trx.deleteFrom('upload').where('id', '=', id).execute());
  }

  async #unstage(id: string): Promise<void> {
    for (const name of [id, `${id}.json`, `${id}.webp`]) await rm(join(this.#folder, name), { force: true });
  }
}

/** Our refusal, in the library's terms. What is no refusal stays what it is. */
function asTus(error: unknown, status_code: number): unknown {
  if (!(error instanceof FailureError)) return error;
  const { failure } = error;
  const retryable = FAILURES[failure.kind].action === 'retry';
  const body = JSON.stringify({ ...failure, title: failure.kind, detail: failure.message });
  return { status_code: retryable ? (FAILURES[failure.kind].status ?? 503) : status_code, body };
}

function metadataOf(header: string | undefined): Record<string, string | null> {
  try {
    return header ? Metadata.parse(header) : {};
  } catch {
    throw problem('invalid_field', 'Upload-Metadata: keys with values in base64.', {
      field: 'Upload-Metadata',
    });
  }
}
