import type { MessagePassport } from '@matchbook/protocol/bridge/passport';
import type { PinnedMessages, SavedMessages, Thread, TimelineLines } from '@matchbook/protocol/bridge/places';
import type { Folded, Quote, TimelinePage, TimelineRow } from '@matchbook/protocol/bridge/views';
import { rungAt } from '@matchbook/protocol/delivery';
import { LIMITS } from '@matchbook/protocol/limits';
import { readContent } from '@matchbook/protocol/message-body';
import { utf8Length } from '@matchbook/protocol/text';
import { bodyOf, type EntryRow, saysOf } from '../entries/entry-row.ts';
import type { EntryRows } from '../entries/entry-rows.ts';
import { foldsOf, newestBody } from '../entries/folds.ts';
import type { Holes } from '../entries/holes.ts';
import { cut } from '../entries/preview.ts';
import type { PositionRow, Registers } from '../entries/registers.ts';
import type { Database } from '../files/database.ts';
import type { Conversations } from '../lists/conversations.ts';
import { Places } from '../lists/places.ts';
import { SYSTEM } from './intake-changes.ts';
import { REFILLED, Wanted } from './wanted.ts';

const NOTHING: Positions = { delivered: 0, read: 0 };
type Positions = Pick<PositionRow, 'delivered' | 'read'>;

export interface PagesParts {
  db: Database;
  account: string;
  user: string;
  rows: EntryRows;
  holes: Holes;
  conversations: Conversations;
  registers: Registers;
  /** Wall clock, ms. */
  now: () => number;
}

/** The `limit` last lines at or before `to` (the head where absent), the first ones at or after `after`, or all entries from `from` on. */
export interface PageQuestion {
  conv: string;
  to?: number;
  from?: number;
  after?: number;
  limit: number;
}

const reachOf = (n: number, others: readonly Positions[]) => ({
  others: others.length,
  delivered: others.filter((one) => Math.max(one.delivered, one.read) >= n).length,
  read: others.filter((one) => one.read >= n).length,
});

/** Entries as lines of a timeline: with what later entries made of them and how far the others have come. */
export class Pages {
  readonly #parts: PagesParts;
  readonly #places: Places;
  readonly #wanted: Wanted;

  constructor(parts: PagesParts) {
    this.#parts = parts;
    this.#places = new Places(parts);
    this.#wanted = new Wanted(parts);
  }

  ownRow(id: string): TimelineRow | null {
    const row = this.#parts.rows.byId(this.#parts.user, id);
    if (!row) return null;
    return this.#timelineRow(row, this.#others(row.conv), foldsOf(this.#parts.rows, [row]).get(row.n));
  }

