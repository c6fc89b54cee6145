/**
 * Content hashes and the chain of a conversation. Both are over bytes before any codec, so that every transport and
 * every implementation agrees.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { fromBase64Url, fromHex, toHex } from './bytes.ts';
import type { Append, Body } from './entries.ts';

/** Content of an entry as far as it is hashed: what its sender composed, apart from id and conversation. */
export type Content =
  | { kind: 'create'; form: string; members: readonly string[] }
  | { kind: 'message'; body: Body };

const ZERO = new Uint8Array(1);
const START = new Uint8Array(8);

/** Bytes of a body. A `data` body must be base64url (the schema and the edge see to that). */
export function bodyBytes(body: Body): Uint8Array {
  if ('text' in body) return utf8ToBytes(body.text);
  const bytes = fromBase64Url(body.data);
  if (!bytes) throw new RangeError('body.data is not base64url');
  return bytes;
}

function contentBytes(content: Content): Uint8Array {
  switch (content.kind) {
    case 'create':
      return utf8ToBytes([content.form, ...content.members].join('\0'));
    case 'message':
      return concatBytes(utf8ToBytes(content.body.type), ZERO, bodyBytes(content.body));
  }
}

/** The content that an append would have hashed; null for registers, which have none. */
export function contentOf(append: Append): Content | null {
  return append.kind === 'read' ? null : append;
}

/** SHA-256 over `conversation 00 kind 00 content`, 32 bytes. The same id with another content hash is `id_conflict`. */
export function contentHash(conv: string, content: Content): Uint8Array {
  return sha256(concatBytes(utf8ToBytes(`${conv}\0${content.kind}\0`), contentBytes(content)));
}

/**
 * One link of the chain: the first 8 bytes of SHA-256 over `previous h (8 bytes; zeros before n = 1), id 00 kind 00, content hash`,
 * as 16 hex digits.
 *
 * @param previous h of n - 1, or null for n = 1
 */
export function chainLink(previous: string | null, id: string, kind: string, hash: Uint8Array): string {
  const before = previous === null ? START : fromHex(previous);
  if (before?.length !== 8) throw new RangeError('h is not 16 hex digits');
  return toHex(sha256(concatBytes(before, utf8ToBytes(`${id}\0${kind}\0`), hash)).subarray(0, 8));
}
