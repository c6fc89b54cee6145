/** Exports of one's own data: whole, in bounded memory, gone on with after a failure, and checked. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExportState } from '@matchbook/protocol/bridge/export';
import type { HistoryPage } from '@matchbook/protocol/http/history';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalError } from '../../main/bridge/local-failure.ts';
import { checkExport } from '../../main/export/checking.ts';
import { Exports } from '../../main/export/exports.ts';
import { entries, frame, ME, PEER, page as pageFrame, TestLog } from '../../main/local-store/testing/log.ts';
import { ACCOUNT, TestStore } from '../../main/local-store/testing/store.ts';
import { until } from '../fixtures/conditions.ts';

const account = ACCOUNT;
/** `npm run test:long`: the whole of what is promised. */
const MANY = process.env.MATCHBOOK_LONG === '1' ? 20_000 : 3_000;
const NASTY = `<script>alert(1)</script> "quoted" & <img src=x onerror=alert(2)> https://example.org/a?b=1&c=2.`;
const PICTURE = createHash('sha256').update('a picture').digest('hex');

let at: TestStore;
let log: TestLog;
let out: string;
let states: ExportState[];
/** Windows that were asked for a folder. */
let windows: number[];
let exports: Exports;
/** What the server has of the log; null: it cannot be asked. */
let server: TestLog | null;
let files: Map<string, string>;
let fileFails: (() => void) | null;
/** A server that takes its time, until the export is cancelled. */
/** Happens whenever the server is asked. */
let during: (() => Promise<void>) | null;
let stall: ((signal: AbortSignal) => Promise<void>) | null;

beforeEach(async () => {
  at = new TestStore();
  await at.open();
  log = new TestLog();
  log.create();
  server = log;
  out = mkdtempSync(join(tmpdir(), 'matchbook-export-'));
  states = [];
  windows = [];
  files = new Map();
  fileFails = null;
  stall = null;
  during = null;
  exports = make();
});
afterEach(async () => {
  await exports.close();
  await at.dispose();
  rmSync(out, { recursive: true, force: true, maxRetries: 5 });
});

function make(): Exports {
  return new Exports({
    store: at.store,
    account: () => ({ account, user: ME, name: 'Ann <b>', api: 'https://chat.example.org' }),
    fetchEntries: async (conv, _account, from, to) => page(conv, from, to),
    file: async (_account, hash, { signal }) => {
      fileFails?.();
      await stall?.(signal);
      const path = files.get(hash);
      if (!path) throw new LocalError('not_found', 'There is no such file for you.');
      return { path, size: statSync(path).size, type: 'image/png' };
    },
    askFolder: async (sender) => {
      windows.push(sender);
      return out;
    },
    reveal: () => {},
    changed: (state) => void states.push(state),
    now: Date.now,
    log: () => {},
  });
}

async function page(_conv: string, from: number, to: number): Promise<HistoryPage> {
  await during?.();
  if (!server) throw new LocalError('server_unreachable', 'away');
  return { conv: server.conv, from, to, items: server.entries.slice(from - 1, to) };
}

/** Gives the store what the log has from one place to another. */
async function hear(from: number, to: number): Promise<void> {
  for (let first = from; first <= to; first += 500)
    await at.store.storeFrame({
      account,
      raw: entries(
        log.entries.slice(first - 1, Math.min(to, first + 499)),
        log.cursor(Math.min(to, first + 499)),
      ),
    });
}

function sayWithPicture(): void {
  const files = [{ hash: PICTURE, name: 'a.png', type: 'image/png', size: 9 }];
  const text = JSON.stringify({ text: 'look', files });
  log.say(PEER, 'file', { kind: 'message', body: { type: 'application/vnd.matchbook.message+json', text } });
}

async function ended(): Promise<ExportState> {
  return until(
    'the export to end',
    () => states.findLast(({ phase }) => ['done', 'failed', 'cancelled'].includes(phase)),
    { within: 60_000 },
  );
}

/** The entries of the one conversation, as JSON has them. */
async function told(): Promise<{ n: number; text?: string }[]> {
  const [json] = readdirSync(join(folder(), 'conversations')).filter((name) => name.endsWith('.json'));
  return JSON.parse(readFileSync(join(folder(), 'conversations', json!), 'utf8')).entries;
}

const folder = () => join(out, readdirSync(out)[0]!);

