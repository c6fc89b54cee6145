import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchOf } from './search-document.ts';
import { asksNothing, marksIn, parseQuery } from './search-query.ts';
import { fold, wordsOf } from './words.ts';

const words = (text: string) => [...wordsOf(text)].map(({ word }) => word);
const found = (text: string, query: string) =>
  marksIn(text, parseQuery(query).terms).map(([a, b]) => text.slice(a, b));

describe('words', () => {
  it.each([
    ['Crème BRÛLÉE, naïve!', ['creme', 'brulee', 'naive']],
    ['Straße ｆｕｌｌ ﬁne', ['strasse', 'full', 'fine']],
    ['Ёлка й Київ', ['елка', 'и', 'киів']],
    ['ΟΔΌΣ οδός', ['οδοσ', 'οδοσ']],
    ['مَرْحَبًا بالعالم', ['مرحبا', 'بالعالم']],
    ['İstanbul ısı', ['istanbul', 'isi']],
    ["don't a.example 3.14 foo_bar", ['don', 't', 'a', 'example', '3', '14', 'foo', 'bar']],
    ['我们明天去北京大学吃饭', ['我们', '明天', '去', '北京', '大学', '吃饭']],
    ['東京タワー、八ヶ岳、ｺﾞﾑ印', ['東京', 'タワー', '八ヶ岳', 'ゴム', '印']],
    ['見て 👍🏽 ❤️', ['見', 'て', '👍🏽', '❤']],
  ])('of %s', (text, expected) => expect(words(text)).toEqual(expected));

  it('folding is done once: folding again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        for (const word of words(text)) expect(fold(word)).toBe(word);
      }),
    );
  });

  it('of alphabets are found without the segmenter, the same as with it', () => {
    // A character of another script at the end sends the whole text through the segmenter.
    const same = (text: string) => expect(words(text)).toEqual(words(`${text} 一`).slice(0, -1));
    const letters = [0x20, 0x250, 0x370, 0x530, 0x2010, 0x2030, 0x20ac, 0x20ad];
    const all: string[] = [];
    for (let i = 0; i < letters.length; i += 2)
      for (let code = letters[i]!; code < letters[i + 1]!; code++) all.push(String.fromCharCode(code));
    for (const one of all) for (const text of [`a${one}b`, `7${one}8`, `${one}${one} я${one}`]) same(text);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...all, ..." .,':;_-'aZ09"), { maxLength: 30 }), (text) => {
        same(text.join(''));
      }),
      { numRuns: 2_000 },
    );
  });

  it('stand in the text where they say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        let end = 0;
        for (const { word, from, to } of wordsOf(text)) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(fold(text.slice(from, to))).toBe(word);
          end = to;
        }
      }),
    );
  });
});

describe('what is typed into the search field', () => {
  it('understands words, phrases, beginnings, what is not wanted, and filters', () => {
    expect(
      parseQuery(
        'Red "tall ship" sail* -storm from:"Ann Lee" in:c1 after:2026-01-05 before:2026-02-01 has:file',
        60,
      ),
    ).toEqual({
      terms: [
        { words: ['red'], begun: false, without: false },
        { words: ['tall', 'ship'], begun: false, without: false },
        { words: ['sail'], begun: true, without: false },
        { words: ['storm'], begun: false, without: true },
      ],
      from: ['Ann Lee'],
      in: ['c1'],
      after: Date.UTC(2026, 0, 5, 23),
      before: Date.UTC(2026, 0, 31, 23),
      has: ['file'],
    });
  });

  it('looks for what it does not understand as it stands', () => {
    expect(parseQuery('has:hope before:soon "open').terms.map((one) => one.words)).toEqual([
      ['has', 'hope'],
      ['before', 'soon'],
      ['open'],
    ]);
    expect(asksNothing(parseQuery('-not " * ,'))).toBe(true);
  });

  it('finds words of two characters in what is written without spaces, by their beginning too', () => {
    expect(found('我们明天去北京大学吃饭', '北京')).toEqual(['北京']);
    expect(found('日本語を勉強しています', '日本')).toEqual(['日本語']);
    expect(found('한국어를 공부합니다', '한국어')).toEqual(['한국어를']);
    expect(found('A tall ship, a tall house', '"tall ship"')).toEqual(['tall ship']);
    expect(found('Sailing', 'sail*')).toEqual(['Sailing']);
    expect(found('Sailing', 'sail')).toEqual([]);
  });

  it('is looked for as a dictionary has it too: servers that cut off no Katakana have indexed it so', () => {
    const [term] = parseQuery('東京タワー').terms;
    expect(term).toEqual({ words: ['東京', 'タワー'], joined: ['東京タワー'], begun: true, without: false });
    expect(matchOf({ terms: [term!], facts: [] })).toBe(
      '(words : ("東京" + "タワー" *) OR words : ("東京タワー" *))',
    );
    expect(found('東京タワーへ', 'タワー')).toEqual(['タワー']);
    expect(parseQuery('タワー').terms[0]).not.toHaveProperty('joined');
  });

  it('is never an error, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 500 }),
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        (typed, text) => {
          const query = parseQuery(typed);
          for (const { words: all } of query.terms) expect(all.length).toBeGreaterThan(0);
          let end = 0;
          for (const [from, to] of marksIn(text, query.terms)) {
            expect(from).toBeGreaterThanOrEqual(end);
            expect(to).toBeGreaterThan(from);
            end = to;
          }
        },
      ),
    );
  });

  it('a text has its own words', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 10 }), (all) => {
        const text = all.join(' ');
        expect(found(text, `"${text}"`)).toEqual([text]);
      }),
    );
  });
});
