/** Accounts: registration, sign-in, recovery. What a registration causes in the log is written in its own transaction. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { NewAccount, Recovery, Registration, SignIn, Tokens } from '@matchbook/protocol/http/accounts';
import type { InternalItem } from '@matchbook/protocol/http/appending';
import type { Kysely } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Store, Trx } from '../db/store.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { problem } from '../problems.ts';
import type { Invitations } from './invitations.ts';
import { checkName } from './names.ts';
import type { ExternalPerson } from './oidc.ts';
import { checkLoginFree, checkPassword, checkProof, normalized, wrongSecret } from './passwords.ts';
import { formatRecoveryCode, hashRecoveryCode } from './recovery-code.ts';
import type { SecretHash } from './secret-hash.ts';
import type { DeviceInfo, Sessions } from './sessions.ts';

export interface Admission {
  /** As it is set now. */
  registration: () => 'open' | 'invitation' | 'closed';
  /** What the first registration must carry, where somebody else on the machine could come first. */
  firstAccountSecret: string | null;
}

export class Accounts {
  #store: Store;
  #hash: SecretHash;
  #sessions: Sessions;
  #invitations: Invitations;
  #outbound: Outbound;
  #admission: Admission;
  #now: () => number;

  constructor(parts: {
    store: Store;
    hash: SecretHash;
    sessions: Sessions;
    invitations: Invitations;
    outbound: Outbound;
    admission: Admission;
    now: () => number;
  }) {
    this.#store = parts.store;
    this.#hash = parts.hash;
    this.#sessions = parts.sessions;
    this.#invitations = parts.invitations;
    this.#outbound = parts.outbound;
    this.#admission = parts.admission;
    this.#now = parts.now;
  }

