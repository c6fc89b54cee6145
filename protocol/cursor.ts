/**
 * A cursor is a device's position in the log. To a client it is an opaque string that it stores and hands back; only the
 * relay takes it apart: version, epoch (the log's identity), seq, and 8 bytes of a running hash of the log at that seq, so
 * that a cursor of another history is noticed.
 */
import Type from 'typebox';
import { fromBase64Url, fromHex, toBase64Url, toHex } from './bytes.ts';

export const CURSOR_PATTERN = '^[A-Za-z0-9_-]{34}$';
export const CursorText = Type.String({ pattern: CURSOR_PATTERN });

export interface Cursor {
  /** 8 bytes as 16 hex digits. */
  epoch: string;
  seq: number;
  /** Running hash of the log at seq: 8 bytes as 16 hex digits. */
  running: string;
}

const VERSION = 1;

export function encodeCursor({ epoch, seq, running }: Cursor): string {
  const bytes = new Uint8Array(25);
  bytes[0] = VERSION;
  bytes.set(fromHex(epoch) ?? [], 1);
  let rest = seq;
  for (let i = 16; i >= 9; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes.set(fromHex(running) ?? [], 17);
  return toBase64Url(bytes);
}

/** Null for anything that `encodeCursor` of this version did not make. */
export function decodeCursor(text: string): Cursor | null {
  const bytes = fromBase64Url(text);
  if (bytes?.length !== 25 || bytes[0] !== VERSION) return null;
  let seq = 0;
  for (let i = 9; i <= 16; i++) seq = seq * 256 + bytes[i]!;
  if (!Number.isSafeInteger(seq)) return null;
  return { epoch: toHex(bytes.subarray(1, 9)), seq, running: toHex(bytes.subarray(17, 25)) };
}
