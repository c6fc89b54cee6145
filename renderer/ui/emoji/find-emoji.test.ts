import { describe, expect, it } from 'vitest';
import { loadEmoji, namedIn, toned } from './emoji-data.ts';
import { findEmoji } from './find-emoji.ts';

describe('emoji', () => {
  it('are found by shortcode, name and tag, the nearest first', async () => {
    const all = await loadEmoji('en');
    expect(all.length).toBeGreaterThan(1_500);
    const first = (wanted: string) => findEmoji(all, wanted, 5)[0]?.unicode;
    expect(first('tada')).toBe('🎉');
    expect(first('+1')).toBe('👍️');
    expect(first('heart')).toBe('❤️');
    expect(findEmoji(all, 'bye', 10).map(({ unicode }) => unicode)).toContain('👋');
    expect(findEmoji(all, 'no such thing at all', 5)).toEqual([]);
  });

  it('have names in the language of the window', async () => {
    const german = await loadEmoji('de');
    expect(
      findEmoji(german, 'Hund', 5).some(
        ({ unicode }) => unicode.startsWith('🐕') || unicode.startsWith('🐶'),
      ),
    ).toBe(true);
    expect(findEmoji(german, 'dog', 5)[0]?.unicode).toMatch(/🐕|🐶/u);
    const arabic = await loadEmoji('ar');
    expect(arabic.length).toBe(german.length);
    expect(arabic.find(({ unicode }) => unicode === '🇪🇬')?.label).toBe('علم مصر');
    // Three flags of what is no country by itself and three keys of the telephone have none.
    expect(arabic.filter(({ label }) => !/\p{Script=Arabic}/u.test(label)).length).toBe(6);
    expect(await loadEmoji('xx')).toBe(await loadEmoji('en'));
  });

  it.each([
    ['en', 'dog', /🐕|🐶/u],
    ['de', 'hund', /🐕|🐶/u],
    ['fr', 'coeur', /❤|💘|💝|♥/u],
    ['es', 'corazon', /❤|💘|💝|♥/u],
    ['ja', '犬', /🐕|🐶/u],
    ['ar', 'كلب', /🐕|🐶/u],
    ['ar', 'احمر', /🔴|❤|🟥|🛑/u],
    ['ar', 'dog', /🐕|🐶/u],
  ])('are found in %s by %s', async (language, wanted, found) => {
    const first = findEmoji(await loadEmoji(language), wanted, 5).map(({ unicode }) => unicode);
    expect(first.join(' ')).toMatch(found);
    expect(namedIn(language)).toBe(language);
  });

  it('have a skin tone where they have a skin', async () => {
    const all = await loadEmoji('en');
    const wave = all.find(({ unicode }) => unicode === '👋')!;
    expect(toned(wave, 0)).toBe('👋');
    expect(toned(wave, 5)).toBe('👋🏿');
    expect(toned(findEmoji(all, 'tada', 1)[0]!, 5)).toBe('🎉');
  });
});
