/** How a file is shown. */
import type { FileReference } from '@matchbook/protocol/message-body';

export type Kind = 'picture' | 'video' | 'sound' | 'other';

/** What the browser engine shows; the rest of the pictures and films are cards. */
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp', 'image/avif']);
const VIDEOS = new Set(['video/mp4', 'video/webm', 'video/quicktime']);

export function kindOf({ type, waveform }: Pick<FileReference, 'type' | 'waveform'>): Kind {
  if (waveform || type.startsWith('audio/')) return 'sound';
  if (PICTURES.has(type)) return 'picture';
  return VIDEOS.has(type) ? 'video' : 'other';
}

export const isShown = (file: Pick<FileReference, 'type' | 'waveform'>): boolean =>
  ['picture', 'video'].includes(kindOf(file));

/** The room that a picture gets before it is there: as wide as it will be, so that nothing moves when it comes. */
export function roomOf({ width, height }: Pick<FileReference, 'width' | 'height'>): {
  width: number;
  height: number;
} {
  const [most, least] = [{ width: 360, height: 340 }, 96];
  if (!width || !height) return { width: 280, height: 210 };
  const scale = Math.min(1, most.width / width, most.height / height);
  return {
    width: Math.max(least, Math.round(width * scale)),
    height: Math.max(least, Math.round(height * scale)),
  };
}

/** The ending of a name, for a card. */
export function endingOf(name: string): string {
  const ending = /\.([\p{L}\p{N}]{1,5})$/u.exec(name)?.[1] ?? '';
  return ending.toLocaleUpperCase();
}
