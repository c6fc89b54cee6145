/** What is put before the person: a conversation with what is new in it, or a summary of several; and what is noted where the system refuses it. */
import type { DecisionFacts, Reason, ShowAnswer } from '@matchbook/protocol/bridge/notifications';
import type { ConversationNews, NewMessage, NewsQuestion } from '../local-store/lists/news.ts';
import { words } from '../words/words.ts';
import type { JudgeParts } from './judge.ts';
import { Showings, type ShowingsParts } from './showings.ts';
import { conversationText, summaryText, titleOf } from './texts.ts';

export interface AlertsParts extends ShowingsParts {
  store: { news(question: NewsQuestion & { account: string }): Promise<ConversationNews[]> };
  preferences: JudgeParts['preferences'];
  log(line: string): void;
}

export class Alerts {
  readonly showings: Showings;
  readonly #parts: AlertsParts;

  constructor(parts: AlertsParts) {
    this.#parts = parts;
    this.showings = new Showings(parts);
  }

  /** @param newest the newest message that it tells of, where that is known @param count messages that it tells of besides those that the last one told of */
  conversation(
    account: string,
    news: ConversationNews,
    newest: NewMessage | null,
    count: number,
  ): Promise<ShowAnswer> {
    const { preferences } = this.#parts;
    const { conv, headN } = news;
    const tag = `${account}/${conv}`;
    const { preview, sound } = preferences.all.notifications;
    const all = count + (this.showings.get(tag)?.count ?? 0);
    return this.showings.show(
      tag,
      { account, upTo: new Map([[conv, newest?.n ?? headN]]), count: all, text: newest?.text ?? null },
      { ...conversationText(news, newest, all, preview), answerable: true },
      preferences.of(account, conv).sound ?? sound,
    );
  }

  /** Several conversations at once. @param messages how many it tells of */
  summary(account: string, news: readonly ConversationNews[], messages: number): Promise<ShowAnswer> {
    const { preview, sound } = this.#parts.preferences.all.notifications;
    return this.showings.show(
      `${account}/`,
      { account, upTo: new Map(news.map(({ conv, headN }) => [conv, headN])), count: messages },
      { ...summaryText(news, preview), answerable: false },
      sound,
    );
  }

  /** It leads to the conversation. */
  async refusedLater(account: string, conv: string): Promise<void> {
    const [news] = await this.#parts.store.news({ account, after: new Map(), convs: [conv], rows: 0 });
    const { preview, sound } = this.#parts.preferences.all.notifications;
    const title = preview === 'nothing' ? words.app : ((news && titleOf(news)) ?? words.app);
    const answer = await this.showings.show(
      `${account}/${conv}/later`,
      { account, upTo: new Map(), count: 0, conv },
      { title, body: words.laterRefused, answerable: false },
      sound,
    );
    if (answer.kind !== 'shown') this.#parts.log(`notifications: ${answer.kind}: ${answer.message}`);
  }

  /** Nothing was shown, and why. */
  refused(account: string, conv: string, n: number, answer: Exclude<ShowAnswer, { kind: 'shown' }>): void {
    const reason: Reason = answer.kind;
    const facts: DecisionFacts = { message: answer.message };
    this.#parts.ledger.answered(account, conv, n, reason, facts);
    this.#parts.log(`notifications: ${answer.kind}: ${answer.message}`);
  }

  /** What was read, or deleted by who wrote it, needs no notification any longer; what else a withdrawn one told of is told again, and what has other words since with these, quietly. */
  async takeBack(account: string, news: ConversationNews): Promise<void> {
    const { conv, readN, gone, reads } = news;
    this.showings.read(account, conv, readN);
    const n = this.showings.of(account).get(conv);
    if (n === undefined) return;
    const showing = this.showings.get(`${account}/${conv}`);
    const other = reads !== undefined && showing?.text != null && showing.text !== reads;
    const count = gone ? this.showings.deleted(account, conv, n) : other ? showing.count : 0;
    if (count === 0) return;
    const after = new Map([[conv, readN]]);
    const [left] = await this.#parts.store.news({ account, after, convs: [conv], rows: 1 });
    const newest = left?.messages.at(-1);
    if (!left || !newest) return;
    const { preview } = this.#parts.preferences.all.notifications;
    await this.showings.show(
      `${account}/${conv}`,
      { account, upTo: new Map([[conv, newest.n]]), count, text: newest.text },
      { ...conversationText(left, newest, count, preview), answerable: true },
      'none',
    );
  }
}
