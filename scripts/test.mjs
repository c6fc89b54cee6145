/**
 * `npm test`: types, lint, build, unit and integration tests, end-to-end tests, the package. All of them run, whatever fails; the last line
 * counts. Types, lint, build and package count as one check each.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startVitest } from 'vitest/node';
import { ensureBuilt } from './build.mjs';
import { runEndToEnd } from './end-to-end.mjs';
import { workInMemory } from './memory-folder.mjs';
import { ROOT, run, say } from './project.mjs';

const long = process.argv.includes('--long');
if (long) process.env.MATCHBOOK_LONG = '1';
else workInMemory();

/** Two projects at a time and one checker each: more of them check the shared types again, and took twice the time on two cores. */
const TYPES = ['-b', '--noEmit', '--checkers', '1', '--builders', '2'];

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

await run(async () => {
  const counts = [
    ...(long ? [] : [check('types', 'tsc', TYPES), check('lint', 'biome', ['check', '.'])]),
    build(),
    await unit(),
    await runEndToEnd(),
    ...(long ? [] : [packaged()]),
  ];
  const total = counts.reduce((sum, count) => ({
    passed: sum.passed + count.passed,
    failed: sum.failed + count.failed,
    skipped: sum.skipped + count.skipped,
  }));
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
});

/** @param {string} name @param {string} program @param {string[]} args @returns {Count} */
function check(name, program, args) {
  say(`\n== ${name}`);
  const result = spawnSync(join(ROOT, 'node_modules', '.bin', program), args, {
    cwd: ROOT,
    stdio: 'inherit',
  });
  return one(result.status === 0);
}

function build() {
  say('\n== build');
  try {
    ensureBuilt('servers');
    ensureBuilt('desktop');
    return one(true);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return one(false);
  }
}

/** Packaging checks what it made, its smoke run included. */
function packaged() {
  say('\n== package');
  const result = spawnSync(process.execPath, [join(import.meta.dirname, 'package.mjs')], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  return one(result.status === 0);
}

/** @returns {Promise<Count>} */
async function unit() {
  say('\n== unit and integration');
  const vitest = await startVitest('test', [], { run: true, watch: false });
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const module of vitest.state.getTestModules()) {
    // A file that could not be loaded has no tests to count.
    if (module.state() === 'failed' && [...module.children.allTests()].length === 0) count.failed += 1;
    for (const test of module.children.allTests()) {
      const state = test.result().state;
      if (state === 'passed') count.passed += 1;
      else if (state === 'failed') count.failed += 1;
      else count.skipped += 1;
    }
  }
  count.failed += vitest.state.getUnhandledErrors().length;
  await vitest.close();
  return count;
}

/** @param {boolean} ok @returns {Count} */
function one(ok) {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}
