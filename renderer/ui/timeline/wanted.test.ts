import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { describe, expect, it } from 'vitest';
import { ownRow } from '../testing/fake-bridge.ts';
import { wanted } from './wanted.ts';

const text = (said: string) => ({ type: 'text/plain', text: said });
const row = (more: Partial<TimelineRow>): TimelineRow => ({ ...ownRow('m1', 'third', 1), ...more });
const waiting = (append: object, delivery: 'queued' | 'failed' = 'queued') =>
  ({ id: 'x', append, delivery, failure: null, frozen: false }) as never;

describe('a message as it is wanted', () => {
  const folded = {
    first: text('first'),
    edits: [
      { n: 2, time: 20, body: text('second') },
      { n: 3, time: 30, body: text('third') },
    ],
    reactions: [
      { n: 4, by: 'bob', body: text('👍') },
      { n: 5, by: 'cy', body: text('👍') },
      { n: 6, by: 'me', body: text('🎉') },
    ],
    pinned: false,
    deleted: null,
  };

  it('has its earlier texts, oldest first, and reactions by what they are', () => {
    const now = wanted(row({ folded }), 'me');
    expect(now.earlier.map((one) => one.text)).toEqual(['first', 'second']);
    expect(now.reactions).toEqual([
      { emoji: '👍', by: ['bob', 'cy'] },
      { emoji: '🎉', by: ['me'] },
    ]);
  });

  it('has no reaction that would be an empty chip, and keeps what is drawn', () => {
    const said = ['', ' ', '\u200d\ufe0f', '\u3164', '\u2800\n', ' ❤️ ', '🏳️‍🌈', 'ok'];
    const reactions = said.map((one, i) => ({ n: i + 4, by: 'bob', body: text(one) }));
    const { reactions: drawn } = wanted(row({ folded: { ...folded, reactions } }), 'me');
    expect(drawn.map(({ emoji }) => emoji)).toEqual([' ❤️ ', '🏳️‍🌈', 'ok']);
  });

  it('shows what waits as done, and what was refused as it was', () => {
    const changes = [
      waiting({ kind: 'edit', target: 1, body: text('fourth') }),
      waiting({ kind: 'reaction', target: 1, body: text('🎉'), off: true }),
      waiting({ kind: 'reaction', target: 1, body: text('👍') }),
      waiting({ kind: 'delete', target: 1 }, 'failed'),
    ];
    const now = wanted(row({ folded, changes }), 'me');
    expect(now).toMatchObject({ body: text('fourth'), deleted: false, edited: true });
    expect(now.earlier.map((one) => one.text)).toEqual(['first', 'second', 'third']);
    expect(now.reactions).toEqual([{ emoji: '👍', by: ['bob', 'cy', 'me'] }]);
    const gone = wanted(row({ changes: [waiting({ kind: 'delete', target: 1 })] }), 'me');
    expect(gone).toMatchObject({ body: null, deleted: true });
  });
});
