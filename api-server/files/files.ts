/** Files: completed uploads become blobs with rows; who may read one; and the erasure of what nobody shows any more. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { StoredFile } from '@matchbook/protocol/http/files';
import { InTurn } from '@matchbook/protocol/in-turn';
import { type Kysely, sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database, FileRow } from '../db/schema.ts';
import type { Store } from '../db/store.ts';
import { problem } from '../problems.ts';
import { type BlobStore, thumbnailOf } from './blob-store.ts';
import type { Images } from './images.ts';
import { mayRead } from './reading.ts';
import { sniffed } from './sniff.ts';

/** A file that nothing shows is kept for so long after it was brought, ms: its message may be on its way. */
export const UNUSED_LIFE = 24 * 60 * 60_000;
/** Files erased by one pass. */
const SWEPT = 500;

export class Files {
  readonly #store: Store;
  readonly #blobs: BlobStore;
  readonly #images: Images;
  readonly #refused: ReadonlySet<string>;
  readonly #log: Logger;
  readonly #now: () => number;
  /** What happens to one hash happens in turn: a file is not erased while it is brought again. */
  readonly #turns = new InTurn();

  constructor(parts: {
    store: Store;
    blobs: BlobStore;
    images: Images;
    /** Types that are not taken. */
    refused: readonly string[];
    log: Logger;
    now: () => number;
  }) {
    this.#store = parts.store;
    this.#blobs = parts.blobs;
    this.#images = parts.images;
    this.#refused = new Set(parts.refused);
    this.#log = parts.log;
    this.#now = parts.now;
  }

  /**
   * Takes in a complete local file. The same one again, also by somebody else, is the same file with one more owner.
   *
   * @param sha256 what its sender says that it hashes to
   * @throws FailureError `invalid_field` where the bytes or their type are not what is taken
   */
  async take(path: string, user: string, sha256: string, upload: string): Promise<void> {
    const hash = await hashOf(path);
    if (hash !== sha256)
      throw problem('invalid_field', 'sha256: the bytes that came are others.', { field: 'sha256' });
    const type = await sniffed(path);
    if (this.#refused.has(type))
      throw problem('invalid_field', `type: ${type} is not taken by this server.`, { field: 'type' });
    await this.#turns.do(hash, async () => {
      const { size } = await stat(path);
      const known = await this.#row(hash);
      const whole = known && !(await this.#isFaulty(hash)) && (await this.#blobs.has(hash));
      const row = whole ? known : await this.#put(path, { hash, type, size });
      await this.#store.write(async (trx) => {
        await trx
          .insertInto('file')
          .values(row)
          .onConflict((conflict) =>
            conflict.column('hash').doUpdateSet({
              width: row.width,
              height: row.height,
              blurhash: row.blurhash,
              thumbnail: row.thumbnail,
            }),
          )
          .execute();
        await trx
          .insertInto('fileOwner')
          .values({ hash, user, createdAt: this.#now() })
          .onConflict((conflict) =>
            conflict.columns(['hash', 'user']).doUpdateSet({ createdAt: this.#now() }),
          )
          .execute();
        if (!whole) await trx.deleteFrom('fileFault').where('hash', '=', hash).execute();
        const { numUpdatedRows } = await trx
          .updateTable('upload')
          .set({ hash })
          .where('id', '=', upload)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw problem('not_found', 'The upload was ended.', { field: 'id' });
      });
    });
  }

  async #put(path: string, { hash, type, size }: Pick<FileRow, 'hash' | 'type' | 'size'>): Promise<FileRow> {
    const small = `${path}.webp`;
    const facts = await this.#images.facts(path, type, small);
    if (facts) {
      await this.#blobs.put(thumbnailOf(hash), small, (await stat(small)).size, await hashOf(small));
      await rm(small, { force: true });
    }
    await this.#blobs.put(hash, path, size, hash);
    const { width = null, height = null, blurhash = null } = facts ?? {};
    return { hash, size, type, width, height, blurhash, thumbnail: facts ? 1 : 0, createdAt: this.#now() };
  }

  /** Its bytes are missing or damaged, as far as is known: who brings it again mends it. */
  async #isFaulty(hash: string): Promise<boolean> {
    const row = await this.#store.db
      .selectFrom('fileFault')
      .select('hash')
      .where('hash', '=', hash)
      .executeTakeFirst();
    return row !== undefined;
  }

  async about(hash: string): Promise<StoredFile | null> {
    const row = await this.#row(hash);
    if (!row) return null;
    const { createdAt: _, thumbnail, ...facts } = row;
    return { ...facts, thumbnail: thumbnail === 1 };
  }

  /**
   * The file, for who brought it, sees an entry that shows it, or the person whose picture it is.
   *
   * @throws FailureError `not_found`, the same for who may not and for what there is not
   */
  async readable(user: string, hash: string): Promise<StoredFile> {
    const file = (await mayRead(this.#store.db, user, hash)) ? await this.about(hash) : null;
    if (!file) throw problem('not_found', 'There is no such file for you.');
    return file;
  }

  /** The smaller image of a picture, whoever asks; null where there is none, or none of at most `limit` bytes, or its store is away. */
  async smallImage(hash: string, limit: number): Promise<Buffer | null> {
    if (!(await this.about(hash))?.thumbnail) return null;
    try {
      const pieces: Buffer[] = [];
      let size = 0;
      for await (const piece of await this.#blobs.read(thumbnailOf(hash))) {
        size += pieces[pieces.push(piece) - 1]!.length;
        if (size > limit) return null;
      }
      return Buffer.concat(pieces);
    } catch (error) {
      this.#log.warn({ err: error, hash }, 'a smaller image could not be read');
      return null;
    }
  }

  open(key: string, range?: { from: number; to: number }) {
    return this.#blobs.read(key, range);
  }

  /** Bytes that count for a user: what they brought, and what they are bringing. */
  async used(db: Kysely<Database>, user: string): Promise<number> {
    const { rows } = await sql<{ bytes: number }>`
      SELECT (SELECT COALESCE(SUM(f.size), 0) FROM "fileOwner" o JOIN file f ON f.hash = o.hash WHERE o."user" = ${user})
        + (SELECT COALESCE(SUM(size), 0) FROM upload WHERE "user" = ${user} AND hash IS NULL AND expires > ${this.#now()}) AS bytes`.execute(
      db,
    );
    return Number(rows[0]?.bytes ?? 0);
  }

  /**
   * Erases what nothing shows any more: rows first, then bytes, so that a crash between leaves bytes and no broken file. A server that was away for longer than
   * the life of a file may hear of messages that show it only now: it counts that life up to what it knows of.
   *
   * @param allSaved whether all that people sent is saved; otherwise it is up to the newest message that is
   */
  async sweep(allSaved: boolean): Promise<number> {
    const known = allSaved ? Number.POSITIVE_INFINITY : await newestMessage(this.#store.db);
    const old = Math.min(this.#now(), known) - UNUSED_LIFE;
    const candidates = await unused(this.#store.db, old).limit(SWEPT).execute();
    let erased = 0;
    for (const { hash } of candidates)
      await this.#turns.do(hash, async () => {
        const gone = await this.#store.write(async (trx) => {
          const still = await unused(trx, old).where('file.hash', '=', hash).executeTakeFirst();
          if (!still) return false;
          await trx.deleteFrom('fileOwner').where('hash', '=', hash).execute();
          await trx.deleteFrom('fileFault').where('hash', '=', hash).execute();
          await trx.deleteFrom('file').where('hash', '=', hash).execute();
          return true;
        });
        if (gone) await this.#erase(hash);
        if (gone) erased += 1;
      });
    return erased;
  }

  /** Bytes without a row, which a crash left. */
  async sweepBytes(): Promise<number> {
    const old = this.#now() - UNUSED_LIFE;
    let erased = 0;
    for await (const { key, time } of this.#blobs.list()) {
      if (time > old) continue;
      const hash = key.slice(0, 64);
      await this.#turns.do(hash, async () => {
        if (await this.#row(hash)) return;
        await this.#blobs.delete(key);
        erased += 1;
      });
    }
    if (erased > 0) this.#log.info({ erased }, 'bytes that belonged to no file');
    return erased;
  }

  async #erase(hash: string): Promise<void> {
    await this.#blobs.delete(thumbnailOf(hash));
    await this.#blobs.delete(hash);
  }

