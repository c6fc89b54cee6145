import type { Catalogue } from '../catalogue.ts';

/** As `english-failures.ts`. */
export const failures: Catalogue = {
  'failure.server_unreachable': 'Der Server antwortet nicht. Prüfe das Netz und versuch es noch einmal.',
  'failure.network_offline': 'Dieser Rechner hat kein Netz.',
  'failure.name_unknown':
    'Der Name des Servers ist nicht zu finden. Prüfe die Adresse oder den Namensdienst dieses Netzes.',
  'failure.connection_refused': 'An der Adresse des Servers antwortet nichts.',
  'failure.no_answer': 'Der Server antwortet nicht.',
  'failure.certificate_other_key':
    'Der Server zeigt einen anderen Schlüssel als den, dem du beigetreten bist. Ihm wird nichts gesendet. Frag die Person, die dich eingeladen hat. Wurde der Server neu eingerichtet, melde dich zuerst vom Konto auf dem alten ab und öffne dann eine neue Einladung.',
  'failure.certificate_untrusted':
    'Das Zertifikat des Servers stammt von einer Stelle, der dieser Rechner nicht vertraut. Frag, wer den Server betreibt, nach deren Zertifikat und installiere es im System.',
  'failure.certificate_date':
    'Das Zertifikat des Servers gilt zu dieser Zeit nicht. Prüfe die Uhr dieses Rechners; geht sie richtig, ist das Zertifikat abgelaufen.',
  'failure.certificate_name':
    'Das Zertifikat des Servers wurde für einen anderen Namen ausgestellt: Die Adresse gehört jemand anderem, oder dieses Netz verlangt erst eine Anmeldung.',
  'failure.tls_failed': 'Mit dem Server kam keine sichere Verbindung zustande.',
  'failure.proxy_unreachable': 'Der Proxy, den dieser Rechner benutzen soll, antwortet nicht.',
  'failure.proxy_refuses': 'Der Proxy dieses Netzes lässt Matchbook nicht zum Server durch.',
  'failure.proxy_sign_in': 'Der Proxy dieses Netzes verlangt Benutzernamen und Passwort.',
  'failure.other_answers':
    'An der Adresse des Servers antwortet etwas anderes, etwa die Anmeldeseite dieses Netzes. Öffne eine beliebige Webseite, um dich anzumelden; es wird von selbst erneut versucht.',
  'failure.host_unknown':
    'Der Server ist da, soll aber auf diesen Namen nicht antworten. Wer ihn betreibt, muss den Namen in RELAY_HOSTS und API_HOSTS eintragen; es wird von selbst erneut versucht.',
  'failure.server_failed': 'Der Server konnte das nicht. Versuch es gleich noch einmal.',
  'failure.embedded_failed': 'Die Server in dieser App konnten nicht starten. {message}',
  'failure.bad_server': 'Das ist keine Adresse eines Servers. Sie sieht aus wie chat.example.org.',
  'failure.too_many_accounts': 'Für ein weiteres Konto ist kein Platz. Entferne zuerst eines.',
  'failure.too_many_windows': 'Zu viele Unterhaltungen haben ein eigenes Fenster. Schließe zuerst eines.',
  'failure.session_ended':
    'Der Server nimmt die Schlüssel dieses Geräts nicht mehr an. Melde dich wieder an.',
  'failure.session_replaced': 'Dieses Profil wird auf einem anderen Rechner benutzt.',
  'failure.signed_out': 'Die Schlüssel dieses Kontos sind nicht hier. Melde dich wieder an.',
  'failure.bad_invitation': 'Das ist kein gültiger Einladungslink.',
  'failure.invitation_invalid':
    'Diese Einladung gilt nicht mehr: Vielleicht wurde sie zurückgenommen. Bitte um eine neue.',
  'failure.registration_closed': 'Dieser Server nimmt ohne Einladung keine neuen Konten an.',
  'failure.wrong_secret': 'Dieser Code stimmt nicht. Prüfe ihn und versuch es noch einmal.',
  'failure.disk_full': 'Die Festplatte ist voll. Schaff etwas Platz und versuch es dann noch einmal.',
  'failure.wrong_recipient':
    'Dieser Text war für eine andere Unterhaltung begonnen und wurde deshalb nicht gesendet. Prüfe, für wen er ist.',
  'failure.outbox_not_empty': 'Etwas wartet noch aufs Senden und ginge verloren.',
  'failure.outbox_full':
    'Zu viele Nachrichten warten aufs Senden. Neue gehen wieder, sobald einige hinaus sind.',
  'failure.store_failed': 'Das ließ sich auf deinem Rechner nicht speichern. Versuch es noch einmal.',
  'failure.secret_unavailable':
    'Der Schlüsselbund dieses Rechners hat nicht geantwortet. Entsperre ihn und versuch es noch einmal.',
  'failure.body_too_large':
    '{size, select, none {Die Nachricht ist zu lang.} other {Das ist größer, als der Server es nimmt: höchstens {size}.}}',
  'failure.invalid_text': 'Der Text enthält ein Zeichen, das sich nicht senden lässt.',
  'failure.not_member': 'Du bist in dieser Unterhaltung nicht mehr dabei.',
  'failure.unknown_conversation': 'Der Server kennt diese Unterhaltung nicht.',
  'failure.id_conflict':
    'Der Server hat unter derselben Nummer eine andere Nachricht. Sende sie noch einmal.',
  'failure.rate_limited':
    '{wait, plural, =0 {Das war zu viel auf einmal. Warte kurz und versuch es dann noch einmal.} one {Das war zu viel auf einmal. Der Server bittet, # Sekunde zu warten.} other {Das war zu viel auf einmal. Der Server bittet, # Sekunden zu warten.}}',
  'failure.frozen': 'Sie ist vielleicht schon unterwegs und lässt sich nicht mehr zurückholen.',
  'failure.no_such_item': 'Diese Nachricht hat den Postausgang schon verlassen.',
  'failure.bad_link': 'Links dieser Art werden nicht geöffnet.',
  'failure.not_waiting':
    'Sie wartet nicht mehr: Sie wurde gesendet oder auf einem anderen deiner Geräte zurückgenommen.',
  'failure.version_unsupported': 'Der Server spricht eine andere Version. Aktualisiere Matchbook.',
  'failure.other': 'Das hat nicht geklappt: {message}',
  'failure.file_too_large': 'Der Server nimmt Dateien bis höchstens {size}.',
  'failure.quota_full':
    'Auf dem Server ist kein Platz dafür: Deine Dateien dürfen dort zusammen {size} belegen.',
  'failure.file_type_refused': 'Der Server nimmt keine Dateien dieser Art.',
  'failure.file_empty': 'Diese Datei ist leer.',
  'failure.file_is_folder':
    'Das ist ein Ordner. Ordner lassen sich nicht senden; wähle die Dateien darin oder packe ihn vorher.',
  'failure.file_unreadable': 'Diese Datei lässt sich nicht lesen. {message}',
  'failure.file_missing': 'Die Datei ist nicht mehr auf diesem Gerät.',
  'failure.too_many_files': 'Eine Nachricht hat höchstens 32 Dateien. Sende den Rest in einer weiteren.',
  'failure.file_not_here': 'Sie ist nicht auf diesem Gerät, und der Server lässt sich gerade nicht fragen.',
  'failure.place_refused': 'Dort lässt sich nichts speichern. Wähl einen anderen Ordner.',
  'failure.not_found': 'Der Server hat es nicht, oder nicht für dich.',
  'failure.no_export': 'In diesem Ordner ist kein Export.',
  'failure.export_unfinished':
    'Dieser Export wurde nicht fertig. Exportiere noch einmal in denselben Ordner, um weiterzumachen.',
  'failure.text_damaged':
    'Das wurde auf dem Datenträger beschädigt und ist vielleicht nicht, was du geschrieben hast. Sieh es dir an, bevor du es noch einmal sendest.',
  'failure.target_failed': 'Die Nachricht, um die es geht, wurde nicht gesendet.',
  'failure.invitation_used': 'Diese Einladung wurde schon benutzt. Bitte um eine neue.',
  'failure.invitation_expired': 'Diese Einladung ist abgelaufen. Bitte um eine neue.',
  'failure.invitation_own': 'Das ist deine eigene Einladung. Schick sie der Person, die kommen soll.',
  'failure.bad_json': 'Der Server hat die App nicht verstanden. Aktualisiere Matchbook.',
  'failure.bad_frame': 'Der Server hat die App nicht verstanden. Aktualisiere Matchbook.',
  'failure.unknown_frame': 'Der Server ist älter als die App und kennt das noch nicht.',
  'failure.invalid_frame': 'Der Server hat die App nicht verstanden. Aktualisiere Matchbook.',
  'failure.unauthorized': 'Der Server weiß nicht, wer fragt. Melde dich wieder an.',
  'failure.identity_mismatch':
    'Der Server hält dieses Gerät für das von jemand anderem. Melde dich wieder an.',
  'failure.hello_timeout': 'Die Anmeldung hat zu lange gedauert. Sie wird noch einmal versucht.',
  'failure.session_revoked': 'Dieses Gerät wurde von anderswo abgemeldet. Melde dich wieder an.',
  'failure.silent': 'Die Verbindung war zu lange still. Sie wird neu aufgebaut.',
  'failure.slow_consumer': 'Die Verbindung ist zu langsam für das, was kommt. Sie wird neu aufgebaut.',
  'failure.frame_too_large': 'Das ist mehr, als der Server auf einmal nimmt.',
  'failure.too_many_sockets':
    'Du hast zu viele offene Verbindungen. Schließe Matchbook auf einem anderen Gerät.',
  'failure.too_many_errors':
    'Der Server hat die Verbindung nach zu vielen Fehlern beendet. Sie wird neu aufgebaut.',
  'failure.internal': 'Am Server ist etwas schiefgegangen. Versuch es gleich noch einmal.',
  'failure.draining': 'Der Server wird neu gestartet. Versuch es gleich noch einmal.',
  'failure.storage_unavailable': 'Der Server kann gerade nichts speichern. Versuch es später noch einmal.',
  'failure.invalid_field':
    '{field, select, name {Diesen Namen nimmt der Server nicht. Nimm sichtbare Zeichen, und weniger davon.} login {Ein Anmeldename hat 2 bis 64 Zeichen: a bis z, Ziffern und . _ @ + -, und beginnt mit Buchstabe oder Ziffer.} password {Dieses Passwort ist zu leicht zu erraten: mindestens 8 Zeichen, vier davon verschieden, und mehr als der Anmeldename.} query {Sag, wonach gesucht wird: ein Wort oder ein Filter.} due {Wähle eine Zeit zwischen jetzt und in einem Jahr.} type {Der Server nimmt keine Dateien dieser Art.} members {Eine Unterhaltung hat höchstens {limit, number} Mitglieder.} none {Das nimmt der Server nicht.} other {Das nimmt der Server nicht ({field}).}}',
  'failure.unknown_kind': 'Der Server ist älter als die App und kennt das noch nicht.',
  'failure.unknown_user': 'Der Server kennt diese Person nicht.',
  'failure.unknown_place': 'Diese Nachricht gibt es nicht mehr, oder nicht für dich.',
  'failure.not_allowed': 'Das darfst du nicht.',
  'failure.blocked': 'Diese Person nimmt keine Nachrichten von dir an.',
  'failure.conflict':
    '{field, select, login {Diesen Anmeldenamen hat schon jemand. Wähle einen anderen.} other {Es wurde inzwischen anderswo geändert. Sieh es dir noch einmal an.}}',
  'failure.trimmed': 'Der Server hebt es nicht mehr auf.',
  'failure.forbidden': 'Der Server erlaubt das diesem Konto nicht. Frag, wer ihn verwaltet.',
  'failure.not_joined': 'Die Server sind noch nicht miteinander verbunden. Versuch es später noch einmal.',
  'failure.bad_call': 'Die App hat etwas Falsches verlangt. Öffne das Fenster noch einmal.',
  'failure.no_such_account': 'Dieses Konto ist nicht mehr auf diesem Rechner.',
  'failure.cancelled': 'Es wurde abgebrochen.',
};
