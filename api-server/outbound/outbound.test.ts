import { LIMITS } from '@matchbook/protocol/limits';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { onBothDatabases } from '../testing/databases.ts';
import { LogWriter } from '../testing/log-writer.ts';
import { SERVICE, startTestApi, type TestApi } from '../testing/running-api.ts';

onBothDatabases('what the server causes in the log', (database) => {
  let api: TestApi;
  let ann: Awaited<ReturnType<TestApi['register']>>;
  beforeEach(async () => {
    api = await startTestApi({ ...(await database.env()), API_REGISTRATION: 'open' });
    ann = await api.register('Ann');
    await api.relay.waitFor(1);
    const log = new LogWriter();
    log.create('notes', 'direct', [ann.user]);
    for (const batch of log.batches()) await api.post('/api/messages/save', batch, SERVICE);
  });
  afterEach(() => api.close());

  /** Messages that are due at the same moment. */
  async function due(texts: string[]): Promise<void> {
    const at = api.clock.now + 1_000;
    for (const [i, text] of texts.entries()) {
      const body = { type: 'text/plain', text };
      const put = await api.send('PUT', `/api/scheduled/m${i}`, { conv: 'notes', body, due: at }, ann.access);
      expect(put.status).toBe(204);
    }
    api.clock.now += 2_000;
  }
  const endDevice = () => api.send('DELETE', `/api/devices/${ann.device}`, undefined, ann.access);

  it('goes to the relay in requests that it reads: large messages hold up no ended session', async () => {
    const sizes: number[] = [];
    api.relay.refuses = (body) => {
      sizes.push(body.length);
      return body.length > 2 * LIMITS.frameBytes ? 'frame_too_large' : null;
    };
    // Of this character JSON needs six.
    await due(Array.from({ length: 8 }, () => '\u0001'.repeat(LIMITS.bodyBytes)));
    await api.relay.waitFor(9);
    await endDevice();
    expect((await api.relay.waitFor(10)).at(-1)).toMatchObject({ kind: 'revoke' });
    expect(Math.max(...sizes)).toBeLessThan(2 * LIMITS.frameBytes);
  });

  it('an item that the relay cannot read is refused alone, and told to its author', async () => {
    api.relay.refuses = (body) => (body.includes('"poison"') ? 'invalid_field' : null);
    await due(['one', 'poison', 'three']);
    const appended = await api.relay.waitFor(3);
    expect(appended.slice(1)).toMatchObject([{ body: { text: 'one' } }, { body: { text: 'three' } }]);
    await expect
      .poll(async () => (await api.get('/api/scheduled', ann.access)).body.messages)
      .toMatchObject([{ id: 'm1', refused: expect.stringContaining('400') }]);
  });

  it('a stop does not wait for a relay that never answers', async () => {
    api.relay.failures.push('hang');
    await endDevice();
    // The request that gets no answer is the one of before the stop.
    await expect.poll(() => api.relay.failures).toEqual([]);
    const began = performance.now();
    await api.restart();
    // It would be ten seconds.
    expect(performance.now() - began).toBeLessThan(8_000);
    expect((await api.relay.waitFor(2)).at(-1)).toMatchObject({ kind: 'revoke' });
  });

  it.skipIf(database.name === 'sqlite')(
    'a database that is away while something waits ends nothing',
    async () => {
      const postgres = database.postgres!;
      await postgres.kill();
      // Looks for what waits.
      await api.post('/api/sessions/refresh', { refresh: 'none' });
      await expect.poll(() => api.logged.some((line) => line.includes('trying again'))).toBe(true);
      await postgres.start();
      await expect.poll(async () => (await endDevice()).status).toBe(204);
      expect((await api.relay.waitFor(2)).at(-1)).toMatchObject({ kind: 'revoke' });
    },
  );
});
