/**
 * Refresh tokens. A token is `sid.generation.mac` with mac = HMAC-SHA256(server key, nonce of the session, sid, generation): 256 bits that
 * only the server can make, and that it can make *again*. So a lost reply is answered with the same next token, and no token is stored.
 *
 * Rotation with reuse detection: presenting the newest generation moves the session to the next; presenting its direct parent again (the
 * reply was lost) answers the same; an older one was copied by somebody: the session ends.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface RefreshToken {
  sid: string;
  generation: number;
}

export function makeRefreshToken(key: Buffer, nonce: string, { sid, generation }: RefreshToken): string {
  return `${sid}.${generation}.${mac(key, nonce, sid, generation).toString('base64url')}`;
}

/** What the text claims to be; null where it is no refresh token. Whether the claim is true, `isGenuine` says. */
export function readRefreshToken(text: string): (RefreshToken & { mac: string }) | null {
  const match = /^([A-Za-z0-9_-]{1,64})\.(\d{1,9})\.([A-Za-z0-9_-]{43})$/.exec(text);
  return match && { sid: match[1]!, generation: Number(match[2]), mac: match[3]! };
}

export function isGenuine(key: Buffer, nonce: string, token: RefreshToken & { mac: string }): boolean {
  return timingSafeEqual(mac(key, nonce, token.sid, token.generation), Buffer.from(token.mac, 'base64url'));
}

export type Verdict = 'rotate' | 'repeat' | 'reused' | 'unknown';

/**
 * @param newest the newest generation that was handed out. It has been *used* once it was presented; until then its parent may come again.
 */
export function judge(newest: number, presented: number): Verdict {
  if (presented === newest) return 'rotate';
  if (presented === newest - 1) return 'repeat';
  return presented < newest ? 'reused' : 'unknown';
}

function mac(key: Buffer, nonce: string, sid: string, generation: number): Buffer {
  return createHmac('sha256', key).update(`${nonce}\0${sid}\0${generation}`).digest();
}
