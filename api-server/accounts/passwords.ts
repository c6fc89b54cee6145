/** Logins and passwords: how a person signs in on a machine that has no secret of the app. */
import type { PasswordChange } from '@matchbook/protocol/http/accounts';
import type { Store, Trx } from '../db/store.ts';
import type { Outbound } from '../outbound/outbound.ts';
import { problem } from '../problems.ts';
import type { SecretHash } from './secret-hash.ts';
import type { Sessions } from './sessions.ts';

/** One spelling of what keyboards write differently (NIST SP 800-63B, 5.1.1.2). */
export const normalized = (password: string): string => password.normalize('NFKC');

/** @throws FailureError `invalid_field` where it says no more than the login does */
export function checkPassword(password: string, login: string | undefined, field: 'next' | 'password'): void {
  if (
    login !== undefined &&
    normalized(password).toLowerCase().includes(login.split('@')[0]!) &&
    password.length < 2 * login.length
  )
    throw problem('invalid_field', `${field}: the password is hardly more than the login.`, { field });
  if (new Set(password).size < 4)
    throw problem('invalid_field', `${field}: at least four different characters.`, { field, limit: 4 });
}

/** @throws FailureError `conflict` where somebody else has that login */
export async function checkLoginFree(trx: Trx, login: string, user: string): Promise<void> {
  const other = await trx
    .selectFrom('account')
    .select('user')
    .where('login', '=', login)
    .where('user', '!=', user)
    .executeTakeFirst();
  if (other) throw problem('conflict', 'login: somebody has it already.', { field: 'login' });
}

/**
 * What was proved while a hash was computed still holds: who changes a secret meanwhile leaves nothing to who knew the old one.
 *
 * @param proved the hash that was verified
 * @throws FailureError `wrong_secret`
 */
export async function checkProof(
  trx: Trx,
  user: string,
  proved: { secret: string | null } | { password: string | null },
): Promise<void> {
  const [[column, hash]] = Object.entries(proved) as [['secret' | 'password', string | null]];
  const now = await trx.selectFrom('account').select(column).where('user', '=', user).executeTakeFirst();
  if (now?.[column] !== hash) throw wrongSecret();
}

export const wrongSecret = () => problem('wrong_secret', 'There is no such account with this secret.');

export class Passwords {
  #store: Store;
  #hash: SecretHash;
  #sessions: Sessions;
  #outbound: Outbound;

  constructor(parts: { store: Store; hash: SecretHash; sessions: Sessions; outbound: Outbound }) {
    this.#store = parts.store;
    this.#hash = parts.hash;
    this.#sessions = parts.sessions;
    this.#outbound = parts.outbound;
  }

  /**
   * Sets them. Every other session of the account ends: who had the old password has nothing any more.
   *
   * @param keep session that goes on
   * @throws FailureError `wrong_secret`, `conflict` (the login is taken), `invalid_field`
   */
  async change(user: string, keep: string, request: PasswordChange): Promise<void> {
    const account = await this.#store.db
      .selectFrom('account')
      .select(['login', 'password', 'secret'])
      .where('user', '=', user)
      .executeTakeFirstOrThrow();
    const login = request.login ?? account.login;
    if (login === null) throw problem('invalid_field', 'login: a password needs one.', { field: 'login' });
    checkPassword(request.next, login, 'next');
    const proved =
      request.secret !== undefined
        ? await this.#hash.verify(account.secret, request.secret)
        : await this.#hash.verify(account.password, normalized(request.current ?? ''));
    if (!proved) throw problem('wrong_secret', 'The present password is not right.', { field: 'current' });
    const password = await this.#hash.hash(normalized(request.next));
    await this.#store.write(async (trx) => {
      await checkProof(
        trx,
        user,
        request.secret === undefined ? { password: account.password } : { secret: account.secret },
      );
      await checkLoginFree(trx, login, user);
      await trx.updateTable('account').set({ login, password }).where('user', '=', user).execute();
      await this.#sessions.end(trx, { user, but: keep }, 'the password was changed');
    });
    this.#outbound.wake();
  }
}
