/** What the command line may say to the app. Links come after the switches, and are hostile until parsed. */
import { parseInvitation } from '@matchbook/protocol/invitation';
import { parseMessageLink } from '@matchbook/protocol/message-link';

export interface Flags {
  smoke: boolean;
  /** Wall clock ms at which the launch began, for the figures of the smoke run. */
  smokeStarted: number | null;
  /** Start or join under this name without being asked. */
  demoName: string | null;
  join: string | null;
  /** Say hello in the conversation that joining opened, or answer the first hello. */
  demoTalk: boolean;
  printInvitation: boolean;
  bounds: { x: number; y: number; width: number; height: number } | null;
}

export function readFlags(argv: readonly string[]): Flags {
  const value = (name: string) =>
    argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? null;
  const bounds = /^(-?\d{1,5}),(-?\d{1,5}),(\d{2,5}),(\d{2,5})$/.exec(value('window-bounds') ?? '');
  const started = Number(value('smoke-started'));
  const join = value('join');
  return {
    smoke: argv.includes('--smoke'),
    smokeStarted: Number.isSafeInteger(started) && started > 0 ? started : null,
    demoName: value('demo-name')?.slice(0, 80) || null,
    join: join !== null && parseInvitation(join) ? join : null,
    demoTalk: argv.includes('--demo-talk'),
    printInvitation: argv.includes('--print-invitation'),
    bounds: bounds
      ? { x: Number(bounds[1]), y: Number(bounds[2]), width: Number(bounds[3]), height: Number(bounds[4]) }
      : null,
  };
}

/** An invitation that the system or a second start handed over, or null. Nothing happens before the person has confirmed it. */
export function invitationIn(argv: readonly string[]): string | null {
  return argv.find((word) => word.startsWith('matchbook://') && parseInvitation(word) !== null) ?? null;
}

/** A link to a message that the system or a second start handed over, or null. */
export function messageLinkIn(argv: readonly string[]): string | null {
  return argv.find((word) => word.startsWith('matchbook://') && parseMessageLink(word) !== null) ?? null;
}
