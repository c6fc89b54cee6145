import { directConversationId } from '@matchbook/protocol/ids';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Ephemeral } from './connection/ephemeral.ts';
import type { Member } from './connection/member.ts';
import { AB, CREATE, Stage } from './testing/stage.ts';
import { message, type TestClient } from './testing/test-client.ts';

describe('presence', () => {
  const MINUTE = 60_000;
  function room(conversations: Record<string, string[]>) {
    let now = 0;
    const blocks = new Set<string>();
    const ephemeral = new Ephemeral(
      {
        members: (conv) => new Set(conversations[conv] ?? []),
        conversations: (user) =>
          new Set(Object.keys(conversations).filter((conv) => conversations[conv]!.includes(user))),
        blocks: (owner, other) => blocks.has(`${owner} ${other}`),
      },
      () => now,
    );
    const enter = (user: string) => {
      const heard: string[] = [];
      const member: Member = {
        ...{ user, device: user, session: user, close: () => {}, saved: () => {} },
        ephemeral: ({ text }) => {
          const frame = JSON.parse(text) as {
            t: string;
            user: string;
            users: { user: string; state: string }[];
            elsewhere?: true;
          };
          if (frame.elsewhere) heard.push('in use elsewhere');
          if (frame.t === 'presence') heard.push(...frame.users.map((one) => `${one.user} ${one.state}`));
          else heard.push(`${frame.user} types`);
        },
      };
      ephemeral.join(member);
      return {
        member,
        heard: () => heard.splice(0),
        leave: () => {
          ephemeral.leave(member);
        },
      };
    };
    const block = (owner: string, other: string, on: boolean) => {
      if (on) blocks.add(`${owner} ${other}`);
      else blocks.delete(`${owner} ${other}`);
      ephemeral.blocked(owner, other, on);
    };
    const join = (conv: string, ...users: string[]) => {
      conversations[conv] = [...(conversations[conv] ?? []), ...users];
      ephemeral.joined(conv, users);
    };
    const part = (conv: string, user: string) => {
      conversations[conv] = conversations[conv]!.filter((one) => one !== user);
      ephemeral.left(conv, [user]);
    };
    return { ephemeral, enter, block, join, part, pass: (ms: number) => (now += ms) };
  }

  type Room = ReturnType<ReturnType<typeof room>['enter']>;

  it('shows nobody who does not want to be seen, from that word on, also when they come back; and they see nobody', () => {
    const { ephemeral, enter, pass } = room({ c: ['ann', 'bob'], d: ['ann', 'eve'] });
    const [ann, bob, eve] = [enter('ann'), enter('bob'), enter('eve')];
    ephemeral.activity(ann.member, true, false);
    ephemeral.activity(bob.member, true);
    for (const one of [ann, bob, eve]) one.heard();
    ephemeral.activity(ann.member, false, true);
    expect([ann.heard(), bob.heard(), eve.heard()]).toEqual([
      ['ann offline', 'bob offline', 'eve offline'],
      ['ann offline'],
      ['ann offline'],
    ]);
    // Whatever happens meanwhile.
    ephemeral.activity(ann.member, true, true);
    ephemeral.activity(bob.member, false);
    pass(6 * MINUTE);
    ephemeral.tick();
    const phone = enter('ann');
    const late = enter('bob');
    ann.leave();
    phone.leave();
    const back = enter('ann');
    expect([ann, phone, back, eve].map((one) => one.heard())).toEqual([[], [], [], []]);
    expect(late.heard()).toEqual(['bob away']);
    // And then they want to.
    bob.heard();
    ephemeral.activity(back.member, true, false);
    expect(back.heard()).toEqual(['ann online', 'bob away', 'eve away']);
    expect([bob.heard(), eve.heard()]).toEqual([['ann online'], ['ann online']]);
    // A device that says nothing of it changes nothing.
    ephemeral.activity(back.member, false, true);
    ephemeral.activity(back.member, true);
    expect(bob.heard()).toEqual(['ann offline']);
  });

  it('tells the other devices of a person each time that one is used, and nobody else', () => {
    const { ephemeral, enter } = room({ c: ['ann', 'bob'] });
    const [ann, bob, phone] = [enter('ann'), enter('bob'), enter('bob')];
    for (const one of [ann, bob, phone]) one.heard();
    ephemeral.activity(phone.member, true);
    expect(bob.heard()).toEqual(['bob online', 'in use elsewhere']);
    expect(phone.heard()).toEqual(['bob online']);
    expect(ann.heard()).toEqual(['bob online']);
    // Online already: the other one is told all the same.
    ephemeral.activity(bob.member, true);
    expect(phone.heard()).toEqual(['in use elsewhere']);
    expect(bob.heard()).toEqual([]);
    ephemeral.activity(bob.member, false);
    expect(phone.heard()).toEqual([]);
    expect(ann.heard()).toEqual([]);
  });

  it('comes from input, goes away after five minutes without, and ends with the last device', () => {
    const { ephemeral, enter, pass } = room({ c: ['ann', 'bob'], d: ['bob', 'eve'] });
    const [ann, eve, bob] = [enter('ann'), enter('eve'), enter('bob')];
    ann.heard();
    bob.heard();
    const phone = enter('bob');
    expect(ann.heard()).toEqual([]);
    ephemeral.activity(bob.member, true);
    expect([ann.heard(), eve.heard()]).toEqual([['bob online'], ['eve away', 'bob away', 'bob online']]);
    pass(4 * MINUTE);
    ephemeral.tick();
    ephemeral.activity(phone.member, true);
    pass(2 * MINUTE);
    ephemeral.tick();
    expect(ann.heard()).toEqual([]);
    pass(4 * MINUTE);
    ephemeral.tick();
    expect(ann.heard()).toEqual(['bob away']);
    ephemeral.activity(phone.member, true);
    ephemeral.activity(phone.member, false);
    expect(ann.heard()).toEqual(['bob online', 'bob away']);
    bob.leave();
    expect(ann.heard()).toEqual([]);
    phone.leave();
    expect(ann.heard()).toEqual(['bob offline']);
    // A socket that comes back says nothing about input.
    const back = enter('bob');
    expect(ann.heard()).toEqual(['bob away']);
    expect(back.heard()).toContain('ann away');
  });

  it('I6 reaches those who share a conversation that is not too large, and nobody else', () => {
    const crowd = Array.from({ length: 65 }, (_, i) => `u${i}`);
    const { ephemeral, enter } = room({ c: ['ann', 'bob'], crowd: ['ann', ...crowd] });
    const [bob, stranger, one] = [enter('bob'), enter('eve'), enter('u1')];
    const ann = enter('ann');
    ephemeral.activity(ann.member, true);
    ephemeral.typing(ann.member, { t: 'typing', conv: 'crowd', on: true });
    ephemeral.typing(stranger.member, { t: 'typing', conv: 'c', on: true });
    expect(bob.heard()).toEqual(['bob away', 'ann away', 'ann online']);
    expect([stranger.heard(), one.heard()]).toEqual([['eve away'], ['u1 away']]);
  });

  it('is told to those who come to share a conversation, and taken from those who share none any more', () => {
    const { ephemeral, enter, block, join, part } = room({ c: ['ann', 'bob'] });
    const [ann, bob, eve, cy] = ['ann', 'bob', 'eve', 'cy'].map(enter) as [Room, Room, Room, Room];
    const heard = () => [ann, bob, eve, cy].map((one) => one.heard());
    for (const one of [ann, eve]) ephemeral.activity(one.member, true);
    ephemeral.activity(cy.member, false, true);
    block('bob', 'eve', true);
    heard();
    join('g', 'ann', 'eve', 'cy');
    // Who is not to be seen is not shown here either, and sees nobody.
    expect(heard()).toEqual([['eve online'], [], ['ann online'], []]);
    join('g', 'bob');
    expect(heard()).toEqual([['bob away'], ['ann online', 'eve online'], [], []]);
    part('g', 'ann');
    expect(heard()).toEqual([['eve offline', 'cy offline'], [], ['ann offline'], ['ann offline']]);
    const crowd = Array.from({ length: 65 }, (_, i) => `u${i}`);
    join('h', 'ann', 'eve', ...crowd);
    expect(heard()).toEqual([[], [], [], []]);
  });

  it('is taken from all in a conversation that becomes too large for it, and told to them again once it is not', () => {
    const crowd = Array.from({ length: 62 }, (_, i) => `u${i}`);
    const { enter, join, part } = room({ g: ['ann', 'bob', ...crowd], c: ['ann', 'cy'] });
    const [ann, bob, cy, eve] = ['ann', 'bob', 'cy', 'eve'].map(enter) as [Room, Room, Room, Room];
    const heard = () => [ann, bob, cy, eve].map((one) => one.heard());
    heard();
    join('g', 'cy');
    // Two of them share another one.
    expect(heard()).toEqual([
      ['bob offline', ...crowd.map((one) => `${one} offline`)],
      expect.arrayContaining(['ann offline']),
      [],
      [],
    ]);
    join('g', 'eve');
    part('g', 'eve');
    expect(heard()).toEqual([[], [], [], []]);
    part('g', 'cy');
    expect(heard()).toEqual([['bob away'], ['ann away'], [], []]);
  });

  it('is not told to who is blocked, whose typing is not told either', () => {
    const { ephemeral, enter, block } = room({ c: ['ann', 'bob'], g: ['ann', 'bob', 'eve'] });
    const [ann, bob] = [enter('ann'), enter('bob')];
    ephemeral.activity(ann.member, true);
    block('ann', 'bob', true);
    expect(bob.heard()).toEqual(['bob away', 'ann away', 'ann online', 'ann offline']);
    ephemeral.activity(ann.member, false);
    ephemeral.activity(ann.member, true);
    const phone = enter('bob');
    expect([bob.heard(), phone.heard()]).toEqual([[], ['bob away']]);
    ann.heard();
    for (const conv of ['c', 'g']) ephemeral.typing(bob.member, { t: 'typing', conv, on: true });
    expect(ann.heard()).toEqual(['bob types']);
    ephemeral.typing(ann.member, { t: 'typing', conv: 'c', on: true });
    expect(bob.heard().filter((one) => one !== 'bob types')).toEqual(['ann types']);
    block('ann', 'bob', false);
    expect(bob.heard()).toEqual(['ann online']);
  });

  it('typing is bounded, whoever types', () => {
    const { ephemeral, enter, pass } = room({ c: ['ann', 'bob'] });
    const [ann, bob] = [enter('ann'), enter('bob')];
    bob.heard();
    for (let i = 0; i < 100; i++) ephemeral.typing(ann.member, { t: 'typing', conv: 'c', on: true });
    expect(bob.heard()).toHaveLength(20);
    pass(1_000);
    for (let i = 0; i < 100; i++) ephemeral.typing(ann.member, { t: 'typing', conv: 'c', on: true });
    expect(bob.heard()).toHaveLength(5);
  });
});

