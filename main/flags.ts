/** What the command line may say to the app. Links come after the switches, and are hostile until parsed. */
import { parseInvitation } from '@matchbook/protocol/invitation';
import { parseMessageLink } from '@matchbook/protocol/message-link';
import { boundsIn, switchOn, switchValue } from './switches.ts';

export interface Flags {
  smoke: boolean;
  /** Start or join under this name without being asked. */
  demoName: string | null;
  join: string | null;
  /** Say hello in the conversation that joining opened, or answer the first hello. */
  demoTalk: boolean;
  printInvitation: boolean;
  bounds: { x: number; y: number; width: number; height: number } | null;
}

export function readFlags(argv: readonly string[]): Flags {
  const value = (name: string) => switchValue(argv, name);
  const join = value('join');
  return {
    smoke: switchOn(argv, 'smoke'),
    demoName: value('demo-name')?.slice(0, 80) || null,
    join: join !== null && parseInvitation(join) ? join : null,
    demoTalk: switchOn(argv, 'demo-talk'),
    printInvitation: switchOn(argv, 'print-invitation'),
    bounds: boundsIn(argv),
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
