/**
 * Ordered intake: bulk frames cross to the store one after the other, unparsed, and are confirmed when they are durable there. A frame is
 * never skipped: while the store cannot write, nothing is confirmed and the relay's credit runs out.
 */
import type { HostBridge } from '@matchbook/protocol/bridge/host';
import { peekType } from '@matchbook/protocol/codec';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Confirms } from './confirms.ts';

/** Waiting text in characters; a relay that honours the credit stays far below. */
const WAITING = 4 * LIMITS.creditBytes;
/** Pages that wait together are stored together, up to so many characters: few enough that what a person does meanwhile does not wait long for the store. */
const PAGES_AT_ONCE = 4;
const PAGES_CHARACTERS = 256 * 1024;
const RETRY = 1_000;
const RETRY_CAP = 30_000;

export interface InboxParts {
  account: string;
  bridge: HostBridge;
  confirms: Pick<Confirms, 'stored' | 'lost'>;
  stored(upTo: string, behind: number): void;
  /** There are holes to fill. */
  holes(): void;
  giveUpConnection(message: string): void;
  sleep(ms: number): Promise<void>;
}

interface Waiting {
  text: string;
  isPage: boolean;
  stored: () => void;
}

export class Inbox {
  #parts: InboxParts;
  #queue: Waiting[] = [];
  #waiting = 0;
  /** Climbs with every lost connection: what came on an older one is not stored any more. */
  #generation = 0;
  #running = false;

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  /** @param stored called once it is durable; never where the connection was lost before */
  take(text: string, stored: () => void = () => {}): void {
    this.#queue.push({ text, isPage: peekType(text) === 'page', stored });
    this.#waiting += text.length;
    if (this.#waiting > WAITING)
      return this.#parts.giveUpConnection('The relay sends more than it was allowed to.');
    void this.#run();
  }

  /** The relay sends again, from the stored cursor, whatever was not stored. */
  lost(): void {
    this.#queue = [];
    this.#waiting = 0;
    this.#generation += 1;
    this.#parts.confirms.lost();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#next(); next.length > 0; next = this.#next()) {
        for (const { text } of next) this.#waiting -= text.length;
        await this.#store(next);
      }
    } finally {
      this.#running = false;
    }
  }

  /** One frame of the stream, or the pages that are next in line. */
  #next(): Waiting[] {
    const [first] = this.#queue;
    if (!first) return [];
    let count = 1;
    for (let characters = first.text.length; first.isPage && count < PAGES_AT_ONCE; count++) {
      const one = this.#queue[count];
      characters += one?.text.length ?? 0;
      if (!one?.isPage || characters > PAGES_CHARACTERS) break;
    }
    return this.#queue.splice(0, count);
  }

  async #store(frames: readonly Waiting[]): Promise<void> {
    const generation = this.#generation;
    const raws = frames.map(({ text }) => new TextEncoder().encode(text));
    for (let pause = RETRY; generation === this.#generation; pause = Math.min(RETRY_CAP, pause * 2)) {
      const outcome = await this.#parts.bridge.call('host.store', {
        account: this.#parts.account,
        raws: raws as never,
      });
      if (outcome.ok) {
        const { upTo, items, holes } = outcome.value;
        if (upTo !== null) {
          // Stored is stored, also when the connection was lost meanwhile; only the confirm is for this one alone.
          const { text } = frames.at(-1)!;
          const behind = behindOf(text);
          this.#parts.stored(upTo, behind);
          if (generation === this.#generation)
            this.#parts.confirms.stored({ upTo, items, characters: text.length, behind });
        }
        if (generation === this.#generation) for (const { stored } of frames) stored();
        if (holes) this.#parts.holes();
        return;
      }
      await this.#parts.sleep(pause);
    }
  }
}

/** What an entries frame says of the rest, by a look at its end: the frame itself is for the store. */
function behindOf(text: string): number {
  return Number(/"behind":(\d{1,15})[^[\]]{0,200}\}$/.exec(text.slice(-300))?.[1] ?? 0);
}
