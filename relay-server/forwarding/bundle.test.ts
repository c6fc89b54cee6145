import { decodeCursor } from '@matchbook/protocol/cursor';
import { LIMITS } from '@matchbook/protocol/limits';
import { describe, expect, it } from 'vitest';
import type { Committed } from '../sequencer/messages.ts';
import { Bundle } from './bundle.ts';

const EPOCH = '00112233445566ff';
const RUNNING = 'aa'.repeat(8);
const HEAD = { seq: 9, cursor: 'the head' };
const item = (seq: number, user: string, size = 10): Committed => {
  const start = `{"conv":"c","n":${seq},"m":1,"h":"${RUNNING}","id":"i${seq}"`;
  const json = `${start},"text":"${'x'.repeat(size)}"}`;
  return { seq, running: RUNNING, json, hash: '', conv: 'c', user, n: seq, peer: 1, cut: start.length };
};
const place = (seq: number) => ({ seq, running: RUNNING });

describe('P11 a bundle', () => {
  it('is the same for all who get the same, and so are its frames', () => {
    const start = new Bundle();
    const [one, two] = [item(1, 'ann'), item(2, 'ann')];
    const bundle = start.add(one, 'whole').add(two, 'whole');
    expect(start.add(one, 'whole').add(two, 'whole')).toBe(bundle);
    expect(start.add(two, 'whole')).not.toBe(bundle);
    const [first] = bundle.frames('bob', EPOCH, place(9), HEAD);
    expect(bundle.frames('eve', EPOCH, place(9), HEAD)[0]).toBe(first);
    expect(first).toMatchObject({ seq: 9, cursor: 'the head', items: 2, places: [{ n: 2 }] });
    // Who wrote them has proved nothing by storing them.
    expect(bundle.frames('ann', EPOCH, place(9), HEAD)[0]!.places).toEqual([]);
    expect(start.add(one, 'stub').frames('ann', EPOCH, place(9), HEAD)[0]!.frame.text).toContain(
      '"stub":true}]',
    );
    expect(start.add(one, 'hidden').frames('bob', EPOCH, place(9), HEAD)[0]!.frame.text).not.toContain('xxx');
  });

  it('names in each frame the place that it completes, and no later one', () => {
    const large = LIMITS.liveFrameBytes * 0.7;
    let bundle = new Bundle();
    for (let seq = 1; seq <= 3; seq++) bundle = bundle.add(item(seq, 'ann', large), 'whole');
    const seqs = (end: number) =>
      bundle
        .frames('bob', EPOCH, place(end), HEAD)
        .map(({ seq, cursor }) => [seq, cursor === HEAD.cursor ? 'head' : decodeCursor(cursor)!.seq]);
    expect(seqs(9)).toEqual([
      [1, 1],
      [2, 2],
      [9, 'head'],
    ]);
    // Out of credit before the head: it is behind from there.
    expect(seqs(3)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });
});
