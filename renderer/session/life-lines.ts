/** What advice and states are in the connection log. Pure. */
import type { Advice, SessionState } from '@matchbook/protocol/session-state';
import type { Life } from './connection-log.ts';

/** @param now wall clock, ms @returns null for what another line tells: a dial is logged where it happens */
export function lifeOfAdvice(advice: Advice, now: number): Life | null {
  switch (advice.kind) {
    case 'dial':
      return null;
    case 'wait': {
      const { at, attempt, offline } = advice;
      return { type: offline ? 'offline' : 'wait', attempt, ms: Math.max(0, at - now) };
    }
    case 'probe':
    case 'trial':
    case 'rest':
      return { type: advice.kind };
  }
}

export function lifeOfState(state: SessionState): Life {
  const reason = 'cause' in state ? `: ${state.cause.message}` : '';
  return { type: 'state', words: `${state.kind}${reason}` };
}
