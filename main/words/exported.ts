/** The words of exported pages, which are read without the app. */
import type { Language } from '@matchbook/protocol/bridge/choices';
import type { Plural } from './catalogue.ts';

export interface ExportWords {
  all: string;
  self: string;
  conversation: string;
  /** `{n}` */
  replyTo: string;
  deleted: string;
  edited: string;
  missing: string;
  pinned: string;
  saved: string;
  /** `{name}`: of who wrote it. */
  forwarded: string;
  messages: Plural;
  notAll: string;
  /** `{server}`, `{time}` and `{zone}`: that of the person, in which all times of the pages are. */
  lead: string;
  missingFiles: Plural;
  /** `{from}` and `{to}` */
  range: string;
  /** `{unsent}` and `{manifest}`: names of files. */
  beside: string;
  /** Of what is no message, by its kind. */
  kinds: Record<
    | 'create'
    | 'rename'
    | 'picture'
    | 'settings'
    | 'member_add'
    | 'member_remove'
    | 'member_leave'
    | 'member_role'
    | 'pin',
    string
  >;
}

const RIGHT_TO_LEFT: ReadonlySet<Language> = new Set(['ar']);

/**
 * Says them: numbers, sizes, times and the direction are those of the language too.
 *
 * @param zone of the person, by its IANA name; where absent that of the system
 */
export function exportWords(language: Language, zone = Intl.DateTimeFormat().resolvedOptions().timeZone) {
  const words = EXPORT_WORDS[language];
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const times = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(language, { ...options, timeZone: zone });
    return (iso: string): string => format.format(Date.parse(iso));
  };
  const count = (n: number, forms: Plural): string =>
    (forms[rules.select(n)] ?? forms.other).replace('#', numbers.format(n));
  return {
    ...{ ...words, language, direction: RIGHT_TO_LEFT.has(language) ? ('rtl' as const) : ('ltr' as const) },
    count,
    zone,
    /** Of ISO times: the day, the time of a day, both, and the day in short. */
    day: times({ dateStyle: 'full' }),
    clock: times({ timeStyle: 'short' }),
    moment: times({ dateStyle: 'long', timeStyle: 'short' }),
    date: times({ dateStyle: 'medium' }),
    size: (bytes: number): string => {
      const step = bytes < 1_024 ? 0 : Math.min(3, Math.floor(Math.log2(bytes) / 10));
      const unit = (['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const)[step]!;
      const style = { style: 'unit', unit, maximumFractionDigits: step > 1 ? 1 : 0 } as const;
      return new Intl.NumberFormat(language, style).format(bytes / 1_024 ** step);
    },
    filled: (sentence: string, values: Record<string, string>): string =>
      sentence.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? ''),
    /** What a newer version did is told by its name. */
    kind: (kind: string): string =>
      Object.hasOwn(words.kinds, kind) ? words.kinds[kind as keyof ExportWords['kinds']] : kind,
  };
}
export type SpokenExport = ReturnType<typeof exportWords>;

