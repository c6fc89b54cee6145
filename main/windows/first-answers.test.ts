import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Question } from '@matchbook/protocol/bridge/first-questions';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askForLast, dropFirstAnswers, takeFirstAnswers } from './first-answers.ts';

let root: string;
const at = (...names: string[]) => join(root, ...names);
const parts = () => ({ profile: at('profile'), out: at('out') });
const FILE = () => at('profile', 'first-answers');
const QUESTIONS: Question[] = [
  ['app.state', {}],
  ['timeline.page', { account: 'a', conv: 'c', limit: 80 }],
];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'matchbook-first-'));
  mkdirSync(at('out', 'renderer'), { recursive: true });
  mkdirSync(at('profile', 'accounts', 'a'), { recursive: true });
  writeFileSync(at('out', 'renderer', 'index.html'), '<script src="index-1.js">');
  writeFileSync(at('profile', 'settings.json'), '{}');
  for (const name of ['history.db', 'outbox.db']) writeFileSync(at('profile', 'accounts', 'a', name), name);
});
afterEach(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

const asked = (
  ask: (name: string) => Promise<object | string> = async (name) => ({ ok: true, value: name }),
) => askForLast({ ...parts(), account: 'a', questions: QUESTIONS, ask });
const kept = () => asked()();

it('answers after an end in order, each question once', async () => {
  await kept();
  const first = takeFirstAnswers(parts())!;
  expect(first.take('app.state', {})).toEqual({ ok: true, value: 'app.state' });
  expect(first.take('app.state', {})).toBeNull();
  expect(first.take('timeline.page', { account: 'a', conv: 'other', limit: 80 })).toBeNull();
  expect(first.take('draft.save', {})).toBeNull();
  first.end();
  expect(first.take(...QUESTIONS[1]!)).toBeNull();
});

it('has nothing for the start after the next, when the app ended otherwise', async () => {
  await kept();
  expect(takeFirstAnswers(parts())).not.toBeNull();
  expect(existsSync(FILE())).toBe(false);
  expect(takeFirstAnswers(parts())).toBeNull();
});

it.each([
  ['history.db', () => appendFileSync(at('profile', 'accounts', 'a', 'history.db'), '!')],
  ['outbox.db, its size as before', () => replace(at('profile', 'accounts', 'a', 'outbox.db'), 'OUTBOX.DB')],
  ['the settings', () => replace(at('profile', 'settings.json'), '[]')],
  ['the app', () => replace(at('out', 'renderer', 'index.html'), '<script src="index-2.js">')],
  ['a WAL', () => writeFileSync(at('profile', 'accounts', 'a', 'history.db-wal'), 'a page')],
  ['damage', () => writeFileSync(at('profile', 'accounts', 'a', 'history.suspect'), '1')],
  ['a file that is gone', () => rmSync(at('profile', 'accounts', 'a', 'outbox.db'))],
  ['the end of the file itself', () => replace(FILE(), readFileSync(FILE(), 'utf8').slice(0, -3))],
])('answers nothing once there is another state of: %s', async (_what, change) => {
  await kept();
  change();
  expect(takeFirstAnswers(parts())).toBeNull();
  expect(existsSync(FILE())).toBe(false);
});

it('keeps nothing where an answer failed, a database is not closed, or the settings changed while it was asked', async () => {
  const failing = asked(() => Promise.reject(new Error('The local store is closed.')));
  await expect(failing()).rejects.toThrow('closed');
  expect(existsSync(FILE())).toBe(false);

  const changed = asked();
  replace(at('profile', 'settings.json'), '{"current":"b"}');
  await changed();
  expect(existsSync(FILE())).toBe(false);

  writeFileSync(at('profile', 'accounts', 'a', 'outbox.db-wal'), 'a page');
  await kept();
  expect(existsSync(FILE())).toBe(false);
  // What is left of one that was closed.
  writeFileSync(at('profile', 'accounts', 'a', 'outbox.db-wal'), '');
  await kept();
  expect(existsSync(FILE())).toBe(true);
});

it('keeps no more than it can read at once', async () => {
  await asked(async () => 'x'.repeat(3 * 1024 * 1024))();
  expect(existsSync(FILE())).toBe(false);
});

it('drops those of a profile that was copied', async () => {
  await kept();
  dropFirstAnswers(at('profile'));
  expect(existsSync(FILE())).toBe(false);
});

/** As programs replace files: the size may be the same. */
function replace(path: string, text: string): void {
  rmSync(path);
  writeFileSync(path, text);
}
