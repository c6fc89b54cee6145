import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toHex } from './bytes.ts';

/** Ids of entries, users, devices, conversations, sessions: 1 to 64 of `[A-Za-z0-9_-]`. */
export const ID_PATTERN = '^[A-Za-z0-9_-]{1,64}$';

const ID = new RegExp(ID_PATTERN);

export function isId(text: unknown): text is string {
  return typeof text === 'string' && ID.test(text);
}

/**
 * UUIDv7 (RFC 9562 section 5.7). Ids that one generator makes climb strictly, also within a millisecond and when the
 * clock goes back (its method 1: a 12-bit counter that starts anew each millisecond and borrows from the next when it is full).
 *
 * @param now wall clock in milliseconds
 * @param random fills an array with random bytes
 */
export function uuidv7Generator(now: () => number, random: (bytes: Uint8Array) => void): () => string {
  let last = 0;
  let counter = 0;
  return () => {
    const bytes = new Uint8Array(16);
    random(bytes);
    const time = Math.floor(now());
    if (time > last) {
      last = time;
      counter = ((bytes[6]! & 0x07) << 8) | bytes[7]!;
    } else if (++counter > 0xfff) {
      last += 1;
      counter = 0;
    }
    const high = Math.floor(last / 2 ** 16);
    bytes[0] = (high >>> 24) & 0xff;
    bytes[1] = (high >>> 16) & 0xff;
    bytes[2] = (high >>> 8) & 0xff;
    bytes[3] = high & 0xff;
    bytes[4] = (last >>> 8) & 0xff;
    bytes[5] = last & 0xff;
    bytes[6] = 0x70 | (counter >>> 8);
    bytes[7] = counter & 0xff;
    bytes[8] = 0x80 | (bytes[8]! & 0x3f);
    const hex = toHex(bytes);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}

/** Whether an id has the form that `directConversationId` gives: nothing else is called like that, or two people could be kept from each other. */
export const hasDirectForm = (conv: string): boolean => /^d[0-9a-f]{32}$/.test(conv);

/**
 * The id of the direct conversation of two users: `d` and the first 16 bytes, in hex, of SHA-256 over both user ids in
 * code unit order with a zero byte between. A user's notes to self are the direct conversation with the same user twice.
 * Being a hash, two creations of it are one.
 */
export function directConversationId(one: string, other: string): string {
  const [first, second] = one < other ? [one, other] : [other, one];
  const hash = sha256(utf8ToBytes(`${first}\0${second}`));
  return `d${toHex(hash.subarray(0, 16))}`;
}
