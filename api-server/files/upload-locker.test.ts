import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UploadLocker } from './upload-locker.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LIMIT = 30_000;

function desk() {
  const locker = new UploadLocker();
  const done: string[] = [];
  const asked: string[] = [];
  const come = (name: string, id = 'u', signal = new AbortController().signal) => {
    const lock = locker.newLock(id);
    void lock
      .lock(signal, () => void asked.push(name))
      .then(
        () => done.push(name),
        (error: { status_code?: number }) => done.push(`${name}: ${error.status_code}`),
      );
    return lock;
  };
  const settled = () => vi.advanceTimersByTimeAsync(0);
  return { come, done, asked, settled };
}

describe('requests for one upload', () => {
  it('come one at a time, in turn; whoever holds it is asked to let go, the next ones too', async () => {
    const { come, done, asked, settled } = desk();
    const [first, second, third] = [come('a'), come('b'), come('c')];
    await settled();
    expect([done, asked]).toEqual([['a'], ['a', 'a']]);
    await first!.unlock();
    await settled();
    // Somebody waits behind the second: it hears of that at once.
    expect([done, asked]).toEqual([
      ['a', 'b'],
      ['a', 'a', 'b'],
    ]);
    await second!.unlock();
    await settled();
    expect([done, asked.length]).toEqual([['a', 'b', 'c'], 3]);
    await third!.unlock();
    come('d');
    await settled();
    expect([done.at(-1), asked.length]).toEqual(['d', 3]);
  });

  it('for another upload wait for nobody', async () => {
    const { come, done, settled } = desk();
    come('a');
    come('b', 'v');
    await settled();
    expect(done).toEqual(['a', 'b']);
  });

  it('that are given up lose their place, and no other does', async () => {
    const { come, done, settled } = desk();
    const first = come('a');
    const gone = new AbortController();
    come('b', 'u', gone.signal);
    come('c');
    await settled();
    gone.abort();
    await settled();
    expect(done).toEqual(['a', 'b: 500']);
    await first.unlock();
    await settled();
    expect(done).toEqual(['a', 'b: 500', 'c']);
  });

  it('wait for 30 s and no longer; what held it holds it still, and who had their turn is not thrown out later', async () => {
    const { come, done, settled } = desk();
    const first = come('a');
    come('b');
    await vi.advanceTimersByTimeAsync(LIMIT - 1);
    const third = come('c');
    expect(done).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toEqual(['a', 'b: 500']);
    await first.unlock();
    await settled();
    expect(done).toEqual(['a', 'b: 500', 'c']);
    const fourth = come('d');
    // Up to when the third would have waited.
    await vi.advanceTimersByTimeAsync(LIMIT - 1);
    expect(done).toHaveLength(3);
    await third.unlock();
    await settled();
    expect(done.at(-1)).toBe('d');
    await fourth.unlock();
  });
});
