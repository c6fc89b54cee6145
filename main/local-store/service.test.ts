import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  ConversationRow,
  Draft,
  OutboxItem,
  Stored,
  TimelinePage,
  TimelineRow,
} from '@matchbook/protocol/bridge';
import { chainLink, contentHash } from '@matchbook/protocol/chain';
import { directConversationId } from '@matchbook/protocol/ids';
import { LIMITS } from '@matchbook/protocol/limits';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type Event, StoreService } from './service.ts';

const CONV = directConversationId('ann', 'bob');
const cursor = (at: number) => String(at).padStart(34, 'c');

let folder: string;
let events: Event[];
let now: number;
let ids: number;
let service: StoreService;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matchbook-store-'));
  events = [];
  now = 1_700_000_000_000;
  ids = 0;
  open();
});
afterEach(() => {
  service.handle({ id: 0, method: 'close', account: null });
  rmSync(folder, { recursive: true, force: true });
});

let answers: Answer[] = [];

function open() {
  service = new StoreService(folder, {
    post: (message) => ('event' in message ? events.push(message) : answers.push(message)),
    now: () => now++,
    newId: () => `id-${++ids}`,
  });
  return send({ id: 1, method: 'open', identity: { account: 'a1', user: 'ann', device: 'd1' } });
}

/** As after a crash: nothing is closed, the files are opened anew. */
function crash() {
  return open();
}

function send(request: Parameters<StoreService['handle']>[0]): unknown {
  answers = [];
  service.handle(request);
  const [answer] = answers;
  if (!answer!.ok) throw Object.assign(new Error(answer!.failure.message), { failure: answer!.failure });
  return answer!.value;
}

const call = <T>(name: string, argument: unknown = null) =>
  send({ id: 2, method: 'call', account: 'a1', name, argument }) as T;
const failure = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return (error as { failure: { kind: string; field?: string; limit?: number } }).failure;
  }
  throw new Error('it did not fail');
};
const store = (frame: object) => call<Stored>('storeFrame', new TextEncoder().encode(JSON.stringify(frame)));
const page = (limit = 100) => call<TimelinePage>('page', { conv: CONV, limit });
const shown = () => page(1_000).rows.map((row) => `${row.n}:${row.id}`);
const submit = (id: string, text = `text of ${id}`, draftVersion = 0) =>
  call<TimelineRow>('submit', { conv: CONV, id, text, draftVersion });

/** A true log of the conversation: a creation, then messages by turns. */
function log(count: number) {
  const items: Record<string, unknown>[] = [];
  let h: string | null = null;
  for (let n = 1; n <= count; n++) {
    const id = `m${n}`;
    const content =
      n === 1
        ? ({ kind: 'create', form: 'direct', members: ['ann', 'bob'] } as const)
        : ({ kind: 'message', body: { type: 'text/plain', text: `message ${n}` } } as const);
    h = chainLink(h, id, content.kind, contentHash(CONV, content));
    items.push({
      conv: CONV,
      n,
      m: n - 1,
      h,
      id,
      sender: n % 2 ? 'ann' : 'bob',
      time: 1_000 + n,
      ...content,
    });
  }
  return items;
}

