import { decodeCursor, encodeCursor } from '@matchbook/protocol/cursor';
import { LIMITS } from '@matchbook/protocol/limits';
import { Credit } from './credit.ts';
import type { Hub, HubItem, Listener } from './hub.ts';
import type { LogReading } from './reader.ts';
import type { HeadsAnswer, LogPlace, Position } from './reader-messages.ts';

export interface ForwardingOptions {
  user: string;
  hub: Hub;
  reader: LogReading;
  creditItems: number;
  creditBytes: number;
  /** Monotonic clock, ms. */
  now: () => number;
  /** Puts one encoded frame on the wire. */
  send: (text: string) => void;
  /** Whether this very connection appended the entry and gets a stub. */
  own: (id: string) => boolean;
  /** Places that a confirm proved to be stored. */
  delivered: (places: Map<string, number>) => void;
  /** The log could not be read: the connection cannot go on. */
  broken: (error: unknown) => void;
}

interface Pending extends LogPlace {
  json: string;
  /** Counted against credit. */
  weight: number;
  place: { conv: string; n: number } | null;
}

/**
 * One device moving along the log. It is a position and nothing else:
 * - `behind`: the reader walks from the position, as far as the credit goes; or it waits for credit
 * - `live`: the position is the hub's head; the hub delivers, one write a tick
 * - `closed`
 * Out of credit, a live one becomes a behind one. From behind to live there is no seam: the hub's ring is asked and the hub joined in the
 * same turn of the main thread.
 */
export class Forwarding implements Listener {
  readonly user: string;
  readonly #options: ForwardingOptions;
  readonly #credit: Credit;
  #state: 'behind' | 'live' | 'closed' = 'behind';
  #position: LogPlace = { seq: 0, running: '' };
  /** The last upTo that was sent, or the cursor the device came with. */
  #sent: { seq: number; cursor: string | null } = { seq: 0, cursor: null };
  #pending: Pending[] = [];
  #pendingBytes = 0;
  #reading = false;

  constructor(options: ForwardingOptions) {
    this.user = options.user;
    this.#options = options;
    this.#credit = new Credit(options.creditItems, options.creditBytes, options.now);
  }

