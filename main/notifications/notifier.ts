/** What shows notifications: the port, with one implementation for Electron's own and one for the Linux desktop's bus. */
import type { ShowAnswer } from '@matchbook/protocol/bridge/notifications';

export interface Notice {
  /** A further one under the same tag takes the place of the first. */
  tag: string;
  title: string;
  body: string;
  /** `system`: the desktop's own; `none` also where the app plays its own. */
  sound: 'system' | 'none';
  /** Whether reply and "mark as read" make sense: about one conversation. */
  answerable: boolean;
}

/** What a person did with one. */
export type Act =
  | { kind: 'open' }
  | { kind: 'reply'; text: string }
  | { kind: 'mark-read' }
  /** They closed it, or it went by itself. */
  | { kind: 'dismissed' };

export interface Notifier {
  /** Resolves when the desktop has taken or refused it. Does not throw. */
  show(notice: Notice): Promise<ShowAnswer>;
  /** Takes it off the screen; nothing where it is gone. */
  withdraw(tag: string): void;
  onAct(listener: (tag: string, act: Act) => void): void;
}
