import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Committed, FrameAnswers } from './messages.ts';
import { type GroupMessage, pack, unpack } from './packed.ts';

const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const whole = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
const text = fc.string({ maxLength: 6 });
const name = fc.string({ minLength: 1, maxLength: 6 });
const number = fc.nat();

const committed = fc
  .record({
    ...{
      seq: number,
      n: number,
      peer: number,
      cut: number,
      running: text,
      json: text,
      hash: text,
      user: name,
    },
    conv: fc.option(name),
    to: some(fc.constantFrom('owner' as const, 'sharing' as const)),
    joined: some(fc.array(name)),
    left: some(fc.array(name)),
    hiddenFrom: some(fc.array(name)),
    beside: some(fc.array(text)),
    walk: some(fc.constantFrom('joined' as const, 'all' as const)),
    revoked: some(name),
  })
  .map((one) => whole(one) as Committed);
const answers = fc
  .record({
    ...{ peer: number, frames: number, size: number, texts: fc.array(text) },
    failure: some(fc.constant({ kind: 'bad_json' as const, message: 'no' })),
  })
  .map((one) => whole(one) as FrameAnswers);

it('a group comes out of its package as it went in, through a clone', () => {
  fc.assert(
    fc.property(fc.array(committed, { maxLength: 8 }), fc.array(answers, { maxLength: 8 }), (rows, told) => {
      const group: GroupMessage = {
        ...{ type: 'group', refs: [3], outcomes: [[{ ok: true, id: 'i' }]], answers: told },
        group: {
          committed: rows,
          head: { epoch: 'e', seq: 7, running: 'r' },
          stats: { items: 1, repeated: 0, took: 0.5 },
        },
      };
      expect(unpack(structuredClone(pack(group)))).toEqual(group);
    }),
  );
});
