/** Why a string cannot be stored and shown everywhere alike, or null. SQLite cuts text at NUL; UTF-8 has no lone surrogates. */
export function textFault(text: string): 'nul' | 'lone_surrogate' | null {
  if (text.includes('\0')) return 'nul';
  return isWellFormed(text) ? null : 'lone_surrogate';
}

// String.prototype.isWellFormed is newer than the oldest runtime we promise in types (ES2024), so the scan is ours.
function isWellFormed(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    if (unit >= 0xdc00) return false;
    const next = text.charCodeAt(i + 1);
    if (!(next >= 0xdc00 && next <= 0xdfff)) return false;
    i++;
  }
  return true;
}

/** Length of the UTF-8 form in bytes, without building it. Lone surrogates count as the replacement character. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

/** Letters without a form: fillers of Hangul, and the empty pattern of Braille. */
const FILLERS = /[\u115f\u1160\u2800\u3164\uffa0]/gu;

/** Whether a reader sees anything of it: not only spaces, marks and characters without a form. */
export const isVisible = (text: string): boolean => /[^\p{Z}\p{C}\p{M}]/u.test(text.replace(FILLERS, ''));

/** Marks on one letter; no language has as many. */
const MARKS = 8;
const OUT_OF_LINE = new RegExp(
  `[\\p{Cc}\\p{Zl}\\p{Zp}\\u202a-\\u202e\\u2066-\\u2069]|\\p{M}{${MARKS + 1},}`,
  'u',
);

/** Why a text is no name, in words, or null. A name stands in one line with others, and neither turns their direction nor reaches over them. */
export function nameFault(text: string): string | null {
  if (!isVisible(text)) return 'at least one visible character';
  if (textFault(text)) return 'no NUL and no half of a pair';
  return OUT_OF_LINE.test(text)
    ? `no line breaks or controls, nothing that turns the direction, at most ${MARKS} marks on a letter`
    : null;
}

/** The same in one line, without what `nameFault` does not take: of who cannot be asked for another one. */
export function asName(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/gu, '')
    .replace(new RegExp(`(\\p{M}{${MARKS}})\\p{M}+`, 'gu'), '$1')
    .trim();
}

/** The name of a file that somebody sent, in one line: nothing in it turns round how its ending reads. */
export const asFileName = (name: string): string => asName(name) || 'file';

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
const LEFT_TO_RIGHT = /[A-Za-z\u00c0-\u024f\u0370-\u052f]/u;

/** What stands beside each other: where it is of both directions each keeps its own order, and its place among the others (UAX #9). */
export function apart(texts: readonly string[]): readonly string[] {
  const all = texts.join('');
  const mixed = texts.length > 1 && RIGHT_TO_LEFT.test(all) && LEFT_TO_RIGHT.test(all);
  return mixed ? texts.map((text) => `\u2068${text}\u2069`) : texts;
}
