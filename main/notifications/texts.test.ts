import { expect, it } from 'vitest';
import { conversationText } from './texts.ts';

it('says of a message without a text what it is, and in a group who sent it', () => {
  const said = (more: object, form: 'direct' | 'group' = 'direct') =>
    conversationText({ title: 'Bob', form }, { name: 'Cy', text: '', ...more }, 1, 'full').body;
  expect([said({}), said({ kind: 'photo' }), said({ kind: 'voice' })]).toEqual([
    ...['Sent a file', 'Sent a photo', 'Sent a voice message'],
  ]);
  expect(said({ kind: 'photo', text: 'the shore' }, 'group')).toBe('Cy: the shore');
});
