import { plainText } from '@matchbook/protocol/markdown/plain';
import { describe, expect, it } from 'vitest';
import { calledIn, mentionedIn } from '../../store/mentions.ts';
import { commandIn, commandsLike, SHRUG } from './commands.ts';
import { inTurn, meansEveryone, peopleLike, queryAt } from './completion.ts';

const PEOPLE = [
  { user: 'ann', name: 'Ann' },
  { user: 'anna', name: 'Anna Maria' },
  { user: 'bob', name: 'Bob' },
];

describe('completion', () => {
  it.each([
    ['hi @an', { kind: 'people', from: 3, word: 'an' }],
    ['@', { kind: 'people', from: 0, word: '' }],
    ['hi @Anna Ma', { kind: 'people', from: 3, word: 'Anna Ma' }],
    ['mail@an', null],
    ['hi @Bob :ta', { kind: 'emoji', from: 8, word: 'ta' }],
    ['so :ta', { kind: 'emoji', from: 3, word: 'ta' }],
    ['10:30', null],
    [':t', null],
    ['so :D', null],
    ['so :3', null],
    [':犬', { kind: 'emoji', from: 0, word: '犬' }],
    [':Träne', { kind: 'emoji', from: 0, word: 'träne' }],
    ['/mu', { kind: 'command', from: 0, word: 'mu' }],
    ['a /mu', null],
  ])('of %j is %j', (text, query) => {
    expect(queryAt(text, text.length)).toEqual(query);
  });

  it('knows people by any word of their names', () => {
    expect(peopleLike(PEOPLE, 'an').map(({ user }) => user)).toEqual(['ann', 'anna']);
    expect(peopleLike(PEOPLE, 'mar').map(({ user }) => user)).toEqual(['anna']);
    expect(peopleLike(PEOPLE, 'Ann ')).toEqual([]);
  });

  it('has who spoke last first, and the others by name', () => {
    const compare = new Intl.Collator('sv').compare;
    const people = ['Örjan', 'Zoe', 'Bob', 'Åsa'].map((name) => ({ user: name, name }));
    const order = (spoke: string[]) => inTurn(people, spoke, compare).map(({ name }) => name);
    expect(order([])).toEqual(['Bob', 'Zoe', 'Åsa', 'Örjan']);
    expect(order(['Åsa', 'Zoe', 'Åsa', 'gone'])).toEqual(['Åsa', 'Zoe', 'Bob', 'Örjan']);
  });

  it('names who is named, by whole names, the longest first', () => {
    expect(mentionedIn('@Anna Maria and @Bob, not @Bobby', PEOPLE)).toEqual(['anna', 'bob']);
    expect(mentionedIn('@Ann', PEOPLE)).toEqual(['ann']);
    expect(mentionedIn('nobody', PEOPLE)).toEqual([]);
    // Whichever of them was chosen: the text says no more.
    const twins = [...PEOPLE, { user: 'other-bob', name: 'Bob' }];
    expect(mentionedIn('@Bob and @Ann', twins)).toEqual(['bob', 'other-bob', 'ann']);
  });

  it('knows everybody by the word of the language and by others', () => {
    const [everyone, also] = ['الجميع', 'الكل، كل، all، channel'];
    for (const word of ['', 'الج', 'كل', 'AL', 'chan'])
      expect([word, meansEveryone(everyone, also, word)]).toEqual([word, true]);
    expect(meansEveryone('Everyone', 'all', 'EVERY')).toBe(true);
    for (const word of ['الجميع ', 'ann', 'all of you'])
      expect([word, meansEveryone(everyone, also, word)]).toEqual([word, false]);
  });

  it('calls everybody by the whole word, beside who is named; people come first where a name is longer', () => {
    const everyone = [{ to: 'everyone', as: 'All' }];
    expect(calledIn('@All and @Bob', PEOPLE, ['All'])).toEqual({ mentions: ['bob'], audiences: everyone });
    expect(calledIn('@Allow it', PEOPLE, ['All'])).toEqual({});
    expect(calledIn('all of you', PEOPLE, ['All'])).toEqual({});
    expect(calledIn('@All', PEOPLE, [])).toEqual({});
    // The text says no more than the name: nobody who is meant is to miss it.
    const called = [...PEOPLE, { user: 'al', name: 'All' }, { user: 'alw', name: 'All Wright' }];
    expect(calledIn('@All', called, ['All'])).toEqual({ mentions: ['al'], audiences: everyone });
    expect(calledIn('@All Wright', called, ['All'])).toEqual({ mentions: ['alw'] });
    expect(calledIn('@Alle!', PEOPLE, ['All', 'Alle'])).toEqual({
      audiences: [{ to: 'everyone', as: 'Alle' }],
    });
  });
});

describe('commands', () => {
  it('are what they are called, with what stands behind them', () => {
    expect(commandIn('/silent be quiet')).toEqual({ command: 'silent', rest: 'be quiet' });
    expect(commandIn('/nosuch thing')).toBeNull();
    expect(commandIn('/etc/passwd')).toBeNull();
    expect(commandsLike('', false)).not.toContain('leave');
    expect(commandsLike('le', true)).toEqual(['leave']);
  });
  it('shrug as one does', () => expect(plainText(SHRUG)).toBe('¯\\_(ツ)_/¯'));
});
