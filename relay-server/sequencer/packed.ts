/**
 * A group as it crosses from the log's thread: lists of numbers and of texts. Cloning an object costs more for the names of its fields than for
 * what is in them.
 */
import type { Committed, FrameAnswers, FromWorker } from './messages.ts';

export type GroupMessage = Extract<FromWorker, { type: 'group' }>;

/** What few rows have. */
type Rest = Partial<Committed>;

export interface PackedGroup extends Omit<GroupMessage, 'type' | 'answers' | 'group'> {
  type: 'packed';
  head: GroupMessage['group']['head'];
  stats: GroupMessage['group']['stats'];
  /** Of each row: seq, n, peer, cut. */
  numbers: number[];
  /** Of each row: running, json, hash, conv (empty: none), user. */
  texts: string[];
  /** Index of a row, and the rest of it. */
  rest: [number, Rest][];
  /** Of each connection: peer, frames, size, count of its answers. */
  answered: number[];
  answers: string[];
  failures: [number, NonNullable<FrameAnswers['failure']>][];
}

export function pack({ refs, outcomes, answers, group }: GroupMessage): PackedGroup {
  const packed: PackedGroup = {
    ...{ type: 'packed', refs, outcomes, head: group.head, stats: group.stats },
    ...{ numbers: [], texts: [], rest: [], answered: [], answers: [], failures: [] },
  };
  group.committed.forEach(({ seq, running, json, hash, conv, user, n, peer, cut, ...rest }, i) => {
    packed.numbers.push(seq, n, peer, cut);
    packed.texts.push(running, json, hash, conv ?? '', user);
    for (const _ in rest) {
      packed.rest.push([i, rest]);
      break;
    }
  });
  answers.forEach(({ peer, frames, size, texts, failure }, i) => {
    packed.answered.push(peer, frames, size, texts.length);
    packed.answers.push(...texts);
    if (failure) packed.failures.push([i, failure]);
  });
  return packed;
}

export function unpack(packed: PackedGroup): GroupMessage {
  const { numbers, texts, answered } = packed;
  const committed: Committed[] = [];
  for (let i = 0, t = 0; i < numbers.length; i += 4, t += 5)
    committed.push({
      seq: numbers[i]!,
      running: texts[t]!,
      json: texts[t + 1]!,
      hash: texts[t + 2]!,
      conv: texts[t + 3]! || null,
      user: texts[t + 4]!,
      n: numbers[i + 1]!,
      peer: numbers[i + 2]!,
      cut: numbers[i + 3]!,
    });
  for (const [i, rest] of packed.rest) Object.assign(committed[i]!, rest);
  const answers: FrameAnswers[] = [];
  for (let i = 0, from = 0; i < answered.length; i += 4) {
    const to = from + answered[i + 3]!;
    const [peer, frames, size] = [answered[i]!, answered[i + 1]!, answered[i + 2]!];
    answers.push({ peer, frames, size, texts: packed.answers.slice(from, to) });
    from = to;
  }
  for (const [i, failure] of packed.failures) answers[i]!.failure = failure;
  const { refs, outcomes, head, stats } = packed;
  return { type: 'group', refs, outcomes, answers, group: { committed, head, stats } };
}
