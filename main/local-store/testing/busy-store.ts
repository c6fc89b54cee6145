/**
 * A process that works the store as hard as it can until it is killed: people type, the host releases, the log takes, frames come
 * in every split, holes are filled. What the store has answered is written to stdout, what the log has to a file, as a relay does
 * before it acknowledges. Arguments: folder, seed.
 */
import { appendFileSync, existsSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { decodeCursor } from '@matchbook/protocol/cursor';
import { openLocalStore } from '../local-store.ts';
import { CONV, entries, ME, PEER, page, TestLog } from './log.ts';

const [folder = '', seed = '1'] = process.argv.slice(2);
const account = 'account-1';
const conv = CONV;
const logFile = join(folder, 'log.txt');
const say = (...words: (string | number)[]): void => {
  writeSync(1, `${words.join(' ')}\n`);
};

/** Numbers in 0..below-1, the same for the same seed. */
let state = Number(seed) >>> 0;
const random = (below: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};

/** One line an entry: sender, id; the text of a message follows from its id. */
const log = readLog();
const append = (sender: string, id: string): void => {
  appendFileSync(logFile, `${sender} ${id}\n`);
  add(sender, id);
};

function readLog(): TestLog {
  const made = new TestLog();
  if (!existsSync(logFile)) return made;
  const lines = readFileSync(logFile, 'utf8').split('\n').slice(0, -1);
  for (const line of lines) add(...(line.split(' ') as [string, string]), made);
  return made;
}
function add(sender: string, id: string, to = log): void {
  if (id.startsWith('create')) to.create(sender, id, [ME, PEER]);
  else to.message(sender, id, `text of ${id}`);
}

const store = openLocalStore({
  directory: folder,
  spawn: () => new Worker(new URL('./local-store-worker.js', import.meta.url)),
});
await store.openAccount({ account, user: ME, device: 'd' });
await store.ensureDirect({ account, peer: { user: PEER, name: 'Bob' } });
say('ready');

let count = 0;
for (;;) {
  const action = random(10);
  if (action < 3) {
    const id = `s${seed}-${++count}`;
    const text = `text of ${id}`;
    const { version } = await store.saveDraft({ account, conv, text });
    say('draft', id);
    await store.submit({ account, conv, id, text, draftVersion: version });
    say('submitted', id);
  } else if (action < 6) {
    const waiting = await store.outbox(account);
    const batch = waiting.slice(0, 1 + random(5)).map(({ id }) => id);
    const { ids } = await store.release({ account, ids: batch });
    for (const id of ids) if (!log.entries.some((entry) => entry.id === id)) append(ME, id);
    // Now and then the ack is lost, and the row or a second try has to do.
    if (random(3) > 0) {
      const taken = log.entries.filter(({ id }) => ids.includes(id)).map(({ n }) => log.ack(n));
      await store.acked({ account, conv, items: taken });
      for (const { id } of taken) say('acked', id);
    }
  } else if (action < 7) {
    if (log.entries.length > 0) append(PEER, `p${seed}-${++count}`);
  } else if (action < 9) {
    const cursor = await store.cursor(account);
    const at = cursor === null ? 0 : decodeCursor(cursor)!.seq;
    if (at >= log.entries.length) continue;
    const upTo = Math.min(log.entries.length, at + 1 + random(6));
    // Some of it comes a second time, some as a stub, and now and then what lies before the last entry is passed over.
    const from = Math.max(1, at + 1 - random(3));
    const skip = random(5) === 0 ? Math.max(0, upTo - from) : 0;
    const items = log.entries
      .slice(from - 1 + skip, upTo)
      .map((entry) => (entry.sender === ME && random(2) === 0 ? log.stub(entry.n) : entry));
    await store.storeFrame({ account, raw: entries(items, log.cursor(upTo)) });
    say('stored', upTo);
  } else {
    const [hole] = await store.holes({ account, focused: null });
    if (!hole) continue;
    const from = Math.max(hole.from, hole.to - random(3));
    await store.storeFrame({ account, raw: page(log, from, hole.to) });
  }
}
