/** A passport as lines to be copied: for whoever is asked what became of a message. Its text is not among them. */
import type { MessagePassport } from '@matchbook/protocol/bridge/passport';
import type { Words } from '../../i18n/words.tsx';

export function passportText(
  passport: MessagePassport,
  { say, failure }: Words,
  nameOf: (user: string) => string,
): string {
  const { id, n, time, h, save, saveReason, steps, receipts, bytes } = passport;
  const at = (ms: number) => new Date(ms).toISOString();
  const lines = [`${say('passport.id')}: ${id}`];
  for (const step of steps)
    lines.push(
      `${at(step.at)} ${step.what}${step.failure ? `: ${step.failure.kind}: ${failure(step.failure)}` : ''}`,
    );
  if (n !== null && time !== null) lines.push(`${say('passport.place')}: ${n} (${h}), ${at(time)}`);
  if (n !== null && passport.own)
    lines.push(
      `${say('passport.save')}: ${say(`passport.save.${save ?? 'unknown'}`, { reason: saveReason ?? '' })}`,
    );
  lines.push(`${say('passport.size')}: ${say('passport.bytes', { bytes })}`);
  for (const { user, name, state } of receipts ?? [])
    lines.push(`${name ?? nameOf(user)}: ${say(`passport.state.${state}`)}`);
  return lines.join('\n');
}
