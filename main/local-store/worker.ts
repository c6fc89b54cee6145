/** The worker thread of the local store. */
import { webcrypto } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { uuidv7Generator } from '@matchbook/protocol/ids';
import { StoreService } from './service.ts';

/** How often the outbox is copied to its backup, if it changed. */
const BACKUP_INTERVAL = 5 * 60_000;

const port = parentPort;
if (!port) throw new Error('The local store runs as a worker thread.');
const service = new StoreService((workerData as { directory: string }).directory, {
  post: (message) => port.postMessage(message),
  now: Date.now,
  newId: uuidv7Generator(Date.now, (bytes) => webcrypto.getRandomValues(bytes)),
});
port.on('message', (request) => service.handle(request));
setInterval(() => {
  try {
    service.backUp();
  } catch (error) {
    // A full disk: the outbox itself is whole, and the next round tries again.
    process.stderr.write(`outbox backup: ${error instanceof Error ? error.message : error}\n`);
  }
}, BACKUP_INTERVAL).unref();
