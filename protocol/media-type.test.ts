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

  const ftyp = (brand: string) => [...utf8(`\0\0\0\u0018ftyp${brand}`)];
  const KNOWN: [string, number[]][] = [
    ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
    ['image/jpeg', [0xff, 0xd8, 0xff]],
    ['image/gif', [...utf8('GIF8')]],
    ...['avif', 'avis'].map((one): [string, number[]] => ['image/avif', ftyp(one)]),
    ...['heic', 'heix', 'hevc', 'mif1'].map((one): [string, number[]] => ['image/heic', ftyp(one)]),
    ...['M4A ', 'M4B '].map((one): [string, number[]] => ['audio/mp4', ftyp(one)]),
    ['video/quicktime', ftyp('qt  ')],
    ...['isom', 'iso2', 'iso4', 'iso5', 'iso6', 'mp41', 'mp42', 'avc1', 'dash', 'M4V ', 'MSNV'].map(
      (one): [string, number[]] => ['video/mp4', ftyp(one)],
    ),
    ['audio/ogg', [...utf8('OggS')]],
    ['audio/flac', [...utf8('fLaC')]],
    ['audio/mpeg', [...utf8('ID3')]],
    ['application/zip', [0x50, 0x4b, 0x03, 0x04]],
  ];

  it.each(KNOWN)('%s is known by each of its bytes, wherever the file goes on', (type, bytes) => {
    // The length of the first box of an MP4 says nothing.
    const from = bytes.length === 12 ? 4 : 0;
    expect(mediaTypeOf(new Uint8Array([...bytes, 0, 0xff]))).toBe(type);
    for (let i = from; i < bytes.length; i++) {
      const other = bytes.map((byte, at) => (at === i ? byte ^ 0x80 : byte));
      expect([i, mediaTypeOf(new Uint8Array([...other, 0, 0xff]))]).not.toEqual([i, type]);
      expect(mediaTypeOf(new Uint8Array(bytes.slice(0, i)))).not.toBe(type);
    }
  });

  it('tells apart what begins alike', () => {
    const riff = (what: string) => new Uint8Array([...utf8('RIFF'), 1, 2, 3, 4, ...utf8(what)]);
    expect(['WEBP', 'WAVE', 'AVI '].map((one) => mediaTypeOf(riff(one)))).toEqual([
      'image/webp',
      'audio/wav',
      'application/octet-stream',
    ]);
    const bmp = (header: number, length = 30) => {
      const head = new Uint8Array(length);
      head.set(utf8('BM'));
      head[14] = header;
      return mediaTypeOf(head);
    };
    expect([bmp(40), bmp(124), bmp(125), bmp(40, 26), bmp(40, 27)]).toEqual([
      'image/bmp',
      'image/bmp',
      'application/octet-stream',
      'application/octet-stream',
      'image/bmp',
    ]);
    const matroska = (kind: string) =>
      mediaTypeOf(new Uint8Array([0x1a, 0x45, 0xdf, 0xa3, 9, ...utf8(kind)]));
    expect([matroska('webm'), matroska('matroska')]).toEqual(['video/webm', 'application/octet-stream']);
    const frame = (second: number) => mediaTypeOf(new Uint8Array([0xff, second, 0x90, 0]));
    expect([0xfb, 0xfa, 0xf3, 0xe3].map(frame)).toEqual(Array(4).fill('audio/mpeg'));
    // Other layers, and no frame at all.
    expect([0xfd, 0xff, 0xf9, 0xdb, 0x7b].map(frame)).toEqual(Array(5).fill('application/octet-stream'));
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
