import type { Catalogue } from '../catalogue.ts';

/** As `english-passport.ts`. */
export const passport: Catalogue = {
  'passport.open': 'Einzelheiten',
  'passport.title': 'Der Weg dieser Nachricht',
  'passport.gone': 'Diese Nachricht ist nicht mehr auf diesem Gerät.',
  'passport.steps': 'Auf diesem Gerät',
  'passport.step.queued': 'Geschrieben und auf diesem Gerät gesichert',
  'passport.step.tried': 'An den Server gesendet',
  'passport.step.triedAgain': 'Noch einmal an den Server gesendet ({nth, selectordinal, other {#.}} Mal)',
  'passport.step.refused': 'Noch nicht angenommen: {reason}',
  'passport.step.failed': 'Abgelehnt: {reason}',
  'passport.step.taken': 'Vom Server angenommen',
  'passport.noSteps':
    'Sie wurde auf einem anderen Gerät geschrieben oder ist zu alt, als dass ihre Schritte noch da wären.',
  'passport.waits': 'Sie wartet aufs Senden.',
  'passport.log': 'In der Unterhaltung',
  'passport.place': 'Platz',
  'passport.placed': '{n, number}, seit {time}',
  'passport.save': 'Gespeichert',
  'passport.save.saved': 'Auf dem Server',
  'passport.save.save_delayed':
    'Zugestellt, aber noch nicht auf dem Server gespeichert; es wird weiter versucht',
  'passport.save.save_failed': 'Zugestellt, aber der Server konnte sie nicht speichern: {reason}',
  'passport.save.unknown': 'Noch nichts gehört',
  'passport.size': 'Größe',
  'passport.bytes': '{bytes, plural, one {# Byte} other {# Byte}}',
  'passport.id': 'Nummer',
  'passport.sender': 'Von',
  'passport.people': 'Wer sie hat',
  'passport.nobody': 'In dieser Unterhaltung ist sonst niemand.',
  'passport.many': 'In einer so großen Gruppe wird nicht gesagt, wer sie hat.',
  'passport.state.sent': 'Noch nicht zugestellt',
  'passport.state.delivered': 'Zugestellt',
  'passport.state.read': 'Gelesen',
  'passport.copy': 'Diese Einzelheiten kopieren',
};