  #row(hash: string): Promise<FileRow | undefined> {
    return this.#store.db.selectFrom('file').selectAll().where('hash', '=', hash).executeTakeFirst();
  }
}

/** Its time, ms; messages are saved in the order in which they were sent. */
async function newestMessage(db: Kysely<Database>): Promise<number> {
  const row = await db
    .selectFrom('conversation')
    .select(({ fn }) => fn.max('lastMessageAt').as('at'))
    .executeTakeFirst();
  return row?.at ?? 0;
}

/**
 * Files that no entry and no profile shows, that no draft and no message for later of who brought them will show, that nothing on its way to the log and no dead
 * letter names, and that nobody brought lately.
 */
const unused = (db: Kysely<Database>, old: number) =>
  db
    .selectFrom('file')
    .select('file.hash')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('fileUse').select('fileUse.n').whereRef('fileUse.hash', '=', 'file.hash'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('account').select('account.user').whereRef('account.avatar', '=', 'file.hash'))),
    )
    .where(
      sql<boolean>`NOT EXISTS (SELECT 1 FROM "fileOwner" o JOIN "ownRegister" r ON r."user" = o."user" AND r.kind = 'draft'
        WHERE o.hash = file.hash AND r.value LIKE '%' || file.hash || '%')`,
    )
    .where(
      sql<boolean>`NOT EXISTS (SELECT 1 FROM "fileOwner" o JOIN scheduled s ON s."user" = o."user" AND s.state = 'waiting'
        WHERE o.hash = file.hash AND s.body LIKE '%' || file.hash || '%')`,
    )
    .where(
      sql<boolean>`NOT EXISTS (SELECT 1 FROM outbound b WHERE b.state = 'waiting' AND b.item LIKE '%' || file.hash || '%')
        AND NOT EXISTS (SELECT 1 FROM outbound b WHERE b.state = 'refused' AND b.item LIKE '%' || file.hash || '%')
        AND NOT EXISTS (SELECT 1 FROM "deadLetter" d WHERE d.item LIKE '%' || file.hash || '%')`,
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('fileOwner')
            .select('fileOwner.user')
            .whereRef('fileOwner.hash', '=', 'file.hash')
            .where('fileOwner.createdAt', '>', old),
        ),
      ),
    );

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
