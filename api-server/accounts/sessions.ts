/** Sessions: one family of refresh tokens a device. Access tokens are signed here and stored nowhere. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Tokens } from '@matchbook/protocol/http';
import type { Store, Trx } from '../db/store.ts';
import { problem } from '../problems.ts';
import type { Keys } from './keys.ts';
import { isGenuine, judge, makeRefreshToken, readRefreshToken } from './refresh-token.ts';

export interface DeviceInfo {
  id: string;
  name: string;
}

export class Sessions {
  #keys: Keys;
  #accessSeconds: number;
  #now: () => number;

  constructor(keys: Keys, accessSeconds: number, now: () => number) {
    this.#keys = keys;
    this.#accessSeconds = accessSeconds;
    this.#now = now;
  }

  /** A new session of a device; an earlier one of the same device ends. Inside the caller's transaction. */
  async open(trx: Trx, user: { user: string; name: string }, device: DeviceInfo): Promise<Tokens> {
    const now = this.#now();
    await this.end(trx, { user: user.user, device: device.id }, 'signed in again');
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
        ended: null,
      })
      .execute();
    const { admin } = await trx
      .selectFrom('account')
      .select('admin')
      .where('user', '=', user.user)
      .executeTakeFirstOrThrow();
    return this.#tokens({ ...user, admin }, device.id, session);
  }

  /** The next pair for a refresh token; see refresh-token.ts for the rules. */
  async refresh(store: Store, text: string): Promise<Tokens> {
    const token = readRefreshToken(text);
    // The end of a reused family must be committed, so the refusal is thrown after the transaction.
    const result = token && (await store.write((trx) => this.#advance(trx, token)));
    if (!result) throw problem('session_ended', 'This session has ended; sign in again.');
    return this.#tokens(result.account, result.device, result.session);
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
    if (!row || row.ended !== null || !isGenuine(this.#keys.refreshKey, row.nonce, token)) return null;
    const verdict = judge(row.generation, token.generation);
    if (verdict === 'unknown') return null;
    if (verdict === 'reused') {
      await this.end(trx, { sid: row.sid }, 'a refresh token was used twice');
      return null;
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

  async end(
    trx: Trx,
    which: { sid: string } | { user: string; device?: string },
    reason: string,
  ): Promise<void> {
    let query = trx.updateTable('session').set({ ended: reason }).where('ended', 'is', null);
    if ('sid' in which) query = query.where('sid', '=', which.sid);
    else {
      query = query.where('user', '=', which.user);
      if (which.device !== undefined) query = query.where('device', '=', which.device);
    }
    await query.execute();
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
