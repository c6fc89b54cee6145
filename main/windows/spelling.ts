/** The menu on text in every window, and the languages in which it is spelt. */
import { type BrowserWindow, Menu, type Session, session } from 'electron';
import { everyPage } from './every-page.ts';
import { spellingLanguages, textMenu } from './text-menu.ts';

/** In every window. */
export function hearTextMenus(windowOf: (page: number) => BrowserWindow | null): void {
  everyPage((contents) => {
    contents.on('context-menu', (_menu, facts) => {
      const window = windowOf(contents.id);
      const items = textMenu(facts, {
        replace: (word) => contents.replaceMisspelling(word),
        learn: (word) => contents.session.addWordToSpellCheckerDictionary(word),
      });
      if (window && items.length > 0) Menu.buildFromTemplate(items).popup({ window });
    });
  });
}

/** Before the first page of a session: nothing is fetched by itself. What the person chose is put into effect by `spell`. */
export function spellNothingYet(where: Session): void {
  if (process.platform !== 'darwin') where.setSpellCheckerEnabled(false);
}

/** From now on texts are spelt in these languages, or not at all: then no dictionary is fetched either. macOS knows by itself. */
export function spell(on: boolean, language: string, system: readonly string[]): void {
  if (process.platform === 'darwin') return;
  const { defaultSession } = session;
  if (on) {
    const wanted = spellingLanguages(language, system, defaultSession.availableSpellCheckerLanguages);
    if (wanted.join() !== defaultSession.getSpellCheckerLanguages().join())
      defaultSession.setSpellCheckerLanguages(wanted);
  }
  defaultSession.setSpellCheckerEnabled(on);
}
