/**
 * Decides about every message that comes, shows what is to be shown, and takes it back when it was read.
 *
 * It pulls: the ledger holds, for each conversation, the place up to which it was decided, and the store is asked for what lies beyond. So there is
 * no moment in which a message is neither before nor after, a restart included, and no message has two alerts. Quiet until a session is
 * complete; what came until then is one summary.
 */
import type { ShowAnswer } from '@matchbook/protocol/bridge/notifications';
import type { SessionState } from '@matchbook/protocol/session-state';
import type { ConversationNews, NewsQuestion } from '../local-store/lists/news.ts';
import { words } from '../words/words.ts';
import { type ActParts, heed } from './acts.ts';
import { Alerts } from './alerts.ts';
import { Judge, type JudgeParts } from './judge.ts';
import type { Entry, Ledger } from './ledger.ts';
import type { Notifier } from './notifier.ts';
import { localTime, quietAt, type Verdict } from './policy.ts';
import { summarise } from './summary.ts';

/** Messages of a conversation that are looked at one by one; of older ones the newest decides. */
const ROWS = 50;
/** Of each conversation, when a device comes back. */
const SUMMARY_ROWS = 3;
const TEST_TAG = 'test';

export interface CenterParts extends JudgeParts, Omit<ActParts, 'showings'> {
  store: {
    news(question: NewsQuestion & { account: string }): Promise<ConversationNews[]>;
    outbox(account: string): Promise<{ id: string }[]>;
  };
  ledger: Ledger;
  notifier: Notifier;
  playSound(): void;
}

interface Account {
  complete: boolean;
  /** Conversations that changed; null: all may have. */
  changed: Set<string> | null;
  running: Promise<void> | null;
}

export class NotificationCenter {
  readonly #parts: CenterParts;
  readonly #accounts = new Map<string, Account>();
  readonly #alerts: Alerts;
  readonly judge: Judge;
  #closed = false;

