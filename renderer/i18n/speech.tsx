/** The language that a window speaks: as the person chose, at once when they choose another, and with the direction of its script. */
import type { Language } from '@matchbook/protocol/bridge/preferences';
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react';
import { ENGLISH, type Speech, speechOf } from './languages.ts';
import { WordsProvider } from './words.tsx';

/** The speech to begin with; English where its words cannot be had. */
export async function firstSpeech(chosen: Language | 'system'): Promise<Speech> {
  try {
    return await speechOf(chosen, navigator.languages);
  } catch (error) {
    console.error(`language: ${error}`);
    return ENGLISH;
  }
}

export interface SpeechProviderProps {
  /** Already loaded: the first paint is in it. */
  first: Speech;
  chosen: Language | 'system';
  children: ReactNode;
}

export function SpeechProvider({ first, chosen, children }: SpeechProviderProps) {
  const [speech, setSpeech] = useState(first);
  useEffect(() => {
    let current = true;
    const load = () =>
      void firstSpeech(chosen).then((next) => {
        if (current) setSpeech(next);
      });
    load();
    // The system's languages may change too.
    window.addEventListener('languagechange', load);
    return () => {
      current = false;
      window.removeEventListener('languagechange', load);
    };
  }, [chosen]);
  useLayoutEffect(() => {
    document.documentElement.lang = speech.locale;
    document.documentElement.dir = speech.direction;
  }, [speech]);
  return <WordsProvider speech={speech}>{children}</WordsProvider>;
}
