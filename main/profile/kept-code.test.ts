import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeptCode } from './kept-code.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'matchbook-kept-'));
  mkdirSync(join(root, 'chunks'));
});
afterEach(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

const kept = () => join(root, 'kept');
const files = () => readdirSync(kept()).sort();
const chunk = (name: string, text: string) => writeFileSync(join(root, 'chunks', name), text);

/** As an app does that starts: requires a chunk, runs it and keeps its code. */
function start(name: string): { value: unknown; fresh: number } {
  const require = createRequire(join(root, 'start.cjs'));
  const code = new KeptCode(kept(), join(root, 'chunks'));
  const end = code.use();
  try {
    const { value } = require(join(root, 'chunks', name)) as { value: () => unknown };
    const answer = { value: value(), fresh: code.fresh.length };
    code.save();
    return answer;
  } finally {
    end();
    for (const path of Object.keys(require.cache)) if (path.startsWith(root)) delete require.cache[path];
  }
}

const TWO = 'a-AAAAAAAA.cjs';
function two(): void {
  chunk(TWO, 'exports.value = () => require("./b-BBBBBBBB.cjs").name + __filename.slice(-14);');
  chunk('b-BBBBBBBB.cjs', 'exports.name = "b of ";');
}

it('runs the same from what was kept, which is written once', () => {
  two();
  expect(start(TWO)).toEqual({ value: 'b of a-AAAAAAAA.cjs', fresh: 2 });
  expect(files()).toHaveLength(2);
  const written = statSync(join(kept(), files()[0]!)).mtimeMs;
  expect(start(TWO)).toEqual({ value: 'b of a-AAAAAAAA.cjs', fresh: 0 });
  expect(statSync(join(kept(), files()[0]!)).mtimeMs).toBe(written);
});

it('compiles anew what is damaged, and mends it', () => {
  two();
  start(TWO);
  const path = join(kept(), files()[0]!);
  const whole = readFileSync(path);
  for (const damaged of [whole.subarray(0, whole.length - 9), Buffer.alloc(0), flipped(whole)]) {
    writeFileSync(path, damaged);
    expect(start(TWO)).toEqual({ value: 'b of a-AAAAAAAA.cjs', fresh: 1 });
    expect(start(TWO).fresh).toBe(0);
  }
});

it('lets go of an older app’s code, and of no other chunk’s', () => {
  two();
  start(TWO);
  chunk('a-CCCCCCCC.cjs', 'exports.value = () => 3;');
  expect(start('a-CCCCCCCC.cjs')).toEqual({ value: 3, fresh: 1 });
  expect(files().map((name) => name.slice(0, 10))).toEqual(['a-CCCCCCCC', 'b-BBBBBBBB']);
});

it('goes without where nothing can be kept', () => {
  two();
  writeFileSync(kept(), 'no folder');
  expect(start(TWO)).toEqual({ value: 'b of a-AAAAAAAA.cjs', fresh: 2 });
  expect(start(TWO).fresh).toBe(2);
});

function flipped(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes);
  other[other.length - 20]! ^= 1;
  return other;
}
