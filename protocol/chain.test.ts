import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, fromHex, toBase64Url, toHex } from './bytes.ts';
import { bodyBytes, chainLink, contentHash } from './chain.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

const sha = (...parts: (string | Uint8Array)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

describe('chain', () => {
  it('hashes content as docs/protocol.md says, checked against another implementation of SHA-256', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[a-z0-9]{1,20}$/), (text, conv) => {
        const hash = contentHash(conv, { kind: 'message', body: { type: 'text/plain', text } });
        expect(toHex(hash)).toBe(sha(`${conv}\0message\0`, 'text/plain', '\0', text).toString('hex'));
      }),
    );
    expect(toHex(contentHash('d1', { kind: 'create', form: 'direct', members: ['ann', 'bob'] }))).toBe(
      sha('d1\0create\0', 'direct\0ann\0bob').toString('hex'),
    );
  });

  it('gives text and its bytes as data the same hash: transports agree', () => {
    const text = 'Grüße 👋';
    const data = toBase64Url(new TextEncoder().encode(text));
    expect(contentHash('c', { kind: 'message', body: { type: 'text/plain', data } })).toEqual(
      contentHash('c', { kind: 'message', body: { type: 'text/plain', text } }),
    );
    expect(() => bodyBytes({ type: 'x/y', data: '*' })).toThrow(RangeError);
  });

  it('links depend on everything before, on id, kind and content', () => {
    const hash = contentHash('c', { kind: 'message', body: { type: 'text/plain', text: 'one' } });
    const other = contentHash('c', { kind: 'message', body: { type: 'text/plain', text: 'two' } });
    const first = chainLink(null, 'a', 'message', hash);
    expect(first).toBe(sha(new Uint8Array(8), 'a\0message\0', hash).subarray(0, 8).toString('hex'));
    const links = [
      chainLink(first, 'a', 'message', hash),
      chainLink(null, 'b', 'message', hash),
      chainLink(null, 'a', 'create', hash),
      chainLink(null, 'a', 'message', other),
      first,
    ];
    expect(new Set(links).size).toBe(links.length);
    expect(() => chainLink('short', 'a', 'message', hash)).toThrow(RangeError);
  });
});

describe('cursor', () => {
  it('comes back whole for every epoch, seq and running hash', () => {
    const eight = fc.uint8Array({ minLength: 8, maxLength: 8 }).map(toHex);
    fc.assert(
      fc.property(
        eight,
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        eight,
        (epoch, seq, running) => {
          expect(decodeCursor(encodeCursor({ epoch, seq, running }))).toEqual({ epoch, seq, running });
        },
      ),
    );
  });

  it('takes nothing that it did not make, and never throws', () => {
    const good = encodeCursor({ epoch: '00'.repeat(8), seq: 5, running: 'ff'.repeat(8) });
    expect(decodeCursor(good.slice(1))).toBeNull();
    expect(decodeCursor(`B${good.slice(1)}`)).toBeNull();
    // seq beyond 2^53
    expect(decodeCursor(toBase64Url(new Uint8Array(25).fill(255).with(0, 1)))).toBeNull();
    fc.assert(
      fc.property(fc.string(), (text) => {
        decodeCursor(text);
      }),
    );
  });
});

describe('bytes', () => {
  it('hex and base64url agree with Buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(fromHex(toHex(bytes))).toEqual(bytes);
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      }),
    );
  });

  it('refuses other alphabets, padding and second spellings', () => {
    for (const text of ['a', 'ab==', 'a+b/', 'AB', 'é']) expect(fromBase64Url(text)).toBeNull();
    expect(fromBase64Url('AA')).toEqual(new Uint8Array(1));
    expect(fromHex('abc')).toBeNull();
    expect(fromHex('zz')).toBeNull();
  });
});
