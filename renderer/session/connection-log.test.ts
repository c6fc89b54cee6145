import { LOG_LIMITS, LogEvent } from '@matchbook/protocol/bridge/diagnostics';
import { encode } from '@matchbook/protocol/codec';
import { encodeCursor } from '@matchbook/protocol/cursor';
import type { DownFrame } from '@matchbook/protocol/frames';
import { redactedFrame, scrubbed } from '@matchbook/protocol/redaction';
import fc from 'fast-check';
import { Check } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { ConnectionLog, LogOutlet } from './connection-log.ts';
import { factsOf } from './frame-facts.ts';

const CANARY = 'canary-7f3a9b-secret';
const JWT = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJlLWhlcmU';

function stage() {
  const sent: LogEvent[][] = [];
  const due: (() => void)[] = [];
  const world = { now: 1_000, steady: 0, refuse: false };
  const outlet = new LogOutlet({
    bridge: {
      call: (async (_name: string, { events }: { events: LogEvent[] }) => {
        if (world.refuse) throw new Error('main is away');
        sent.push(events);
        return { ok: true, value: null };
      }) as never,
    },
    now: () => world.now,
    steady: () => world.steady,
    later: (work) => due.push(work),
  });
  const flush = async () => {
    while (due.length > 0) {
      due.shift()!();
      await new Promise((done) => setTimeout(done, 0));
    }
  };
  return { outlet, log: new ConnectionLog(outlet, 'acc'), sent, flush, world };
}

