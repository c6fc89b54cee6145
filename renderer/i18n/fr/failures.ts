import type { Catalogue } from '../catalogue.ts';

/** As `english-failures.ts`. */
export const failures: Catalogue = {
  'failure.server_unreachable': 'Le serveur ne répond pas. Vérifie le réseau et réessaie.',
  'failure.network_offline': 'Cet ordinateur n’a pas de réseau.',
  'failure.name_unknown':
    'Le nom du serveur est introuvable. Vérifie l’adresse, ou le service de noms de ce réseau.',
  'failure.connection_refused': 'Rien ne répond à l’adresse du serveur.',
  'failure.no_answer': 'Le serveur ne répond pas.',
  'failure.certificate_other_key':
    'Le serveur présente une autre clé que celle que tu as rejointe. Rien ne lui est envoyé. Demande à la personne qui t’a invité. Si le serveur a été réinstallé, déconnecte d’abord ton compte de l’ancien, puis ouvre une nouvelle invitation.',
  'failure.certificate_untrusted':
    'Le certificat du serveur est signé par une autorité à laquelle cet ordinateur ne fait pas confiance. Demande à qui gère le serveur le certificat de son autorité, et installe-le dans le système.',
  'failure.certificate_date':
    'Le certificat du serveur n’est pas valable en ce moment. Vérifie l’horloge de cet ordinateur ; si elle est juste, le certificat a expiré.',
  'failure.certificate_name':
    'Le certificat du serveur a été fait pour un autre nom : l’adresse est celle de quelqu’un d’autre, ou ce réseau demande d’abord une connexion.',
  'failure.tls_failed': 'Aucune connexion sûre avec le serveur n’a pu être établie.',
  'failure.proxy_unreachable': 'Le proxy que cet ordinateur doit utiliser ne répond pas.',
  'failure.proxy_refuses': 'Le proxy de ce réseau ne laisse pas Matchbook atteindre le serveur.',
  'failure.proxy_sign_in': 'Le proxy de ce réseau demande un nom d’utilisateur et un mot de passe.',
  'failure.other_answers':
    'Autre chose répond à l’adresse du serveur, par exemple la page de connexion de ce réseau. Ouvre une page web pour t’y connecter ; un nouvel essai se fait tout seul.',
  'failure.host_unknown':
    'Le serveur est là, mais il n’est pas réglé pour répondre à ce nom. La personne qui le gère doit ajouter ce nom à RELAY_HOSTS et API_HOSTS ; un nouvel essai se fait tout seul.',
  'failure.server_failed': 'Le serveur n’a pas pu le faire. Réessaie dans un instant.',
  'failure.embedded_failed': 'Les serveurs de cette application n’ont pas pu démarrer. {message}',
  'failure.bad_server': 'Ce n’est pas l’adresse d’un serveur. Elle ressemble à chat.example.org.',
  'failure.too_many_accounts': 'Il n’y a plus de place pour un compte. Supprimes-en un d’abord.',
  'failure.too_many_windows': 'Trop de conversations ont leur propre fenêtre. Fermes-en une d’abord.',
  'failure.session_ended': 'Le serveur n’accepte plus les clés de cet appareil. Reconnecte-toi.',
  'failure.session_replaced': 'Ce profil est utilisé sur un autre ordinateur.',
  'failure.signed_out': 'Les clés de ce compte ne sont pas ici. Reconnecte-toi.',
  'failure.bad_invitation': 'Ce n’est pas un lien d’invitation valable.',
  'failure.invitation_invalid':
    'Cette invitation n’est plus valable : elle a peut-être été retirée. Demandes-en une nouvelle.',
  'failure.registration_closed': 'Ce serveur n’accepte pas de nouveaux comptes sans invitation.',
  'failure.wrong_secret': 'Ce code n’est pas le bon. Vérifie-le et réessaie.',
  'failure.disk_full': 'Le disque est plein. Libère un peu de place, puis réessaie.',
  'failure.wrong_recipient':
    'Ce texte a été commencé pour une autre conversation, il n’a donc pas été envoyé. Vérifie à qui il est destiné.',
  'failure.outbox_not_empty': 'Quelque chose attend d’être envoyé et serait perdu.',
  'failure.outbox_full':
    'Trop de messages attendent d’être envoyés. De nouveaux pourront partir quand certains l’auront été.',
  'failure.store_failed': 'Cela n’a pas pu être enregistré sur ton ordinateur. Réessaie.',
  'failure.secret_unavailable':
    'Le trousseau de cet ordinateur n’a pas répondu. Déverrouille-le et réessaie.',
  'failure.body_too_large':
    '{size, select, none {Le message est trop long.} other {C’est plus gros que ce que le serveur accepte : {size} au plus.}}',
  'failure.invalid_text': 'Le texte contient un caractère qui ne peut pas être envoyé.',
  'failure.not_member': 'Tu n’es plus membre de cette conversation.',
  'failure.unknown_conversation': 'Le serveur ne connaît pas cette conversation.',
  'failure.id_conflict': 'Le serveur a un autre message sous le même numéro. Renvoie-le.',
  'failure.rate_limited':
    '{wait, plural, =0 {C’était trop à la fois. Attends un instant, puis réessaie.} one {C’était trop à la fois. Le serveur demande d’attendre # seconde.} other {C’était trop à la fois. Le serveur demande d’attendre # secondes.}}',
  'failure.frozen': 'Il est peut-être déjà parti, on ne peut donc plus le reprendre.',
  'failure.no_such_item': 'Ce message a déjà quitté la boîte d’envoi.',
  'failure.bad_link': 'Ce type de lien n’est pas ouvert.',
  'failure.not_waiting':
    'Ce message n’attend plus : il a été envoyé, ou annulé sur un autre de tes appareils.',
  'failure.version_unsupported': 'Le serveur parle une autre version. Mets Matchbook à jour.',
  'failure.other': 'Cela n’a pas marché : {message}',
  'failure.file_too_large': 'Le serveur accepte des fichiers de {size} au plus.',
  'failure.quota_full':
    'Il n’y a pas la place sur le serveur : tes fichiers peuvent y occuper {size} en tout.',
  'failure.file_type_refused': 'Le serveur n’accepte pas ce type de fichiers.',
  'failure.file_empty': 'Ce fichier est vide.',
  'failure.file_is_folder':
    'C’est un dossier. Les dossiers ne s’envoient pas ; choisis les fichiers qu’il contient, ou compresse-le d’abord.',
  'failure.file_unreadable': 'Ce fichier ne peut pas être lu. {message}',
  'failure.file_missing': 'Le fichier n’est plus sur cet appareil.',
  'failure.too_many_files': 'Un message a 32 fichiers au plus. Envoie le reste dans un autre.',
  'failure.file_not_here':
    'Il n’est pas sur cet appareil, et le serveur ne peut pas être interrogé maintenant.',
  'failure.place_refused': 'Rien ne peut être enregistré à cet endroit. Choisis un autre dossier.',
  'failure.not_found': 'Le serveur ne l’a pas, ou pas pour toi.',
  'failure.no_export': 'Il n’y a pas d’export dans ce dossier.',
  'failure.export_unfinished':
    'Cet export n’a pas été terminé. Exporte à nouveau dans le même dossier pour continuer.',
  'failure.text_damaged':
    'Ceci a été endommagé sur le disque et n’est peut-être pas ce que tu as écrit. Relis-le avant de le renvoyer.',
  'failure.target_failed': 'Le message dont il s’agit n’a pas été envoyé.',
  'failure.invitation_used': 'Cette invitation a déjà servi. Demandes-en une nouvelle.',
  'failure.invitation_expired': 'Cette invitation a expiré. Demandes-en une nouvelle.',
  'failure.invitation_own': 'C’est ta propre invitation. Envoie-la à la personne qui doit venir.',
  'failure.bad_json': 'Le serveur n’a pas compris l’application. Mets Matchbook à jour.',
  'failure.bad_frame': 'Le serveur n’a pas compris l’application. Mets Matchbook à jour.',
  'failure.unknown_frame': 'Le serveur est plus ancien que l’application et ne connaît pas encore cela.',
  'failure.invalid_frame': 'Le serveur n’a pas compris l’application. Mets Matchbook à jour.',
  'failure.unauthorized': 'Le serveur ne sait pas qui demande. Connecte-toi de nouveau.',
  'failure.identity_mismatch':
    'Le serveur prend cet appareil pour celui de quelqu’un d’autre. Connecte-toi de nouveau.',
  'failure.hello_timeout': 'La connexion a pris trop de temps. Elle est tentée de nouveau.',
  'failure.session_revoked': 'Cet appareil a été déconnecté depuis ailleurs. Connecte-toi de nouveau.',
  'failure.silent': 'La liaison est restée muette trop longtemps. Elle est rétablie.',
  'failure.slow_consumer': 'La liaison est trop lente pour ce qui arrive. Elle est rétablie.',
  'failure.frame_too_large': 'C’est plus que ce que le serveur accepte en une fois.',
  'failure.too_many_sockets': 'Tu as trop de liaisons ouvertes. Ferme Matchbook sur un autre appareil.',
  'failure.too_many_errors': 'Le serveur a coupé la liaison après trop d’erreurs. Elle est rétablie.',
  'failure.internal': 'Quelque chose a échoué sur le serveur. Réessaie dans un instant.',
  'failure.draining': 'Le serveur redémarre. Réessaie dans un instant.',
  'failure.storage_unavailable': 'Le serveur ne peut rien enregistrer pour le moment. Réessaie plus tard.',
  'failure.invalid_field':
    '{field, select, name {Le serveur n’accepte pas ce nom. Utilise des caractères visibles, et moins nombreux.} login {Un identifiant a de 2 à 64 caractères : a à z, chiffres et . _ @ + -, et commence par une lettre ou un chiffre.} password {Ce mot de passe est trop facile à deviner : au moins 8 caractères, dont quatre différents, et plus que l’identifiant.} query {Dis ce qu’il faut chercher : un mot ou un filtre.} due {Choisis un moment entre maintenant et dans un an.} type {Le serveur n’accepte pas les fichiers de ce genre.} members {Une conversation a au plus {limit, number} membres.} none {Le serveur n’accepte pas cela.} other {Le serveur n’accepte pas cela ({field}).}}',
  'failure.unknown_kind': 'Le serveur est plus ancien que l’application et ne connaît pas encore cela.',
  'failure.unknown_user': 'Le serveur ne connaît pas cette personne.',
  'failure.unknown_place': 'Ce message n’est plus là, ou pas pour toi.',
  'failure.not_allowed': 'Tu n’as pas le droit de faire cela.',
  'failure.blocked': 'Cette personne n’accepte pas de messages de ta part.',
  'failure.conflict':
    '{field, select, login {Quelqu’un a déjà cet identifiant. Choisis-en un autre.} other {Cela a changé ailleurs entre-temps. Regarde de nouveau.}}',
  'failure.trimmed': 'Le serveur ne le garde plus.',
  'failure.forbidden': 'Le serveur ne permet pas cela à ce compte. Demande à qui l’administre.',
  'failure.not_joined': 'Les serveurs ne sont pas encore reliés entre eux. Réessaie plus tard.',
  'failure.bad_call': 'L’application a demandé quelque chose de faux. Rouvre la fenêtre.',
  'failure.no_such_account': 'Ce compte n’est plus sur cet ordinateur.',
  'failure.cancelled': 'C’est annulé.',
};
