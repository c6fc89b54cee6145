import type { PersonProfile, PersonStatus } from '@matchbook/protocol/bridge/people';
import type { PresenceState } from '@matchbook/protocol/frames';
import type { Words } from '../../i18n/words.tsx';

/** Whether somebody is there; where not, since when, as far as they tell, or that they come no more. */
export function presenceWords(
  state: PresenceState | undefined,
  profile: Pick<PersonProfile, 'lastSeen' | 'closed'> | undefined,
  now: number,
  { say, time, moment }: Words,
): string {
  if (state === 'online' || state === 'away') return say(`presence.${state}`);
  if (profile?.closed) return say('presence.closed');
  const lastSeen = profile?.lastSeen ?? null;
  if (lastSeen === null) return say('presence.offline');
  const today = new Date(lastSeen).toDateString() === new Date(now).toDateString();
  return today
    ? say('presence.seenAt', { time: time(lastSeen) })
    : say('presence.seenOn', { moment: moment(lastSeen) });
}

/** A status that is not over. */
export const standing = (status: PersonStatus | null | undefined, now: number): PersonStatus | null =>
  status && (status.until === undefined || status.until > now) ? status : null;
