/**
 * node bench/backlog/run.mjs [entries=1000000] [perSecond=200]: a relay whose API server was away for long gets it back, while people go on writing. How fast the
 * backlog is saved, and what that does to delivery; and delivery with the API server away beside delivery with it.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { built } from '../build.mjs';

const { status } = spawnSync(process.execPath, [built('backlog/bench.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, MATCHBOOK_ROOT: join(import.meta.dirname, '../..') },
});
process.exit(status ?? 1);
