/** Frames for a device that is behind, small enough to let what is live pass between them. */
import { encodeCursor } from '@matchbook/protocol/cursor';
import { LIMITS } from '@matchbook/protocol/limits';
import type { HeadsAnswer, Step, Walk } from '../reader/messages.ts';
import { addPlace, type StoredPlace } from './credit.ts';

export interface WalkFrame extends Step {
  text: string;
  items: number;
  bytes: number;
  cursor: string;
  places: StoredPlace[];
  /** Own items still to come after it. */
  left: number;
}

export function walkFrames({ items, upTo, behind }: Walk, epoch: string): WalkFrame[] {
  const frames: WalkFrame[] = [];
  let from = 0;
  while (from < items.length) {
    let bytes = items[from]!.json.length;
    let to = from + 1;
    while (to < items.length && bytes + items[to]!.json.length <= LIMITS.bulkFrameBytes) {
      bytes += items[to]!.json.length;
      to += 1;
    }
    const { seq, running, past } = to === items.length ? upTo : items[to - 1]!;
    const places: StoredPlace[] = [];
    const texts: string[] = [];
    for (const { json, place } of items.slice(from, to)) {
      texts.push(json);
      if (place) addPlace(places, place.conv, place.n);
    }
    const left = behind + items.length - to;
    const tail = left === 0 ? '' : `,"behind":${left}`;
    const cursor = encodeCursor({ epoch, seq, running });
    const text = `{"t":"entries","items":[${texts.join(',')}],"upTo":"${cursor}"${tail}}`;
    frames.push({ text, seq, running, past, cursor, items: to - from, bytes, places, left });
    from = to;
  }
  return frames;
}

/** At least one frame; the last names the place that the snapshot is of. */
export function headsFrames({ conversations, registers }: HeadsAnswer, cursor: string): string[] {
  const total = conversations.length + registers.length;
  const pieces = [
    ...conversations.map((json) => ({ json, list: 0 as const })),
    ...registers.map((json) => ({ json, list: 1 as const })),
  ];
  const frames: string[] = [];
  let from = 0;
  do {
    let bytes = 0;
    let to = from;
    const lists: [string[], string[]] = [[], []];
    while (to < pieces.length && (to === from || bytes + pieces[to]!.json.length <= LIMITS.bulkFrameBytes)) {
      const { json, list } = pieces[to]!;
      lists[list].push(json);
      bytes += json.length;
      to += 1;
    }
    const tail = to < pieces.length ? '"more":true' : `"upTo":"${cursor}"`;
    frames.push(
      `{"t":"heads","conversations":[${lists[0].join(',')}],"registers":[${lists[1].join(',')}],"total":${total},${tail}}`,
    );
    from = to;
  } while (from < pieces.length);
  return frames;
}
