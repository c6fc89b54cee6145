/**
 * Content hashes and the chain of a conversation. Both are over bytes before any codec, so that every transport and
 * every implementation agrees.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { fromBase64Url, fromHex, toHex } from './bytes.ts';
import { type Append, type AppendEntry, type Body, isEntryKind } from './entries.ts';

/** Content of an entry as far as it is hashed: what its sender composed, apart from id and conversation. */
export type Content = DistributiveOmit<AppendEntry, 'id'>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

type Hash<H> = (input: string | Uint8Array) => H;
const portable: Hash<Uint8Array> = (input) => sha256(typeof input === 'string' ? utf8ToBytes(input) : input);

const ZERO = new Uint8Array(1);
const START = new Uint8Array(8);

/** Bytes of a body. A `data` body must be base64url (the schema and the edge see to that). */
export function bodyBytes(body: Body): Uint8Array {
  if ('text' in body) return utf8ToBytes(body.text);
  const bytes = fromBase64Url(body.data);
  if (!bytes) throw new RangeError('body.data is not base64url');
  return bytes;
}

/** What stands before the body, each part followed by a zero byte; and the body. */
function parts(content: Content): { before: string; body?: Body | undefined } {
  switch (content.kind) {
    case 'create':
      return { before: [content.form, ...content.members].join('\0') };
    case 'message':
      // A content type has a slash: `silent` is none.
      return { before: content.silent ? 'silent\0' : '', body: content.body };
    case 'edit':
      return { before: `${content.target}\0`, body: content.body };
    case 'delete':
      return { before: `${content.target}` };
    case 'reaction':
      return { before: `${content.target}\0${content.off ? 'off' : 'on'}\0`, body: content.body };
    case 'pin':
      return { before: `${content.target}\0${content.off ? 'off' : 'on'}` };
    case 'rename':
    case 'picture':
    case 'settings':
      return { before: '', body: content.body };
    case 'member_add':
      return { before: content.users.join('\0') };
    case 'member_remove':
      return { before: content.user };
    case 'member_leave':
      return { before: '' };
    case 'member_role':
      return { before: `${content.user}\0${content.role}` };
  }
}

/** The content that an append would have hashed; null for registers, which have none. */
export function contentOf(append: Append): Content | null {
  return isEntryKind(append.kind) ? (append as AppendEntry) : null;
}

/**
 * SHA-256 over `conversation 00 kind 00 content`, 32 bytes.
 *
 * @param hash SHA-256 of bytes or of the UTF-8 of a text, in whatever form its caller wants it
 */
export function contentHash(conv: string, content: Content): Uint8Array;
export function contentHash<H>(conv: string, content: Content, hash: Hash<H>): H;
export function contentHash(conv: string, content: Content, hash: Hash<unknown> = portable): unknown {
  const { before, body } = parts(content);
  const start = `${conv}\0${content.kind}\0${before}`;
  if (!body) return hash(start);
  if ('text' in body) return hash(`${start}${body.type}\0${body.text}`);
  return hash(concatBytes(utf8ToBytes(`${start}${body.type}`), ZERO, bodyBytes(body)));
}

/**
 * One link of the chain: the first 8 bytes of SHA-256 over `previous h (8 bytes; zeros before n = 1), id 00 kind 00, content hash`,
 * as 16 hex digits.
 *
 * @param previous h of n - 1, or null for n = 1
 * @param sha SHA-256, where there is a faster one
 */
export function chainLink(
  previous: string | null,
  id: string,
  kind: string,
  hash: Uint8Array,
  sha: Hash<Uint8Array> = portable,
): string {
  const before = previous === null ? START : fromHex(previous);
  if (before?.length !== 8) throw new RangeError('h is not 16 hex digits');
  return toHex(sha(concatBytes(before, utf8ToBytes(`${id}\0${kind}\0`), hash)).subarray(0, 8));
}
