import type { Catalogue } from '../catalogue.ts';

/** As `english-talk.ts`. */
export const talk: Catalogue = {
  'text.spoiler': '隠された文章。表示します。',
  'text.code': 'コード',
  'text.codeIn': '{language}のコード',
  'text.copyCode': 'コピー',
  'text.copied': 'コピーしました',
  'format.bar': '書式',
  'format.bold': '太字',
  'format.italic': '斜体',
  'format.strike': '取り消し線',
  'format.code': 'コード',
  'format.block': 'コードブロック',
  'format.quote': '引用',
  'format.list': 'リスト',
  'format.link': 'リンク',
  'format.spoiler': '隠された文章',
  'timeline.back': '元の場所に戻る',
  'timeline.notHere': 'そのメッセージはこのデバイスにありません。',
  'message.copyLink': 'メッセージのリンクをコピー',
};
