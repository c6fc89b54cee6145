/** The catalogue as React knows it. Dates, numbers, lists and sorting follow the language of the words, so that a sentence is in one language. */
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { Failure } from '@matchbook/protocol/failures';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { IntlProvider, type IntlShape, useIntl } from 'react-intl';
import { english } from './english.ts';
import { type Direction, ENGLISH, type Speech } from './languages.ts';
import { isWord, type WordId } from './word-id.ts';

type Values = Record<string, string | number>;

export interface Words {
  say: (id: WordId, values?: Values) => string;
  /** What a failure means for the person. */
  failure: (failure: Failure | LocalFailure) => string;
  /** 14:05 */
  time: (at: number) => string;
  /** 14:05:31 */
  clock: (at: number) => string;
  /** Monday, 3 March, with the year where it is not this one. */
  day: (at: number, now: number) => string;
  /** March 2026. */
  month: (at: number) => string;
  /** Short: the time today, the weekday this week, else the date. */
  short: (at: number, now: number) => string;
  /** With day and time. */
  moment: (at: number) => string;
  /** The same with the year, to the second. */
  exact: (at: number) => string;
  /** 22:00, of a minute of the day. */
  minutes: (minute: number) => string;
  /** 5 minutes ago, yesterday, in 2 days: in the largest unit that fits. */
  ago: (at: number, now: number) => string;
  /** Ada, Bob and Cy. */
  list: (names: readonly string[]) => string;
  /** 1,024; of bytes: 1.5 GB. */
  number: (value: number) => string;
  bytes: (bytes: number) => string;
  /** For sorting by name, as readers of this language expect it; digits by their value. */
  compare: (a: string, b: string) => number;
  direction: Direction;
}

const DAY = 86_400_000;
/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
const LEFT_TO_RIGHT = /[A-Za-z\u00c0-\u024f\u0370-\u052f]/u;
const [FIRST_STRONG_ISOLATE, POP_ISOLATE] = ['\u2068', '\u2069'];

/** A name or a text of the other direction keeps its own order and leaves that of our sentence alone (UAX #9). */
function isolated(values: Values, within: Direction): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'string' ? isolate(value, within) : value,
    ]),
  );
}

const isolate = (text: string, within: Direction = 'ltr'): string =>
  (within === 'ltr' ? RIGHT_TO_LEFT : LEFT_TO_RIGHT).test(text)
    ? `${FIRST_STRONG_ISOLATE}${text}${POP_ISOLATE}`
    : text;

const SpeechContext = createContext<Speech>(ENGLISH);
export const useSpeech = (): Speech => useContext(SpeechContext);

/** @param locale of plain English, where no `speech` is given */
export function WordsProvider(props: { locale?: string; speech?: Speech; children: ReactNode }) {
  const { locale = 'en', speech, children } = props;
  const spoken = useMemo(() => speech ?? { ...ENGLISH, locale }, [speech, locale]);
  // What a language misses yet is said in English.
  const messages = useMemo(() => ({ ...english, ...spoken.catalogue }), [spoken]);
  return (
    <SpeechContext value={spoken}>
      <IntlProvider locale={spoken.locale} defaultLocale="en" messages={messages}>
        {children}
      </IntlProvider>
    </SpeechContext>
  );
}

/** Fields that a server names, as the sentences about them know them. */
const FIELDS: Record<string, string> = { q: 'query', next: 'password', 'body.text': 'none' };
/** What is wrong with these is that there are too many, where the failure names the limit. */
const PEOPLE = new Set(['members', 'users']);

