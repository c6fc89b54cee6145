/** What admins of a server see and do. They see sizes and times, not what people write; what they do is in the audit log, in the transaction that does it. */
import type {
  AdminConversation,
  AdminUser,
  AdminUserChange,
  AuditAbout,
  AuditEntry,
  FilesReport,
  Names,
  ServerSettings,
  StorageReport,
} from '@matchbook/protocol/http/admin';
import { sql } from 'kysely';
import type { Sessions } from '../accounts/sessions.ts';
import type { Store, Trx } from '../db/store.ts';
import type { Scrub } from '../files/scrub.ts';
import { dropDeadLetter, type LetterKey, type Retried, retryDeadLetter } from '../messages/dead-letters.ts';
import { saveItems } from '../messages/save.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { problem } from '../problems.ts';
import type { SearchIndex } from '../search/index-port.ts';
import type { Settings } from './settings.ts';

interface Page {
  limit: number;
  offset: number;
}

export class Admin {
  #store: Store;
  #index: SearchIndex;
  #sessions: Sessions;
  #settings: Settings;
  #outbound: Outbound;
  #scrub: Scrub;
  #now: () => number;

  constructor(parts: {
    store: Store;
    index: SearchIndex;
    sessions: Sessions;
    settings: Settings;
    outbound: Outbound;
    scrub: Scrub;
    now: () => number;
  }) {
    this.#store = parts.store;
    this.#index = parts.index;
    this.#sessions = parts.sessions;
    this.#settings = parts.settings;
    this.#outbound = parts.outbound;
    this.#scrub = parts.scrub;
    this.#now = parts.now;
  }

