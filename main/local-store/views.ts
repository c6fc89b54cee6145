/** What windows show of the two files: the conversation list and pages of a timeline. Reads only. */
import type { ConversationRow, PersonRow, TimelinePage, TimelineRow } from '@matchbook/protocol/bridge';
import type { SaveState } from '@matchbook/protocol/delivery';
import { type Positions, rungAt } from '@matchbook/protocol/delivery';
import type { Body, Form } from '@matchbook/protocol/entries';
import type { EntryRow, HistoryDb } from './history-db.ts';
import type { Item, OutboxDb } from './outbox-db.ts';

/** Characters of a preview. */
const PREVIEW = 200;

const COLUMNS = 'n, m, h, id, sender, kind, time, content, hash, save';

export interface Owner {
  account: string;
  user: string;
}

export class Views {
  #owner: Owner;
  #history: HistoryDb;
  #outbox: OutboxDb;

  constructor(owner: Owner, history: HistoryDb, outbox: OutboxDb) {
    this.#owner = owner;
    this.#history = history;
    this.#outbox = outbox;
  }

  list(): ConversationRow[] {
    const drafts = this.#outbox.drafts();
    const waiting = new Map<string, Item>();
    for (const item of this.#outbox.items()) if (item.append.kind === 'message') waiting.set(item.conv, item);
    return this.#history.db
      .all<ConvRow>(
        'SELECT conv, form, headN, headM, lastN, time, ownN, ownM FROM conversation WHERE account = ?',
        this.#owner.account,
      )
      .map((row) => this.#conversation(row, waiting.get(row.conv), drafts.has(row.conv)))
      .sort((a, b) => b.time - a.time || (a.conv < b.conv ? -1 : 1));
  }

  page({ conv, to, from, limit }: { conv: string; to?: number; from?: number; limit: number }): TimelinePage {
    const { account } = this.#owner;
    const rows =
      from === undefined
        ? this.#history.db
            .all<EntryRow>(
              `SELECT ${COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n <= ? AND kind <> 'hidden' ORDER BY n DESC LIMIT ?`,
              account,
              conv,
              to ?? Number.MAX_SAFE_INTEGER,
              limit,
            )
            .reverse()
        : this.#history.db.all<EntryRow>(
            `SELECT ${COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n >= ? AND n <= ? AND kind <> 'hidden' ORDER BY n LIMIT ?`,
            account,
            conv,
            from,
            to ?? Number.MAX_SAFE_INTEGER,
            limit,
          );
    const first = rows[0]?.n ?? to ?? Number.MAX_SAFE_INTEGER;
    const head = this.#convRow(conv);
    const others = this.#othersPositions(conv);
    const holes = this.#history.holes.of(conv);
    const older =
      this.#history.db.get(
        "SELECT 1 AS one FROM entry WHERE account = ? AND conv = ? AND n < ? AND kind <> 'hidden' LIMIT 1",
        account,
        conv,
        first,
      ) !== undefined || holes.some((hole) => hole.from < first);
    const broken = this.#history.db.get<{ broken: number }>(
      'SELECT broken FROM conversation WHERE account = ? AND conv = ?',
      account,
      conv,
    );
    const shown = holes.filter((hole) => hole.to >= (rows[0]?.n ?? 0) - 1);
    return {
      rows: rows.map((row) => this.#entry(row, others)),
      waiting: this.#waiting(conv),
      holes: shown,
      older,
      headN: head?.headN ?? 0,
      readN: head ? this.#read(head).n : 0,
      unbroken: broken?.broken !== 1 && shown.length === 0,
    };
  }

  waitingRow(item: Item): TimelineRow {
    const { user } = this.#owner;
    return {
      key: `${user} ${item.id}`,
      id: item.id,
      n: null,
      sender: user,
      own: true,
      kind: item.append.kind,
      body: item.append.kind === 'message' ? item.append.body : null,
      time: item.createdAt,
      delivery: item.failed ? 'failed' : 'queued',
      save: null,
      failure: item.failure,
      frozen: item.frozen,
    };
  }

  /** The furthest place that this person is known to have read: told, about to be told, or proved by an own message. */
  readPlace(conv: string): number {
    const row = this.#convRow(conv);
    return row ? this.#read(row).n : 0;
  }

