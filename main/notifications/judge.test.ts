import { DEFAULT_PREFERENCES } from '@matchbook/protocol/bridge/preferences';
import { expect, it } from 'vitest';
import type { ConversationNews } from '../local-store/lists/news.ts';
import { Judge, OWN_IDS } from './judge.ts';

const account = 'a';
const news = (own: string[]): ConversationNews => ({
  ...{ conv: 'c', form: 'direct', self: false, title: null, headN: 9, readN: 1, readElsewhere: false },
  ...{ mutedUntil: 0, unread: 1, messages: [], own },
});
const ids = (count: number) => Array.from({ length: count }, (_, i) => `m${i}`);

function judged() {
  const judge = new Judge({
    preferences: { all: DEFAULT_PREFERENCES, of: () => ({}) as never },
    ...{ onScreen: () => false, usedHere: () => 0, now: () => 1_000_000 },
  });
  const reason = () => judge.decide(account, news([]), { n: 5, silent: false, mentioned: false }).reason;
  return { judge, reason };
}

it('an own message is another device’s where it was neither sent from here nor noticed before', () => {
  const { judge, reason } = judged();
  judge.sent(account, 'here');
  judge.notice(account, news(['here']), true);
  expect(reason()).toBe('shown');
  judge.notice(account, news(['there']), true);
  expect(reason()).toBe('active-elsewhere');
});

it.each(['sent', 'noticed'])('I13: so many of them are remembered, and no more: %s', (how) => {
  const { judge, reason } = judged();
  const all = ids(OWN_IDS + 1);
  if (how === 'sent') for (const id of all) judge.sent(account, id);
  else judge.notice(account, news(all), false);
  judge.notice(account, news(all.slice(1)), true);
  expect(reason()).toBe('shown');
  // The oldest is forgotten: were all kept, it would say nothing.
  judge.notice(account, news(['m0']), true);
  expect(reason()).toBe('active-elsewhere');
});
