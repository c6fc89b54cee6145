/** The menu on text: what one writes is corrected, cut and pasted, what one selected is copied. In the language of the person. */
import type { ContextMenuParams, MenuItemConstructorOptions } from 'electron';
import { words } from '../words/words.ts';

type Item = MenuItemConstructorOptions;
type Facts = Pick<
  ContextMenuParams,
  'isEditable' | 'selectionText' | 'misspelledWord' | 'dictionarySuggestions' | 'editFlags'
>;

/** Corrections that are offered. */
const SUGGESTED = 6;

export interface TextMenuActions {
  replace(word: string): void;
  learn(word: string): void;
}

/** Empty where there is nothing to be done: then nothing opens. */
export function textMenu(facts: Facts, { replace, learn }: TextMenuActions): Item[] {
  const { isEditable, selectionText, misspelledWord, dictionarySuggestions, editFlags } = facts;
  const { menu, spelling } = words;
  if (!isEditable)
    return selectionText.trim() === ''
      ? []
      : [{ role: 'copy', label: menu.copy, enabled: editFlags.canCopy }];
  const corrections: Item[] =
    misspelledWord === ''
      ? []
      : [
          ...(dictionarySuggestions.length > 0
            ? dictionarySuggestions
                .slice(0, SUGGESTED)
                .map((word): Item => ({ label: word, click: () => replace(word) }))
            : [{ label: spelling.none, enabled: false }]),
          { label: spelling.learn, click: () => learn(misspelledWord) },
          { type: 'separator' },
        ];
  return [
    ...corrections,
    { role: 'undo', label: menu.undo, enabled: editFlags.canUndo },
    { role: 'redo', label: menu.redo, enabled: editFlags.canRedo },
    { type: 'separator' },
    { role: 'cut', label: menu.cut, enabled: editFlags.canCut },
    { role: 'copy', label: menu.copy, enabled: editFlags.canCopy },
    { role: 'paste', label: menu.paste, enabled: editFlags.canPaste },
    { role: 'pasteAndMatchStyle', label: menu.pasteText, enabled: editFlags.canPaste },
    { role: 'selectAll', label: menu.selectAll, enabled: editFlags.canSelectAll },
  ];
}

/** Dictionaries of the languages that a person writes in: the window's own and those of the system, as far as there are some. */
export function spellingLanguages(
  language: string,
  system: readonly string[],
  available: readonly string[],
): string[] {
  const found = [language, ...system].flatMap((tag) => {
    const whole = available.find((one) => one.toLowerCase() === tag.toLowerCase());
    const base = available.find((one) => one.toLowerCase().split('-')[0] === tag.toLowerCase().split('-')[0]);
    return whole ?? base ?? [];
  });
  // The language of the window says no variety: the system's is the better one.
  return [...new Set(found)].slice(0, 3);
}
