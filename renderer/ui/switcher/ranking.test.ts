import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, ranked } from './ranking.ts';

const of = (...names: string[]): Candidate[] => names.map((name) => ({ key: name, name }));
const found = (query: string, candidates: Candidate[], uses: Record<string, number> = {}) =>
  ranked(query, candidates, (key) => uses[key] ?? 0).map(({ candidate }) => candidate.name);

describe('the quick switcher finds', () => {
  it('the start of a name before the start of a word before the inside of one', () => {
    expect(found('an', of('Susanne', 'Maria Anders', 'Anna'))).toEqual(['Anna', 'Maria Anders', 'Susanne']);
  });

  it('what is used more first, among what matches as well', () => {
    const names = of('Anna', 'Andreas', 'Maria Anders');
    expect(found('an', names, { Andreas: 3, 'Maria Anders': 99 })).toEqual([
      'Andreas',
      'Anna',
      'Maria Anders',
    ]);
    expect(found('', names, { 'Maria Anders': 1 })).toEqual(['Maria Anders', 'Anna', 'Andreas']);
  });

  it('names of any script, with and without accents, with one slip of the finger', () => {
    expect(found('jose', of('José', 'Joe'))).toContain('José');
    expect(found('иван', of('Иван Петров'))).toEqual(['Иван Петров']);
    expect(found('田中', of('田中さん'))).toEqual(['田中さん']);
    expect(found('مريم', of('مريم العلي'))).toEqual(['مريم العلي']);
    expect(found('margaert', of('Margaret'))).toEqual(['Margaret']);
    expect(found('zzz', of('Anna'))).toEqual([]);
    // As one types who has no such key.
    expect(found('strasse', of('Große Straße', 'Anna'))).toEqual(['Große Straße']);
    expect(found('lukasz', of('Łukasz'))).toEqual(['Łukasz']);
    expect(found('Soren', of('Søren'))).toEqual(['Søren']);
  });

  it('the same in whichever letters other names are written', () => {
    // So many different ones that there is no class of their own for them.
    const many = of(String.fromCodePoint(...Array.from({ length: 300 }, (_, i) => 0x4e00 + i)));
    const names = of('Anna Ñandú', "O'Neill 2b", 'straße-Ünal', 'иван Петров', 'مريم', '12 Zoë', 'XY');
    const letter = fc.constantFrom(..."an'2ou и ñжß語");
    fc.assert(
      fc.property(fc.string({ unit: letter, maxLength: 7 }), (query) => {
        expect(found(query, names), query).toEqual(
          found(query, [...names, ...many]).filter((name) => name !== many[0]!.name),
        );
      }),
      { numRuns: 150, examples: [['жan'], ['語 anna']] },
    );
  });

  it('several words in any order, and marks the letters that matched', () => {
    expect(found('anders maria', of('Maria Anders'))).toEqual(['Maria Anders']);
    const [both] = ranked('and mar', of('Maria Anders'), () => 0);
    expect(both?.marks).toEqual([
      [0, 3],
      [6, 9],
    ]);
    const [hit] = ranked('and', of('Maria Anders'), () => 0);
    expect(hit?.marks).toEqual([[6, 9]]);
    const [also] = ranked('dark', [{ key: 'theme', name: 'Colours', also: 'Dark' }], () => 0);
    expect(also).toMatchObject({ candidate: { name: 'Colours' }, marks: [] });
  });

  it('whose name it is, before whoever else has the same words', () => {
    const candidates = [
      { key: 'account', name: 'Signing in', words: 'sign out, log out' },
      ...of('Not to sign out', 'Sign out', 'Out of a sign'),
    ];
    expect(found('sign out', candidates)).toEqual([
      'Sign out',
      'Not to sign out',
      'Out of a sign',
      'Signing in',
    ]);
  });

  it('what is called so elsewhere before what has it inside of a word and with a slip', () => {
    const candidates = [
      ...of('Signing in on another computer'),
      { key: 'sound', name: 'Sound', words: 'ring, mute' },
      { key: 'commuters', name: 'Commuters', words: 'mute' },
    ];
    expect(found('mute', candidates)).toEqual(['Commuters', 'Sound', 'Signing in on another computer']);
    expect(found('comptuer', candidates)).toEqual(['Signing in on another computer']);
  });

  it('nothing by what a pattern would mean', () => {
    expect(() => found('(.*[', of('a(.*[b'))).not.toThrow();
  });

  it('the same first ones, with the same marks, whether all are asked for or only so many', () => {
    const word = fc.constantFrom('anna', 'bob', 'maria', 'anders', 'and', 'bo', 'harbour', 'harbor', 'an');
    const words = fc.array(word, { minLength: 1, maxLength: 3 }).map((list) => list.join(' '));
    const candidate = fc.record({ name: words, also: words, words }, { requiredKeys: ['name'] });
    fc.assert(
      fc.property(
        fc.array(candidate, { maxLength: 30 }),
        words,
        fc.integer({ min: 1, max: 9 }),
        (list, query, most) => {
          const candidates = list.map((one, i) => ({ ...one, key: `${i}` }));
          const used = (key: string) => Number(key) % 3;
          for (const asked of [query, ''])
            expect(ranked(asked, candidates, used, most)).toEqual(
              ranked(asked, candidates, used).slice(0, most),
            );
        },
      ),
    );
  });
});
