/** Every list of messages against a plain model of the log: several conversations, several of each thing, own ones and others', changed, deleted, put away. */
import { MESSAGE_TYPE } from '@matchbook/protocol/message-body';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { entries, type Logged, ME, TestLog } from '../testing/log.ts';
import { ACCOUNT, TestStore } from '../testing/store.ts';

const account = ACCOUNT;
/** Ids as SQL might misread them. */
const PEOPLE = [ME, '10', '9', 'a_b'];
const CONVS = ['g_1', 'g-1', '1'];
const TYPES = { image: 'image/png', video: 'video/mp4', audio: 'audio/ogg', pdf: 'application/pdf' };
type FileKind = keyof typeof TYPES;

const op = fc.record({
  conv: fc.nat(2),
  who: fc.nat(3),
  at: fc.nat(12),
  do: fc.constantFrom(
    ...(['say', 'say', 'reply', 'reply', 'reply', 'mention', 'all', 'name', 'link', 'file', 'file'] as const),
    ...(['edit', 'call', 'delete', 'pin', 'unpin', 'save', 'unsave', 'away', 'read'] as const),
  ),
  file: fc.constantFrom<FileKind>('image', 'video', 'audio', 'pdf'),
});
type Op = typeof op extends fc.Arbitrary<infer O> ? O : never;

interface Said {
  text: string;
  reply?: number;
  mentions?: string[];
  audiences?: { to: string; as?: string }[];
  files?: { hash: string; name: string; type: string; size: number }[];
}

/** Names itself in percent signs and underscores, so that no pattern of a database is taken for one. */
const NAME = '100%_Ann';

class Model {
  readonly logs = CONVS.map((conv) => new TestLog(conv));
  readonly said = CONVS.map(() => new Map<number, Said>());
  readonly pins = CONVS.map(() => new Map<number, number | null>());
  readonly saved = CONVS.map(() => new Map<number, number>());
  readonly away = CONVS.map(() => new Set<number>());
  readonly read = CONVS.map(() => 0);
  readonly registers: object[] = [];
  #v = 0;

  constructor() {
    for (const log of this.logs) log.create('9', `c-${log.conv}`, PEOPLE, 'group');
    this.registers.push({ reg: 'profile', user: ME, name: NAME, time: 1 });
  }

