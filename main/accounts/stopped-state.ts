import type { Standing } from '@matchbook/protocol/bridge/views';
import type { SessionState } from '@matchbook/protocol/session-state';

const WORDS: Record<Exclude<Standing, 'active'>, string> = {
  elsewhere: 'This profile is in use on another computer.',
  copied: 'This profile was copied here.',
  'signed-out': 'This account was signed out on this computer.',
};

/** The session as windows are told of it: an account that does not connect has none. @param at since when, ms */
export function shownState(standing: Standing, state: SessionState, at: number): SessionState {
  if (standing === 'active') return state;
  const kind = standing === 'signed-out' ? 'needs-sign-in' : 'replaced';
  return { kind, cause: { at, phase: 'dial', message: WORDS[standing] } };
}
