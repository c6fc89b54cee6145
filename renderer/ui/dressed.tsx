/** A window as the person wants it: colours, sizes, motion and language, at once when they choose otherwise. */
import type { AppearancePreferences, Preferences } from '@matchbook/protocol/bridge/preferences';
import { type ReactNode, useEffect, useLayoutEffect } from 'react';
import type { Speech } from '../i18n/languages.ts';
import { SpeechProvider } from '../i18n/speech.tsx';
import { ComponentBase } from './base/component-base.tsx';

const MORE_CONTRAST = '(prefers-contrast: more)';
const LESS_MOTION = '(prefers-reduced-motion: reduce)';

/** Attributes that tokens.css reads. What the person has left to the system is asked of the system. */
function dress(root: HTMLElement, appearance: AppearancePreferences): void {
  const { accent, density, contrast, motion, fontSize, listWidth } = appearance;
  root.dataset.accent = accent;
  root.dataset.density = density;
  root.dataset.contrast = contrast === 'more' || matchMedia(MORE_CONTRAST).matches ? 'more' : 'usual';
  root.dataset.motion = motion === 'reduced' || matchMedia(LESS_MOTION).matches ? 'reduced' : 'usual';
  // Everything is measured in rem.
  root.style.fontSize = fontSize === 100 ? '' : `${fontSize}%`;
  setListWidth(root, listWidth);
}

/** @param width px at the usual size of text; 0: what fits the window */
export function setListWidth(root: HTMLElement, width: number): void {
  if (width === 0) root.style.removeProperty('--list-chosen');
  else root.style.setProperty('--list-chosen', `${width / 16}rem`);
}

export interface DressedProps {
  /** What the first paint is in. */
  first: Speech;
  chosen: Pick<Preferences, 'appearance' | 'language'>;
  /** Languages that the system prefers, best first. */
  system: readonly string[];
  children: ReactNode;
}

export function Dressed({ first, chosen, system, children }: DressedProps) {
  const { appearance, language } = chosen;
  useLayoutEffect(() => dress(document.documentElement, appearance), [appearance]);
  useEffect(() => {
    const queries = [MORE_CONTRAST, LESS_MOTION].map((query) => matchMedia(query));
    const again = () => dress(document.documentElement, appearance);
    for (const query of queries) query.addEventListener('change', again);
    return () => {
      for (const query of queries) query.removeEventListener('change', again);
    };
  }, [appearance]);
  return (
    <SpeechProvider first={first} chosen={language.language} system={system}>
      <ComponentBase>{children}</ComponentBase>
    </SpeechProvider>
  );
}
