/** What a session's state means, as words: one row a state, so that nothing between "live" and "closed" is told alike. */

import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { AppState } from '@matchbook/protocol/bridge/views';
import type { Failure } from '@matchbook/protocol/failures';
import type { Cause, SessionState } from '@matchbook/protocol/session-state';
import type { WordId } from '../i18n/english.ts';

export interface StatusWords {
  tone: 'calm' | 'busy' | 'trouble';
  id: WordId;
  values: Record<string, number>;
  /** Values that are times (wall clock ms) and are formatted by whoever shows them. */
  times: Record<string, number>;
  /** A further sentence, and the moment it speaks of. */
  detail: { id: WordId; at?: number; cause?: Cause } | null;
  /** The failure whose sentence is `reason`. */
  reason: Failure | LocalFailure | null;
  action: 'reconnect' | 'recover' | null;
  /** The words change with the clock. */
  ticking: boolean;
}

const words = (tone: StatusWords['tone'], id: WordId, more: Partial<StatusWords> = {}): StatusWords => ({
  tone,
  id,
  values: {},
  times: {},
  detail: null,
  reason: null,
  action: null,
  ticking: false,
  ...more,
});

const because = (cause: Cause): StatusWords['detail'] => ({ id: 'status.cause', at: cause.at, cause });

/**
 * @param embedded the servers in this app, null where the account's are elsewhere
 * @param whole nothing is missing in what is shown
 * @param now wall clock, ms
 */
export function statusWords(
  state: SessionState,
  embedded: AppState['embedded'],
  whole: boolean,
  now: number,
): StatusWords {
  switch (state.kind) {
    case 'live': {
      const { complete, behind } = state;
      if (complete === null)
        return behind
          ? words('busy', 'status.behind', { values: { behind } })
          : words('busy', 'status.catchingUp');
      if (!whole) return words('calm', 'status.upToDate', { detail: { id: 'status.fetching' } });
      const saving = !embedded || embedded.api.state === 'running';
      return words('calm', 'status.upToDate', {
        detail: { id: saving ? 'status.completeUntil' : 'status.savingAway', at: complete },
      });
    }
    case 'needs-sign-in':
      return words('trouble', 'status.signIn', { detail: because(state.cause), action: 'recover' });
    case 'replaced':
      return words('trouble', 'status.replaced', { detail: because(state.cause) });
    case 'closed':
      return words('trouble', 'status.closed', {
        detail: because(state.cause),
        reason: state.cause.failure ?? { kind: 'server_failed', message: state.cause.message },
      });
  }
  // Without its servers there is nothing to connect to: that is what is told, not the attempts.
  const servers = embedded && [embedded.relay.state, embedded.api.state];
  if (servers?.includes('failed')) return words('trouble', 'status.serversFailed', { action: 'reconnect' });
  if (servers?.some((one) => one === 'restarting' || one === 'stopped'))
    return words('busy', 'status.restarting');
  if (servers?.includes('starting')) return words('busy', 'status.starting');
  switch (state.kind) {
    case 'idle':
      return words('busy', 'status.idle');
    case 'connecting':
      return state.attempt > 1
        ? words('busy', 'status.connectingAgain', { values: { attempt: state.attempt } })
        : words('busy', 'status.connecting');
    case 'waiting': {
      const { attempt, at, cause } = state;
      const more = { detail: because(cause), action: 'reconnect' } as const;
      const seconds = at === null ? 0 : Math.ceil((at - now) / 1_000);
      return seconds > 0
        ? words('busy', 'status.waiting', { ...more, values: { attempt, seconds }, ticking: true })
        : words('busy', 'status.waitingNow', { ...more, values: { attempt } });
    }
    case 'offline':
      return words('trouble', 'status.offline', {
        times: { time: state.at },
        detail: because(state.cause),
        action: 'reconnect',
      });
  }
}
