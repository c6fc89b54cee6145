import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import type { PendingChange } from '@matchbook/protocol/bridge/waiting';
import { expect, it } from 'vitest';
import { firstWord, otherName } from './people.ts';

const renamed = (text: string, delivery: 'queued' | 'failed') =>
  ({
    append: { id: text, kind: 'rename', body: { type: 'text/plain', text } },
    delivery,
  }) as unknown as PendingChange;

it('a group is called what it is to be called, also one that the server never made; another name that failed is none', () => {
  const members = [
    { user: 'me', name: 'Ann' },
    { user: 'bob', name: 'Bob' },
  ];
  const row = (more: object) =>
    ({ form: 'group', name: null, headN: 0, members, ...more }) as ConversationRow;
  expect(otherName(row({ changes: [renamed('Picnic', 'queued')] }), 'me')).toBe('Picnic');
  expect(otherName(row({ changes: [renamed('Picnic', 'failed')] }), 'me')).toBe('Picnic');
  const made = { headN: 4, name: 'Picnic', changes: [renamed('Brunch', 'failed')] };
  expect(otherName(row(made), 'me')).toBe('Picnic');
  expect(otherName(row({ ...made, name: null }), 'me')).toBe('Bob');
});

it('a long first word of a name is cut between letters as a reader sees them', () => {
  expect(firstWord(' Ann  Lee')).toBe('Ann');
  expect(firstWord('Maximilianes👩‍👩‍👧‍👦 Lee')).toBe('Maximilianes👩‍👩‍👧‍👦');
  expect(firstWord('Maximilianes👩‍👩‍👧‍👦und Lee')).toBe('Maximilianes👩‍👩‍👧‍👦…');
});
