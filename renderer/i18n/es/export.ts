import type { Catalogue } from '../catalogue.ts';

/** As `english-export.ts`. */
export const ownData: Catalogue = {
  'mydata.menu': 'Exportar tus datos…',
  'mydata.title': 'Exportar tus datos',
  'mydata.lead':
    'Cada conversación de {name} como página para leer y como JSON, con sus archivos, en la carpeta que elijas. Lo que no está en este dispositivo se trae antes del servidor.',
  'mydata.begin': 'Elegir una carpeta…',
  'mydata.again': 'Exportar de nuevo…',
  'mydata.check': 'Comprobar una exportación…',
  'mydata.cancel': 'Cancelar',
  'mydata.fetching': 'Trayendo lo que no está en este dispositivo: {done} de {of} entradas',
  'mydata.conversations': 'Escribiendo conversaciones: {done} de {of} entradas',
  'mydata.files': 'Escribiendo archivos: {done} de {of}',
  'mydata.closing': 'Escribiendo las páginas: {done} de {of} entradas',
  'mydata.resumed': 'Continúa donde terminó una exportación anterior.',
  'mydata.done':
    '{messages, plural, one {# mensaje} other {# mensajes}} en {conversations, plural, one {# conversación} other {# conversaciones}} y {files, plural, one {# archivo} other {# archivos}}, {size}.',
  'mydata.missingEntries':
    '{count, plural, one {# entrada no estaba ni aquí ni en el servidor.} other {# entradas no estaban ni aquí ni en el servidor.}}',
  'mydata.unansweredEntries':
    '{count, plural, one {Falta # entrada: no está en este dispositivo y el servidor no respondió.} other {Faltan # entradas: no están en este dispositivo y el servidor no respondió.}}',
  'mydata.lockedEntries':
    '{count, plural, one {Falta # entrada: no está en este dispositivo y el servidor no dejó pedirla.} other {Faltan # entradas: no están en este dispositivo y el servidor no dejó pedirlas.}}',
  'mydata.missingFiles':
    '{count, plural, one {# archivo no estaba ni aquí ni en el servidor. Las páginas dicen cuál.} other {# archivos no estaban ni aquí ni en el servidor. Las páginas dicen cuáles.}}',
  'mydata.unansweredFiles':
    '{count, plural, one {Falta # archivo: no está en este dispositivo y no llegó del servidor. Las páginas dicen cuál.} other {Faltan # archivos: no están en este dispositivo y no llegaron del servidor. Las páginas dicen cuáles.}}',
  'mydata.whenItAnswers': 'Exporta en la misma carpeta cuando el servidor responda: se añadirá lo que falta.',
  'mydata.signInFirst': 'Vuelve a entrar y exporta en la misma carpeta: se añadirá lo que falta.',
  'mydata.cancelled': 'Cancelado. Elige la misma carpeta para continuar.',
  'mydata.failed': 'La exportación terminó: {reason} Elige la misma carpeta para continuar.',
  'mydata.reveal': 'Mostrar en la carpeta',
  'mydata.progress': 'Exportación',
  'mydata.checking': 'Leyéndolo todo…',
  'mydata.whole': 'Esta exportación está completa.',
  'mydata.broken':
    '{count, plural, one {# archivo no está como debería:} other {# archivos no están como deberían:}}',
  'mydata.of': 'De {name} en {server}, escrita {when}.',
  'mydata.fault.missing': 'falta {path}',
  'mydata.fault.changed': '{path} se modificó',
  'mydata.fault.unknown': '{path} no forma parte de ella',
  'mydata.fault.count': '{path} no tiene tantas entradas como debería',
};