describe('outbox', () => {
  it('I11: the text is in the draft until it is in the outbox, in one step', () => {
    const { version } = call<{ version: number }>('saveDraft', { conv: CONV, text: 'hello' });
    expect(submit('x1', 'hello', version)).toMatchObject({
      id: 'x1',
      delivery: 'queued',
      n: null,
      own: true,
    });
    expect(call<Draft>('readDraft', CONV).text).toBe('');
    crash();
    expect(page().waiting.map((row) => row.id)).toEqual(['x1']);
  });

  it('leaves a draft that was changed after Enter', () => {
    const { version } = call<{ version: number }>('saveDraft', { conv: CONV, text: 'one' });
    call('saveDraft', { conv: CONV, text: 'two' });
    submit('x1', 'one', version);
    expect(call<Draft>('readDraft', CONV).text).toBe('two');
  });

  it('I3: the same submission twice is one item; another text under its id is refused', () => {
    submit('x1', 'same');
    expect(submit('x1', 'same').id).toBe('x1');
    expect(failure(() => submit('x1', 'other')).kind).toBe('id_conflict');
    expect(page().waiting).toHaveLength(1);
  });

  it('refuses what cannot be sent, names field and limit, and keeps the draft', () => {
    const { version } = call<{ version: number }>('saveDraft', { conv: CONV, text: 'kept' });
    expect(failure(() => submit('x1', 'a\0b', version))).toMatchObject({
      kind: 'invalid_text',
      field: 'text',
    });
    expect(failure(() => submit('x2', '\ud800', version)).kind).toBe('invalid_text');
    expect(failure(() => submit('x3', '  ', version)).kind).toBe('invalid_text');
    expect(failure(() => submit('x4', 'é'.repeat(LIMITS.bodyBytes / 2 + 1), version))).toMatchObject({
      kind: 'body_too_large',
      limit: LIMITS.bodyBytes,
    });
    expect(call<Draft>('readDraft', CONV).text).toBe('kept');
  });

  it('gives back what was never on a wire, and keeps what may already be sent', () => {
    submit('x1', 'first');
    submit('x2', 'second');
    expect(call('release', ['x2', 'gone'])).toEqual({ ids: ['x2'] });
    call('saveDraft', { conv: CONV, text: 'typing' });
    expect(call<Draft>('toDraft', 'x1').text).toBe('first\ntyping');
    expect(failure(() => call('toDraft', 'x2')).kind).toBe('frozen');
    expect(failure(() => call('discard', 'x2')).kind).toBe('frozen');
    expect(failure(() => call('discard', 'x1')).kind).toBe('no_such_item');
  });

  it('shows a refusal with its reason, and sends again as new', () => {
    submit('x1');
    call('refused', [{ id: 'x1', failure: { kind: 'not_member', message: 'You left.' }, final: true }]);
    expect(page().waiting[0]).toMatchObject({ delivery: 'failed', failure: { kind: 'not_member' } });
    expect(call<OutboxItem[]>('outbox')).toEqual([]);
    call('retry', { id: 'x1', newId: 'x2' });
    expect(call<OutboxItem[]>('outbox').map((item) => item.id)).toEqual(['x2']);
  });

  it('a notice and nothing lost: a damaged outbox is set aside and salvaged', () => {
    submit('x1');
    submit('x2');
    service.handle({ id: 9, method: 'close', account: null });
    writeFileSync(join(folder, 'a1', 'outbox.db'), 'this is no database');
    const notices = open() as { id: string; detail: string }[];
    expect(notices.map((notice) => notice.id)).toEqual(['outbox-salvaged']);
    expect(call<OutboxItem[]>('outbox').map((item) => item.id)).toEqual(['x1', 'x2']);
    expect(readdirSync(join(folder, 'a1')).some((name) => name.startsWith('outbox.damaged-'))).toBe(true);
  });

  it('a damaged history is set aside and begun anew, from the start of the log', () => {
    store({ t: 'entries', items: log(3), upTo: cursor(3) });
    service.handle({ id: 9, method: 'close', account: null });
    writeFileSync(join(folder, 'a1', 'history.db'), 'this is no database');
    expect((open() as { id: string }[]).map((notice) => notice.id)).toEqual(['history-reset']);
    expect(call('cursor')).toBeNull();
  });
});

