/** What a session's state means, as words: one row a state, so that nothing between "live" and "closed" is told alike. */
import type { EmbeddedView } from '@matchbook/protocol/bridge/embedded';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { Failure } from '@matchbook/protocol/failures';
import type { NetworkFault } from '@matchbook/protocol/network-fault';
import type { Cause, SessionState } from '@matchbook/protocol/session-state';
import type { WordId } from '../i18n/english.ts';

export interface StatusWords {
  /** `rest`: by the person's own wish nothing is connected. */
  tone: 'calm' | 'busy' | 'trouble' | 'rest';
  id: WordId;
  values: Record<string, number>;
  /** Values that are times (wall clock ms) and are formatted by whoever shows them. */
  times: Record<string, number>;
  /** A further sentence, and the moment it speaks of. */
  detail: { id: WordId; at?: number; cause?: Cause } | null;
  /** The failure whose sentence is `reason`. */
  reason: Failure | LocalFailure | null;
  action: 'reconnect' | 'recover' | 'online' | 'takeBack' | 'tryAgain' | null;
  /** The words change with the clock. */
  ticking: boolean;
}

type Flowing = Extract<SessionState, { kind: 'live' | 'polling' }>;
type Embedded = Pick<EmbeddedView, 'relay' | 'api'> | null;

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

/** Of an account whose files cannot be opened: it does not connect, and a card says why. */
export const SHUT: StatusWords = words('trouble', 'status.shut');

const because = (cause: Cause): StatusWords['detail'] => ({ id: 'status.cause', at: cause.at, cause });

/** Trying again does not mend these by itself: the person, or who runs the network, has to. They are told at once and not on hover. */
const LOUD: readonly NetworkFault[] = [
  'network_offline',
  'name_unknown',
  'certificate_untrusted',
  'certificate_other_key',
  'certificate_date',
  'certificate_name',
  'tls_failed',
  'proxy_unreachable',
  'proxy_refuses',
  'proxy_sign_in',
  'other_answers',
  'host_unknown',
];

/**
 * @param embedded the servers in this app, null where the account's are elsewhere
 * @param whole nothing is missing in what is shown
 * @param now wall clock, ms
 */
export function statusWords(
  state: SessionState,
  embedded: Embedded,
  whole: boolean,
  now: number,
): StatusWords {
  switch (state.kind) {
    case 'live':
    case 'polling':
      return flowingWords(state, embedded, whole);
    case 'resting':
      return words('rest', 'status.resting', {
        detail: { id: 'status.restingDetail', at: state.since },
        action: 'online',
      });
    case 'needs-sign-in':
      return words('trouble', 'status.signIn', { detail: because(state.cause), action: 'recover' });
    case 'replaced':
      return words('trouble', 'status.replaced', { detail: because(state.cause), action: 'takeBack' });
    case 'closed':
      return words(
        'trouble',
        state.cause.failure?.kind === 'forbidden' ? 'status.accountClosed' : 'status.closed',
        {
          detail: because(state.cause),
          reason: state.cause.failure ?? { kind: 'server_failed', message: state.cause.message },
          action: 'tryAgain',
        },
      );
    case 'idle':
    case 'connecting':
    case 'waiting':
    case 'offline':
      return serverWords(embedded) ?? connectingWords(state, now);
  }
}

function flowingWords(state: Flowing, embedded: Embedded, whole: boolean): StatusWords {
  const { complete, behind, stale } = state;
  if (stale !== undefined)
    return words('trouble', 'status.stale', {
      times: { time: stale },
      detail: { id: 'status.staleDetail', at: stale },
      action: 'reconnect',
    });
  if (complete === null)
    return behind
      ? words('busy', 'status.behind', { values: { behind } })
      : words('busy', 'status.catchingUp');
  const id =
    state.kind === 'live' ? 'status.upToDate' : state.why === 'cut' ? 'status.cut' : 'status.blocked';
  if (!whole) return words('calm', id, { detail: { id: 'status.fetching' } });
  if (state.kind === 'polling') return words('calm', id, { detail: { id: 'status.byHttp', at: complete } });
  const saving = !embedded || embedded.api.state === 'running';
  return words('calm', id, {
    detail: { id: saving ? 'status.completeUntil' : 'status.savingAway', at: complete },
  });
}

/** Without its servers there is nothing to connect to: that is what is told, not the attempts. */
function serverWords(embedded: Embedded): StatusWords | null {
  const servers = embedded && [embedded.relay.state, embedded.api.state];
  if (servers?.includes('failed')) return words('trouble', 'status.serversFailed', { action: 'reconnect' });
  if (servers?.some((one) => one === 'restarting' || one === 'stopped'))
    return words('busy', 'status.restarting');
  return servers?.includes('starting') ? words('busy', 'status.starting') : null;
}

function connectingWords(
  state: Extract<SessionState, { kind: 'idle' | 'connecting' | 'waiting' | 'offline' }>,
  now: number,
): StatusWords {
  if (state.kind === 'idle') return words('busy', 'status.idle');
  if (state.kind === 'connecting')
    return state.attempt > 1
      ? words('busy', 'status.connectingAgain', { values: { attempt: state.attempt } })
      : words('busy', 'status.connecting');
  const { attempt, at, cause } = state;
  const { fault } = cause;
  if (fault && LOUD.includes(fault))
    return words('trouble', 'status.fault', {
      values: { attempt },
      reason: { kind: fault, message: cause.message },
      detail: at === null ? because(cause) : { id: 'status.nextTry', at },
      action: 'reconnect',
    });
  const more = { detail: because(cause), action: 'reconnect' } as const;
  if (state.kind === 'offline')
    return words('trouble', 'status.offline', { ...more, times: { time: state.at } });
  const seconds = at === null ? 0 : Math.ceil((at - now) / 1_000);
  return seconds > 0
    ? words('busy', 'status.waiting', { ...more, values: { attempt, seconds }, ticking: true })
    : words('busy', 'status.waitingNow', { ...more, values: { attempt } });
}
