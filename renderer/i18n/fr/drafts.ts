import type { Catalogue } from '../catalogue.ts';

/** As `english-drafts.ts`. */
export const drafts: Catalogue = {
  'draft.otherLabel': 'Une autre version de ce texte',
  'draft.other': 'Une autre version de ce texte, de {time}',
  'draft.use': 'L’utiliser',
  'draft.both': 'Réunir les deux',
  'draft.dismiss': 'Ignorer',
  'draft.earlier': 'Textes précédents…',
  'draft.earlierTitle': 'Textes précédents',
  'draft.earlierLead':
    'Ce qui était ici et a été remplacé ou supprimé sans être envoyé. Gardé sur cet appareil {days, plural, one {# jour} other {# jours}}.',
  'draft.earlierLoading': 'Recherche…',
  'draft.earlierNone': 'Encore rien.',
  'draft.restore': 'Rétablir',
  'draft.restoreThis': 'Rétablir le texte de {time}',
  'draft.left': 'Tu n’es plus dans cette conversation.',
  'draft.leftKept': 'Tu n’es plus dans cette conversation. Ce que tu avais commencé à écrire est gardé ici.',
  'draft.leftLabel': 'Le texte que tu avais commencé',
  'draft.copy': 'Copier',
  'draft.copied': 'Copié',
};
