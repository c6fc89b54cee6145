import { FOREVER } from '@matchbook/protocol/bridge/preferences';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { ACCOUNT, TestDevice, World } from './testing.ts';

function devices(world: World, ...names: string[]): TestDevice[] {
  const folder = temporaryFolder();
  const made = names.map((name) => new TestDevice(name, world, folder));
  onTestFinished(() => made.forEach((one) => void one.close()));
  return made;
}

/** A device that is caught up, on which the conversation is known and read. */
async function caughtUp(...names: string[]) {
  const world = new World();
  const made = devices(world, ...(names.length > 0 ? names : ['a']));
  world.say('c');
  for (const one of made) await one.online();
  return { world, made, device: made[0]! };
}

describe('live', () => {
  it('one message makes one notification with its name and text, and a sound', async () => {
    const { world, device } = await caughtUp();
    const said = world.say('c');
    await device.receive();
    expect(device.notifier.shown).toEqual([
      { tag: 'acc/c', title: 'Title of c', body: said.text, sound: 'none', answerable: true },
    ]);
    expect(device.sounds).toBe(1);
    expect(device.about('c', 2)).toMatchObject({ reason: 'shown', n: 2 });
    device.center.changed(ACCOUNT, ['c']);
    await device.center.settled();
    expect(device.notifier.shown).toHaveLength(1);
  });

  it('a further one takes the place of the first, and counts', async () => {
    const { world, device } = await caughtUp();
    world.say('c');
    await device.receive();
    const last = world.say('c');
    await device.receive();
    expect([...device.notifier.screen.values()]).toMatchObject([
      { title: 'Title of c · 2 new messages', body: last.text },
    ]);
    expect(device.about('c', 2)?.withdrawn).toMatchObject({ why: 'replaced' });
    expect(device.about('c', 3)?.withdrawn).toBeNull();
  });

  it('a burst of 120 is one notification, and a decision for each', async () => {
    const { world, device } = await caughtUp();
    for (let i = 0; i < 120; i++) world.say('c');
    await device.receive();
    expect(device.notifier.shown).toHaveLength(1);
    expect(device.notifier.shown[0]!.title).toContain('120 new messages');
    for (let n = 2; n <= 121; n++) expect(device.about('c', n)?.reason, `n ${n}`).toMatch(/shown|summarised/);
  });

  it('of a message that is deleted is taken back, and what else it told of is told again without a sound', async () => {
    const { world, device } = await caughtUp();
    const first = world.say('c');
    world.say('c');
    await device.receive();
    world.delete('c', 3);
    await device.receive();
    expect([...device.notifier.screen.values()]).toMatchObject([{ title: 'Title of c', body: first.text }]);
    expect(device.sounds).toBe(1);
    expect(device.about('c', 3)?.withdrawn).toMatchObject({ why: 'deleted' });
    world.delete('c', 2);
    await device.receive();
    expect(device.notifier.screen.size).toBe(0);
    expect(device.about('c', 2)?.withdrawn).toMatchObject({ why: 'deleted' });
  });

  it('of a message that has other words since has these, without a sound, as often as before, and keeps the rest', async () => {
    const { world, device } = await caughtUp();
    world.say('c');
    world.say('c', { text: 'at five' });
    await device.receive();
    world.edit('c', 2, 'nobody is told of this one');
    await device.receive();
    expect(device.notifier.shown).toHaveLength(1);
    world.edit('c', 3, 'at six');
    await device.receive();
    device.center.changed(ACCOUNT, ['c']);
    await device.center.settled();
    expect([...device.notifier.screen.values()]).toMatchObject([
      { title: 'Title of c · 2 new messages', body: 'at six', sound: 'none' },
    ]);
    expect(device.notifier.shown).toHaveLength(2);
    expect(device.sounds).toBe(1);
    expect(device.about('c', 3)).toMatchObject({ reason: 'shown', withdrawn: null });
  });

  it('what others may read is hidden as far as the person says', async () => {
    const { world, device } = await caughtUp();
    for (const preview of ['name', 'nothing'] as const) {
      device.notifications.preview = preview;
      world.say('c', { text: 'secret' });
      await device.receive();
    }
    const [name, nothing] = device.notifier.shown;
    expect(name).toMatchObject({ title: 'Title of c', body: 'New message' });
    expect(nothing).toMatchObject({ title: 'Matchbook', body: '2 new messages' });
    expect(JSON.stringify(device.notifier.shown)).not.toContain('secret');
  });

  it('a conversation has a level and a sound of its own', async () => {
    const { world, device } = await caughtUp();
    device.conversations.set('c', { level: 'mentions', sound: 'system' });
    world.say('c');
    world.say('c', { mentioned: true });
    await device.receive();
    expect(device.notifier.shown).toMatchObject([{ sound: 'system' }]);
    expect(device.sounds).toBe(0);
    expect(device.about('c', 2)?.reason).toBe('level-mentions');
    expect(device.about('c', 3)?.reason).toBe('shown');
  });

  it('muted, on screen and silent ones leave their reason', async () => {
    const { world, device } = await caughtUp();
    device.muted.set('c', FOREVER);
    world.say('c');
    await device.receive();
    device.muted.clear();
    device.view = 'c';
    world.say('c');
    await device.receive();
    device.view = null;
    world.say('c', { silent: true });
    await device.receive();
    expect(device.notifier.shown).toEqual([]);
    expect([2, 3, 4].map((n) => device.about('c', n)?.reason)).toEqual(['muted', 'on-screen', 'silent']);
    expect(device.about('c', 2)?.facts).toEqual({ until: FOREVER });
  });

  it.each(['no-service', 'failed', 'unsupported'] as const)(
    'what the desktop refuses (%s) is said so',
    async (kind) => {
      const { world, device } = await caughtUp();
      device.notifier.answer = { kind, message: 'because' };
      world.say('c');
      await device.receive();
      expect(device.about('c', 2)).toMatchObject({ reason: kind, facts: { message: 'because' } });
      expect(device.sounds).toBe(0);
      expect(await device.center.test()).toEqual({ kind, message: 'because' });
    },
  );
});

