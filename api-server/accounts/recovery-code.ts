/**
 * Recovery codes: 128 random bits in Crockford's base32, in groups of five. Reading forgives case, spaces, hyphens, and the
 * letters that look like digits.
 */
import { createHash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 26;
const GROUP = 5;

/** @param bytes 16 random bytes */
export function formatRecoveryCode(bytes: Uint8Array): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = '';
  for (let i = 0; i < LENGTH; i++) {
    text = ALPHABET[Number(value & 31n)]! + text;
    value >>= 5n;
  }
  return text.match(new RegExp(`.{1,${GROUP}}`, 'g'))!.join('-');
}

/** The one spelling of a code that a person typed, or null where it can be none. */
export function readRecoveryCode(text: string): string | null {
  const plain = text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return plain.length === LENGTH && [...plain].every((char) => ALPHABET.includes(char)) ? plain : null;
}

/** What is stored: SHA-256 in hex. 128 random bits need no slow hash. */
export function hashRecoveryCode(text: string): string | null {
  const plain = readRecoveryCode(text);
  return plain && createHash('sha256').update(plain).digest('hex');
}
