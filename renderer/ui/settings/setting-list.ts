/** Every setting, for whoever searches: the field in the settings, and the quick switcher. A setting that is not here cannot be found. */
import type { PreferenceFacts } from '@matchbook/protocol/bridge/preferences';
import type { WordId } from '../../i18n/english.ts';
import { foldedName } from '../people/folded-name.ts';

type IdOf<Word> = Word extends `also.${infer Id}` ? Id : never;
/** Each has words of its own to be found by, as other apps call it: `also.` and its id in the catalogue. */
export type SettingId = IdOf<WordId>;

export interface Setting {
  /** On the control's line, as `data-setting`. */
  id: SettingId;
  room: RoomId;
  label: WordId;
  /** What stands below it. */
  hint?: WordId;
}

export type RoomId =
  | 'account'
  | 'accounts'
  | 'notifications'
  | 'appearance'
  | 'language'
  | 'privacy'
  | 'storage'
  | 'keyboard'
  | 'connection'
  | 'tray'
  | 'server'
  | 'about';

export const ROOM_TITLES = {
  account: 'settings.account',
  accounts: 'settings.accounts',
  notifications: 'settings.notifications',
  appearance: 'settings.appearance',
  language: 'settings.language',
  privacy: 'settings.privacy',
  storage: 'settings.storage',
  keyboard: 'settings.keyboard',
  connection: 'settings.connection',
  tray: 'settings.windows',
  server: 'settings.server',
  about: 'settings.about',
} as const satisfies Record<RoomId, WordId>;

const of = (room: RoomId, settings: [id: SettingId, label: WordId, hint?: WordId][]): Setting[] =>
  settings.map(([id, label, hint]) => ({ id, room, label, ...(hint ? { hint } : {}) }));

export const SETTINGS: readonly Setting[] = [
  ...of('account', [
    ['picture', 'avatar.own'],
    ['name', 'start.name'],
    ['password', 'account.signIn', 'account.signInHint'],
    ['devices', 'account.devices'],
  ]),
  ...of('accounts', [
    ['accounts', 'settings.accounts', 'accounts.add'],
    ['lan', 'lan.label', 'lan.hint'],
  ]),
  ...of('notifications', [
    ['notifications', 'notifications.on', 'notifications.onHint'],
    ['do-not-disturb', 'dnd.label', 'dnd.hint'],
    ['quiet-hours', 'quiet.label', 'quiet.hint'],
    ['preview', 'notifications.preview', 'notifications.previewHint'],
    ['sound', 'notifications.sound'],
    ['direct', 'notifications.direct', 'notifications.levelHint'],
    ['group', 'notifications.group', 'notifications.levelHint'],
    ['elsewhere', 'notifications.elsewhere', 'notifications.elsewhereHint'],
    ['badge', 'notifications.badge', 'notifications.badgeHint'],
    ['notification-test', 'test.label', 'test.send'],
  ]),
  ...of('appearance', [
    ['theme', 'theme.label', 'theme.dark'],
    ['contrast', 'contrast.label', 'contrast.hint'],
    ['accent', 'accent.label'],
    ['density', 'density.label', 'density.compact'],
    ['font-size', 'size.label', 'size.hint'],
    ['motion', 'motion.label', 'motion.hint'],
  ]),
  ...of('language', [
    ['language', 'language.label', 'language.hint'],
    ['spelling', 'spelling.label', 'spelling.hint'],
  ]),
  ...of('privacy', [
    ['receipts', 'privacy.receipts', 'privacy.receiptsHint'],
    ['typing', 'privacy.typing'],
    ['last-seen', 'privacy.lastSeen', 'privacy.lastSeenHint'],
    ['link-previews', 'privacy.previews', 'privacy.previewsHint'],
  ]),
  ...of('storage', [
    ['history-limit', 'storage.limit', 'storage.limitHint'],
    ['history-use', 'storage.use', 'storage.clear'],
    ['kept-limit', 'kept.limit', 'kept.lead'],
    ['kept-use', 'kept.title', 'kept.clear'],
  ]),
  ...of('keyboard', [['shortcuts', 'keys.title', 'keys.lead']]),
  ...of('connection', [
    ['attempts-unlimited', 'attempts.unlimited', 'attempts.unlimitedHint'],
    ['attempts', 'attempts.label', 'attempts.hint'],
    ['diagnostics', 'about.diagnostics', 'about.diagnosticsHint'],
  ]),
  ...of('tray', [
    ['at-login', 'windows.login', 'windows.loginHint'],
    ['restore-windows', 'windows.restore', 'windows.restoreHint'],
    ['tray', 'tray.show', 'tray.showHint'],
    ['tray-hide', 'tray.hide', 'tray.hideHint'],
  ]),
  ...of('server', [['server', 'settings.server', 'server.registration']]),
  ...of('about', [
    ['versions', 'settings.about', 'about.copy'],
    ['licences', 'about.licencesTitle'],
    ['logs', 'about.logs', 'about.logsHint'],
  ]),
];

/** What decides which settings a person has. */
export interface Standing {
  /** Of the account's server. */
  admin: boolean;
  /** Servers run in this app. */
  ownServers: boolean;
  /** Undefined until main has told. */
  facts: PreferenceFacts | undefined;
}

/** Whether a setting is there to be found. */
export function isThere({ id, room }: Setting, { admin, ownServers, facts }: Standing): boolean {
  if (room === 'server') return admin;
  switch (id) {
    case 'lan':
      return ownServers;
    // macOS checks by itself, and leaves an app running without windows.
    case 'spelling':
      return facts?.platform !== 'darwin';
    case 'at-login':
      return facts?.atLogin !== null;
    case 'tray-hide':
      return facts === undefined || (facts.tray && facts.platform !== 'darwin');
    default:
      return true;
  }
}

/** What it is found by beside its name. */
export const alsoFoundBy = ({ id, hint }: Setting, say: (id: WordId) => string): string =>
  `${hint ? say(hint) : ''} ${say(`also.${id}`)}`;

/** Those in whose words all of the typed ones occur, without regard to case and accents. */
export function findSettings(typed: string, say: (id: WordId) => string): Setting[] {
  const wanted = foldedName(typed).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  const scored = SETTINGS.flatMap((setting) => {
    const label = foldedName(say(setting.label));
    const all = `${label} ${foldedName(alsoFoundBy(setting, say))} ${foldedName(say(ROOM_TITLES[setting.room]))}`;
    if (!wanted.every((word) => all.includes(word))) return [];
    return [{ setting, inLabel: wanted.every((word) => label.includes(word)) }];
  });
  return scored.sort((a, b) => Number(b.inLabel) - Number(a.inLabel)).map(({ setting }) => setting);
}
