/** A disk that is really full: a small file system in memory, which only root can mount. Without it: not run (sequencer/log.test.ts injects the error instead). */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { FakeApi } from './testing/fake-api.ts';
import { RunningRelay } from './testing/running-relay.ts';
import { AB, CREATE } from './testing/stage.ts';
import { message, TestClient } from './testing/test-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'matchbook-full-'));
const mounted =
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder], { stdio: 'ignore' }).status === 0;
const TEXT = 'x'.repeat(4_000);
const fast = '1000000/1000000';
let api: FakeApi;
let relay: RunningRelay;

beforeAll(async () => {
  api = await FakeApi.start();
  api.onSave = () => ({ status: 503 });
});
afterAll(async () => {
  await relay?.stop('SIGKILL');
  await api.close();
  if (mounted) execFileSync('umount', ['-l', folder]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

it.skipIf(!mounted)(
  'a full disk refuses appends as retryable, goes on serving reads, and takes appends again',
  async () => {
    const rates = { RELAY_RATE_USER: fast, RELAY_RATE_DEVICE: fast, RELAY_RATE_CONVERSATION: fast };
    relay = await RunningRelay.start(join(folder, 'relay'), api.url, rates);
    await relay.internalAppend(
      ['ann', 'bob'].map((user) => ({ id: `p-${user}`, kind: 'profile', user, name: user })),
    );
    const device = async (user: string, name: string) =>
      await TestClient.welcomed(relay.ws, { token: await api.token(user, name), device: name });
    const ann = await device('ann', 'a1');
    await ann.append(AB, [CREATE]);
    // Most of the room goes to somebody else; the rest is filled by messages.
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(join(folder, 'other'), Buffer.alloc(bavail * bsize - 6_000_000));
    let count = 0;
    while (ann.nacked.length === 0 && count < 10_000) {
      const items = Array.from({ length: 20 }, (_, i) => message(`m${count + i}`, TEXT));
      await ann.append(AB, items);
      count += items.length;
    }
    expect(ann.nacked[0]).toMatchObject({ kind: 'storage_unavailable', retryAfter: expect.any(Number) });
    expect((await fetch(`${relay.http}/readyz`)).status).toBe(503);
    expect((await fetch(`${relay.http}/livez`)).status).toBe(200);

    const acked = ann.acked.length;
    const bob = await device('bob', 'b1');
    await bob.until('everything that was acknowledged', () => bob.entries.length >= acked);
    expect(bob.messages.map(({ id }) => id)).toEqual(
      ann.acked.map(({ id }) => id).filter((id) => id !== CREATE.id),
    );

    rmSync(join(folder, 'other'));
    const refused = [...new Set(ann.nacked.map(({ id }) => id))];
    await ann.append(
      AB,
      refused.map((id) => message(id, TEXT)),
    );
    for (const id of refused) expect(ann.acked.some((one) => one.id === id)).toBe(true);
    await bob.until('what was sent again', () =>
      refused.every((id) => bob.messages.some((one) => one.id === id)),
    );
    // It asks the log now and then.
    await vi.waitFor(async () => expect((await fetch(`${relay.http}/readyz`)).status).toBe(200), 10_000);
    ann.close();
    bob.close();
  },
  120_000,
);
