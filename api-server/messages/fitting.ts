/** Whether an item of the log can be saved at all, by its shape. */
import {
  Body,
  ChainHash,
  ENTRIES,
  type FullEntry,
  Id,
  isEntryKind,
  Place,
  PositionRegister,
  ProfileRegister,
  type Register,
} from '@matchbook/protocol/entries';
import { Count, Time } from '@matchbook/protocol/http/fields';
import { textFault } from '@matchbook/protocol/text';
import Type, { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Errors } from 'typebox/value';
import { entryRow } from '../db/entry-rows.ts';
import type { EntryRow } from '../db/schema.ts';

/** What every entry has, of whatever kind. */
const AnyEntry = Type.Object({
  conv: Id,
  n: Place,
  m: Count,
  h: ChainHash,
  id: Id,
  sender: Id,
  kind: Type.String({ pattern: '^[A-Za-z0-9_-]{1,32}$' }),
  time: Time,
  target: Type.Optional(Place),
  body: Type.Optional(Body),
});

const AnyRegister = Type.Object({
  reg: Type.String({ pattern: '^[A-Za-z0-9_-]{1,32}$' }),
  user: Id,
  conv: Type.Optional(Id),
  target: Type.Optional(Place),
  of: Type.Optional(Id),
});
export type AnyRegister = Type.Static<typeof AnyRegister>;

/** An entry that fits its schema, with the row that it becomes. */
export interface Fitting {
  item: FullEntry;
  row: EntryRow;
}

/** @returns why it can never be saved, in words, where it does not fit */
export function fittingEntry(item: FullEntry, seq: number, hash: string | undefined): Fitting | string {
  // A kind that is newer than this server is kept as it is.
  const schema = isEntryKind(item.kind) ? ENTRIES[item.kind] : AnyEntry;
  if (!fits(schema, item)) return faultIn(schema, item);
  if (hash === undefined) return 'hash: an entry has one';
  const fault = bodyFault(item);
  if (fault !== null) return fault;
  const row = entryRow(item, seq, hash);
  return row === null ? 'body.data is not base64url' : { item, row };
}

/** What one database would cut, and the other refuse. */
function bodyFault(item: FullEntry): string | null {
  if (!('body' in item) || !item.body) return null;
  const { body } = item;
  const fault = textFault(body.type) ?? ('text' in body ? textFault(body.text) : null);
  return fault && `body: a character that cannot be stored (${fault})`;
}

/** Every item of the log passes here: schemas become code, once. */
const compiled = new Map<TSchema, { Check(value: unknown): boolean }>();

function fits(schema: TSchema, item: object): boolean {
  let check = compiled.get(schema);
  if (!check) {
    check = Compile(schema);
    compiled.set(schema, check);
  }
  return check.Check(item);
}

function faultIn(schema: TSchema, item: object): string {
  const [fault] = Errors(schema, item) as { instancePath: string; message: string }[];
  return `${fault?.instancePath || 'item'}: ${fault?.message ?? 'invalid'}`;
}

const isPosition = (item: Register) => item.reg === 'delivered' || item.reg === 'read';

/** Why it can never be saved, or null. What is newer than this server, its owner gets back as it is. */
export function registerFault(item: Register): string | null {
  const schema = item.reg === 'profile' ? ProfileRegister : isPosition(item) ? PositionRegister : AnyRegister;
  return fits(schema, item) ? null : faultIn(schema, item);
}
