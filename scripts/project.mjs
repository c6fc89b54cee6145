/** Where things are, and how the scripts talk to the person: short lines on stderr, so that stdout stays the program's. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..');
export const RUNTIME_DIR = join(ROOT, '.electron');
/** Climbs when fallback-runtime.mjs does something else: what an older one made in RUNTIME_DIR is made again. */
export const FALLBACK_RECIPE = 2;
export const isRoot = process.getuid?.() === 0;

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Ends the script with one line that says what is wrong. */
export class SetupError extends Error {
  /** @param {string} message @param {number} [exitCode] */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a script's main function; a SetupError becomes its line and its exit code. @param {() => Promise<number | void>} main */
export async function run(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    say(error instanceof SetupError ? error.message : String(error instanceof Error ? error.stack : error));
    // At once: a library that ends the process by itself must not make a success of it.
    process.exit(error instanceof SetupError ? error.exitCode : 1);
  }
}

/** @param {string[]} names looked up on the PATH */
export function missingPrograms(names) {
  const folders = (process.env.PATH ?? '').split(':');
  return names.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
}
