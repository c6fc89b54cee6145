import { FAILURES } from '@matchbook/protocol/failures';
import { SUBPROTOCOL } from '@matchbook/protocol/version';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { probeRelay } from './relay-probe.ts';
import type { Socket } from './session-parts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function probing() {
  let now = 0;
  const sent: string[] = [];
  const opened: [string, string][] = [];
  const socket = {
    send: (frame: string) => void sent.push(frame),
    close: vi.fn(),
    onopen: null,
    onclose: null,
    onmessage: null,
    onerror: null,
  } as unknown as Socket & { close: ReturnType<typeof vi.fn> };
  const results = probeRelay(
    'ws://relay/ws',
    (url, protocol) => {
      opened.push([url, protocol]);
      return socket;
    },
    () => now,
  );
  return {
    ...{ socket, results, sent, opened },
    open: async (ms: number) => {
      now += ms;
      socket.onopen?.();
      await vi.advanceTimersByTimeAsync(0);
    },
    closes: async (ms: number, code: number) => {
      now += ms;
      socket.onclose?.({ code, reason: '' });
      await vi.advanceTimersByTimeAsync(0);
    },
    hears: (ms: number) => {
      now += ms;
      socket.onmessage?.({ data: '{}' });
    },
    passes: async (ms: number) => {
      now += ms;
      await vi.advanceTimersByTimeAsync(ms);
    },
  };
}

it.each([
  ['a frame', (at: ReturnType<typeof probing>) => at.hears(7)],
  ['its own close', (at: ReturnType<typeof probing>) => at.closes(7, FAILURES.bad_frame.close ?? 0)],
])('a relay is known by %s, says how long each step took, and hears no hello', async (_what, answer) => {
  const at = probing();
  await at.open(20);
  await answer(at);
  expect(await at.results).toEqual([
    { step: 'socket', ok: true, ms: 20, found: 'fine', detail: SUBPROTOCOL },
    { step: 'data', ok: true, ms: 7, found: 'fine', detail: '' },
  ]);
  expect(at.opened).toEqual([['ws://relay/ws', SUBPROTOCOL]]);
  expect(at.sent.map((frame) => JSON.parse(frame).t)).toEqual(['ping']);
  expect(at.socket.close).toHaveBeenCalledTimes(1);
  expect([at.socket.onopen, at.socket.onclose, at.socket.onmessage]).toEqual([null, null, null]);
});

it('an upgrade that is refused is told with its code, and no data is asked for', async () => {
  const at = probing();
  await at.closes(5, 1006);
  expect(await at.results).toEqual([
    { step: 'socket', ok: false, ms: 5, found: 'upgrade', detail: 'close code 1006' },
  ]);
  expect(at.sent).toEqual([]);
  expect(at.socket.close).toHaveBeenCalledTimes(1);
});

it('an upgrade that nobody answers ends after 8 s, and the socket is closed', async () => {
  const at = probing();
  await at.passes(7_999);
  expect(at.socket.close).not.toHaveBeenCalled();
  await at.passes(1);
  expect(await at.results).toEqual([{ step: 'socket', ok: false, ms: 8_000, found: 'timeout', detail: '' }]);
  expect(at.socket.close).toHaveBeenCalledTimes(1);
});

it('an open socket on which nothing comes back is told after 6 s', async () => {
  const at = probing();
  await at.open(10);
  await at.passes(6_000);
  expect((await at.results)[1]).toEqual({ step: 'data', ok: false, ms: 6_000, found: 'no-data', detail: '' });
});

it('what closes otherwise than a relay does is another server', async () => {
  const at = probing();
  await at.open(10);
  await at.closes(3, 1000);
  expect((await at.results)[1]).toEqual({
    ...{ step: 'data', ok: false, ms: 3, found: 'not-ours', detail: 'close code 1000' },
  });
});
