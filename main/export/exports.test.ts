import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportState } from '@matchbook/protocol/bridge/export';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalError } from '../bridge/local-failure.ts';
import { entries, ME, PEER, TestLog } from '../local-store/testing/log.ts';
import { ACCOUNT, TestStore } from '../local-store/testing/store.ts';
import { temporaryFolder } from '../testing/folder.ts';
import { Exports } from './exports.ts';

let at: TestStore;
beforeEach(async () => {
  at = new TestStore();
  await at.open();
});
afterEach(() => at.dispose());

/** A conversation of which one place is at the server alone. */
async function stage() {
  const log = new TestLog();
  log.create(PEER, 'c', [PEER, ME]);
  for (let i = 0; i < 5; i++) log.message(PEER, `m${i}`, `text ${i}`);
  const here = log.entries.filter(({ n }) => n !== 3);
  await at.store.storeFrame({ account: ACCOUNT, raw: entries(here, log.cursor(6)) });
  const chosen = join(temporaryFolder(), 'exports');
  mkdirSync(chosen);
  const server = { answers: false, now: Date.parse('2026-03-01T10:00:00Z') };
  const exports = new Exports({
    store: at.store,
    account: () => ({ account: ACCOUNT, user: ME, name: 'Ann', api: 'https://example.org' }),
    fetchEntries: async (_account, conv, from, to) => {
      if (!server.answers) throw new LocalError('server_unreachable', 'away');
      return { conv, from, to, items: log.entries.slice(from - 1, to) };
    },
    file: () => Promise.reject(new Error('there are no files')),
    askFolder: async () => chosen,
    reveal: () => {},
    changed: (state) => {
      if (state.phase === 'done' || state.phase === 'failed') ended(state);
    },
    now: () => server.now,
    log: () => {},
  });
  let ended = (_: ExportState) => {};
  const run = async () => {
    const end = new Promise<ExportState>((resolve) => {
      ended = resolve;
    });
    const begun = await exports.begin(ACCOUNT, 1);
    return { begun, end: await end };
  };
  return { run, chosen, server };
}

describe('an export that the server did not answer for', () => {
  it('is gone on with in its folder, and says when it was gone on with', async () => {
    const { run, chosen, server } = await stage();
    const first = await run();
    expect(first.begun).toMatchObject({ resumed: false });
    expect(first.end).toMatchObject({ phase: 'done', summary: { missingEntries: 1, unanswered: 'away' } });
    const [folder] = readdirSync(chosen);

    server.answers = true;
    server.now += 5 * 86_400_000;
    const second = await run();
    expect(second.begun).toMatchObject({ resumed: true });
    expect(second.end).toMatchObject({ phase: 'done', folder: join(chosen, folder!) });
    expect(second.end.summary).toMatchObject({ missingEntries: 0, messages: 5 });
    expect(readdirSync(chosen)).toEqual([folder]);
    const manifest = JSON.parse(readFileSync(join(chosen, folder!, 'manifest.json'), 'utf8'));
    expect(manifest.created).toBe('2026-03-06T10:00:00.000Z');

    // Once all of it is there the next is another.
    const third = await run();
    expect(third.begun).toMatchObject({ resumed: false });
    expect(readdirSync(chosen)).toHaveLength(2);
  });
});
