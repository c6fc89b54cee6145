import type { Catalogue } from '../catalogue.ts';

/** As `english-drafts.ts`. */
export const drafts: Catalogue = {
  'draft.otherLabel': 'この文章の別の版',
  'draft.other': 'この文章の別の版（{time}）',
  'draft.use': 'これを使う',
  'draft.both': '両方をまとめる',
  'draft.dismiss': '閉じる',
  'draft.earlier': '以前の文章…',
  'draft.earlierTitle': '以前の文章',
  'draft.earlierLead':
    'ここに書かれ、送信されずに置き換えられたか消されたものです。このデバイスに{days, plural, other {#日間}}保存されます。',
  'draft.earlierLoading': '探しています…',
  'draft.earlierNone': 'まだありません。',
  'draft.restore': '元に戻す',
  'draft.restoreThis': '{time}の文章を元に戻す',
  'draft.left': 'もうこの会話にはいません。',
  'draft.leftKept': 'もうこの会話にはいません。書きかけの文章はここに残っています。',
  'draft.leftLabel': '書きかけの文章',
  'draft.copy': 'コピー',
  'draft.copied': 'コピーしました',
};
