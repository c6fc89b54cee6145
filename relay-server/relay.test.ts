import { setTimeout as delay } from 'node:timers/promises';
import { chainLink, contentHash } from '@matchbook/protocol/chain';
import { directConversationId } from '@matchbook/protocol/ids';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AB, CREATE, Stage } from './testing/stage.ts';
import { message, TestClient } from './testing/test-client.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.set({}, 'ann', 'bob', 'eve');
});
afterEach(() => stage.clear());

async function talking(): Promise<[ann: TestClient, bob: TestClient]> {
  const [ann, bob] = [await stage.device('ann', 'a1'), await stage.device('bob', 'b1')];
  await ann.append(AB, [CREATE]);
  return [ann, bob];
}

describe('messages', () => {
  it('I4 go both ways, with the same order, count and chain for both', async () => {
    const [ann, bob] = await talking();
    await ann.say(AB, 'm1', 'hello');
    await bob.until('hello', () => bob.texts.includes('hello'));
    await bob.say(AB, 'm2', 'hi');
    await ann.until('hi', () => ann.texts.includes('hi'));
    await bob.until('the own one', () => bob.entries.length === 3);
    expect(bob.entries.map(({ n, m, id }) => [n, m, id])).toEqual([
      [1, 0, 'create'],
      [2, 1, 'm1'],
      [3, 2, 'm2'],
    ]);
    const { id: _, ...create } = CREATE;
    const first = chainLink(null, 'create', 'create', contentHash(AB, create as never));
    const body = { type: 'text/plain', text: 'hello' };
    const second = chainLink(first, 'm1', 'message', contentHash(AB, { kind: 'message', body }));
    expect(bob.entries.slice(0, 2).map(({ h }) => h)).toEqual([first, second]);
    expect(ann.acked.find(({ id }) => id === 'm1')).toMatchObject({ n: 2, m: 1, h: second });
  });

  it('P12 give the session that wrote an entry a stub, and other devices of its user the whole of it', async () => {
    const [ann] = await talking();
    const second = await stage.device('ann', 'a2');
    await ann.say(AB, 'm1', 'hello');
    await second.until('hello', () => second.texts.includes('hello'));
    await ann.until('the stub', () => ann.entries.some(({ id }) => id === 'm1'));
    expect(ann.entries.find(({ id }) => id === 'm1')).toMatchObject({ stub: true, n: 2, m: 1 });
    expect(second.texts).toEqual(['hello']);
  });

  it('P13 bring the profiles of the members with the creation, live and walked', async () => {
    const [ann, bob] = await talking();
    const late = await stage.device('bob', 'b2');
    for (const client of [ann, bob, late]) {
      await client.until('the creation', () => client.entries.length === 1);
      expect(new Set(client.registers('profile').map(({ name }) => name))).toEqual(new Set(['ANN', 'BOB']));
    }
  });

  it('I9 turn confirms into delivered positions and reads into read positions, which only climb', async () => {
    const [ann, bob] = await talking();
    await ann.say(AB, 'm1', 'one');
    await ann.say(AB, 'm2', 'two');
    await ann.until('delivered', () =>
      ann.registers('delivered').some(({ n, user }) => n === 3 && user === 'bob'),
    );
    await bob.append(AB, [{ id: 'r1', kind: 'read', n: 3 }]);
    await ann.until('read', () =>
      ann.registers('read').some(({ n, m, user }) => n === 3 && m === 2 && user === 'bob'),
    );
    await bob.append(AB, [{ id: 'r2', kind: 'read', n: 2 }]);
    await bob.append(AB, [{ id: 'r3', kind: 'read', n: 9 }]);
    expect(bob.acked.map(({ id }) => id)).toContain('r2');
    expect(bob.nacked).toMatchObject([{ id: 'r3', kind: 'unknown_place', field: 'n' }]);
    await ann.roundTrip();
    expect(ann.registers('read').map(({ n }) => n)).toEqual([3]);
  });

  it('I9 count as delivered when a device comes back with a cursor whose confirm was lost', async () => {
    const ann = await stage.device('ann', 'a1');
    const bob = await stage.device('bob', 'b1', { confirming: false });
    await ann.append(AB, [CREATE]);
    await ann.say(AB, 'm1', 'one');
    await bob.until('one', () => bob.texts.length === 1);
    bob.close();
    await ann.roundTrip();
    expect(ann.registers('delivered')).toEqual([]);
    await stage.device('bob', 'b1', { cursor: bob.cursor });
    await ann.until('delivered', () =>
      ann.registers('delivered').some(({ n, user }) => n === 2 && user === 'bob'),
    );
  });

  it('that come one at a time after many at once are answered as well, each for itself', async () => {
    const [ann] = await talking();
    for (let i = 0; i < 10; i++) ann.send({ t: 'append', conv: AB, items: [message(`b${i}`, 'x')] });
    await ann.until('the answers to all', () => ann.acked.some(({ id }) => id === 'b9'));
    for (const id of ['s1', 's2', 's3']) await ann.say(AB, id, 'x');
    expect(ann.acked.slice(-3).map(({ id }) => id)).toEqual(['s1', 's2', 's3']);
  });

  it('I3 get the first answer again for the same id, and id_conflict for other content', async () => {
    const [ann, bob] = await talking();
    await ann.say(AB, 'm1', 'hello');
    await ann.say(AB, 'm2', 'more');
    const first = ann.acked.find(({ id }) => id === 'm1');
    const again = await stage.device('ann', 'a1');
    await again.say(AB, 'm1', 'hello');
    expect(again.acked).toEqual([first]);
    await again.say(AB, 'm1', 'other');
    expect(again.nacked).toMatchObject([{ id: 'm1', kind: 'id_conflict' }]);
    await bob.until('both', () => bob.texts.length >= 2);
    await bob.roundTrip();
    expect(bob.texts).toEqual(['hello', 'more']);
  });

  it('answer a second creation of a direct conversation with the place of the first', async () => {
    const [ann, bob] = await talking();
    await bob.append(AB, [{ ...CREATE, id: 'mine', members: ['bob', 'ann'] }]);
    expect(bob.acked).toMatchObject([{ id: 'mine', n: 1, m: 0, h: ann.acked[0]!.h }]);
    await ann.roundTrip();
    expect(ann.entries).toHaveLength(1);
  });

  it('keep notes to self', async () => {
    const ann = await stage.device('ann', 'a1');
    const self = directConversationId('ann', 'ann');
    await ann.append(self, [{ ...CREATE, members: ['ann'] }, message('m1', 'milk')]);
    expect(ann.acked.map(({ n }) => n)).toEqual([1, 2]);
  });
});

