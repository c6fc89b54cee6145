import { afterEach, beforeEach, expect, it } from 'vitest';
import { LocalError } from '../bridge/local-failure.ts';
import { CONV, frame, ME, PEER, TestLog } from '../local-store/testing/log.ts';
import { ACCOUNT, TestStore } from '../local-store/testing/store.ts';
import { chosenCalls } from './chosen-calls.ts';

const [account, conv] = [ACCOUNT, CONV];
const RICH = 'application/vnd.matchbook.message+json';
const file = { hash: 'a'.repeat(64), name: 'x.png', type: 'image/png', size: 3 };
let at: TestStore;
let log: TestLog;
/** What the server answers, by the beginning of what it is asked. */
let pages: Record<string, { items: object[]; next: number | null; upTo: number }>;
const asked: string[] = [];

beforeEach(async () => {
  at = new TestStore();
  log = new TestLog();
  await at.open();
  log.create(PEER, 'c', [PEER, ME]);
  pages = {};
  asked.length = 0;
});
afterEach(() => at.dispose());

const rich = (content: object) => {
  const body = { type: RICH, text: JSON.stringify(content) };
  return log.say(PEER, `r${log.entries.length + 1}`, { kind: 'message', body }).n;
};
const plain = (count: number) => {
  for (let i = 0; i < count; i++) log.message(PEER, `m${log.entries.length + 1}`, 'in between');
};
/** This device knows how far the conversation goes, and has nothing of it. */
const behind = () => {
  const head = log.headOf(log.entries.length);
  const heads = { t: 'heads', conversations: [head], registers: [], upTo: log.cursor(log.entries.length) };
  return at.store.storeFrames({ account, raws: [frame(heads)] });
};
const calls = () =>
  chosenCalls({
    store: at.store,
    server: {
      get: async (_account, path) => {
        asked.push(path);
        const page = Object.entries(pages).find(([start]) =>
          path.startsWith(`/api/conversations/${conv}/${start}`),
        );
        if (!page) throw new LocalError('server_unreachable', 'away');
        return { conv, ...page[1] } as never;
      },
    },
  });

it('a thread that the server knows is on this device, whole, and what is between is still known to be missing', async () => {
  const root = rich({ text: 'who comes?' });
  plain(20);
  const one = rich({ text: 'me', reply: root });
  plain(20);
  const two = rich({ text: 'me too', reply: one });
  const edit = log.say(PEER, 'e', {
    kind: 'edit',
    target: one,
    body: { type: 'text/plain', text: 'I do' },
  }).n;
  plain(1);
  await behind();
  const entries = (...places: number[]) => places.map((n) => log.at(n));
  pages[`threads/${one}?after=0`] = { items: entries(root, one, edit), next: one, upTo: edit + 1 };
  pages[`threads/${one}?after=${one}`] = { items: entries(two), next: null, upTo: edit + 1 };
  expect(await calls()['message.fetchThread']({ account, conv, n: one }, 0)).toEqual({ upTo: edit + 1 });
  const thread = await at.store.thread({ account, conv, n: two });
  expect(thread.rows.map(({ n, body }) => [n, body && 'text' in body && body.text])).toMatchObject([
    [root, expect.stringContaining('who comes?')],
    [one, 'I do'],
    [two, expect.stringContaining('me too')],
  ]);
  expect(thread.absent).toBe(false);
  expect(thread.holes).toEqual([
    { from: root + 1, to: one - 1 },
    { from: one + 1, to: two - 1 },
    { from: edit + 1, to: edit + 1 },
  ]);
  // What fills the conversation later meets what is here already.
  await at.store.storeFrames({
    account,
    raws: [frame({ t: 'page', ref: 1, conv, from: 1, to: log.entries.length, items: log.entries })],
  });
  expect((await at.store.thread({ account, conv, n: one })).holes).toEqual([]);
  expect(await at.store.timelinePage({ account, conv, limit: 5 })).toMatchObject({ unbroken: true });
});

it('files that the server knows are listed as soon as they are here', async () => {
  plain(5);
  const shown = rich({ text: '', files: [file] });
  plain(5);
  await behind();
  pages['files?kind=media&limit=50'] = { items: [log.at(shown)], next: shown, upTo: log.entries.length };
  expect(await calls()['conversation.fetchShared']({ account, conv, what: 'media' }, 0)).toEqual({
    next: shown,
  });
  const list = await at.store.shared({ account, conv, what: 'media', before: null, limit: 9 });
  expect(list).toMatchObject({ items: [{ n: shown, files: [{ name: 'x.png' }] }], missing: 11 });
  await expect(
    calls()['conversation.fetchShared']({ account, conv, what: 'sound', before: 7 }, 0),
  ).rejects.toMatchObject({ failure: { kind: 'server_unreachable' } });
  expect(asked.at(-1)).toContain('files?kind=sound&limit=50&before=7');
});
