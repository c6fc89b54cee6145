/** Invitations: 256-bit secrets that open a server, or a group, for a while and for some. Only their hash is stored. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { FailureError } from '@matchbook/protocol/failures';
import type { InternalItem } from '@matchbook/protocol/http/appending';
import type {
  Invitation,
  InvitationPreview,
  InvitationRequest,
  OpenInvitation,
  Redeemed,
} from '@matchbook/protocol/http/invitations';
import { directConversationId } from '@matchbook/protocol/ids';
import { LIMITS } from '@matchbook/protocol/limits';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Store, Trx } from '../db/store.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { problem } from '../problems.ts';

/** Invitations that one person may have open at a time; the oldest gives way. */
const OPEN_AT_ONCE = 100;
/** Characters of the hash by which its maker names an invitation. */
const ID_LENGTH = 22;

/** Bytes of a picture that a preview carries; a larger one is left out. */
const PREVIEW_PICTURE = 96 * 1_024;

const USES = sql<number>`(SELECT COUNT(*) FROM redemption WHERE redemption.hash = invitation.hash)`;

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');
const idOf = (hash: string) => hash.slice(0, ID_LENGTH);

export interface Inviter {
  user: string;
  name: string;
}

export interface InvitationsParts {
  store: Store;
  outbound: Pick<Outbound, 'add' | 'wake'>;
  now: () => number;
  /** The small image of a picture, WebP, where there is one of at most so many bytes. */
  smallImage(hash: string, limit: number): Promise<Buffer | null>;
}

export class Invitations {
  #store: Store;
  #outbound: InvitationsParts['outbound'];
  #now: () => number;
  #smallImage: InvitationsParts['smallImage'];

  constructor(parts: InvitationsParts) {
    this.#store = parts.store;
    this.#outbound = parts.outbound;
    this.#now = parts.now;
    this.#smallImage = parts.smallImage;
  }

