/** The catalogue as React knows it. Words are English for now; dates and numbers follow it, so that a sentence is in one language. */
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { Failure } from '@matchbook/protocol/failures';
import { type ReactNode, useMemo } from 'react';
import { IntlProvider, useIntl } from 'react-intl';
import { english } from './english.ts';
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
  /** Short: the time today, the weekday this week, else the date. */
  short: (at: number, now: number) => string;
  /** With day and time. */
  moment: (at: number) => string;
  /** 22:00, of a minute of the day. */
  minutes: (minute: number) => string;
}

const DAY = 86_400_000;
/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
const [FIRST_STRONG_ISOLATE, POP_ISOLATE] = ['\u2068', '\u2069'];

/** A name or a text of the other direction keeps its own order and leaves that of our sentence alone (UAX #9). */
function isolated(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'string' && RIGHT_TO_LEFT.test(value)
        ? `${FIRST_STRONG_ISOLATE}${value}${POP_ISOLATE}`
        : value,
    ]),
  );
}

export function WordsProvider({ locale, children }: { locale: string; children: ReactNode }) {
  return (
    <IntlProvider locale={locale} defaultLocale="en" messages={english}>
      {children}
    </IntlProvider>
  );
}

/** The reader's own English (its dates and clock), or plain English. */
export const localeOf = (languages: readonly string[]): string =>
  languages.find((language) => /^en\b/i.test(language)) ?? 'en';

export function useWords(): Words {
  const intl = useIntl();
  return useMemo(() => {
    const say = (id: WordId, values?: Values) => intl.formatMessage({ id }, values && isolated(values));
    const time = (at: number) => intl.formatTime(at, { hour: 'numeric', minute: '2-digit' });
    return {
      say,
      failure: (failure) => {
        const id = `failure.${failure.kind}`;
        return say(isWord(id) ? id : 'failure.other', { message: failure.message });
      },
      time,
      minutes: (minute) =>
        intl.formatTime(Date.UTC(2024, 0, 7, 0, minute), {
          hour: 'numeric',
          minute: '2-digit',
          timeZone: 'UTC',
        }),
      clock: (at) => intl.formatTime(at, { hour: 'numeric', minute: '2-digit', second: '2-digit' }),
      day: (at, now) =>
        intl.formatDate(at, {
          weekday: 'long',
          day: 'numeric',
          month: 'long',
          ...(new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' }),
        }),
      short: (at, now) => {
        if (new Date(at).toDateString() === new Date(now).toDateString()) return time(at);
        return intl.formatDate(
          at,
          now - at < 6 * DAY ? { weekday: 'short' } : { day: 'numeric', month: 'short' },
        );
      },
      moment: (at) =>
        intl.formatDate(at, {
          weekday: 'long',
          day: 'numeric',
          month: 'long',
          hour: 'numeric',
          minute: '2-digit',
        }),
    };
  }, [intl]);
}
