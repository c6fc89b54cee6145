/** run.mjs [messages=1000000] [database=sqlite|postgres] [rounds=5] [samples=200] */
import { spawnSync } from 'node:child_process';
import { built } from '../build.mjs';

const file = built('api/bench.ts');
process.exit(spawnSync(process.execPath, [file, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1);