  /** What the message at a place says, where it is here. */
  textAt(conv: string, n: number): string | null {
    const row = this.#parts.rows.at(conv, n);
    const body = row && newestBody(row, foldsOf(this.#parts.rows, [row]).get(n));
    return body ? cut(readContent(body)?.text ?? '') : null;
  }

  /** What is stored of one entry; of an own one in a small group, how far each other member has come. */
  passport(entry: { conv: string; n: number } | { id: string }): Omit<MessagePassport, 'steps'> | null {
    const { rows, user, conversations, registers } = this.#parts;
    const row = 'id' in entry ? rows.byId(user, entry.id) : rows.at(entry.conv, entry.n);
    if (!row?.id || !row.sender) return null;
    const { conv, id, sender, n, time, h, save, reason } = row;
    const own = row.own === 1;
    const body = bodyOf(row);
    const people = (conversations.members.people([conv]).get(conv) ?? []).filter((one) => one.user !== user);
    const positions = new Map<string, Positions>(registers.positions(conv).map((one) => [one.user, one]));
    return {
      ...{ id, sender, own, n, time, h, save, saveReason: reason },
      receipts:
        own && people.length < LIMITS.smallGroup
          ? people.map((one) => ({ ...one, state: rungAt(n, [positions.get(one.user) ?? NOTHING]) }))
          : null,
      bytes: body && 'text' in body ? utf8Length(body.text) : (body?.data.length ?? 0),
    };
  }

  /** Delivery of an own message at n. */
  rung(conv: string, n: number): 'sent' | 'delivered' | 'read' {
    return rungAt(n, this.#others(conv));
  }

  page({ conv, to, from, after, limit }: PageQuestion): Omit<TimelinePage, 'waiting'> {
    const { rows, holes } = this.#parts;
    const onward = from ?? after;
    const stored =
      from !== undefined
        ? rows.from(conv, from, limit)
        : after !== undefined
          ? rows.onward(conv, after, limit)
          : rows.before(conv, to ?? Number.MAX_SAFE_INTEGER, limit);
    const [first, last] = [stored[0], stored.at(-1)];
    const whole = stored.length < limit;
    const low = onward ?? (whole || !first ? 1 : first.n);
    const high = onward === undefined || whole || !last ? (to ?? Number.MAX_SAFE_INTEGER) : last.n;
    const behind = last?.n ?? to ?? 0;
    const about = this.#parts.conversations.find(conv);
    const edge = first?.n ?? low;
    this.#wanted.range(conv, Math.min(low, edge - 1), high);
    return {
      // A duplicate's content stands at its first place.
      rows: this.#shown(
        conv,
        stored.filter(({ kind }) => kind !== 'duplicate'),
      ),
      holes: holes.within(conv, low, high),
      older: rows.anyBefore(conv, edge) || holes.within(conv, 1, edge - 1).length > 0,
      newer:
        (onward === undefined ? to !== undefined : !whole) &&
        (rows.anyAfter(conv, behind) || holes.within(conv, behind + 1, Number.MAX_SAFE_INTEGER).length > 0),
      headN: about?.headN ?? 0,
      readN: about?.readN ?? 0,
      unreadN: about?.unreadN ?? 0,
      unbroken: !this.#faultWithin(conv, first?.n ?? low, last?.n ?? high),
    };
  }

  /** The lines at some places as they are now. */
  lines(conv: string, places: readonly number[]): Omit<TimelineLines, 'waiting'> {
    const about = this.#parts.conversations.find(conv);
    return {
      rows: this.#shown(
        conv,
        this.#parts.rows.lines(conv, places).filter(({ kind }) => kind !== 'duplicate'),
      ),
      readN: about?.readN ?? 0,
      unreadN: about?.unreadN ?? 0,
    };
  }

  pinned(conv: string): PinnedMessages {
    const { rows, absent } = this.#places.pinned(conv);
    this.#wanted.places(absent.map((n) => ({ conv, n })));
    return { rows: this.#shown(conv, rows), absent };
  }

  saved(): SavedMessages {
    const { messages, absent } = this.#places.saved();
    this.#wanted.places(absent);
    return {
      messages: messages.flatMap(({ row, savedAt }) => {
        const [shown] = this.#shown(row.conv, [row]);
        return shown ? [{ conv: row.conv, row: shown, savedAt }] : [];
      }),
      absent,
    };
  }

  thread(conv: string, n: number): Thread {
    const { root, absent, rows, more } = this.#places.thread(conv, n);
    // Its beginning, however often it is asked for: what came changes rows, and the thread that is shown is read anew. Answers beyond are asked of the server by themselves.
    this.#wanted.range(conv, root, root + REFILLED - 1);
    const holes = this.#parts.holes.within(conv, root, Number.MAX_SAFE_INTEGER);
    return { root, absent, rows: this.#shown(conv, rows), more, holes };
  }

  /** Place of the first line at or after a time, ms. */
  dated(conv: string, time: number): number | null {
    return this.#places.dated(conv, time);
  }

  quote(conv: string, n: number): Quote {
    return this.#places.quote(conv, n);
  }

  /** Rows of one conversation as they are now. */
  #shown(conv: string, rows: readonly EntryRow[]): TimelineRow[] {
    const others = this.#others(conv);
    const folds = foldsOf(this.#parts.rows, rows);
    const saved = this.#places.savedIn(conv);
    const places = rows.map(({ n }) => n);
    const range = { from: Math.min(...places), to: Math.max(...places) };
    const answers =
      rows.length === 0
        ? new Map()
        : this.#places.answersIn(
            conv,
            range,
            this.#parts.conversations.find(conv)?.readN ?? 0,
            this.#parts.user,
          );
    return rows.map((row) => {
      const answered = answers.get(row.n);
      return {
        ...this.#timelineRow(row, others, folds.get(row.n)),
        ...(saved.has(row.n) ? { saved: true } : {}),
        ...(answered ? { answers: answered } : {}),
      };
    });
  }

  #others(conv: string): Positions[] {
    const positions = new Map<string, Positions>(
      this.#parts.registers.positions(conv).map((position) => [position.user, position]),
    );
    return this.#parts.conversations.members
      .present(conv)
      .filter((user) => user !== this.#parts.user)
      .map((user) => positions.get(user) ?? NOTHING);
  }

  #timelineRow(row: EntryRow, others: readonly Positions[], fold: Folded | undefined): TimelineRow {
    const own = row.own === 1;
    const spoken = own && row.kind === 'message';
    const body = newestBody(row, fold);
    const reply = row.kind === 'message' && body ? readContent(body)?.reply : undefined;
    return {
      key: row.id === null ? `${row.conv}/${row.n}` : `${row.sender}/${row.id}`,
      id: row.id ?? '',
      n: row.n,
      sender: row.sender ?? '',
      own,
      kind: row.kind,
      body,
      time: row.time,
      delivery: spoken ? rungAt(row.n, others) : null,
      save: spoken ? row.save : null,
      // FailureKind has no word for it; the reason travels as that of a refusal nobody can repeat.
      failure:
        spoken && row.save === 'save_failed'
          ? { kind: 'internal', message: row.reason ?? 'not saved' }
          : null,
      frozen: false,
      ...(fold ? { folded: fold } : {}),
      ...(reply === undefined ? {} : { replyTo: reply, quote: this.quote(row.conv, reply) }),
      ...(spoken && others.length > 1 ? { reach: reachOf(row.n, others) } : {}),
      ...(SYSTEM.has(row.kind) ? { says: saysOf(row) } : {}),
    };
  }

  #faultWithin(conv: string, from: number, to: number): boolean {
    return (
      this.#parts.db.get(
        'SELECT 1 FROM fault WHERE account = ? AND conv = ? AND n BETWEEN ? AND ? LIMIT 1',
        this.#parts.account,
        conv,
        from,
        to,
      ) !== undefined
    );
  }
}
