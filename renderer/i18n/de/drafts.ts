import type { Catalogue } from '../catalogue.ts';

/** As `english-drafts.ts`. */
export const drafts: Catalogue = {
  'draft.otherLabel': 'Eine andere Fassung dieses Textes',
  'draft.other': 'Eine andere Fassung dieses Textes, von {time}',
  'draft.use': 'Verwenden',
  'draft.both': 'Beide zusammenfügen',
  'draft.dismiss': 'Ausblenden',
  'draft.earlier': 'Frühere Texte …',
  'draft.earlierTitle': 'Frühere Texte',
  'draft.earlierLead':
    'Was hier stand und ersetzt oder gelöscht wurde, ohne gesendet zu werden. Bleibt auf diesem Gerät {days, plural, one {# Tag} other {# Tage}}.',
  'draft.earlierLoading': 'Wird gesucht …',
  'draft.earlierNone': 'Noch nichts.',
  'draft.restore': 'Wiederherstellen',
  'draft.restoreThis': 'Den Text von {time} wiederherstellen',
  'draft.left': 'Du bist in dieser Unterhaltung nicht mehr dabei.',
  'draft.leftKept': 'Du bist in dieser Unterhaltung nicht mehr dabei. Was du begonnen hattest, bleibt hier.',
  'draft.leftLabel': 'Der begonnene Text',
  'draft.copy': 'Kopieren',
  'draft.copied': 'Kopiert',
};
