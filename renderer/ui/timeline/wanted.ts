/** A message with what waits to change about it done already; a change that was refused is taken back, and its words stand in the outbox. */
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { Body } from '@matchbook/protocol/entries';
import { shownText } from '@matchbook/protocol/shown-text';

export interface Wanted {
  body: Body | null;
  deleted: boolean;
  /** Texts before the one that is shown, oldest first. */
  earlier: { time: number | null; text: string }[];
  edited: boolean;
  reactions: Reaction[];
  pinned: boolean;
  /** Kept by the reader. */
  saved: boolean;
}

export interface Reaction {
  emoji: string;
  /** Ids, in the order in which they were given. */
  by: string[];
}

/** @param user id of the reader, whose changes wait */
export function wanted(row: TimelineRow, user: string): Wanted {
  const { folded, changes = [] } = row;
  let { body } = row;
  let deleted = row.kind === 'message' && row.body === null;
  const earlier: Wanted['earlier'] = [];
  const remember = (one: Body | null | undefined, time: number | null) => {
    const text = one ? shownText(one) : null;
    if (text !== null) earlier.push({ time, text });
  };
  if (folded && folded.edits.length > 0) {
    remember(folded.first, row.time);
    for (const { body: older, time } of folded.edits.slice(0, -1)) remember(older, time);
  }
  const reactions = (folded?.reactions ?? []).map(({ by, body: said }) => ({
    by,
    emoji: shownText(said) ?? '',
  }));
  let pinned = folded?.pinned === true;
  let saved = row.saved === true;
  for (const { append, delivery } of changes) {
    if (delivery === 'failed') continue;
    if (append.kind === 'delete') {
      body = null;
      deleted = true;
    } else if (append.kind === 'edit') {
      remember(body, null);
      body = append.body;
    } else if (append.kind === 'pin') pinned = append.off !== true;
    else if (append.kind === 'saved') saved = append.value === 1;
    else if (append.kind === 'reaction') {
      const emoji = shownText(append.body) ?? '';
      const at = reactions.findIndex((one) => one.by === user && one.emoji === emoji);
      if (append.off && at >= 0) reactions.splice(at, 1);
      if (!append.off && at < 0) reactions.push({ by: user, emoji });
    }
  }
  return {
    body,
    deleted,
    earlier,
    edited: earlier.length > 0,
    reactions: grouped(reactions),
    ...{ pinned, saved },
  };
}

/** Marks, controls, blanks, and letters and a pattern that are drawn as blanks: another client may have sent them, and a chip with them alone would be empty. */
const UNSEEN = /^[\p{Cc}\p{Cf}\p{Z}\p{M}\u115f\u1160\u2800\u3164\uffa0]*$/u;

function grouped(reactions: readonly { by: string; emoji: string }[]): Reaction[] {
  const groups = new Map<string, string[]>();
  for (const { by, emoji } of reactions) {
    if (UNSEEN.test(emoji)) continue;
    const group = groups.get(emoji) ?? [];
    if (!group.includes(by)) group.push(by);
    groups.set(emoji, group);
  }
  return [...groups].map(([emoji, by]) => ({ emoji, by }));
}
