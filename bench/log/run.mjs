/** node bench/log/run.mjs [entries=2000000] [conversations=10000] [seconds=10]: appends a second into a log that is already large. */
import { spawnSync } from 'node:child_process';
import { built } from '../build.mjs';

const { status } = spawnSync(
  process.execPath,
  [...process.execArgv, built('log/bench.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
