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

  it('have names in the language of the window, and English ones where there are none', async () => {
    const german = await loadEmoji('de');
    expect(
      findEmoji(german, 'Hund', 5).some(
        ({ unicode }) => unicode.startsWith('🐕') || unicode.startsWith('🐶'),
      ),
    ).toBe(true);
    expect(findEmoji(german, 'dog', 5)[0]?.unicode).toMatch(/🐕|🐶/u);
    expect(await loadEmoji('ar')).toBe(await loadEmoji('en'));
  });

  it.each([
    ['en', 'dog', /🐕|🐶/u],
    ['de', 'hund', /🐕|🐶/u],
    ['fr', 'coeur', /❤|💘|💝|♥/u],
    ['es', 'corazon', /❤|💘|💝|♥/u],
    ['ja', '犬', /🐕|🐶/u],
    // Its data has no names in Arabic, and the field says so.
    ['ar', 'dog', /🐕|🐶/u],
  ])('are found in %s by %s', async (language, wanted, found) => {
    const first = findEmoji(await loadEmoji(language), wanted, 5).map(({ unicode }) => unicode);
    expect(first.join(' ')).toMatch(found);
    expect(namedIn(language)).toBe(language === 'ar' ? 'en' : language);
  });

  it('have a skin tone where they have a skin', async () => {
    const all = await loadEmoji('en');
    const wave = all.find(({ unicode }) => unicode === '👋')!;
    expect(toned(wave, 0)).toBe('👋');
    expect(toned(wave, 5)).toBe('👋🏿');
    expect(toned(findEmoji(all, 'tada', 1)[0]!, 5)).toBe('🎉');
  });
});