describe('history', () => {
  it('I8: stores items and cursor together, and shows them in order', () => {
    expect(store({ t: 'entries', items: log(5), upTo: cursor(5) })).toEqual({
      upTo: cursor(5),
      arrived: [],
      holes: false,
    });
    crash();
    expect(call('cursor')).toBe(cursor(5));
    expect(shown()).toEqual(['1:m1', '2:m2', '3:m3', '4:m4', '5:m5']);
    expect(page()).toMatchObject({ headN: 5, holes: [], unbroken: true, older: false });
  });

  it('I4: a place that is skipped is a recorded hole, which a page fills', () => {
    const items = log(9);
    store({ t: 'entries', items: [...items.slice(0, 3), ...items.slice(6)], upTo: cursor(9) });
    expect(page()).toMatchObject({ holes: [{ from: 4, to: 6 }], unbroken: false });
    expect(call('holes', CONV)).toEqual([{ conv: CONV, from: 4, to: 6 }]);
    store({ t: 'page', ref: 1, conv: CONV, from: 5, to: 6, items: items.slice(4, 6) });
    expect(page().holes).toEqual([{ from: 4, to: 4 }]);
    store({ t: 'page', ref: 2, conv: CONV, from: 4, to: 4, items: items.slice(3, 4) });
    expect(page()).toMatchObject({ holes: [], unbroken: true });
  });

  it('notices a message that was altered on the way', () => {
    const items = log(4);
    items[2] = { ...items[2]!, body: { type: 'text/plain', text: 'altered' } };
    store({ t: 'entries', items, upTo: cursor(4) });
    expect(page().unbroken).toBe(false);
    expect(page().rows).toHaveLength(4);
  });

  it('I3: an own message is one row, whichever of ack, stub and full row comes first', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(['ack', 'stub', 'row', 'crash', 'again'], { minLength: 3 }),
        (steps) => {
          open();
          const first = log(1);
          store({ t: 'entries', items: first, upTo: cursor(1) });
          const content = { kind: 'message', body: { type: 'text/plain', text: 'text of own' } } as const;
          const h = chainLink(String(first[0]!.h), 'own', 'message', contentHash(CONV, content));
          const place = { conv: CONV, n: 2, m: 1, h, id: 'own', time: 5 };
          submit('own');
          for (const step of steps) {
            if (step === 'ack') call('acked', { conv: CONV, items: [place] });
            if (step === 'stub') store({ t: 'entries', items: [{ ...place, stub: true }], upTo: cursor(2) });
            if (step === 'row' || step === 'again')
              store({ t: 'entries', items: [{ ...place, sender: 'ann', ...content }], upTo: cursor(2) });
            if (step === 'crash') crash();
            const { rows, waiting } = page();
            expect([...rows, ...waiting].filter((row) => row.id === 'own')).toHaveLength(1);
          }
          expect(page()).toMatchObject({ waiting: [], holes: [] });
          service.handle({ id: 9, method: 'close', account: null });
          rmSync(folder, { recursive: true });
        },
      ),
      { numRuns: 30 },
    );
    open();
  });

  it('a stub without content is a hole, not an empty message', () => {
    const [create, message] = log(2);
    store({ t: 'entries', items: [create], upTo: cursor(1) });
    const { conv, n, m, h, time } = message as Record<string, unknown>;
    store({ t: 'entries', items: [{ conv, n, m, h, id: 'lost', time, stub: true }], upTo: cursor(2) });
    expect(page()).toMatchObject({ holes: [{ from: 2, to: 2 }], rows: [{ n: 1 }] });
  });

  it('I8: every entry is stored or lies in a hole, however a log is cut, dropped and filled', () => {
    const all = log(24);
    const part = fc.record({
      from: fc.integer({ min: 1, max: 24 }),
      length: fc.integer({ min: 1, max: 9 }),
      page: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), (parts) => {
        open();
        let head = 0;
        store({ t: 'entries', items: all.slice(0, 1), upTo: cursor(1) });
        head = 1;
        for (const { from, length, page: asPage } of parts) {
          const to = Math.min(24, from + length - 1);
          const items = all.slice(from - 1, to);
          if (asPage && to <= head) store({ t: 'page', ref: 1, conv: CONV, from, to, items });
          else {
            store({ t: 'entries', items, upTo: cursor(to) });
            head = Math.max(head, to);
          }
          const { rows, holes } = call<TimelinePage>('page', { conv: CONV, from: 1, limit: 1_000 });
          const here = new Set(rows.map((row) => row.n));
          for (let n = 1; n <= head; n++) {
            const inHole = call<{ from: number; to: number }[]>('holes').some(
              (hole) => n >= hole.from && n <= hole.to,
            );
            expect(here.has(n)).toBe(!inHole);
          }
          expect(holes.every((hole) => hole.from <= hole.to)).toBe(true);
        }
        service.handle({ id: 9, method: 'close', account: null });
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 30 },
    );
    open();
  });

  it('is live from a snapshot, keeps what it had, and knows what is missing', () => {
    store({ t: 'entries', items: log(3), upTo: cursor(3) });
    const items = log(40);
    const head = {
      conv: CONV,
      form: 'direct',
      members: [
        { user: 'ann', since: 1 },
        { user: 'bob', since: 1 },
      ],
      ranges: [[1, 40]],
      n: 40,
      m: 39,
      h: items[39]!.h,
      time: 9,
    };
    store({
      t: 'heads',
      conversations: [head],
      registers: [{ reg: 'read', conv: CONV, user: 'ann', n: 10, m: 9, time: 1 }],
      more: true,
    });
    expect(call('cursor')).toBe(cursor(3));
    store({ t: 'heads', conversations: [], registers: [], upTo: cursor(40) });
    expect(call('cursor')).toBe(cursor(40));
    expect(call('holes')).toEqual([{ conv: CONV, from: 4, to: 40 }]);
    expect(call<ConversationRow[]>('list')[0]).toMatchObject({ conv: CONV, unread: 30, headN: 40 });
  });

  it('refills a conversation whose history is another one', () => {
    store({ t: 'entries', items: log(3), upTo: cursor(3) });
    const head = {
      conv: CONV,
      form: 'direct',
      members: [{ user: 'ann', since: 1 }],
      ranges: [[1, 3]],
      n: 3,
      m: 2,
      h: '0'.repeat(16),
      time: 9,
    };
    store({ t: 'heads', conversations: [head], registers: [], upTo: cursor(9) });
    expect(page()).toMatchObject({ rows: [], holes: [{ from: 1, to: 3 }] });
  });

  it('I9: delivered and read only climb, and read marks count at once', () => {
    const items = log(6);
    store({ t: 'entries', items, upTo: cursor(6) });
    const own = () => page().rows.find((row) => row.n === 3)?.delivery;
    expect(own()).toBe('sent');
    const position = (reg: string, n: number) => ({ reg, conv: CONV, user: 'bob', n, m: n - 1, time: 1 });
    store({
      t: 'entries',
      items: [position('read', 5), position('delivered', 3), position('read', 2)],
      upTo: cursor(7),
    });
    expect(own()).toBe('read');
    // Own message at 5 proves that 5 was read; one message of bob's lies behind it.
    expect(call<ConversationRow[]>('list')[0]!.unread).toBe(1);
    call('markRead', { conv: CONV, n: 6 });
    expect(call<ConversationRow[]>('list')[0]!.unread).toBe(0);
    call('markRead', { conv: CONV, n: 4 });
    expect(call<OutboxItem[]>('outbox').map((item) => item.append)).toEqual([{ kind: 'read', n: 6 }]);
  });

  it('keeps kinds and shapes that it does not know', () => {
    const [create] = log(1);
    store({
      t: 'entries',
      items: [
        create,
        {
          conv: CONV,
          n: 2,
          m: 1,
          h: 'f'.repeat(16),
          id: 'poll1',
          sender: 'bob',
          kind: 'poll',
          time: 3,
          choices: [1],
        },
        { strange: true },
      ],
      upTo: cursor(3),
    });
    expect(page().rows.at(-1)).toMatchObject({ kind: 'poll', n: 2, body: null });
  });

  it('makes a conversation usable before the log knows it, once', () => {
    const { conv } = call<{ conv: string }>('ensureDirect', null);
    call('ensureDirect', null);
    expect(conv).toBe(directConversationId('ann', 'ann'));
    expect(call<OutboxItem[]>('outbox').map((item) => item.append.kind)).toEqual(['create']);
    expect(call<ConversationRow[]>('list')[0]).toMatchObject({ self: true, headN: 0, unread: 0 });
  });
});
