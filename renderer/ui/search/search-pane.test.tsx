import type { SearchPage } from '@matchbook/protocol/http/history';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { expect, it } from 'vitest';
import { WordsProvider } from '../../i18n/words.tsx';
import { App } from '../app.tsx';
import { ACCOUNT, FakeBridge, refused } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { StoreContext } from '../use-store.ts';
import { ComingSearch } from './search-door.tsx';
import SearchPane from './search-pane.tsx';

const hit = (conv: string, n: number): SearchPage['items'][number] => ({
  ...{ conv, n, sender: 'bob', time: 1_700_000_000_000 + n, text: `**lake** ${n}`, marks: [[2, 6]] },
  cut: { before: false, after: false },
});

async function searching(hits = [hit('bob', 9), hit('cy', 5), hit('bob', 2)]) {
  const bridge = new FakeBridge();
  const page = { items: hits, total: hits.length, more: false, next: null };
  const coverage = { complete: true, from: null, waiting: 0, missing: 0 };
  bridge.answers['search.local'] = () => ({ ok: true, value: { ...page, coverage } });
  bridge.answers['search.server'] = () => refused('server_unreachable');
  bridge.answers['people.list'] = () => ({
    ok: true,
    value: [
      { user: 'bob', name: 'Bob Marlow', avatar: null },
      { user: 'anne', name: 'Anne Bell', avatar: null },
      { user: 'anna', name: 'Anna Lee', avatar: null },
    ],
  });
  await openWindow(bridge, <App />, render);
  await userEvent.keyboard('{Control>}{Shift>}f{/Shift}{/Control}');
  const field = await screen.findByTestId<HTMLInputElement>('search-input', {}, { timeout: 20_000 });
  await waitFor(() => expect(bridge.asked('people.list')).not.toHaveLength(0));
  const asked = () => bridge.asked('search.local').at(-1)?.q;
  const chips = () => screen.queryAllByTestId('search-chip').map((chip) => chip.textContent);
  return { bridge, field, asked, chips };
}

it('completes filters that are typed, by keys alone, and shows them as chips that Backspace removes', async () => {
  const { field, asked, chips } = await searching();
  await userEvent.type(field, 'from:ann');
  const list = await screen.findByTestId('search-completion');
  expect(
    within(list)
      .getAllByRole('option')
      .map((one) => one.textContent),
  ).toEqual(['Anna Lee', 'Anne Bell']);
  expect(field.getAttribute('aria-activedescendant')).toBe(within(list).getAllByRole('option')[0]!.id);
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(field.value).toBe('');
  expect(chips()).toEqual(['From Anne Bell']);
  await userEvent.paste('in:name of c');
  await userEvent.keyboard('{Tab}');
  expect(chips()).toEqual(['In Name of cy', 'From Anne Bell']);
  // Written out whole, a blank is enough: whom it can mean alone, a day, files.
  for (const words of ['from:bob', 'after:2026-01-31', 'has:file']) {
    await userEvent.paste(words);
    await userEvent.keyboard(' ');
  }
  await userEvent.paste('lake');
  await waitFor(() => expect(asked()).toBe('lake from:anne from:bob in:cy has:file after:2026-01-31'));
  expect(field.value).toBe('lake');
  await userEvent.clear(field);
  await userEvent.keyboard('{Backspace}{Backspace}{Backspace}');
  expect(chips()).toEqual(['In Name of cy', 'From Anne Bell']);
  await userEvent.keyboard('{Backspace}{Backspace}{Backspace}');
  expect(chips()).toEqual([]);
  // Escape closes the list first, the search then.
  await userEvent.type(field, 'from:a');
  await screen.findByTestId('search-completion');
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByTestId('search-completion')).toBeNull();
  expect(screen.getByTestId('search')).toBeTruthy();
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByTestId('search')).toBeNull();
});

