/** Messages for later, kept on the server: they are sent at their time whether or not a device of their author is on, with the id that the composer gave them. */
import { isDeepStrictEqual } from 'node:util';
import type { InternalItem } from '@matchbook/protocol/http/appending';
import type { ScheduledMessage, ScheduleRequest } from '@matchbook/protocol/http/people';
import { LIMITS } from '@matchbook/protocol/limits';
import { textFault, utf8Length } from '@matchbook/protocol/text';
import { type Kysely, sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../db/schema.ts';
import type { Store } from '../db/store.ts';
import { authorize, OPEN } from '../messages/access.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { problem } from '../problems.ts';

/** How often it is looked at what is due, ms; also what a clock that was set costs. */
const LOOK = 1_000;
/** `due` of one that is not to wait any more: clocks of devices are not the server's. */
const AT_ONCE_DUE = 0;
/** Messages released by one look. */
const AT_ONCE = 100;
/** A refused one is shown for so long, ms. */
const SHOWN = 30 * 86_400_000;

export class Scheduled {
  #store: Store;
  #outbound: Outbound;
  #log: Logger;
  #now: () => number;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: { store: Store; outbound: Outbound; log: Logger; now: () => number }) {
    this.#store = parts.store;
    this.#outbound = parts.outbound;
    this.#log = parts.log;
    this.#now = parts.now;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#looking = this.#looking.then(() => this.#release());
    }, LOOK);
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#looking;
  }

  /**
   * The same again changes the text or the time of one that waits.
   *
   * @param waiting only of one that waits: another device may have taken it back
   * @throws FailureError `not_found` where it does not wait then; `conflict` where it says something else than `was`, and than is asked for
   */
  async put(
    user: string,
    { id, conv, body, due: asked, silent = false, was }: ScheduleRequest,
    { waiting = false } = {},
  ): Promise<void> {
    const now = this.#now();
    const due = asked === AT_ONCE_DUE ? now : asked;
    if (asked !== AT_ONCE_DUE && (due <= now || due > now + LIMITS.scheduleAhead))
      throw problem('invalid_field', 'due: from now on, within a year.', {
        field: 'due',
        limit: now + LIMITS.scheduleAhead,
      });
    const bytes = 'text' in body ? utf8Length(body.text) : Math.floor((body.data.length * 3) / 4);
    if (bytes > LIMITS.bodyBytes)
      throw problem('body_too_large', 'body: too large.', { field: 'body', limit: LIMITS.bodyBytes });
    if ('text' in body && textFault(body.text))
      throw problem('invalid_text', 'body.text: a character that cannot be stored.', { field: 'body.text' });
    await this.#store.write(async (trx) => {
      if ((await authorize(trx, user, conv)).at(-1)!.to !== OPEN)
        throw problem('not_member', 'You are not in this conversation.', { field: 'conv' });
      const mine = await trx
        .selectFrom('scheduled')
        .select(['id', 'state', 'body'])
        .where('user', '=', user)
        .where((or) => or.or([or('state', '=', 'waiting'), or('id', '=', id)]))
        .execute();
      if (mine.some((one) => one.id === id && one.state !== 'waiting'))
        throw problem('id_conflict', 'id: it was sent already.', { field: 'id' });
      if (waiting && !mine.some((one) => one.id === id))
        throw problem('not_found', 'It does not wait any more.', { field: 'id' });
      const present = mine.find((one) => one.id === id);
      const says: unknown = present && JSON.parse(present.body);
      // Who asks again, because the answer was lost, finds what was asked for.
      if (was && present && !isDeepStrictEqual(says, was) && !isDeepStrictEqual(says, body))
        throw problem('conflict', 'It was given other words meanwhile.', { field: 'was' });
      if (mine.length >= LIMITS.scheduled && !mine.some((one) => one.id === id))
        throw problem('rate_limited', 'That many messages wait already.', {
          field: 'id',
          limit: LIMITS.scheduled,
        });
      const values = { conv, body: JSON.stringify(body), silent: silent ? 1 : 0, due };
      await trx
        .insertInto('scheduled')
        .values({ user, id, ...values, createdAt: now, state: 'waiting' })
        .onConflict((conflict) => conflict.columns(['user', 'id']).doUpdateSet(values))
        .execute();
    });
  }

  /**
   * Takes back one that waits, and puts away one that was refused.
   *
   * @throws FailureError `not_found` where it was sent, or never was
   */
  async cancel(user: string, id: string): Promise<void> {
    const gone = await this.#store.write(async (trx) => {
      const { numDeletedRows } = await trx
        .deleteFrom('scheduled')
        .where('user', '=', user)
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      return numDeletedRows > 0n || (await this.#outbound.forget(trx, { sender: user, id }));
    });
    if (!gone) throw problem('not_found', 'It does not wait any more.', { field: 'id' });
  }

  /** Those that wait, the next first, and those that the relay refused. */
  async list(user: string): Promise<ScheduledMessage[]> {
    const rows = await this.#store.db
      .selectFrom('scheduled')
      .leftJoin('outbound', (join) =>
        join.on(sql`outbound.id`, '=', sql`scheduled."user" || '/' || scheduled.id`),
      )
      .select([
        'scheduled.id',
        'conv',
        'body',
        'silent',
        'due',
        'scheduled.state',
        'outbound.state as fate',
        'reason',
        'item',
      ])
      .where('scheduled.user', '=', user)
      .where((or) =>
        or.or([
          or('scheduled.state', '=', 'waiting'),
          or.and([or('outbound.state', '=', 'refused'), or('due', '>', this.#now() - SHOWN)]),
        ]),
      )
      .orderBy('due')
      .execute();
    return rows.map(({ id, conv, body, silent, due, fate, reason, item }) => ({
      ...{ id, conv, silent: silent === 1, due },
      body: fate === 'refused' && item !== null ? JSON.parse(item).body : JSON.parse(body),
      refused: fate === 'refused' ? (reason ?? 'refused') : null,
    }));
  }

  async #release(): Promise<void> {
    try {
      if (!(await someDue(this.#store.db, this.#now()))) return;
      await this.#store.write(async (trx) => {
        const due = await trx
          .selectFrom('scheduled')
          .innerJoin('account', 'account.user', 'scheduled.user')
          .selectAll('scheduled')
          .select('disabledAt')
          .where('state', '=', 'waiting')
          .where('due', '<=', this.#now())
          .orderBy('due')
          .limit(AT_ONCE)
          .execute();
        for (const { user, id, conv, body, silent, disabledAt } of due) {
          await trx
            .updateTable('scheduled')
            // What it says goes on with it: here it would outlive its deletion.
            .set({ state: 'sent', body: '{}' })
            .where('user', '=', user)
            .where('id', '=', id)
            .execute();
          const item: InternalItem = {
            ...{ id, kind: 'message', sender: user, conv, body: JSON.parse(body) },
            ...(silent === 1 ? { silent: true as const } : {}),
          };
          // Who may not sign in says nothing either.
          const closed = disabledAt === null ? {} : { refused: 'the account was closed' };
          await this.#outbound.add(trx, [item], closed);
        }
      });
      this.#outbound.wake();
    } catch (error) {
      this.#log.warn({ err: error }, 'messages that are due cannot be sent now');
    }
  }
}

async function someDue(db: Kysely<Database>, now: number): Promise<boolean> {
  const row = await db
    .selectFrom('scheduled')
    .select('id')
    .where('state', '=', 'waiting')
    .where('due', '<=', now)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
