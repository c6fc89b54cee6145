import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeCursor } from '@matchbook/protocol/cursor';
import { directConversationId } from '@matchbook/protocol/ids';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogReader } from '../reader/log-reader.ts';
import type { LogReading } from '../reader/port.ts';
import { Log } from '../sequencer/log.ts';
import type { GroupResult, LogRequest } from '../sequencer/messages.ts';
import { Turn } from '../wire/turn.ts';
import { Forwarding } from './forwarding.ts';
import { Hub } from './hub.ts';

const AB = directConversationId('ann', 'bob');
const AE = directConversationId('ann', 'eve');

interface Received {
  reg?: string;
  user?: string;
  conv: string;
  n: number;
  id: string;
  hidden?: true;
}

/** A device with a store, whose connection may break at any moment. */
class Device {
  /** Stored entries of conversations, by place. */
  readonly stored = new Map<string, { id: string; times: number }>();
  readonly profiles = new Set<string>();
  cursor: string | null = null;
  head: string | null = null;
  unconfirmed: string[] = [];
  /** Places that a snapshot says are there, and that did not come. */
  holes: { conv: string; from: number; to: number }[] = [];
  usedHeads = false;
  /** Seq of the last upTo on this connection. */
  reached = 0;
  forwarding: Forwarding | null = null;

  receive(text: string): void {
    const frame = JSON.parse(text) as {
      items?: Received[];
      conversations?: { conv: string; ranges: [number, number][] }[];
      registers?: Received[];
      upTo: string;
    };
    for (const item of [...(frame.items ?? []), ...(frame.registers ?? [])]) this.store(item);
    for (const { conv, ranges } of frame.conversations ?? []) {
      this.usedHeads = true;
      for (const [from, to] of ranges) this.holes.push({ conv, from, to });
    }
    // P11: a place that is complete stays complete.
    const seq = decodeCursor(frame.upTo)!.seq;
    expect(seq).toBeGreaterThanOrEqual(this.reached);
    this.reached = seq;
    this.cursor = frame.upTo;
    this.unconfirmed.push(frame.upTo);
  }

  store(item: Received): void {
    if (item.reg === 'profile') this.profiles.add(item.user!);
    if (item.reg !== undefined) return;
    const key = `${item.conv} ${item.n}`;
    const known = this.stored.get(key);
    this.stored.set(key, { id: item.hidden ? 'hidden' : item.id, times: (known?.times ?? 0) + 1 });
  }
}

const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      t: fc.constant('append' as const),
      conv: fc.constantFrom(AB, AB, AE, 'g', 'g'),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ t: 'publish' as const }) },
  { weight: 3, arbitrary: fc.constant({ t: 'flush' as const }) },
  { weight: 3, arbitrary: fc.constant({ t: 'read' as const }) },
  { weight: 3, arbitrary: fc.constant({ t: 'confirm' as const }) },
  { weight: 3, arbitrary: fc.constant({ t: 'heartbeat' as const }) },
  { weight: 4, arbitrary: fc.constant({ t: 'reconnect' as const }) },
  { weight: 1, arbitrary: fc.constant({ t: 'rename' as const }) },
  { weight: 2, arbitrary: fc.constant({ t: 'bob comes or goes' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      t: fc.constant('about' as const),
      kind: fc.constantFrom('reaction' as const, 'edit' as const, 'delete' as const, 'pin' as const),
      which: fc.nat(20),
    }),
  },
);

