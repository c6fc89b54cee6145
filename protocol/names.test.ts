import { expect, it } from 'vitest';
import { asName, nameFault } from './text.ts';

it.each([
  'Ann',
  'Ünal Ç.',
  '李小龙',
  'ไม้เมืองเก่า',
  'فرهنگ\u200cنامه',
  '\u{1f469}\u200d\u{1f467}',
  'हिन्दी',
  'e\u0301',
])('%s is a name, and stays as it is', (name) => {
  expect([nameFault(name), asName(name)]).toEqual([null, name]);
});

it.each([
  ['nothing to see', '\u200b\u3164 \u2800'],
  ['a line break', 'Ann\nadmin'],
  ['a line separator', 'Ann\u2028admin'],
  ['a turn of direction', 'Ann\u202efdp'],
  ['an isolate that is not closed', '\u2067Ann'],
  ['half of a pair', 'A\ud800'],
  ['marks that reach over other lines', `A${'\u0316'.repeat(20)}`],
])('a text with %s is none', (_what, text) => {
  expect(nameFault(text)).not.toBeNull();
});

it('of who cannot be asked again, what is none becomes one', () => {
  expect(asName('Ann\n\u202e admin\u2028')).toBe('Ann  admin');
  expect(nameFault(asName(`A${'\u0316'.repeat(20)}`))).toBeNull();
});
