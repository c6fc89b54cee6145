import { afterEach, beforeEach, expect, it } from 'vitest';
import { ENDED_SESSIONS_KEPT, OUTBOUND_KEPT } from './forgetting.ts';
import { onBothDatabases } from './testing/databases.ts';
import { startTestApi, type TestApi } from './testing/running-api.ts';

onBothDatabases('what has done its work', (database) => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi({ ...(await database.env()), API_REGISTRATION: 'open' });
  });
  afterEach(() => api.close());

  const outbound = () =>
    api.inStore(({ db }) => db.selectFrom('outbound').select(['id', 'state']).orderBy('place').execute());
  const sessions = () =>
    api.inStore(({ db }) => db.selectFrom('session').select(['sid', 'ended']).orderBy('createdAt').execute());
  /** A round is made at the start. */
  const round = async () => {
    api.logged.length = 0;
    await api.restart();
    await expect.poll(() => api.logged.filter((line) => line.includes('"forgotten":'))).toHaveLength(1);
  };

  it('is forgotten after a time: what the log took, and sessions that ended; not what waits, was refused, or lives', async () => {
    const ann = await api.register('Ann');
    api.clock.now += 1_000;
    const again = { user: ann.user, secret: ann.secret, device: { id: ann.device, name: 'test' } };
    // The same device anew: the first session is over.
    const second = await api.post('/api/sessions', again);
    const refresh = second.body.refresh as string;
    await api.relay.waitFor(2);
    const rows = (states: string[]) =>
      states.map((state, i) => ({
        ...{
          id: `${state}-${i}`,
          item: '{}',
          state: state as 'done',
          reason: null,
          createdAt: api.clock.now,
        },
      }));
    // More than one transaction takes, and between them those that stay.
    const many = Array.from({ length: 1_100 }, () => 'done');
    await api.inStore(({ write }) =>
      write(async (trx) => {
        for (let i = 0; i < many.length; i += 100)
          await trx
            .insertInto('outbound')
            .values(rows(many.slice(i, i + 100)).map((row, j) => ({ ...row, id: `done-${i + j}` })))
            .execute();
        await trx
          .insertInto('outbound')
          .values(rows(['refused', 'dropped']))
          .execute();
      }),
    );
    const all = (await outbound()).length;
    api.clock.now += OUTBOUND_KEPT - 2_000;
    await round();
    expect(await outbound()).toHaveLength(all);
    api.clock.now += 3_000;
    await round();
    expect(await outbound()).toEqual([{ id: 'refused-0', state: 'refused' }]);

    expect(await sessions()).toHaveLength(2);
    api.clock.now += ENDED_SESSIONS_KEPT - OUTBOUND_KEPT - 2_000;
    await round();
    const stale = await api.post('/api/sessions/refresh', { refresh: ann.refresh });
    expect([stale.status, stale.body.kind]).toEqual([409, 'session_replaced']);
    api.clock.now += 3_000;
    await round();
    expect(await sessions()).toMatchObject([{ ended: null }]);
    // The copy that lags behind hears another word now; the device goes on.
    const forgotten = await api.post('/api/sessions/refresh', { refresh: ann.refresh });
    expect([forgotten.status, forgotten.body.kind]).toEqual([401, 'session_ended']);
    expect((await api.post('/api/sessions/refresh', { refresh })).status).toBe(200);
  });
});
