import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FAILPOINTS } from './sequencer/failpoint.ts';
import { builtRelay } from './testing/built-relay.ts';
import { SERVICE_SECRET } from './testing/fake-api.ts';
import { RunningRelay } from './testing/running-relay.ts';
import { AB, CREATE, Stage } from './testing/stage.ts';
import { message, type TestClient } from './testing/test-client.ts';

let stage: Stage;
afterEach(() => stage.clear());

/** Sends one at a time until the connection is gone. Answers with what was tried. */
async function sendUntilKilled(client: TestClient, count: number): Promise<string[]> {
  const tried: string[] = [];
  for (let i = 0; i < count; i++) {
    tried.push(`m${i}`);
    try {
      await client.say(AB, `m${i}`, `text ${i}`);
    } catch {
      break;
    }
  }
  return tried;
}

/** `npm run test:long`: at twenty different moments of each. */
const TIMES = process.env.MATCHBOOK_LONG === '1' ? Array.from({ length: 20 }, (_, i) => i + 4) : [4];

/** How long a relay stands before an API that was not deployed yet (ms); ten minutes with `npm run test:long`. */
const WITHOUT_ENDPOINT = process.env.MATCHBOOK_LONG === '1' ? 600_000 : 1_500;

describe.each(FAILPOINTS.flatMap((point) => TIMES.map((time) => ({ point, time }))))(
  'I1 I3 I4 I10 killed at $point, time $time',
  ({ point, time }) => {
    // Saving goes on beside: it takes more messages until its second batch.
    const saving = point.endsWith('_save');
    const most = saving ? 500 : 20 + time;

    it('keeps what it acknowledged, and answers a retry as before', async () => {
      stage = await Stage.set({}, 'ann', 'bob');
      const first = await stage.device('ann', 'a1');
      await first.append(AB, [CREATE]);
      await stage.relay.stop('SIGKILL');
      await stage.boot({ RELAY_FAILPOINT: `${point}:${saving ? 2 + (time % 3) : time}` });
      const ann = await stage.device('ann', 'a1', { cursor: first.cursor || null });
      const tried = await sendUntilKilled(ann, most);
      expect(await stage.relay.ended()).toBe('SIGKILL');
      expect(tried.length).toBeLessThan(most);
      const acked = ann.acked;

      await stage.boot();
      const back = await stage.device('ann', 'a1', { cursor: ann.cursor || first.cursor || null });
      expect(back.welcome.resume).toBe('cursor');
      const again = tried.map((id, i) => message(id, `text ${i}`));
      for (let i = 0; i < again.length; i += 64) await back.append(AB, again.slice(i, i + 64));
      for (const { id, ...place } of acked)
        expect(back.acked.find((one) => one.id === id)).toEqual({ id, ...place });
      expect(back.acked.map(({ n }) => n)).toEqual(tried.map((_, i) => i + 2));
      const bob = await stage.device('bob', 'b1');
      await bob.until('all', () => bob.texts.length >= tried.length);
      await bob.roundTrip();
      expect(bob.texts).toEqual(tried.map((_, i) => `text ${i}`));
      expect(bob.entries.map(({ n }) => n)).toEqual([1, ...tried.map((_, i) => i + 2)]);
    });
  },
);

