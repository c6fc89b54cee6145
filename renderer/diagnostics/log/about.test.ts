import type { NumberedEvent } from '@matchbook/protocol/bridge/diagnostics';
import { expect, it } from 'vitest';
import type { Words } from '../../i18n/words.tsx';
import { aboutOf } from './about.ts';

const event = { conv: 'c', n: [3, 3], ids: ['0193-a'] } as unknown as NumberedEvent;
const line = (title: string, direction: 'ltr' | 'rtl') =>
  aboutOf(
    event,
    { conversations: new Map([['c', title]]) } as never,
    {
      ...{ say: (id: string, values: object) => `${id} ${Object.values(values ?? {})}`, direction },
    } as unknown as Words,
  );

it('parts of either direction stand beside each other, in the order in which the page reads', () => {
  expect(line('Bob', 'ltr')).toBe('Bob · log.place 3 · 0193-a');
  const apart = (title: string) => `\u2068${title}\u2069 · \u2068log.place 3\u2069 · \u20680193-a\u2069`;
  expect(line('דנה', 'ltr')).toBe(`\u200e${apart('דנה')}`);
  expect(line('Bob', 'rtl')).toBe(`\u200f${apart('Bob')}`);
});

it('a long poll tells how long it waits, in the language of the window', () => {
  const poll = { via: 'poll', type: 'entries', wait: 25_000 } as unknown as NumberedEvent;
  const say = (id: string, values: object) => `${id}(${Object.values(values)})`;
  expect(aboutOf(poll, {} as never, { say, direction: 'ltr' } as unknown as Words)).toBe(
    'log.waits(unit.s(25))',
  );
});

it('a number of HTTP is no code of a close', () => {
  const say = (id: string, values?: object) => `${id}(${Object.values(values ?? {})})`;
  const told = (type: string, code: number) =>
    aboutOf(
      { via: 'life', type, code } as unknown as NumberedEvent,
      {} as never,
      { say, direction: 'ltr' } as unknown as Words,
    );
  expect(told('answer', 200)).toBe('log.code(200)');
  expect(told('close', 1_006)).toBe('log.code(1006): close.1006()');
});