  take({ conv: c, who, at, do: what, file }: Op): void {
    const log = this.logs[c]!;
    const said = this.said[c]!;
    const id = `${c}-${log.entries.length}`;
    const messages = [...said.keys()];
    const target = messages[at % Math.max(1, messages.length)];
    const say = (content: Said) => {
      const plain = Object.keys(content).length === 1;
      const body = plain
        ? { type: 'text/plain', text: content.text }
        : { type: MESSAGE_TYPE, text: JSON.stringify(content) };
      said.set(log.say(PEOPLE[who]!, id, { kind: 'message', body }).n, content);
    };
    const mark = (reg: string, value: number) =>
      this.registers.push({
        ...{ reg, conv: CONVS[c], user: ME, v: ++this.#v, target, value, time: 100 + this.#v },
      });
    if (what === 'say') return say({ text: `text ${id}` });
    if (what === 'mention') return say({ text: `@you ${id}`, mentions: [at % 2 ? ME : 'a_b'] });
    if (what === 'all')
      return say({ text: `all of you, ${id}`, audiences: [{ to: at % 3 ? 'everyone' : 'someday' }] });
    if (what === 'name') return say({ text: `hey @${at % 2 ? NAME : '100x_Ann'}, ${id}` });
    if (what === 'link') return say({ text: `see https://a.example/${id}` });
    if (what === 'file')
      return say({
        text: 'image/ and video/ and waveform',
        files: [{ hash: 'a'.repeat(64), name: 'image/video.audio', type: TYPES[file], size: 1 }],
      });
    if (what === 'read') {
      const { n, m } = log.entries[at % log.entries.length]!;
      this.read[c] = Math.max(this.read[c]!, n);
      this.registers.push({ reg: 'read', conv: CONVS[c], user: ME, n, m, time: 1 });
      return;
    }
    if (target === undefined) return;
    if (what === 'reply') return say({ text: `answer ${id}`, reply: target });
    if (what === 'save' || what === 'unsave') {
      this.saved[c]!.set(target, what === 'save' ? 101 + this.#v : 0);
      return void mark('saved', what === 'save' ? 1 : 0);
    }
    if (what === 'away') {
      this.away[c]!.add(target);
      return void mark('deleted_for_me', 1);
    }
    const sender = log.at(target).sender;
    if (what === 'edit' || what === 'call') {
      const { mentions: _, audiences: __, ...kept } = said.get(target)!;
      // Whom it mentions now: everybody, the reader by list or by name, nobody.
      const calls = [{ audiences: [{ to: 'everyone', as: 'Alle' }] }, { mentions: [ME] }, {}, {}][at % 4]!;
      const named = at % 4 === 2 ? `@${NAME}` : 'nobody';
      const content: Said = {
        ...kept,
        ...(what === 'call' ? calls : {}),
        text: `changed ${id} for ${named}`,
      };
      const body = { type: MESSAGE_TYPE, text: JSON.stringify(content) };
      log.say(sender, id, { kind: 'edit', target, body });
      if (!this.#gone(c, target)) said.set(target, content);
    } else if (what === 'delete') {
      log.say(sender, id, { kind: 'delete', target });
      said.set(target, { text: '' });
    } else {
      const off = what === 'unpin';
      const { n } = log.say(PEOPLE[who]!, id, { kind: 'pin', target, ...(off ? { off } : {}) } as never);
      this.pins[c]!.set(target, off ? null : n);
    }
  }

  #gone(c: number, n: number): boolean {
    return this.logs[c]!.entries.some((one) => one.kind === 'delete' && one.target === n);
  }

  shown(c: number): [number, Said, Logged][] {
    return [...this.said[c]!]
      .filter(([n]) => !this.away[c]!.has(n))
      .map(([n, said]) => [n, said, this.logs[c]!.at(n)]);
  }

  answers(c: number, n: number): { count: number; fresh: number } | undefined {
    const below = new Set([n]);
    for (const at of below)
      for (const [other, { reply }] of this.said[c]!) if (reply === at) below.add(other);
    const answers = this.shown(c).filter(([at]) => at !== n && below.has(at));
    const fresh = answers.filter(([at, , { sender }]) => at > this.read[c]! && sender !== ME).length;
    return answers.length === 0 ? undefined : { count: answers.length, fresh };
  }

  thread(c: number, of: number): number[] {
    const said = this.said[c]!;
    let root = of;
    while (said.get(root)?.reply !== undefined) root = said.get(root)!.reply!;
    const found = new Set([root]);
    for (const at of found) for (const [n, { reply }] of said) if (reply === at) found.add(n);
    return [...found].filter((n) => !this.away[c]!.has(n)).sort((a, b) => a - b);
  }

  /** By what it says now: an edit may add a mention, and take one away. */
  mentions(c: number): number {
    return this.shown(c).filter(([n, said, { sender }]) => {
      if (n <= this.read[c]! || sender === ME) return false;
      if (said.audiences?.some(({ to }) => to === 'everyone')) return true;
      return said.mentions ? said.mentions.includes(ME) : said.text.includes(`@${NAME}`);
    }).length;
  }

  unread(c: number): number {
    const after = this.logs[c]!.entries.filter(({ kind, n }) => kind === 'message' && n > this.read[c]!);
    return after.filter(({ n, sender }) => sender !== ME && !this.#gone(c, n)).length;
  }
}

it('unread, threads, pins, kept messages, files and links are what a plain reading of the log says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 5, maxLength: 60 }), async (ops) => {
      const model = new Model();
      for (const one of ops) model.take(one);
      const at = new TestStore();
      try {
        await at.open();
        const all = model.logs.flatMap((log) => log.entries);
        await at.store.storeFrame({
          account,
          raw: entries([...all, ...model.registers], model.logs[0]!.cursor(all.length)),
        });
        await at.chores();
        const list = await at.store.listConversations(account, null);
        for (const [c, conv] of CONVS.entries()) {
          const row = list.find((one) => one.conv === conv);
          const counts = { unread: model.unread(c), mentions: model.mentions(c) };
          expect([conv, row]).toMatchObject([conv, counts]);
          const { rows } = await at.store.timelinePage({ account, conv, limit: 1_000 });
          const messages = rows.filter(({ kind }) => kind === 'message');
          expect(messages.map(({ n }) => n)).toEqual(model.shown(c).map(([n]) => n));
          for (const { n, answers } of messages) expect([n, answers]).toEqual([n, model.answers(c, n!)]);
          for (const [n] of model.shown(c))
            expect((await at.store.thread({ account, conv, n })).rows.map((row) => row.n)).toEqual(
              model.thread(c, n),
            );
          const pinned = [...model.pins[c]!].filter(([n, pin]) => pin !== null && !model.away[c]!.has(n));
          expect((await at.store.pinnedMessages({ account, conv })).rows.map(({ n }) => n)).toEqual(
            pinned.sort(([, a], [, b]) => b! - a!).map(([n]) => n),
          );
          for (const what of ['file', 'media', 'sound', 'other', 'link'] as const) {
            const wanted = {
              file: /./,
              media: /^(image|video)\//,
              sound: /^audio\//,
              other: /^app/,
              link: /./,
            }[what];
            const has = ({ text, files }: Said) =>
              what === 'link' ? text.includes('https://') : files?.some(({ type }) => wanted.test(type));
            const page = await at.store.shared({ account, conv, what, limit: 100 });
            const places = page.items.map(({ n }) => n).sort((a, b) => a - b);
            expect([what, places]).toEqual([
              what,
              model
                .shown(c)
                .filter(([, said]) => has(said))
                .map(([n]) => n),
            ]);
          }
        }
        const saved = CONVS.flatMap((conv, c) =>
          [...model.saved[c]!].flatMap(([n, time]) =>
            time > 0 && !model.away[c]!.has(n) ? [{ conv, n, time }] : [],
          ),
        );
        expect(
          (await at.store.savedMessages({ account })).messages.map(({ conv, row }) => [conv, row.n]),
        ).toEqual(saved.sort((a, b) => b.time - a.time).map(({ conv, n }) => [conv, n]));
      } finally {
        await at.dispose();
      }
    }),
    { numRuns: process.env.MATCHBOOK_LONG === '1' ? 150 : 15 },
  );
});