describe('an export of one’s own data', () => {
  it('has thousands of messages as JSON and as a page, in bounded memory, and checks itself', async () => {
    for (let i = 0; i < MANY; i++)
      log.message(i % 2 ? ME : PEER, `m${i}`, `Message ${i}. ${'x'.repeat(200)}`);
    await hear(1, log.head().n);
    globalThis.gc?.();
    let most = 0;
    const before = process.memoryUsage().heapUsed;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().heapUsed - before);
    }, 20);
    await exports.begin(account, 1);
    const state = await ended();
    clearInterval(watch);
    expect(state).toMatchObject({
      phase: 'done',
      summary: { messages: MANY, entries: MANY + 1, missingEntries: 0, missingFiles: 0 },
    });
    // Of 20,000 the whole is 10 MB as JSON, and again as much as a page.
    expect(most).toBeLessThan(200 * 1024 * 1024);
    const check = await checkExport(folder());
    expect(check).toMatchObject({ faults: 0, summary: { messages: MANY } });
    const [json] = readdirSync(join(folder(), 'conversations')).filter((name) => name.endsWith('.json'));
    const written = JSON.parse(readFileSync(join(folder(), 'conversations', json!), 'utf8'));
    expect(written.entries).toHaveLength(MANY + 1);
    expect(written.entries.at(-1)).toMatchObject({
      n: MANY + 1,
      text: `Message ${MANY - 1}. ${'x'.repeat(200)}`,
    });
  }, 120_000);

  it('fetches from the server what is not here, and names what nobody has', async () => {
    for (let i = 0; i < 900; i++) log.message(PEER, `m${i}`, `Message ${i}`);
    const { n } = log.head();
    await at.store.storeFrame({ account, raw: headsOf(n) });
    await exports.begin(account, 1);
    expect(await ended()).toMatchObject({ phase: 'done', summary: { messages: 900, missingEntries: 0 } });

    rmSync(folder(), { recursive: true });
    states = [];
    await at.dispose();
    at = new TestStore();
    await at.open();
    await at.store.storeFrame({ account, raw: headsOf(n) });
    server = null;
    exports = make();
    await exports.begin(account, 1);
    expect(await ended()).toMatchObject({
      phase: 'done',
      summary: { messages: 0, missingEntries: n, unanswered: 'away' },
    });
    expect((await checkExport(folder())).faults).toBe(0);
  });

  it('has all of it while room is made on this device, and each message as it is now', async () => {
    for (let i = 0; i < 700; i++) log.message(PEER, `m${i}`, `Message ${i} ${'x'.repeat(400)}`);
    log.say(PEER, 'edit', { kind: 'edit', target: 20, body: { type: 'text/plain', text: 'as it is now' } });
    const { n } = log.head();
    await hear(1, n);
    await at.store.clearHistory(account);
    await at.chores(500);
    // Only just made, and some of it again while it is fetched: as another window does that looks at it.
    expect((await at.store.missingPlaces({ account, conv: log.conv, to: n })).length).toBeGreaterThan(0);
    during = async () => {
      await at.store.clearHistory(account);
      await at.chores(500);
    };
    await exports.begin(account, 1);
    expect(await ended()).toMatchObject({ phase: 'done', summary: { messages: 700, missingEntries: 0 } });
    expect(states.some(({ phase, of }) => phase === 'fetching' && of > 200)).toBe(true);
    expect((await told()).find((one) => one.n === 20)).toMatchObject({ text: 'as it is now' });
    // Room is made once it is done.
    await at.chores(500);
    expect((await at.store.missingPlaces({ account, conv: log.conv, to: n })).length).toBeGreaterThan(0);
  });

  it('tells a message with what was said of it in a place that is only fetched', async () => {
    const target = log.message(PEER, 'm', 'as it was').n;
    for (let i = 0; i < 1_200; i++) log.message(PEER, `m${i}`, `Message ${i}`);
    log.say(PEER, 'edit', { kind: 'edit', target, body: { type: 'text/plain', text: 'as it is now' } });
    await at.store.storeFrame({ account, raw: headsOf(log.head().n) });
    await at.store.storeFrame({ account, raw: pageFrame(log, 1, 600) });
    await exports.begin(account, 1);
    expect(await ended()).toMatchObject({ phase: 'done', summary: { messages: 1_201, missingEntries: 0 } });
    expect((await told()).find((one) => one.n === target)).toMatchObject({ text: 'as it is now' });
  });

  it('says where the server did not answer, waits where it is asked for patience, and is whole when it goes on', async () => {
    for (let i = 0; i < 500; i++) log.message(PEER, `m${i}`, `Message ${i}`);
    sayWithPicture();
    const { n } = log.head();
    await at.store.storeFrame({ account, raw: headsOf(n) });
    await at.store.storeFrame({ account, raw: pageFrame(log, 300, n) });
    server = null;
    fileFails = () => exports.cancel(account);
    await exports.begin(account, 1);
    expect((await ended()).phase).toBe('cancelled');
    expect((await told()).length).toBeLessThan(n);
    states = [];
    fileFails = null;
    server = log;
    let busy = 2;
    during = async () => {
      if (busy-- > 0) throw new LocalError('rate_limited', 'Too many', { retryAfter: 0.01 });
    };
    expect(await exports.begin(account, 1)).toMatchObject({ resumed: true });
    const summary = (await ended()).summary;
    expect(summary).toEqual({ ...summary, messages: 501, missingEntries: 0 });
    expect(summary).not.toHaveProperty('unanswered');
    expect(await told()).toHaveLength(n);
    expect((await checkExport(folder())).faults).toBe(0);
  });

  it('says that one must sign in where the server takes no token, and has the rest once it does', async () => {
    for (let i = 0; i < 700; i++) log.message(PEER, `m${i}`, `Message ${i}`);
    sayWithPicture();
    const { n } = log.head();
    await at.store.storeFrame({ account, raw: headsOf(n) });
    await at.store.storeFrame({ account, raw: pageFrame(log, 300, n) });
    const signIn = () => {
      throw new LocalError('unauthorized', 'Who asks?');
    };
    during = async () => signIn();
    fileFails = signIn;
    await exports.begin(account, 1);
    expect(await ended()).toMatchObject({
      ...{ phase: 'done', failure: null },
      summary: { messages: n - 299, missingEntries: 299, missingFiles: 1, unanswered: 'sign-in' },
    });
    // It can be read, and is what its manifest says.
    const check = await checkExport(folder());
    expect(check).toMatchObject({ faults: 0, summary: { unanswered: 'sign-in' } });

    states = [];
    during = null;
    const place = join(out, '..', `signed-in-${process.pid}`);
    writeFileSync(place, 'a picture');
    files.set(PICTURE, place);
    stall = () =>
      expect(checkExport(folder())).rejects.toMatchObject({ failure: { kind: 'export_unfinished' } });
    fileFails = null;
    expect(await exports.begin(account, 1)).toMatchObject({ resumed: true });
    const { summary } = await ended();
    rmSync(place);
    expect(summary).toMatchObject({ messages: n - 1, files: 1, missingEntries: 0, missingFiles: 0 });
    expect(summary).not.toHaveProperty('unanswered');
    expect(readdirSync(out)).toHaveLength(1);
    expect((await checkExport(folder())).faults).toBe(0);
    expect(readdirSync(folder())).not.toContain('progress.jsonl');
  });

  it('does not say that a server has no file which it did not answer for', async () => {
    sayWithPicture();
    await hear(1, log.head().n);
    fileFails = () => {
      throw new LocalError('server_unreachable', 'away');
    };
    await exports.begin(account, 1);
    expect((await ended()).summary).toMatchObject({ missingFiles: 1, unanswered: 'away' });
    states = [];
    fileFails = null;
    await exports.begin(account, 1);
    // By now it answers: there is none.
    const { summary } = await ended();
    expect(summary).toMatchObject({ missingFiles: 1 });
    expect(summary).not.toHaveProperty('unanswered');
  });

  it('runs nothing of what people wrote, and shows files only where they are', async () => {
    log.message(PEER, 'nasty', NASTY);
    const file = { hash: PICTURE, name: `"><script>.png`, type: 'image/png', size: 9 };
    const other = { hash: '0'.repeat(64), name: 'gone.pdf', type: 'application/pdf', size: 5 };
    log.say(PEER, 'files', {
      kind: 'message',
      body: {
        type: 'application/vnd.matchbook.message+json',
        text: JSON.stringify({ text: '', files: [file, other] }),
      },
    });
    await hear(1, log.head().n);
    const place = join(out, '..', `picture-${process.pid}`);
    writeFileSync(place, 'a picture');
    files.set(PICTURE, place);
    await exports.begin(account, 1);
    expect(await ended()).toMatchObject({ phase: 'done', summary: { files: 1, missingFiles: 1 } });
    rmSync(place);
    const [name] = readdirSync(join(folder(), 'conversations')).filter((one) => one.endsWith('.html'));
    const html = readFileSync(join(folder(), 'conversations', name!), 'utf8');
    expect(html).not.toMatch(/<script|<img src=x|onerror=alert\(2\)>/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).toContain('<a href="https://example.org/a?b=1&amp;c=2" rel="noreferrer">');
    expect(html).toContain(`<img loading="lazy" src="../files/${PICTURE}.png"`);
    expect(readFileSync(join(folder(), 'files', `${PICTURE}.png`), 'utf8')).toBe('a picture');
    expect(readFileSync(join(folder(), 'index.html'), 'utf8')).toContain('Ann &lt;b&gt;');
  });

  it('reads as the conversation did: who left keeps their name, answers quote, edits keep their times', async () => {
    const rich = (text: string, more: object) => ({
      kind: 'message' as const,
      body: { type: 'application/vnd.matchbook.message+json', text: JSON.stringify({ text, ...more }) },
    });
    const plain = (text: string) => ({ type: 'text/plain', text });
    log = new TestLog('walkers');
    log.create(ME, 'create', [ME, PEER, 'noor'], 'group');
    const asked = log.message('noor', 'asked', 'Who takes the *early* ferry?').n;
    log.say(PEER, 'answer', rich('I do', { reply: asked }));
    const wrong = log.message(PEER, 'wrong', 'At 9:04').n;
    log.say(PEER, 'edit', { kind: 'edit', target: wrong, body: plain('At 9:40') });
    log.say('noor', 'passed', rich('Bring a map', { forwarded: { by: 'Tom <Tall>' } }));
    log.say(ME, 'pin', { kind: 'pin', target: wrong, pinned: true } as never);
    const gone = log.message('noor', 'gone', 'a secret').n;
    log.say(PEER, 'late', rich('What was it?', { reply: gone }));
    log.say('noor', 'delete', { kind: 'delete', target: gone });
    log.say(ME, 'out', { kind: 'member_remove', user: 'noor' });
    const names = { peer: 'Bob', noor: 'نور الهدى' };
    const profiles = Object.entries(names).map(([user, name]) => ({ reg: 'profile', user, name, time: 1 }));
    await at.store.storeFrame({ account, raw: entries([...profiles, ...log.entries], log.cursor(20)) });
    await exports.begin(account, 1);
    expect((await ended()).phase).toBe('done');
    const of = (ending: string) =>
      readFileSync(
        join(
          folder(),
          'conversations',
          readdirSync(join(folder(), 'conversations')).find((one) => one.endsWith(ending))!,
        ),
        'utf8',
      );
    const html = of('.html');
    expect(html).toContain('<b dir="auto">نور الهدى</b>');
    expect(html).toMatch(
      /#n2" title="[^"]*"><b dir="auto">نور الهدى<\/b><\/a><p[^>]*>Who takes the early ferry\?</,
    );
    expect(html).toMatch(
      /<details><summary title="[^"]+">Edited<\/summary><p>[^<]+<\/p><p class="text" dir="auto">At 9:04/,
    );
    expect(html).toContain('<span class="soft">Pinned</span>');
    expect(html).toContain('Forwarded from <bdi>Tom &lt;Tall&gt;</bdi>');
    expect(html).toContain('removed somebody (<bdi>نور الهدى</bdi>)');
    expect(html).not.toContain('a secret');
    expect(html).toMatch(
      /<a href="#n8"[^>]*><b dir="auto">نور الهدى<\/b><\/a><p[^>]*>This message was deleted/,
    );
    const { entries: told } = JSON.parse(of('.json'));
    expect(told.find((one: { id: string }) => one.id === 'passed')).toMatchObject({
      ...{ senderName: 'نور الهدى', forwarded: { by: 'Tom <Tall>' } },
    });
  });

  it('has nothing of a name that a conversation had when it was begun', async () => {
    log = new TestLog('walkers');
    log.create(ME, 'create', [ME, PEER], 'group');
    log.say(ME, 'first', { kind: 'rename', body: { type: 'text/plain', text: 'Walkers' } });
    sayWithPicture();
    await hear(1, log.head().n);
    fileFails = () => exports.cancel(account);
    await exports.begin(account, 1);
    expect((await ended()).phase).toBe('cancelled');
    states = [];
    fileFails = null;
    log.say(ME, 'second', { kind: 'rename', body: { type: 'text/plain', text: 'Climbers' } });
    await hear(log.head().n, log.head().n);
    await exports.begin(account, 1);
    // The file is at the server no more: the page says so, and leads nowhere.
    expect(await ended()).toMatchObject({ phase: 'done', summary: { files: 0, missingFiles: 1 } });
    const conversations = readdirSync(join(folder(), 'conversations'));
    expect(conversations.sort()).toEqual(['001 Climbers.html', '001 Climbers.json']);
    const html = readFileSync(join(folder(), 'conversations', '001 Climbers.html'), 'utf8');
    expect(html).toContain('(not in this export)');
    expect(html).not.toContain('files/');
    expect(await checkExport(folder())).toMatchObject({ faults: 0, summary: { missingFiles: 1 } });
  });

  it('goes on where it ended, and with what was said since', async () => {
    for (let i = 0; i < 700; i++) log.message(PEER, `m${i}`, `Message ${i}`);
    sayWithPicture();
    await hear(1, log.head().n);
    fileFails = () => exports.cancel(account);
    await exports.begin(account, 1);
    expect((await ended()).phase).toBe('cancelled');
    await expect(checkExport(folder())).rejects.toMatchObject({ failure: { kind: 'export_unfinished' } });
    const [json] = readdirSync(join(folder(), 'conversations')).filter((name) => name.endsWith('.json'));
    const { mtimeMs } = statSync(join(folder(), 'conversations', json!));

    states = [];
    fileFails = null;
    const place = join(out, '..', `resumed-${process.pid}`);
    writeFileSync(place, 'a picture');
    files.set(PICTURE, place);
    expect(await exports.begin(account, 1)).toMatchObject({ resumed: true });
    expect(await ended()).toMatchObject({ phase: 'done', summary: { messages: 701, files: 1 } });
    rmSync(place);
    expect(readdirSync(out)).toHaveLength(1);
    expect(statSync(join(folder(), 'conversations', json!)).mtimeMs).toBe(mtimeMs);
    expect((await checkExport(folder())).faults).toBe(0);
  });

  it('tells what it waits for, however soon after the last was told, and is cancelled while it waits', async () => {
    const files = ['a', 'b', 'c'].map((name, i) => ({
      ...{ hash: String(i).repeat(64), name: `${name}.png`, type: 'image/png', size: 9 },
    }));
    const text = JSON.stringify({ text: 'look', files });
    log.say(PEER, 'files', {
      kind: 'message',
      body: { type: 'application/vnd.matchbook.message+json', text },
    });
    await hear(1, log.head().n);
    let asked = 0;
    stall = async (signal) => {
      if (++asked < 3) return;
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new LocalError('cancelled', 'x')), { once: true }),
      );
    };
    await exports.begin(account, 1);
    await until(
      'the last one to be told',
      () => states.at(-1)?.phase === 'files' && states.at(-1)?.done === 2,
    );
    exports.cancel(account);
    expect((await ended()).phase).toBe('cancelled');
  });

  it('is one, where two windows answer in the same moment, and where one asks while it goes on', async () => {
    sayWithPicture();
    await hear(1, log.head().n);
    let goOn = () => {};
    stall = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    const [one, other] = await Promise.all([exports.begin(account, 1), exports.begin(account, 2)]);
    expect(other).toEqual(one);
    expect(windows).toEqual([1, 2]);
    await until('the file to be waited for', () => states.at(-1)?.phase === 'files');
    expect(await exports.begin(account, 3)).toMatchObject({ folder: one!.folder });
    expect(windows).toEqual([1, 2]);
    goOn();
    expect(await ended()).toMatchObject({ phase: 'done', folder: one!.folder });
    expect(readdirSync(out)).toHaveLength(1);
    // Over: the next one is another.
    await exports.begin(account, 1);
    expect(windows).toEqual([1, 2, 1]);
  });

  it('of an account that leaves ends, and nothing is known of it any more', async () => {
    sayWithPicture();
    await hear(1, log.head().n);
    stall = (signal) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new LocalError('cancelled', 'x')), { once: true }),
      );
    void exports.begin(account, 1);
    await until('the file to be waited for', () => states.at(-1)?.phase === 'files');
    await exports.forget(account);
    expect(states.at(-1)?.phase).toBe('cancelled');
    expect(exports.state(account)).toBeNull();
  });

  it('is found out where anything of it was changed, taken away or put in', async () => {
    for (let i = 0; i < 20; i++) log.message(PEER, `m${i}`, `Message ${i}`);
    await hear(1, log.head().n);
    await exports.begin(account, 1);
    await ended();
    const [json] = readdirSync(join(folder(), 'conversations')).filter((name) => name.endsWith('.json'));
    const path = join(folder(), 'conversations', json!);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('Message 7', 'Message 8'));
    writeFileSync(join(folder(), 'extra.txt'), 'x');
    rmSync(join(folder(), 'style.css'));
    const { faults, named } = await checkExport(folder());
    expect(faults).toBe(3);
    expect(named.map(({ fault }) => fault).sort()).toEqual(['changed', 'missing', 'unknown']);
    await expect(checkExport(out)).rejects.toMatchObject({ failure: { kind: 'no_export' } });
  });
});

/** The store knows of the conversation up to a place, and has nothing of it. */
function headsOf(n: number): Uint8Array {
  return frame({ t: 'heads', conversations: [log.headOf(n)], registers: [], upTo: log.cursor(n) });
}
