/** The words of main, in the language of this process: there is one, as the person chose or as the system has it. */
import { LANGUAGES, type Language } from '@matchbook/protocol/bridge/choices';
import { apart } from '@matchbook/protocol/text';
import { arabic } from './arabic.ts';
import type { MainCatalogue, Plural, StartFault } from './catalogue.ts';
import { english } from './english.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import { japanese } from './japanese.ts';
import { spanish } from './spanish.ts';

export const CATALOGUES: Record<Language, MainCatalogue> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  ja: japanese,
  ar: arabic,
};

/** @param system what the system prefers, best first */
export function languageOf(chosen: Language | 'system', system: readonly string[]): Language {
  if (chosen !== 'system') return chosen;
  const bases = system.map((tag) => tag.toLowerCase().split('-')[0]);
  return bases.flatMap((base) => LANGUAGES.filter((language) => language === base))[0] ?? 'en';
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
const LEFT_TO_RIGHT = /[A-Za-z\u00c0-\u024f\u0370-\u052f]/u;

function wordsIn(language: Language) {
  const all = CATALOGUES[language];
  // Made when something is counted first: the tables behind them take a part of the start.
  let rules: Intl.PluralRules | null = null;
  let numbers: Intl.NumberFormat | null = null;
  const count = (n: number, forms: Plural): string => {
    rules ??= new Intl.PluralRules(language);
    numbers ??= new Intl.NumberFormat(language);
    return (forms[rules.select(n)] ?? forms.other).replace('#', numbers.format(n));
  };
  const other = language === 'ar' ? LEFT_TO_RIGHT : RIGHT_TO_LEFT;
  // A name or a text of the other direction keeps its own order and leaves that of the sentence alone (UAX #9).
  const isolated = (text: string) => (other.test(text) ? `\u2068${text}\u2069` : text);
  const filled = (sentence: string, values: Record<string, string>): string =>
    sentence.replace(/\{(\w+)\}/g, (_whole, name: string) => isolated(values[name] ?? ''));
  const messages = (n: number) => count(n, all.newMessages);
  return {
    ...all,
    language,
    app: 'Matchbook',
    messages,
    trayUnread: (n: number) => `Matchbook: ${count(n, all.unreadMessages)}`,
    summary: (n: number, conversations: number) =>
      filled(all.summary, { messages: messages(n), conversations: count(conversations, all.conversations) }),
    /** Names of the conversations of a summary, as many as fit. */
    names: (names: readonly string[], more: number) => {
      const some = apart(names).join(all.comma);
      return more > 0 ? filled(all.namesAndOthers, { names: some, others: count(more, all.others) }) : some;
    },
    titleWithCount: (title: string, n: number) => `${isolated(title)} · ${messages(n)}`,
    /** A group without a name, by the names of others in it: not to be taken for a talk with one of them. */
    groupOf: (names: readonly string[], more: boolean) => {
      const [name] = names;
      if (name === undefined) return all.group;
      if (names.length === 1 && !more) return filled(all.groupWith, { name });
      return `${apart(names).join(all.comma)}${more ? ' …' : ''}`;
    },
    said: (sender: string, text: string) => filled(all.said, { sender, text }),
    test: { title: all.testTitle, body: all.testBody },
    cannotStart: ({ kind, folder, detail = '', holder = '' }: StartFault) =>
      filled(all.startFault[kind], { folder, detail, holder }),
    openHost: (host: string) => filled(all.dialog.openHost, { host }),
  };
}

export let words = wordsIn('en');

/** From now on. Who has words on the screen (menus, the tray) makes them anew; answers whether that is needed. */
export function speak(language: Language): boolean {
  if (words.language === language) return false;
  words = wordsIn(language);
  return true;
}
