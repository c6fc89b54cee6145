import { expect, it } from 'vitest';
import { drawnOnly } from './drawn-emoji.ts';

const emoji = (unicode: string) => ({ unicode });
const all = ['😀', '🩷', '🫩', '🏴‍☠️'].map(emoji);
const shown = (draws: ((text: string) => boolean) | null) =>
  drawnOnly(all, draws).map(({ unicode }) => unicode);

it('leaves out what is too new for the fonts of this computer, and nothing where that cannot be told', () => {
  expect(shown((text) => text !== '🫩')).toEqual(['😀', '🩷', '🏴‍☠️']);
  // Landslide, of 2025, in a gap among older ones.
  expect(drawnOnly([emoji('\u{1f6d8}'), emoji('🛒')], (text) => text === '😀')).toEqual([emoji('🛒')]);
  // Of what every font knows only the colours are tried, once.
  const tried: string[] = [];
  shown((text) => tried.push(text) > 0);
  expect(tried).toEqual(['😀', '🩷', '🫩']);
  // No font has colours; nothing can be drawn.
  expect(shown(() => false)).toHaveLength(4);
  expect(shown(null)).toHaveLength(4);
});
