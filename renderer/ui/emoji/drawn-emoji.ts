/** Which emoji the fonts of this computer can draw: a new one that they do not know would be a blank, or a box. */

/** Where Unicode puts what is new: from the last on, and into gaps before it. Nearly all else is drawn by every font of the last years. */
const isNew = (code: number): boolean =>
  code >= 0x1fa70 || code === 0x1f7f0 || (code >= 0x1f6d5 && code <= 0x1f6df);
/** px of the square that is drawn into. */
const SIDE = 16;

/** Whether a text has colours when it is drawn. */
export type Draws = (text: string) => boolean;

/** @param draws null where it cannot be tried: all are shown then */
export function drawnOnly<T extends { unicode: string }>(
  all: readonly T[],
  draws: Draws | null,
): readonly T[] {
  // A font without colours draws none of them in any.
  if (draws === null || !draws('\u{1f600}')) return all;
  return all.filter(({ unicode }) => !isNew(unicode.codePointAt(0)!) || draws(unicode));
}

/** By drawing it out of sight. */
export function drawing(): Draws | null {
  const context =
    typeof OffscreenCanvas === 'undefined'
      ? null
      : new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  // Fonts of text have the older ones in black.
  context.font = `${SIDE - 2}px ${getComputedStyle(document.documentElement).getPropertyValue('--emoji')}`;
  context.textBaseline = 'top';
  return (text) => {
    context.clearRect(0, 0, SIDE, SIDE);
    context.fillText(text, 0, 0);
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    for (let i = 0; i < data.length; i += 4)
      if (data[i + 3]! > 0 && Math.max(data[i]!, data[i + 1]!, data[i + 2]!) > 0) return true;
    return false;
  };
}