  /** Begins to move; `welcome` was sent. Resolves once it is live or waits for credit. */
  async start(position: Position, cursor: string | null): Promise<void> {
    if (position.resume === 'heads') {
      try {
        const heads = await this.#options.reader.ask({ type: 'heads', user: this.user });
        if (this.#state !== 'closed') this.#sendHeads(heads);
      } catch (error) {
        this.#options.broken(error);
        return;
      }
    } else {
      this.#position = { seq: position.seq, running: position.running };
      this.#sent = { seq: position.seq, cursor: position.resume === 'cursor' ? cursor : null };
    }
    await this.#advance();
  }

  /** Milliseconds for which the device has owed a confirm. */
  get starved(): number {
    return this.#credit.starved;
  }

  /** False where this connection never sent that cursor. */
  confirm(cursor: string): boolean {
    const at = decodeCursor(cursor);
    if (!at || at.epoch !== this.#options.hub.head.epoch || at.seq > this.#sent.seq) return false;
    const delivered = this.#credit.confirm(at.seq);
    if (delivered.size > 0) this.#options.delivered(delivered);
    void this.#advance();
    return true;
  }

  /**
   * The fields of a heartbeat or pong. At the head, the device's cursor is brought there first (by an empty batch where there
   * was nothing of its own), so that a device which has stored everything can see that it has.
   */
  headOrBehind(): { head: string } | { behind: number } {
    this.flush();
    const { hub } = this.#options;
    if (this.#state !== 'live' || hub.head.seq < this.#position.seq)
      return { behind: Math.max(1, hub.head.seq - this.#position.seq) };
    this.#moveTo(hub.head, hub.cursor);
    return { head: hub.cursor };
  }

  deliver(item: HubItem): void {
    if (this.#state !== 'live' || item.seq <= this.#position.seq) return;
    const pending = this.#pendingOf(item);
    const bytes = pending.reduce((sum, one) => sum + one.json.length, 0);
    const fits =
      this.#pending.length + pending.length <= this.#credit.freeItems &&
      this.#pendingBytes + bytes <= this.#credit.freeBytes;
    const nothingOut = this.#pending.length === 0 && this.#credit.untouched;
    if (!fits && !nothingOut) {
      const last = this.#pending.at(-1);
      if (last) this.#position = { seq: last.seq, running: last.running };
      this.#state = 'behind';
      this.#options.hub.detach(this);
      return;
    }
    this.#pending.push(...pending);
    this.#pendingBytes += bytes;
  }

  flush(): void {
    if (this.#state === 'closed') return;
    const { hub } = this.#options;
    const end = this.#state === 'live' ? hub.head : this.#position;
    const items = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (items.length > 0) this.#sendItems(items, end, undefined);
    if (this.#state !== 'live') void this.#advance();
    // The reader may have been ahead of the hub when this one came level.
    else if (hub.head.seq > this.#position.seq) this.#position = hub.head;
  }

  close(): void {
    this.#state = 'closed';
    this.#options.hub.detach(this);
    this.#pending = [];
  }

  /** Moves on from the position until it is live, out of credit or closed. */
  async #advance(): Promise<void> {
    if (this.#reading || this.#state !== 'behind') return;
    this.#reading = true;
    try {
      while (this.#state === 'behind' && !this.#credit.exhausted && this.#credit.worthWalking) {
        if (this.#joinHub()) break;
        const walk = await this.#options.reader.ask({
          type: 'walk',
          user: this.user,
          after: this.#position.seq,
          entries: this.#credit.freeItems,
          bytes: this.#credit.freeBytes,
        });
        if (this.#isClosed()) return;
        const items = walk.items.map((item) => ({ ...item, weight: 1 }));
        this.#position = walk.upTo;
        if (items.length > 0) this.#sendItems(items, walk.upTo, walk.behind);
      }
    } catch (error) {
      this.#options.broken(error);
    } finally {
      this.#reading = false;
    }
  }

  // A method, so that the compiler does not hold on to what the state was before an await.
  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** In one turn: what the ring has after the position, then the hub itself. False where the walk must go on first. */
  #joinHub(): boolean {
    const { hub } = this.#options;
    if (this.#position.seq < hub.head.seq) {
      const missed = hub.since(this.#position.seq, this.user);
      if (!missed) return false;
      this.#goLive();
      for (const item of missed) this.deliver(item);
      this.flush();
      // Out of credit on the way: behind again, at the place it got to.
      if (this.#state !== 'live') return true;
    } else {
      this.#goLive();
    }
    if (this.#sent.seq < this.#position.seq)
      this.#moveTo(this.#position, encodeCursor({ ...hub.head, ...this.#position }));
    return true;
  }

  #goLive(): void {
    this.#state = 'live';
    this.#options.hub.detach(this);
    this.#options.hub.attach(this);
  }

  #moveTo(place: LogPlace, cursor: string): void {
    if (this.#sent.seq >= place.seq) return;
    this.#sent = { seq: place.seq, cursor };
    this.#options.send(`{"t":"entries","items":[],"upTo":"${cursor}"}`);
  }

  #pendingOf(item: HubItem): Pending[] {
    const { seq, running, entry, conv, user } = item;
    const own = entry !== null && user === this.user;
    const json = own && this.#options.own(entry.id) ? stub(conv!, entry) : item.json;
    const place = entry && !own ? { conv: conv!, n: entry.n } : null;
    const beside = (item.beside ?? []).map((text) => ({ json: text, seq, running, weight: 1, place: null }));
    return [{ json, seq, running, weight: 1, place }, ...beside];
  }

  /** In frames of bounded size. Items of one place stay together, because only whole places may stand in upTo. */
  #sendItems(items: readonly Pending[], end: LogPlace, behind: number | undefined): void {
    const { epoch } = this.#options.hub.head;
    let from = 0;
    while (from < items.length) {
      let bytes = items[from]!.json.length;
      let to = from + 1;
      while (to < items.length) {
        const { json, seq } = items[to]!;
        if (bytes + json.length > LIMITS.bulkFrameBytes && seq !== items[to - 1]!.seq) break;
        bytes += json.length;
        to += 1;
      }
      const last = to === items.length;
      const place = last ? end : items[to - 1]!;
      const cursor = encodeCursor({ epoch, seq: place.seq, running: place.running });
      const places = new Map<string, number>();
      const texts: string[] = [];
      for (let i = from; i < to; i++) {
        const item = items[i]!;
        texts.push(item.json);
        if (item.place) places.set(item.place.conv, item.place.n);
      }
      const tail = behind === undefined || (last && behind === 0) ? '' : `,"behind":${Math.max(1, behind)}`;
      this.#sent = { seq: place.seq, cursor };
      this.#credit.spend(place, to - from, bytes, places);
      this.#options.send(`{"t":"entries","items":[${texts.join(',')}],"upTo":"${cursor}"${tail}}`);
      from = to;
    }
  }

  #sendHeads({ conversations, registers, upTo }: HeadsAnswer): void {
    const { hub } = this.#options;
    const cursor = encodeCursor({ epoch: hub.head.epoch, seq: upTo.seq, running: upTo.running });
    const pieces = [
      ...conversations.map((json) => ({ json, list: 0 })),
      ...registers.map((json) => ({ json, list: 1 })),
    ];
    let from = 0;
    do {
      let bytes = 0;
      let to = from;
      const lists: [string[], string[]] = [[], []];
      while (
        to < pieces.length &&
        (to === from || bytes + pieces[to]!.json.length <= LIMITS.bulkFrameBytes)
      ) {
        const { json, list } = pieces[to]!;
        lists[list as 0 | 1].push(json);
        bytes += json.length;
        to += 1;
      }
      const tail = to < pieces.length ? '"more":true' : `"upTo":"${cursor}"`;
      this.#options.send(
        `{"t":"heads","conversations":[${lists[0].join(',')}],"registers":[${lists[1].join(',')}],${tail}}`,
      );
      from = to;
    } while (from < pieces.length);
    this.#position = upTo;
    this.#sent = { seq: upTo.seq, cursor };
    this.#credit.spend(upTo, 1, 0, new Map());
  }
}

function stub(
  conv: string,
  { id, n, m, h, time }: { id: string; n: number; m: number; h: string; time: number },
): string {
  return JSON.stringify({ conv, n, m, h, id, time, stub: true });
}