describe('the log', () => {
  it('I4 I10 has one writer: a second process names the holder and ends, also while the holder is stopped', async () => {
    stage = await Stage.set();
    const { pid } = stage.relay.process;
    stage.relay.process.kill('SIGSTOP');
    try {
      await expect(
        RunningRelay.start(stage.folder, stage.api.url, { RELAY_LOCK_WAIT_MS: '200' }),
      ).rejects.toThrow(`The relay ended with 75: relay: The log is held by process ${pid}`);
    } finally {
      stage.relay.process.kill('SIGCONT');
    }
    await stage.relay.stop('SIGKILL');
    await stage.boot();
  });

  it('I10 begins a new epoch above the place of the API when it is older than that', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const ann = await stage.device('ann', 'a1');
    await ann.append(AB, [CREATE, message('m1', 'one')]);
    await ann.until('saved', () => ann.saved.some(({ id, state }) => id === 'm1' && state === 'saved'));
    const { cursor } = ann;
    const { epoch } = stage.api.progress;
    await stage.relay.stop('SIGKILL');
    stage.api.progress = { epoch, seq: 1_000 };
    await stage.boot();
    const back = await stage.device('ann', 'a1', { cursor });
    expect(back.welcome.resume).toBe('heads');
    await back.until('heads', () => back.heads.length === 1);
    expect(back.heads[0]!.conversations[0]).toMatchObject({ conv: AB, n: 2 });
    await back.say(AB, 'm2', 'two');
    await back.until(
      'all again',
      () => stage.api.progress.epoch !== epoch && stage.api.saved.some(({ seq }) => seq > 1_000),
    );
    expect(back.acked).toMatchObject([{ id: 'm2', n: 3 }]);
  });

  it('I10 uses no seq of a lost log again', async () => {
    stage = await Stage.set();
    await stage.relay.stop('SIGKILL');
    stage.api.progress = { epoch: '00112233445566ff', seq: 700 };
    rmSync(join(stage.folder, 'log.db'));
    for (const rest of ['log.db-wal', 'log.db-shm']) rmSync(join(stage.folder, rest), { force: true });
    await stage.boot();
    await stage.introduce('ann');
    await expect.poll(() => stage.api.saved).toMatchObject([{ reg: 'profile', user: 'ann' }]);
    expect(stage.api.saved[0]!.seq).toBeGreaterThan(700);
  });

  it('I10 begins a new epoch also when the API turns out to be ahead later, and sends everybody to heads', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const ann = await stage.device('ann', 'a1');
    await ann.append(AB, [CREATE, message('m1', 'one')]);
    await ann.until('saved', () => ann.saved.some(({ id }) => id === 'm1'));
    stage.api.progress = { ...stage.api.progress, seq: 500 };
    await ann.say(AB, 'm2', 'two');
    expect((await ann.closed()).code).toBe(1012);
    const back = await stage.device('ann', 'a1', { cursor: ann.cursor });
    expect(back.welcome.resume).toBe('heads');
    await back.say(AB, 'm3', 'three');
    await back.until('saved', () => back.saved.some(({ id }) => id === 'm3'));
    expect(stage.api.saved.some((item) => item.seq > 500)).toBe(true);
  });
});

