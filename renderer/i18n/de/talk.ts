import type { Catalogue } from '../catalogue.ts';

/** As `english-talk.ts`. */
export const talk: Catalogue = {
  'text.spoiler': 'Verborgener Text. Zeigen.',
  'text.code': 'Code',
  'text.codeIn': 'Code in {language}',
  'text.copyCode': 'Kopieren',
  'text.copied': 'Kopiert',
  'format.bar': 'Formatierung',
  'format.bold': 'Fett',
  'format.italic': 'Kursiv',
  'format.strike': 'Durchgestrichen',
  'format.code': 'Code',
  'format.block': 'Codeblock',
  'format.quote': 'Zitat',
  'format.list': 'Liste',
  'format.link': 'Link',
  'format.spoiler': 'Verborgener Text',
  'timeline.back': 'Zurück, wo du warst',
  'timeline.notHere': 'Diese Nachricht ist nicht auf diesem Gerät.',
  'message.copyLink': 'Link zur Nachricht kopieren',
};
