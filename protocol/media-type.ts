/** What a file is, by its first bytes: never by what its sender says. */

export const UNKNOWN_TYPE = 'application/octet-stream';
/** Bytes that are looked at. */
export const HEAD_BYTES = 4_096;

type Test = (head: Uint8Array) => boolean;
const says =
  (at: number, text: string): Test =>
  (head) =>
    head.length >= at + text.length && [...text].every((letter, i) => head[at + i] === letter.charCodeAt(0));
const starts =
  (...bytes: number[]): Test =>
  (head) =>
    bytes.every((byte, i) => head[i] === byte);
const all =
  (...tests: Test[]): Test =>
  (head) =>
    tests.every((test) => test(head));
/** Brand of an ISO base media file (ISO/IEC 14496-12). */
const brand =
  (...brands: string[]): Test =>
  (head) =>
    says(4, 'ftyp')(head) && brands.some((one) => says(8, one)(head));
const holds =
  (text: string): Test =>
  (head) =>
    head.some((_, i) => says(i, text)(head));
const uint32At = (head: Uint8Array, at: number) =>
  new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(at, true);

const TYPES: readonly [string, Test][] = [
  ['image/png', starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
  ['image/jpeg', starts(0xff, 0xd8, 0xff)],
  ['image/gif', says(0, 'GIF8')],
  ['image/webp', all(says(0, 'RIFF'), says(8, 'WEBP'))],
  ['image/bmp', all(says(0, 'BM'), (head) => head.length > 26 && uint32At(head, 14) <= 124)],
  ['image/avif', brand('avif', 'avis')],
  ['image/heic', brand('heic', 'heix', 'hevc', 'mif1')],
  ['audio/mp4', brand('M4A ', 'M4B ')],
  ['video/quicktime', brand('qt  ')],
  [
    'video/mp4',
    brand('isom', 'iso2', 'iso4', 'iso5', 'iso6', 'mp41', 'mp42', 'avc1', 'dash', 'M4V ', 'MSNV'),
  ],
  ['video/webm', all(starts(0x1a, 0x45, 0xdf, 0xa3), holds('webm'))],
  ['audio/ogg', says(0, 'OggS')],
  ['audio/flac', says(0, 'fLaC')],
  ['audio/wav', all(says(0, 'RIFF'), says(8, 'WAVE'))],
  ['audio/mpeg', says(0, 'ID3')],
  // A frame of MPEG audio, layer III.
  ['audio/mpeg', (head) => head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2],
  ['application/pdf', says(0, '%PDF-')],
  ['application/zip', starts(0x50, 0x4b, 0x03, 0x04)],
];

/** Shown within the app; all else is for saving. Nothing here can run script. */
export const INLINE_TYPES: ReadonlySet<string> = new Set(
  TYPES.map(([type]) => type).filter((type) => /^(image|audio|video)\//.test(type)),
);

/** @param head the first `HEAD_BYTES` bytes, or all where there are fewer */
export const mediaTypeOf = (head: Uint8Array): string =>
  TYPES.find(([, test]) => test(head))?.[0] ?? (isText(head) ? 'text/plain' : UNKNOWN_TYPE);

/** UTF-8 without controls, as far as it is looked at. Whatever it says, it is only ever saved. */
function isText(head: Uint8Array): boolean {
  for (let i = 0; i < head.length; ) {
    const byte = head[i]!;
    if (byte < 0x80) {
      if (byte < 9 || (byte > 13 && byte < 32)) return false;
      i++;
      continue;
    }
    const further =
      byte >= 0xc2 && byte < 0xe0 ? 1 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >= 0xf0 && byte < 0xf5 ? 3 : 0;
    if (further === 0) return false;
    const rest = head.subarray(i + 1, i + 1 + further);
    if (!rest.every((one) => (one & 0xc0) === 0x80)) return false;
    // Cut in the middle of a letter only at the end of what is looked at.
    if (rest.length < further) return i + 1 + rest.length === HEAD_BYTES;
    const second = rest[0]!;
    if ((byte === 0xe0 && second < 0xa0) || (byte === 0xed && second > 0x9f)) return false;
    if ((byte === 0xf0 && second < 0x90) || (byte === 0xf4 && second > 0x8f)) return false;
    i += further + 1;
  }
  return head.length > 0;
}
