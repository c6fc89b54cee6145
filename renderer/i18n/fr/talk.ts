import type { Catalogue } from '../catalogue.ts';

/** As `english-talk.ts`. */
export const talk: Catalogue = {
  'text.spoiler': 'Texte caché. Le montrer.',
  'text.code': 'Code',
  'text.codeIn': 'Code en {language}',
  'text.copyCode': 'Copier',
  'text.copied': 'Copié',
  'format.bar': 'Mise en forme',
  'format.bold': 'Gras',
  'format.italic': 'Italique',
  'format.strike': 'Barré',
  'format.code': 'Code',
  'format.block': 'Bloc de code',
  'format.quote': 'Citation',
  'format.list': 'Liste',
  'format.link': 'Lien',
  'format.spoiler': 'Texte caché',
  'timeline.back': 'Retour où tu étais',
  'timeline.notHere': 'Ce message n’est pas sur cet appareil.',
  'message.copyLink': 'Copier le lien du message',
};
