/** node bench/restart/run.mjs [clients=1000]: a relay is stopped and started again under its clients. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { built } from '../build.mjs';

const { status } = spawnSync(process.execPath, [built('restart/bench.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, MATCHBOOK_ROOT: join(import.meta.dirname, '../..') },
});
process.exit(status ?? 1);
