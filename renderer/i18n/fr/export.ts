import type { Catalogue } from '../catalogue.ts';

/** As `english-export.ts`. */
export const ownData: Catalogue = {
  'mydata.menu': 'Exporter tes données…',
  'mydata.title': 'Exporter tes données',
  'mydata.lead':
    'Chaque conversation de {name}, en page à lire et en JSON, avec ses fichiers, dans un dossier que tu choisis. Ce qui n’est pas sur cet appareil est d’abord récupéré du serveur.',
  'mydata.begin': 'Choisir un dossier…',
  'mydata.again': 'Exporter à nouveau…',
  'mydata.check': 'Vérifier un export…',
  'mydata.cancel': 'Annuler',
  'mydata.fetching': 'Récupération de ce qui n’est pas sur cet appareil : {done} entrées sur {of}',
  'mydata.conversations': 'Écriture des conversations : {done} entrées sur {of}',
  'mydata.files': 'Écriture des fichiers : {done} sur {of}',
  'mydata.closing': 'Écriture des pages : {done} entrées sur {of}',
  'mydata.resumed': 'Il reprend là où un export précédent s’est arrêté.',
  'mydata.done':
    '{messages, plural, one {# message} other {# messages}} dans {conversations, plural, one {# conversation} other {# conversations}} et {files, plural, one {# fichier} other {# fichiers}}, {size}.',
  'mydata.missingEntries':
    '{count, plural, one {# entrée n’était ni ici ni sur le serveur.} other {# entrées n’étaient ni ici ni sur le serveur.}}',
  'mydata.unansweredEntries':
    '{count, plural, one {# entrée manque : elle n’est pas sur cet appareil et le serveur n’a pas répondu.} other {# entrées manquent : elles ne sont pas sur cet appareil et le serveur n’a pas répondu.}}',
  'mydata.lockedEntries':
    '{count, plural, one {# entrée manque : elle n’est pas sur cet appareil et le serveur n’a pas permis de la demander.} other {# entrées manquent : elles ne sont pas sur cet appareil et le serveur n’a pas permis de les demander.}}',
  'mydata.missingFiles':
    '{count, plural, one {# fichier n’était ni ici ni sur le serveur. Les pages disent lequel.} other {# fichiers n’étaient ni ici ni sur le serveur. Les pages disent lesquels.}}',
  'mydata.unansweredFiles':
    '{count, plural, one {# fichier manque : il n’est pas sur cet appareil et n’est pas venu du serveur. Les pages disent lequel.} other {# fichiers manquent : ils ne sont pas sur cet appareil et ne sont pas venus du serveur. Les pages disent lesquels.}}',
  'mydata.whenItAnswers':
    'Exporte dans le même dossier quand le serveur répondra : ce qui manque sera ajouté.',
  'mydata.signInFirst': 'Reconnecte-toi, puis exporte dans le même dossier : ce qui manque sera ajouté.',
  'mydata.cancelled': 'Annulé. Choisis le même dossier pour continuer.',
  'mydata.failed': 'L’export s’est arrêté : {reason} Choisis le même dossier pour continuer.',
  'mydata.reveal': 'Montrer dans le dossier',
  'mydata.progress': 'Export',
  'mydata.checking': 'Lecture de l’ensemble…',
  'mydata.whole': 'Cet export est complet.',
  'mydata.broken':
    '{count, plural, one {# fichier n’est pas comme il devrait :} other {# fichiers ne sont pas comme ils devraient :}}',
  'mydata.of': 'De {name} sur {server}, écrit {when}.',
  'mydata.fault.missing': '{path} manque',
  'mydata.fault.changed': '{path} a été modifié',
  'mydata.fault.unknown': '{path} n’en fait pas partie',
  'mydata.fault.count': '{path} n’a pas autant d’entrées qu’il devrait',
};
