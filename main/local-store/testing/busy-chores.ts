/** A process whose store salvages, indexes, makes room and reads itself through until it is killed. Arguments: folder, bytes that its history may have. */
import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { openLocalStore } from '../local-store.ts';
import { ME } from './log.ts';

const [folder = '', bytes = '0'] = process.argv.slice(2);
const store = openLocalStore({
  directory: folder,
  spawn: () => new Worker(new URL('./local-store-worker.js', import.meta.url)),
});
const notices = await store.openAccount({ account: 'account-1', user: ME, device: 'd' });
// Its chores begin soon after it.
await store.limitHistory(Number(bytes));
writeSync(1, `ready ${notices.length}\n`);
setInterval(() => {}, 1_000);
