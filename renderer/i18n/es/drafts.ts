import type { Catalogue } from '../catalogue.ts';

/** As `english-drafts.ts`. */
export const drafts: Catalogue = {
  'draft.otherLabel': 'Otra versión de este texto',
  'draft.other': 'Otra versión de este texto, de {time}',
  'draft.use': 'Usarla',
  'draft.both': 'Juntar las dos',
  'draft.dismiss': 'Descartar',
  'draft.earlier': 'Textos anteriores…',
  'draft.earlierTitle': 'Textos anteriores',
  'draft.earlierLead':
    'Lo que estuvo aquí y se sustituyó o borró sin enviarse. Se conserva en este dispositivo {days, plural, one {# día} other {# días}}.',
  'draft.earlierLoading': 'Buscando…',
  'draft.earlierNone': 'Aún nada.',
  'draft.restore': 'Restaurar',
  'draft.restoreThis': 'Restaurar el texto de {time}',
  'draft.left': 'Ya no estás en esta conversación.',
  'draft.leftKept': 'Ya no estás en esta conversación. Lo que habías empezado a escribir se conserva aquí.',
  'draft.leftLabel': 'El texto que habías empezado',
  'draft.copy': 'Copiar',
  'draft.copied': 'Copiado',
};
