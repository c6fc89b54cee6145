/**
 * A socket to the relay beside the session, for the connection check: does the upgrade work, and does data come back on it? It never says
 * hello, so that it neither needs a token nor takes the session over: the relay answers any other first frame with a close of its own.
 */
import type { CheckResult } from '@matchbook/protocol/bridge/diagnostics';
import { encode } from '@matchbook/protocol/codec';
import { FAILURES } from '@matchbook/protocol/failures';
import { SUBPROTOCOL } from '@matchbook/protocol/version';
import type { Socket } from './session-parts.ts';

const UPGRADE_LIMIT = 8_000;
const DATA_LIMIT = 6_000;

export async function probeRelay(
  url: string,
  open: (url: string, protocol: string) => Socket,
  clock: () => number,
): Promise<CheckResult[]> {
  const begun = clock();
  const socket = open(url, SUBPROTOCOL);
  let answered: ((outcome: { code: number } | 'frame') => void) | null = null;
  const answer = new Promise<{ code: number } | 'frame'>((resolve) => {
    answered = resolve;
  });
  try {
    const upgraded = await within(
      UPGRADE_LIMIT,
      new Promise<'open' | { code: number }>((resolve) => {
        socket.onopen = () => resolve('open');
        socket.onclose = ({ code }) => {
          resolve({ code });
          answered?.({ code });
        };
        socket.onmessage = () => answered?.('frame');
        socket.onerror = () => {};
      }),
    );
    const ms = clock() - begun;
    if (upgraded === null) return [{ step: 'socket', ok: false, ms, found: 'timeout', detail: '' }];
    if (upgraded !== 'open')
      return [{ step: 'socket', ok: false, ms, found: 'upgrade', detail: `close code ${upgraded.code}` }];
    const socketStep: CheckResult = { step: 'socket', ok: true, ms, found: 'fine', detail: SUBPROTOCOL };
    const asked = clock();
    socket.send(encode({ t: 'ping', at: 0 }));
    const outcome = await within(DATA_LIMIT, answer);
    const dataMs = clock() - asked;
    const isRelay = outcome === 'frame' || outcome?.code === FAILURES.bad_frame.close;
    const dataStep: CheckResult =
      outcome === null
        ? { step: 'data', ok: false, ms: dataMs, found: 'no-data', detail: '' }
        : isRelay
          ? { step: 'data', ok: true, ms: dataMs, found: 'fine', detail: '' }
          : {
              step: 'data',
              ok: false,
              ms: dataMs,
              found: 'not-ours',
              detail: `close code ${(outcome as { code: number }).code}`,
            };
    return [socketStep, dataStep];
  } finally {
    socket.onopen = null;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
  }
}

/** Null where it takes longer. */
function within<T>(limit: number, work: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limit);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