it('offers days for before: and after:, and asks for nothing while a filter is only begun', async () => {
  const { field, bridge, chips } = await searching();
  // All at once: whoever pauses within the word has searched for what is written of it.
  await userEvent.click(field);
  await userEvent.paste('before:');
  const list = await screen.findByTestId('search-completion');
  expect(within(list).getAllByRole('option')[1]!.textContent).toMatch(/\d{4}-\d\d-\d\dyesterday/);
  await userEvent.keyboard('{Enter}');
  expect(chips()[0]).toMatch(/^Before \d{4}/);
  await waitFor(() => expect(bridge.asked('search.local')).not.toEqual([]));
  for (const { q } of bridge.asked('search.local')) expect(q).toMatch(/^before:\d{4}/);
});

it('goes from hit to hit by Enter, by keys from anywhere, and by buttons, and says where one is', async () => {
  const { field, bridge } = await searching();
  await userEvent.type(field, 'lake');
  const [first] = await screen.findAllByTestId('search-hit');
  expect(first!.textContent).toMatch(/lake \d/);
  expect(first!.querySelector('mark')?.textContent).toBe('lake');
  const total = () => screen.getByTestId('search-total').textContent;
  await waitFor(() => expect(total()).toBe('3 messages'));
  const heading = (name: string) => screen.findByRole('heading', { name, level: 1 });
  await userEvent.keyboard('{Enter}');
  expect(total()).toBe('1 of 3');
  await heading('Name of bob');
  await userEvent.keyboard('{Control>}g{/Control}');
  expect(total()).toBe('2 of 3');
  await heading('Name of cy');
  await userEvent.click(screen.getByTestId('search-older'));
  expect(total()).toBe('3 of 3');
  expect(screen.getAllByTestId('search-hit').map((one) => one.getAttribute('aria-current'))).toEqual([
    null,
    null,
    'true',
  ]);
  expect(screen.getByTestId<HTMLButtonElement>('search-older').disabled).toBe(true);
  await userEvent.keyboard('{Control>}{Shift>}g{/Shift}{/Control}');
  expect(total()).toBe('2 of 3');
  await waitFor(() => expect(bridge.asked('timeline.page').at(-1)).toMatchObject({ conv: 'cy' }));
});

it('names a filter that stands for nothing above the hits too', async () => {
  const { field } = await searching();
  await userEvent.type(field, 'has:pizza lake');
  await screen.findAllByTestId('search-hit');
  expect(screen.getByTestId('search-misread').textContent).toContain('not “pizza”');
});

it('says that nothing was found and what that covers, and what went wrong where nobody answers', async () => {
  const { field, bridge } = await searching([]);
  await userEvent.type(field, 'lake');
  expect((await screen.findByTestId('search-none')).textContent).toContain('fewer words');
  expect(screen.getByTestId('search-coverage').textContent).toMatch(
    /server was not searched.*This device: everything/,
  );
  bridge.answers['search.local'] = () => refused('store_failed', 'disk');
  await userEvent.type(field, ' x');
  await waitFor(() => expect(screen.getByTestId('search-total').textContent).not.toBe('Nothing found'));
  expect(screen.queryByTestId('search-none')).toBeNull();
});

it('names the limit of a search that is too long with its filters, and asks nobody: the filters would be cut off', async () => {
  const { bridge, field, asked } = await searching();
  fireEvent.change(field, { target: { value: `${'lake '.repeat(78)}in:cy ` } });
  await waitFor(() => expect(asked()).toMatch(/lake in:cy$/));
  const before = bridge.asked('search.local').length;
  fireEvent.change(field, { target: { value: 'lake '.repeat(81) } });
  expect((await screen.findByTestId('search-over')).textContent).toContain('400');
  expect(screen.getByTestId('search-over').textContent).toContain('10 are');
  expect(screen.queryByTestId('search-total')).toBeNull();
  expect(bridge.asked('search.local')).toHaveLength(before);
  fireEvent.change(field, { target: { value: 'lake' } });
  await waitFor(() => expect(asked()).toBe('lake in:cy'));
  expect(screen.queryByTestId('search-over')).toBeNull();
});