  constructor(parts: CenterParts) {
    this.#parts = parts;
    this.#alerts = new Alerts(parts);
    this.judge = new Judge(parts);
    parts.notifier.onAct((tag, act) => heed({ ...parts, showings: this.#alerts.showings }, tag, act));
  }

  /** An account's store is open: what waits in its outbox was written here. */
  async opened(account: string): Promise<void> {
    for (const { id } of await this.#parts.store.outbox(account)) this.judge.sent(account, id);
  }

  session(account: string, state: SessionState): void {
    const of = this.#of(account);
    const complete = 'complete' in state && state.complete !== null;
    if (complete === of.complete) return;
    of.complete = complete;
    if (!complete) return;
    of.changed = null;
    this.#run(account, of);
  }

  /** Rows of these conversations changed; of none: any may have. */
  changed(account: string, convs: readonly string[]): void {
    const of = this.#of(account);
    if (convs.length === 0) of.changed = null;
    for (const conv of convs) of.changed?.add(conv);
    this.#run(account, of);
  }

  /** The account is no longer on this device. */
  forget(account: string): void {
    this.#accounts.delete(account);
    this.judge.forget(account);
    this.#alerts.showings.withdrawAll(account);
    this.#parts.ledger.forget(account);
  }

  async test(): Promise<ShowAnswer> {
    const { notifier, preferences } = this.#parts;
    const { sound } = preferences.all.notifications;
    const answer = await notifier.show({
      ...{ tag: TEST_TAG, title: words.test.title, body: words.test.body, answerable: false },
      sound: sound === 'system' ? 'system' : 'none',
    });
    if (answer.kind === 'shown' && sound === 'matchbook') this.#parts.playSound();
    return answer;
  }

  /** A message of one's own for later was refused at its time: said where anything may be said now. It stands in its conversation and in the outbox all the same. */
  async refusedLater(account: string, conv: string): Promise<void> {
    const { preferences, now } = this.#parts;
    const { on, doNotDisturbUntil, quiet } = preferences.all.notifications;
    const hushed = doNotDisturbUntil > now() || (quiet.on && quietAt(quiet.days, localTime(now())) !== null);
    if (on && !hushed && !this.#closed) await this.#alerts.refusedLater(account, conv);
  }

  /** Everything that was asked for so far has been looked at. */
  async settled(): Promise<void> {
    for (;;) {
      const running = [...this.#accounts.values()].flatMap((of) => of.running ?? []);
      if (running.length === 0) return;
      await Promise.all(running);
    }
  }

  /** Takes back what is shown: nobody would answer a click. */
  close(): void {
    this.#alerts.showings.withdrawAll(null);
    this.#closed = true;
  }

  #of(account: string): Account {
    let of = this.#accounts.get(account);
    if (!of) {
      of = { complete: false, changed: new Set(), running: null };
      this.#accounts.set(account, of);
    }
    return of;
  }

  /** One at a time an account; what changes meanwhile is looked at right after. */
  #run(account: string, of: Account): void {
    if (of.running || this.#closed) return;
    const work = async () => {
      while (of.changed === null || of.changed.size > 0) {
        // Whatever changed while catching up lies beyond the places of the ledger, and is asked for then.
        if (!of.complete || this.#closed) {
          of.changed = new Set();
          return;
        }
        const changed = of.changed;
        of.changed = new Set();
        if (changed === null) await this.#catchUp(account);
        else await this.#live(account, [...changed]);
      }
    };
    of.running = work()
      .catch((error: unknown) =>
        this.#parts.log(`notifications: ${error instanceof Error ? error.stack : error}`),
      )
      .finally(() => {
        of.running = null;
        if (of.changed === null || of.changed.size > 0) this.#run(account, of);
      });
  }

  async #live(account: string, convs: string[]): Promise<void> {
    const { store, ledger } = this.#parts;
    if (ledger.heard(account) === null) return this.#catchUp(account);
    const after = new Map(convs.map((conv) => [conv, ledger.heardIn(account, conv)]));
    const news = await store.news({
      account,
      after,
      convs,
      rows: ROWS,
      shown: this.#alerts.showings.of(account),
    });
    for (const one of news) {
      this.judge.notice(account, one, true);
      await this.#alerts.takeBack(account, one);
    }
    await Promise.all(news.map((one) => this.#tell(account, one, after.get(one.conv) ?? 0)));
    ledger.hear(
      account,
      news.map(({ conv, headN }) => [conv, headN] as const),
    );
  }

  /** What is new in a conversation: each message one decision, all of them at most one notification. */
  async #tell(account: string, news: ConversationNews, place: number): Promise<void> {
    const { conv, headN, readN, messages } = news;
    const entries: Entry[] = [];
    const note = (from: number, n: number, { reason, facts }: Omit<Verdict, 'alert'>) =>
      entries.push({ account, conv, from, n, reason, facts });
    const read = Math.min(readN, headN);
    if (read > place) note(place + 1, read, { reason: 'read', facts: {} });
    const verdicts = messages.map((message) => ({
      message,
      verdict: this.judge.decide(account, news, message),
    }));
    const [first] = messages;
    const from = Math.max(place, read) + 1;
    const newest = verdicts.at(-1);
    // More than are looked at one by one: the newest stands for those before.
    if (first && newest && news.unread > messages.length && first.n > from)
      note(from, first.n - 1, {
        reason: newest.verdict.alert ? 'summarised' : newest.verdict.reason,
        facts: newest.verdict.alert ? { messages: news.unread, conversations: 1 } : newest.verdict.facts,
      });
    for (const { message, verdict } of verdicts) note(message.n, message.n, verdict);
    const fresh = new Set(this.#parts.ledger.decide(entries).map(({ n }) => n));
    const loud = verdicts.filter(({ message, verdict }) => verdict.alert && fresh.has(message.n));
    if (loud.length === 0) return;
    const more = news.unread > messages.length && newest?.verdict.alert ? news.unread - messages.length : 0;
    const shown = loud.map(({ message }) => message);
    const answer = await this.#alerts.conversation(account, news, shown.at(-1)!, shown.length + more);
    if (answer.kind === 'shown') return;
    for (const { n } of shown) this.#alerts.refused(account, conv, n, answer);
  }

  async #catchUp(account: string): Promise<void> {
    const { store, ledger } = this.#parts;
    const heard = ledger.heard(account);
    const news = await store.news({
      account,
      after: heard ?? new Map(),
      convs: null,
      rows: heard ? SUMMARY_ROWS : 0,
      shown: this.#alerts.showings.of(account),
    });
    for (const one of news) {
      this.judge.notice(account, one, false);
      await this.#alerts.takeBack(account, one);
    }
    // Also those with nothing new: what they tell of may have been read meanwhile.
    const shown = this.#alerts.showings.of(account);
    const rest = new Set(shown.keys());
    for (const { conv } of news) rest.delete(conv);
    if (rest.size > 0)
      for (const one of await store.news({
        ...{ account, after: heard ?? new Map(), convs: [...rest], rows: 0, shown },
      }))
        await this.#alerts.takeBack(account, one);
    const places = news.map(({ conv, headN }) => [conv, headN] as const);
    if (heard === null) {
      ledger.decide(
        news.map(({ conv, headN }) => ({
          ...{ account, conv, from: 1, n: headN, reason: 'before-this-device', facts: {} },
        })),
      );
      ledger.hear(account, places);
      return;
    }
    await summarise(
      { store, ledger, judge: this.judge, alerts: this.#alerts, rows: ROWS },
      ...([account, news, heard] as const),
    );
    ledger.hear(account, places);
  }
}