  /** @param q part of a name, a login or an id; empty for all */
  async users(q: string, { limit, offset }: Page): Promise<AdminUser[]> {
    const like = `%${q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    const { rows } = await sql<Omit<AdminUser, 'admin'> & { admin: number }>`
      SELECT a."user", a.name, a.login, a.admin, a."createdAt", a."lastSeen", a."disabledAt",
        (SELECT COUNT(*) FROM session s WHERE s."user" = a."user" AND s.ended IS NULL) AS sessions,
        (SELECT COALESCE(SUM(f.size), 0) FROM "fileOwner" o JOIN file f ON f.hash = o.hash WHERE o."user" = a."user") AS "fileBytes"
      FROM account a
      WHERE LOWER(a.name) LIKE ${like} ESCAPE '\\' OR a.login LIKE ${like} ESCAPE '\\' OR a."user" LIKE ${like} ESCAPE '\\'
      ORDER BY a."createdAt", a."user" LIMIT ${limit} OFFSET ${offset}`.execute(this.#store.db);
    return rows.map((row) => ({ ...row, fileBytes: Number(row.fileBytes), admin: row.admin === 1 }));
  }

  /** @throws FailureError `not_found`; `not_allowed` where the server would be left without an admin */
  async changeUser(actor: string, user: string, { admin, disabled }: AdminUserChange): Promise<void> {
    await this.#store.write(async (trx) => {
      const account = await trx
        .selectFrom('account')
        .select(['admin', 'disabledAt'])
        .where('user', '=', user)
        .executeTakeFirst();
      if (!account) throw problem('not_found', 'There is no such account.', { field: 'user' });
      if (admin !== undefined)
        await trx
          .updateTable('account')
          .set({ admin: admin ? 1 : 0 })
          .where('user', '=', user)
          .execute();
      if (disabled !== undefined)
        await trx
          .updateTable('account')
          .set({ disabledAt: disabled ? (account.disabledAt ?? this.#now()) : null })
          .where('user', '=', user)
          .execute();
      const left = await trx
        .selectFrom('account')
        .select('user')
        .where('admin', '=', 1)
        .where('disabledAt', 'is', null)
        .limit(1)
        .executeTakeFirst();
      if (!left)
        throw problem('not_allowed', 'The server would be left without an admin.', { field: 'user' });
      // Tokens say whether somebody is an admin: they are made anew.
      if (disabled || (admin === false && account.admin === 1))
        await this.#sessions.end(trx, { user }, disabled ? 'closed by an admin' : 'is no admin any more');
      await this.#note(trx, actor, 'user.change', user, { admin, disabled });
    });
    this.#outbound.wake();
  }

  /**
   * All of them, or that of one device: it comes back by login and password or by the recovery code, not by itself.
   *
   * @returns how many there were
   * @throws FailureError `not_found`
   */
  async endSessions(actor: string, user: string, device?: string): Promise<number> {
    const ended = await this.#store.write(async (trx) => {
      const which = device === undefined ? { user } : { user, device };
      const count = await this.#sessions.endForGood(trx, which, 'ended by an admin');
      await this.#note(trx, actor, 'user.sessions.end', user, { count, device });
      return count;
    });
    this.#outbound.wake();
    return ended;
  }

  async conversations({ limit, offset }: Page): Promise<AdminConversation[]> {
    const { rows } = await sql<AdminConversation>`
      SELECT c.conv, c.form, c."headN" AS entries, c."headM" AS messages, c."lastMessageAt",
        (SELECT COUNT(*) FROM member m WHERE m.conv = c.conv AND m."untilN" IS NULL) AS members
      FROM conversation c ORDER BY c."headN" DESC, c.conv LIMIT ${limit} OFFSET ${offset}`.execute(
      this.#store.db,
    );
    return rows;
  }

  async storage(): Promise<StorageReport> {
    const size =
      this.#store.dialect === 'postgres'
        ? sql`pg_database_size(current_database())`
        : sql`(SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size())`;
    const { rows } = await sql<Record<keyof StorageReport, number>>`
      SELECT ${size} AS "databaseBytes", (SELECT COUNT(*) FROM account) AS users, (SELECT COUNT(*) FROM conversation) AS conversations,
        (SELECT COALESCE(SUM("headM"), 0) FROM conversation) AS messages, (SELECT COUNT(*) FROM file) AS files,
        (SELECT COALESCE(SUM(size), 0) FROM file) AS "fileBytes", (SELECT COUNT(*) FROM "deadLetter") + (SELECT COUNT(*) FROM outbound WHERE state = 'refused') AS "deadLetters",
        (SELECT COUNT(*) FROM outbound WHERE state = 'waiting') AS outbound`.execute(this.#store.db);
    // Sums are of another type in PostgreSQL, and come as text.
    return Object.fromEntries(
      Object.entries(rows[0]!).map(([name, value]) => [name, Number(value)]),
    ) as unknown as StorageReport;
  }

  /**
   * @returns what became of it; what the log refused waits for the relay again
   * @throws FailureError `not_found`; `invalid_field` with the reason where it still cannot be saved
   */
  async retryDeadLetter(actor: string, letter: LetterKey): Promise<Retried> {
    const outcome = await this.#store.write(async (trx) => {
      const { outcome: became, append } = await retryDeadLetter(trx, letter, (items) =>
        saveItems(trx, this.#index, items, this.#now()),
      );
      await this.#outbound.add(trx, append);
      if (became) await this.#note(trx, actor, 'dead-letter.retry', subjectOf(letter), became);
      return became;
    });
    if (outcome === null) throw noLetter();
    if (outcome.state === 'refused')
      throw problem('invalid_field', `It still cannot be saved: ${outcome.reason}`);
    this.#outbound.wake();
    return outcome;
  }

  async dropDeadLetter(actor: string, letter: LetterKey): Promise<void> {
    const there = await this.#store.write(async (trx) => {
      const dropped = await dropDeadLetter(trx, letter);
      if (dropped) await this.#note(trx, actor, 'dead-letter.drop', subjectOf(letter), {});
      return dropped;
    });
    if (!there) throw noLetter();
  }

  /** Files that are not as their names say, and how far the last look at all of them came. */
  async files({ limit, offset }: Page): Promise<FilesReport> {
    const { db } = this.#store;
    const check = await db
      .selectFrom('scrub')
      .select(['startedAt', 'finishedAt', 'files', 'bytes'])
      .executeTakeFirst();
    const faults = await db
      .selectFrom('fileFault')
      .innerJoin('file', 'file.hash', 'fileFault.hash')
      .select(['fileFault.hash', 'part', 'what', 'foundAt', 'size', 'type'])
      .orderBy('foundAt', 'desc')
      .orderBy('fileFault.hash')
      .orderBy('part')
      .limit(limit)
      .offset(offset)
      .execute();
    const hashes = faults.map(({ hash }) => hash);
    const owners =
      hashes.length === 0
        ? []
        : await db.selectFrom('fileOwner').select(['hash', 'user']).where('hash', 'in', hashes).execute();
    return {
      check: check ?? null,
      faults: faults.map((fault) => ({
        ...fault,
        owners: owners.filter(({ hash }) => hash === fault.hash).map(({ user }) => user),
      })),
      names: await this.namesOf(owners.map(({ user }) => user)),
    };
  }

  async checkFiles(actor: string): Promise<void> {
    await this.#store.write((trx) => this.#note(trx, actor, 'files.check', '', {}));
    this.#scrub.begin();
  }

  async changeSettings(actor: string, change: Partial<ServerSettings>): Promise<ServerSettings> {
    await this.#store.write(async (trx) => {
      await this.#settings.change(trx, change);
      await this.#note(trx, actor, 'settings.change', '', change);
    });
    await this.#settings.load();
    return this.#settings.all;
  }

  async closeReport(actor: string, id: string, note: string): Promise<void> {
    await this.#store.write(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('report')
        .set({ closedAt: this.#now(), closedBy: actor, note })
        .where('id', '=', id)
        .where('closedAt', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw problem('not_found', 'There is no such open report.', { field: 'id' });
      await this.#note(trx, actor, 'report.close', id, {});
    });
  }

  /** @param about of what kind; null for all */
  async audit(asked: { limit: number; before: number; about: AuditAbout | null }): Promise<AuditEntry[]> {
    let query = this.#store.db
      .selectFrom('audit')
      .selectAll()
      .where('place', '<', asked.before)
      .orderBy('place', 'desc')
      .limit(asked.limit);
    if (asked.about !== null) query = query.where('action', 'like', `${asked.about}.%`);
    const rows = await query.execute();
    return rows.map(({ detail, ...row }) => ({ ...row, detail: JSON.parse(detail) as object }));
  }

  /** Of those that are accounts here. */
  async namesOf(ids: readonly string[]): Promise<Names> {
    const distinct = [...new Set(ids)];
    if (distinct.length === 0) return {};
    const rows = await this.#store.db
      .selectFrom('account')
      .select(['user', 'name'])
      .where('user', 'in', distinct)
      .execute();
    return Object.fromEntries(rows.map(({ user, name }) => [user, name]));
  }

  async #note(trx: Trx, actor: string, action: string, subject: string, detail: object): Promise<void> {
    await trx
      .insertInto('audit')
      .values({ time: this.#now(), actor, action, subject, detail: JSON.stringify(detail) })
      .execute();
  }
}

const subjectOf = ({ way, place }: LetterKey) => `${way}-${place}`;
const noLetter = () => problem('not_found', 'There is no such dead letter.', { field: 'letter' });
