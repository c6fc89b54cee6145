import type { Catalogue } from '../catalogue.ts';

/** As `english-export.ts`. */
export const ownData: Catalogue = {
  'mydata.menu': 'Deine Daten exportieren …',
  'mydata.title': 'Deine Daten exportieren',
  'mydata.lead':
    'Jede Unterhaltung von {name} als lesbare Seite und als JSON, mit ihren Dateien, in einem Ordner deiner Wahl. Was nicht auf diesem Gerät ist, wird vorher vom Server geholt.',
  'mydata.begin': 'Ordner wählen …',
  'mydata.again': 'Noch einmal exportieren …',
  'mydata.check': 'Export prüfen …',
  'mydata.cancel': 'Abbrechen',
  'mydata.fetching': 'Was nicht auf diesem Gerät ist, wird geholt: {done} von {of} Einträgen',
  'mydata.conversations': 'Unterhaltungen werden geschrieben: {done} von {of} Einträgen',
  'mydata.files': 'Dateien werden geschrieben: {done} von {of}',
  'mydata.closing': 'Die Seiten werden geschrieben: {done} von {of} Einträgen',
  'mydata.resumed': 'Es geht weiter, wo ein früherer Export endete.',
  'mydata.done':
    '{messages, plural, one {# Nachricht} other {# Nachrichten}} in {conversations, plural, one {# Unterhaltung} other {# Unterhaltungen}} und {files, plural, one {# Datei} other {# Dateien}}, {size}.',
  'mydata.missingEntries':
    '{count, plural, one {# Eintrag war} other {# Einträge waren}} weder hier noch auf dem Server.',
  'mydata.unansweredEntries':
    '{count, plural, one {# Eintrag fehlt: Er ist nicht auf diesem Gerät, und der Server hat nicht geantwortet.} other {# Einträge fehlen: Sie sind nicht auf diesem Gerät, und der Server hat nicht geantwortet.}}',
  'mydata.lockedEntries':
    '{count, plural, one {# Eintrag fehlt: Er ist nicht auf diesem Gerät, und der Server ließ nicht danach fragen.} other {# Einträge fehlen: Sie sind nicht auf diesem Gerät, und der Server ließ nicht danach fragen.}}',
  'mydata.missingFiles':
    '{count, plural, one {# Datei war} other {# Dateien waren}} weder hier noch auf dem Server. Die Seiten sagen, welche.',
  'mydata.unansweredFiles':
    '{count, plural, one {# Datei fehlt: Sie ist nicht auf diesem Gerät und kam nicht vom Server.} other {# Dateien fehlen: Sie sind nicht auf diesem Gerät und kamen nicht vom Server.}} Die Seiten sagen, welche.',
  'mydata.whenItAnswers':
    'Exportiere in denselben Ordner, wenn der Server wieder antwortet: Was fehlt, kommt dazu.',
  'mydata.signInFirst': 'Melde dich wieder an und exportiere in denselben Ordner: Was fehlt, kommt dazu.',
  'mydata.cancelled': 'Abgebrochen. Wähle denselben Ordner, um weiterzumachen.',
  'mydata.failed': 'Der Export endete: {reason} Wähle denselben Ordner, um weiterzumachen.',
  'mydata.reveal': 'Im Ordner zeigen',
  'mydata.progress': 'Export',
  'mydata.checking': 'Alles wird gelesen …',
  'mydata.whole': 'Dieser Export ist vollständig.',
  'mydata.broken':
    '{count, plural, one {# Datei ist nicht, wie sie sein sollte:} other {# Dateien sind nicht, wie sie sein sollten:}}',
  'mydata.of': 'Von {name} auf {server}, geschrieben {when}.',
  'mydata.fault.missing': '{path} fehlt',
  'mydata.fault.changed': '{path} wurde geändert',
  'mydata.fault.unknown': '{path} gehört nicht dazu',
  'mydata.fault.count': '{path} hat nicht so viele Einträge, wie es sollte',
};