/** Largest first; ms. */
const SPANS = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['day', DAY],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;
/** How rows say when something was. */
const IN_ROWS = {
  time: { hour: 'numeric', minute: '2-digit' },
  weekday: { weekday: 'short' },
  date: { day: 'numeric', month: 'short' },
  dateOfYear: { day: 'numeric', month: 'numeric', year: '2-digit' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Made once for a language, not once for each component that says something: a timeline has hundreds, and a collator is dear. */
const made = new WeakMap<IntlShape, Words>();

export function useWords(): Words {
  const intl = useIntl();
  const { direction } = useSpeech();
  let words = made.get(intl);
  if (words?.direction !== direction) {
    words = wordsOf(intl, direction);
    made.set(intl, words);
  }
  return words;
}

const ofYear = (at: number, now: number): boolean =>
  new Date(at).getFullYear() === new Date(now).getFullYear();

/** In a sentence that breaks, a time and its half of the day stay together. */
export const unbroken = (parts: readonly Intl.DateTimeFormatPart[]): string =>
  parts
    .map(({ value }, i) =>
      value === ' ' && [parts[i - 1], parts[i + 1]].some((part) => part?.type === 'dayPeriod')
        ? '\u00a0'
        : value,
    )
    .join('');

function wordsOf(intl: IntlShape, direction: Direction): Words {
  const collator = new Intl.Collator(intl.locale, { numeric: true, sensitivity: 'base' });
  const say = (id: WordId, values?: Values) =>
    intl.formatMessage({ id }, values && isolated(values, direction));
  // Said in every row: the library would look for its maker by all of its options each time. Made when first asked for.
  const makers = new Map<object, Intl.DateTimeFormat>();
  // What comes together was said in the same minute, and none of these is more exact.
  const minutes = new Map<object, { minute: number; words: string }>();
  const dated = (at: number, how: Intl.DateTimeFormatOptions) => {
    const minute = Math.floor(at / 60_000);
    const last = minutes.get(how);
    if (last?.minute === minute) return last.words;
    let maker = makers.get(how);
    if (!maker) {
      const zone = intl.timeZone === undefined ? {} : { timeZone: intl.timeZone };
      maker = intl.formatters.getDateTimeFormat(intl.locale, { ...how, ...zone });
      makers.set(how, maker);
    }
    const words = unbroken(maker.formatToParts(at));
    minutes.set(how, { minute, words });
    return words;
  };
  const time = (at: number) => dated(at, IN_ROWS.time);
  const bytes = (count: number) => {
    const step = count < 1 ? 0 : Math.min(Math.floor(Math.log2(count) / 10), SIZES.length - 1);
    const unit = SIZES[step]!;
    return intl.formatNumber(count / 1_024 ** step, {
      ...{
        style: 'unit',
        unit,
        unitDisplay: step === 0 ? 'long' : 'short',
        maximumFractionDigits: step > 1 ? 1 : 0,
      },
    });
  };
  return {
    say,
    failure: ({ kind, message, field, limit, retryAfter }) => {
      const id = `failure.${kind}`;
      const told = isolated({ message, ...(limit === undefined ? {} : { size: bytes(limit) }) }, direction);
      // What a sentence chooses by stays as it is.
      const of = field === undefined ? 'none' : (FIELDS[field] ?? field);
      const people = PEOPLE.has(of) && limit !== undefined;
      const chosen = { size: 'none', field: people ? 'members' : PEOPLE.has(of) ? 'none' : of, limit };
      const wait = Math.ceil(retryAfter ?? 0);
      return intl.formatMessage({ id: isWord(id) ? id : 'failure.other' }, { ...chosen, ...told, wait });
    },
    time,
    minutes: (minute) =>
      unbroken(
        intl.formatTimeToParts(Date.UTC(2024, 0, 7, 0, minute), {
          hour: 'numeric',
          minute: '2-digit',
          timeZone: 'UTC',
        }),
      ),
    clock: (at) =>
      unbroken(intl.formatTimeToParts(at, { hour: 'numeric', minute: '2-digit', second: '2-digit' })),
    day: (at, now) =>
      intl.formatDate(at, {
        weekday: 'long',
        day: 'numeric',
        month: 'long',
        ...(ofYear(at, now) ? {} : { year: 'numeric' }),
      }),
    month: (at) => intl.formatDate(at, { month: 'long', year: 'numeric' }),
    short: (at, now) => {
      if (new Date(at).toDateString() === new Date(now).toDateString()) return time(at);
      // A clock that is behind finds messages of days to come: their weekday would be taken for the last one of that name.
      if (now - at < 6 * DAY && at - now < DAY) return dated(at, IN_ROWS.weekday);
      return dated(at, ofYear(at, now) ? IN_ROWS.date : IN_ROWS.dateOfYear);
    },
    moment: (at) =>
      unbroken(
        intl.formatDateToParts(at, {
          weekday: 'long',
          day: 'numeric',
          month: 'long',
          ...(ofYear(at, Date.now()) ? {} : { year: 'numeric' }),
          hour: 'numeric',
          minute: '2-digit',
        }),
      ),
    exact: (at) =>
      unbroken(
        intl.formatDateToParts(at, {
          ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
          ...{ hour: 'numeric', minute: '2-digit', second: '2-digit' },
        }),
      ),
    ago: (at, now) => {
      const past = at - now;
      const [unit, span] =
        SPANS.find(([, length]) => Math.abs(past) >= length) ?? (['second', 1_000] as const);
      return intl.formatRelativeTime(unit === 'second' ? 0 : Math.trunc(past / span), unit, {
        numeric: 'auto',
      });
    },
    list: (names) => intl.formatList(names.map((name) => isolate(name, direction))),
    number: (value) => intl.formatNumber(value),
    bytes,
    compare: (a, b) => collator.compare(a, b),
    direction,
  };
}