export const EXPORT_WORDS: Record<Language, ExportWords> = {
  en: {
    ...{ all: 'All conversations', self: 'Notes to self', conversation: 'Conversation' },
    ...{ replyTo: 'In reply to message {n}', deleted: 'This message was deleted.', edited: 'Edited' },
    ...{ missing: '(not in this export)', pinned: 'Pinned', saved: 'Saved' },
    forwarded: 'Forwarded from {name}',
    messages: { one: '# message', other: '# messages' },
    notAll: 'not all of them here',
    lead: '{server}, exported on {time}. The times on these pages are those of {zone}; the JSON has them in UTC.',
    missingFiles: { one: '# file could not be had.', other: '# files could not be had.' },
    range: 'Messages {from} to {to} could not be had.',
    beside:
      'The same as JSON lies beside the pages; what was not sent yet is in {unsent}. {manifest} has the SHA-256 of every file.',
    kinds: {
      ...{ create: 'began the conversation', rename: 'named it', picture: 'changed the picture' },
      ...{
        settings: 'changed the description',
        member_add: 'added people',
        member_remove: 'removed somebody',
      },
      ...{ member_leave: 'left', member_role: 'changed a role', pin: 'pinned a message' },
    },
  },
  de: {
    ...{ all: 'Alle Unterhaltungen', self: 'Notizen an mich', conversation: 'Unterhaltung' },
    ...{
      replyTo: 'Antwort auf Nachricht {n}',
      deleted: 'Diese Nachricht wurde gelöscht.',
      edited: 'Bearbeitet',
    },
    ...{ missing: '(nicht in diesem Export)', pinned: 'Angeheftet', saved: 'Gemerkt' },
    forwarded: 'Weitergeleitet von {name}',
    messages: { one: '# Nachricht', other: '# Nachrichten' },
    notAll: 'nicht alle sind hier',
    lead: '{server}, exportiert am {time}. Die Zeiten auf diesen Seiten sind die von {zone}; im JSON stehen sie in UTC.',
    missingFiles: { one: '# Datei war nicht zu bekommen.', other: '# Dateien waren nicht zu bekommen.' },
    range: 'Die Nachrichten {from} bis {to} waren nicht zu bekommen.',
    beside:
      'Dasselbe als JSON liegt neben den Seiten; was noch nicht gesendet war, steht in {unsent}. {manifest} enthält die SHA-256 jeder Datei.',
    kinds: {
      ...{
        create: 'hat die Unterhaltung begonnen',
        rename: 'hat sie benannt',
        picture: 'hat das Bild geändert',
      },
      ...{ settings: 'hat die Beschreibung geändert', member_add: 'hat Personen hinzugefügt' },
      ...{ member_remove: 'hat jemanden entfernt', member_leave: 'ist gegangen' },
      ...{ member_role: 'hat eine Rolle geändert', pin: 'hat eine Nachricht angeheftet' },
    },
  },
  fr: {
    ...{ all: 'Toutes les conversations', self: 'Notes personnelles', conversation: 'Conversation' },
    ...{ replyTo: 'En réponse au message {n}', deleted: 'Ce message a été supprimé.', edited: 'Modifié' },
    ...{ missing: '(pas dans cet export)', pinned: 'Épinglé', saved: 'Gardé' },
    forwarded: 'Transféré de {name}',
    messages: { one: '# message', other: '# messages' },
    notAll: 'tous ne sont pas ici',
    lead: '{server}, exporté le {time}. Les heures de ces pages sont celles de {zone} ; le JSON les donne en UTC.',
    missingFiles: {
      one: '# fichier n’a pas pu être obtenu.',
      other: '# fichiers n’ont pas pu être obtenus.',
    },
    range: 'Les messages {from} à {to} n’ont pas pu être obtenus.',
    beside:
      'La même chose en JSON se trouve à côté des pages ; ce qui n’était pas encore envoyé est dans {unsent}. {manifest} contient le SHA-256 de chaque fichier.',
    kinds: {
      ...{ create: 'a commencé la conversation', rename: 'l’a nommée', picture: 'a changé l’image' },
      ...{ settings: 'a changé la description', member_add: 'a ajouté des personnes' },
      ...{ member_remove: 'a retiré quelqu’un', member_leave: 'est parti' },
      ...{ member_role: 'a changé un rôle', pin: 'a épinglé un message' },
    },
  },
  es: {
    ...{ all: 'Todas las conversaciones', self: 'Notas para mí', conversation: 'Conversación' },
    ...{ replyTo: 'En respuesta al mensaje {n}', deleted: 'Este mensaje se eliminó.', edited: 'Editado' },
    ...{ missing: '(no está en esta exportación)', pinned: 'Fijado', saved: 'Guardado' },
    forwarded: 'Reenviado de {name}',
    messages: { one: '# mensaje', other: '# mensajes' },
    notAll: 'no están todos aquí',
    lead: '{server}, exportado el {time}. Las horas de estas páginas son las de {zone}; el JSON las tiene en UTC.',
    missingFiles: { one: '# archivo no se pudo obtener.', other: '# archivos no se pudieron obtener.' },
    range: 'Los mensajes {from} a {to} no se pudieron obtener.',
    beside:
      'Lo mismo en JSON está junto a las páginas; lo que aún no se había enviado está en {unsent}. {manifest} tiene el SHA-256 de cada archivo.',
    kinds: {
      ...{ create: 'empezó la conversación', rename: 'le puso nombre', picture: 'cambió la imagen' },
      ...{
        settings: 'cambió la descripción',
        member_add: 'añadió personas',
        member_remove: 'quitó a alguien',
      },
      ...{ member_leave: 'salió', member_role: 'cambió un rol', pin: 'fijó un mensaje' },
    },
  },
  ja: {
    ...{ all: 'すべての会話', self: '自分用メモ', conversation: '会話' },
    ...{ replyTo: 'メッセージ{n}への返信', deleted: 'このメッセージは削除されました。', edited: '編集済み' },
    ...{ missing: '（この書き出しにはありません）', pinned: 'ピン留め中', saved: '保存済み' },
    forwarded: '{name}さんから転送',
    messages: { other: 'メッセージ#件' },
    notAll: '一部はここにありません',
    lead: '{server}、{time}に書き出し。ページの時刻は{zone}のもので、JSONではUTCです。',
    missingFiles: { other: '#個のファイルを取得できませんでした。' },
    range: 'メッセージ{from}から{to}は取得できませんでした。',
    beside:
      '同じ内容のJSONがページの横にあります。未送信のものは{unsent}に、各ファイルのSHA-256は{manifest}にあります。',
    kinds: {
      ...{ create: '会話を始めました', rename: '名前を付けました', picture: '画像を変えました' },
      ...{
        settings: '説明を変えました',
        member_add: 'メンバーを追加しました',
        member_remove: 'メンバーを外しました',
      },
      ...{
        member_leave: '退出しました',
        member_role: '役割を変えました',
        pin: 'メッセージをピン留めしました',
      },
    },
  },
  ar: {
    ...{ all: 'كل المحادثات', self: 'ملاحظات لنفسي', conversation: 'محادثة' },
    ...{ replyTo: 'ردًا على الرسالة {n}', deleted: 'حُذفت هذه الرسالة.', edited: 'معدّلة' },
    ...{ missing: '(ليس في هذا التصدير)', pinned: 'مثبتة', saved: 'محفوظة' },
    forwarded: 'معاد توجيهها من {name}',
    messages: {
      ...{ zero: 'لا رسائل', one: 'رسالة واحدة', two: 'رسالتان' },
      ...{ few: '# رسائل', many: '# رسالة', other: '# رسالة' },
    },
    notAll: 'ليست كلها هنا',
    lead: '{server}، صُدّرت في {time}. أوقات هذه الصفحات بتوقيت {zone}، وهي في JSON بتوقيت UTC.',
    missingFiles: {
      ...{ one: 'تعذّر الحصول على ملف واحد.', two: 'تعذّر الحصول على ملفين.' },
      ...{ few: 'تعذّر الحصول على # ملفات.', many: 'تعذّر الحصول على # ملفًا.' },
      other: 'تعذّر الحصول على # ملف.',
    },
    range: 'تعذّر الحصول على الرسائل {from} إلى {to}.',
    beside:
      'النسخة نفسها بصيغة JSON بجانب الصفحات؛ وما لم يُرسل بعد في {unsent}. يحوي {manifest} بصمة SHA-256 لكل ملف.',
    kinds: {
      ...{ create: 'بدأ المحادثة', rename: 'سمّاها', picture: 'غيّر الصورة' },
      ...{ settings: 'غيّر الوصف', member_add: 'أضاف أشخاصًا', member_remove: 'أزال شخصًا' },
      ...{ member_leave: 'غادر', member_role: 'غيّر دورًا', pin: 'ثبّت رسالة' },
    },
  },
};
