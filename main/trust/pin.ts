import { createHash, type X509Certificate } from 'node:crypto';
import type { Pin } from '@matchbook/protocol/server-pin';

/** As RFC 7469 (2.4): SHA-256 of the SubjectPublicKeyInfo. */
export function pinOf(certificate: X509Certificate): Pin {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64url');
}

/** Of 2,048 words each: 66 bits, which nobody finds another key for in the time that an invitation lives. */
const WORDS = 6;
const BITS = 11;

/** What two people read to each other, to know that they mean the same server: the first 66 bits of the pin in the words of BIP 39. */
export async function wordsOf(pin: Pin): Promise<string> {
  const { wordlist } = await import('@scure/bip39/wordlists/english.js');
  let bits = 0n;
  const bytes = Buffer.from(pin, 'base64url');
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  const whole = BigInt(bytes.length * 8);
  return Array.from({ length: WORDS }, (_, i) => {
    const place = whole - BigInt(BITS * (i + 1));
    return wordlist[Number((bits >> place) & 0x7ffn)];
  }).join(' ');
}
