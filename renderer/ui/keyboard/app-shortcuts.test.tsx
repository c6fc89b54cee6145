import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ComponentBase } from '../base/component-base.tsx';
import { COMPOSER_ID } from '../composer/focus-composer.ts';
import { ACCOUNT, FakeBridge } from '../testing/fake-bridge.ts';
import { openWindow } from '../testing/window.tsx';
import { AppShortcuts } from './app-shortcuts.tsx';
import { useShortcut } from './use-shortcut.ts';

beforeAll(() => import('./shortcuts-dialog.tsx'));

async function opened(bridge = new FakeBridge(), more: React.ReactNode = null) {
  const window = await openWindow(
    bridge,
    <ComponentBase>
      <AppShortcuts />
      {more}
    </ComponentBase>,
    render,
  );
  return { bridge, ...window };
}

function Hears({ run }: { run: Parameters<typeof useShortcut>[1] }) {
  useShortcut('searchEverywhere', run);
  return null;
}

describe('keys of the whole window', () => {
  it('the list of shortcuts comes and goes by its key, and names every group', async () => {
    await opened();
    await userEvent.keyboard('{Control>}/{/Control}');
    await screen.findByTestId('shortcuts-dialog');
    expect(screen.getAllByRole('heading', { level: 3 }).length).toBe(4);
    await userEvent.keyboard('{Control>}/{/Control}');
    await expect.poll(() => screen.queryByTestId('shortcuts-dialog')).toBeNull();
  });

  it('go through the conversations in the order of the list, and to the next unread one', async () => {
    const bridge = new FakeBridge({ convs: ['bob', 'cy', 'dee'] });
    bridge.conversations[2]!.unread = 4;
    const { store } = await opened(bridge);
    await expect.poll(() => store.state.getState().open?.conv).toBe('bob');
    await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}');
    expect(store.state.getState().open?.conv).toBe('cy');
    await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
    await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
    expect(store.state.getState().open?.conv).toBe('bob');
    await userEvent.keyboard('{Alt>}{Shift>}{ArrowDown}{/Shift}{/Alt}');
    expect(store.state.getState().open?.conv).toBe('dee');
    // What is new comes up above what is read: the list is gone round.
    const [bob, ...others] = bridge.conversations;
    bridge.conversations = [{ ...bob!, unread: 2 }, ...others.map((row) => ({ ...row, unread: 0 }))];
    bridge.emit('rows.changed', { account: ACCOUNT, convs: [], list: true });
    await expect.poll(() => store.state.getState().conversations[ACCOUNT]?.[0]?.unread).toBe(2);
    await userEvent.keyboard('{Alt>}{Shift>}{ArrowDown}{/Shift}{/Alt}');
    expect(store.state.getState().open?.conv).toBe('bob');
  });

  it('is written where one writes, while nothing else has the focus; not by a blank, and not behind a dialog', async () => {
    await opened(new FakeBridge(), <textarea id={COMPOSER_ID} data-testid="field" />);
    const field = screen.getByTestId<HTMLTextAreaElement>('field');
    await userEvent.keyboard(' {Escape}{Control>}x{/Control}');
    expect(document.activeElement).toBe(document.body);
    await userEvent.keyboard('so é');
    expect(field.value).toBe('so é');
    field.blur();
    await userEvent.keyboard('{Control>}/{/Control}');
    await screen.findByTestId('shortcuts-dialog');
    await userEvent.keyboard('x');
    expect(field.value).toBe('so é');
  });

  it('is written there too from what takes no letter: a button, a message, a pane, and from beside a thread in answer to it', async () => {
    const answers = vi.fn(() => screen.getByTestId('field').focus());
    const places = (
      <>
        <textarea id={COMPOSER_ID} data-testid="field" />
        <article className="message" tabIndex={-1} />
        <button type="button">Group</button>
        <button type="button" role="combobox" aria-expanded={false} aria-controls="none">
          From whom
        </button>
        <input aria-label="Name" />
        <aside className="info" tabIndex={-1} />
        <aside className="shelf" tabIndex={-1}>
          <button type="button" data-begins-answer onClick={answers}>
            Answer
          </button>
        </aside>
        <div className="floating">
          <button type="button">Wave</button>
        </div>
      </>
    );
    await opened(new FakeBridge(), places);
    const field = screen.getByTestId<HTMLTextAreaElement>('field');
    const written = async (place: HTMLElement) => {
      field.value = '';
      place.focus();
      expect(document.activeElement).toBe(place);
      await userEvent.keyboard('so');
      return field.value;
    };
    const button = (name: string) => screen.getByRole('button', { name });
    for (const place of ['article.message', 'aside.info'])
      expect(await written(document.querySelector<HTMLElement>(place)!), place).toBe('so');
    expect(await written(button('Group'))).toBe('so');
    expect(answers).not.toHaveBeenCalled();
    expect(await written(document.querySelector<HTMLElement>('aside.shelf')!)).toBe('so');
    expect(answers).toHaveBeenCalledTimes(1);
    for (const own of [screen.getByRole('combobox'), screen.getByLabelText('Name'), button('Wave')])
      expect(await written(own)).toBe('');
  });

  it('who came last is asked first, and passes on what does not concern it', async () => {
    const [first, last] = [vi.fn(), vi.fn(() => false as const)];
    await opened(
      new FakeBridge(),
      <>
        <Hears run={first} />
        <Hears run={last} />
      </>,
    );
    await userEvent.keyboard('{Control>}{Shift>}f{/Shift}{/Control}');
    expect([first.mock.calls.length, last.mock.calls.length]).toEqual([1, 1]);
  });

  it('what the menu bar says is done too; about and licences have a place in the settings', async () => {
    const { bridge, store } = await opened();
    bridge.emit('shortcut.chosen', { id: 'zoomIn' });
    expect(bridge.asked('window.zoom')).toEqual([{ by: 'in' }]);
    bridge.emit('shortcut.chosen', { id: 'licences' });
    expect(store.preferences.state.getState()).toMatchObject({
      open: true,
      place: { room: 'about', setting: 'licences' },
    });
  });

  it.each([
    { beside: false, round: ['row', 'c', 'field'] },
    { beside: true, round: ['row', 'c', 'field', 'beside'] },
  ])(
    'goes round the parts of the window both ways, and through the messages by arrows: beside $beside',
    async ({ beside, round }) => {
      await opened(
        new FakeBridge(),
        <>
          <nav className="sidebar">
            <ul className="conversations">
              <li>
                <button type="button" aria-current="true" data-testid="row" />
              </li>
            </ul>
            <aside>
              <button type="button" data-testid="notice" />
            </aside>
          </nav>
          {['a', 'b', 'c'].map((id) => (
            <article key={id} className="message" tabIndex={-1} data-testid={id} />
          ))}
          <form className="composer">
            <textarea id={COMPOSER_ID} data-testid="field" />
          </form>
          {beside && (
            <aside className="info">
              <button type="button" disabled data-testid="disabled" />
              <button type="button" data-testid="beside" />
            </aside>
          )}
        </>,
      );
      const at = () => document.activeElement?.getAttribute('data-testid');
      const press = async (key: string) => {
        await userEvent.keyboard(`{${key}}`);
        await new Promise((resolve) => requestAnimationFrame(resolve));
        return at();
      };
      const around = async (key: string) => {
        const seen = [];
        for (const _ of round) seen.push(await press(key));
        return seen;
      };
      expect(await around('F6')).toEqual(round);
      // From the last one on: the one before it, and so on to the last again.
      const back = [...round.slice(0, -1).reverse(), round.at(-1)];
      expect(await around('Shift>}{F6}{/Shift')).toEqual(back);
      expect([await press('F6'), await press('F6')]).toEqual(['row', 'c']);
      expect([await press('ArrowUp'), await press('ArrowUp'), await press('ArrowUp')]).toEqual([
        'b',
        'a',
        'a',
      ]);
      expect([await press('End'), await press('Home')]).toEqual(['c', 'a']);
      await press('End');
      expect(await press('ArrowDown')).toBe('field');
      expect(await press('F6')).toBe(beside ? 'beside' : 'row');
    },
  );
});
