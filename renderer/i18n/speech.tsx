/** The language that a window speaks: as the person chose, at once when they choose another, and with the direction of its script. */
import type { Language } from '@matchbook/protocol/bridge/preferences';
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react';
import { ENGLISH, type Speech, speechOf } from './languages.ts';
import { WordsProvider } from './words.tsx';

/** The speech to begin with; English where its words cannot be had. */
export async function firstSpeech(chosen: Language | 'system', system: readonly string[]): Promise<Speech> {
  try {
    return await speechOf(chosen, system);
  } catch (error) {
    console.error(`language: ${error}`);
    return ENGLISH;
  }
}

export interface SpeechProviderProps {
  /** Already loaded: the first paint is in it. */
  first: Speech;
  chosen: Language | 'system';
  /** What the system prefers, best first. */
  system: readonly string[];
  children: ReactNode;
}

export function SpeechProvider({ first, chosen, system, children }: SpeechProviderProps) {
  const [speech, setSpeech] = useState(first);
  // Each answer of main is another list of the same languages.
  const preferred = system.join(' ');
  useEffect(() => {
    let current = true;
    void firstSpeech(chosen, preferred.split(' ')).then((next) => {
      if (current) setSpeech(next);
    });
    return () => {
      current = false;
    };
  }, [chosen, preferred]);
  useLayoutEffect(() => {
    document.documentElement.lang = speech.locale;
    document.documentElement.dir = speech.direction;
  }, [speech]);
  return <WordsProvider speech={speech}>{children}</WordsProvider>;
}