  /** @throws FailureError `not_allowed` where the group is not theirs to invite into */
  async create(inviter: string, request: InvitationRequest): Promise<Invitation> {
    const { conv = null, life = LIMITS.invitationLife, uses = 1 } = request;
    const now = this.#now();
    const secret = randomBytes(32).toString('base64url');
    const hash = hashOf(secret);
    const expires = now + life;
    await this.#store.write(async (trx) => {
      const fault = conv === null ? null : await stewardFault(trx, inviter, conv);
      if (fault) throw fault;
      const open = await this.#open(trx, inviter);
      for (const one of open.slice(OPEN_AT_ONCE - 1)) await this.#revoke(trx, one.hash);
      await trx
        .insertInto('invitation')
        .values({ hash, inviter, createdAt: now, expires, conv, maxUses: uses })
        .execute();
    });
    return { id: idOf(hash), secret, expires };
  }

  async list(inviter: string): Promise<OpenInvitation[]> {
    const open = await this.#open(this.#store.db, inviter);
    return open.map(({ hash, conv, createdAt, expires, uses, maxUses }) => ({
      ...{ id: idOf(hash), conv, createdAt, expires, uses, maxUses },
    }));
  }

  /** @throws FailureError `not_found` */
  async revoke(inviter: string, id: string): Promise<void> {
    await this.#store.write(async (trx) => {
      const found = (await this.#open(trx, inviter)).find(({ hash }) => idOf(hash) === id);
      if (!found) throw problem('not_found', 'You have no such invitation.', { field: 'id' });
      await this.#revoke(trx, found.hash);
    });
  }

  /** What it is worth, before anybody joins. */
  async preview(secret: string, server: string): Promise<InvitationPreview> {
    const row = await this.#good(this.#store.db, secret);
    const { conv, expires } = row;
    const inviter = { user: row.inviter, name: row.name };
    if (conv === null) return { server, inviter, expires, ...(await this.#pictured(row.avatar)) };
    const { picture, ...group } = await this.#groupOf(conv);
    return { server, inviter, group: { conv, ...group }, expires, ...(await this.#pictured(picture)) };
  }

  /**
   * Uses it for a new account, inside the registration's transaction.
   *
   * @returns who invited, and what that causes in the log
   */
  async redeem(trx: Trx, secret: string, user: string): Promise<{ inviter: Inviter; caused: InternalItem }> {
    const row = await this.#good(trx, secret);
    await trx
      .insertInto('redemption')
      .values({ hash: row.hash, user, redeemedAt: this.#now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return { inviter: { user: row.inviter, name: row.name }, caused: joining(row, user) };
  }

  /** Of somebody who has an account here. Again by the same person it answers the same, and who is in already leaves it to somebody else. */
  async redeemSignedIn(secret: string, user: string): Promise<Redeemed> {
    const redeemed = await this.#store.write(async (trx) => {
      const row = await this.#find(trx, secret);
      const isIn = row && (await isMember(trx, user, row.conv ?? directConversationId(user, row.inviter)));
      if (row?.inviter === user && !isIn) throw problem('invitation_own', 'This is your own invitation.');
      const before = row && (isIn || (await this.#usedBy(trx, row.hash, user)));
      if (!before) {
        const { caused } = await this.redeem(trx, secret, user);
        await this.#outbound.add(trx, [caused]);
      }
      const { inviter, name, conv } = (await this.#find(trx, secret))!;
      return { conv: conv ?? directConversationId(user, inviter), inviter: { user: inviter, name } };
    });
    this.#outbound.wake();
    return redeemed;
  }

  /** Who invited a user, if somebody did. */
  async inviterOf(user: string): Promise<Inviter | null> {
    const row = await this.#store.db
      .selectFrom('redemption')
      .innerJoin('invitation', 'invitation.hash', 'redemption.hash')
      .innerJoin('account', 'account.user', 'invitation.inviter')
      .select(['account.user', 'account.name'])
      .where('redemption.user', '=', user)
      .orderBy('redemption.redeemedAt')
      .executeTakeFirst();
    return row ?? null;
  }

  /** @throws FailureError `invitation_invalid` */
  async check(db: Kysely<Database>, secret: string): Promise<void> {
    await this.#good(db, secret);
  }

  async #good(db: Kysely<Database>, secret: string) {
    const row = await this.#find(db, secret);
    if (!row || row.revokedAt !== null) throw invalid();
    // Who has its secret was meant to have it, and learns what to ask for.
    if (row.uses >= row.maxUses) throw problem('invitation_used', 'This invitation was used already.');
    if (row.expires <= this.#now()) throw problem('invitation_expired', 'This invitation has expired.');
    // It is worth what its maker is: nothing of a closed account, nothing of who may not invite into the group any more.
    if (row.disabledAt !== null || (row.conv !== null && (await stewardFault(db, row.inviter, row.conv))))
      throw invalid();
    return row;
  }

  #find(db: Kysely<Database>, secret: string) {
    return this.#counted(db).where('hash', '=', hashOf(secret)).executeTakeFirst();
  }

  #open(db: Kysely<Database>, inviter: string) {
    return this.#counted(db)
      .where('inviter', '=', inviter)
      .where('revokedAt', 'is', null)
      .where('expires', '>', this.#now())
      .where(USES, '<', sql.ref<number>('maxUses'))
      .orderBy('invitation.createdAt', 'desc')
      .execute();
  }

  #counted(db: Kysely<Database>) {
    return db
      .selectFrom('invitation')
      .innerJoin('account', 'account.user', 'invitation.inviter')
      .select([
        'hash',
        'inviter',
        'account.name',
        'account.avatar',
        'conv',
        'invitation.createdAt',
        'expires',
        'maxUses',
        'revokedAt',
        'disabledAt',
      ])
      .select(USES.as('uses'));
  }

  #usedBy(db: Kysely<Database>, hash: string, user: string) {
    return db
      .selectFrom('redemption')
      .select('hash')
      .where('hash', '=', hash)
      .where('user', '=', user)
      .executeTakeFirst();
  }

  async #revoke(trx: Trx, hash: string): Promise<void> {
    await trx.updateTable('invitation').set({ revokedAt: this.#now() }).where('hash', '=', hash).execute();
  }

  async #pictured(hash: string | null): Promise<{ picture?: string }> {
    const bytes = hash === null ? null : await this.#smallImage(hash, PREVIEW_PICTURE);
    return bytes === null ? {} : { picture: bytes.toString('base64') };
  }

  async #groupOf(conv: string): Promise<{ name: string | null; members: number; picture: string | null }> {
    const { db } = this.#store;
    const last = (kind: 'rename' | 'picture') =>
      db
        .selectFrom('entry')
        .select(['n', 'bodyText'])
        .where('conv', '=', conv)
        .where('kind', '=', kind)
        .orderBy('n', 'desc')
        .limit(1)
        .executeTakeFirst();
    const named = await last('rename');
    const shown = await last('picture');
    // What its sender could read themselves is noted as used; what an entry merely names is not shown to anybody.
    const used =
      shown &&
      (await db
        .selectFrom('fileUse')
        .select('hash')
        .where('conv', '=', conv)
        .where('n', '=', shown.n)
        .executeTakeFirst());
    const { members } = await db
      .selectFrom('member')
      .select(({ fn }) => fn.countAll<number>().as('members'))
      .where('conv', '=', conv)
      .where('untilN', 'is', null)
      .executeTakeFirstOrThrow();
    return { name: named?.bodyText ?? null, members, picture: used?.hash ?? null };
  }
}

async function isMember(db: Kysely<Database>, user: string, conv: string): Promise<boolean> {
  const row = await db
    .selectFrom('member')
    .select('user')
    .where('conv', '=', conv)
    .where('user', '=', user)
    .where('untilN', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Why somebody may not invite into a conversation, or null. */
async function stewardFault(db: Kysely<Database>, user: string, conv: string): Promise<FailureError | null> {
  const row = await db
    .selectFrom('member')
    .innerJoin('conversation', 'conversation.conv', 'member.conv')
    .select(['role', 'form'])
    .where('member.conv', '=', conv)
    .where('user', '=', user)
    .where('untilN', 'is', null)
    .executeTakeFirst();
  if (!row) return problem('not_member', 'You are not in this conversation.', { field: 'conv' });
  if (row.form === 'group' && row.role !== 'member') return null;
  return problem('not_allowed', 'Only owners and admins of a group invite into it.', { field: 'conv' });
}

function joining({ inviter, conv }: { inviter: string; conv: string | null }, user: string): InternalItem {
  if (conv !== null) return { id: randomUUID(), kind: 'member_add', sender: inviter, conv, users: [user] };
  const members = [inviter, user];
  return {
    id: randomUUID(),
    kind: 'create',
    sender: user,
    conv: directConversationId(user, inviter),
    form: 'direct',
    members,
  };
}

// One answer for what was never made, was taken back, and is worth nothing any more: whether its maker was removed is nobody's business.
const invalid = () => problem('invitation_invalid', 'This invitation is not valid any more.');
