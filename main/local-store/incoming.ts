/**
 * What a frame carries, item by item, as the store takes it in. Kinds and shapes of a newer version are kept as received;
 * so is anything with a place, because n must stay dense.
 */

import { fromHex } from '@matchbook/protocol/bytes';
import { contentHash } from '@matchbook/protocol/chain';
import {
  BlockRegister,
  type Body,
  ChainHash,
  CreateEntry,
  DraftRegister,
  HiddenEntry,
  Id,
  MarkRegister,
  MessageEntry,
  Place,
  PositionRegister,
  ProfileRegister,
  SettingRegister,
  StubEntry,
} from '@matchbook/protocol/entries';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { OwnRegister } from './registers.ts';

export interface Placed {
  conv: string;
  n: number;
  m: number;
  h: string;
}

/** An entry with its content. `hash` stands where the body was erased, `raw` where the columns do not hold all of it. */
export interface Full extends Placed {
  is: 'entry';
  id: string;
  sender: string;
  kind: string;
  time: number;
  body: Body | null;
  hash: string | null;
  raw: string | null;
  /** Of a create. */
  members: string[] | null;
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

const create = Compile(CreateEntry);
const message = Compile(MessageEntry);
const stub = Compile(StubEntry);
const hidden = Compile(HiddenEntry);
const position = Compile(PositionRegister);
const profile = Compile(ProfileRegister);
const own = Compile(Type.Union([DraftRegister, SettingRegister, MarkRegister, BlockRegister]));
const entry = Compile(AnyEntry);
const placed = Compile(AnyPlaced);

export function incoming(item: object): Incoming {
  if ('reg' in item) {
    if (position.Check(item)) return { is: 'position', ...item };
    if (profile.Check(item)) return { is: 'profile', ...item };
    if (own.Check(item)) return { is: 'own', register: item };
    return { is: 'unknown', raw: JSON.stringify(item) };
  }
  if (message.Check(item)) {
    const { conv, n, m, h, id, sender, time } = item;
    return {
      is: 'entry',
      ...{ conv, n, m, h, id, sender, time },
      kind: 'message',
      body: item.body ?? null,
      hash: item.body ? null : (item.hash ?? null),
      raw: null,
      members: null,
    };
  }
  if (create.Check(item)) {
    const { conv, n, m, h, id, sender, time, members } = item;
    return {
      is: 'entry',
      ...{ conv, n, m, h, id, sender, time, members },
      kind: 'create',
      body: null,
      hash: hashOf(conv, { kind: 'create', form: item.form, members }),
      raw: JSON.stringify(item),
    };
  }
  if (stub.Check(item)) {
    const { conv, n, m, h, id, time } = item;
    return { is: 'stub', conv, n, m, h, id, time };
  }
  if (hidden.Check(item)) {
    const { conv, n, m, h } = item;
    return { is: 'hidden', conv, n, m, h, raw: null };
  }
  if (entry.Check(item)) {
    const { conv, n, m, h, id, sender, kind, time } = item;
    // A known kind in an unknown shape must not pass for the kind that views know.
    const shown = kind === 'message' || kind === 'create' ? `${kind}?` : kind;
    return {
      is: 'entry',
      ...{ conv, n, m, h, id, sender, time },
      kind: shown,
      body: null,
      hash: null,
      raw: JSON.stringify(item),
      members: null,
    };
  }
  if (placed.Check(item)) {
    const { conv, n, m, h } = item;
    return { is: 'hidden', conv, n, m, h, raw: JSON.stringify(item) };
  }
  return { is: 'unknown', raw: JSON.stringify(item) };
}

type HashedContent = Parameters<typeof contentHash>[1];

/** Content hash in hex; null where the content has no bytes (a body that is not base64url). */
export function hashOf(conv: string, content: HashedContent): string | null {
  try {
    return Buffer.from(contentHash(conv, content)).toString('hex');
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

export const bytesOf = (hash: string): Uint8Array => fromHex(hash) ?? new Uint8Array();