describe('what was away', () => {
  it('nothing rings before it is caught up; then there is one summary of all conversations', async () => {
    const { world, device } = await caughtUp();
    device.offline();
    for (const conv of ['c', 'd', 'e']) for (let i = 0; i < 4; i++) world.say(conv);
    await device.receive();
    expect(device.notifier.shown).toEqual([]);
    await device.online();
    expect(device.notifier.shown).toMatchObject([
      { title: '12 new messages in 3 conversations', body: 'Title of c, Title of d, Title of e' },
    ]);
    for (const [conv, n] of [
      ['c', 3],
      ['d', 1],
      ['e', 4],
    ] as const)
      expect(device.about(conv, n)).toMatchObject({
        reason: 'summarised',
        facts: { messages: 12, conversations: 3 },
      });
  });

  it('what was said silently does not ring when one comes back, however much it is; one that was not does', async () => {
    const { world, device } = await caughtUp();
    device.offline();
    for (let i = 0; i < 20; i++) world.say('c', { silent: true });
    world.say('d', { silent: true });
    await device.online();
    expect(device.notifier.shown).toEqual([]);
    expect([device.about('c', 5)?.reason, device.about('d', 1)?.reason]).toEqual(['silent', 'silent']);
    device.offline();
    world.say('d');
    for (let i = 0; i < 20; i++) world.say('d', { silent: true });
    await device.online();
    expect(device.notifier.shown).toHaveLength(1);
  });

  it('1,000 messages of quiet hours ring neither then nor later, each with its reason; those that a sleeping machine missed are one summary', async () => {
    const { world, made } = await caughtUp('awake', 'asleep');
    const [awake, asleep] = made as [TestDevice, TestDevice];
    asleep.offline();
    const allDay = { on: true, days: Array.from({ length: 7 }, () => ({ from: 0, to: 0 })) };
    awake.notifications.quiet = allDay;
    for (let i = 0; i < 1_000; i++) {
      world.say(`g${i % 20}`);
      if (i % 125 === 0) await awake.receive();
    }
    await awake.receive();
    expect([awake.notifier.shown, awake.sounds]).toEqual([[], 0]);
    for (let conv = 0; conv < 20; conv++)
      for (let n = 1; n <= 50; n++) expect(awake.about(`g${conv}`, n)?.reason).toBe('quiet-hours');

    awake.notifications.quiet = { ...allDay, on: false };
    awake.offline();
    await awake.online();
    await awake.restart();
    await awake.online();
    expect(awake.notifier.shown).toEqual([]);
    const said = world.say('g3');
    await awake.receive();
    expect(awake.rang()).toEqual([said.text]);

    await asleep.online();
    expect(asleep.notifier.shown.map(({ title }) => title)).toEqual([
      '1,001 new messages in 20 conversations',
    ]);
    expect(asleep.sounds).toBe(1);
  });

  it('a single message is shown as it is, also after a restart, and once', async () => {
    const { world, device } = await caughtUp();
    const said = world.say('c');
    await device.restart();
    await device.online();
    expect(device.rang()).toEqual([said.text]);
    await device.restart();
    await device.online();
    expect(device.notifier.shown).toEqual([]);
  });

  it('what is muted, read meanwhile or without notifications is not counted', async () => {
    const { world, device } = await caughtUp();
    device.offline();
    for (const conv of ['c', 'd', 'e', 'f']) for (let i = 0; i < 2; i++) world.say(conv);
    device.muted.set('c', FOREVER);
    device.conversations.set('d', { level: 'none', sound: null });
    world.read('e', 2, 'phone');
    await device.online();
    expect(device.notifier.shown).toMatchObject([{ title: 'Title of f · 2 new messages' }]);
    expect(['c', 'd', 'e', 'f'].map((conv) => device.about(conv, 2)?.reason)).toEqual([
      'muted',
      'level-none',
      'read',
      'summarised',
    ]);
  });

  it('a new device tells of nothing that was there before it', async () => {
    const world = new World();
    for (let i = 0; i < 50; i++) world.say('c');
    const [device] = devices(world, 'new');
    await device!.online();
    expect(device!.notifier.shown).toEqual([]);
    expect(device!.about('c', 50)?.reason).toBe('before-this-device');
    world.say('c');
    await device!.receive();
    expect(device!.notifier.shown).toHaveLength(1);
  });
});