describe('the persister', () => {
  it('P15 saves in order, tells the sender, and asks no recipient to wait for it', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const [ann, bob] = [await stage.device('ann', 'a1'), await stage.device('bob', 'b1')];
    stage.api.away = true;
    await ann.append(AB, [CREATE, message('m1', 'one'), message('m2', 'two')]);
    await bob.until('delivery without the API', () => bob.texts.length === 2);
    ann.send({ t: 'status', ids: ['m1', 'nobody'] });
    await ann.until('pending', () => ann.saved.length === 2);
    expect(ann.saved).toEqual([
      { id: 'm1', state: 'pending' },
      { id: 'nobody', state: 'unknown' },
    ]);
    stage.api.away = false;
    await ann.until('saved', () => ann.saved.some(({ id, state }) => id === 'm2' && state === 'saved'));
    const entries = stage.api.saved.filter((item) => item.n !== undefined && item.reg === undefined);
    expect(entries.map((item) => 'id' in item && item.id)).toEqual(['create', 'm1', 'm2']);
    expect(entries[1]).toMatchObject({
      sender: 'ann',
      n: 2,
      m: 1,
      body: { type: 'text/plain', text: 'one' },
    });
    const seqs = stage.api.saved.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  it('I10 P15 goes on from the place in a 409, and retries what is refused as a whole', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    const ann = await stage.device('ann', 'a1');
    await ann.append(AB, [CREATE, message('m1', 'one')]);
    await ann.until('saved', () => ann.saved.some(({ id }) => id === 'm1'));
    const refusals = [500, 401, 404];
    stage.api.onSave = () => {
      const status = refusals.shift();
      return status === undefined ? null : { status };
    };
    stage.api.progress = { epoch: stage.api.progress.epoch, seq: 0 };
    stage.api.saved.length = 0;
    await ann.say(AB, 'm2', 'two');
    await ann.until('saved', () => ann.saved.some(({ id, state }) => id === 'm2' && state === 'saved'));
    expect(refusals).toEqual([]);
    expect(stage.api.conflicts).toBeGreaterThanOrEqual(1);
    const ids = stage.api.saved.flatMap((item) => ('id' in item ? [item.id] : []));
    expect(ids).toEqual(['create', 'm1', 'm2']);
  });

  it(
    'P15 keeps everything while the API has no such endpoint, and makes dead letters of nothing',
    async () => {
      stage = await Stage.set({}, 'ann', 'bob');
      stage.api.onSave = () => ({ status: 404 });
      const ann = await stage.device('ann', 'a1');
      await ann.append(AB, [CREATE]);
      const until = Date.now() + WITHOUT_ENDPOINT;
      const written: string[] = [];
      do {
        const id = `m${written.length}`;
        written.push(id);
        await ann.say(AB, id, id);
        await new Promise((resolve) => setTimeout(resolve, 100));
      } while (Date.now() < until);
      expect(stage.api.saved).toEqual([]);
      expect(ann.saved.every(({ state }) => state === 'save_delayed')).toBe(true);
      stage.api.onSave = () => null;
      await vi.waitFor(
        () =>
          expect(ann.saved.filter(({ state }) => state === 'saved').map(({ id }) => id)).toEqual([
            'create',
            ...written,
          ]),
        { timeout: 60_000 },
      );
      expect(stage.api.saved.filter(({ n }) => n !== undefined).map(({ id }) => id)).toEqual([
        'create',
        ...written,
      ]);
      expect(ann.saved.some(({ state }) => state === 'save_failed')).toBe(false);
    },
    WITHOUT_ENDPOINT + 120_000,
  );

  it('P15 makes a dead letter of a rejected item only, and remembers it', async () => {
    stage = await Stage.set({}, 'ann', 'bob');
    let dead = 0;
    stage.api.onSave = (items) => {
      dead = items.find(({ id }) => id === 'bad')?.seq ?? dead;
      return { reject: new Map([['bad', 'not for me']]) };
    };
    const ann = await stage.device('ann', 'a1');
    await ann.append(AB, [CREATE, message('m1', 'one'), message('bad', 'x'), message('m2', 'two')]);
    await ann.until('saved', () => ann.saved.some(({ id }) => id === 'm2'));
    expect(ann.saved.filter(({ id }) => id !== 'create')).toEqual([
      { id: 'm1', state: 'saved' },
      { id: 'bad', state: 'save_failed', reason: 'not for me' },
      { id: 'm2', state: 'saved' },
    ]);
    await stage.relay.stop('SIGKILL');
    await stage.boot();
    const back = await stage.device('ann', 'a1');
    back.send({ t: 'status', ids: ['m1', 'bad'] });
    await back.until('status', () => back.saved.length === 2);
    expect(back.saved).toEqual([
      { id: 'm1', state: 'saved' },
      { id: 'bad', state: 'save_failed', reason: 'not for me' },
    ]);
    // An admin had it tried again, and the API took it: the relay forgets the verdict, and its sender hears.
    const item = { id: 'told', kind: 'saved', seq: dead, sender: 'ann', entry: 'bad' };
    const answer = await fetch(`${stage.relay.http}/internal/append`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SERVICE_SECRET}`, 'content-type': 'application/json' },
      body: JSON.stringify({ items: [item] }),
    });
    expect(await answer.json()).toEqual({ items: [{ id: 'told', ok: true }] });
    await back.until('saved', () => back.saved.length === 3);
    expect(back.saved[2]).toEqual({ id: 'bad', state: 'saved' });
    back.send({ t: 'status', ids: ['bad'] });
    await back.until('status', () => back.saved.length === 4);
    expect(back.saved[3]).toEqual({ id: 'bad', state: 'saved' });
  });
});

describe('configuration', () => {
  const run = (env: Record<string, string>, ...args: string[]) =>
    spawnSync(process.execPath, [builtRelay(), ...args], { env, encoding: 'utf8' });

  it('prints every key with its default', async () => {
    stage = await Stage.set();
    const { stdout, status } = run({}, '--help');
    expect(status).toBe(0);
    const keys = [
      ...readFileSync(new URL('./config.ts', import.meta.url), 'utf8').matchAll(/^ {2}(RELAY_\w+):/gm),
    ];
    expect(keys.length).toBeGreaterThan(20);
    for (const [, key] of keys) expect(stdout).toMatch(new RegExp(`${key}\\n.*Default: `));
  });

  it('refuses wrong values with the name of their keys, and warns about unknown keys', async () => {
    stage = await Stage.set({ RELAY_TYPO: '1' });
    await expect.poll(() => stage.relay.log).toContain('RELAY_TYPO');
    const { stderr, status } = run({ RELAY_PORT: 'x', RELAY_SERVICE_SECRET: 'short' });
    expect(status).toBe(78);
    expect(stderr).toContain('RELAY_PORT: expected a whole number');
    expect(stderr).toContain('RELAY_SERVICE_SECRET: at least 32');
  });
});
