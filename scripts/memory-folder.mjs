/**
 * Temporary files of the tests in memory, where there is room: databases are made and thrown away by the hundred, and a disk writes and removes each of their files.
 * A process that is killed leaves what it wrote there as on a disk; what only a disk can do is looked at by `npm run test:long`, which does not come here.
 */
import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** Bytes that must be free. */
const ROOM = 4 * 2 ** 30;

/** From here on `os.tmpdir()` is there, in this process and in those that it starts, until it ends; `MATCHBOOK_DISK` is where it was. */
export function workInMemory() {
  if (process.platform !== 'linux' || !existsSync(MEMORY)) return;
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize < ROOM) return;
  const folder = mkdtempSync(join(MEMORY, 'matchbook-'));
  // Some tests run as another user.
  chmodSync(folder, 0o755);
  process.env.MATCHBOOK_DISK = tmpdir();
  process.env.TMPDIR = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}
