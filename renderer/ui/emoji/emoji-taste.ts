/** Which emoji a person uses on this device, and in which tone. A convenience: without it nothing is missing. */
import { createStore } from 'zustand/vanilla';

const KEY = 'matchbook.emoji';
const RECENT = 24;

export interface EmojiTaste {
  /** The last one first. */
  recent: readonly string[];
  /** 0 (none) to 5. */
  tone: number;
}

export const emojiTaste = createStore<EmojiTaste>(() => read());

export function used(unicode: string): void {
  const { recent, tone } = emojiTaste.getState();
  write({ recent: [unicode, ...recent.filter((one) => one !== unicode)].slice(0, RECENT), tone });
}

export function chooseTone(tone: number): void {
  write({ ...emojiTaste.getState(), tone });
}

function read(): EmojiTaste {
  try {
    const { recent, tone } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<
      Record<keyof EmojiTaste, unknown>
    >;
    return {
      recent: Array.isArray(recent)
        ? recent.filter((one): one is string => typeof one === 'string').slice(0, RECENT)
        : [],
      tone: typeof tone === 'number' && tone >= 0 && tone <= 5 ? tone : 0,
    };
  } catch {
    return { recent: [], tone: 0 };
  }
}

function write(taste: EmojiTaste): void {
  emojiTaste.setState(taste);
  try {
    localStorage.setItem(KEY, JSON.stringify(taste));
  } catch {
    // It holds until the window closes.
  }
}
