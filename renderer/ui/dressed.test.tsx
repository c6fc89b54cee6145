import { DEFAULT_LOOK } from '@matchbook/protocol/bridge/choices';
import type { Preferences } from '@matchbook/protocol/bridge/preferences';
import { render, screen } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ENGLISH, speechOf } from '../i18n/languages.ts';
import { useWords } from '../i18n/words.tsx';
import { Dressed } from './dressed.tsx';

const page = document.documentElement;
afterEach(() => {
  page.removeAttribute('style');
  for (const name of Object.keys(page.dataset)) delete page.dataset[name];
});
beforeAll(async () => void (await Promise.all([speechOf('ar', []), speechOf('de', [])])));

function Sample() {
  const { say, list, ago, bytes, compare } = useWords();
  return (
    <>
      <p data-testid="words">{say('sidebar.unread', { count: 3 })}</p>
      <p data-testid="list">{list(['Ada', 'Bob', 'Cy'])}</p>
      <p data-testid="ago">{ago(0, 86_400_000)}</p>
      <p data-testid="bytes">{bytes(1_572_864)}</p>
      <p data-testid="sorted">{['Zeder', 'Ähre', 'Apfel 10', 'Apfel 9'].sort(compare).join()}</p>
    </>
  );
}

const dressed = (look: Partial<Preferences['appearance']>, language: Preferences['language']['language']) => (
  <Dressed
    first={ENGLISH}
    chosen={{ appearance: { ...DEFAULT_LOOK.appearance, ...look }, language: { language } }}
    system={['en']}
  >
    <Sample />
  </Dressed>
);

describe('a window', () => {
  it('looks as it was chosen, and otherwise as soon as that changes', () => {
    const { rerender } = render(dressed({ accent: 'sea', density: 'compact', fontSize: 120 }, 'en'));
    expect(page.dataset).toMatchObject({
      accent: 'sea',
      density: 'compact',
      contrast: 'usual',
      motion: 'usual',
    });
    expect(page.style.fontSize).toBe('120%');
    rerender(dressed({ contrast: 'more', motion: 'reduced' }, 'en'));
    expect(page.dataset).toMatchObject({ accent: 'ember', contrast: 'more', motion: 'reduced' });
    expect(page.style.fontSize).toBe('');
  });

  it('speaks another language at once, with its direction, numbers, lists and order', async () => {
    const { rerender } = render(dressed({}, 'en'));
    expect(screen.getByTestId('words').textContent).toBe('3 unread messages');
    rerender(dressed({}, 'de'));
    await expect.poll(() => screen.getByTestId('words').textContent).toBe('3 ungelesene Nachrichten');
    expect(screen.getByTestId('list').textContent).toBe('Ada, Bob und Cy');
    expect(screen.getByTestId('ago').textContent).toBe('gestern');
    expect(screen.getByTestId('bytes').textContent).toBe('1,5 MB');
    expect(screen.getByTestId('sorted').textContent).toBe('Ähre,Apfel 9,Apfel 10,Zeder');
    expect([page.lang, page.dir]).toEqual(['de', 'ltr']);
    rerender(dressed({}, 'ar'));
    await expect.poll(() => page.dir).toBe('rtl');
    expect(screen.getByTestId('words').textContent).toContain('رسائل غير مقروءة');
  });
});
