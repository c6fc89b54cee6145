/** Relay to API: the log is saved. POST /api/messages/save. */
import Type from 'typebox';
import type { FullEntry, Register } from '../entries.ts';
import { LIMITS } from '../limits.ts';
import { Count, Seq } from './fields.ts';

/**
 * One row of the log: the item as devices receive it (entries.ts; of a kind that the API does not know, perhaps), and of entries the
 * content hash. A body may have been erased before it was saved.
 */
export const SaveItem = Type.Object({
  seq: Seq,
  hash: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  item: Type.Object({}),
});
export interface SaveItem {
  seq: number;
  hash?: string;
  item: FullEntry | Register;
}

/** Items in log order, everything after `after` up to `upTo` (registers that were replaced meanwhile are absent). */
export const SaveBatch = Type.Object({
  epoch: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  after: Count,
  items: Type.Array(Type.Object({ seq: Seq }), { maxItems: LIMITS.groupEntries }),
  upTo: Seq,
});
export interface SaveBatch {
  epoch: string;
  after: number;
  items: SaveItem[];
  upTo: number;
}

export const Progress = Type.Object({ epoch: Type.String(), seq: Count });
export type Progress = Type.Static<typeof Progress>;

/** 200: one verdict an item, in order. 409: `after` is not the API's progress, which is in the answer, with the verdicts that a lost answer had. */
export const SaveResult = Type.Object({
  progress: Progress,
  verdicts: Type.Array(
    Type.Object({
      seq: Seq,
      verdict: Type.Union([Type.Literal('saved'), Type.Literal('rejected')]),
      reason: Type.Optional(Type.String()),
    }),
  ),
});
export type SaveResult = Type.Static<typeof SaveResult>;

/** Body of a 409 of /api/messages/save. GET /api/messages/progress (service credential) answers a bare `Progress`. */
export const SaveConflict = Type.Object({
  kind: Type.Literal('not_joined'),
  progress: Progress,
  /** Of what was saved after `after`: items that were refused. */
  rejected: Type.Optional(Type.Array(Type.Object({ seq: Seq, reason: Type.String() }))),
});
export type SaveConflict = Type.Static<typeof SaveConflict>;
