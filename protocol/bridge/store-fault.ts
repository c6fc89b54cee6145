/** Why the files of an account cannot be used on this device. Nothing of them is lost by it: they stay as they are. */
export type StoreFaultReason =
  /** This user of the computer may not read or write it. */
  | 'denied'
  | 'read_only'
  /** A newer version of the app has written it. */
  | 'newer'
  /** Another program holds it. */
  | 'locked'
  | 'full'
  /** Whatever else the system says. */
  | 'unreadable';

export interface StoreFault {
  /** Whole path of the file or folder. */
  path: string;
  part: 'outbox' | 'history' | 'folder';
  reason: StoreFaultReason;
  /** In the words of the system. */
  detail: string;
}

/** It can be set aside, and the account goes on with a new one: not while another program writes to it, and not where nothing can be written. */
export const canBeSetAside = ({ part, reason }: StoreFault): boolean =>
  part !== 'folder' && reason !== 'locked' && reason !== 'full' && reason !== 'read_only';
