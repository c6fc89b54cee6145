/**
 * `npm test`: types, lint, build, unit and integration tests, end-to-end tests, the package. All of them run, whatever fails; the last line
 * counts. Types, lint, build and package count as one check each.
 */
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { startVitest } from 'vitest/node';
import { ensureBuilt } from './build.mjs';
import { runEndToEnd } from './end-to-end.mjs';
import { FLAKY_AT_MOST, judged } from './flaky.mjs';
import { workInMemory } from './memory-folder.mjs';
import { ROOT, run, say } from './project.mjs';

const long = process.argv.includes('--long');
if (long) process.env.MATCHBOOK_LONG = '1';
else workInMemory();

/** @typedef {import('./flaky.mjs').Count} Count */

/** Two projects at a time and one checker each: more of them check the shared types again, and took twice the time on two cores. */
const TYPES = ['-b', '--noEmit', '--checkers', '1', '--builders', '2'];

await run(async () => {
  const counts = [
    ...(long ? [] : [check('types', 'tsc', TYPES), check('lint', 'biome', ['check', '.'])]),
    build(),
    await unit(),
    await runEndToEnd(),
    ...(long ? [] : [packaged()]),
  ];
  const total = judged(counts);
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
  /** @type {Count} */
  const count = { passed: 0, failed: vitest.state.getUnhandledErrors().length, skipped: 0, flaky: [] };
  const failed = [];
  for (const module of vitest.state.getTestModules()) {
    // A file that could not be loaded has no tests to count.
    if (module.state() === 'failed' && [...module.children.allTests()].length === 0) count.failed += 1;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') count.passed += 1;
      else if (state !== 'failed') count.skipped += 1;
      else if (mayRunAgain(test)) failed.push(test);
      else count.failed += 1;
    }
  }
  await vitest.close();
  const passing = failed.length <= FLAKY_AT_MOST ? await passingAgain(failed) : new Set();
  for (const test of failed)
    if (passing.has(nameOf(test))) count.flaky.push(nameOf(test));
    else count.failed += 1;
  return count;
}

/**
 * Runs the files of these anew, and answers which of all their tests passed then.
 * @param {import('vitest/node').TestCase[]} failed @returns {Promise<Set<string>>}
 */
async function passingAgain(failed) {
  const files = [...new Set(failed.map(({ module }) => module.moduleId))];
  if (files.length === 0) return new Set();
  say(`\n== run again: ${files.map((file) => relative(ROOT, file)).join(', ')}`);
  const vitest = await startVitest('test', files, { run: true, watch: false });
  const passing = vitest.state
    .getTestModules()
    .flatMap((module) => [...module.children.allTests('passed')].map(nameOf));
  await vitest.close();
  return new Set(passing);
}

/** @param {import('vitest/node').TestCase} test */
function nameOf({ module, fullName }) {
  return `${module.relativeModuleId} > ${fullName}`;
}

/**
 * What a property found with one seed and not with the next is found.
 * @param {import('vitest/node').TestCase} test
 */
function mayRunAgain(test) {
  return !long && !test.result().errors?.some(({ message }) => message.includes('Property failed after'));
}

/** @param {boolean} ok @returns {Count} */
function one(ok) {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, flaky: [] };
}
