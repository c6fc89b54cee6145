/** Sessions: one family of refresh tokens a device. Access tokens are signed here and stored nowhere. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { DeviceSession, Tokens } from '@matchbook/protocol/http/accounts';
import { InTurn } from '@matchbook/protocol/in-turn';
import type { Store, Trx } from '../db/store.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { problem } from '../problems.ts';
import type { Keys } from './keys.ts';
import { checkName } from './names.ts';
import { isGenuine, judge, makeRefreshToken, readRefreshToken } from './refresh-token.ts';

/** Why a session of a device ended that has a later one. */
const AGAIN = 'signed in again';

export interface DeviceInfo {
  id: string;
  name: string;
}

export class Sessions {
  #keys: Keys;
  #outbound: Pick<Outbound, 'add' | 'wake'>;
  #accessSeconds: number;
  #now: () => number;
  /** By session: of many that hold the same token each would find the row changed under it. */
  readonly #refreshing = new InTurn();

  constructor(parts: {
    keys: Keys;
    outbound: Pick<Outbound, 'add' | 'wake'>;
    accessSeconds: number;
    now: () => number;
  }) {
    this.#keys = parts.keys;
    this.#outbound = parts.outbound;
    this.#accessSeconds = parts.accessSeconds;
    this.#now = parts.now;
  }

  /**
   * A new session of a device; an earlier one of the same device ends. Inside the caller's transaction. The one way in: whatever proved who somebody is, an
   * account that an admin closed has no session.
   *
   * @throws FailureError `forbidden`
   */
  async open(trx: Trx, user: { user: string; name: string }, device: DeviceInfo): Promise<Tokens> {
    checkName(device.name, 'device.name');
    const now = this.#now();
    const { admin, disabledAt } = await trx
      .selectFrom('account')
      .select(['admin', 'disabledAt'])
      .where('user', '=', user.user)
      .executeTakeFirstOrThrow();
    if (disabledAt !== null) throw problem('forbidden', 'An admin of this server has closed this account.');
    await this.end(trx, { user: user.user, device: device.id }, AGAIN);
    const session = { sid: randomUUID(), nonce: randomBytes(32).toString('hex'), generation: 0 };
    await trx
      .insertInto('session')
      .values({
        ...session,
        user: user.user,
        device: device.id,
        deviceName: device.name,
        createdAt: now,
        refreshedAt: now,
        ...{ ended: null, endedAt: null },
      })
      .execute();
    return this.#tokens({ ...user, admin }, device.id, session);
  }

  /**
   * The next pair for a refresh token; see refresh-token.ts for the rules.
   *
   * @throws FailureError `session_replaced` where another copy of this device went on with the session, or signed in anew; `session_ended` for every
   * other end: the holder of the newest token may sign in again by itself, a copy that lags behind may not (docs/decisions/0015)
   */
  async refresh(store: Store, text: string): Promise<Tokens> {
    const token = readRefreshToken(text);
    // The end of a reused family must be committed, so the refusal is thrown after the transaction.
    const result = token
      ? await this.#refreshing.do(token.sid, () => store.write((trx) => this.#advance(trx, token)))
      : 'ended';
    if (typeof result !== 'string') return this.#tokens(result.account, result.device, result.session);
    this.#outbound.wake();
    throw result === 'replaced'
      ? problem('session_replaced', 'Another copy of this device uses this session.')
      : problem('session_ended', 'This session has ended; sign in again.');
  }

