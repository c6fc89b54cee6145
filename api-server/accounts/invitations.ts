/** Invitations: 256-bit secrets that open a server once, for a day. Only their hash is stored. */
import { createHash, randomBytes } from 'node:crypto';
import type { Invitation, InvitationPreview } from '@matchbook/protocol/http';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Store, Trx } from '../db/store.ts';
import { problem } from '../problems.ts';

/** Unused invitations that one person may have at a time; the oldest gives way. */
const OPEN_AT_ONCE = 100;

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

export class Invitations {
  #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async create(store: Store, inviter: string): Promise<Invitation> {
    const now = this.#now();
    const secret = randomBytes(32).toString('base64url');
    const expires = now + LIMITS.invitationLife;
    await store.write(async (trx) => {
      await trx
        .deleteFrom('invitation')
        .where('inviter', '=', inviter)
        .where('usedBy', 'is', null)
        .where('hash', 'not in', (newest) =>
          newest
            .selectFrom('invitation')
            .select('hash')
            .where('inviter', '=', inviter)
            .where('usedBy', 'is', null)
            .where('expires', '>', now)
            .orderBy('createdAt', 'desc')
            .limit(OPEN_AT_ONCE - 1),
        )
        .execute();
      await trx
        .insertInto('invitation')
        .values({ hash: hashOf(secret), inviter, createdAt: now, expires, usedBy: null })
        .execute();
    });
    return { secret, expires };
  }

  async preview(db: Kysely<Database>, secret: string, server: string): Promise<InvitationPreview> {
    const row = await this.#find(db, secret);
    if (!row || row.usedBy !== null || row.expires <= this.#now()) throw invalid();
    return { server, inviter: { user: row.inviter, name: row.name }, expires: row.expires };
  }

  /** Uses it up for a user, inside the registration's transaction; answers who invited. */
  async redeem(trx: Trx, secret: string, user: string): Promise<{ user: string; name: string }> {
    const row = await this.#find(trx, secret);
    if (!row || row.usedBy !== null || row.expires <= this.#now()) throw invalid();
    await trx.updateTable('invitation').set({ usedBy: user }).where('hash', '=', row.hash).execute();
    return { user: row.inviter, name: row.name };
  }

  /** Who invited a user, if somebody did. */
  async inviterOf(db: Kysely<Database>, user: string): Promise<{ user: string; name: string } | null> {
    const row = await db
      .selectFrom('invitation')
      .innerJoin('account', 'account.user', 'invitation.inviter')
      .select(['account.user', 'account.name'])
      .where('usedBy', '=', user)
      .executeTakeFirst();
    return row ?? null;
  }

  #find(db: Kysely<Database>, secret: string) {
    return db
      .selectFrom('invitation')
      .innerJoin('account', 'account.user', 'invitation.inviter')
      .select(['hash', 'inviter', 'account.name', 'expires', 'usedBy'])
      .where('hash', '=', hashOf(secret))
      .executeTakeFirst();
  }
}

// One answer for unknown, used and expired: an invitation tells nothing to whom it does not open.
const invalid = () => problem('invitation_invalid', 'This invitation is not valid any more.');
