/** A log for tests of the store: makes entries as the relay would, chain and counts included, and frames of them. */
import { chainLink, contentHash } from '@matchbook/protocol/chain';
import { encodeCursor } from '@matchbook/protocol/cursor';
import type { AppendEntry, FullEntry, HiddenEntry, StubEntry } from '@matchbook/protocol/entries';
import type { AckItem, Head } from '@matchbook/protocol/frames';
import { directConversationId } from '@matchbook/protocol/ids';

export type Logged = FullEntry;
type Said = AppendEntry extends infer E ? (E extends unknown ? Omit<E, 'id'> : never) : never;

export const ME = 'me';
export const PEER = 'peer';
export const CONV = directConversationId(ME, PEER);

export class TestLog {
  readonly conv: string;
  readonly entries: Logged[] = [];
  readonly #epoch: string;

  constructor(conv = CONV, epoch = '0011223344556677') {
    this.conv = conv;
    this.#epoch = epoch;
  }

  create(sender = ME, id = `create-${this.conv}`, members = [ME, PEER], form: 'direct' | 'group' = 'direct') {
    return this.say(sender, id, { kind: 'create', form, members });
  }

  message(sender: string, id: string, text: string) {
    return this.say(sender, id, { kind: 'message', body: { type: 'text/plain', text } });
  }

  /** Any entry. What a delete erases is erased here too. */
  say(sender: string, id: string, content: Said): Logged {
    const last = this.entries.at(-1);
    const h = chainLink(last?.h ?? null, id, content.kind, contentHash(this.conv, content));
    const n = (last?.n ?? 0) + 1;
    const m = (last?.m ?? 0) + (content.kind === 'message' ? 1 : 0);
    const entry = { ...content, conv: this.conv, n, m, h, id, sender, time: 1_000 + n } as Logged;
    this.entries.push(entry);
    if (content.kind === 'delete') this.#erase(content.target);
    return entry;
  }

  #erase(target: number): void {
    for (const [i, entry] of this.entries.entries()) {
      const about = entry.n === target || (entry.kind === 'edit' && entry.target === target);
      if (!about || !('body' in entry) || !entry.body) continue;
      const hash = Buffer.from(contentHash(this.conv, entry as never)).toString('hex');
      const { body: _, ...kept } = entry;
      this.entries[i] = { ...kept, hash } as Logged;
    }
  }

  at(n: number): Logged {
    return this.entries[n - 1]!;
  }

  head(): Logged {
    return this.entries.at(-1)!;
  }

  stub(n: number): StubEntry {
    const { conv, m, h, id, time } = this.at(n);
    return { conv, n, m, h, id, time, stub: true };
  }

  hidden(n: number): HiddenEntry {
    const { conv, m, h } = this.at(n);
    return { conv, n, m, h, hidden: true };
  }

  ack(n: number): AckItem {
    const { id, m, h, time } = this.at(n);
    return { id, n, m, h, time };
  }

  headOf(n: number, ranges: [number, number][] = [[1, n]]): Head {
    const { conv, m, h, time } = this.at(n);
    const members = [
      { user: ME, since: 1 },
      { user: PEER, since: 1 },
    ];
    return { conv, form: 'direct', members, ranges, n, m, h, time };
  }

  /** A cursor whose seq is n. */
  cursor(n: number): string {
    return encodeCursor({ epoch: this.#epoch, seq: n, running: '8899aabbccddeeff' });
  }
}

export const frame = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
export const entries = (items: object[], upTo: string): Uint8Array => frame({ t: 'entries', items, upTo });
export const page = (log: TestLog, from: number, to: number): Uint8Array =>
  frame({ t: 'page', ref: 1, conv: log.conv, from, to, items: log.entries.slice(from - 1, to) });
