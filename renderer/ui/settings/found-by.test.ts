/** Settings are found by the words that people type, in each language: by the field of the settings, and among the first of the quick switcher. */
import { LANGUAGES, type Language } from '@matchbook/protocol/bridge/choices';
import { describe, expect, it } from 'vitest';
import { english } from '../../i18n/english.ts';
import { speechOf } from '../../i18n/languages.ts';
import type { WordId } from '../../i18n/word-id.ts';
import { ranked } from '../switcher/ranking.ts';
import { alsoFoundBy, findSettings, SETTINGS } from './setting-list.ts';

/** Of each setting, what people call it. */
const TYPED: Record<Language, Record<string, string[]>> = {
  en: {
    'at-login': ['start at login', 'autostart', 'launch at startup'],
    name: ['name', 'username', 'display name', 'nickname'],
    picture: ['picture', 'photo', 'avatar'],
    password: ['password', 'change password', 'login'],
    devices: ['devices', 'sessions', 'linked devices'],
    accounts: ['accounts', 'sign out', 'log out', 'server'],
    lan: ['network', 'lan', 'other computers'],
    notifications: ['notifications', 'alerts'],
    'do-not-disturb': ['do not disturb', 'dnd', 'pause notifications', 'mute all'],
    'quiet-hours': ['quiet hours', 'schedule', 'night'],
    preview: ['preview', 'lock screen', 'hide text'],
    sound: ['sound', 'ring', 'mute'],
    direct: ['direct messages'],
    group: ['groups', 'mentions only', 'mentions'],
    elsewhere: ['another device', 'other device'],
    badge: ['badge', 'unread count', 'counter'],
    'notification-test': ['test notification', 'test'],
    theme: ['dark', 'dark mode', 'theme', 'light'],
    contrast: ['contrast', 'accessibility'],
    accent: ['color', 'colour', 'accent'],
    density: ['density', 'compact', 'spacing'],
    'font-size': ['font', 'font size', 'text size', 'zoom'],
    motion: ['animations', 'reduce motion'],
    language: ['language', 'german', 'english', 'translation'],
    spelling: ['spell check', 'spellcheck', 'spelling', 'dictionary'],
    receipts: ['read receipts', 'seen', 'blue ticks'],
    typing: ['typing', 'typing indicator'],
    'last-seen': ['last seen', 'online', 'presence'],
    'link-previews': ['link previews', 'preview', 'links'],
    'history-limit': ['storage', 'disk', 'history', 'cache'],
    'history-use': ['make room', 'clear history', 'free space'],
    'kept-limit': ['files', 'downloads'],
    'kept-use': ['delete copies', 'clear cache'],
    shortcuts: ['shortcuts', 'keyboard', 'hotkeys', 'keys'],
    attempts: ['attempts', 'reconnect', 'retry'],
    'attempts-unlimited': ['without a limit', 'unlimited'],
    diagnostics: ['diagnostics', 'connection', 'debug'],
    'restore-windows': ['restore windows', 'windows', 'reopen'],
    tray: ['tray', 'menu bar', 'status icon'],
    'tray-hide': ['minimize to tray', 'close', 'background'],
    server: ['server', 'admin'],
    versions: ['version', 'about', 'update'],
    licences: ['licences', 'licenses', 'open source'],
    logs: ['logs', 'log files'],
  },
  de: {
    'at-login': ['autostart', 'anmelden'],
    name: ['name', 'benutzername', 'anzeigename'],
    picture: ['bild', 'foto', 'profilbild', 'avatar'],
    password: ['passwort', 'kennwort', 'passwort ändern'],
    devices: ['geräte', 'gerate', 'sitzungen'],
    accounts: ['konten', 'abmelden', 'server'],
    lan: ['netzwerk', 'andere rechner'],
    notifications: ['mitteilungen', 'benachrichtigungen'],
    'do-not-disturb': ['nicht stören', 'pausieren', 'stumm'],
    'quiet-hours': ['ruhezeiten', 'nacht', 'zeitplan'],
    preview: ['vorschau', 'sperrbildschirm'],
    sound: ['ton', 'klang', 'stumm'],
    direct: ['direktnachrichten', 'eine person'],
    group: ['gruppen', 'erwähnungen'],
    elsewhere: ['anderes gerät', 'anderen gerät'],
    badge: ['zähler', 'ungelesen'],
    'notification-test': ['test', 'probe'],
    theme: ['dunkel', 'dark mode', 'design', 'nachtmodus', 'hell'],
    contrast: ['kontrast', 'barrierefrei'],
    accent: ['farbe', 'akzent'],
    density: ['dichte', 'kompakt', 'abstand'],
    'font-size': ['schrift', 'schriftgröße', 'zoom', 'textgröße'],
    motion: ['animation', 'bewegung'],
    language: ['sprache', 'deutsch', 'englisch'],
    spelling: ['rechtschreibung', 'wörterbuch'],
    receipts: ['lesebestätigung', 'gelesen'],
    typing: ['tippt', 'schreibt', 'tippen'],
    'last-seen': ['zuletzt online', 'online', 'zuletzt gesehen'],
    'link-previews': ['linkvorschau', 'vorschau', 'links'],
    'history-limit': ['speicher', 'verlauf', 'cache'],
    'history-use': ['platz', 'verlauf löschen', 'speicherplatz'],
    'kept-limit': ['dateien', 'downloads'],
    'kept-use': ['kopien löschen', 'cache leeren'],
    shortcuts: ['tastenkürzel', 'tastatur', 'tastenkombination', 'hotkeys'],
    attempts: ['versuche', 'neu verbinden'],
    'attempts-unlimited': ['unbegrenzt', 'ohne grenze'],
    diagnostics: ['diagnose', 'verbindung'],
    'restore-windows': ['fenster'],
    tray: ['infobereich', 'tray', 'taskleiste'],
    'tray-hide': ['minimieren', 'schließen', 'hintergrund'],
    server: ['server', 'verwaltung'],
    versions: ['version', 'über', 'update'],
    licences: ['lizenzen', 'open source'],
    logs: ['protokoll', 'log'],
  },
  ja: {
    'at-login': ['自動起動'],
    name: ['名前', 'ユーザー名', '表示名'],
    picture: ['写真', 'アイコン', 'アバター', '画像'],
    password: ['パスワード', 'ログイン'],
    devices: ['デバイス', '端末'],
    accounts: ['アカウント', 'ログアウト', 'サインアウト', 'サーバー'],
    lan: ['ネットワーク'],
    notifications: ['通知'],
    'do-not-disturb': ['おやすみモード', '取り込み中', '通知を一時停止'],
    'quiet-hours': ['夜間', 'スケジュール'],
    preview: ['プレビュー', 'ロック画面'],
    sound: ['音', '着信音', 'サウンド'],
    direct: ['ダイレクトメッセージ', 'DM'],
    group: ['グループ', 'メンション'],
    elsewhere: ['別のデバイス', 'ほかの端末'],
    badge: ['バッジ', '未読数', '未読'],
    'notification-test': ['テスト'],
    theme: ['ダークモード', 'テーマ', '夜'],
    contrast: ['コントラスト'],
    accent: ['色', 'カラー'],
    density: ['間隔', 'コンパクト', '密度'],
    'font-size': ['文字サイズ', 'フォント', 'ズーム'],
    motion: ['アニメーション', '動き'],
    language: ['言語', '日本語', '英語'],
    spelling: ['スペルチェック', 'スペル', '辞書'],
    receipts: ['既読', '既読通知'],
    typing: ['入力中'],
    'last-seen': ['オンライン', '最終ログイン'],
    'link-previews': ['リンク', 'プレビュー'],
    'history-limit': ['ストレージ', '容量', '履歴'],
    'history-use': ['履歴を削除', '空き'],
    'kept-limit': ['ファイル', 'ダウンロード'],
    'kept-use': ['キャッシュ'],
    shortcuts: ['ショートカット', 'キーボード'],
    attempts: ['再接続', '試行'],
    'attempts-unlimited': ['無制限'],
    diagnostics: ['診断', '接続'],
    'restore-windows': ['ウィンドウ'],
    tray: ['トレイ', 'タスクバー'],
    'tray-hide': ['最小化', '閉じる', 'バックグラウンド'],
    server: ['サーバー', '管理'],
    versions: ['バージョン', 'このアプリについて', '更新'],
    licences: ['ライセンス', 'オープンソース'],
    logs: ['ログ'],
  },
  fr: {
    'at-login': ['démarrage', 'lancer au démarrage'],
    picture: ['photo', 'image'],
    password: ['mot de passe'],
    accounts: ['déconnexion', 'comptes'],
    'do-not-disturb': ['ne pas déranger', 'pause'],
    theme: ['sombre', 'thème', 'nuit'],
    accent: ['couleur'],
    'font-size': ['police', 'zoom', 'taille du texte'],
    receipts: ['confirmation de lecture', 'lu'],
    spelling: ['orthographe', 'correcteur'],
    shortcuts: ['raccourcis', 'clavier'],
    sound: ['son'],
    'tray-hide': ['réduire', 'fermer', 'arrière-plan'],
    versions: ['version', 'mise à jour'],
  },
  es: {
    'at-login': ['iniciar con el sistema', 'arranque'],
    picture: ['foto', 'imagen'],
    password: ['contraseña', 'contrasena'],
    accounts: ['cerrar sesión', 'cuentas'],
    'do-not-disturb': ['no molestar', 'pausar'],
    theme: ['oscuro', 'tema', 'noche'],
    accent: ['color'],
    'font-size': ['fuente', 'zoom', 'tamaño del texto'],
    receipts: ['confirmación de lectura', 'visto'],
    spelling: ['ortografía', 'corrector'],
    shortcuts: ['atajos', 'teclado'],
    sound: ['sonido'],
    'tray-hide': ['minimizar', 'cerrar', 'segundo plano'],
    versions: ['versión', 'actualización'],
  },
  ar: {
    'at-login': ['بدء التشغيل'],
    picture: ['صورة'],
    password: ['كلمة المرور'],
    accounts: ['تسجيل الخروج', 'حساب'],
    'do-not-disturb': ['عدم الإزعاج', 'إيقاف مؤقت'],
    theme: ['داكن', 'الوضع الليلي', 'مظهر'],
    accent: ['لون'],
    'font-size': ['خط', 'حجم النص', 'تكبير'],
    receipts: ['إشعارات القراءة'],
    spelling: ['إملاء', 'قاموس'],
    shortcuts: ['اختصارات', 'لوحة المفاتيح'],
    sound: ['صوت'],
    'tray-hide': ['تصغير', 'إغلاق', 'الخلفية'],
    versions: ['إصدار', 'تحديث'],
  },
};
/** Of settings, as many as the switcher shows. */
const SHOWN = 6;

const saying = async (language: Language) => {
  const { catalogue } = await speechOf(language, []);
  return (id: WordId) => catalogue[id] ?? english[id];
};

describe('a setting is found by what people call it', () => {
  it('each of them has such words', () => {
    for (const language of ['en', 'de', 'ja'] as const)
      expect(Object.keys(TYPED[language]).sort(), language).toEqual(
        SETTINGS.map(({ id }) => String(id)).sort(),
      );
  });

  it.each(LANGUAGES)('%s', async (language) => {
    const say = await saying(language);
    const candidates = SETTINGS.map((setting) => ({
      key: setting.id,
      name: say(setting.label),
      words: alsoFoundBy(setting, say),
    }));
    const missed: string[] = [];
    for (const [id, words] of Object.entries(TYPED[language]))
      for (const word of words) {
        if (!findSettings(word, say).some((setting) => String(setting.id) === id))
          missed.push(`${word}: ${id} is not found in the settings`);
        const first = ranked(word, candidates, () => 0)
          .slice(0, SHOWN)
          .map(({ candidate }) => candidate.key);
        if (!first.some((key) => key === id)) missed.push(`${word}: ${id} is not among ${first.join(', ')}`);
      }
    expect(missed).toEqual([]);
  });
});
