/** What a notification says, as far as the person lets others at the screen read it. Pure. */
import type { NotificationPreferences } from '@matchbook/protocol/bridge/preferences';
import type { ConversationNews, NewMessage } from '../local-store/lists/news.ts';
import { words } from '../words/words.ts';

type Preview = NotificationPreferences['preview'];

/** Names in a summary. */
const NAMES = 3;

/** Null where nothing is known of the other one. */
export function titleOf({
  title,
  form,
  among,
}: Pick<ConversationNews, 'title' | 'form' | 'among'>): string | null {
  if (title !== null || form === 'direct') return title;
  return words.groupOf(among?.names ?? [], among?.more ?? false);
}

/** Of one conversation: its newest message, and how many there are. */
export function conversationText(
  news: Pick<ConversationNews, 'title' | 'form' | 'among'>,
  newest: Pick<NewMessage, 'name' | 'text' | 'kind'> | null,
  count: number,
  preview: Preview,
): { title: string; body: string } {
  const some = count > 1 ? words.messages(count) : words.newMessage;
  if (preview === 'nothing') return { title: words.app, body: some };
  const name = titleOf(news) ?? newest?.name ?? words.someone;
  if (preview === 'name' || !newest) return { title: name, body: some };
  const said =
    newest.text === null ? words.notText : newest.text === '' ? words[newest.kind ?? 'file'] : newest.text;
  return {
    title: count > 1 ? words.titleWithCount(name, count) : name,
    body: news.form === 'group' ? words.said(newest.name ?? words.someone, said) : said,
  };
}

/** Of what came while this device was away, in several conversations. */
export function summaryText(
  news: readonly Pick<ConversationNews, 'title' | 'form' | 'among' | 'unread'>[],
  preview: Preview,
): { title: string; body: string } {
  const messages = news.reduce((sum, { unread }) => sum + unread, 0);
  const title = words.summary(messages, news.length);
  if (preview === 'nothing') return { title: words.app, body: title };
  const names = news.slice(0, NAMES).map((one) => titleOf(one) ?? words.someone);
  return { title, body: words.names(names, news.length - names.length) };
}
