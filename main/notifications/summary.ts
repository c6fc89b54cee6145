/** What came while this device was away: one decision a conversation, and one notification of all that is worth one. */
import type { ConversationNews, NewsQuestion } from '../local-store/lists/news.ts';
import type { Alerts } from './alerts.ts';
import type { Judge } from './judge.ts';
import type { Entry, Ledger } from './ledger.ts';

export interface SummaryParts {
  store: { news(question: NewsQuestion & { account: string }): Promise<ConversationNews[]> };
  ledger: Ledger;
  judge: Judge;
  alerts: Alerts;
  /** Messages of a conversation in which a mention, or one that is not silent, is looked for. */
  rows: number;
}

/** @param heard places up to which it was decided before */
export async function summarise(
  parts: SummaryParts,
  account: string,
  news: ConversationNews[],
  heard: ReadonlyMap<string, number>,
): Promise<void> {
  const { ledger, judge, alerts } = parts;
  const told: { one: ConversationNews; entry: Entry }[] = [];
  const quiet: Entry[] = [];
  for (const one of await lookedThrough(parts, account, news, heard)) {
    const place = heard.get(one.conv) ?? 0;
    const entry = { account, conv: one.conv, from: place + 1, n: one.headN };
    const unread = one.unread > 0;
    const verdict = unread
      ? judge.decide(account, one, {
          n: one.headN,
          silent: allSilent(one),
          mentioned: one.messages.some(({ mentioned }) => mentioned),
        })
      : { alert: false, reason: 'read' as const, facts: {} };
    if (verdict.alert) told.push({ one, entry: { ...entry, reason: 'summarised', facts: {} } });
    else quiet.push({ ...entry, reason: verdict.reason, facts: verdict.facts });
  }
  const messages = told.reduce((sum, { one }) => sum + one.unread, 0);
  const facts = { messages, conversations: told.length };
  const single = messages === 1;
  for (const { entry } of told) {
    entry.facts = single ? {} : facts;
    if (single) entry.reason = 'shown';
  }
  const fresh = ledger.decide([...quiet, ...told.map(({ entry }) => entry)]);
  const left = told.filter(({ entry }) => fresh.includes(entry)).map(({ one }) => one);
  if (left.length === 0) return;
  const [only] = left;
  const answer =
    left.length === 1 && only
      ? await alerts.conversation(account, only, only.messages.at(-1) ?? null, only.unread)
      : await alerts.summary(account, left, messages);
  if (answer.kind !== 'shown')
    for (const { conv, headN } of left) alerts.refused(account, conv, headN, answer);
}

/** Of those that were looked at: nobody who sends silently wants to be heard because they said two things. */
const allSilent = ({ messages }: ConversationNews): boolean =>
  messages.length > 0 && messages.every(({ silent }) => silent);

/** Where only mentions count, or all that was looked at is silent, enough messages to find another one. */
async function lookedThrough(
  { judge, store, rows }: SummaryParts,
  account: string,
  news: ConversationNews[],
  heard: ReadonlyMap<string, number>,
): Promise<ConversationNews[]> {
  const convs = news
    .filter((one) => one.unread > one.messages.length)
    .filter((one) => judge.level(account, one) === 'mentions' || allSilent(one))
    .map(({ conv }) => conv);
  if (convs.length === 0) return news;
  const more = await store.news({ account, after: heard, convs, rows });
  return news.map((one) => more.find(({ conv }) => conv === one.conv) ?? one);
}
