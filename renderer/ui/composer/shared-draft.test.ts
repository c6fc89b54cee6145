import { describe, expect, it } from 'vitest';
import { DRAFT_DELAY, DraftKeeper, SHARE_EVERY } from '../../store/draft-keeper.ts';
import { ACCOUNT, FakeBridge } from '../testing/fake-bridge.ts';

/** Time that passes only when the test says so. */
class Clock {
  now = 0;
  #tasks: { at: number; run: () => void }[] = [];
  readonly later = (delay: number, run: () => void) => {
    const task = { at: this.now + delay, run };
    this.#tasks.push(task);
    return () => {
      this.#tasks = this.#tasks.filter((one) => one !== task);
    };
  };
  async pass(ms: number) {
    const end = this.now + ms;
    for (;;) {
      const next = this.#tasks.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (!next) break;
      this.now = next.at;
      this.#tasks = this.#tasks.filter((one) => one !== next);
      next.run();
      await settled();
    }
    this.now = end;
  }
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

async function keeper() {
  const bridge = new FakeBridge();
  const clock = new Clock();
  const made = new DraftKeeper({ account: ACCOUNT, conv: 'bob' }, bridge, clock.later);
  await settled();
  const shared = () => bridge.asked('draft.share').length;
  return { bridge, clock, keeper: made, shared, text: () => made.state.getState().text };
}

describe('a draft and the other devices', () => {
  it('sends at most once in 5 s while one types, and what was typed last', async () => {
    const { clock, keeper: at, shared, bridge } = await keeper();
    for (let i = 0; i < 120; i++) {
      at.edit('x'.repeat(i + 1));
      await clock.pass(100);
    }
    // 12 s of typing.
    expect(shared()).toBe(2);
    await clock.pass(SHARE_EVERY);
    expect(shared()).toBe(3);
    expect(bridge.draftOf('bob').text).toHaveLength(120);
    await clock.pass(10 * SHARE_EVERY);
    expect(shared()).toBe(3);
  });

  it('sends with the save when the person turns away, what is saved already by itself, and nothing where nothing changed', async () => {
    const { keeper: at, shared, bridge, clock } = await keeper();
    await at.rest();
    at.edit('half a thought');
    await at.rest();
    expect(bridge.calls.map(([name]) => name).filter((name) => name.startsWith('draft.'))).toEqual([
      'draft.read',
      'draft.save',
    ]);
    expect(bridge.asked('draft.save')).toMatchObject([{ text: 'half a thought', share: true }]);
    await clock.pass(SHARE_EVERY);
    await at.rest();
    expect(shared()).toBe(0);
    at.edit('a whole one');
    await clock.pass(DRAFT_DELAY);
    expect(shared()).toBe(0);
    await at.rest();
    expect([bridge.asked('draft.save').length, shared()]).toEqual([2, 1]);
  });

  it('asks all of it before a window that closes hears any answer', async () => {
    const { keeper: at, bridge } = await keeper();
    bridge.answers['draft.save'] = () => new Promise(() => {});
    at.edit('the last words');
    void at.close();
    await settled();
    expect(bridge.asked('draft.save')).toMatchObject([{ text: 'the last words', share: true }]);
  });

  it('leaves the emptying after a submit to the commit', async () => {
    const { keeper: at, shared, clock } = await keeper();
    at.edit('sent');
    await clock.pass(DRAFT_DELAY);
    at.take(async () => {});
    await clock.pass(SHARE_EVERY);
    expect(shared()).toBe(0);
  });

  it('tries again with the next rest what could not be handed over', async () => {
    const { keeper: at, shared, bridge, clock } = await keeper();
    bridge.answers['draft.share'] = () => ({ ok: false, failure: { kind: 'store_failed', message: '' } });
    at.edit('kept');
    await clock.pass(DRAFT_DELAY);
    await at.rest();
    await at.rest();
    expect(shared()).toBe(2);
  });

  it('takes over what another device wrote where nothing was typed since', async () => {
    const { keeper: at, bridge, text } = await keeper();
    bridge.drafts.set('bob', { text: 'from afar', version: 1, updatedAt: 1, taken: 1 });
    await at.changedElsewhere();
    expect(text()).toBe('from afar');
  });

  it('keeps what is being typed, and saves it onto the version that it was typed onto', async () => {
    const { keeper: at, bridge, text } = await keeper();
    const other = { text: 'from afar', time: 7 };
    bridge.answers['draft.save'] = ({ text: typed }: { text: string }) => {
      bridge.drafts.set('bob', { text: typed, version: 2, updatedAt: 2, taken: 1, other });
      return { ok: true, value: { version: 2, conflict: true } };
    };
    at.edit('typed just now');
    bridge.drafts.set('bob', { text: 'from afar', version: 1, updatedAt: 1, taken: 1 });
    await at.changedElsewhere();
    expect(bridge.asked('draft.save')).toEqual([
      { account: ACCOUNT, conv: 'bob', text: 'typed just now', basis: 0 },
    ]);
    expect(text()).toBe('typed just now');
    expect(at.state.getState().other).toEqual(other);
  });

  it('shows what was chosen, with what was typed while it was', async () => {
    const { keeper: at, bridge, text } = await keeper();
    at.edit('mine');
    let answer = () => {};
    bridge.answers['draft.choose'] = () =>
      new Promise((resolve) => {
        answer = () => resolve({ ok: true, value: { text: 'theirs', version: 9, updatedAt: 1 } });
      });
    const chosen = at.choose('use');
    await settled();
    at.edit('mine, and more');
    answer();
    await chosen;
    expect(text()).toBe('theirs\nmine, and more');
  });
});
