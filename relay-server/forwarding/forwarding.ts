import { decodeCursor, encodeCursor } from '@matchbook/protocol/cursor';
import { LIMITS } from '@matchbook/protocol/limits';
import type { HeadsAnswer, LogPlace, Position, Walk } from '../reader/messages.ts';
import type { LogReading } from '../reader/port.ts';
import type { SharedFrame } from '../wire/outlet.ts';
import type { Bundle, Form } from './bundle.ts';
import { headsFrames, walkFrames } from './catch-up-frames.ts';
import { Credit, type StoredPlace } from './credit.ts';
import type { Hub, HubItem, Listener } from './hub.ts';
import { Milestones } from './milestones.ts';

/** What one read of the log brings at most: many devices may wait for their lines at once. */
const WALK_BYTES = 128 * 1024;
/** Frames and confirms whose times are remembered. */
const TRACED = 32;

/** What all devices move along with. */
export interface ForwardingParts {
  hub: Hub;
  reader: LogReading;
  creditItems: number;
  creditBytes: number;
  /** Own entries behind which a device that comes gets a snapshot; one that stays may be twice as far. */
  farBehind: number;
  /** Monotonic clock, ms. */
  now: () => number;
  /** Wall clock, ms. */
  wallClock: () => number;
}

/** The device itself: who, and the line to it. */
export interface ForwardingLine {
  readonly user: string;
  /** Number of the connection: its own entries come back as stubs. 0: none. */
  readonly peer: number;
  /** Puts a frame on the wire, at once. */
  send(text: string): void;
  share(frame: SharedFrame): void;
  /** Puts a frame on the wire once the line has room. False where it was closed meanwhile. */
  bulk(text: string): Promise<boolean>;
  /** A place that a confirm proved to be stored. */
  delivered(place: StoredPlace): void;
  /** The log could not be read: the connection cannot go on. */
  broken(error: unknown): void;
  /** It fell so far behind while it was connected that every step costs more than a snapshot. */
  tooFar(): void;
}

/**
 * One device moving along the log. It is a position and nothing else:
 * - `waiting`: for its start, or for the snapshot that it starts from
 * - `behind`: the reader walks from the position, as far as the credit goes; or it waits for credit
 * - `live`: the position is the hub's head; the hub delivers, one write a turn
 * - `closed`
 * Out of credit, a live one becomes a behind one. From behind to live there is no seam: the hub's ring is asked and the hub joined in the
 * same turn of the main thread.
 */
export class Forwarding implements Listener {
  readonly user: string;
  /** For the trace of a message: how far, and when. */
  readonly sent = new Milestones(TRACED);
  readonly confirmed = new Milestones(TRACED);
  readonly #parts: ForwardingParts;
  readonly #line: ForwardingLine;
  readonly #credit: Credit;
  #state: 'waiting' | 'behind' | 'live' | 'closed' = 'waiting';
  #position: LogPlace = { seq: 0, running: '0'.repeat(16) };
  /** Behind: of what belongs to the place after the position, registers up to here were sent. */
  #past = 0;
  /** The last upTo that was sent, or the cursor the device came with. */
  #sent = 0;
  #pending: Bundle | null = null;
  #reading = false;
  /** Own items still to come, as the last read counted them. */
  #left = 1;

  constructor(parts: ForwardingParts, line: ForwardingLine) {
    this.user = line.user;
    this.#parts = parts;
    this.#line = line;
    this.#credit = new Credit(parts.creditItems, parts.creditBytes, parts.now);
  }

