import type { Catalogue } from '../catalogue.ts';

/** As `english-failures.ts`. */
export const failures: Catalogue = {
  'failure.server_unreachable': 'サーバーが応答しません。ネットワークを確かめてもう一度お試しください。',
  'failure.network_offline': 'このパソコンはネットワークにつながっていません。',
  'failure.name_unknown':
    'サーバーの名前が見つかりません。アドレスか、ネットワークの名前解決を確かめてください。',
  'failure.connection_refused': 'サーバーのアドレスで何も応答しません。',
  'failure.no_answer': 'サーバーが応答しません。',
  'failure.certificate_other_key':
    'サーバーの鍵が、参加したときのものと異なります。データは送信されません。招待した人に確認してください。サーバーを作り直した場合は、まず以前のサーバーのアカウントからサインアウトし、そのあと新しい招待を開いてください。',
  'failure.certificate_untrusted':
    'サーバーの証明書は、このパソコンが信頼しない認証局のものです。サーバーの管理者に認証局の証明書をもらい、システムに入れてください。',
  'failure.certificate_date':
    'サーバーの証明書は現在有効ではありません。このパソコンの時計を確かめてください。合っているなら、証明書の期限切れです。',
  'failure.certificate_name':
    'サーバーの証明書は別の名前のものです。アドレスが別のサーバーのものか、このネットワークへのログインが先に必要です。',
  'failure.tls_failed': 'サーバーと安全な接続を結べませんでした。',
  'failure.proxy_unreachable': 'このパソコンが使うプロキシが応答しません。',
  'failure.proxy_refuses': 'このネットワークのプロキシがMatchbookをサーバーに通しません。',
  'failure.proxy_sign_in': 'このネットワークのプロキシがユーザー名とパスワードを求めています。',
  'failure.other_answers':
    'サーバーのアドレスで別のものが応答しています（このネットワークのログインページなど）。ウェブページを開いてログインしてください。自動的に再試行します。',
  'failure.host_unknown':
    'サーバーには届いていますが、この名前で応答するように設定されていません。サーバーの管理者が RELAY_HOSTS と API_HOSTS にこの名前を追加する必要があります。自動的に再試行します。',
  'failure.server_failed': 'サーバーで処理できませんでした。少し待ってからもう一度お試しください。',
  'failure.embedded_failed': 'アプリ内のサーバーを起動できませんでした。{message}',
  'failure.bad_server': 'サーバーのアドレスではありません。chat.example.org のような形です。',
  'failure.too_many_accounts': 'これ以上アカウントを追加できません。先に1つ削除してください。',
  'failure.too_many_windows': '別ウインドウの会話が多すぎます。先に1つ閉じてください。',
  'failure.session_ended':
    'サーバーがこのデバイスの鍵を受け付けなくなりました。もう一度サインインしてください。',
  'failure.session_replaced': 'このプロファイルは別のパソコンで使われています。',
  'failure.signed_out': 'このアカウントの鍵はここにありません。もう一度サインインしてください。',
  'failure.bad_invitation': '有効な招待リンクではありません。',
  'failure.invitation_invalid':
    'この招待は無効です。取り消された可能性があります。新しいものを頼んでください。',
  'failure.registration_closed': 'このサーバーは招待なしの新規アカウントを受け付けません。',
  'failure.wrong_secret': 'コードが違います。確かめてもう一度お試しください。',
  'failure.disk_full': 'ディスクがいっぱいです。空きを作ってからもう一度お試しください。',
  'failure.wrong_recipient':
    'この文章は別の会話のために書き始めたものなので、送信しませんでした。宛先を確かめてください。',
  'failure.outbox_not_empty': '送信待ちのものがあり、失われてしまいます。',
  'failure.outbox_full': '送信待ちが多すぎます。いくつか送られると、新しいものを送れます。',
  'failure.store_failed': 'このパソコンに保存できませんでした。もう一度お試しください。',
  'failure.secret_unavailable':
    'このパソコンのキーリングが応答しませんでした。ロックを解除してもう一度お試しください。',
  'failure.body_too_large':
    '{size, select, none {メッセージが長すぎます。} other {サーバーが受け付ける大きさ（{size} まで）を超えています。}}',
  'failure.invalid_text': '送信できない文字が含まれています。',
  'failure.not_member': 'もうこの会話のメンバーではありません。',
  'failure.unknown_conversation': 'サーバーはこの会話を知りません。',
  'failure.id_conflict': 'サーバーに同じ番号の別のメッセージがあります。もう一度送ってください。',
  'failure.rate_limited':
    '{wait, plural, =0 {一度に多すぎました。少し待ってからもう一度お試しください。} other {一度に多すぎました。サーバーは # 秒待つよう求めています。}}',
  'failure.frozen': 'すでに送られている可能性があるため、取り戻せません。',
  'failure.no_such_item': 'このメッセージはすでに送信トレイを出ました。',
  'failure.bad_link': 'この種類のリンクは開きません。',
  'failure.not_waiting': 'もう送信待ちではありません。送信済みか、別のデバイスで取り消されました。',
  'failure.version_unsupported': 'サーバーのバージョンが違います。Matchbookを更新してください。',
  'failure.other': 'うまくいきませんでした：{message}',
  'failure.file_too_large': 'サーバーが受け付けるのは{size}までのファイルです。',
  'failure.quota_full': 'サーバーに空きがありません。ファイル全体の上限は{size}です。',
  'failure.file_type_refused': 'サーバーはこの種類のファイルを受け付けません。',
  'failure.file_empty': 'このファイルは空です。',
  'failure.file_is_folder':
    'これはフォルダーです。フォルダーは送れません。中のファイルを選ぶか、先に圧縮してください。',
  'failure.file_unreadable': 'このファイルを読めません。{message}',
  'failure.file_missing': 'ファイルはもうこのデバイスにありません。',
  'failure.too_many_files':
    '1つのメッセージに付けられるファイルは32個までです。残りは次のメッセージで送ってください。',
  'failure.file_not_here': 'このデバイスになく、今はサーバーに問い合わせられません。',
  'failure.place_refused': 'そこには保存できません。別のフォルダーを選んでください。',
  'failure.not_found': 'サーバーにないか、あなたには見えません。',
  'failure.no_export': 'このフォルダーに書き出しはありません。',
  'failure.export_unfinished': 'この書き出しは完了していません。同じフォルダーにもう一度書き出すと続きます。',
  'failure.text_damaged':
    'これはディスク上で破損しており、書いた内容と違う可能性があります。もう一度送る前に確認してください。',
  'failure.target_failed': '対象のメッセージが送信されませんでした。',
  'failure.invitation_used': 'この招待は使用済みです。新しいものを頼んでください。',
  'failure.invitation_expired': 'この招待は期限切れです。新しいものを頼んでください。',
  'failure.invitation_own': 'これはあなた自身の招待です。招きたい人に送ってください。',
  'failure.bad_json': 'サーバーがアプリを理解できませんでした。Matchbook を更新してください。',
  'failure.bad_frame': 'サーバーがアプリを理解できませんでした。Matchbook を更新してください。',
  'failure.unknown_frame': 'サーバーがアプリより古く、まだこれに対応していません。',
  'failure.invalid_frame': 'サーバーがアプリを理解できませんでした。Matchbook を更新してください。',
  'failure.unauthorized': 'サーバーが本人を確認できません。もう一度サインインしてください。',
  'failure.identity_mismatch':
    'サーバーはこのデバイスを別の人のものと見なしています。もう一度サインインしてください。',
  'failure.hello_timeout': 'サインインに時間がかかりすぎました。もう一度試しています。',
  'failure.session_revoked':
    'このデバイスは別の場所からサインアウトされました。もう一度サインインしてください。',
  'failure.silent': '接続が長く途絶えていました。つなぎ直しています。',
  'failure.slow_consumer': '届く量に対して接続が遅すぎます。つなぎ直しています。',
  'failure.frame_too_large': 'サーバーが一度に受け付ける量を超えています。',
  'failure.too_many_sockets': '開いている接続が多すぎます。別のデバイスの Matchbook を閉じてください。',
  'failure.too_many_errors': '誤りが多すぎたため、サーバーが接続を切りました。つなぎ直しています。',
  'failure.internal': 'サーバーで問題が起きました。少し待ってからもう一度お試しください。',
  'failure.draining': 'サーバーが再起動しています。少し待ってからもう一度お試しください。',
  'failure.storage_unavailable': 'サーバーは今、何も保存できません。後でもう一度お試しください。',
  'failure.invalid_field':
    '{field, select, name {サーバーはこの名前を受け付けません。目に見える文字で、短くしてください。} login {ログイン名は 2～64 文字です。a～z、数字、. _ @ + - が使え、英字か数字で始めます。} password {このパスワードは推測されやすすぎます。8 文字以上、異なる文字を 4 つ以上使い、ログイン名とは別のものにしてください。} query {探すものを言葉かフィルターで指定してください。} due {今から 1 年以内の日時を選んでください。} type {サーバーはこの種類のファイルを受け付けません。} members {会話のメンバーは {limit, number} 人までです。} none {サーバーはこれを受け付けません。} other {サーバーはこれを受け付けません（{field}）。}}',
  'failure.unknown_kind': 'サーバーがアプリより古く、まだこれに対応していません。',
  'failure.unknown_user': 'サーバーはこの人を知りません。',
  'failure.unknown_place': 'このメッセージはもうないか、あなたには見えません。',
  'failure.not_allowed': 'その操作は許可されていません。',
  'failure.blocked': 'この人はあなたからのメッセージを受け取りません。',
  'failure.conflict':
    '{field, select, login {このログイン名はすでに使われています。別のものを選んでください。} other {その間に別の場所で変更されました。もう一度確かめてください。}}',
  'failure.trimmed': 'サーバーはもうこれを保管していません。',
  'failure.forbidden': 'サーバーはこのアカウントにそれを許可していません。管理者に尋ねてください。',
  'failure.not_joined': 'サーバー同士がまだつながっていません。後でもう一度お試しください。',
  'failure.bad_call': 'アプリが誤った要求をしました。ウィンドウを開き直してください。',
  'failure.no_such_account': 'このアカウントはもうこのコンピューターにありません。',
  'failure.cancelled': '取り消されました。',
};
