import type { EmbeddedServer } from '@matchbook/protocol/bridge/embedded';
import type { Cause, SessionState } from '@matchbook/protocol/session-state';
import { describe, expect, it } from 'vitest';
import { statusWords } from './status-words.ts';

const NOW = 1_000_000;
const cause: Cause = { at: NOW - 5_000, phase: 'dial', message: 'refused' };
const server = (state: EmbeddedServer['state']): EmbeddedServer => ({
  state,
  since: 0,
  attempt: 0,
  at: null,
  pid: null,
  detail: null,
});
const servers = (relay: EmbeddedServer['state'], api: EmbeddedServer['state'] = 'running') => ({
  relay: server(relay),
  api: server(api),
});
const live = { kind: 'live', since: 0, lastData: NOW } as const;
const polling = { ...live, kind: 'polling', at: null } as const;

const TABLE: [SessionState, string, Record<string, number>, string | null][] = [
  [{ kind: 'idle' }, 'status.idle', {}, null],
  [{ kind: 'connecting', attempt: 1, since: NOW }, 'status.connecting', {}, null],
  [{ kind: 'connecting', attempt: 4, since: NOW }, 'status.connectingAgain', { attempt: 4 }, null],
  [{ ...live, complete: NOW, behind: null }, 'status.upToDate', {}, null],
  [{ ...live, complete: null, behind: null }, 'status.catchingUp', {}, null],
  [{ ...live, complete: null, behind: 12 }, 'status.behind', { behind: 12 }, null],
  [
    { kind: 'waiting', attempt: 3, at: NOW + 3_200, cause },
    'status.waiting',
    { attempt: 3, seconds: 4 },
    'reconnect',
  ],
  [{ kind: 'waiting', attempt: 3, at: null, cause }, 'status.waitingNow', { attempt: 3 }, 'reconnect'],
  [{ kind: 'waiting', attempt: 3, at: NOW - 1, cause }, 'status.waitingNow', { attempt: 3 }, 'reconnect'],
  [{ kind: 'offline', attempt: 13, at: NOW + 60_000, cause }, 'status.offline', {}, 'reconnect'],
  [{ kind: 'needs-sign-in', cause }, 'status.signIn', {}, 'recover'],
  [{ kind: 'replaced', cause }, 'status.replaced', {}, 'takeBack'],
  [{ kind: 'closed', cause }, 'status.closed', {}, 'tryAgain'],
  [
    { kind: 'closed', cause: { ...cause, failure: { kind: 'forbidden', message: 'closed by an admin' } } },
    'status.accountClosed',
    {},
    'tryAgain',
  ],
  [
    { kind: 'waiting', attempt: 2, at: NOW + 3_200, cause: { ...cause, fault: 'host_unknown' } },
    'status.fault',
    { attempt: 2 },
    'reconnect',
  ],
  [{ kind: 'resting', since: NOW }, 'status.resting', {}, 'online'],
  [{ ...live, complete: NOW - 9_000, behind: null, stale: NOW - 9_000 }, 'status.stale', {}, 'reconnect'],
  [{ ...polling, why: 'blocked', complete: NOW, behind: null }, 'status.blocked', {}, null],
  [{ ...polling, why: 'cut', complete: NOW, behind: null }, 'status.cut', {}, null],
  [{ ...polling, why: 'cut', complete: null, behind: 3 }, 'status.behind', { behind: 3 }, null],
  [
    { kind: 'waiting', attempt: 3, at: NOW + 3_200, cause: { ...cause, fault: 'certificate_untrusted' } },
    'status.fault',
    { attempt: 3 },
    'reconnect',
  ],
  [
    { kind: 'offline', attempt: 14, at: NOW + 3_200, cause: { ...cause, fault: 'proxy_refuses' } },
    'status.fault',
    { attempt: 14 },
    'reconnect',
  ],
  // That nothing answers is mended by trying again.
  [
    { kind: 'waiting', attempt: 3, at: NOW + 3_200, cause: { ...cause, fault: 'connection_refused' } },
    'status.waiting',
    { attempt: 3, seconds: 4 },
    'reconnect',
  ],
];

describe('the connection in words', () => {
  it.each(TABLE)('%o', (state, id, values, action) => {
    const status = statusWords(state, null, true, NOW);
    expect(status).toMatchObject({ id, values, action });
  });

  it('says until when it is complete only where nothing shown is missing', () => {
    const state: SessionState = { ...live, complete: NOW, behind: null };
    expect(statusWords(state, null, true, NOW).detail).toEqual({ id: 'status.completeUntil', at: NOW });
    expect(statusWords(state, null, false, NOW).detail).toEqual({ id: 'status.fetching' });
  });

  it.each([
    ['restarting', 'status.restarting'],
    ['stopped', 'status.restarting'],
    ['starting', 'status.starting'],
    ['failed', 'status.serversFailed'],
  ] as const)('tells of the servers in this app before it counts attempts: %s', (state, id) => {
    const waiting: SessionState = { kind: 'waiting', attempt: 3, at: NOW + 3_000, cause };
    expect(statusWords(waiting, servers(state), true, NOW).id).toBe(id);
    expect(statusWords(waiting, servers('running', state), true, NOW).id).toBe(id);
  });

  it('stays up to date without the part that saves, and says so', () => {
    const status = statusWords(
      { ...live, complete: NOW, behind: null },
      servers('running', 'restarting'),
      true,
      NOW,
    );
    expect(status).toMatchObject({ id: 'status.upToDate', detail: { id: 'status.savingAway' } });
  });

  it('ticks only while it counts seconds', () => {
    for (const [state] of TABLE) {
      const { ticking, id } = statusWords(state, null, true, NOW);
      expect(ticking).toBe(id === 'status.waiting');
    }
  });
});
