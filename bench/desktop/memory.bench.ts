/** Memory after a long life, beside what it was after the first thousand messages; collections are forced before each look. */

import { pause, until } from '../../e2e/fixtures/conditions.ts';
import type { Desktop } from '../../e2e/fixtures/desktop.ts';
import { test } from '../../e2e/fixtures/test.ts';
import { report, round } from './figures.ts';
import { type Memory, memory, tree } from './processes.ts';
import { UNLIMITED } from './rates.ts';

const MESSAGES = Number(process.env.MESSAGES ?? 50_000);
const FIRST = 1_000;
const RECONNECTS = Number(process.env.RECONNECTS ?? 200);
const SWITCHES = Number(process.env.SWITCHES ?? 500);
const CONVERSATIONS = 20;
/** Messages without a row at the app, at most. */
const AHEAD = 500;

interface Look {
  processes: Memory[];
  /** Objects of the main process and of each page, MB. */
  heaps: Record<string, number>;
}

async function settled(app: Desktop): Promise<Look> {
  const heaps = await app.electron.evaluate(async ({ webContents }) => {
    const collect = (globalThis as unknown as { gc?: () => void }).gc;
    collect?.();
    const found: Record<string, number> = {};
    for (const contents of webContents.getAllWebContents()) {
      // As the inspector's button does it: the page's own `gc()` keeps the rooms that it emptied.
      contents.debugger.attach('1.3');
      await contents.debugger.sendCommand('HeapProfiler.collectGarbage');
      const { usedSize } = await contents.debugger.sendCommand('Runtime.getHeapUsage');
      contents.debugger.detach();
      found[new URL(contents.getURL()).pathname] = Math.round(usedSize / 1_048_576);
      await contents.session.clearCache();
    }
    return { main: Math.round(process.memoryUsage().heapUsed / 1_048_576), ...found };
  });
  await pause(5_000);
  return { processes: memory(tree(app.electron.process().pid!)), heaps };
}

const total = ({ processes }: Look): number => processes.reduce((sum, { all }) => sum + all, 0);

test.use(UNLIMITED);

test('memory', async ({ people, desktop }) => {
  const bob = await people('Bob');
  const app = await desktop('ann', { args: ['--js-flags=--expose-gc'] }).start();
  await app.join(await bob.invitationLink(), 'Ann');
  await app.live();
  const { account, user } = await app.account();
  const peer = await bob.connect();
  const convs: string[] = [];
  for (let c = 0; c < CONVERSATIONS; c++) {
    const conv = `group-${c}`;
    peer.append(conv, { kind: 'create', id: `create-${c}`, form: 'group', members: [bob.user, user] });
    convs.push(conv);
  }
  await peer.drained();
  await until('the conversations', async () => (await app.conversations()).length >= CONVERSATIONS);
  await app.openConversation(convs[0]!);
  let said = 0;
  const say = async (upTo: number) => {
    while (said < upTo) {
      const next = Math.min(upTo, said + AHEAD);
      for (; said < next; said++)
        peer.say(convs[said % CONVERSATIONS]!, `message ${said} with a few more words`);
      await peer.drained(120_000);
      const last = convs[(said - 1) % CONVERSATIONS]!;
      await until(
        'the last of them',
        async () => (await app.timeline(last)).headN >= Math.floor((said - 1) / CONVERSATIONS) + 2,
        { within: 120_000 },
      );
    }
  };
  await say(FIRST);
  const before = await settled(app);
  const begun = performance.now();
  for (let i = 0; i < RECONNECTS; i++) {
    await say(FIRST + Math.round(((MESSAGES - FIRST) * (i + 1)) / RECONNECTS));
    await app.call('session.reconnect', { account });
    for (let k = 0; k < SWITCHES / RECONNECTS; k++)
      await app.openConversation(convs[(i * 3 + k) % CONVERSATIONS]!);
    await app.live();
  }
  const minutes = (performance.now() - begun) / 60_000;
  const after = await settled(app);
  report('memory', {
    ...{ messages: MESSAGES, reconnects: RECONNECTS, switches: SWITCHES, minutes: round(minutes, 1) },
    beforeMb: round(total(before)),
    afterMb: round(total(after)),
    ratio: round(total(after) / total(before), 2),
    asked: '<= 1.2',
    byProcess: after.processes.map(({ kind, all, own }, i) => ({
      kind,
      before: round(before.processes[i]?.all ?? 0),
      after: round(all),
      ownBefore: round(before.processes[i]?.own ?? 0),
      ownAfter: round(own),
    })),
    heaps: { before: before.heaps, after: after.heaps },
  });
});