it('searches its own conversation in a window of one, and no other', async () => {
  const bridge = new FakeBridge();
  bridge.answers['search.local'] = () => refused('store_failed');
  bridge.answers['search.server'] = () => refused('server_unreachable');
  const only = { account: ACCOUNT, conv: 'bob' };
  await openWindow(bridge, <App only={only} />, render, only);
  await userEvent.keyboard('{Control>}{Shift>}f{/Shift}{/Control}');
  const field = await screen.findByTestId('search-input', {}, { timeout: 20_000 });
  await userEvent.type(field, '{Backspace}lake');
  await waitFor(() => expect(bridge.asked('search.local').at(-1)).toMatchObject({ q: 'lake in:bob' }));
  expect(screen.queryByTestId('search-chip')).toBeNull();
});

it('closed, leaves the focus where it was before it was opened', async () => {
  const { field } = await searching();
  const composer = screen.getByTestId('composer');
  await userEvent.type(field, 'lake');
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(document.activeElement).toBe(composer));
  screen.getByTestId('search-open').focus();
  await userEvent.keyboard('{Enter}');
  await userEvent.click(await screen.findByTestId('search-close'));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('search-open')));
});

it('has what was typed before it was loaded, and goes on after it; Escape leaves it', async () => {
  const bridge = new FakeBridge();
  bridge.answers['search.local'] = () => refused('store_failed');
  bridge.answers['search.server'] = () => refused('server_unreachable');
  const { store, rerender } = await openWindow(bridge, <textarea data-testid="writing" />, render);
  const writing = screen.getByTestId('writing');
  const shown = (children: ReactNode) =>
    rerender(
      <WordsProvider locale="en">
        <StoreContext value={store}>
          <textarea data-testid="writing" />
          {children}
        </StoreContext>
      </WordsProvider>,
    );
  act(() => writing.focus());
  store.finder.open(ACCOUNT, 'bob');
  shown(<ComingSearch />);
  // False: it is written nowhere else.
  for (const key of [...'lax', 'Backspace', ...'ke']) expect(fireEvent.keyDown(writing, { key })).toBe(false);
  expect(fireEvent.keyDown(writing, { key: 'a', ctrlKey: true })).toBe(true);
  fireEvent.keyDown(writing, { key: 'Enter' });
  expect(bridge.asked('search.local')).toMatchObject([{ q: 'lake in:bob' }]);
  shown(<SearchPane account={ACCOUNT} />);
  const field = screen.getByTestId<HTMLInputElement>('search-input');
  field.focus();
  await userEvent.keyboard('s');
  expect(field.value).toBe('lakes');
  act(() => store.finder.close());
  act(() => store.finder.open(ACCOUNT, null));
  shown(<ComingSearch />);
  fireEvent.keyDown(writing, { key: 'Escape' });
  expect(store.finder.state.getState().account).toBeNull();
});

it('takes a filter that is whole by Enter, and says which one stands for nothing', async () => {
  const { field, asked, chips } = await searching([]);
  await userEvent.type(field, 'before:2020-01-01{Enter}');
  expect(chips()).toEqual([expect.stringContaining('2020')]);
  await waitFor(() => expect(asked()).toBe('before:2020-01-01'));
  // No question yet, and so no answer either.
  await userEvent.keyboard('{Backspace}');
  await userEvent.type(field, 'after:yesteryear');
  expect((await screen.findByTestId('search-misread')).textContent).toContain('“yesteryear” is no day');
  await userEvent.type(field, ' has:pizza has:pizza ');
  const [day, kind] = ['“yesteryear” is no day', 'not “pizza”'];
  await waitFor(() =>
    expect([...screen.getByTestId('search-misread').children].map((one) => one.textContent)).toEqual([
      ...[expect.stringContaining(day), expect.stringContaining(kind)],
    ]),
  );
  for (const [typed, words] of [
    ['has:pizza lake', 'not “pizza”'],
    ['from:"Zoe B" lake', 'Nobody that you know here is called “Zoe B”.'],
    ['in:nowhere lake', 'called “nowhere”'],
  ] as const) {
    await userEvent.clear(field);
    await userEvent.type(field, typed);
    await waitFor(() => expect(screen.getByTestId('search-misread').textContent).toContain(words));
    expect(screen.queryByTestId('search-none')).toBeNull();
  }
  await userEvent.clear(field);
  await userEvent.type(field, 'lake');
  expect((await screen.findByTestId('search-none')).textContent).toContain('Try fewer words');
  expect(screen.queryByTestId('search-misread')).toBeNull();
});
