/**
 * Signing out: the keys are erased here at once, the server ends the session now or when it is back. What is still to be done is durable before
 * the first step, so that a crash in between leaves no keys and no half of an account.
 */
import { randomUUID } from 'node:crypto';
import { isNetworkFault } from '@matchbook/protocol/network-fault';
import type { ServerAddress } from '@matchbook/protocol/server-pin';
import { asFailure } from '../bridge/local-failure.ts';
import { type ApiClient, NOTHING } from '../network/api-client.ts';
import type { Secrets } from '../profile/secrets.ts';
import type { SettingsStore } from '../profile/settings.ts';
import { type AccountList, type ReadyAccount, unreadable } from './account-list.ts';
import type { AccessTokens, AccountSecret } from './tokens.ts';

/** Ends that wait for their server; the oldest gives way. */
const WAITING = 50;
/** After this, ms, a refresh token that nobody used is worth nothing worth ending. */
const DAY = 86_400_000;
const LIFE = 90 * DAY;
/** Days on which it was tried in vain before that is believed: a clock that jumped must not make anybody forget. */
const DAYS_TRIED = 3;
const RETRY = 60_000;
const LONGEST_RETRY = 3_600_000;
/** Worth another try: the server is away, broken or busy. Every other answer is its last word. */
const LATER: ReadonlySet<string> = new Set([
  'server_unreachable',
  'server_failed',
  'internal',
  'rate_limited',
  'draining',
  'storage_unavailable',
]);

export interface SignOutParts {
  settings: SettingsStore;
  secrets: Secrets;
  api: ApiClient;
  tokens: AccessTokens;
  list: AccountList;
  /** Its session ends now, here. */
  stopped(account: string): void;
  /** Takes away all that is stored of the account. */
  erase(account: ReadyAccount): Promise<void>;
  now(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
  log(line: string): void;
}

export class SignOuts {
  #parts: SignOutParts;
  #flushing: Promise<void> | null = null;
  #timer: { cancel(): void } | null = null;
  #pause = RETRY;

  constructor(parts: SignOutParts) {
    this.#parts = parts;
  }

  /** @param keep what was said stays readable here, and the account can be signed in to again */
  async signOut(account: string, keep: boolean): Promise<void> {
    const { list, tokens } = this.#parts;
    const held = list.get(account);
    await tokens.exclusive(account, async () => {
      // Of a copied profile the session belongs to the other copy.
      if (held.standing === undefined) await this.end(held, await this.#refreshOf(account));
      await list.update(account, { standing: 'signed-out', ...(keep ? {} : { removing: true }) });
      this.#parts.stopped(account);
      await this.#finish(list.get(account));
    });
    void this.flush();
  }

  /** What a start finds half done. */
  async resume(): Promise<void> {
    const { list } = this.#parts;
    for (const account of list.ready()) if (account.standing === 'signed-out') await this.#finish(account);
    void this.flush();
  }

  /** A session that is not needed any more: its end is durable when this resolves, and told to the server later. */
  async end({ api, pin }: ServerAddress, refresh: string | undefined): Promise<void> {
    if (refresh === undefined) return;
    const { settings, secrets, now } = this.#parts;
    const id = randomUUID();
    await secrets.write(`ending-${id}`, { refresh });
    const dropped = settings.data.endings.slice(0, Math.max(0, settings.data.endings.length + 1 - WAITING));
    const server = pin === undefined ? { api } : { api, pin };
    await settings.update((all) => {
      all.endings = [...all.endings, { id, ...server, since: now() }].slice(-WAITING);
    });
    for (const one of dropped) await secrets.remove(`ending-${one.id}`);
  }

  /** Tells the servers what they have not heard yet. Whoever comes while it runs has its result. */
  flush(): Promise<void> {
    this.#flushing ??= this.#tellAll()
      .catch((error: unknown) => this.#parts.log(`sign-out: ${error}`))
      .finally(() => {
        this.#flushing = null;
        this.#again();
      });
    return this.#flushing;
  }

  close(): void {
    this.#timer?.cancel();
  }

  async #tellAll(): Promise<void> {
    const { settings, secrets, api } = this.#parts;
    for (const ending of settings.data.endings) {
      const name = `ending-${ending.id}`;
      const kept = await secrets.read<{ refresh: string }>(name).catch(unreadable);
      const readable = kept !== null && kept !== 'unreadable';
      if (readable) {
        try {
          await api.post(ending.api, '/api/sessions/sign-out', { refresh: kept.refresh }, NOTHING);
        } catch (error) {
          const { kind } = asFailure(error);
          // A network that has no way, or a page of its own, says nothing for the server.
          if ((LATER.has(kind) || isNetworkFault(kind)) && !(await this.#isOver(ending.id))) continue;
        }
      }
      await settings.update((all) => {
        all.endings = all.endings.filter(({ id }) => id !== ending.id);
      });
      await secrets.remove(name);
    }
  }

  /** It was tried in vain once more. At most one write a day. */
  async #isOver(id: string): Promise<boolean> {
    const { settings, now } = this.#parts;
    const today = Math.floor(now() / DAY);
    const found = () => settings.data.endings.find((one) => one.id === id);
    if (found()?.day !== today)
      await settings.update(({ endings }) => {
        const ending = endings.find((one) => one.id === id);
        if (ending) Object.assign(ending, { day: today, days: (ending.days ?? 0) + 1 });
      });
    const ending = found();
    return !ending || (now() - ending.since > LIFE && (ending.days ?? 0) > DAYS_TRIED);
  }

  #again(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#parts.settings.data.endings.length === 0) {
      this.#pause = RETRY;
      return;
    }
    this.#timer = this.#parts.setTimer(() => void this.flush(), this.#pause);
    this.#pause = Math.min(LONGEST_RETRY, this.#pause * 2);
  }

  async #finish(account: ReadyAccount): Promise<void> {
    const { secrets, tokens, list } = this.#parts;
    tokens.forget(account.account);
    for (const name of [account.account, `${account.account}-recovery`]) await secrets.remove(name);
    list.noteKey(account.account, false);
    if (!account.removing) return;
    await this.#parts.erase(account);
    await list.remove(account.account);
  }

  async #refreshOf(account: string): Promise<string | undefined> {
    const secret = await this.#parts.secrets.read<AccountSecret>(account).catch(unreadable);
    return secret === null || secret === 'unreadable' ? undefined : secret.refresh;
  }
}