  #waiting(conv: string): TimelineRow[] {
    // An acknowledged item stands in history already; its row here is about to go.
    return this.#outbox
      .items(conv)
      .filter((item) => item.append.kind === 'message' && !this.#history.has(item.id))
      .map((item) => this.waitingRow(item));
  }

  #conversation(row: ConvRow, waiting: Item | undefined, draft: boolean): ConversationRow {
    const members = this.#members(row.conv);
    const last =
      row.lastN === null
        ? undefined
        : this.#history.db.get<EntryRow>(
            `SELECT ${COLUMNS} FROM entry WHERE account = ? AND conv = ? AND n = ?`,
            this.#owner.account,
            row.conv,
            row.lastN,
          );
    const shown = waiting
      ? this.waitingRow(waiting)
      : last
        ? this.#entry(last, this.#othersPositions(row.conv))
        : undefined;
    return {
      account: this.#owner.account,
      conv: row.conv,
      form: row.form as Form,
      self: members.length === 1 && members[0]?.user === this.#owner.user,
      members,
      headN: row.headN,
      unread: Math.max(0, row.headM - this.#read(row).m),
      time: Math.max(row.time, waiting?.createdAt ?? 0),
      preview: shown
        ? {
            sender: shown.sender,
            own: shown.own,
            text: textOf(shown.body).slice(0, PREVIEW),
            delivery: shown.delivery,
          }
        : null,
      draft,
    };
  }

  #convRow(conv: string): ConvRow | undefined {
    return this.#history.db.get<ConvRow>(
      'SELECT conv, form, headN, headM, lastN, time, ownN, ownM FROM conversation WHERE account = ? AND conv = ?',
      this.#owner.account,
      conv,
    );
  }

  #read({ conv, ownN, ownM }: ConvRow): { n: number; m: number } {
    const told = this.#history.db.get<{ n: number; m: number }>(
      "SELECT n, m FROM position WHERE account = ? AND conv = ? AND user = ? AND kind = 'read'",
      this.#owner.account,
      conv,
      this.#owner.user,
    );
    let best = { n: ownN, m: ownM };
    if (told && told.n > best.n) best = told;
    for (const { append } of this.#outbox.items(conv)) {
      if (append.kind !== 'read' || append.n <= best.n) continue;
      best = { n: append.n, m: this.#history.messagesUpTo(conv, append.n) };
    }
    return best;
  }

  #members(conv: string): PersonRow[] {
    return this.#history.db
      .all<PersonRow>(
        `SELECT member.user, profile.name FROM member LEFT JOIN profile USING (account, user)
         WHERE member.account = ? AND conv = ? ORDER BY member.user`,
        this.#owner.account,
        conv,
      )
      .map(({ user, name }) => ({ user, name }));
  }

  #othersPositions(conv: string): Positions[] {
    return this.#history.db.all<{ delivered: number; read: number }>(
      `SELECT coalesce(max(CASE WHEN kind = 'delivered' THEN n END), 0) AS delivered,
              coalesce(max(CASE WHEN kind = 'read' THEN n END), 0) AS "read"
       FROM member LEFT JOIN position USING (account, conv, user)
       WHERE member.account = ? AND member.conv = ? AND member.user <> ? GROUP BY member.user`,
      this.#owner.account,
      conv,
      this.#owner.user,
    );
  }

  #entry(row: EntryRow, others: readonly Positions[]): TimelineRow {
    const own = row.sender === this.#owner.user;
    const content = row.content === null ? null : (JSON.parse(row.content) as { body?: Body });
    const id = row.id ?? `n${row.n}`;
    return {
      key: `${row.sender ?? ''} ${id}`,
      id,
      n: row.n,
      sender: row.sender ?? '',
      own,
      kind: row.kind,
      body: content?.body ?? null,
      time: row.time,
      delivery: own && row.kind === 'message' ? rungAt(row.n, others) : null,
      save: own ? (row.save as SaveState | null) : null,
      failure: null,
      frozen: false,
    };
  }
}

interface ConvRow {
  conv: string;
  form: string;
  headN: number;
  headM: number;
  lastN: number | null;
  time: number;
  ownN: number;
  ownM: number;
}

const textOf = (body: Body | null): string => (body && 'text' in body ? body.text : '');