  async #advance(trx: Trx, token: NonNullable<ReturnType<typeof readRefreshToken>>) {
    const row = await trx
      .selectFrom('session')
      .innerJoin('account', 'account.user', 'session.user')
      .select([
        'sid',
        'session.user',
        'account.name',
        'account.admin',
        'device',
        'nonce',
        'generation',
        'ended',
      ])
      .where('sid', '=', token.sid)
      .executeTakeFirst();
    if (!row || !isGenuine(this.#keys.refreshKey, row.nonce, token)) return 'ended';
    const verdict = judge(row.generation, token.generation);
    if (verdict === 'unknown') return 'ended';
    if (row.ended !== null) return verdict === 'reused' || row.ended === AGAIN ? 'replaced' : 'ended';
    if (verdict === 'reused') {
      await this.end(trx, { sid: row.sid }, 'a refresh token was used twice');
      return 'replaced';
    }
    const generation = verdict === 'rotate' ? row.generation + 1 : row.generation;
    await trx
      .updateTable('session')
      .set({ generation, refreshedAt: this.#now() })
      .where('sid', '=', row.sid)
      .execute();
    return {
      account: { user: row.user, name: row.name, admin: row.admin },
      device: row.device,
      session: { sid: row.sid, nonce: row.nonce, generation },
    };
  }

  /**
   * Ends sessions here and, through the log, at the relay (I7). Who calls it wakes the outbound after the commit.
   *
   * @returns how many there were
   */
  async end(
    trx: Trx,
    which: { sid: string } | { user: string; device?: string; but?: string },
    reason: string,
  ): Promise<number> {
    const now = { ended: reason, endedAt: this.#now() };
    let query = trx.updateTable('session').set(now).where('ended', 'is', null);
    if ('sid' in which) query = query.where('sid', '=', which.sid);
    else {
      query = query.where('user', '=', which.user);
      if (which.device !== undefined) query = query.where('device', '=', which.device);
      if (which.but !== undefined) query = query.where('sid', '!=', which.but);
    }
    const ended = await query.returning(['sid', 'user']).execute();
    await this.#outbound.add(
      trx,
      ended.map(({ sid, user }) => ({ id: `revoke-${sid}`, kind: 'revoke', user, session: sid })),
    );
    return ended.length;
  }

  /** Ends the session of a refresh token, however old the token is. One that is none, or ended before, is fine. */
  async signOut(store: Store, text: string): Promise<void> {
    const token = readRefreshToken(text);
    if (!token) return;
    await store.write(async (trx) => {
      const row = await trx
        .selectFrom('session')
        .select(['sid', 'nonce'])
        .where('sid', '=', token.sid)
        .executeTakeFirst();
      if (row && isGenuine(this.#keys.refreshKey, row.nonce, token))
        await this.end(trx, { sid: row.sid }, 'signed out');
    });
    this.#outbound.wake();
  }

  /** Live sessions, the last used first. */
  async devices(store: Store, user: string, current: string): Promise<DeviceSession[]> {
    const rows = await store.db
      .selectFrom('session')
      .select(['sid', 'device', 'deviceName', 'createdAt', 'refreshedAt'])
      .where('user', '=', user)
      .where('ended', 'is', null)
      .orderBy('refreshedAt', 'desc')
      .execute();
    return rows.map(({ sid, device, deviceName, createdAt, refreshedAt }) => ({
      ...{ device, name: deviceName, createdAt, lastUsed: refreshedAt },
      current: sid === current,
    }));
  }

  /** @throws FailureError `not_found` where the user has no such device signed in */
  async endDevice(store: Store, user: string, device: string): Promise<void> {
    await store.write((trx) => this.endForGood(trx, { user, device }, 'ended by its owner'));
    this.#outbound.wake();
  }

  /**
   * Ends a device for good, or all of them: where one holds the secret of the account, nobody has that any more, or it would come back by itself.
   *
   * @throws FailureError `not_found` where the user has no such device signed in
   */
  async endForGood(trx: Trx, which: { user: string; device?: string }, reason: string): Promise<number> {
    const { user, device } = which;
    const count = await this.end(trx, which, reason);
    if (count === 0 && device !== undefined)
      throw problem('not_found', 'No such device is signed in.', { field: 'device' });
    let holder = trx.updateTable('account').set({ secret: '' }).where('user', '=', user);
    if (device !== undefined) holder = holder.where('registrationDevice', '=', device);
    await holder.execute();
    return count;
  }

  async #tokens(
    { user, name, admin }: { user: string; name: string; admin: number },
    device: string,
    session: { sid: string; nonce: string; generation: number },
  ): Promise<Tokens> {
    const time = this.#now();
    return {
      user,
      name,
      access: await this.#keys.sign(
        { user, device, sid: session.sid, admin: admin === 1 },
        time,
        this.#accessSeconds,
      ),
      accessExpires: time + this.#accessSeconds * 1_000,
      time,
      refresh: makeRefreshToken(this.#keys.refreshKey, session.nonce, session),
    };
  }
}