  /** Begins to move; `welcome` was sent. Resolves once it is live or waits for credit. */
  async start(position: Position): Promise<void> {
    if (position.resume === 'heads') {
      try {
        const heads = await this.#parts.reader.ask({ type: 'heads', user: this.user });
        if (!this.#isClosed()) await this.#sendHeads(heads);
      } catch (error) {
        this.#line.broken(error);
        return;
      }
    } else {
      this.#position = { seq: position.seq, running: position.running };
      this.#sent = position.seq;
    }
    // Whatever came meanwhile (a ping, a heartbeat that was due) found it without a place to move on from.
    if (this.#state !== 'waiting') return;
    this.#state = 'behind';
    await this.#advance();
  }

  /** Milliseconds for which the device has owed a confirm. */
  get starved(): number {
    return this.#credit.starved;
  }

  /** Rows of the log after this device's position. */
  get lag(): number {
    return this.#state === 'live' ? 0 : Math.max(0, this.#parts.hub.head.seq - this.#position.seq);
  }

  /** Whether it gave credit back; null where this connection never sent that cursor. */
  confirm(cursor: string): boolean | null {
    const seq = this.#credit.seqOf(cursor) ?? this.#seqOf(cursor);
    if (seq === null) return null;
    const before = this.#credit.freeItems;
    this.#credit.confirm(seq, this.#line);
    this.confirmed.reached(seq, this.#parts.wallClock());
    const released = this.#credit.freeItems > before;
    if (this.#state === 'behind') void this.#advance();
    return released;
  }

  /**
   * The fields of a heartbeat or pong. At the head, the device's cursor is brought there first (by an empty batch where there
   * was nothing of its own), so that a device which has stored everything can see that it has.
   */
  headOrBehind(): { head: string } | { behind: number } {
    this.flush();
    const { hub } = this.#parts;
    if (this.#state !== 'live' || hub.head.seq < this.#position.seq)
      return { behind: Math.max(1, this.#left) };
    this.#moveTo(hub.head, hub.cursor);
    return { head: hub.cursor };
  }

  deliver(item: HubItem): void {
    if (this.#state !== 'live' || item.seq <= this.#position.seq) return;
    const { hub } = this.#parts;
    if (this.#mustWalk(item)) {
      this.#fallBehind();
      return;
    }
    const before = this.#pending ?? hub.start;
    const bundle = before.add(item, this.#form(item));
    const fits = bundle.count <= this.#credit.freeItems && bundle.bytes <= this.#credit.freeBytes;
    const nothingOut = !this.#pending && this.#credit.untouched;
    if (fits || nothingOut) {
      this.#pending = bundle;
      return;
    }
    this.#fallBehind();
  }

  /** From the last item that was taken on. */
  #fallBehind(): void {
    const last = this.#pending?.item;
    if (last) this.#position = { seq: last.seq, running: last.running };
    this.#left = 1;
    this.#state = 'behind';
    this.#parts.hub.detach(this);
    // What is pending is flushed as for any other; detaching took it off the list.
    this.flush();
  }

  flush(): void {
    if (this.#state === 'closed') return;
    const { hub } = this.#parts;
    const bundle = this.#pending;
    this.#pending = null;
    if (bundle) {
      const end = this.#state === 'live' ? hub.head : this.#position;
      for (const one of bundle.frames(this.user, hub.head.epoch, end, {
        seq: hub.head.seq,
        cursor: hub.cursor,
      })) {
        this.#spend(one);
        this.#line.share(one.frame);
      }
    }
    if (this.#state !== 'live') void this.#advance();
    // The reader may have been ahead of the hub when this one came level.
    else if (hub.head.seq > this.#position.seq) this.#position = hub.head;
  }

  close(): void {
    this.#state = 'closed';
    this.#parts.hub.detach(this);
    this.#pending = null;
  }

  /** Too much belongs to this item for it to be live. */
  #mustWalk({ walk, joined }: HubItem): boolean {
    return walk === 'all' || (walk === 'joined' && joined!.includes(this.user));
  }

  #form(item: HubItem): Form {
    if (item.peer !== 0 && item.peer === this.#line.peer) return 'stub';
    return item.hiddenFrom?.includes(this.user) ? 'hidden' : 'whole';
  }

  /** Moves on from the position until it is live, out of credit or closed. */
  async #advance(): Promise<void> {
    if (this.#reading || this.#state !== 'behind') return;
    this.#reading = true;
    try {
      while (this.#state === 'behind' && !this.#credit.exhausted && this.#credit.worthWalking) {
        if (this.#joinHub()) break;
        const walk = await this.#parts.reader.ask({
          type: 'walk',
          user: this.user,
          after: { ...this.#position, past: this.#past },
          entries: this.#credit.freeItems,
          bytes: Math.min(WALK_BYTES, this.#credit.freeBytes),
        });
        if (this.#isClosed()) return;
        if (walk.behind > 2 * this.#parts.farBehind) {
          this.#line.tooFar();
          return;
        }
        await this.#sendWalk(walk);
      }
    } catch (error) {
      this.#line.broken(error);
    } finally {
      this.#reading = false;
    }
  }

  async #sendWalk(walk: Walk): Promise<void> {
    for (const one of walkFrames(walk, this.#parts.hub.head.epoch)) {
      // Counted before it waits for the line: a heartbeat meanwhile says how much is left.
      this.#left = one.left;
      if (!(await this.#line.bulk(one.text))) return;
      this.#spend(one);
      this.#position = { seq: one.seq, running: one.running };
      this.#past = one.past;
    }
    const { seq, running, past } = walk.upTo;
    this.#position = { seq, running };
    this.#past = past;
  }

  /** A cursor that is not out any more, or was an empty batch. */
  #seqOf(cursor: string): number | null {
    const at = decodeCursor(cursor);
    return at && at.epoch === this.#parts.hub.head.epoch && at.seq <= this.#sent ? at.seq : null;
  }

  #spend(sent: Parameters<Credit['spend']>[0]): void {
    this.#sent = sent.seq;
    this.sent.reached(sent.seq, this.#parts.wallClock());
    this.#credit.spend(sent);
  }

  // A method, so that the compiler does not hold on to what the state was before an await.
  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** In one turn: what the ring has after the position, then the hub itself. False where the walk must go on first. */
  #joinHub(): boolean {
    const { hub } = this.#parts;
    if (this.#past > 0) return false;
    if (this.#position.seq < hub.head.seq) {
      const missed = hub.since(this.#position.seq, this.user);
      if (missed?.some((item) => this.#mustWalk(item))) return false;
      // Much of it is bulk, and bulk goes at the pace of the line.
      if (!missed || missed.reduce((sum, { json }) => sum + json.length, 0) > LIMITS.bulkFrameBytes)
        return false;
      this.#goLive();
      for (const item of missed) this.deliver(item);
      this.flush();
      // Out of credit on the way: behind again, at the place it got to.
      if (this.#state !== 'live') return true;
    } else {
      this.#goLive();
    }
    if (this.#sent < this.#position.seq)
      this.#moveTo(this.#position, encodeCursor({ ...hub.head, ...this.#position }));
    return true;
  }

  #goLive(): void {
    this.#state = 'live';
    this.#parts.hub.detach(this);
    this.#parts.hub.attach(this);
  }

  #moveTo(place: LogPlace, cursor: string): void {
    if (this.#sent >= place.seq) return;
    this.#sent = place.seq;
    this.#line.send(`{"t":"entries","items":[],"upTo":"${cursor}"}`);
  }

  async #sendHeads(heads: HeadsAnswer): Promise<void> {
    const { epoch } = this.#parts.hub.head;
    const { upTo } = heads;
    const cursor = encodeCursor({ epoch, ...upTo });
    for (const text of headsFrames(heads, cursor)) if (!(await this.#line.bulk(text))) return;
    this.#position = upTo;
    this.#sent = upTo.seq;
    this.#credit.spend({ seq: upTo.seq, cursor, items: 1, bytes: 0, places: [] });
  }
}
