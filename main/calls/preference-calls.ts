/** What windows may ask about settings and notifications. */
import type { PreferenceFacts } from '@matchbook/protocol/bridge/preferences';
import type { WindowHandlers } from '../bridge/bridge.ts';
import type { Ledger } from '../notifications/ledger.ts';
import type { NotificationCenter } from '../notifications/notification-center.ts';
import type { Attention } from '../people/attention.ts';
import type { Preferences } from '../profile/preferences.ts';

export interface PreferenceCallParts {
  preferences: Preferences;
  facts(): PreferenceFacts;
  /** Opens the app with the session of this computer, or not. */
  openAtLogin(on: boolean): Promise<void>;
  center: NotificationCenter;
  ledger: Ledger;
  attention: Attention;
  /** Puts the register of the log into the outbox. */
  mute(account: string, conv: string, until: number): Promise<unknown>;
}

type Names =
  | 'settings.get'
  | 'settings.set'
  | 'settings.atLogin'
  | 'settings.conversation'
  | 'settings.setConversation'
  | 'conversation.mute'
  | 'view.shown'
  | 'notifications.why'
  | 'notifications.test';

export function preferenceCalls(parts: PreferenceCallParts): Pick<WindowHandlers, Names> {
  const { preferences, facts, center, ledger, attention, mute } = parts;
  return {
    'settings.get': () => ({ ...preferences.all, facts: facts() }),
    'settings.set': (change) => preferences.change(change),
    'settings.atLogin': async ({ on }) => {
      await parts.openAtLogin(on);
      return null;
    },
    'settings.conversation': ({ account, conv }) => preferences.of(account, conv),
    'settings.setConversation': ({ account, conv, chosen }) => preferences.choose(account, conv, chosen),
    'conversation.mute': async ({ account, conv, until }) => {
      await mute(account, conv, until);
      center.judge.muted(account, conv, until);
      return null;
    },
    'view.shown': ({ account, conv, newest }, sender) => {
      attention.shows(sender, { account, conv, newest });
      return null;
    },
    'notifications.why': ({ account, conv, n }) => ledger.about(account, conv, n),
    'notifications.test': () => center.test(),
  };
}
