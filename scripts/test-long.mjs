/** `npm run test:long`: what takes longer than a test run may (many seeds, hundreds of kills). */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const result = spawnSync(process.execPath, [join(import.meta.dirname, 'test.mjs'), '--long'], {
  stdio: 'inherit',
});
process.exitCode = result.status ?? 1;
