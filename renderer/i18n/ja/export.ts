import type { Catalogue } from '../catalogue.ts';

/** As `english-export.ts`. */
export const ownData: Catalogue = {
  'mydata.menu': 'データを書き出す…',
  'mydata.title': 'データを書き出す',
  'mydata.lead':
    '{name}のすべての会話を、読めるページとJSONとして、ファイルと一緒に選んだフォルダーに書き出します。このデバイスにないものは、先にサーバーから取得します。',
  'mydata.begin': 'フォルダーを選ぶ…',
  'mydata.again': 'もう一度書き出す…',
  'mydata.check': '書き出しを確認…',
  'mydata.cancel': 'キャンセル',
  'mydata.fetching': 'このデバイスにないものを取得中：{of}件中{done}件',
  'mydata.conversations': '会話を書き出し中：{of}件中{done}件',
  'mydata.files': 'ファイルを書き出し中：{of}個中{done}個',
  'mydata.closing': 'ページを書き出し中：{of}件中{done}件',
  'mydata.resumed': '以前の書き出しが終わったところから続けます。',
  'mydata.done':
    '{conversations, plural, other {#件の会話}}の{messages, plural, other {メッセージ#件}}と{files, plural, other {ファイル#個}}、{size}。',
  'mydata.missingEntries': '{count, plural, other {#件の記録}}は、ここにもサーバーにもありませんでした。',
  'mydata.unansweredEntries':
    '{count, plural, other {#件の記録}}がありません。このデバイスになく、サーバーも応答しませんでした。',
  'mydata.lockedEntries':
    '{count, plural, other {#件の記録}}がありません。このデバイスになく、サーバーは問い合わせを受け付けませんでした。',
  'mydata.missingFiles':
    '{count, plural, other {#個のファイル}}は、ここにもサーバーにもありませんでした。どれかはページに書かれています。',
  'mydata.unansweredFiles':
    '{count, plural, other {#個のファイル}}がありません。このデバイスになく、サーバーからも届きませんでした。どれかはページに書かれています。',
  'mydata.whenItAnswers':
    'サーバーが応答するようになったら、同じフォルダーに書き出してください。足りないものが加わります。',
  'mydata.signInFirst':
    'もう一度サインインしてから、同じフォルダーに書き出してください。足りないものが加わります。',
  'mydata.cancelled': '中止しました。続けるには同じフォルダーを選んでください。',
  'mydata.failed': '書き出しが終わりました：{reason} 続けるには同じフォルダーを選んでください。',
  'mydata.reveal': 'フォルダーで表示',
  'mydata.progress': '書き出し',
  'mydata.checking': 'すべてを読んでいます…',
  'mydata.whole': 'この書き出しは完全です。',
  'mydata.broken': '{count, plural, other {#個のファイルに問題があります：}}',
  'mydata.of': '{server}の{name}、{when}に作成。',
  'mydata.fault.missing': '{path}がありません',
  'mydata.fault.changed': '{path}は変更されています',
  'mydata.fault.unknown': '{path}は書き出しの一部ではありません',
  'mydata.fault.count': '{path}の件数が足りません',
};