describe('I3 I4 I6 P11 P14', () => {
  it('a device gets everything of its own once and in order, whatever commits, reads, confirms and breaks when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { maxLength: 80 }),
        fc.integer({ min: 2, max: 12 }),
        fc.constantFrom(2, 100),
        fc.constantFrom(10_000, 10_000, 5),
        async (commands, credit, ring, farBehind) => {
          const folder = mkdtempSync(join(tmpdir(), 'matchbook-forwarding-'));
          const log = new Log({
            path: join(folder, 'log.db'),
            limits: { bodyBytes: 100, members: 10 },
            now: () => 1,
          });
          const reader = new LogReader(join(folder, 'log.db'));
          try {
            const profiles = ['ann', 'bob', 'eve'].map((user) => ({
              id: `p${user}`,
              kind: 'profile' as const,
              user,
              name: user,
            }));
            log.commit([{ type: 'internal', items: profiles }]);
            // What is decided when: groups reach the hub, the hub's flush and the reader's answers come, each as the commands say.
            const groups: GroupResult[] = [];
            const flushes: (() => void)[] = [];
            const reads: (() => void)[] = [];
            const turn_ = new Turn((flush) => flushes.push(flush));
            const hub = new Hub(log.folded(), turn_, { items: ring, bytes: 1e6 });
            const publish = (group: GroupResult) =>
              hub.publish({ ...group, stats: { items: 0, repeated: 0, took: 0 } });
            const reading: LogReading = {
              ask: (request) =>
                new Promise((resolve) => {
                  reads.push(() => resolve(reader.answer(request)));
                }),
            };
            const device = new Device();
            let frames = 0;
            const faults: unknown[] = [];
            const connect = () => {
              device.forwarding?.close();
              device.unconfirmed = [];
              device.reached = 0;
              const send = (text: string) => {
                if (device.forwarding !== forwarding) throw new Error('A closed connection sends.');
                frames += 1;
                device.receive(text);
              };
              const forwarding: Forwarding = new Forwarding(
                {
                  hub,
                  reader: reading,
                  creditItems: credit,
                  creditBytes: 10_000,
                  farBehind: 10_000,
                  now: () => 0,
                  wallClock: () => 0,
                },
                {
                  user: 'bob',
                  peer: 0,
                  share: ({ text }) => send(text),
                  bulk: (text) => {
                    send(text);
                    return Promise.resolve(true);
                  },
                  send: (text) => send(text),
                  delivered: () => {},
                  broken: (error) => faults.push(error),
                  tooFar: () => faults.push('too far'),
                },
              );
              device.forwarding = forwarding;
              const position = reader.answer({
                type: 'position',
                user: 'bob',
                cursor: device.cursor,
                farBehind,
              });
              if (farBehind === 10_000)
                expect(position.resume).toBe(device.cursor === null ? 'start' : 'cursor');
              // A ping may come with the hello.
              if (ring === 2) forwarding.headOrBehind();
              void forwarding.start(position);
            };
            const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
            const confirm = () => {
              for (const cursor of device.unconfirmed.splice(0))
                expect(device.forwarding!.confirm(cursor)).not.toBeNull();
            };
            let ids = 0;
            let names = 0;
            const expected = new Map<string, string>();
            const members: Record<string, string[]> = {
              [AB]: ['ann', 'bob'],
              [AE]: ['ann', 'eve'],
              g: ['ann', 'eve'],
            };
            /** Stays of bob in the group, and which of its messages are still there. */
            const stays: { from: number; to: number }[] = [];
            const messages = new Set<number>();
            const seesInGroup = (n: number) => stays.some(({ from, to }) => n >= from && n <= to);
            const places = new Map<string, number>();
            const append = (conv: string, count: number) => {
              const items = Array.from({ length: count }, () => {
                const id = `m${ids++}`;
                const n = (places.get(conv) ?? 0) + 1;
                places.set(conv, n);
                if (conv === AB || (conv === 'g' && seesInGroup(n))) expected.set(`${conv} ${n}`, id);
                if (conv === 'g' && n > 1) messages.add(n);
                return n === 1
                  ? {
                      id,
                      kind: 'create' as const,
                      form: conv === 'g' ? ('group' as const) : ('direct' as const),
                      members: members[conv]!,
                    }
                  : { id, kind: 'message' as const, body: { type: 'text/plain', text: id } };
              });
              const request: LogRequest = { type: 'append', user: 'ann', device: 'a', conv, items };
              groups.push(log.commit([request]));
            };

            /** One entry of ann's in the group. */
            const inGroup = (item: object) => {
              const n = (places.get('g') ?? 0) + 1;
              places.set('g', n);
              const id = `m${ids++}`;
              const request = {
                type: 'append',
                user: 'ann',
                device: 'a',
                conv: 'g',
                items: [{ id, ...item }],
              };
              const group = log.commit([request as LogRequest]);
              expect(group.outcomes[0]).toMatchObject([{ ok: true, place: { n } }]);
              groups.push(group);
              return { n, id };
            };
            const comeOrGo = () => {
              if (!places.get('g')) return;
              const stay = stays.at(-1);
              if (stay && stay.to === Number.POSITIVE_INFINITY) {
                const { n, id } = inGroup({ kind: 'member_remove', user: 'bob' });
                stay.to = n;
                expected.set(`g ${n}`, id);
              } else {
                const { n, id } = inGroup({ kind: 'member_add', users: ['bob'] });
                stays.push({ from: n, to: Number.POSITIVE_INFINITY });
                expected.set(`g ${n}`, id);
              }
            };
            const about = (kind: 'reaction' | 'edit' | 'delete' | 'pin', which: number) => {
              const target = [...messages][which % Math.max(1, messages.size)];
              if (target === undefined) return;
              const body = { type: 'text/plain', text: 'x' };
              const { n, id } = inGroup({
                kind,
                target,
                ...(kind === 'reaction' || kind === 'edit' ? { body } : {}),
              });
              if (kind === 'delete') messages.delete(target);
              if (seesInGroup(n)) expected.set(`g ${n}`, seesInGroup(target) ? id : 'hidden');
            };

            connect();
            for (const one of commands) {
              if (one.t === 'append') append(one.conv, one.count);
              else if (one.t === 'publish') {
                const group = groups.shift();
                if (group) publish(group);
              } else if (one.t === 'flush') flushes.shift()?.();
              else if (one.t === 'read') reads.shift()?.();
              else if (one.t === 'confirm') confirm();
              else if (one.t === 'heartbeat') device.forwarding!.headOrBehind();
              else if (one.t === 'reconnect') connect();
              else if (one.t === 'bob comes or goes') comeOrGo();
              else if (one.t === 'about') about(one.kind, one.which);
              else
                groups.push(
                  log.commit([
                    {
                      type: 'internal',
                      items: [{ id: `r${names}`, kind: 'profile', user: 'ann', name: `ann ${names++}` }],
                    },
                  ]),
                );
              await turn();
            }
            for (const group of groups) publish(group);
            const before = frames;
            for (let i = 0; i < 2_000; i++) {
              flushes.shift()?.();
              reads.shift()?.();
              confirm();
              await turn();
              if (flushes.length + reads.length + device.unconfirmed.length === 0) break;
            }
            expect(faults).toEqual([]);
            const state = device.forwarding!.headOrBehind();
            expect(state).toEqual({ head: device.cursor });
            expect(frames - before).toBeLessThan(500);
            // What a snapshot left out is filled, page by page.
            for (const { conv, from, to } of device.holes)
              for (let last = to; last >= from; ) {
                const page = reader.answer({ type: 'page', user: 'bob', conv, from, to: last });
                if (!page.ok) throw new Error(page.failure.message);
                for (const json of page.items) {
                  const item = JSON.parse(json) as Received;
                  if (!device.stored.has(`${item.conv} ${item.n}`)) device.store(item);
                }
                last = page.from - 1;
              }
            expect(Object.fromEntries([...device.stored].map(([key, { id }]) => [key, id]))).toEqual(
              Object.fromEntries(expected),
            );
            if (device.usedHeads) return;
            // Once only: a cursor that was stored is a place from which nothing comes again.
            expect([...device.stored.values()].filter(({ times }) => times !== 1)).toEqual([]);
            for (const conv of [AB, 'g']) {
              const inOrder = (keys: Iterable<string>) =>
                [...keys].filter((key) => key.startsWith(conv)).map((key) => Number(key.split(' ')[1]));
              expect(inOrder(device.stored.keys())).toEqual(inOrder(expected.keys()));
            }
            // Who shares a conversation is known; who did is known if one heard of them in that time.
            const known = new Set(['bob']);
            if ([...expected.keys()].some((key) => key.startsWith(AB))) known.add('ann');
            const inside = stays.at(-1)?.to === Number.POSITIVE_INFINITY;
            for (const user of ['ann', 'eve'])
              if (inside) known.add(user);
              else if (stays.length > 0 && device.profiles.has(user)) known.add(user);
            expect(device.profiles).toEqual(known);
          } finally {
            reader.close();
            log.close();
            rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
          }
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);
});
