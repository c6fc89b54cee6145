/** node bench/lanes/run.mjs: what bulk does to what is live, over lines of 10 Mbit/s and of 256 kbit/s with 50 ms there and back. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { built } from '../build.mjs';

const { status } = spawnSync(process.execPath, [built('lanes/bench.ts')], {
  stdio: 'inherit',
  env: { ...process.env, MATCHBOOK_ROOT: join(import.meta.dirname, '../..') },
});
process.exit(status ?? 1);
