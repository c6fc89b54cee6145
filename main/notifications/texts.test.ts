import { expect, it } from 'vitest';
import { conversationText, summaryText } from './texts.ts';

it('says of a message without a text what it is, and in a group who sent it', () => {
  const said = (more: object, form: 'direct' | 'group' = 'direct') =>
    conversationText({ title: 'Bob', form }, { name: 'Cy', text: '', ...more }, 1, 'full').body;
  expect([said({}), said({ kind: 'photo' }), said({ kind: 'voice' })]).toEqual([
    ...['Sent a file', 'Sent a photo', 'Sent a voice message'],
  ]);
  expect(said({ kind: 'photo', text: 'the shore' }, 'group')).toBe('Cy: the shore');
});

it('a group without a name is told as one: by the others in it, also where that is one, or nobody is known', () => {
  const title = (names: string[], more = false, count = 1) => {
    const group = { title: null, form: 'group', among: { names, more } } as const;
    return conversationText(group, { name: 'Bob', text: 'hello' }, count, 'full').title;
  };
  expect([title([]), title(['Bob']), title(['Bob', 'Cy']), title(['Bob'], true)]).toEqual([
    ...['Group without a name', 'Group with Bob', 'Bob, Cy', 'Bob …'],
  ]);
  expect(title(['Bob', 'نور'], true, 2)).toBe(
    '\u2068\u2068Bob\u2069, \u2068نور\u2069 …\u2069 · 2 new messages',
  );
  const direct = { title: 'Cy', form: 'direct', unread: 1 } as const;
  const group = { title: null, form: 'group', among: { names: ['Bob'], more: false }, unread: 1 } as const;
  expect(summaryText([direct, group], 'full').body).toBe('Cy, Group with Bob');
});
