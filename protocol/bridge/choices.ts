/** What can be chosen, as plain data: windows read it without the schemas of preferences.ts. */

/** A time that never comes, ms: muted, or not to be disturbed, until it is taken back. */
export const FOREVER = Number.MAX_SAFE_INTEGER;

/** Hues that buttons, links and own messages may have; the first is the app's own. */
export const ACCENTS = ['ember', 'moss', 'sea', 'indigo', 'plum', 'slate'] as const;
export type Accent = (typeof ACCENTS)[number];

/** Size of all text, percent of what the system has. */
export const FONT_SIZE = { least: 80, usual: 100, most: 150, step: 10 } as const;

/** Width of the list of conversations, px at the usual size of text; `fitting` leaves it to the window. */
export const LIST_WIDTH = { fitting: 0, least: 208, most: 560, step: 16 } as const;

/** Languages that every word of the app is in, by their tags. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'ja', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Bounds of the history that one account may have on this device, bytes. */
export const HISTORY_BYTES = { least: 64 * 1024 ** 2, usual: 5 * 1024 ** 3, most: 1024 ** 4 } as const;

/** Bounds of what copies of files may take on this device, bytes. */
export const KEPT_BYTES = { least: 64 * 1024 ** 2, usual: 2 * 1024 ** 3, most: 1024 ** 4 } as const;

/** What a window looks like until the settings are known. */
export const DEFAULT_LOOK = {
  appearance: {
    theme: 'system',
    contrast: 'system',
    accent: 'ember',
    density: 'comfortable',
    fontSize: FONT_SIZE.usual,
    motion: 'system',
    listWidth: LIST_WIDTH.fitting,
  },
  language: { language: 'system' },
} as const;