describe('facts of a frame', () => {
  it('are its type, size in bytes, ids and places, and never a body', () => {
    const text = encode({
      t: 'entries',
      items: [
        { conv: 'c1', n: 4, id: 'm4', kind: 'message', body: { type: 'text/plain', text: `ü ${CANARY}` } },
        { conv: 'c1', n: 5, id: 'm5', kind: 'message', body: { type: 'text/plain', text: CANARY } },
      ],
      upTo: encodeCursor({ epoch: '0011223344556677', seq: 99, running: '8899aabbccddeeff' }),
      behind: 3,
    } as DownFrame);
    expect(factsOf(text)).toEqual({
      type: 'entries',
      size: new TextEncoder().encode(text).length,
      conv: 'c1',
      ids: ['m4', 'm5'],
      count: 2,
      n: [4, 5],
      seq: 99,
      behind: 3,
    });
  });

  it('make no range of places in several conversations', () => {
    const items = [
      { conv: 'c1', n: 4, id: 'a' },
      { conv: 'c2', n: 9, id: 'b' },
    ];
    const facts = factsOf(JSON.stringify({ t: 'entries', items, upTo: '' }));
    expect(facts).toMatchObject({ count: 2, ids: ['a', 'b'] });
    expect(facts).not.toHaveProperty('n');
    expect(facts).not.toHaveProperty('conv');
  });

  it('fit the schema of the log for whatever arrives, broken or hostile', () => {
    const hostile = fc.record(
      {
        t: fc.oneof(fc.string(), fc.constantFrom('append', 'ack', 'nack', 'saved', 'page', 'error')),
        conv: fc.anything(),
        ref: fc.anything(),
        behind: fc.anything(),
        upTo: fc.anything(),
        from: fc.anything(),
        to: fc.anything(),
        kind: fc.anything(),
        field: fc.string(),
        items: fc.oneof(
          fc.anything(),
          fc.array(
            fc.record(
              {
                id: fc.anything(),
                n: fc.anything(),
                conv: fc.anything(),
                kind: fc.anything(),
                state: fc.anything(),
              },
              { requiredKeys: [] },
            ),
          ),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          hostile.map((frame) => JSON.stringify(frame) ?? ''),
        ),
        (text) => {
          const event = { at: 1, account: 'a', via: 'socket', dir: 'in', ...factsOf(text) };
          expect(Check(LogEvent, event)).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('redaction', () => {
  it('lets no secret out: not by its field at any depth, not by its text anywhere, not by its shape', () => {
    const nested = (secret: string) =>
      fc.letrec((tie) => ({
        leaf: fc.oneof(
          fc.string(),
          fc.integer(),
          fc.constantFrom('token', 'ticket', 'secret', 'Authorization').map((field) => ({ [field]: secret })),
          fc.string().map((around) => `${around}${JWT}${around}`),
          fc.string().map((around) => `${around} Bearer ${secret}`),
        ),
        node: fc.oneof(
          { maxDepth: 4 },
          tie('leaf'),
          fc.array(tie('node'), { maxLength: 3 }),
          fc.dictionary(fc.string(), tie('node'), { maxKeys: 3 }),
        ),
      })).node;
    fc.assert(
      fc.property(nested(CANARY), (value) => {
        const text = redactedFrame(JSON.stringify({ t: 'hello', token: CANARY, value }));
        expect(text).not.toContain(CANARY);
        expect(text).not.toContain(JWT);
      }),
    );
    expect(scrubbed(`reason: ${CANARY}`, [CANARY])).toBe('reason: [hidden]');
    expect(redactedFrame(`not json token=${CANARY}`)).not.toContain(CANARY);
  });

  it('leaves what is no secret as it was', () => {
    const text = encode({ t: 'ping', at: 5 });
    expect(redactedFrame(text)).toBe(text);
  });
});

describe('the log at its source', () => {
  it('has every frame and event without contents, and in order', async () => {
    const { log, sent, flush } = stage();
    log.secret(CANARY);
    log.life({ type: 'dial', words: `ws://here/ws ${CANARY}` });
    log.frame('out', 'socket', JSON.stringify({ t: 'hello', protocol: 1, token: CANARY, device: 'd' }));
    log.frame('in', 'socket', JSON.stringify({ t: 'welcome', ticket: `ticket-${CANARY}`, session: 's' }));
    log.life({ type: 'close', code: 4_400, words: `said ticket-${CANARY}` });
    await flush();
    expect(sent.flat().map(({ type }) => type)).toEqual(['dial', 'hello', 'welcome', 'close']);
    expect(JSON.stringify(sent)).not.toContain(CANARY);
    expect(JSON.stringify(sent)).not.toContain('contents');
  });

  it('hides a ticket of a welcome in everything after it', async () => {
    const { log, sent, flush } = stage();
    log.frame('in', 'socket', JSON.stringify({ t: 'welcome', ticket: 'a-fresh-ticket' }));
    log.life({ type: 'close', code: 4_401, words: 'not good: a-fresh-ticket' });
    await flush();
    expect(sent.flat()[1]!.words).toBe('not good: [hidden]');
  });

  it('has contents while they are wanted: bodies, cut to a bound, and still no secret', async () => {
    const { outlet, log, sent, flush } = stage();
    outlet.contents = true;
    log.secret(CANARY);
    log.frame(
      'out',
      'socket',
      JSON.stringify({ t: 'append', items: [{ id: 'm', body: { text: 'said' } }], note: CANARY }),
    );
    log.frame('out', 'socket', JSON.stringify({ t: 'append', text: 'x'.repeat(200_000) }));
    outlet.contents = false;
    log.frame('out', 'socket', JSON.stringify({ t: 'append', text: 'unseen' }));
    await flush();
    const [first, second, third] = sent.flat();
    expect(first!.contents).toContain('said');
    expect(first!.contents).not.toContain(CANARY);
    expect(second!.contents).toHaveLength(LOG_LIMITS.contents);
    expect(third!.contents).toBeUndefined();
  });

  it('measures a round trip by the pong', async () => {
    const { log, sent, flush, world } = stage();
    world.now = 1_700_000_000_000;
    world.steady = 1_250;
    log.frame('in', 'socket', JSON.stringify({ t: 'pong', at: 1_200, time: 9 }));
    await flush();
    expect(sent.flat()[0]!.ms).toBe(50);
  });

  it('sends batches within their bound; what main does not take in time is dropped from the oldest and counted', async () => {
    const { log, sent, flush } = stage();
    for (let i = 0; i < LOG_LIMITS.pending + 700; i++) log.life({ type: 'state', attempt: i });
    await flush();
    const events = sent.flat();
    expect(Math.max(...sent.map(({ length }) => length))).toBeLessThanOrEqual(LOG_LIMITS.batch);
    expect(events[0]).toMatchObject({ type: 'lost-events', count: 2 * LOG_LIMITS.batch });
    expect(events.at(-1)!.attempt).toBe(LOG_LIMITS.pending + 699);
    expect(events).toHaveLength(LOG_LIMITS.pending + 700 - 2 * LOG_LIMITS.batch + 1);
  });

  it('goes on after main refused a batch', async () => {
    const { log, sent, flush, world } = stage();
    world.refuse = true;
    log.life({ type: 'state' });
    await flush();
    world.refuse = false;
    log.life({ type: 'live' });
    await flush();
    expect(sent.flat().map(({ type, count }) => [type, count])).toEqual([
      ['lost-events', 1],
      ['live', undefined],
    ]);
  });
});
