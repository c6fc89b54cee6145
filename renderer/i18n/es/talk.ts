import type { Catalogue } from '../catalogue.ts';

/** As `english-talk.ts`. */
export const talk: Catalogue = {
  'text.spoiler': 'Texto oculto. Mostrarlo.',
  'text.code': 'Código',
  'text.codeIn': 'Código en {language}',
  'text.copyCode': 'Copiar',
  'text.copied': 'Copiado',
  'format.bar': 'Formato',
  'format.bold': 'Negrita',
  'format.italic': 'Cursiva',
  'format.strike': 'Tachado',
  'format.code': 'Código',
  'format.block': 'Bloque de código',
  'format.quote': 'Cita',
  'format.list': 'Lista',
  'format.link': 'Enlace',
  'format.spoiler': 'Texto oculto',
  'timeline.back': 'Volver a donde estabas',
  'timeline.notHere': 'Ese mensaje no está en este dispositivo.',
  'message.copyLink': 'Copiar enlace al mensaje',
};