describe('sessions', () => {
  let stage: Stage;
  afterEach(() => stage.clear());

  it('I7 a revoked one is closed within a second, and neither token nor ticket lets it in again, also after a restart', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const [other, bob] = [await stage.device('ann', 'other'), await stage.device('bob', 'b1')];
    const anns = [];
    for (const name of ['a1', 'a2', 'a3']) anns.push(await stage.device('ann', name));
    const took: number[] = [];
    for (const [i, ann] of anns.entries()) {
      const begun = performance.now();
      const revoke = { id: `r${i}`, kind: 'revoke', user: 'ann', session: `s-ann-a${i + 1}` };
      await stage.relay.internalAppend([revoke]);
      expect((await ann.closed()).code).toBe(4410);
      took.push(performance.now() - begun);
    }
    // The machine may stand still for a second, and hardly twice.
    expect(took.sort((a, b) => a - b)[1]).toBeLessThan(1_000);
    const [ann] = anns as [TestClient];
    const { ticket } = ann.welcome;
    await bob.append(AB, [CREATE, message('m1', 'after')]);
    await other.until('it goes on', () => other.texts.length === 1);
    expect(ann.texts).toEqual([]);
    await stage.relay.stop('SIGKILL');
    await stage.boot();
    for (const hello of [{ ticket }, { token: await stage.api.token('ann', 'a1') }]) {
      const again = await stage.socket();
      again.send({ t: 'hello', protocol: 1, device: 'a1', ...hello });
      expect((await again.closed()).code).toBe(4410);
    }
  });

  it('hear who is there as soon as they share a conversation, and that they are gone when they do not any more', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const [ann, bob] = [await stage.device('ann', 'a1'), await stage.device('bob', 'b1')];
    const heard = () =>
      bob.frames
        .flatMap((frame) => (frame.t === 'presence' ? frame.users : []))
        .filter(({ user }) => user === 'ann');
    ann.send({ t: 'activity', active: true });
    await ann.append('g', [{ id: 'c', kind: 'create', form: 'group', members: ['ann', 'bob'] }]);
    await bob.until('ann to be there', () => heard().at(-1)?.state === 'online');
    await ann.append('g', [{ id: 'l', kind: 'member_remove', user: 'bob' }]);
    await bob.until('ann to be gone', () => heard().at(-1)?.state === 'offline');
  });

  it('P16 are told to come back spread over a configured time when the relay stops, which it does with 0', async () => {
    stage = await Stage.set({ RELAY_DRAIN_SPREAD_MS: '7000' }, 'ann');
    const ann = await stage.device('ann', 'a1');
    expect(await stage.relay.stop()).toBe(0);
    expect(ann.frames.at(-1)).toEqual({ t: 'draining', retryAfter: 1, spread: 7 });
    expect((await ann.closed()).code).toBe(1012);
  });

  it('rates: what comes too fast is refused from there on, to be sent again; too many frames end the connection', async () => {
    const env = { RELAY_RATE_DEVICE: '5/10', RELAY_FRAMES_PER_SECOND: '50', RELAY_FRAMES_BURST: '100' };
    stage = await Stage.set(env, 'ann', 'bob');
    const ann = await stage.device('ann', 'a1');
    const items = Array.from({ length: 12 }, (_, i) => message(`m${i}`, `${i}`));
    // In one frame: between two of them the relay's clock goes on.
    ann.send({ t: 'append', conv: AB, items: [CREATE, ...items] });
    await ann.until('the answer', () => ann.nacked.length > 0);
    expect(ann.nacked.map(({ id, kind }) => [id, kind])).toEqual([
      ['m9', 'rate_limited'],
      ['m10', 'rate_limited'],
      ['m11', 'rate_limited'],
    ]);
    const { retryAfter } = ann.nacked[0]!;
    expect(retryAfter).toBeGreaterThan(0);
    await vi.waitFor(
      async () => {
        const missing = items.filter(({ id }) => !ann.acked.some((one) => one.id === id));
        await ann.append(AB, missing);
        expect(ann.acked.map(({ id }) => id)).toContain('m11');
      },
      { timeout: 30_000, interval: 250 },
    );
    expect(new Set(ann.acked.map(({ n }) => n)).size).toBe(13);
    for (let i = 0; i < 200; i++) ann.send({ t: 'ping', at: i });
    const { code, reason } = await ann.closed();
    expect([code, (JSON.parse(reason) as { retryAfter: number }).retryAfter]).toEqual([4429, 5]);
  });

  it('compression is off unless configured, and works where it is', async () => {
    stage = await Stage.set({ RELAY_COMPRESSION: 'on' }, 'ann', 'bob');
    const [ann, bob] = [await stage.device('ann', 'a1'), await stage.device('bob', 'b1')];
    await ann.append(AB, [CREATE, message('m1', 'x'.repeat(5_000))]);
    await bob.until('the message', () => bob.texts.length === 1);
    expect(bob.welcome.user).toBe('bob');
    expect(directConversationId('ann', 'bob')).toBe(AB);
  });
});
