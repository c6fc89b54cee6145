import { encodeCursor } from '@matchbook/protocol/cursor';
import { LIMITS } from '@matchbook/protocol/limits';
import type { LogPlace } from '../reader/messages.ts';
import type { Committed } from '../sequencer/messages.ts';
import { hiddenOf, stubOf } from '../sequencer/rows.ts';
import { SharedFrame } from '../wire/outlet.ts';
import { addPlace, type StoredPlace } from './credit.ts';

/** Where the log ends, and the cursor of that. */
export interface LogHeadCursor {
  seq: number;
  cursor: string;
}

/** How a device gets an item: whole, as the author's stub, or as one that it may not see. */
export type Form = 'whole' | 'stub' | 'hidden';

/** A frame with what it costs its receiver in credit, and the places that a confirm of it proves to be stored. */
export interface LiveFrame {
  frame: SharedFrame;
  seq: number;
  items: number;
  bytes: number;
  cursor: string;
  places: readonly StoredPlace[];
}

/**
 * Items that devices get in one turn, in order. Devices that get the same ones share the same bundle, and with it the frames: adding an item leads to the
 * next bundle, the same one for all who come from here. So an audience of a thousand costs one encoding.
 */
export class Bundle {
  readonly item: Committed | null;
  readonly form: Form;
  readonly previous: Bundle | null;
  /** Items so far, and their bytes. */
  readonly count: number;
  readonly bytes: number;
  readonly #text: string[];
  #next: Bundle[] = [];
  /** Senders of the entries in it, once somebody asked. */
  #authors: Set<string> | null = null;
  #frames: { end: number; frames: LiveFrame[] } | null = null;

  constructor(previous: Bundle | null = null, item: Committed | null = null, form: Form = 'whole') {
    this.previous = previous;
    this.item = item;
    this.form = form;
    this.#text = item ? textsOf(item, form) : [];
    this.count = (previous?.count ?? 0) + this.#text.length;
    this.bytes = this.#text.reduce((sum, one) => sum + one.length, previous?.bytes ?? 0);
  }

  add(item: Committed, form: Form): Bundle {
    // Devices of one audience come one after the other: the last one is most often it.
    for (let i = this.#next.length - 1; i >= 0; i--) {
      const next = this.#next[i]!;
      if (next.item === item && next.form === form) return next;
    }
    const next = new Bundle(this, item, form);
    this.#next.push(next);
    return next;
  }

  /**
   * In frames of bounded size.
   *
   * @param user whose own entries prove nothing
   * @param end the place that the last frame completes
   * @param head cursor of the head, which that mostly is
   */
  frames(user: string, epoch: string, end: LogPlace, head: LogHeadCursor): LiveFrame[] {
    // Authors are alone with their stubs; everybody else of the same bundle has the same entries of others.
    const shared = !this.#hasOwn(user);
    if (shared && this.#frames?.end === end.seq) return this.#frames.frames;
    const path: Bundle[] = [];
    for (let at: Bundle | null = this; at?.item; at = at.previous) path.push(at);
    path.reverse();
    const frames: LiveFrame[] = [];
    let texts: string[] = [];
    let bytes = 0;
    let places: StoredPlace[] = [];
    const close = ({ seq, running }: LogPlace) => {
      const cursor = seq === head.seq ? head.cursor : encodeCursor({ epoch, seq, running });
      const frame = new SharedFrame(`{"t":"entries","items":[${texts.join(',')}],"upTo":"${cursor}"}`);
      frames.push({ frame, seq, cursor, items: texts.length, bytes, places });
      texts = [];
      bytes = 0;
      places = [];
    };
    for (const one of path) {
      const item = one.item!;
      const length = one.bytes - one.previous!.bytes;
      if (texts.length > 0 && bytes + length > LIMITS.liveFrameBytes) close(one.previous!.item!);
      texts.push(...one.#text);
      bytes += length;
      if (one.form === 'whole' && item.n > 0 && item.user !== user) addPlace(places, item.conv!, item.n);
    }
    close(end);
    if (shared) this.#frames = { end: end.seq, frames };
    return frames;
  }

  #hasOwn(user: string): boolean {
    if (!this.#authors) {
      this.#authors = new Set();
      for (let at: Bundle | null = this; at?.item; at = at.previous)
        if (at.item.n > 0) this.#authors.add(at.item.user);
    }
    return this.#authors.has(user);
  }
}

/** What is beside an item stays with it: only whole places may stand in upTo. */
function textsOf({ json, cut, beside }: Committed, form: Form): string[] {
  if (form === 'hidden') return [hiddenOf(json)];
  return [form === 'stub' ? stubOf(json, cut) : json, ...(beside ?? [])];
}
