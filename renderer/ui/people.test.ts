import type { ConversationRow } from '@matchbook/protocol/bridge/views';
import type { PendingChange } from '@matchbook/protocol/bridge/waiting';
import { expect, it } from 'vitest';
import { windows as ar } from '../i18n/ar/windows.ts';
import { english, type WordId } from '../i18n/english.ts';
import { windows as ja } from '../i18n/ja/windows.ts';
import type { Words } from '../i18n/words.tsx';
import { firstWord, otherName } from './people.ts';

/** Of a language's words. */
const say =
  (words: Partial<Record<WordId, string>> = english): Words['say'] =>
  (id, values = {}) =>
    (words[id] ?? '').replace('{name}', String(values.name));
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
  expect(otherName(row({ changes: [renamed('Picnic', 'queued')] }), 'me', say())).toBe('Picnic');
  expect(otherName(row({ changes: [renamed('Picnic', 'failed')] }), 'me', say())).toBe('Picnic');
  const made = { headN: 4, name: 'Picnic', changes: [renamed('Brunch', 'failed')] };
  expect(otherName(row(made), 'me', say())).toBe('Picnic');
  expect(otherName(row({ ...made, name: null }), 'me', say())).toBe('Group with Bob');
});

it('a long first word of a name is cut between letters as a reader sees them', () => {
  expect(firstWord(' Ann  Lee')).toBe('Ann');
  expect(firstWord('Maximilianes👩‍👩‍👧‍👦 Lee')).toBe('Maximilianes👩‍👩‍👧‍👦');
  expect(firstWord('Maximilianes👩‍👩‍👧‍👦und Lee')).toBe('Maximilianes👩‍👩‍👧‍👦…');
});

it('a group without a name is called by the others, with between them what the language has there', () => {
  const members = ['me', 'Bob', 'Cy', 'Dan', 'Eve'].map((name) => ({ user: name, name }));
  const row = { form: 'group', name: null, headN: 1, members } as unknown as ConversationRow;
  expect(otherName(row, 'me', say())).toBe('Bob, Cy, Dan …');
  expect(otherName(row, 'me', say(ja))).toBe('Bob、Cy、Dan …');
  const two = { ...row, members: row.members.slice(0, 3) };
  expect(otherName(two, 'me', say(ar))).toBe('Bob، Cy');
  const mixed = members.map((one, i) => (i === 2 ? { user: 'n', name: 'نور' } : one)).slice(0, 4);
  expect(otherName({ ...row, members: mixed }, 'me', say())).toBe(
    '\u2068Bob\u2069, \u2068نور\u2069, \u2068Dan\u2069',
  );
});

it('a group of two is not taken for a talk with the other one, and one of oneself alone not for somebody new', () => {
  const members = ['me', 'Bob'].map((name) => ({ user: name, name }));
  const row = { form: 'group', name: null, headN: 1, members } as unknown as ConversationRow;
  expect(otherName(row, 'me', say())).toBe('Group with Bob');
  expect(otherName(row, 'me', say(ja))).toBe('Bobさんとのグループ');
  expect(otherName({ ...row, members: members.slice(0, 1) } as ConversationRow, 'me', say())).toBe(
    'Group without a name',
  );
  expect(otherName({ ...row, form: 'direct' } as ConversationRow, 'me', say())).toBe('Bob');
});
