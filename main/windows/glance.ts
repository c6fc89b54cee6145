/** What of the settings is needed before the app is read. Whatever is not as expected is left to who reads them whole. */
import { readFileSync } from 'node:fs';
import type { Bounds } from './windows.ts';

export interface Glance {
  bounds: Bounds | null;
  theme: 'system' | 'light' | 'dark';
  /** As the person chose; null where the system's holds. */
  language: string | null;
}

export function glanceAt(path: string): Glance {
  try {
    const { window, appearance, language } = JSON.parse(readFileSync(path, 'utf8')) as {
      window?: Partial<Bounds> | null;
      appearance?: { theme?: unknown };
      language?: { language?: unknown };
    };
    const numbers = [window?.width, window?.height, window?.x ?? 0, window?.y ?? 0];
    const chosen = language?.language;
    return {
      bounds: window && numbers.every(Number.isFinite) ? (window as Bounds) : null,
      theme: (['light', 'dark'] as const).find((one) => one === appearance?.theme) ?? 'system',
      language: typeof chosen === 'string' && /^[a-z]{2}$/.test(chosen) ? chosen : null,
    };
  } catch {
    return { bounds: null, theme: 'system', language: null };
  }
}