describe('withdrawn', () => {
  it('when it was read on any device', async () => {
    const { world, device } = await caughtUp();
    world.say('c');
    await device.receive();
    world.read('c', 2, 'phone');
    await device.receive();
    expect(device.notifier.withdrawn).toEqual(['acc/c']);
    expect(device.about('c', 2)?.withdrawn).toMatchObject({ why: 'read' });
  });

  it('a summary only when all that it tells of was read', async () => {
    const { world, device } = await caughtUp();
    device.offline();
    for (const conv of ['c', 'd']) for (let i = 0; i < 2; i++) world.say(conv);
    await device.online();
    world.read('c', 3, 'phone');
    await device.receive();
    expect(device.notifier.withdrawn).toEqual([]);
    world.read('d', 2, 'phone');
    await device.receive();
    expect(device.notifier.withdrawn).toEqual(['acc/']);
  });

  it('when it was read while this device was away', async () => {
    const { world, device } = await caughtUp();
    world.say('c');
    await device.receive();
    device.offline();
    world.read('c', 2, 'phone');
    await device.online();
    expect(device.notifier.withdrawn).toEqual(['acc/c']);
  });

  it('when the app ends', async () => {
    const { world, device } = await caughtUp();
    world.say('c');
    await device.receive();
    device.center.close();
    expect(device.notifier.withdrawn).toEqual(['acc/c']);
  });
});

describe('what a person does with one', () => {
  const acted = async () => {
    const { world, device } = await caughtUp();
    world.say('c');
    await device.receive();
    return device;
  };

  it('tells of a message for later that was refused, leads to it, and keeps still while nothing may be said', async () => {
    const { world, device } = await caughtUp();
    await device.center.refusedLater(ACCOUNT, 'c');
    expect(device.notifier.shown).toMatchObject([
      { body: 'A message for later was not sent', answerable: false },
    ]);
    const { tag } = device.notifier.shown[0]!;
    device.notifier.act(tag, { kind: 'open' });
    expect([device.did, device.notifier.withdrawn]).toEqual([['open c'], [tag]]);
    device.notifications.doNotDisturbUntil = world.now + 1;
    await device.center.refusedLater(ACCOUNT, 'c');
    Object.assign(device.notifications, { doNotDisturbUntil: 0, on: false });
    await device.center.refusedLater(ACCOUNT, 'c');
    expect(device.notifier.shown).toHaveLength(1);
  });

  it('a click opens the conversation, a dismissal only is noted', async () => {
    const device = await acted();
    device.notifier.act('acc/c', { kind: 'open' });
    expect(device.did).toEqual(['open c']);
    expect(device.about('c', 2)?.withdrawn).toMatchObject({ why: 'opened' });
    const other = await acted();
    other.notifier.act('acc/c', { kind: 'dismissed' });
    expect(other.did).toEqual([]);
    expect(other.about('c', 2)?.withdrawn).toMatchObject({ why: 'dismissed' });
  });

  it('"mark as read" and a reply do what they say', async () => {
    const device = await acted();
    device.notifier.act('acc/c', { kind: 'mark-read' });
    device.notifier.act('acc/c', { kind: 'reply', text: ' on my way ' });
    await expect.poll(() => device.did).toEqual(['read c 2', 'reply c on my way', 'read c 2']);
  });

  it('a reply that cannot be taken brings the conversation up', async () => {
    const device = await acted();
    device.replyFails = true;
    device.notifier.act('acc/c', { kind: 'reply', text: 'x' });
    await expect.poll(() => device.did.at(-1)).toBe('open c');
  });
});

