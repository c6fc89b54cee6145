/** Profiles: what people say of themselves. Changes go through the log, so that everybody who may hears of them in order. */
import { randomUUID } from 'node:crypto';
import type { OwnAccount, Profile, ProfileChange } from '@matchbook/protocol/http/accounts';
import type { InternalItem } from '@matchbook/protocol/http/appending';
import { isVisible, textFault } from '@matchbook/protocol/text';
import { type Selectable, sql } from 'kysely';
import type { AccountRow } from '../db/schema.ts';
import type { Store } from '../db/store.ts';
import { mayRead, together } from '../files/reading.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { problem } from '../problems.ts';
import { checkName } from './names.ts';

/** Last seen is not told more exactly than this, ms. */
const MINUTE = 60_000;

type Facts = Pick<AccountRow, 'user' | 'name' | 'avatar' | 'status' | 'statusUntil'>;

export class Profiles {
  #store: Store;
  #outbound: Outbound;
  #now: () => number;

  constructor(parts: { store: Store; outbound: Outbound; now: () => number }) {
    this.#store = parts.store;
    this.#outbound = parts.outbound;
    this.#now = parts.now;
  }

  async own(user: string): Promise<OwnAccount> {
    const row = await this.#row(user);
    if (!row) throw problem('not_found', 'There is no such account.');
    const { login, admin, showLastSeen } = row;
    return { ...this.#shown(row), login, admin: admin === 1, showLastSeen: showLastSeen === 1 };
  }

  /** @throws FailureError `not_found` for who shares no conversation with the asking person: as if there were nobody */
  async of(user: string, asking: string): Promise<Profile> {
    const near = await this.#nearness(user, asking);
    const row = near === null ? undefined : await this.#row(user);
    if (!row) throw problem('not_found', 'There is nobody of that name for you.', { field: 'user' });
    const shown = this.#shown(row);
    // What somebody does now is for those who are with them now, and whom they did not block.
    if (near !== 'now') return { ...shown, status: null, lastSeen: null };
    return row.disabledAt === null ? shown : { ...shown, closed: true };
  }

  async change(user: string, change: ProfileChange): Promise<OwnAccount> {
    const name = change.name?.trim();
    if (name !== undefined) checkName(name, 'name');
    const { status } = change;
    if (status && (!isVisible(status.text) || textFault(status.text)))
      throw problem('invalid_field', 'status.text: at least one visible character.', {
        field: 'status.text',
      });
    await this.#store.write(async (trx) => {
      // To know the hash of a file opens it to nobody.
      if (change.avatar && !(await mayRead(trx, user, change.avatar)))
        throw problem('not_found', 'avatar: there is no such file for you.', { field: 'avatar' });
      const before = await trx
        .selectFrom('account')
        .select(['user', 'name', 'avatar', 'status', 'statusUntil'])
        .where('user', '=', user)
        .executeTakeFirstOrThrow();
      const facts: Facts = {
        ...before,
        ...(name === undefined ? {} : { name }),
        ...(change.avatar === undefined ? {} : { avatar: change.avatar }),
        ...(status === undefined ? {} : { status: status?.text ?? null, statusUntil: status?.until ?? null }),
      };
      const shows = change.showLastSeen === undefined ? {} : { showLastSeen: change.showLastSeen ? 1 : 0 };
      const { user: _, ...values } = facts;
      await trx
        .updateTable('account')
        .set({ ...values, ...shows })
        .where('user', '=', user)
        .execute();
      if (JSON.stringify(facts) !== JSON.stringify(before))
        await this.#outbound.add(trx, [profileItem(facts)]);
    });
    this.#outbound.wake();
    return this.own(user);
  }

  /** The person used the app just now. */
  async seen(user: string): Promise<void> {
    const minute = Math.floor(this.#now() / MINUTE) * MINUTE;
    await this.#store.write((trx) =>
      trx
        .updateTable('account')
        .set({ lastSeen: minute })
        .where('user', '=', user)
        .where((or) => or.or([or('lastSeen', 'is', null), or('lastSeen', '<', minute)]))
        .execute(),
    );
  }

  /** Whether they are in a conversation together, or were once. */
  async #nearness(user: string, asking: string): Promise<'now' | 'once' | null> {
    if (user === asking) return 'now';
    const { db } = this.#store;
    const shared = await db
      .selectFrom('member as theirs')
      .innerJoin('member as mine', 'mine.conv', 'theirs.conv')
      .select(
        sql<number>`MAX(CASE WHEN mine."untilN" IS NULL AND theirs."untilN" IS NULL THEN 1 ELSE 0 END)`.as(
          'now',
        ),
      )
      .where('theirs.user', '=', user)
      .where('mine.user', '=', asking)
      .where(together)
      .executeTakeFirst();
    if (shared?.now === null || shared === undefined) return null;
    const blocked = await db
      .selectFrom('ownRegister')
      .select('amount')
      .where('user', '=', user)
      .where('kind', '=', 'block')
      .where('about', '=', asking)
      .where('amount', '=', 1)
      .executeTakeFirst();
    return shared.now === 1 && !blocked ? 'now' : 'once';
  }

  #row(user: string) {
    return this.#store.db.selectFrom('account').selectAll().where('user', '=', user).executeTakeFirst();
  }

  #shown(row: Selectable<AccountRow>): Profile {
    const { user, name, avatar, lastSeen } = row;
    const status = statusOf(row);
    const over = status?.until !== undefined && status.until <= this.#now();
    return {
      user,
      name,
      avatar,
      status: over ? null : status,
      lastSeen: row.showLastSeen === 1 ? lastSeen : null,
    };
  }
}

function statusOf({ status, statusUntil }: Pick<Facts, 'status' | 'statusUntil'>): Profile['status'] {
  return status === null ? null : { text: status, ...(statusUntil === null ? {} : { until: statusUntil }) };
}

/** What the log is told. */
function profileItem(facts: Facts): InternalItem {
  const { user, name, avatar } = facts;
  const status = statusOf(facts);
  return {
    ...{ id: randomUUID(), kind: 'profile', user, name },
    ...(avatar === null ? {} : { avatar }),
    ...(status === null ? {} : { status }),
  };
}
