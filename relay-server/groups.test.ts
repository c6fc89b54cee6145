import { afterEach, describe, expect, it } from 'vitest';
import { Stage } from './testing/stage.ts';
import { message } from './testing/test-client.ts';

let stage: Stage;
afterEach(() => stage.clear());

const users = (count: number) => Array.from({ length: count }, (_, i) => `u${i}`);

describe('a large group', () => {
  it('I8 P13 brings its members by way of the log, and is live after that', async () => {
    stage = await Stage.set();
    const all = users(150);
    for (let i = 0; i < all.length; i += 50) await stage.introduce(...all.slice(i, i + 50));
    const [u0, u1] = [await stage.device('u0', 'a'), await stage.device('u1', 'b')];
    await u0.append('g', [{ id: 'c', kind: 'create', form: 'group', members: all.slice(0, 120) }]);
    await u1.until(
      'everybody',
      () => new Set(u1.items.filter((i) => i.reg === 'profile').map((i) => i.user)).size === 120,
    );
    const late = await stage.device('u2', 'c');
    await late.until(
      'everybody',
      () => new Set(late.items.filter((i) => i.reg === 'profile').map((i) => i.user)).size === 120,
    );
    await u0.append('g', [message('m1', 'one')]);
    for (const device of [u1, late]) await device.until('the message', () => device.texts.includes('one'));
    await u0.append('g', [{ id: 'add', kind: 'member_add', users: ['u130', 'u131'] }]);
    await u1.until('the new ones', () =>
      u1.items.some((item) => item.user === 'u131' && item.reg === 'profile'),
    );
    const added = await stage.device('u130', 'd');
    await added.until(
      'everybody',
      () => new Set(added.items.filter((i) => i.reg === 'profile').map((i) => i.user)).size === 122,
    );
    await u0.append('g', [message('m2', 'two')]);
    for (const device of [u1, late, added])
      await device.until('the message', () => device.texts.includes('two'));
    expect(added.texts).toEqual(['two']);
  });
});
