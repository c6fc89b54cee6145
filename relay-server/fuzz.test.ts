import { directConversationId } from '@matchbook/protocol/ids';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AB, CREATE, Stage } from './testing/stage.ts';

/** `npm run test:long` looks further: 100,000 frames. */
const FRAMES = process.env.MATCHBOOK_LONG === '1' ? 100_000 : 10_000;
const BATCH = 90;

let stage: Stage;
beforeAll(async () => {
  const fast = '1000000/1000000';
  stage = await Stage.set(
    {
      RELAY_RATE_USER: fast,
      RELAY_RATE_DEVICE: fast,
      RELAY_RATE_CONVERSATION: fast,
      RELAY_FRAMES_PER_SECOND: '1000000',
      RELAY_FRAMES_BURST: '1000000',
    },
    'ann',
    'bob',
  );
});
afterAll(() => stage.clear());

const id = fc.oneof(fc.constantFrom('a', 'create', AB, ''), fc.string({ maxLength: 70 }));
const value = fc.oneof(
  fc.integer(),
  fc.constantFrom(null, true, -1, 1e300, 2 ** 53, '', [], {}),
  id,
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
);
const KINDS = [
  'create',
  'message',
  'edit',
  'delete',
  'reaction',
  'pin',
  'rename',
  'picture',
  'settings',
  'member_add',
  'member_remove',
];
const MORE = [
  'member_leave',
  'member_role',
  'read',
  'draft',
  'mute',
  'pinned',
  'archived',
  'deleted_for_me',
  'saved',
  'block',
  'poll',
];
const body = fc.oneof(
  fc.record({ type: fc.constantFrom('text/plain', 'x', 'image/png'), text: fc.string() }),
  fc.record({ type: fc.constant('image/png'), data: fc.constantFrom('AAEC', '!', 'A') }),
  value,
);
/** An item that is right in most of its fields. */
const item = fc.record(
  {
    id,
    kind: fc.constantFrom(...KINDS, ...MORE),
    body,
    target: fc.oneof(fc.integer({ min: 0, max: 5 }), value),
    n: fc.oneof(fc.integer({ min: 0, max: 5 }), value),
    form: fc.constantFrom('direct', 'group', 'x'),
    members: fc.oneof(fc.constantFrom(['ann', 'bob'], ['ann'], ['nobody']), value),
    users: fc.oneof(fc.constantFrom(['bob'], []), value),
    user: fc.oneof(fc.constantFrom('bob'), value),
    role: fc.constantFrom('owner', 'admin', 'member', 'king'),
    value: fc.oneof(fc.integer({ min: 0, max: 2 }), value),
    of: fc.oneof(fc.constantFrom('bob'), value),
    off: fc.constantFrom(true, false),
    replaces: fc.oneof(fc.integer({ min: 0, max: 2 }), value),
  },
  { requiredKeys: ['kind'] },
);
const append = fc.record({
  t: fc.constant('append'),
  conv: fc.oneof(fc.constantFrom(AB, 'g'), id),
  items: fc.array(item, { maxLength: 4 }),
});
const other = fc.record(
  {
    t: fc.constantFrom('confirm', 'fetch', 'status', 'ping', 'typing', 'activity', 'hello', 'dance'),
    upTo: value,
    ref: value,
    conv: id,
    from: value,
    to: value,
    ids: fc.array(value),
    at: value,
    on: value,
    active: value,
  },
  { requiredKeys: ['t'] },
);
const junk = fc.jsonValue() as fc.Arbitrary<unknown>;
const frame: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 20, arbitrary: append },
  { weight: 10, arbitrary: other },
  { weight: 1, arbitrary: junk },
);
const CHARACTERS = ['"', '{', '}', ',', ':', '\\', 'x', '9', '\u0000', 'é'];
const changes = fc.oneof(
  { weight: 9, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(fc.tuple(fc.nat(400), fc.constantFrom(...CHARACTERS)), {
      minLength: 1,
      maxLength: 2,
    }),
  },
);
/** A frame as text, now and then with a character or two changed. */
const text = fc.tuple(frame, changes).map(([value, mutations]) => {
  let said = JSON.stringify(value) ?? 'null';
  for (const [at, char] of mutations as [number, string][])
    if (at < said.length) said = said.slice(0, at) + char + said.slice(at + 1);
  return said;
});

describe('frames that nobody would send', () => {
  it('P3 I13: no crash, no leak, every answer a named error or what was asked for', async () => {
    const bob = await stage.device('bob', 'b1');
    await bob.append(AB, [CREATE]);
    let sent = 0;
    let devices = 0;
    const resident = async () => {
      const metrics = await (await fetch(`${stage.relay.http}/metrics`)).text();
      return Number(/process_resident_memory_bytes (\d+)/.exec(metrics)![1]);
    };
    const kinds = new Set<string>();
    const closes = new Set<number>();
    const begin = await resident();
    const all = fc.sample(text, { numRuns: FRAMES, seed: 42 });
    // What is no frame at all ends its connection: it has one of its own, and the rest is not lost behind it.
    const batches = [
      ...chunks(all.filter(isFrame), BATCH),
      ...all.filter((said) => !isFrame(said)).map((said) => [said]),
    ];
    for (const batch of batches) {
      const fuzzed = await stage.device('ann', `a${devices++ % 5}`);
      for (const said of batch) fuzzed.send(said);
      sent += batch.length;
      // A ping may overtake appends; another append does not.
      if (batch.every(isFrame)) {
        const last = `last-${devices}`;
        fuzzed.send({ t: 'append', conv: AB, items: [{ id: last, kind: 'dance' }] });
        await fuzzed.frame('nack', ({ items }) => (items as { id: string }[]).some((one) => one.id === last));
      } else closes.add((await fuzzed.closed()).code);
      for (const one of fuzzed.frames) {
        if (one.t === 'error') kinds.add(one.kind);
        if (one.t === 'nack') for (const { kind } of one.items) kinds.add(kind);
      }
      fuzzed.close();
    }
    expect(sent).toBe(FRAMES);
    expect(await stage.relay.alive()).toBe(true);
    // Not to ann, who may have blocked bob on the way.
    const notes = directConversationId('bob', 'bob');
    await bob.append(notes, [{ id: 'notes', kind: 'create', form: 'direct', members: ['bob'] }]);
    await bob.say(notes, 'after', 'after all of that');
    expect(bob.acked.map(({ id }) => id)).toContain('after');
    expect([...closes].sort()).toEqual([4400, 4402]);
    expect(kinds).not.toContain('internal');
    for (const kind of [
      'unknown_kind',
      'invalid_field',
      'invalid_frame',
      'unknown_conversation',
      'unknown_place',
      'not_allowed',
      'id_conflict',
    ])
      expect(kinds).toContain(kind);
    expect((await resident()) - begin).toBeLessThan(200_000_000);
  }, 600_000);
});

function isFrame(said: string): boolean {
  try {
    const value: unknown = JSON.parse(said);
    return typeof value === 'object' && value !== null && 't' in value && typeof value.t === 'string';
  } catch {
    return false;
  }
}

function* chunks(all: string[], size: number): Generator<string[]> {
  for (let i = 0; i < all.length; i += size) yield all.slice(i, i + size);
}