describe('three devices of one person', () => {
  it('ring once for the person while one of them is in use, and all where none is', async () => {
    const { world, made } = await caughtUp('a', 'b', 'c');
    const [a, b, c] = made as [TestDevice, TestDevice, TestDevice];
    const everywhere = async () => {
      for (const one of made) await one.receive();
    };
    const all = world.say('c');
    await everywhere();
    for (const one of made) expect(one.rang()).toEqual([all.text]);

    // On a they read, and write: the others fall silent, and withdraw.
    await a.read('c');
    await everywhere();
    for (const one of [b, c]) expect(one.notifier.screen.size).toBe(0);
    for (let i = 0; i < 5; i++) {
      world.now += 10_000;
      a.used = world.now;
      const said = world.say('d');
      await everywhere();
      expect(made.map((one) => one.rang().filter((text) => text === said.text).length)).toEqual([1, 0, 0]);
      expect(b.about('d', i + 1)?.reason).toBe('active-elsewhere');
    }

    // Who has left the first device for two minutes is nowhere; then b is used.
    world.now += 130_000;
    const left = world.say('d');
    await everywhere();
    expect(made.every((one) => one.rang().includes(left.text))).toBe(true);
    b.write('d');
    await everywhere();
    const moved = world.say('c');
    await everywhere();
    expect(made.map((one) => one.rang().includes(moved.text))).toEqual([false, true, false]);
  });
});

describe('in any order of things', () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('say' as const),
        conv: fc.constantFrom('c', 'd', 'e'),
        silent: fc.boolean(),
        mentioned: fc.boolean(),
      }),
    },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('receive' as const), who: fc.nat(2) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('online' as const, 'offline' as const, 'restart' as const),
        who: fc.nat(2),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('read' as const, 'write' as const),
        who: fc.nat(2),
        conv: fc.constantFrom('c', 'd'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('view' as const),
        who: fc.nat(2),
        conv: fc.constantFrom('c', 'd', null),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('prefer' as const),
        who: fc.nat(2),
        on: fc.boolean(),
        until: fc.constantFrom(0, FOREVER),
        elsewhere: fc.boolean(),
        level: fc.constantFrom('all' as const, 'mentions' as const, 'none' as const),
        muted: fc.constantFrom(0, FOREVER),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 200_000 }) }),
    },
  );

  it('every message has one decision with a reason, rings at most once a device, and never where it may not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const { world, made } = await caughtUp('a', 'b', 'c');
        const rang = new Map(made.map((one) => [one, [] as string[]]));
        const collect = (one: TestDevice) => rang.get(one)!.push(...one.rang());
        for (const it of steps) {
          const one = 'who' in it ? made[it.who]! : made[0]!;
          if (it.do === 'say') world.say(it.conv, { silent: it.silent, mentioned: it.mentioned });
          else if (it.do === 'receive') await one.receive();
          else if (it.do === 'online') await one.online();
          else if (it.do === 'offline') one.offline();
          else if (it.do === 'restart') {
            collect(one);
            await one.restart();
          } else if (it.do === 'read') await one.read(it.conv);
          else if (it.do === 'write') one.write(it.conv);
          else if (it.do === 'view') one.view = it.conv;
          else if (it.do === 'wait') world.now += it.ms;
          else if ('until' in it) {
            Object.assign(one.notifications, {
              on: it.on,
              doNotDisturbUntil: it.until,
              whenActiveElsewhere: it.elsewhere,
              levels: { direct: it.level, group: it.level },
            });
            for (const conv of ['c', 'd']) one.muted.set(conv, it.muted);
          }
        }
        for (const one of made) {
          await one.online();
          collect(one);
          const texts = rang.get(one)!.filter((text) => text.startsWith('text of'));
          expect(new Set(texts).size).toBe(texts.length);
          for (const [conv, said] of world.said)
            for (const [i, message] of said.entries()) {
              const found = one.about(conv, i + 1);
              if (message.by === null) expect(found?.reason, `${conv} ${i + 1}`).toBeTruthy();
              if (texts.includes(message.text)) expect(found!.reason).toMatch(/shown|summarised/);
              if (message.by !== null) expect(texts).not.toContain(message.text);
            }
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
