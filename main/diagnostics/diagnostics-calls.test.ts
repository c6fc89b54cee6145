import type { SessionState } from '@matchbook/protocol/session-state';
import { expect, it } from 'vitest';
import { shownState } from '../accounts/stopped-state.ts';
import { Clock } from '../testing/clock.ts';
import { Diagnostics } from './diagnostics.ts';
import { type DiagnosticsCallParts, diagnosticsCalls } from './diagnostics-calls.ts';

it('an account that does not connect is told as every window tells it, and since when', async () => {
  const clock = new Clock();
  const diagnostics = new Diagnostics({
    ...{ now: clock.now, setTimer: clock.setTimer },
    ...{ news: () => {}, changed: () => {}, wantContents: () => {} },
  });
  let standing: Parameters<typeof shownState>[0] = 'active';
  const resting: SessionState = { kind: 'resting', since: clock.wall };
  const calls = diagnosticsCalls({
    diagnostics,
    accounts: () => [{ account: 'a', name: 'Ann' }],
    sessionOf: () => shownState(standing, resting, 1_700_000_000_123),
    depths: async () => null,
    ...{ now: clock.now, isOnline: () => true, embedded: () => null },
  } as unknown as DiagnosticsCallParts);
  const told = async () => {
    const { links } = await calls['diagnostics.overview']({}, 1);
    return [links[0]!.state.kind, links[0]!.since];
  };
  expect(await told()).toEqual(['resting', null]);
  for (const [as, kind] of [
    ['copied', 'replaced'],
    ['shut', 'closed'],
    ['signed-out', 'needs-sign-in'],
  ] as const) {
    standing = as;
    expect(await told()).toEqual([kind, 1_700_000_000_123]);
  }
  diagnostics.stateChanged('a', resting);
  standing = 'active';
  expect(await told()).toEqual(['resting', clock.wall]);
});
