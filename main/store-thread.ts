/** Entry of the store's thread: its code, as it was compiled before where that is kept. */
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { KeptCode } from './profile/kept-code.ts';

/** After the start of the thread, ms. */
const CODE_KEPT_AFTER = 12_000;

const compiled: unknown = workerData?.compiled;
if (typeof compiled === 'string') {
  const code = new KeptCode(compiled, join(import.meta.dirname, 'chunks'));
  code.use();
  setTimeout(() => code.save(), CODE_KEPT_AFTER).unref();
}
void import('./local-store/worker.ts');