  /**
   * Registers an account. The same request again (device and secret) answers with the same account: a lost reply costs nothing but
   * the recovery code, of which a new one replaces the one that nobody saw.
   */
  async register(request: Registration): Promise<NewAccount> {
    const { login, password } = request;
    if ((login === undefined) !== (password === undefined)) {
      const field = login === undefined ? 'login' : 'password';
      throw problem('invalid_field', `${field}: login and password go together.`, { field });
    }
    if (password !== undefined) checkPassword(password, login, 'password');
    const name = request.name.trim();
    checkName(name, 'name');
    const again = await registeredBy(this.#store.db, request.device.id);
    if (again) return this.#registeredBefore(again, request);
    // Before anything is hashed: who may not come in makes this server work for nothing.
    await this.#checkAdmission(this.#store.db, request.invitation);
    const secret = await this.#hash.hash(request.secret);
    const passwordHash = password === undefined ? null : await this.#hash.hash(normalized(password));
    const code = formatRecoveryCode(randomBytes(16));
    const account = { user: randomUUID(), name };
    const result = await this.#store.write(async (trx) => {
      // The same twice at once: the other one was first.
      if (await registeredBy(trx, request.device.id)) return null;
      const first = await this.#checkAdmission(trx, request.invitation);
      // To who may come in only: to all others it would tell which logins there are.
      if (login !== undefined) await checkLoginFree(trx, login, account.user);
      await trx
        .insertInto('account')
        .values({
          ...account,
          secret,
          login: login ?? null,
          password: passwordHash,
          recovery: hashRecoveryCode(code)!,
          admin: first ? 1 : 0,
          registrationDevice: request.device.id,
          createdAt: this.#now(),
        })
        .execute();
      const invited =
        first || request.invitation === undefined
          ? null
          : await this.#invitations.redeem(trx, request.invitation, account.user);
      const caused: InternalItem[] = [{ id: randomUUID(), kind: 'profile', ...account }];
      if (invited) caused.push(invited.caused);
      await this.#outbound.add(trx, caused);
      const tokens = await this.#sessions.open(trx, account, request.device);
      return { tokens, inviter: invited?.inviter };
    });
    if (!result) return this.register(request);
    this.#outbound.wake();
    return { ...result.tokens, recoveryCode: code, ...(result.inviter ? { inviter: result.inviter } : {}) };
  }

  async #registeredBefore(
    account: { user: string; name: string; secret: string },
    request: Registration,
  ): Promise<NewAccount> {
    if (!(await this.#hash.verify(account.secret, request.secret)))
      throw problem('forbidden', 'This device has registered before, with another secret.', {
        field: 'device.id',
      });
    const code = formatRecoveryCode(randomBytes(16));
    const inviter = await this.#invitations.inviterOf(account.user);
    const tokens = await this.#store.write(async (trx) => {
      await checkProof(trx, account.user, { secret: account.secret });
      await this.#setRecovery(trx, account.user, code);
      return this.#sessions.open(trx, account, request.device);
    });
    this.#outbound.wake();
    return { ...tokens, recoveryCode: code, ...(inviter ? { inviter } : {}) };
  }

  /**
   * @returns whether this is the first account, which is its owner's
   * @throws FailureError `registration_closed`, `invitation_invalid`
   */
  async #checkAdmission(db: Kysely<Database>, invitation: string | undefined): Promise<boolean> {
    const { firstAccountSecret } = this.#admission;
    const registration = this.#admission.registration();
    const someone = await db.selectFrom('account').select('user').limit(1).executeTakeFirst();
    if (!someone) {
      if (firstAccountSecret !== null && invitation !== firstAccountSecret)
        throw problem('invitation_invalid', 'The first account of this server needs its owner.', {
          field: 'invitation',
        });
      return true;
    }
    if (registration === 'closed') throw problem('registration_closed', 'This server takes no new accounts.');
    if (invitation !== undefined) await this.#invitations.check(db, invitation);
    else if (registration !== 'open')
      throw problem('invitation_invalid', 'This server is joined by invitation.', { field: 'invitation' });
    return false;
  }

  async signIn(request: SignIn): Promise<Tokens> {
    const byPassword = 'login' in request;
    const account = await this.#store.db
      .selectFrom('account')
      .select(['user', 'name', 'secret', 'password'])
      .where(byPassword ? 'login' : 'user', '=', byPassword ? request.login : request.user)
      .executeTakeFirst();
    const [stored, said] = byPassword
      ? [account?.password, normalized(request.password)]
      : [account?.secret, request.secret];
    if (!(await this.#hash.verify(stored ?? null, said)) || !account) throw wrongSecret();
    const { user, name, secret, password } = account;
    const tokens = await this.#store.write(async (trx) => {
      await checkProof(trx, user, byPassword ? { password } : { secret });
      return this.#sessions.open(trx, { user, name }, request.device);
    });
    this.#outbound.wake();
    return tokens;
  }

  /** Somebody whom another service vouches for: their account, which is made the first time unless registration is closed. */
  async signInExternal({ issuer, subject, name }: ExternalPerson, device: DeviceInfo): Promise<Tokens> {
    const tokens = await this.#store.write(async (trx) => {
      const known = await trx
        .selectFrom('externalIdentity')
        .innerJoin('account', 'account.user', 'externalIdentity.user')
        .select(['account.user', 'account.name'])
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst();
      const account = known ?? (await this.#adopt(trx, { issuer, subject, name }));
      return this.#sessions.open(trx, account, device);
    });
    this.#outbound.wake();
    return tokens;
  }

  async #adopt(trx: Trx, { issuer, subject, name }: ExternalPerson): Promise<{ user: string; name: string }> {
    const { registration, firstAccountSecret } = this.#admission;
    if (registration() === 'closed')
      throw problem('registration_closed', 'This server takes no new accounts.');
    const first = (await trx.selectFrom('account').select('user').limit(1).executeTakeFirst()) === undefined;
    if (first && firstAccountSecret !== null)
      throw problem('invitation_invalid', 'The first account of this server needs its owner.', {
        field: 'invitation',
      });
    const account = { user: randomUUID(), name };
    await trx
      .insertInto('account')
      .values({
        ...account,
        // Nobody has them: the other service is the only way in.
        secret: '',
        recovery: hashRecoveryCode(formatRecoveryCode(randomBytes(16)))!,
        admin: first ? 1 : 0,
        registrationDevice: `external ${account.user}`,
        createdAt: this.#now(),
      })
      .execute();
    await trx
      .insertInto('externalIdentity')
      .values({ issuer, subject, user: account.user, createdAt: this.#now() })
      .execute();
    await this.#outbound.add(trx, [{ id: randomUUID(), kind: 'profile', ...account }]);
    return account;
  }

  /**
   * A new secret against the recovery code. Every session of the account ends; the code is used up and replaced. The same request again (code and
   * secret) is answered again: a lost reply costs nothing but the code that nobody saw.
   */
  async recover(request: Recovery): Promise<NewAccount> {
    const hash = hashRecoveryCode(request.code);
    const account = hash === null ? undefined : await this.#recoverable(hash, request);
    if (!account || (request.user !== undefined && request.user !== account.user))
      throw problem('wrong_secret', 'This recovery code is not known. Check it for typing mistakes.');
    const secret = account.again ? null : await this.#hash.hash(request.secret);
    const code = formatRecoveryCode(randomBytes(16));
    const tokens = await this.#store.write(async (trx) => {
      if (secret !== null) {
        const { numUpdatedRows } = await trx
          .updateTable('account')
          // It holds the secret from now on, as the device that registered did.
          .set({ secret, recoveryUsed: hash, registrationDevice: request.device.id })
          .where('user', '=', account.user)
          .where('recovery', '=', hash!)
          .executeTakeFirst();
        // Two at once: the other one was first, and this one may come again as the second.
        if (numUpdatedRows === 0n)
          throw problem('rate_limited', 'This code is being used just now.', { retryAfter: 1 });
        await this.#sessions.end(trx, { user: account.user }, 'recovered');
      }
      await this.#setRecovery(trx, account.user, code);
      return this.#sessions.open(trx, account, request.device);
    });
    this.#outbound.wake();
    return { ...tokens, recoveryCode: code };
  }

  /** Who a code belongs to; `again` where it was used up by this very request. */
  async #recoverable(hash: string, { secret }: Recovery) {
    const found = await this.#store.db
      .selectFrom('account')
      .select(['user', 'name', 'secret', 'recovery'])
      .where((or) => or.or([or('recovery', '=', hash), or('recoveryUsed', '=', hash)]))
      .executeTakeFirst();
    if (!found) return undefined;
    const { recovery, secret: held, ...account } = found;
    if (recovery === hash) return { ...account, again: false };
    return (await this.#hash.verify(held, secret)) ? { ...account, again: true } : undefined;
  }

  async #setRecovery(trx: Trx, user: string, code: string): Promise<void> {
    await trx
      .updateTable('account')
      .set({ recovery: hashRecoveryCode(code)! })
      .where('user', '=', user)
      .execute();
  }
}

const registeredBy = (db: Kysely<Database>, device: string) =>
  db
    .selectFrom('account')
    .select(['user', 'name', 'secret'])
    .where('registrationDevice', '=', device)
    .executeTakeFirst();
