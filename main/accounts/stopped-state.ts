import type { Standing } from '@matchbook/protocol/bridge/views';
import type { SessionState } from '@matchbook/protocol/session-state';

const WORDS: Record<Exclude<Standing, 'active'> | 'shut', string> = {
  shut: 'The files of this account cannot be opened.',
  elsewhere: 'This profile is in use on another computer.',
  copied: 'This profile was copied here.',
  'signed-out': 'This account was signed out on this computer.',
};

const KINDS = {
  shut: 'closed',
  elsewhere: 'replaced',
  copied: 'replaced',
  'signed-out': 'needs-sign-in',
} as const;

/** The session as windows are told of it: an account that does not connect has none. @param at since when, ms */
export function shownState(standing: Standing | 'shut', state: SessionState, at: number): SessionState {
  if (standing === 'active') return state;
  return { kind: KINDS[standing], cause: { at, phase: 'dial', message: WORDS[standing] } };
}
