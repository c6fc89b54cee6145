/**
 * What a frame carries, item by item, as the store takes it in. Kinds and shapes of a newer version are kept as received;
 * so is anything with a place, because n must stay dense.
 */

import { createHash } from 'node:crypto';
import { fromHex } from '@matchbook/protocol/bytes';
import { contentHash } from '@matchbook/protocol/chain';
import {
  BlockRegister,
  type Body,
  ChainHash,
  DraftRegister,
  ENTRIES,
  type EntryKind,
  type FullEntry,
  HiddenEntry,
  Id,
  isEntryKind,
  MarkRegister,
  Place,
  PositionRegister,
  ProfileRegister,
  SettingRegister,
  StubEntry,
} from '@matchbook/protocol/entries';
import Type from 'typebox';
import { compiledLater } from '../files/compiled-later.ts';
import type { OwnRegister } from './registers.ts';

export interface Placed {
  conv: string;
  n: number;
  m: number;
  h: string;
}

/** An entry with its content. */
export interface Full extends Placed {
  is: 'entry';
  id: string;
  sender: string;
  kind: string;
  time: number;
  /** Place of the message that it is about. */
  target: number | null;
  body: Body | null;
  /** Content hash, where the columns cannot tell it: of erased bodies, and of everything but messages. */
  hash: string | null;
  /** JSON of what else it says; of kinds and shapes of a newer version all of it, as received. */
  raw: string | null;
}

export type Incoming =
  | Full
  | ({ is: 'stub'; id: string; time: number } & Placed)
  /** Nothing but its place can be used: hidden from this user, or of a shape from a newer version. */
  | ({ is: 'hidden'; raw: string | null } & Placed)
  | ({ is: 'position' } & PositionRegister)
  | ({ is: 'profile' } & ProfileRegister)
  | { is: 'own'; register: OwnRegister }
  | { is: 'unknown'; raw: string };

const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const AnyPlaced = Type.Object({ conv: Id, n: Place, m: count, h: ChainHash });
const AnyEntry = Type.Object({
  conv: Id,
  n: Place,
  m: count,
  h: ChainHash,
  id: Id,
  kind: Type.String(),
  sender: Id,
  time: count,
});

// Each compiled at its first use: a start shows what is stored, and waits for 40 ms of compiling if all are made with the thread.
const known = Object.fromEntries(
  Object.entries(ENTRIES).map(([kind, schema]) => [kind, compiledLater(schema)]),
) as unknown as Record<EntryKind, { Check(value: unknown): value is FullEntry }>;
const stub = compiledLater(StubEntry);
const hidden = compiledLater(HiddenEntry);
const position = compiledLater(PositionRegister);
const profile = compiledLater(ProfileRegister);
const own = compiledLater(Type.Union([DraftRegister, SettingRegister, MarkRegister, BlockRegister]));
const entry = compiledLater(AnyEntry);
const placed = compiledLater(AnyPlaced);

export function incoming(item: object): Incoming {
  if ('reg' in item) {
    if (position.Check(item)) return { is: 'position', ...item };
    if (profile.Check(item)) return { is: 'profile', ...item };
    if (own.Check(item)) return { is: 'own', register: item };
    return { is: 'unknown', raw: JSON.stringify(item) };
  }
  const kind = 'kind' in item ? String(item.kind) : '';
  if (isEntryKind(kind) && known[kind].Check(item)) return fullOf(item);
  if (stub.Check(item)) {
    const { conv, n, m, h, id, time } = item;
    return { is: 'stub', conv, n, m, h, id, time };
  }
  if (hidden.Check(item)) {
    const { conv, n, m, h } = item;
    return { is: 'hidden', conv, n, m, h, raw: null };
  }
  if (entry.Check(item)) {
    const { conv, n, m, h, id, sender, time } = item;
    return {
      is: 'entry',
      ...{ conv, n, m, h, id, sender, time },
      // A known kind in an unknown shape must not pass for the kind that views know.
      kind: isEntryKind(kind) ? `${kind}?` : kind,
      ...{ target: null, body: null, hash: null },
      raw: JSON.stringify(item),
    };
  }
  if (placed.Check(item)) {
    const { conv, n, m, h } = item;
    return { is: 'hidden', conv, n, m, h, raw: JSON.stringify(item) };
  }
  return { is: 'unknown', raw: JSON.stringify(item) };
}

/** An entry of a kind that this version knows, as it is stored. */
export function fullOf(item: FullEntry): Full {
  const { conv, n, m, h, id, sender, time, kind, ...says } = item;
  const { target, body, hash, ...more } = says as Says;
  // Of a message the content follows from its columns; hashing it here would cost more than storing it.
  const erased = body === undefined && ERASABLE.has(kind);
  const contents = kind === 'message' || erased ? null : hashOf(conv, item as HashedContent);
  return {
    is: 'entry',
    ...{ conv, n, m, h, id, sender, time, kind },
    target: target ?? null,
    body: body ?? null,
    hash: erased ? (hash ?? null) : contents,
    raw: Object.keys(more).length === 0 ? null : JSON.stringify(more),
  };
}

/** Kinds whose body may be gone. */
export const ERASABLE: ReadonlySet<string> = new Set(['message', 'edit', 'reaction']);

type Says = { target?: number; body?: Body; hash?: string } & Record<string, unknown>;
export type HashedContent = Parameters<typeof contentHash>[1];

/** The runtime's own is many times as fast as the portable one, and everything that comes is hashed. */
export const sha256 = (input: string | Uint8Array): Buffer => createHash('sha256').update(input).digest();

/** Content hash in hex; null where the content has no bytes (a body that is not base64url). */
export function hashOf(conv: string, content: HashedContent): string | null {
  try {
    return contentHash(conv, content, sha256).toString('hex');
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

export const bytesOf = (hash: string): Uint8Array => fromHex(hash) ?? new Uint8Array();