describe('a second device', () => {
  it('I3 I4 gets everything, whenever it comes', async () => {
    const [ann] = await talking();
    for (let i = 0; i < 5; i++) await ann.say(AB, `m${i}`, `text ${i}`);
    const second = await stage.device('ann', 'a2');
    await second.until('all', () => second.texts.length === 5);
    expect(second.welcome.resume).toBe('start');
    await ann.say(AB, 'm5', 'text 5');
    await second.until('the live one', () => second.texts.length === 6);
    expect(second.texts).toEqual([0, 1, 2, 3, 4, 5].map((i) => `text ${i}`));
    expect(second.entries.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('P11 goes on from its cursor, and is told that it is complete by a head that equals it', async () => {
    const [ann, bob] = await talking();
    await ann.say(AB, 'm1', 'one');
    await bob.until('one', () => bob.texts.length === 1);
    bob.close();
    await ann.say(AB, 'm2', 'two');
    const back = await stage.device('bob', 'b1', { cursor: bob.cursor });
    await back.until('two', () => back.texts.length === 1);
    expect(back.welcome.resume).toBe('cursor');
    expect(back.texts).toEqual(['two']);
    await ann.append(directConversationId('ann', 'ann'), [{ ...CREATE, id: 'c2', members: ['ann'] }]);
    const pong = await back.roundTrip();
    expect(pong.head).toBe(back.cursor);
  });
});

describe('I2 I6 a non-member', () => {
  it('gets nothing: live, by walk, by fetch, in heads', async () => {
    const eve = await stage.device('eve', 'e1');
    const [ann, bob] = await talking();
    await ann.say(AB, 'm1', 'secret');
    await bob.until('secret', () => bob.texts.length === 1);
    await eve.roundTrip();
    eve.send({ t: 'fetch', ref: 7, conv: AB, from: 1, to: 2 });
    const told = await eve.frame('error', ({ ref }) => ref === 7);
    expect(told.kind).toBe('unknown_conversation');
    await eve.append(AB, [message('x', 'let me in'), { id: 'y', kind: 'read', n: 1 }]);
    expect(eve.nacked.map(({ kind }) => kind)).toEqual(['unknown_conversation', 'unknown_conversation']);
    await eve.append(AB, [{ ...CREATE, id: 'z', members: ['eve', 'ann'] }]);
    expect(eve.nacked.at(-1)).toMatchObject({ id: 'z', kind: 'invalid_field', field: 'conv' });
    const walked = await stage.device('eve', 'e2');
    const snapshot = await stage.device('eve', 'e3', { cursor: 'AQEBAQEBAQEBAAAAAAAAAAEBAQEBAQEBAQ' });
    await walked.roundTrip();
    await snapshot.until('heads', () => snapshot.heads.length === 1);
    expect(snapshot.heads[0]!.conversations).toEqual([]);
    for (const client of [eve, walked, snapshot]) {
      expect(client.entries).toEqual([]);
      expect(JSON.stringify(client.frames)).not.toContain('secret');
      expect(JSON.stringify(client.items)).not.toContain('ann');
    }
  });
});

describe('heads', () => {
  it('P10 come for a foreign cursor: a snapshot to be live from, holes fetched newest part first', async () => {
    const [ann, bob] = await talking();
    for (let i = 0; i < 3; i++)
      await ann.append(
        AB,
        Array.from({ length: 64 }, (_, j) => message(`m${i}-${j}`, `${i} ${j}`)),
      );
    await bob.until('all', () => bob.texts.length === 192);
    await ann.append(
      AB,
      Array.from({ length: 20 }, (_, j) => message(`l${j}`, `last ${j}`)),
    );
    const back = await stage.device('bob', 'b1', { cursor: 'AQEBAQEBAQEBAAAAAAAAAAEBAQEBAQEBAQ' });
    expect(back.welcome.resume).toBe('heads');
    await back.until('heads', () => back.heads.length === 1);
    const head = back.heads[0]!.conversations[0]!;
    expect(head).toMatchObject({ conv: AB, ranges: [[1, 213]], n: 213, m: 212, h: ann.acked.at(-1)!.h });
    expect(head.members).toEqual([
      { user: 'ann', since: 1 },
      { user: 'bob', since: 1 },
    ]);
    await ann.say(AB, 'new', 'after the snapshot');
    await back.until('live', () => back.texts.length === 1);
    expect(back.texts).toEqual(['after the snapshot']);
    back.send({ t: 'fetch', ref: 1, conv: AB, from: 1, to: 213 });
    const page = await back.frame('page', ({ ref }) => ref === 1);
    expect(page.to).toBe(213);
    expect(page.from).toBeGreaterThan(1);
    expect(JSON.stringify(page.items).length).toBeLessThan(17_000);
    expect(page.items.map(({ n }: { n: number }) => n)).toEqual(
      Array.from({ length: 214 - page.from }, (_, i) => page.from + i),
    );
    back.send({ t: 'fetch', ref: 2, conv: AB, from: 1, to: 9_999 });
    expect((await back.frame('error', ({ ref }) => ref === 2)).kind).toBe('unknown_place');
  });

  it('P10 P11 a ping right behind the hello moves nobody before the place that the cursor names', async () => {
    const [ann] = await talking();
    await ann.append(
      AB,
      Array.from({ length: 30 }, (_, j) => message(`early${j}`, 'x')),
    );
    for (const far of [false, true]) {
      const before = await stage.device('bob', `b${far}`);
      await before.until('all', () => before.messages.length >= 30);
      before.close();
      const again = await stage.socket();
      const token = await stage.api.token('bob', `b${far}`);
      const cursor = far ? `${before.cursor.slice(0, 8)}AAAA${before.cursor.slice(12)}` : before.cursor;
      again.send({ t: 'hello', protocol: 1, token, device: `b${far}`, cursor });
      again.send({ t: 'ping', at: 1 });
      await again.frame('heartbeat', ({ head }) => head !== undefined);
      await again.roundTrip();
      expect(again.welcome.resume).toBe(far ? 'heads' : 'cursor');
      expect(again.messages).toEqual([]);
    }
  });

  it('P10 come for a device that is far behind', async () => {
    await stage.relay.stop();
    await stage.boot({ RELAY_FAR_BEHIND_ENTRIES: '10' });
    const [ann, bob] = await talking();
    await bob.until('the creation', () => bob.entries.length === 1);
    bob.close();
    await ann.append(
      AB,
      Array.from({ length: 10 }, (_, j) => message(`a${j}`, 'x')),
    );
    const near = await stage.device('bob', 'b1', { cursor: bob.cursor });
    expect(near.welcome.resume).toBe('cursor');
    near.close();
    await ann.say(AB, 'one-more', 'x');
    const far = await stage.device('bob', 'b1', { cursor: bob.cursor });
    expect(far.welcome.resume).toBe('heads');
  });
});

describe('credit', () => {
  it('P14 stops an unconfirmed device at its limit and resumes with its confirms, without a gap', async () => {
    await stage.relay.stop();
    await stage.boot({ RELAY_CREDIT_ENTRIES: '8' });
    const ann = await stage.device('ann', 'a1');
    const bob = await stage.device('bob', 'b1', { confirming: false });
    await ann.append(AB, [CREATE]);
    for (let i = 0; i < 50; i++) await ann.say(AB, `m${i}`, `${i}`);
    await bob.roundTrip();
    const stopped = bob.items.length;
    expect(stopped).toBeLessThanOrEqual(8);
    expect(bob.texts.length).toBeGreaterThan(0);
    expect(await bob.roundTrip()).not.toHaveProperty('head');
    bob.confirming = true;
    bob.send({ t: 'confirm', upTo: bob.cursor });
    await bob.until('all', () => bob.texts.length >= 50);
    await bob.roundTrip();
    expect(bob.texts).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
    const pong = await bob.roundTrip();
    expect(pong.head).toBe(bob.cursor);
  });

  it('P14 sends a device that falls too far behind while it is connected away, to come back for a snapshot', async () => {
    await stage.relay.stop();
    await stage.boot({ RELAY_CREDIT_ENTRIES: '8', RELAY_FAR_BEHIND_ENTRIES: '10' });
    const ann = await stage.device('ann', 'a1');
    const bob = await stage.device('bob', 'b1', { confirming: false });
    await ann.append(AB, [CREATE]);
    // More than the hub hands over by itself.
    for (let i = 0; i < 40; i++) await ann.say(AB, `m${i}`, `${i} ${'x'.repeat(400)}`);
    await bob.roundTrip();
    bob.send({ t: 'confirm', upTo: bob.cursor });
    expect((await bob.closed()).code).toBe(4412);
    const back = await stage.device('bob', 'b1', { cursor: bob.cursor });
    expect(back.welcome.resume).toBe('heads');
  });

  it('P14 closes a device that owes confirms for too long', async () => {
    await stage.relay.stop();
    await stage.boot({
      RELAY_CREDIT_ENTRIES: '4',
      RELAY_CONFIRM_TIMEOUT_MS: '300',
      RELAY_HEARTBEAT_MS: '100',
    });
    const ann = await stage.device('ann', 'a1');
    const bob = await stage.device('bob', 'b1', { confirming: false });
    await ann.append(AB, [CREATE, message('1', 'x'), message('2', 'x'), message('3', 'x')]);
    expect((await bob.closed()).code).toBe(4412);
  });
});

describe('a session', () => {
  it('P6 is fenced by a newer one of the same device', async () => {
    const first = await stage.device('ann', 'a1');
    const other = await stage.device('ann', 'a2');
    await stage.device('ann', 'a1');
    const { code, reason } = await first.closed();
    expect(code).toBe(4409);
    expect(JSON.parse(reason)).toMatchObject({ kind: 'session_replaced' });
    await other.roundTrip();
  });

  it('P5 comes back with its ticket, which is good for this device only', async () => {
    const first = await stage.device('ann', 'a1');
    const { ticket } = first.welcome;
    const back = stage.keep(await TestClient.welcomed(stage.relay.ws, { ticket, device: 'a1' }));
    expect(back.welcome.user).toBe('ann');
    for (const hello of [
      { ticket, device: 'a2' },
      { ticket: `${ticket.slice(0, -2)}AA`, device: 'a1' },
      { ticket: 'x', device: 'a1' },
    ]) {
      const other = await stage.socket();
      other.send({ t: 'hello', protocol: 1, ...hello });
      expect((await other.closed()).code).toBe(4401);
    }
  });

  it('P9 hears heartbeats with the head', async () => {
    await stage.relay.stop();
    await stage.boot({ RELAY_HEARTBEAT_MS: '100' });
    const ann = await stage.device('ann', 'a1');
    await ann.until('heartbeats', () => ann.frames.filter(({ t }) => t === 'heartbeat').length >= 3);
    expect(ann.frames.findLast(({ t }) => t === 'heartbeat')?.head).toBe(ann.cursor);
  });

  it('P9 is closed when nothing is heard from it', async () => {
    await stage.relay.stop();
    // Long enough for a device to come in.
    await stage.boot({ RELAY_HEARTBEAT_MS: '100', RELAY_SILENCE_MS: '1000' });
    const ann = await stage.device('ann', 'a1');
    ann.pause();
    await expect.poll(() => stage.relay.log).toContain('"silent"');
  });

  it('P9 is heard out by a relay that stood still itself for longer than a silence may last', async () => {
    await stage.relay.stop();
    await stage.boot({ RELAY_HEARTBEAT_MS: '100', RELAY_SILENCE_MS: '1000' });
    const ann = await stage.device('ann', 'a1');
    const beats = () => ann.frames.filter(({ t }) => t === 'heartbeat').length;
    stage.relay.process.kill('SIGSTOP');
    // Time that passes is what this is about: longer than the silence that ends a connection.
    await delay(1_300);
    const before = beats();
    stage.relay.process.kill('SIGCONT');
    await ann.until('heartbeats', () => beats() >= before + 2);
    expect(stage.relay.log).not.toContain('"silent"');
  });

  it('P16 is told when the relay stops, which ends with 0', async () => {
    const ann = await stage.device('ann', 'a1');
    const code = stage.relay.stop('SIGTERM');
    expect((await ann.frame('draining')).retryAfter).toBe(1);
    expect((await ann.closed()).code).toBe(1012);
    expect(await code).toBe(0);
  });

  it('P7 counts the connections of a user', async () => {
    await stage.relay.stop();
    await stage.boot({ RELAY_SOCKETS_PER_USER: '2' });
    await stage.device('ann', 'a1');
    await stage.device('ann', 'a2');
    const third = await stage.socket();
    third.send({ t: 'hello', protocol: 1, token: await stage.api.token('ann', 'a3'), device: 'a3' });
    expect((await third.closed()).code).toBe(4414);
    await stage.device('ann', 'a2');
  });
});
