import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, INLINE_TYPES, mediaTypeOf } from './media-type.ts';

const utf8 = (text: string) => new Uint8Array(Buffer.from(text));

describe('what a file is by its first bytes', () => {
  it.each([
    ['<!doctype html><script>alert(1)</script>', 'text/plain'],
    ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'text/plain'],
    ['%PDF-1.7', 'application/pdf'],
    ['GIF89a', 'image/gif'],
    ['OggS', 'audio/ogg'],
    ['', 'application/octet-stream'],
    ['a\0b', 'application/octet-stream'],
  ])('%j is %s', (text, type) => {
    expect(mediaTypeOf(utf8(text))).toBe(type);
  });

  it('is never what could run where it is shown', () => {
    for (const type of ['text/html', 'image/svg+xml', 'application/pdf', 'text/plain'])
      expect(INLINE_TYPES.has(type)).toBe(false);
  });

  it('knows UTF-8 as the platform does, also where it is cut', () => {
    const judge = (bytes: Uint8Array) => {
      try {
        const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, {
          stream: bytes.length === HEAD_BYTES,
        });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
        return text !== '' && !/[\0-\x08\x0e-\x1f]/.test(text);
      } catch {
        return false;
      }
    };
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }).map(utf8),
      fc
        .tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.nat(6))
        .map(([text, cut]) => utf8(text).slice(0, -cut || undefined)),
    );
    fc.assert(
      fc.property(bytes, (some) => {
        const type = mediaTypeOf(some);
        fc.pre(type === 'text/plain' || type === 'application/octet-stream');
        expect(type === 'text/plain').toBe(judge(some));
      }),
    );
    const long = utf8('é'.repeat(HEAD_BYTES)).slice(0, HEAD_BYTES - 1);
    expect(mediaTypeOf(new Uint8Array([0x61, ...long]))).toBe('text/plain');
  });
});
