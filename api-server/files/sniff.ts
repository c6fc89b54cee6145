/** What a file is, by its first bytes: never by what its sender says. */
import { open } from 'node:fs/promises';

export const UNKNOWN_TYPE = 'application/octet-stream';
/** Bytes that are looked at. */
const LOOKED_AT = 4_096;

type Test = (head: Buffer) => boolean;
const starts =
  (...bytes: number[]): Test =>
  (head) =>
    bytes.every((byte, i) => head[i] === byte);
const says =
  (at: number, text: string): Test =>
  (head) =>
    head.toString('latin1', at, at + text.length) === text;
const all =
  (...tests: Test[]): Test =>
  (head) =>
    tests.every((test) => test(head));
/** Brand of an ISO base media file (ISO/IEC 14496-12). */
const brand =
  (...brands: string[]): Test =>
  (head) =>
    says(4, 'ftyp')(head) && brands.some((one) => says(8, one)(head));

const TYPES: readonly [string, Test][] = [
  ['image/png', starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
  ['image/jpeg', starts(0xff, 0xd8, 0xff)],
  ['image/gif', says(0, 'GIF8')],
  ['image/webp', all(says(0, 'RIFF'), says(8, 'WEBP'))],
  ['image/bmp', all(says(0, 'BM'), (head) => head.length > 26 && head.readUInt32LE(14) <= 124)],
  ['image/avif', brand('avif', 'avis')],
  ['image/heic', brand('heic', 'heix', 'hevc', 'mif1')],
  ['audio/mp4', brand('M4A ', 'M4B ')],
  ['video/quicktime', brand('qt  ')],
  [
    'video/mp4',
    brand('isom', 'iso2', 'iso4', 'iso5', 'iso6', 'mp41', 'mp42', 'avc1', 'dash', 'M4V ', 'MSNV'),
  ],
  ['video/webm', all(starts(0x1a, 0x45, 0xdf, 0xa3), (head) => head.includes('webm'))],
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
export const INLINE = new Set(
  TYPES.map(([type]) => type).filter((type) => /^(image|audio|video)\//.test(type)),
);

export async function sniffed(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(LOOKED_AT);
    const { bytesRead } = await handle.read(buffer, 0, LOOKED_AT, 0);
    return typeOf(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** @param head the first bytes */
export const typeOf = (head: Buffer): string =>
  TYPES.find(([, test]) => test(head))?.[0] ?? (isText(head) ? 'text/plain' : UNKNOWN_TYPE);

/** UTF-8 without controls, as far as it is looked at. Whatever it says, it is only ever saved. */
function isText(head: Buffer): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    return text !== '' && !/[\0-\x08\x0e-\x1f]/.test(text);
  } catch {
    return false;
  }
}
