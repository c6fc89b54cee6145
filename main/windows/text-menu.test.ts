import { describe, expect, it } from 'vitest';
import { spellingLanguages, textMenu } from './text-menu.ts';

const flags = {
  ...{ canUndo: true, canRedo: false, canCut: true, canCopy: true, canPaste: true, canDelete: true },
  ...{ canSelectAll: true, canEditRichly: false },
};
const facts = {
  ...{ isEditable: true, selectionText: '', misspelledWord: '', dictionarySuggestions: [] as string[] },
  editFlags: flags,
};

describe('the menu on text', () => {
  it('corrects a word that is spelt wrong, and learns it', () => {
    const done: string[] = [];
    const items = textMenu(
      { ...facts, misspelledWord: 'teh', dictionarySuggestions: ['the', 'tea'] },
      { replace: (word) => done.push(`replace ${word}`), learn: (word) => done.push(`learn ${word}`) },
    );
    expect(items.slice(0, 2).map(({ label }) => label)).toEqual(['the', 'tea']);
    for (const item of items.slice(0, 3)) (item.click as unknown as (() => void) | undefined)?.();
    expect(done).toEqual(['replace the', 'replace tea', 'learn teh']);
  });

  it('says where there is no suggestion, and pastes as text', () => {
    const items = textMenu({ ...facts, misspelledWord: 'xqzt' }, { replace: () => {}, learn: () => {} });
    expect(items[0]).toMatchObject({ enabled: false });
    expect(items.map(({ role }) => role)).toContain('pasteAndMatchStyle');
  });

  it('copies what is selected, and opens nowhere else', () => {
    const none = { replace: () => {}, learn: () => {} };
    expect(textMenu({ ...facts, isEditable: false }, none)).toEqual([]);
    expect(textMenu({ ...facts, isEditable: false, selectionText: 'x' }, none)).toMatchObject([
      { role: 'copy' },
    ]);
  });

  it('spells in the languages of the person, as far as there are dictionaries', () => {
    const available = ['de', 'en-GB', 'en-US', 'fr'];
    expect(spellingLanguages('de', ['de-AT', 'en-GB', 'tlh'], available)).toEqual(['de', 'en-GB']);
    expect(spellingLanguages('ja', [], available)).toEqual([]);
  });
});
