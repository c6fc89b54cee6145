/** Every setting, for whoever searches: the field in the settings, and the quick switcher. A setting that is not here cannot be found. */
import type { WordId } from '../../i18n/english.ts';

export interface Setting {
  /** On the control's line, as `data-setting`. */
  id: string;
  room: RoomId;
  label: WordId;
  /** What stands below it. */
  hint?: WordId;
  /** More words to find it by, as other apps call it. */
  also?: WordId;
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

const of = (
  room: RoomId,
  settings: [id: string, label: WordId, hint?: WordId | null, also?: WordId][],
): Setting[] =>
  settings.map(([id, label, hint, also]) => ({
    ...{ id, room, label },
    ...(hint ? { hint } : {}),
    ...(also ? { also } : {}),
  }));

export const SETTINGS: readonly Setting[] = [
  ...of('account', [
    ['name', 'start.name'],
    ['password', 'account.signIn', 'account.signInHint', 'also.password'],
    ['devices', 'account.devices'],
  ]),
  ...of('accounts', [
    ['accounts', 'settings.accounts', 'accounts.add'],
    ['lan', 'lan.label', 'lan.hint'],
  ]),
  ...of('notifications', [
    ['notifications', 'notifications.on', 'notifications.onHint'],
    ['do-not-disturb', 'dnd.label', 'dnd.hint'],
    ['quiet-hours', 'quiet.label', 'quiet.hint', 'also.quiet'],
    ['preview', 'notifications.preview', 'notifications.previewHint'],
    ['sound', 'notifications.sound', null, 'also.sound'],
    ['direct', 'notifications.direct', 'notifications.levelHint'],
    ['group', 'notifications.group', 'notifications.levelHint'],
    ['elsewhere', 'notifications.elsewhere', 'notifications.elsewhereHint'],
    ['badge', 'notifications.badge', 'notifications.badgeHint', 'also.badge'],
    ['notification-test', 'test.label', 'test.send'],
  ]),
  ...of('appearance', [
    ['theme', 'theme.label', 'theme.dark', 'also.theme'],
    ['contrast', 'contrast.label', 'contrast.hint'],
    ['accent', 'accent.label'],
    ['density', 'density.label', 'density.compact'],
    ['font-size', 'size.label', 'size.hint', 'also.textSize'],
    ['motion', 'motion.label', 'motion.hint', 'also.motion'],
  ]),
  ...of('language', [
    ['language', 'language.label', 'language.hint'],
    ['spelling', 'spelling.label', 'spelling.hint'],
  ]),
  ...of('privacy', [
    ['receipts', 'privacy.receipts', 'privacy.receiptsHint', 'also.receipts'],
    ['typing', 'privacy.typing'],
    ['last-seen', 'privacy.lastSeen', 'privacy.lastSeenHint', 'also.lastSeen'],
    ['link-previews', 'privacy.previews', 'privacy.previewsHint'],
  ]),
  ...of('storage', [
    ['history-limit', 'storage.limit', 'storage.limitHint', 'also.storage'],
    ['history-use', 'storage.use', 'storage.clear'],
    ['kept-limit', 'kept.limit', 'kept.lead'],
    ['kept-use', 'kept.title', 'kept.clear'],
  ]),
  ...of('keyboard', [['shortcuts', 'keys.title', 'keys.lead']]),
  ...of('connection', [
    ['attempts', 'attempts.label', 'attempts.hint'],
    ['diagnostics', 'about.diagnostics', 'about.diagnosticsHint'],
  ]),
  ...of('tray', [
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
}

/** Whether a setting is there to be found. */
export const isThere = ({ id, room }: Setting, { admin, ownServers }: Standing): boolean =>
  room === 'server' ? admin : id === 'lan' ? ownServers : true;

/** What it is found by beside its name. */
export const alsoFoundBy = ({ hint, also }: Setting, say: (id: WordId) => string): string =>
  [hint, also].flatMap((id) => (id ? [say(id)] : [])).join(' ');

/** Those in whose words all of the typed ones occur, without regard to case and accents. */
export function findSettings(typed: string, say: (id: WordId) => string): Setting[] {
  const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  const scored = SETTINGS.flatMap((setting) => {
    const label = plain(say(setting.label));
    const all = `${label} ${plain(alsoFoundBy(setting, say))} ${plain(say(ROOM_TITLES[setting.room]))}`;
    if (!wanted.every((word) => all.includes(word))) return [];
    return [{ setting, inLabel: wanted.every((word) => label.includes(word)) }];
  });
  return scored.sort((a, b) => Number(b.inLabel) - Number(a.inLabel)).map(({ setting }) => setting);
}
