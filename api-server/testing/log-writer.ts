/** A log as the relay writes it: places, counts, chain and hashes in order. Rules of who may do what are the relay's, and not looked at. */
import { toHex } from '@matchbook/protocol/bytes';
import { chainLink, contentHash } from '@matchbook/protocol/chain';
import type { AppendEntry, FullEntry, Register } from '@matchbook/protocol/entries';
import type { SaveBatch, SaveItem } from '@matchbook/protocol/http/saving';
import { LIMITS } from '@matchbook/protocol/limits';
import { bodyOf, type MessageContent } from '@matchbook/protocol/message-body';

type Said = AppendEntry extends infer E ? (E extends { id: string } ? Omit<E, 'id'> : never) : never;

export class LogWriter {
  readonly items: SaveItem[] = [];
  readonly #ends = new Map<string, { n: number; m: number; h: string | null }>();
  /** Time of the next entry, ms. */
  time = 1_000_000;
  readonly epoch: string;
  #taken = 0;

  constructor(epoch = 'ab'.repeat(8)) {
    this.epoch = epoch;
  }

  /** @returns its place */
  entry(conv: string, sender: string, said: Said, id = `e${this.items.length + 1}`): number {
    const end = this.#ends.get(conv) ?? { n: 0, m: 0, h: null };
    const hash = contentHash(conv, said as Parameters<typeof contentHash>[1]);
    const h = chainLink(end.h, id, said.kind, hash);
    const [n, m] = [end.n + 1, end.m + (said.kind === 'message' ? 1 : 0)];
    this.#ends.set(conv, { n, m, h });
    const item = { conv, n, m, h, id, time: this.time, sender, ...said } as unknown as FullEntry;
    this.time += 1_000;
    this.items.push({ seq: this.items.length + 1, hash: toHex(hash), item });
    return n;
  }

  create(conv: string, form: 'direct' | 'group', members: readonly string[]): number {
    return this.entry(conv, members[0]!, { kind: 'create', form, members: [...members] });
  }

  say(conv: string, sender: string, content: string | MessageContent): number {
    const body = bodyOf(typeof content === 'string' ? { text: content } : content);
    return this.entry(conv, sender, { kind: 'message', body });
  }

  edit(conv: string, sender: string, target: number, content: string | MessageContent): number {
    const body = bodyOf(typeof content === 'string' ? { text: content } : content);
    return this.entry(conv, sender, { kind: 'edit', target, body });
  }

  register(item: Register): void {
    this.items.push({ seq: this.items.length + 1, item });
  }

  profile(user: string, name: string): void {
    this.register({ reg: 'profile', user, name, time: this.time });
  }

  read(conv: string, user: string, n: number): void {
    const at = this.items
      .map(({ item }) => item)
      .find((item) => 'h' in item && item.conv === conv && item.n === n);
    this.register({ reg: 'read', conv, user, n, m: (at as FullEntry).m, time: this.time });
  }

  /** What was not taken yet, in batches as the persister sends them. */
  *batches(): Generator<SaveBatch> {
    while (this.#taken < this.items.length) {
      const items = this.items.slice(this.#taken, this.#taken + LIMITS.groupEntries);
      const after = this.#taken;
      this.#taken += items.length;
      yield { epoch: this.epoch, after, items, upTo: this.#taken };
    }
  }
}
